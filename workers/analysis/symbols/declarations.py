"""Declarations that one side of a hunk shows: functions, types and constants with their signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice

from workers.analysis.facts import Thing
from workers.analysis.symbols.heads import Head, HeadReader, thing_of
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.sides import SideText

BODY_LINES = 25  # lines after a head that are compared to tell a renamed function from a new one
CANDIDATES_PER_SIDE = 10_000  # places in one side of one hunk that may be declarations; those beyond are not read

_SPACE = re.compile(r"\s+")
_OPEN_TYPE = re.compile(r"\b(?:interface|trait|protocol)\b")
_OWN_RECEIVER = re.compile(r"\(\s*(?:self|cls)\b")
_HIDDEN = re.compile(r"\b(?:private|protected)\b")
_BRACKETS_ALONE = re.compile(r"[\s{}()\[\];,]*$")


@dataclass(frozen=True, slots=True)
class Scope:
    """What encloses a declaration: a type (or impl), or a function. `head` is its first line."""

    indent: int
    name: str
    is_type: bool
    head: str
    public: bool


@dataclass(frozen=True, eq=False)
class Declaration:
    """A declaration on one side. Indices are of the side's lines; `signature` is its head on one line.

    `top` is where the head begins, `first` the line with the name (below it where a type has a line of its own),
    `last` where it ends. `changed`: only this side has the line with the name. `span_changed`: that or another line of
    the head. `complete`: the head ends within the hunk. `prototype`: it has no body (a C header, an interface).
    """

    thing: Thing
    name: str
    bare: str
    container: str | None
    nested: bool
    indent: int
    top: int
    first: int
    last: int
    changed: bool
    span_changed: bool
    signature: str
    parameters: str | None
    complete: bool
    prototype: bool
    public: bool
    side: SideText = field(repr=False)

    @property
    def row(self) -> int:
        """The index in the hunk's rows: equal on both sides for a context line."""
        return self.side.rows[self.first]

    @cached_property
    def body(self) -> frozenset[str]:
        """Lines after the head without blank ones and lone brackets, at most BODY_LINES, until a dedent."""
        kept: list[str] = []
        for line in self.side.lines[self.last + 1 : self.last + 1 + BODY_LINES * 2]:
            stripped = line.strip()
            if _BRACKETS_ALONE.match(stripped):
                continue
            if len(line) - len(line.lstrip()) <= self.indent:
                break
            kept.append(stripped)
        return frozenset(kept[:BODY_LINES])


def declarations_in(side: SideText, language: Language, path: str) -> list[Declaration]:
    """The declarations of one side of a hunk of the file, in order, out of at most CANDIDATES_PER_SIDE."""
    return list(_Scanner(side, language, path).run())


def header_scope(header: str, language: Language) -> Scope | None:
    """What the hunk header says the hunk's first lines are in; None when it names no declaration."""
    found = language.pattern.match("\n" + header)
    if found is None or found.lastgroup in ("closing", "indent"):
        return None
    group = found.lastgroup or ""
    kind, name = thing_of(group), found[group]
    if kind is Thing.CONSTANT or name in language.not_names:
        return None
    receiver = found.groupdict().get("receiver")
    full = f"{receiver}.{name}" if receiver else name
    return Scope(0, full, kind is not Thing.FUNCTION, header, language.is_public(header, name))


class _Scanner:
    """Walks the matches of a language's pattern over one side, keeping what encloses what."""

    def __init__(self, side: SideText, language: Language, path: str) -> None:
        self.side = side
        self.language = language
        self.heads = HeadReader(language, path, side.text, side.masked)
        scope = header_scope(side.header, language)
        # A method's header stands there without its indentation: what its class is, is not known.
        is_method = scope is not None and not scope.is_type and _OWN_RECEIVER.search(side.header)
        self.scopes: list[Scope] = [scope] if scope and not is_method else []
        self.seen = 0  # the scopes are known not to be closed before this offset

    def run(self) -> Iterator[Declaration]:
        for found in islice(self.language.pattern.finditer(self.side.masked), CANDIDATES_PER_SIDE):
            group = found.lastgroup or ""
            name = found[group]
            if name in self.language.not_names:
                continue
            self._leave(len(found["indent"]), found.start())
            within = self.scopes[-1] if self.scopes else None
            head = self.heads.read(found, within.head if within and within.is_type else None)
            if head is None:
                continue
            thing = head.thing or thing_of(group)
            declaration = self._declaration(found, thing, head, within) if thing else None
            if declaration is not None:
                yield declaration
            if thing is not Thing.CONSTANT and not head.prototype:
                self._enter(found, thing, declaration, head)

    def _leave(self, indent: int, start: int) -> None:
        while self.scopes:
            scope = self.scopes[-1]
            if scope.indent < indent and not self._closed(scope, start):
                break
            self.scopes.pop()
        self.seen = max(self.seen, start)

    def _closed(self, scope: Scope, start: int) -> bool:
        return _closer(scope.indent, self.language.indented).search(self.side.masked, self.seen, start + 1) is not None

    def _enter(self, found: re.Match[str], thing: Thing | None, declaration: Declaration | None, head: Head) -> None:
        name = found[found.lastgroup or 0]
        line = self.side.lines[self.side.index_at(found.start(found.lastgroup or 0))]
        public = declaration.public if declaration else self.language.is_public(line, name)
        self.scopes.append(Scope(len(found["indent"]), name, thing is not Thing.FUNCTION, line, public))
        self.seen = max(self.seen, head.end)

    def _declaration(self, found: re.Match[str], thing: Thing, head: Head, within: Scope | None) -> Declaration:
        side, group = self.side, found.lastgroup or ""
        name = found[group]
        start, named = found.end("indent"), found.start(group)
        first, last = side.index_at(named), side.index_at(max(named, head.end - 1))
        container = found.groupdict().get("receiver") or (within.name if within and within.is_type else None)
        return Declaration(
            thing=thing,
            name=f"{container}.{name}" if container else name,
            bare=name.rpartition("::")[2].rpartition(".")[2],
            container=container,
            nested=within is not None and not within.is_type,
            indent=len(found["indent"]),
            top=min(first, side.index_at(start)),
            first=first,
            last=last,
            changed=side.changed[first],
            span_changed=any(side.changed[first : last + 1]),
            signature=self._signature(start, head.end),
            parameters=head.parameters,
            complete=head.complete,
            prototype=head.prototype,
            public=self._public(side.lines[first], name, group, within),
            side=side,
        )

    def _signature(self, start: int, end: int) -> str:
        """The head on one line, without its comments; strings stay."""
        text = self.side.text[start:end]
        if self.side.masked[start:end] != text:
            text = self.language.noise.sub(_without_comment, text)
        return _SPACE.sub(" ", text).strip(" {;")

    def _public(self, line: str, name: str, group: str, within: Scope | None) -> bool:
        if within is not None and not within.is_type:
            return False
        if within is not None and _OPEN_TYPE.search(within.head):
            return within.public
        if group == "method" and self.language.name == "TypeScript":
            hidden = name.startswith(("#", "_")) or _HIDDEN.search(line)
            return within is not None and within.public and not hidden
        return self.language.is_public(line, name) and (within is None or within.public or not self.language.indented)


def _without_comment(found: re.Match[str]) -> str:
    return "" if found[0].startswith(("/", "#", "--")) else found[0]


@cache
def _closer(indent: int, indented: bool) -> re.Pattern[str]:
    """What ends a container of this indentation: a closing brace, or in indented languages any other statement."""
    if indented:
        return re.compile(rf"\n[ \t]{{0,{indent}}}[^\s)\]}}#@]")
    return re.compile(rf"\n[ \t]{{0,{indent}}}\}}")
