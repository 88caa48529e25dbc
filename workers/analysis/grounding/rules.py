"""The rules in their order: each reads a statement and yields what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.directions.antonyms import antonym_faults
from workers.analysis.grounding.directions.chinese import chinese_claims, chinese_turns
from workers.analysis.grounding.directions.claims import Claim, claim_faults
from workers.analysis.grounding.directions.denials import denial_faults
from workers.analysis.grounding.directions.english import english_claims, english_turns
from workers.analysis.grounding.directions.leanings import leaning_faults
from workers.analysis.grounding.directions.levels import level_faults
from workers.analysis.grounding.directions.marks import mark_faults
from workers.analysis.grounding.directions.moves import move_faults
from workers.analysis.grounding.directions.opposites import opposite_faults
from workers.analysis.grounding.directions.qualities import quality_faults
from workers.analysis.grounding.directions.sequences import sequence_faults
from workers.analysis.grounding.directions.states import state_faults
from workers.analysis.grounding.directions.succession import succession_faults
from workers.analysis.grounding.directions.swaps import pair_faults
from workers.analysis.grounding.directions.tellings import claim_told_faults, telling_faults
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.figures.balance import balance_faults
from workers.analysis.grounding.figures.figures import figure_faults
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.names.expansions import expansion_faults
from workers.analysis.grounding.names.names import name_faults
from workers.analysis.grounding.names.references import reference_faults
from workers.analysis.grounding.prose.reading import N, Reading
from workers.analysis.grounding.unchanged.improvements import improvement_faults
from workers.analysis.grounding.unchanged.staying import staying_faults
from workers.analysis.grounding.unchanged.unchanged import unchanged_faults
from workers.analysis.grounding.whereabouts.contrasts import contrast_faults
from workers.analysis.grounding.whereabouts.doers import doer_faults
from workers.analysis.grounding.whereabouts.sorts import sort_faults
from workers.analysis.grounding.whereabouts.whereabouts import place_faults, side_faults
from workers.model import Statement


def faults_of_text(statement: Statement, ground: Ground) -> tuple[Fault, ...]:
    """What is wrong with what a statement says; its evidence is taken as found. A proposal may name what is new."""
    reading = Reading(statement.text, ground.quotes, lambda word: ground.presence(word).changes)
    return tuple(dict.fromkeys(_faults(statement, reading, ground)))


def _faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    yield from reference_faults(reading, ground)
    yield from expansion_faults(reading, ground)
    yield from unchanged_faults(statement, reading, ground)
    yield from improvement_faults(reading, ground)
    if statement.proposed:
        return
    yield from name_faults(reading, ground)
    yield from figure_faults(reading, ground)
    yield from balance_faults(reading, ground)
    for sentence in reading.sentences:
        claims = tuple(_claims(sentence, reading))
        yield from claim_faults(claims, ground)
        yield from claim_told_faults(claims, ground)
        yield from side_faults(claims, sentence, reading, ground)
    yield from pair_faults(reading, ground)
    yield from doer_faults(reading, ground)
    yield from level_faults(reading, ground)
    yield from opposite_faults(statement, reading, ground)
    yield from place_faults(statement, reading, ground)
    yield from sort_faults(reading, ground)
    yield from contrast_faults(statement, reading, ground)
    yield from leaning_faults(reading, ground)
    yield from antonym_faults(reading, ground)
    yield from state_faults(reading, ground)
    yield from denial_faults(reading, ground)
    yield from sequence_faults(reading, ground)
    yield from succession_faults(reading, ground)
    yield from move_faults(reading, ground)
    yield from quality_faults(reading, ground)
    yield from mark_faults(reading, ground)
    yield from staying_faults(reading, ground)
    yield from telling_faults(reading, ground)


def _claims(sentence: str, reading: Reading) -> Iterator[Claim]:
    """What a sentence claims of names, but for those that it gives as examples."""
    sources = (chinese_claims, chinese_turns) if reading.is_chinese else (english_claims, english_turns)
    examples = {reading.name(match[1]) for match in _EXAMPLE.finditer(sentence)}
    yield from (claim for source in sources for claim in source(sentence, reading) if claim.name not in examples)


_EXAMPLE = re.compile(rf"(?:像|例如|比如|\bsuch as|\be\.g\.,?|\blike)\s*({N})", re.IGNORECASE)
