"""Draws docs/digest.svg and docs/digest.zh.svg, the terminal view of an invented day: `make picture`."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from chatbot.render.terminal import terminal
from chatbot.views.brief import brief_view
from tests.samples import busy
from workers.model import Language
from workers.words import load_words

CELL = 12.2
"""Width of a cell in rich's pictures."""
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r'(<text [^>]*textLength=")[^"]*("[^>]*>)([^<]*)</text>')

FILES: dict[Language, str] = {"en": "digest.svg", "zh": "digest.zh.svg"}


def draw(language: Language, path: Path) -> None:
    """The busy day in a language."""
    console = Console(record=True, width=108, force_terminal=True, color_system="truecolor", file=io.StringIO())
    terminal(brief_view(busy(language), load_words("chatbot.views", language)), console)
    path.write_text(mended(console.export_svg(title="commit-digest report")), encoding="utf-8")


def mended(svg: str) -> str:
    """The picture without fonts from elsewhere, and with the room that wide characters take: rich counts characters."""
    return _TEXT.sub(_with_room, _FONT.sub("", svg))


def _with_room(match: re.Match[str]) -> str:
    return f"{match[1]}{cell_len(unescape(match[3])) * CELL:g}{match[2]}{match[3]}</text>"


if __name__ == "__main__":
    for language, name in FILES.items():
        draw(language, Path(__file__).parent / name)
