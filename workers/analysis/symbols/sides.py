"""One side of a hunk as text, with its strings and comments blanked out, so that patterns can read it.

Old side: context and removed lines. New side: context and added lines. The lines of a side are consecutive in the
file, so a line's number is the side's start plus its index.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from workers.analysis.hunks import Hunk
from workers.analysis.symbols.language import Language
from workers.model import Evidence, Side

LINE_LIMIT = 2000  # characters of a line that are looked at: bounds the work on hostile and minified lines
QUOTE_LIMIT = 400  # characters of a quote

_NOT_NEWLINE = re.compile(r"[^\n]+")
_TRIPLE = re.compile(r"\"\"\"|'''")
_STRING_OPENS = re.compile(r"(?:^|[\s=(,\[{:+])[rRbBuUfF]{0,2}$")
_SCRIPT_OPENS = re.compile(r"<script[^>\n]*>")
_MARKUP = re.compile(r"^[ \t]*</?[\w-]", re.MULTILINE)
_FIRST_BACKTICK = re.compile(r"[^`]*`(?=[ \t]*[)\],;])")  # a template that begins with a closing bracket is rare
_COMMENT_CLOSES = re.compile(r"^[^\n\"'`]*?\*/", re.MULTILINE)


@dataclass(frozen=True)
class SideText:
    """The lines of one side of one hunk. `changed[i]` is True for a line that only this side has.

    `rows[i]` is the index of line i in the hunk's rows: context lines have the same one on both sides. `language` is
    None for text that is not code; `component` is True where only the script part is code (Vue, Svelte).
    """

    side: Side
    start: int
    header: str
    lines: tuple[str, ...]
    changed: tuple[bool, ...]
    rows: tuple[int, ...]
    language: Language | None = None
    component: bool = False

    @cached_property
    def text(self) -> str:
        """The lines, each after a line end: patterns that begin with one meet the first line too."""
        return "\n" + "\n".join(self.lines)

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate([len(line) + 1 for line in self.lines], initial=1))

    def index_at(self, offset: int) -> int:
        """The index of the line that holds this offset of `text`."""
        return max(0, min(bisect_right(self._offsets, offset), len(self.lines)) - 1)

    def offset_of(self, index: int) -> int:
        """Where the line of this index starts in `text`."""
        return self._offsets[index]

    def evidence(self, path: str, first: int, last: int | None = None) -> Evidence:
        """Evidence for the lines of these indices (both included), quoted as they stand, clipped at QUOTE_LIMIT."""
        end = first if last is None else last
        quote = "\n".join(self.lines[first : end + 1])[:QUOTE_LIMIT]
        return Evidence(path=path, side=self.side, start=self.start + first, end=self.start + end, quote=quote)

    @cached_property
    def masked(self) -> str:
        """`text` with strings and comments of its language blanked out; same length, same line ends."""
        text, language = self.text, self.language
        if language is None:
            return text
        lead = _inside_at_start(text, language)
        masked = language.noise.sub(_blank, text[lead:])
        masked = _NOT_NEWLINE.sub(_spaces, text[:lead]) + masked if lead else masked
        return _script_only(masked) if self.component else masked


def side_of(hunk: Hunk, side: Side, language: Language | None = None, *, component: bool = False) -> SideText:
    """One side of a hunk of a file in a language, or in none."""
    other, own = ("+", "-") if side == "old" else ("-", "+")
    kept = [index for index, row in enumerate(hunk.rows) if row[0] != other]
    rows = [hunk.rows[index] for index in kept]
    return SideText(
        side=side,
        start=hunk.old_start if side == "old" else hunk.new_start,
        header=hunk.header[:LINE_LIMIT],
        lines=tuple([row[1 : LINE_LIMIT + 1] for row in rows]),
        changed=tuple([row[0] == own for row in rows]),
        rows=tuple(kept),
        language=language,
        component=component,
    )


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    return _NOT_NEWLINE.sub(_spaces, text) if "\n" in text else " " * len(text)


def _script_only(masked: str) -> str:
    """The script part of a component file, the rest blanked. Markup with no script tag in sight is all blanked."""
    opens, closes = _SCRIPT_OPENS.search(masked), masked.find("</script")
    start = opens.end() if opens else 0
    stop = closes if closes >= start else len(masked)
    if opens is None and closes < 0 and _MARKUP.search(masked):
        stop = 0
    return _NOT_NEWLINE.sub(_spaces, masked[:start]) + masked[start:stop] + _NOT_NEWLINE.sub(_spaces, masked[stop:])


def _inside_at_start(text: str, language: Language) -> int:
    """How many characters at the start belong to a string or comment that began before the hunk."""
    if language.triple_quotes:
        return _inside_triple(text)
    if language.backticks and (found := _FIRST_BACKTICK.match(text)) is not None:
        return found.end()
    if language.block_comments and "*/" in text:
        found = _COMMENT_CLOSES.search(text)
        if found is not None and "/*" not in text[: found.end() - 1]:
            return found.end()
    return 0


def _inside_triple(text: str) -> int:
    marks = list(_TRIPLE.finditer(text))
    if not marks:
        return 0
    first = marks[0]
    line_start = text.rfind("\n", 0, first.start()) + 1
    before = text[line_start : first.start()]
    if not _STRING_OPENS.search(before):
        return first.end()
    return first.end() if not before.strip() and _closes(text, first, line_start, len(marks) % 2 == 1) else 0


def _closes(text: str, mark: re.Match[str], line_start: int, odd: bool) -> bool:
    """Whether a triple quote alone on its line ends a string rather than begins one.

    A closing bracket below tells it. Else, where the number of marks is odd: a string begins after a line that ends
    in a colon or a bracket, or at the top; its end has prose before it.
    """
    rest, _, below = text[mark.end() : mark.end() + LINE_LIMIT].partition("\n")
    if rest.strip():
        return False
    if below.lstrip()[:1] in (")", "]", "}"):
        return True
    above = text[:line_start].rstrip()
    return odd and bool(above) and above[-1] not in ":([{,="
