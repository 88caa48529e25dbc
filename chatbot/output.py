"""A digest in the form that was asked for, to the terminal or, whole or not at all, to a file.

It comes bit by bit: neither the digest nor its text need ever be in memory as a whole.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from chatbot.options import Format
from chatbot.render.html import html_pieces
from chatbot.render.json import json_pieces
from chatbot.render.markdown import markdown_pieces
from chatbot.render.plain import plain_lines
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
        sys.stdout.buffer.writelines(piece.encode() for piece in pieces(digest, form))


def pieces(digest: Digest, form: Format) -> Iterator[str]:
    """The digest as text, bit by bit; the terminal view without colour."""
    words = load_words("chatbot.views", digest.language)
    match form:
        case "json":
            return json_pieces(digest)
        case "slack":
            from chatbot.render.blocks_json import slack_json  # noqa: PLC0415 - what a terminal need not wait for

            return slack_json(digest, words)
        case "feishu":
            from chatbot.render.cards_json import feishu_json  # noqa: PLC0415

            return feishu_json(digest, words)
        case "markdown":
            return markdown_pieces(digest_view(digest, words))
        case "html":
            return html_pieces(digest_view(digest, words))
        case "terminal":
            return plain_lines(brief_view(digest, words))


def write_file(text: Iterable[str], path: Path) -> None:
    """Puts pieces of text into a file, which is replaced at once: nobody reads half of it.

    A failure, of the pieces too, leaves the old one. RefusedError("output_unwritable") where the folder is missing,
    forbidden or full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.writelines(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RefusedError("output_unwritable", path=str(path), reason=error.strerror or str(error)) from error
