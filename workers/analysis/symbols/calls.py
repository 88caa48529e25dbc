"""Arguments of calls in source text, found without a parser."""

from __future__ import annotations

import re

CALL_LIMIT = 2000  # characters within which a call's brackets must close

_TOKEN = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[()\[\]{},]")
_KEYWORD = re.compile(r"\s*(\w+)\s*[=:](?![=>:])\s*")
_STRING = re.compile(r"[rbfuRBFU]{0,2}([\"'`])(.*)\1", re.DOTALL)


def arguments_at(text: str, opened: int) -> tuple[list[str], int]:
    """The arguments of the call whose bracket opens at this offset, and the offset after its close.

    A call that does not close within CALL_LIMIT or the text gives what is complete of it.
    """
    depth, start, found = 0, opened + 1, []
    for token in _TOKEN.finditer(text, opened, opened + CALL_LIMIT):
        mark = token[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
            if depth == 0:
                found.append(text[start : token.start()])
                return [argument.strip() for argument in found if argument.strip()], token.end()
        elif mark == "," and depth == 1:
            found.append(text[start : token.start()])
            start = token.end()
    return [argument.strip() for argument in found if argument.strip()], min(len(text), opened + CALL_LIMIT)


def keyword(arguments: list[str], name: str) -> str | None:
    """The value of a keyword argument or an object's property at the top level, on one line; None without it."""
    for argument in arguments:
        inner = argument[1:-1].strip() if argument.startswith("{") else None
        if inner is not None:
            value = keyword(arguments_at("(" + inner + ")", 0)[0], name)
            if value is not None:
                return value
        found = _KEYWORD.match(argument)
        if found is not None and found[1] == name:
            return " ".join(argument[found.end() :].split())
    return None


def string_of(argument: str) -> str | None:
    """The text of a plain string literal; None for anything else."""
    found = _STRING.fullmatch(argument.strip())
    return found[2] if found is not None else None
