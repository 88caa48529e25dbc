"""Named things that lines of a diff mention (flags, settings, dependencies, fields), and what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.symbols.sides import SideText

VALUE_LIMIT = 200  # characters of an old or new value

UNKNOWN = ""
"""The value of a mention whose value the line with its name does not hold: nothing is said of it."""

_GOES_ON = ("(", "[", "{", ",", "|", ">-", "|-", "\\", "=")


@dataclass(frozen=True, slots=True)
class Mention:
    """One named thing on one side. Lines `first` to `last` (indices of the side) hold its name and its value.

    `value` is what may differ between the sides: a default, a version, a type; None where there is none, UNKNOWN where
    it stands elsewhere.
    """

    thing: Thing
    name: str
    path: str
    side: SideText = field(repr=False, compare=False)
    first: int
    last: int
    value: str | None = None
    public: bool = False

    @property
    def changed(self) -> bool:
        """Whether only this side has the line with the name."""
        return self.side.changed[self.first]

    @property
    def span_changed(self) -> bool:
        return any(self.side.changed[self.first : self.last + 1])


def mention(
    side: SideText, path: str, thing: Thing, name: str, at: tuple[int, int], value: str | None = None
) -> Mention:
    """A public mention by the offsets in the side's text of its first character and after its last."""
    first, last = side.index_at(at[0]), side.index_at(max(at[0], at[1] - 1))
    return Mention(thing, name, path, side, first, last, settled(value), public=True)


def settled(value: str | None) -> str | None:
    """The value, or UNKNOWN where it goes on in lines below."""
    return UNKNOWN if value is not None and value.rstrip().endswith(_GOES_ON) else value


def compare(old: Sequence[Mention], new: Sequence[Mention], *, one_each: bool = False) -> Iterator[Fact]:
    """Facts from what one side mentions and the other does not, and from values that differ.

    A name that either side has more than once in a file gives no fact about its value, and with `one_each` none at
    all: it cannot be told which became which.
    """
    before, after = _by_key(old), _by_key(new)
    for key, entries in after.items():
        if key not in before and entries[0].changed and not (one_each and len(entries) > 1):
            yield _fact(Deed.ADDED, None, entries[0])
    for key, entries in before.items():
        if key not in after and entries[0].changed and not (one_each and len(entries) > 1):
            yield _fact(Deed.REMOVED, entries[0], None)
    yield from _value_changes(old, new)


def _by_key(mentions: Iterable[Mention]) -> dict[tuple[Thing, str], list[Mention]]:
    """By thing and name, those whose own line changed first."""
    found: defaultdict[tuple[Thing, str], list[Mention]] = defaultdict(list)
    for one in mentions:
        found[one.thing, one.name].append(one)
    return {key: sorted(entries, key=lambda one: not one.changed) for key, entries in found.items()}


def _value_changes(old: Sequence[Mention], new: Sequence[Mention]) -> Iterator[Fact]:
    counts = [Counter((one.path, one.thing, one.name) for one in side) for side in (old, new)]
    before = {(one.path, one.thing, one.name): one for one in old}
    for now in new:
        key = (now.path, now.thing, now.name)
        was = before.get(key)
        if was is None or counts[0][key] > 1 or counts[1][key] > 1:
            continue
        if was.value == now.value or UNKNOWN in (was.value, now.value):
            continue
        if was.span_changed or now.span_changed:
            yield _fact(Deed.CHANGED, was, now)


def _fact(deed: Deed, was: Mention | None, now: Mention | None) -> Fact:
    shown = [one for one in (was, now) if one is not None]
    one = shown[-1]
    return Fact(
        thing=one.thing,
        deed=deed,
        name=one.name,
        path=one.path,
        public=any(entry.public for entry in shown),
        old=_clipped(was),
        new=_clipped(now),
        evidence=tuple(entry.side.evidence(entry.path, entry.first, entry.last) for entry in shown),
    )


def _clipped(one: Mention | None) -> str | None:
    return one.value[:VALUE_LIMIT] if one is not None and one.value else None
