"""What a commit adds, removes, renames and changes, as facts with evidence. The way in is `facts_of`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.paths import Role, role_of
from workers.analysis.symbols.code_facts import code_diff, code_facts
from workers.analysis.symbols.configuration import settings_in
from workers.analysis.symbols.dependencies import dependencies_in, is_manifest
from workers.analysis.symbols.exposed import exposed_in
from workers.analysis.symbols.languages import ending_of
from workers.analysis.symbols.mentions import Mention, compare
from workers.analysis.symbols.options import options_in
from workers.analysis.symbols.readings import Reading, read_patch
from workers.analysis.symbols.routes import routes_in
from workers.analysis.symbols.schemas import SCHEMA_ENDINGS, fields_in, migration_facts
from workers.analysis.symbols.sides import SideText
from workers.analysis.symbols.trees import tree_facts
from workers.model import Commit, FileChange

FACTS_PER_FILE = 400  # facts of one file that are told one by one; the others are summed up by thing and deed
MINIFIED_LINE = 400  # average characters of a line from which a patch is taken for minified or data, and not read
FILES_READ = 3000  # files of a commit whose text is read; the others count as files alone

UNREAD = frozenset({Role.LOCK, Role.GENERATED, Role.VENDORED, Role.ASSET, Role.LOCALE})
"""Roles of files that are never read: only facts of the file itself are told."""

_NOT_PUBLIC = frozenset({Role.TEST, Role.EXAMPLE, Role.DOCS, Role.CI, Role.BUILD})
_INTERNAL = re.compile(
    r"(?:^|/)(?:tools?|scripts?|hack|dev|ci|build|bench(?:marks?)?|playground|test[-_]?apps?|fixtures)/"
)
_EXPOSES = frozenset({Role.SOURCE, Role.BUILD, Role.CONFIG, Role.MANIFEST, Role.SCHEMA, Role.CI})


def facts_of(commit: Commit) -> tuple[Fact, ...]:
    """Every fact the patches show: of files first, then of what is in them, mere touches last.

    Lock files, generated and vendored files give facts of the file alone. Nothing is raised for hostile patches.
    """
    facts = [fact for file in commit.files for fact in tree_facts(file)]
    readings = [read_patch(file) for file in commit.files if _is_read(file)][:FILES_READ]
    inner = [_seen_from_outside(fact) for fact in _inner_facts(readings)]
    facts += sorted(inner, key=lambda fact: fact.deed is Deed.TOUCHED)
    return tuple(_capped(facts))


def _is_read(file: FileChange) -> bool:
    if not file.patch or file.is_submodule or role_of(file.path) in UNREAD:
        return False
    return len(file.patch) < MINIFIED_LINE * (file.patch.count("\n") + 10)


def _inner_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    exposing = [reading for reading in readings if reading.language is not None and reading.role in _EXPOSES]
    yield from compare(
        [one for reading in exposing for side in reading.olds() for one in _exposed(side, reading)],
        [one for reading in exposing for side in reading.news() for one in _exposed(side, reading)],
    )
    for reading in readings:
        yield from _facts_of_file(reading)
    yield from code_facts([diff for reading in readings if (diff := code_diff(reading)) is not None])


def _exposed(side: SideText, reading: Reading) -> Iterator[Mention]:
    """What people outside meet wherever it stands: told over all files of a commit, since it may move."""
    yield from exposed_in(side, reading.path)
    yield from routes_in(side, reading.path)


def _facts_of_file(reading: Reading) -> Iterator[Fact]:
    old, new = (
        [one for side in sides for one in _mentions(side, reading)] for sides in (reading.olds(), reading.news())
    )
    if old or new:
        yield from compare(old, new, one_each=True)
    if reading.role is Role.SCHEMA or "migrat" in reading.path:
        for side in reading.news():
            yield from migration_facts(side, reading.path)


def _mentions(side: SideText, reading: Reading) -> Iterator[Mention]:
    if is_manifest(reading.path):
        yield from dependencies_in(side, reading.path)
    elif ending_of(reading.path) in SCHEMA_ENDINGS and reading.role is not Role.TEST:
        yield from fields_in(side, reading.path)
    elif reading.language is not None:
        if reading.role in _EXPOSES:
            yield from options_in(side, reading.language, reading.path)
    elif reading.role is Role.CONFIG:
        yield from settings_in(side, reading.path)


def _seen_from_outside(fact: Fact) -> Fact:
    if fact.public and (role_of(fact.path) in _NOT_PUBLIC or _INTERNAL.search(fact.path)):
        return fact.model_copy(update={"public": False})
    return fact


def _capped(facts: Iterable[Fact]) -> Iterator[Fact]:
    told: Counter[str] = Counter()
    beyond: defaultdict[tuple[str, Thing, Deed], int] = defaultdict(int)
    for fact in facts:
        told[fact.path] += 1
        if told[fact.path] <= FACTS_PER_FILE:
            yield fact
        else:
            beyond[fact.path, fact.thing, fact.deed] += 1
    for (path, thing, deed), count in beyond.items():
        yield Fact(thing=thing, deed=deed, name=path, path=path, count=count)
