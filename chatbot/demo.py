"""`commit-digest demo`: no key, no server; the digest of a repository on the terminal and as files under out/."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from chatbot.options import Format
from chatbot.output import pieces, print_digest, write_file
from chatbot.report import ReportOptions, exit_code, making_shown, request_of
from workers.model import Language
from workers.words import Words

OUT = Path("out")
FORMS: dict[Format, str] = {"markdown": "md", "json": "json", "html": "html"}


def demo(source: str | None, language: Language | None, person: Words) -> int:
    """Makes the digest of the last day of a repository that has commits (None: of the folder we are in)."""
    options = ReportOptions(source=source or ".", language=language, judge="offline")
    with making_shown(request_of(options, person.language, datetime.now(UTC)), person) as made:
        digest = made.digest
        print_digest(digest, "terminal")
        for form, ending in FORMS.items():
            path = OUT / f"digest.{ending}"
            write_file(pieces(digest, form), path)
            click.echo(person("cli.written", path=path), err=True)
        return exit_code(digest)
