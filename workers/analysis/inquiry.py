"""The judging of one commit by a model: packed text -> notes on its parts -> a draft -> what of it holds -> verdict.

Nothing that a model says stands in a judgement unchecked, and none of it can undo what the rules are sure of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prompts.prompts import load
from workers.analysis.grounding.fault import told_with_faults
from workers.analysis.grounding.grounding import Checked, Ground, Rejected, check, faults_of, mend
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault, Question, Reader, T, Usage
from workers.analysis.packing.packing import Packed, excerpt
from workers.analysis.replies.bearing import bearing, bears
from workers.analysis.replies.drafts import Draft, merged, reader_of, schema_of, sections_of
from workers.analysis.replies.notes import notes_reader, notes_schema
from workers.analysis.replies.repairs import repairs_reader, repairs_schema
from workers.analysis.survey.survey import Survey
from workers.analysis.verdict import Verdict, verdict_of
from workers.analysis.wording.phrases import code_spans
from workers.model import Grounding, Judgement, Language, PatchGap, Statement, Tier, Triage
from workers.words import Words

MAX_OUTPUT = {Tier.HIGH: 2600, Tier.MEDIUM: 1200, Tier.LOW: 500}
"""Tokens that an analysis may take, by tier; a reply that needs more is asked for its missing sections."""

NOTES_OUTPUT = 1000
REPAIRS_OUTPUT = 1200

REPAIR_ROOM = 800
"""Tokens of the commit that are shown again with what did not hold."""


@dataclass(frozen=True)
class Case:
    """A commit made ready to be judged. `least` is what the rules say of it, `floor` what no judge may go below."""

    survey: Survey
    least: Triage
    floor: Tier
    packed: Packed
    ground: Ground


class PartReadings(Protocol):
    """Notes on parts of commits by all that they depend on. They are in English, and so serve every language."""

    def get(self, name: str) -> tuple[Statement, ...] | None:
        """The notes; None where the part has not been read, or they are gone."""

    def put(self, name: str, notes: tuple[Statement, ...]) -> None:
        """Keeps notes."""


def is_deep(tier: Tier) -> bool:
    """Whether a commit of this tier is for the model that judges the gravest."""
    return tier is Tier.HIGH


class Inquiry:
    """The judging of one commit by a model: what was asked so far, what it cost, what came of it."""

    def __init__(
        self, llm: Llm, language: Language, words: Words, case: Case, readings: PartReadings | None = None
    ) -> None:
        """`readings` has what was noted of parts that were read before; None: they are read anew."""
        self._llm = llm
        self._readings = readings
        self._language: Language = language
        self._words = words
        self._case = case
        self._content = ""
        self._idle = 0
        self.usage = Usage()
        self.model = ""
        self.verdict = Verdict(tier=case.least.tier, reasons=case.least.reasons, kinds=case.least.kinds)

    async def judgement(self, known: Verdict | None) -> Checked:
        """What of the model's judgement holds; `verdict` is set on the way.

        ModelFault("nothing_held") where neither a sentence of the summary nor the conclusion does.
        """
        case, asked = self._case, self._case.least.tier
        self._content = await self._read()
        draft = await self._bearing(await self._whole(asked, sections_of(asked)))
        said = verdict_of(case.survey, case.least, draft.tier, draft.tier_reasons, draft.kinds, self._holds)
        self.verdict = said.model_copy(update={"tier": known.tier, "kinds": known.kinds}) if known else said
        if self.verdict.tier.rank < asked.rank:
            draft = await self._raised(draft, asked)
        checked = await asyncio.to_thread(check, self._whole_or_not(draft), case.ground)
        checked = await self._mended(checked) if checked.rejected else checked
        self._ensure_said(checked.judgement)
        return checked.model_copy(update={"grounding": self._counted(checked.grounding)})

    async def _bearing(self, draft: Draft) -> Draft:
        """The draft without sentences that would do for any commit; those are counted as removed."""
        left, idle = await asyncio.to_thread(bearing, draft.judgement, self._case.ground)
        self._idle += idle
        self._ensure_said(left)
        return draft.model_copy(update={"judgement": left})

    def _ensure_said(self, judgement: Judgement) -> None:
        if not judgement.summary and judgement.conclusion is None:
            raise ModelFault("nothing_held", model=self.model)

    def _counted(self, grounding: Grounding) -> Grounding:
        counts = {"checked": grounding.checked + self._idle, "removed": grounding.removed + self._idle}
        return grounding.model_copy(update=counts)

    async def _raised(self, draft: Draft, asked: Tier) -> Draft:
        """The draft with the sections that a commit of a higher tier has besides."""
        more = [name for name in sections_of(self.verdict.tier) if name not in sections_of(asked)]
        lacking = draft.model_copy(update={"missing": (*draft.missing, *more)})
        return await self._bearing(merged(lacking, await self._whole(self.verdict.tier, more)))

    def _whole_or_not(self, draft: Draft) -> Judgement:
        """The judgement, saying of itself whether all is there: its sections, and the text of the commit."""
        commit = self._case.survey.commit
        readable = all(file.gap in (None, PatchGap.BINARY) for file in commit.files) and not commit.files_cut
        return draft.judgement.model_copy(update={"complete": readable and not draft.missing, "missing": draft.missing})

    async def _read(self) -> str:
        """What the last call is shown: the commit, or the notes on its parts where it does not fit one call."""
        packed = self._case.packed
        if len(packed.parts) == 1:
            return packed.parts[0]
        parts = enumerate(packed.parts, start=1)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._notes(number, part)) for number, part in parts]
        except ExceptionGroup as several:
            raise next((one for one in several.exceptions if isinstance(one, ModelFault)), several) from None
        return packed.combined([task.result() for task in tasks])

    async def _notes(self, number: int, part: str) -> tuple[Statement, ...]:
        prompt = load("part")
        content = prompt.content(part=str(number), parts=str(len(self._case.packed.parts)), commit=part)
        question = Question(
            name="notes",
            system=prompt.system("en"),
            content=content,
            json_schema=notes_schema(),
            max_output=NOTES_OUTPUT,
        )
        name = f"{self._llm.model()} {question.system}\n{content}"
        known = await asyncio.to_thread(self._readings.get, name) if self._readings else None
        if known is not None:
            return known
        found = await self._ask(question, notes_reader())
        if self._readings is not None:
            await asyncio.to_thread(self._readings.put, name, found)
        return found

    async def _whole(self, tier: Tier, sections: Sequence[str]) -> Draft:
        """The sections of an analysis; those that did not arrive whole are asked for once more."""
        draft = await self._draft(tier, sections)
        if not draft.missing:
            return draft
        try:
            return merged(draft, await self._draft(tier, draft.missing))
        except ModelFault as fault:
            self.usage += fault.usage
            return draft

    async def _draft(self, tier: Tier, sections: Sequence[str]) -> Draft:
        prompt, least = load(tier.value), self._case.least
        content = prompt.content(
            tier=least.tier.value,
            floor=self._case.floor.value,
            kinds=" ".join(least.kinds),
            sections=" ".join(sections),
            commit=self._content,
        )
        question = Question(
            name=f"analysis_{tier.value}",
            system=prompt.system(self._language),
            content=content,
            json_schema=schema_of(tier, sections),
            max_output=MAX_OUTPUT[tier],
            deep=is_deep(tier),
        )
        return await self._ask(question, reader_of(tier, self._words, sections))

    async def _mended(self, checked: Checked) -> Checked:
        """What did not hold goes back once with the reasons. What is not answered, or fails again, is removed."""
        prompt, rejected = load("repair"), checked.rejected
        faulty = ((number, item.statement.text, item.faults) for number, item in enumerate(rejected, start=1))
        question = Question(
            name="repairs",
            system=prompt.system(self._language),
            content=prompt.content(statements=told_with_faults(faulty), commit=self._about(rejected)),
            json_schema=repairs_schema(),
            max_output=REPAIRS_OUTPUT,
        )
        try:
            answers = await self._ask(question, repairs_reader())
        except ModelFault as fault:
            self.usage += fault.usage
            return checked
        return await asyncio.to_thread(self._put_in, checked, answers)

    def _put_in(self, checked: Checked, answers: Mapping[int, Statement | None]) -> Checked:
        ground = self._case.ground
        told = {number - 1: one if one and bears(one.text, ground) else None for number, one in answers.items()}
        return mend(checked, told, ground)

    def _about(self, rejected: Sequence[Rejected]) -> str:
        """The lines of the commit that statements are about."""
        names = [span for item in rejected for span in code_spans(item.statement.text)]
        paths = [place.path for item in rejected for place in item.statement.evidence]
        return excerpt(self._case.survey, paths + names, names, REPAIR_ROOM)

    async def _ask(self, question: Question, read: Reader[T]) -> T:
        told = await self._llm.ask(question, read)
        self.usage += told.usage
        self.model = self.model or told.model
        return told.value

    def _holds(self, reason: str) -> bool:
        return not faults_of(Statement(text=reason), self._case.ground)
