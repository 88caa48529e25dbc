"""Statements that place a change in a file: it must change there, not only elsewhere in the commit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from workers.analysis.grounding.directions.claims import Claim, Deed, bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, Reading
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.grounding.whereabouts.alone import is_wrong_alone
from workers.analysis.grounding.whereabouts.beside import is_advised, misplaced
from workers.analysis.grounding.whereabouts.located import mislocated
from workers.analysis.grounding.whereabouts.things import changed_files, homes_of, things_in
from workers.model import Side, Statement


def place_faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Files of which a statement says what happens in others."""
    if len(ground.files) < 2:
        return
    for sentence in reading.sentences:
        if named := _named(sentence, reading, ground):
            yield from (_wrong(mark, reading) for mark in _wrong_places(sentence, named, statement, reading, ground))


def _named(sentence: str, reading: Reading, ground: Ground) -> dict[str, tuple[ChangedFile, ...]]:
    """The changed files that a sentence names, by their marks in it."""
    files = {char: changed_files(reading.name(char), ground) for _, char in _marks(sentence)}
    return {mark: found for mark, found in files.items() if found}


def _marks(sentence: str) -> list[tuple[int, str]]:
    """The characters of a sentence that stand for names, with their places."""
    return [(at, char) for at, char in enumerate(sentence) if FIRST <= ord(char) <= LAST]


def _wrong_places(
    sentence: str,
    named: Mapping[str, tuple[ChangedFile, ...]],
    statement: Statement,
    reading: Reading,
    ground: Ground,
) -> Iterator[str]:
    """The marks of files of which a sentence tells what is not so."""
    things = things_in(sentence, reading, ground)
    if mark := mislocated(sentence, named, things, statement, ground):
        yield mark
        return
    if things and (mark := misplaced(sentence, named, things)):
        yield mark
    if len(named) != 1 or len(reading.sentences) != 1:
        return
    ((mark, files),) = named.items()
    if things:
        is_wrong = _is_unshown(sentence, mark, files, statement)
    else:
        is_wrong = is_wrong_alone(sentence, mark, files, statement, ground)
    if is_wrong:
        yield mark


def _is_unshown(sentence: str, mark: str, files: Sequence[ChangedFile], statement: Statement) -> bool:
    """Whether a change is placed in files while all that is quoted stands in others."""
    shown = {item.path for item in statement.evidence}
    before, after = sentence[: sentence.index(mark)], sentence[sentence.index(mark) + 1 :]
    placed = re.search(r"(?:\b(?:in|within|inside|into|from)\s+(?:the\s+)?|在\s*)$", before, re.IGNORECASE) or (
        not before.strip(" ：:") and re.match(r"\s*(?:中|里|内)", after)
    )
    return bool(shown and placed) and not any(
        path == item or path.endswith("/" + item) for file in files for path in file.paths for item in shown
    )


def side_faults(claims: Sequence[Claim], sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are said to come or go in the one file that a sentence names, and do so only in others."""
    named = _named(sentence, reading, ground)
    if len({reading.name(mark).text for mark in named}) != 1 or len(ground.files) < 2:
        return
    first, own = next(iter(named.items()))
    file = reading.name(first)
    for claim in claims:
        if claim.name.text == file.text or claim.deed is Deed.MOVED or _is_apart(sentence, first, claim, reading):
            continue
        if any(reading.name(char) == claim.name and is_advised(sentence[:at]) for at, char in _marks(sentence)):
            continue
        comes = claim.deed in (Deed.ADDED, Deed.NEW)
        side: Side = "new" if comes else "old"
        if claim.near and not any(one.side(side) for one in own):
            yield Fault(code="not_added" if comes else "not_removed", details={"what": claim.name.text})
            return
        form, _ = homes_of(bare(claim.name.text), ground)
        here = any(stands(form, one.side(side)) for one in own)
        if not here and any(stands(form, one.side(side)) for one in ground.files if one not in own):
            yield _wrong(first, reading)
            return


def _is_apart(sentence: str, mark: str, claim: Claim, reading: Reading) -> bool:
    """Whether a file stands behind a comma and the name of a claim in another part of the sentence."""
    parts = re.split(r"[，,；;]\s*", sentence)
    return mark not in parts[0] and not any(mark in part and claim.name in reading.names_in(part) for part in parts)


def _wrong(mark: str, reading: Reading) -> Fault:
    return Fault(code="wrong_file", details={"what": reading.name(mark).text})
