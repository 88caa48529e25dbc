"""Facts about declarations: per file what was kept, changed, renamed; across files what moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.symbols.declarations import Declaration, declarations_in
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.languages import HEADER_ENDINGS, ending_of
from workers.analysis.symbols.pairing import CANDIDATES, SAME_BODY, Pair, Pairing, pair, similarity
from workers.analysis.symbols.parameters import parameters_of
from workers.analysis.symbols.readings import Reading
from workers.analysis.symbols.touched import touched_in
from workers.model import Evidence, Side

TEXT_LIMIT = 300  # characters of a signature or default in a fact
COMMON_NAMES = frozenset(
    {"main", "new", "init", "setup", "run", "get", "set", "default", "render", "data", "name", "build"}
)

_OVERLOADS = frozenset({"Java", "C++", "C#", "Kotlin", "Scala", "Swift", "TypeScript"})


@dataclass(frozen=True, slots=True)
class CodeDiff:
    """The declarations of one file's diff, paired, and the functions it merely touches."""

    path: str
    language: Language
    pairing: Pairing
    touched: tuple[Fact, ...]


def code_diff(reading: Reading) -> CodeDiff | None:
    """The declarations of one file's patch; None where its language is not known."""
    language, path = reading.language, reading.path
    if language is None:
        return None
    sides: dict[Side, list[tuple[int, Declaration]]] = {"old": [], "new": []}
    touched: dict[str, Fact] = {}
    for number, both in enumerate(reading.hunks):
        for side in reversed(both):
            declarations = declarations_in(side, language, path)
            sides[side.side] += [(number, declaration) for declaration in declarations]
            for fact in touched_in(side, declarations, language, path):
                touched.setdefault(fact.name, fact)
    pairing = pair(sides["old"], sides["new"], language.name in _OVERLOADS)
    return CodeDiff(path, language, pairing, tuple(touched.values()))


def code_facts(diffs: Sequence[CodeDiff]) -> Iterator[Fact]:
    """The facts of all files of a commit: what is gone in one and new in another has moved."""
    removed = [(diff.path, one) for diff in diffs for one in diff.pairing.removed]
    added = [(diff.path, one) for diff in diffs for one in diff.pairing.added]
    moves = _moves(removed, added)
    gone = {id(was) for _, was, _, _ in moves} | _shadowed(removed)
    come = {id(now) for _, _, _, now in moves} | _shadowed(added)
    in_headers = {one.name for path, one in (*removed, *added) if one.prototype and ending_of(path) in HEADER_ENDINGS}
    told: set[tuple[str, str]] = set()
    facts = [_moved(*move) for move in moves]
    facts += [fact for diff in diffs for fact in _paired(diff)]
    facts += [_plain(Deed.ADDED, path, one, in_headers) for path, one in _distinct(added) if id(one) not in come]
    facts += [_plain(Deed.REMOVED, path, one, in_headers) for path, one in _distinct(removed) if id(one) not in gone]
    order = {diff.path: number for number, diff in enumerate(diffs)}
    facts.sort(key=lambda fact: order.get(fact.path, 0))
    told.update((fact.path, fact.name.partition("(")[0]) for fact in facts)
    yield from facts
    yield from (fact for diff in diffs for fact in diff.touched if (fact.path, fact.name) not in told)


def _distinct(declarations: Iterable[tuple[str, Declaration]]) -> Iterator[tuple[str, Declaration]]:
    """Without repeats such as `typedef struct name {...} name;` or alternatives under #ifdef."""
    seen: set[tuple[str, str, str]] = set()
    for path, one in declarations:
        key = (path, one.thing, one.name)
        if key not in seen:
            seen.add(key)
            yield path, one


def _shadowed(declarations: Sequence[tuple[str, Declaration]]) -> set[int]:
    """Prototypes in headers whose definitions are in the commit too: the definition tells it."""
    defined = {one.name for _, one in declarations if not one.prototype and one.thing is Thing.FUNCTION}
    return {id(one) for _, one in declarations if one.prototype and one.name in defined}


Move = tuple[str, Declaration, str, Declaration]


def _moves(removed: Sequence[tuple[str, Declaration]], added: Sequence[tuple[str, Declaration]]) -> list[Move]:
    waiting: defaultdict[tuple[str, str], list[tuple[str, Declaration]]] = defaultdict(list)
    for path, one in removed:
        waiting[one.thing, one.bare].append((path, one))
    moves: list[Move] = []
    for path, now in added:
        candidates = waiting[now.thing, now.bare]
        best = max(
            candidates[:CANDIDATES], key=lambda entry: _moved_likely(entry[0], entry[1], path, now), default=None
        )
        if best is not None and _moved_likely(best[0], best[1], path, now) > 0:
            candidates.remove(best)
            moves.append((*best, path, now))
    return moves


def _moved_likely(old_path: str, was: Declaration, path: str, now: Declaration) -> float:
    if old_path == path or was.prototype != now.prototype:
        return 0.0
    alike = similarity(was.body, now.body)
    if alike >= SAME_BODY:
        return 1 + alike
    same_home = was.container == now.container
    if now.thing is Thing.TYPE and same_home and len(now.bare) > 3:
        return 0.4
    telling = same_home and (was.bare not in COMMON_NAMES) and len(was.bare) > 3
    return 0.5 if telling and (was.signature == now.signature or alike > 0.3) else 0.0


def _moved(old_path: str, was: Declaration, path: str, now: Declaration) -> Fact:
    evidence = (_evidence(was, old_path), _evidence(now, path))
    public = was.public or now.public
    return Fact(
        thing=now.thing, deed=Deed.MOVED, name=now.name, path=path, public=public, old=old_path, evidence=evidence
    )


def _plain(deed: Deed, path: str, one: Declaration, in_headers: set[str]) -> Fact:
    """An added or removed declaration. In C a function is public where a header of the commit shows it too."""
    signature = one.signature[:TEXT_LIMIT]
    public = one.public
    if one.side is not None and _is_c_source(path):
        public = public and one.name in in_headers
    return Fact(
        thing=one.thing,
        deed=deed,
        name=one.name,
        path=path,
        public=public,
        old=signature if deed is Deed.REMOVED else None,
        new=signature if deed is Deed.ADDED else None,
        evidence=(_evidence(one, path),),
    )


def _is_c_source(path: str) -> bool:
    return ending_of(path) in ("c", "cc", "cpp", "cxx")


def _paired(diff: CodeDiff) -> Iterator[Fact]:
    for was, now in diff.pairing.renamed:
        yield _between(Deed.RENAMED, diff.path, was, now, was.name, now.signature)
    for was, now in diff.pairing.kept:
        if _differs(was, now):
            yield _between(Deed.CHANGED, diff.path, was, now, was.signature, now.signature)
            yield from _parameter_facts(diff, (was, now))


def _differs(was: Declaration, now: Declaration) -> bool:
    if not (was.complete and now.complete) or not (was.span_changed or now.span_changed):
        return False
    return _squeezed(was.signature) != _squeezed(now.signature)


def _squeezed(signature: str) -> str:
    """A signature without what formatters add: blanks and trailing commas."""
    return "".join(signature.split()).replace(",)", ")").replace(",]", "]").replace(",>", ">")


def _between(deed: Deed, path: str, was: Declaration, now: Declaration, old: str, new: str) -> Fact:
    return Fact(
        thing=now.thing,
        deed=deed,
        name=now.name,
        path=path,
        public=(was.public or now.public) and not _is_c_source(path),
        old=old[:TEXT_LIMIT],
        new=new[:TEXT_LIMIT],
        evidence=(_evidence(was, path), _evidence(now, path)),
    )


def _parameter_facts(diff: CodeDiff, both: Pair) -> Iterator[Fact]:
    was, now = both
    if was.parameters is None or now.parameters is None:
        return
    style = diff.language.parameters
    before, after = parameters_of(was.parameters, style), parameters_of(now.parameters, style)
    for name in [*before, *(name for name in after if name not in before)]:
        deed = Deed.ADDED if name not in before else Deed.REMOVED if name not in after else Deed.CHANGED
        old, new = before.get(name), after.get(name)
        if deed is Deed.CHANGED and old == new:
            continue
        shown = [one for one, has in ((was, before), (now, after)) if name in has]
        yield Fact(
            thing=Thing.PARAMETER,
            deed=deed,
            name=f"{now.name}({name})",
            path=diff.path,
            public=(was.public or now.public) and not _is_c_source(diff.path),
            old=old[:TEXT_LIMIT] if old else None,
            new=new[:TEXT_LIMIT] if new else None,
            evidence=tuple(_parameter_evidence(one, name, diff.path) for one in shown),
        )


def _parameter_evidence(one: Declaration, name: str, path: str) -> Evidence:
    """The changed line of the signature that has the parameter's name, else the whole signature."""
    for index in range(one.first, one.last + 1):
        if one.side.changed[index] and name in one.side.lines[index]:
            return one.side.evidence(path, index)
    return _evidence(one, path)


def _evidence(one: Declaration, path: str) -> Evidence:
    return one.side.evidence(path, one.top, one.last)
