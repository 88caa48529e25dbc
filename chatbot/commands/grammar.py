"""Text -> Command. Pure: what a word means depends on nothing but the words; nothing is guessed silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, cast

from chatbot.commands.addresses import PAGES, find_address, is_link
from chatbot.commands.command import (
    Command,
    CommandName,
    CommitCommand,
    HelpCommand,
    NumberedCommand,
    NumberedName,
    PermissionCommand,
    PermissionName,
    PlainCommand,
    SettingsCommand,
)
from chatbot.commands.moments import find_window
from chatbot.commands.parts import Parts
from chatbot.commands.phrases import read_digest, read_subscribe
from chatbot.commands.tokens import Token, tokens_of
from chatbot.commands.vocabulary import meaning, near
from workers.errors import WordsError


def parse(text: str, pages: str = PAGES) -> Command:
    """The command that a person's words mean; no words at all mean help.

    `pages` is where people look at repositories: links to it are understood. Raises nothing but WordsError, whose
    details have what was not understood in `word` (or by its own name), the nearest right words in `near`, where it is
    known the command that was meant in `command`, and in `like` what a fitting example has in it.
    """
    tokens = _without_prefix(tokens_of(text))
    if not tokens:
        return HelpCommand()
    name = _command_name(tokens[0])
    rest = tokens[1:] if name is not None else tokens
    meant = name or _implied(tokens, pages)
    try:
        return _READERS[meant](Parts(rest, pages))
    except WordsError as error:
        raise WordsError(error.code, **{"command": meant, **error.details}) from None


def _without_prefix(tokens: list[Token]) -> list[Token]:
    """Without a leading `/digest`; the word alone goes too where another command follows."""
    while tokens and tokens[0].name is None and tokens[0].text.casefold() == "/digest":
        tokens = tokens[1:]
    if tokens and _command_name(tokens[0]) == "digest" and (len(tokens) == 1 or _command_name(tokens[1])):
        return tokens[1:]
    return tokens


def _command_name(token: Token) -> CommandName | None:
    if token.name is not None:
        return None
    word = meaning("command", token.text.removeprefix("/").removeprefix("--"))
    return cast(CommandName | None, word)


def _implied(tokens: list[Token], pages: str) -> CommandName:
    """What is meant without a command's word. WordsError("unknown_command") where nothing can be."""
    first = tokens[0]
    if first.name is None:
        if not is_link(first.text, pages) and find_window(first.text) is not None:
            return "digest"
        address = find_address(first.text, pages)
        if address is not None:
            return "commit" if address.sha else "digest"
    elif meaning("option", first.name.lstrip("-")) is not None:
        return "digest"
    word = first.text if first.name is None else first.name
    raise WordsError("unknown_command", word=word, near=_nearest(word, tokens[1:]))


def _nearest(word: str, behind: list[Token]) -> str:
    """Which command was meant: one that stands further behind, the one that schedules belong to, or one spelt alike."""
    later = next((token.text for token in behind if _command_name(token) is not None), None)
    is_schedule = meaning("rhythm", word) is not None or meaning("weekday", word) is not None
    return later or ("subscribe" if is_schedule else near(word, ("command", "day")))


# --- one reader for each command ----------------------------------------------------------------------------------


def _read_commit(parts: Parts) -> Command:
    address = parts.address("sha")
    sha = address.sha or parts.sha()
    options = parts.options("lang")
    parts.end()
    return CommitCommand(repository=address.repository, sha=sha, language=options.language)


def _read_numbered(name: NumberedName, parts: Parts) -> Command:
    number = parts.number()
    parts.end()
    return NumberedCommand(name=name, number=number)


def _read_permission(name: PermissionName, parts: Parts) -> Command:
    address = parts.address()
    parts.end()
    return PermissionCommand(name=name, repository=address.repository)


def _read_settings(parts: Parts) -> Command:
    options = parts.options("lang", "timezone")
    zone = parts.zone
    parts.end("option")
    return SettingsCommand(language=options.language, timezone=zone)


def _read_plain(name: Literal["list", "status"], parts: Parts) -> Command:
    parts.end()
    return PlainCommand(name=name)


def _read_help(parts: Parts) -> Command:
    topic = parts.topic()
    parts.end("command")
    return HelpCommand(topic=topic)


_READERS: Mapping[CommandName, Callable[[Parts], Command]] = {
    "digest": read_digest,
    "commit": _read_commit,
    "subscribe": read_subscribe,
    "list": partial(_read_plain, "list"),
    "show": partial(_read_numbered, "show"),
    "pause": partial(_read_numbered, "pause"),
    "resume": partial(_read_numbered, "resume"),
    "unsubscribe": partial(_read_numbered, "unsubscribe"),
    "run": partial(_read_numbered, "run"),
    "settings": _read_settings,
    "allow": partial(_read_permission, "allow"),
    "disallow": partial(_read_permission, "disallow"),
    "status": partial(_read_plain, "status"),
    "help": _read_help,
}
