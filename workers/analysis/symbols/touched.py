"""Which functions and types a hunk's changed lines are in, by the hunk header and the declarations above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.symbols.declarations import Declaration, Scope, header_scope
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.sides import SideText

_COMMENT_STARTS = ("//", "/*", "*", "#")
_NOT_STATEMENTS = frozenset(")]}#@")


def touched_in(side: SideText, declarations: Sequence[Declaration], language: Language, path: str) -> Iterator[Fact]:
    """A TOUCHED fact for each declaration that encloses a run of lines which only this side has.

    Told by indentation, as formatters leave it: what the hunk header names holds until something at the margin ends
    it, a declaration in the hunk until a line that is not indented more.
    """
    if not any(side.changed):
        return
    walk = _Walk(header_scope(side.header, language), declarations, language.indented)
    told: set[str] = set()
    in_run = False
    for index, line in enumerate(side.lines):
        stripped = line.lstrip(" \t")
        indent = len(line) - len(stripped)
        scope = walk.step(index, indent, stripped)
        in_run = in_run and side.changed[index]
        if not side.changed[index] or in_run or not indent or not stripped or stripped.startswith(_COMMENT_STARTS):
            continue
        in_run = True
        if scope is not None and scope.indent < indent and scope.name not in told:
            told.add(scope.name)
            yield _fact(scope, side, index, path)


def _fact(scope: Scope, side: SideText, index: int, path: str) -> Fact:
    return Fact(
        thing=Thing.TYPE if scope.is_type else Thing.FUNCTION,
        deed=Deed.TOUCHED,
        name=scope.name,
        path=path,
        public=scope.public,
        evidence=(side.evidence(path, index),),
    )


class _Walk:
    """Steps through a side's lines and knows what encloses each."""

    def __init__(self, header: Scope | None, declarations: Sequence[Declaration], indented: bool) -> None:
        self.scopes = [header] if header else []
        self.waiting = [one for one in reversed(declarations) if one.thing is not Thing.CONSTANT and not one.prototype]
        self.indented = indented
        self.head_until = -1

    def step(self, index: int, indent: int, stripped: str) -> Scope | None:
        """What encloses the line; None inside the head of a declaration and where nothing is known."""
        if self.waiting and self.waiting[-1].first <= index:
            one = self.waiting.pop()
            self._close(one.indent)
            # What is inside a declaration that this side alone has, is told with the declaration.
            name = "" if one.changed else one.name
            self.scopes.append(Scope(one.indent, name, one.thing is Thing.TYPE, "", one.public))
            self.head_until = one.last
        if index <= self.head_until:
            return None
        first = stripped[:1]
        if first == "}" if not self.indented else first and first not in _NOT_STATEMENTS:
            self._close(indent)
        return self.scopes[-1] if self.scopes and self.scopes[-1].name else None

    def _close(self, indent: int) -> None:
        while self.scopes and self.scopes[-1].indent >= indent:
            self.scopes.pop()
