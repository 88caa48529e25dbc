"""Bytes of a repository as text: patches, messages and names in whatever encoding their authors used."""

from __future__ import annotations

import re

SAMPLE = 64 << 10
"""Bytes of the lines that are not UTF-8 by which their encoding is told."""


def decode_text(raw: bytes) -> str:
    """UTF-8 where it is; else line by line: GB18030 if those lines look like Chinese, U+FFFD for what remains.

    Line by line, because a commit that converts a file has both encodings in one patch.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        lines = raw.split(b"\n")
    odd = [line for line in lines if not _is_utf8(line)]
    second = "gb18030" if odd and _looks_chinese(b"\n".join(odd)[:SAMPLE]) else "utf-8"
    return "\n".join(_decode_line(line, second) for line in lines)


def decode_path(raw: bytes) -> str:
    r"""A path: bytes that are not UTF-8 stand as `\xNN`."""
    return raw.decode("utf-8", "backslashreplace")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode_line(line: bytes, second: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(second, "replace")


_HIGH = re.compile(rb"[\x80-\xff]+")
_GB2312 = re.compile(rb"(?:[\xa1-\xa3\xb0-\xf7][\xa1-\xfe])+")


def _looks_chinese(sample: bytes) -> bool:
    """Whether bytes that are not UTF-8 are Chinese in GB2312 (the common part of GBK and GB18030).

    Its characters are pairs of high bytes; the 3,755 common ones begin with B0 to D7 and are spread over all of it.
    Latin text has single high bytes; Korean EUC-KR has such pairs too, but its syllables begin with B0 to C8 only.
    """
    runs = _HIGH.findall(sample)
    size = sum(map(len, runs))
    pairs = [run[at : at + 2] for run in runs if _GB2312.fullmatch(run) for at in range(0, len(run), 2)]
    letters = [pair[0] for pair in pairs if pair[0] >= 0xB0]
    if not letters or 2 * len(pairs) < 0.9 * size:
        return False
    common = sum(lead <= 0xD7 for lead in letters)
    spread = len(letters) < 20 or any(0xC9 <= lead <= 0xD7 for lead in letters)
    return common >= 0.7 * len(letters) and spread
