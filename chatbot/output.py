"""A digest in the form that was asked for, to the terminal or, whole or not at all, to a file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from chatbot.options import Format
from chatbot.render.html import html
from chatbot.render.markdown import markdown
from chatbot.render.plain import plain_text
from chatbot.render.terminal import terminal
from chatbot.views.brief import brief_view
from chatbot.views.digest import digest_view
from workers.errors import RefusedError
from workers.model import Digest
from workers.words import load_words


def print_digest(digest: Digest, form: Format) -> None:
    """Writes a digest to stdout; laid out and in colour where that is a terminal that can show it."""
    if form == "terminal":
        terminal(brief_view(digest, load_words("chatbot.views", digest.language)), Console())
    else:
        sys.stdout.buffer.write(written(digest, form).encode())


def written(digest: Digest, form: Format) -> str:
    """The digest as text; the terminal view without colour."""
    words = load_words("chatbot.views", digest.language)
    match form:
        case "json":
            return digest.model_dump_json(indent=2) + "\n"
        case "markdown":
            return markdown(digest_view(digest, words))
        case "html":
            return html(digest_view(digest, words))
        case "terminal":
            return plain_text(brief_view(digest, words))


def write_file(text: str, path: Path) -> None:
    """Puts a text into a file, which is replaced at once: nobody reads half of it, and a failure leaves the old one.

    RefusedError("output_unwritable") where the folder is missing, forbidden or full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RefusedError("output_unwritable", path=str(path), reason=error.strerror or str(error)) from error
