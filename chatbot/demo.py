"""`commit-digest demo`: no key, no server; the digest of a repository on the terminal and as files under out/."""

from __future__ import annotations

from pathlib import Path

import click

from chatbot.options import Format
from chatbot.output import print_digest, write_file, written
from chatbot.report import ReportOptions, exit_code, make_shown
from workers.model import Language
from workers.words import Words

OUT = Path("out")
FORMS: dict[Format, str] = {"markdown": "md", "json": "json", "html": "html"}


def demo(source: str | None, language: Language | None, person: Words) -> int:
    """Makes the digest of the last day of a repository that has commits (None: of the folder we are in)."""
    options = ReportOptions(source=source or ".", language=language, judge="offline")
    digest = make_shown(options, person)
    print_digest(digest, "terminal")
    for form, ending in FORMS.items():
        path = OUT / f"digest.{ending}"
        write_file(written(digest, form), path)
        click.echo(person("cli.written", path=path), err=True)
    return exit_code(digest)
