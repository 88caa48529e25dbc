"""The words of one command, taken out one by one by whoever knows what they are; what is left was not understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from chatbot.commands.addresses import Address, find_address, is_link, read_sha
from chatbot.commands.command import CommandName, Options
from chatbot.commands.moments import read_zone
from chatbot.commands.tokens import Token
from chatbot.commands.vocabulary import Group, group, meaning, near
from workers.errors import WordsError
from workers.model import Language, Tier
from workers.sources.filters import pathspecs

_NUMBER = re.compile(r"#?([1-9][0-9]{0,8})")
_NO_BRANCH = re.compile(r"^-|\.\.|[\s~^:?*\[\\]")
_LONGEST = 255
"""Characters of a branch's name or a path."""
MOST_REPEATED = 20
"""How many branches, and how many paths, one command may name."""

T = TypeVar("T")


class Parts:
    """What stands behind a command's name."""

    def __init__(self, tokens: Sequence[Token], pages: str) -> None:
        self.words = [token for token in tokens if token.name is None]
        self.zone: str | None = None
        """What `timezone=` said; there after `options`."""
        self._named = [token for token in tokens if token.name is not None]
        self._pages = pages

    def take(self, read: Callable[[str], T | None]) -> T | None:
        """What the first word that `read` understands means to it; the word is taken out. None where it is none."""
        for at, token in enumerate(self.words):
            if not is_link(token.text, self._pages) and (found := read(token.text)) is not None:
                del self.words[at]
                return found
        return None

    def take_only(self, read: Callable[[str], T | None]) -> T | None:
        """As `take`; WordsError("said_twice") where a further word means something else to it."""
        found = self.take(read)
        while found is not None and (other := self.take(read)) is not None:
            if other != found:
                raise said_twice(str(found), str(other))
        return found

    def drop_fillers(self) -> None:
        """Leaves out the words that say nothing."""
        self.words = [token for token in self.words if token.quoted or meaning("filler", token.text) != "filler"]

    def address(self, *also: str) -> Address:
        """The repository; `also` names what else of an address the command can use. WordsError where it has none."""
        token = next((token for token in self.words if self._address(token) is not None), None)
        if token is None:
            raise WordsError("missing_repository", word=self.words[0].text if self.words else "")
        self.words.remove(token)
        found = cast(Address, self._address(token))
        if any(getattr(found, part) is not None for part in ("sha", "branch", "range") if part not in also):
            raise WordsError("unknown_word", word=token.text)
        return found

    def sha(self) -> str:
        """The next word, as a sha. WordsError("missing_commit" | "bad_sha")."""
        if not self.words:
            raise WordsError("missing_commit")
        return read_sha(self.words.pop(0).text.removeprefix("@"))

    def number(self) -> int:
        """The next word, as a number from 1. WordsError("missing_number" | "bad_number")."""
        if not self.words:
            raise WordsError("missing_number")
        word = self.words.pop(0).text
        match = _NUMBER.fullmatch(word)
        if match is None:
            raise WordsError("bad_number", word=word)
        return int(match[1])

    def topic(self) -> CommandName | None:
        """The next word, where it is a command's name."""
        return self.take(lambda word: cast(CommandName | None, meaning("command", word.removeprefix("/"))))

    def options(self, *allowed: str) -> Options:
        """What the words with `=` say. WordsError for what is no option, has no value, or goes with other commands."""
        values = [(self._option(token, allowed), token.text) for token in self._named]
        self._named = []
        self.zone = _single(values, "timezone", read_zone) or self.zone
        return Options(
            branches=_several(values, "branch", _branch),
            paths=_several(values, "path", _path),
            language=_single(values, "lang", lambda value: cast(Language, _choice("lang", "language", value))),
            tier=_single(values, "tier", lambda value: Tier(_choice("tier", "tier", value))),
        )

    def end(self, *groups: Group) -> None:
        """WordsError for the first word that is left; the nearest are looked for in `groups` and among the options."""
        self.options()
        if not self.words:
            return
        word = self.words[0].text
        if (option := meaning("option", word.lstrip("-"))) is not None:
            raise WordsError("option_needs_value", option=option)
        if self._address(self.words[0]) is not None:
            raise WordsError("two_repositories", word=word)
        raise WordsError("unknown_word", word=word, near=near(word, (*groups, "option")))

    def _address(self, token: Token) -> Address | None:
        return find_address(token.text, self._pages)

    def _option(self, token: Token, allowed: Sequence[str]) -> str:
        name = (token.name or "").lstrip("-")
        option = meaning("option", name)
        if option is None:
            raise WordsError("unknown_option", option=name, near=near(name, ("option",)))
        if option not in allowed:
            raise WordsError("option_elsewhere", option=option)
        if not token.text.strip():
            raise WordsError("option_needs_value", option=option)
        return option


def said_twice(first: str, second: str) -> WordsError:
    """The error for two words of which only one can be meant."""
    return WordsError("said_twice", first=first, second=second)


# --- values of options --------------------------------------------------------------------------------------------

Values = Sequence[tuple[str, str]]


def _single(values: Values, option: str, read: Callable[[str], T]) -> T | None:
    """The value of an option that may be given once; the same value twice is no matter."""
    found = [read(value) for name, value in values if name == option]
    for other in found[1:]:
        if other != found[0]:
            raise said_twice(f"{option}={found[0]}", f"{option}={other}")
    return found[0] if found else None


def _several(values: Values, option: str, read: Callable[[str], str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(read(value) for name, value in values if name == option))
    if len(found) > MOST_REPEATED:
        raise WordsError("too_often", option=option, most=MOST_REPEATED)
    return found


def _branch(value: str) -> str:
    if _NO_BRANCH.search(value) or not value.isprintable() or len(value) > _LONGEST:
        raise WordsError("bad_value", option="branch", value=value)
    return value


def _path(value: str) -> str:
    if len(value) > _LONGEST:
        raise WordsError("bad_value", option="path", value=value)
    pathspecs((value,))
    return value


def _choice(option: str, known: Group, value: str) -> str:
    found = meaning(known, value)
    if found is None:
        choices = ", ".join(dict.fromkeys(group(known).values()))
        raise WordsError("bad_choice", option=option, value=value, choices=choices)
    return found
