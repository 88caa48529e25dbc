"""Private keys over several lines: the lines of a key's body, wherever its frame is in the patch.

A body line is base64 once its diff mark, indentation, comment signs, quotes and escapes are off. The body goes down
from its BEGIN line and up from its END line, so a hunk that shows only one of them, or a key that is swapped line by
line for another, is covered on every side. A frame around something else (a parser, a sentence) hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_LINES = 400
"""Lines of one body. An RSA key of 16,384 bits has some 200; PGP blocks with sub-keys are of that order too."""

_FRAME = re.compile(
    r"-----? ?(?P<begin>BEGIN|END) (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)? ?-----?|(?P<putty>Private-Lines: )\d{1,4}"
    r"|---- (?P<ssh>BEGIN|END) SSH2 ENCRYPTED PRIVATE KEY ----"
)
_GATES = ("PRIVATE KEY", "Private-Lines: ")
_BODY = re.compile(
    r"[\s\"'`#*/;|>+,(.&\\-]{0,80}(?:\w{0,2}[\"'])?(?P<body>[A-Za-z0-9+/]{1,200}={0,2})"
    r"(?:\\[nr]|[\s\"'`,;+)&.\\|<]){0,80}"
)
_ARMOUR = re.compile(
    r"[\s\"'`#*/;|>+\\-]{0,80}"
    r"(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): .{0,200}|=[A-Za-z0-9+/]{4})?"
    r"(?:\\[nr]|[\s\"'`,;+)\\]){0,80}"
)
_INLINE = re.compile(r"(?:[A-Za-z0-9+/=\\:,\"'`\s]|-(?!----)){0,20000}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{6,}={0,2}")
_LONG_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")

LEAST_BODY = 16
"""Base64 characters of a body line that is not the last one; a made-up body in a test is shorter or one word."""


def key_spans(text: str, marked: bool) -> Iterator[tuple[int, int]]:
    """Where in a text lie the bodies of private keys, line by line. `marked`: each line begins with a diff mark."""
    if not any(gate in text for gate in _GATES):
        return
    for frame in _FRAME.finditer(text):
        if frame["begin"] == "END" or frame["ssh"] == "END":
            yield from _lines(text, _up(text, frame.start()), marked)
        else:
            yield from _inline(text, frame.end())
            yield from _lines(text, _down(text, frame.end()), marked)


def _inline(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The body of a key that is written in one line, its line ends as escapes or as blanks."""
    stop = text.find("\n", start)
    found = _INLINE.match(text, start, len(text) if stop < 0 else stop)
    framed = found is not None and text.startswith("-----END", found.end()) and _BASE64.search(found[0])
    if found is not None and (framed or _LONG_BASE64.search(found[0])):
        core = found[0].rstrip("\"'`, \t\\")
        yield start, start + len(core)


def _down(text: str, at: int) -> Iterator[tuple[int, int]]:
    for _ in range(MOST_LINES):
        start = text.find("\n", at) + 1
        if not start:
            return
        stop = text.find("\n", start)
        at = len(text) if stop < 0 else stop
        yield start, at


def _up(text: str, at: int) -> Iterator[tuple[int, int]]:
    for _ in range(MOST_LINES):
        stop = text.rfind("\n", 0, at)
        if stop < 0:
            return
        at = text.rfind("\n", 0, stop) + 1
        yield at, stop


def _lines(text: str, lines: Iterator[tuple[int, int]], marked: bool) -> Iterator[tuple[int, int]]:
    """The bodies of consecutive lines, until one that no key has."""
    seen = False
    for start, stop in lines:
        line = text[start + marked : min(stop, start + 2000)]
        if _ARMOUR.fullmatch(line) or _FRAME.search(line) is not None:
            continue
        found = _BODY.fullmatch(line)
        if found is None or text.startswith("@@", start):
            return
        long = len(found["body"]) >= LEAST_BODY and not found["body"].isalpha()
        if not long and not seen and not _is_tail(found["body"]):
            return
        seen = seen or long
        yield start + marked + found.start("body"), start + marked + found.end("body")


def _is_tail(body: str) -> bool:
    """The last line of a body met from below: short, but base64 more likely than a word."""
    return body.endswith("=") or not body.isalpha()
