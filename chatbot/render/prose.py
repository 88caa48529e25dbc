"""Runs as rich text that is wrapped as Chinese and English are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text as RichText

from chatbot.render.addresses import web_address
from chatbot.views.view import Badge, Code, Emphasis, Jump, Link, Run, Runs, Strong
from chatbot.views.visible import one_line
from workers.model import Tier

TIER_STYLES = {Tier.HIGH: "red", Tier.MEDIUM: "yellow", Tier.LOW: "green"}
TIER_MARK = "●"

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
_CLOSING = "、。，．：；！？）」』】》〉〕”’…—"
_OPENING = "（「『【《〈〔“‘"
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+|(?=[{_CLOSING}]))[{_CLOSING}]*\s*|\S\s*|\s+"
)
"""What stays on one line: a Chinese character or an unbroken word, with the marks that may not begin or end a line."""


_STYLES: dict[type, str] = {Code: "cyan", Strong: "bold", Emphasis: "italic"}


class Prose(RichText):
    """Text that may break between any two Chinese characters, as rich's own may not."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Lines no wider than `width` cells; a word that is wider is broken anywhere."""
        if no_wrap:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        lines = Lines(self.divide(list(_breaks(self.plain, max(1, width)))))
        for line in lines:
            line.rstrip()
        return lines


def prose(runs: Runs, style: str = "") -> Prose:
    """Runs as text for a terminal. Nothing in them is read as markup; links are real where they are http(s)."""
    text = Prose(style=style)
    for run in runs:
        text.append(_shown(run), _style(run))
    return text


def _shown(run: Run) -> str:
    return f"{TIER_MARK} {one_line(run.label)}" if isinstance(run, Badge) else one_line(run.text)


def _style(run: Run) -> str:
    if isinstance(run, Badge):
        return f"bold {TIER_STYLES[run.tier]}"
    if isinstance(run, Link) and (address := web_address(run.url)):
        return f"bright_blue link {address}"
    return "bright_blue" if isinstance(run, Link | Jump) and run.code else _STYLES.get(type(run), "")


def _breaks(text: str, width: int) -> Iterator[int]:
    """Where lines end, as offsets into the text."""
    used = 0
    for match in _PIECE.finditer(text):
        piece = match[0]
        wanted = cell_len(piece.rstrip())
        if used and used + wanted > width:
            yield match.start()
            used = 0
        if wanted > width:
            for offset, cells in _chopped(piece, width):
                if offset:
                    yield match.start() + offset
                used = cells
        else:
            used += cell_len(piece)


def _chopped(word: str, width: int) -> Iterator[tuple[int, int]]:
    """The parts of a word that is too wide, as where each begins and how wide it is."""
    start = cells = 0
    for offset, char in enumerate(word):
        size = cell_len(char)
        if cells + size > width and cells:
            yield start, cells
            start, cells = offset, 0
        cells += size
    yield start, cells
