"""Names inside sentences: code in backticks, lists with an exact rest, blanks between Chinese and code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from workers.words import Words

NAMES_SHOWN = 4
"""How many names a sentence lists before it counts the rest."""

NAME_LIMIT = 96
"""Longest name in characters; a longer one is cut with `…`."""

PATH_LIMIT = 240
"""Longest path in characters: the end of a path tells more than its beginning, so paths are hardly ever cut."""

_TICKS = re.compile(r"`+")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def plain(text: str) -> str:
    """Text on one line: white space folded, characters that control or reorder text written as `\\xNN` or `\\uNNNN`."""
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return "".join(char if _is_shown(char) else _escaped(char) for char in folded)


def _is_shown(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


def code(name: str) -> str:
    """A name as a Markdown code span. A name with backticks gets a longer fence, as CommonMark asks."""
    text = "".join(char if _is_shown(char) else _escaped(char) for char in name.replace("\t", " "))
    limit = PATH_LIMIT if "/" in text and " " not in text else NAME_LIMIT
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (1 + max(len(run) for run in _TICKS.findall(text)))
    return f"{fence} {text} {fence}"


def code_spans(text: str) -> tuple[str, ...]:
    """The names that stand in code spans of a sentence, in order, without their fences."""
    return tuple(_unfenced(fence, body) for fence, body in _SPAN.findall(text))


def _unfenced(fence: str, body: str) -> str:
    return body[1:-1] if len(fence) > 1 and body.startswith(" ") and body.endswith(" ") else body


def names(found: Sequence[str], words: Words, shown: int = NAMES_SHOWN, more: str = "list.more") -> str:
    """Names as code, joined as the language does it; above `shown` names the exact rest or total is said.

    One name more than `shown` is listed rather than counted: "and 1 more" is no shorter than a name. `more` is the
    key of the sentence part that counts.
    """
    if len(found) <= shown + 1:
        return listed([code(name) for name in found], words)
    some = words("list.comma").join(code(name) for name in found[:shown])
    return words(more, names=some, rest=len(found) - shown, total=len(found))


def listed(parts: Sequence[str], words: Words, last: str = "list.last") -> str:
    """Parts joined by commas and the language's last joint, whose key is `last`; "" for none."""
    if len(parts) < 2:
        return "".join(parts)
    return words(last, before=words("list.comma").join(parts[:-1]), last=parts[-1])


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that holds all paths, with a slash at its end; "" when they share none."""
    parts = [PurePosixPath(path).parts[:-1] for path in paths]
    shared = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return "/".join(shared) + "/" if shared else ""


_HAN = r"[\u4e00-\u9fff]"
_TIGHT_BEFORE = re.compile(rf"(?<={_HAN})(?=\0)")
_TIGHT_AFTER = re.compile(rf"(?<=\0)(?={_HAN})")
_LOOSE = re.compile(r"(?<=[\u4e00-\u9fff）]) (?=[\u4e00-\u9fff（])")
_KEPT = re.compile(rf"“.*”|{_SPAN.pattern}", re.DOTALL)


def spaced(text: str) -> str:
    """Chinese text with one blank between a Chinese character and code, and none between two Chinese characters.

    Quotations and code stay as they are. Other languages pass through unchanged.
    """
    if not re.search(_HAN, text) or "\0" in text or "\1" in text:
        return text
    kept = [match[0] for match in _KEPT.finditer(text)]
    bare = _KEPT.sub(lambda match: "\1" if match[0].startswith("“") else "\0", text)
    bare = _LOOSE.sub("", _TIGHT_AFTER.sub(" ", _TIGHT_BEFORE.sub(" ", bare)))
    found = iter(kept)
    return re.sub("[\0\1]", lambda _: next(found), bare)
