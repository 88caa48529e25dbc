"""What became of declarations between the two sides of one file's diff: kept, changed, renamed, gone, or new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from workers.analysis.symbols.declarations import Declaration

RENAME_LIMIT = 40  # declarations of a side that are compared for renames in one file
CANDIDATES = 20  # declarations of one name that are looked at for a partner
SAME_BODY = 0.6  # share of equal lines from which two bodies count as one
SAME_NAME = 0.6  # similarity of names from which an equal signature in the same place counts as a rename
FEWEST_LINES = 2  # lines a body must have before its likeness tells anything

Pair = tuple[Declaration, Declaration]


@dataclass(frozen=True, slots=True)
class Pairing:
    """`kept` are declarations that both sides have (old, new), whether or not their signatures differ."""

    kept: tuple[Pair, ...]
    renamed: tuple[Pair, ...]
    removed: tuple[Declaration, ...]
    added: tuple[Declaration, ...]


def pair(old: Sequence[tuple[int, Declaration]], new: Sequence[tuple[int, Declaration]], overloads: bool) -> Pairing:
    """Pairs the declarations of a file's old and new sides, each given with the index of its hunk.

    `overloads`: the language lets several declarations share a name, so that one more of a name is news.
    """
    kept = _in_context(old, new)
    removed = [declaration for _, declaration in old if declaration.changed]
    added = [declaration for _, declaration in new if declaration.changed]
    for key in (_exact_key, _name_key, _bare_key):
        same, removed, added = _match(removed, added, key)
        kept += same
    if not overloads:
        removed = _without(removed, {d.name for _, d in new} | {d.name for _, d in old if not d.changed})
        added = _without(added, {d.name for _, d in old} | {d.name for _, d in new if not d.changed})
    renamed, removed, added = _renames(removed, added)
    return Pairing(tuple(kept), tuple(renamed), tuple(removed), tuple(added))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of lines that two bodies have in common, 0 to 1; 0 where either is too short to tell."""
    if min(len(one), len(other)) < FEWEST_LINES:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _in_context(old: Sequence[tuple[int, Declaration]], new: Sequence[tuple[int, Declaration]]) -> list[Pair]:
    """Declarations whose line with the name is context, so that both sides have it."""
    before = {(hunk, d.row, d.name): d for hunk, d in old if not d.changed}
    both = ((before.get((hunk, d.row, d.name)), d) for hunk, d in new if not d.changed)
    return [(was, now) for was, now in both if was is not None]


def _exact_key(declaration: Declaration) -> tuple[str, ...]:
    return (declaration.thing, declaration.name, declaration.signature)


def _name_key(declaration: Declaration) -> tuple[str, ...]:
    return (declaration.thing, declaration.name)


def _bare_key(declaration: Declaration) -> tuple[str, ...]:
    return (declaration.thing, declaration.bare)


def _match(
    removed: list[Declaration], added: list[Declaration], key: Callable[[Declaration], tuple[str, ...]]
) -> tuple[list[Pair], list[Declaration], list[Declaration]]:
    waiting: defaultdict[tuple[str, ...], list[Declaration]] = defaultdict(list)
    for declaration in removed:
        waiting[key(declaration)].append(declaration)
    pairs: list[Pair] = []
    left: list[Declaration] = []
    for declaration in added:
        candidates = waiting.get(key(declaration), [])
        at = next((at for at, one in enumerate(candidates[:CANDIDATES]) if _may_be_one(one, declaration)), None)
        if at is None:
            left.append(declaration)
        else:
            pairs.append((candidates.pop(at), declaration))
    paired = {id(was) for was, _ in pairs}
    return pairs, [one for one in removed if id(one) not in paired], left


def _may_be_one(was: Declaration, now: Declaration) -> bool:
    """Two of one name are the same unless both are known to live in different containers with different bodies."""
    if was.container is None or now.container is None or was.container == now.container:
        return True
    return similarity(was.body, now.body) >= SAME_BODY


def _without(declarations: Iterable[Declaration], names: set[str]) -> list[Declaration]:
    return [declaration for declaration in declarations if declaration.name not in names]


def _renames(
    removed: list[Declaration], added: list[Declaration]
) -> tuple[list[Pair], list[Declaration], list[Declaration]]:
    scored = [
        (score, was, now)
        for was in removed[:RENAME_LIMIT]
        for now in added[:RENAME_LIMIT]
        if was.thing == now.thing and (score := _likeness(was, now)) > 0
    ]
    pairs: list[Pair] = []
    taken: set[int] = set()
    for _, was, now in sorted(scored, key=lambda entry: -entry[0]):
        if id(was) not in taken and id(now) not in taken:
            taken |= {id(was), id(now)}
            pairs.append((was, now))
    return pairs, [d for d in removed if id(d) not in taken], [d for d in added if id(d) not in taken]


def _likeness(was: Declaration, now: Declaration) -> float:
    """0 unless `now` is `was` under another name: an equal body, or an equal signature under a similar name."""
    bodies = similarity(was.body, now.body)
    if bodies >= SAME_BODY:
        return 1 + bodies
    alike = was.signature.replace(was.bare, "", 1) == now.signature.replace(now.bare, "", 1)
    if not alike or abs(was.row - now.row) > RENAME_LIMIT:
        return 0.0
    names = SequenceMatcher(None, was.bare, now.bare, autojunk=False).ratio()
    long_enough = len(was.signature) - len(was.bare) > len("def ():")
    return names if names >= SAME_NAME and long_enough and bodies > 0 else 0.0
