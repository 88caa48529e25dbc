"""What encloses each line of one side of a hunk: functions and types, by the hunk header and the declarations above."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.facts import Thing
from workers.analysis.symbols.declarations import declarations_in, header_scope
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.sides import SideText

_NOT_STATEMENTS = frozenset(")]}#@")


def enclosing(side: SideText, language: Language, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each line that is not blank, with the bare names of all that it is in or begins, outermost first; () where
    nothing is known of it.

    Told by indentation, as formatters leave it: what the hunk header names holds until something at the margin ends
    it, a declaration in the hunk until a line that is not indented more.
    """
    scopes: list[tuple[int, str]] = []
    if (header := header_scope(side.header, language)) is not None:
        scopes.append((header.indent, _bare(header.name)))
    waiting = [
        one
        for one in reversed(declarations_in(side, language, path))
        if one.thing is not Thing.CONSTANT and not one.prototype
    ]
    head_until = -1
    for index, line in enumerate(side.lines):
        stripped = line.strip()
        indent = len(line) - len(line.lstrip(" \t"))
        if waiting and waiting[-1].first <= index:
            one = waiting.pop()
            scopes = [scope for scope in scopes if scope[0] < one.indent]
            scopes.append((one.indent, _bare(one.name)))
            head_until = one.last
        elif index > head_until and stripped and _ends(stripped, language):
            scopes = [scope for scope in scopes if scope[0] < indent]
        if stripped:
            yield line, tuple(name for _, name in scopes)


def _ends(stripped: str, language: Language) -> bool:
    """Whether a line that is not indented more ends what it stands behind."""
    return stripped[0] not in _NOT_STATEMENTS if language.indented else stripped[0] == "}"


def _bare(name: str) -> str:
    return name.partition("(")[0].rpartition(".")[2]
