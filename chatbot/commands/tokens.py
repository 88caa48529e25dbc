"""Text -> tokens: blanks, quotes, `name=value`, and the characters that keyboards put in place of plain ones."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chatbot.commands.vocabulary import group, meaning
from workers.errors import WordsError

MOST_CHARACTERS = 2_000
"""Of one command: more is a text pasted by mistake."""

_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_BLANKS = dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA1), *map(ord, "`\u3000，、；\u2028\u2029")], " ")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), "")
_MEANT: Mapping[int, str] = str.maketrans(
    {**_PLAIN, **_BLANKS, **_UNSEEN, "。": ".", "…": "...", "‥": "..", "—": "--", "–": "-"}
)
"""What an unquoted character is read as: an input method or a word processor wrote it, not a person."""

_CLOSING = {'"': '"＂“”', "＂": '"＂“”', "“": '"＂”', "”": '"＂“”', "「": "」", "『": "』", "'": "'’", "‘": "'’"}
"""Which characters end a quotation that another begins."""
_ANYWHERE = frozenset('"＂“”「『')
"""What begins a quotation even within a word; an apostrophe does so only where a word or a value begins."""
_CUT = ",;!"
"""What ends a sentence, not a word of ours."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `name` is what stands before an unquoted `=`, None without one; `text` is then what stands behind it.

    `quoted`: the text was in quotes and is meant exactly as it is.
    """

    text: str
    name: str | None = None
    quoted: bool = False


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text. WordsError("too_long" | "open_quote")."""
    if len(text) > MOST_CHARACTERS:
        raise WordsError("too_long", n=len(text), most=MOST_CHARACTERS)
    return [token for token in _joined(_Scan(text).tokens()) if token.text or token.name is not None or token.quoted]


class _Scan:
    """Reads a text once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def tokens(self) -> Iterator[Token]:
        while self._at < len(self._text):
            yield from _parted(self._token())

    def _token(self) -> Token:
        """The next token, which ends at a blank; the first blank is taken with it."""
        name: str | None = None
        found: list[str] = []
        quoted = False
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in _CLOSING and (character in _ANYWHERE or not any(found)):
                found.append(self._quotation(_CLOSING[character]))
                quoted = True
                continue
            self._at += 1
            meant = character.translate(_MEANT)
            if meant.isspace():
                break
            if meant == "=" and name is None and not quoted and "/" not in found:  # links have `=` too
                name, found = "".join(found), []
                continue
            found.append(meant)
        return Token("".join(found), name, quoted)

    def _quotation(self, closing: str) -> str:
        """What stands up to the closing quote; a backslash before a quote or a backslash makes it an ordinary one."""
        found: list[str] = []
        at = self._at + 1
        while at < len(self._text) and self._text[at] not in closing:
            if self._text[at] == "\\" and self._text[at + 1 : at + 2] in ("\\", *closing):
                at += 1
            found.append(self._text[at : at + 1])
            at += 1
        if at >= len(self._text):
            raise WordsError("open_quote", text=self._text[self._at :])
        self._at = at + 1
        return "".join(found)


# --- words that were written together, and others apart -----------------------------------------------------------

_HANZI = r"\u4e00-\u9fff"
_LEADING = re.compile(rf"([{_HANZI}]+?)((?:早上|上午|中午|下午|晚上)?[!-~].*)", re.DOTALL)
_TRAILING = re.compile(rf"([!-~]+?)([{_HANZI}]+)")
_EVERY_WEEKDAY = re.compile(rf"(每周|每星期)([{_HANZI}])(.*)", re.DOTALL)


def _parted(token: Token) -> Iterator[Token]:
    """`lang:zh` as `lang=zh`, and `订阅owner/repo` as two words, as it is read."""
    if token.quoted or token.name is not None:
        yield Token(token.text if token.quoted else token.text.rstrip(_CUT), token.name, token.quoted)
        return
    text = token.text.rstrip(_CUT) or token.text
    if text.endswith(".") and not text.endswith("..") and len(text) > 1:
        text = text[:-1]
    name, colon, value = text.partition(":")
    if colon and meaning("option", name.lstrip("-")) is not None:
        yield Token(value, name)
    else:
        yield from (Token(part) for part in _apart(text))


def _apart(text: str) -> list[str]:
    """A word in parts where Chinese words that we know were written together with others."""
    first: list[str] = []
    match = _EVERY_WEEKDAY.fullmatch(text)
    if match and meaning("weekday", match[2]) is not None:
        first, text = [match[1], match[2]], match[3]
    elif (match := _LEADING.fullmatch(text)) and _is_word(match[1]):
        first, text = [match[1]], match[2]
    if (match := _TRAILING.fullmatch(text)) and _is_word(match[2]):
        return [*first, match[1], match[2]]
    return [*first, text] if text else first


def _is_word(text: str) -> bool:
    groups = ("command", "day", "rhythm", "quiet", "filler", "zone")
    return any(text in group(name) for name in groups)


def _joined(tokens: Iterable[Token]) -> Iterator[Token]:
    """`lang = zh`, `lang= zh` and `--lang zh` as one token."""
    waiting = deque(tokens)
    while waiting:
        token = waiting.popleft()
        if token.name is None and not token.quoted and waiting and waiting[0].name == "":  # lang =zh, lang = zh
            token = replace(waiting.popleft(), name=token.text)
        if waiting and waiting[0].name is None and _wants_value(token):
            token = replace(waiting.popleft(), name=token.name or token.text)
        yield token


def _wants_value(token: Token) -> bool:
    """Whether a token is the name of an option whose value comes next: `lang=`, `--lang`."""
    if token.name is not None:
        return not token.text and not token.quoted
    return token.text.startswith("--") and meaning("option", token.text[2:]) is not None
