"""The judge with a model: facts -> triage -> packing -> the model -> grounding, what fails sent back once -> verdict.

Nothing that a model says stands in an analysis unchecked, and none of it can undo what the rules are sure of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prompts.prompts import load
from workers.analysis.analyst import survey_of
from workers.analysis.grounding.fault import told_with_faults
from workers.analysis.grounding.grounding import Checked, Ground, Rejected, check, faults_of, mend
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault, Question, Reader, T, Usage
from workers.analysis.offline.risks import standing_risks
from workers.analysis.packing.notes import NOTES_SHOWN
from workers.analysis.packing.packing import Packed, excerpt, pack
from workers.analysis.packing.purse import CORRECTION, Purse, budgets_of
from workers.analysis.packing.tokens import estimate
from workers.analysis.replies.bearing import bearing, bears
from workers.analysis.replies.drafts import Draft, merged, reader_of, schema_of, sections_of
from workers.analysis.replies.notes import notes_reader, notes_schema
from workers.analysis.replies.repairs import repairs_reader, repairs_schema
from workers.analysis.survey.survey import Survey
from workers.analysis.triage import floor_of, triage
from workers.analysis.verdict import Verdict, verdict_of
from workers.analysis.versions import judge_prompt
from workers.analysis.wording.phrases import code_spans
from workers.model import (
    Analysis,
    Commit,
    Grounding,
    Judgement,
    Language,
    PatchGap,
    Provenance,
    Size,
    Statement,
    Tier,
    Triage,
)
from workers.tree import Tree
from workers.words import Words, load_words

AT_WORK = 2
"""Commits that are made ready at once: that is work for the processor, which threads only share. Checking is not: it
waits for git."""

MAX_OUTPUT = {Tier.HIGH: 2600, Tier.MEDIUM: 1200, Tier.LOW: 500}
"""Tokens that an analysis may take, by tier; a reply that needs more is asked for its missing sections."""

NOTES_OUTPUT = 1000
REPAIRS_OUTPUT = 1200
NOTE_TOKENS = 60
"""Of one note on a part, as it is shown when the notes are combined."""

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


class ModelJudge:
    """Judges commits by a model, in one language. Many at once: each waits for its own replies."""

    def __init__(self, llm: Llm, language: Language, commits: int = 1) -> None:
        """`commits` is how many are judged together: they share what a day may cost."""
        self._llm = llm
        self._language: Language = language
        self._purse = Purse(commits)
        self._words = load_words("workers.analysis", language)
        self._prompt = judge_prompt()
        self._work = asyncio.Semaphore(AT_WORK)

    async def ready(self, commit: Commit, tree: Tree | None, may_wait: bool = False) -> Case | None:
        """A commit made ready to be judged, which costs no call; None where it `may_wait` and the rules call it low.

        `tree` is the repository at that commit, None where it cannot be asked.
        """
        # In a thread, so that calls go out and replies come in meanwhile; in one go, so that a commit that was looked
        # at does not wait behind the first looks at many others.
        async with self._work:
            return await asyncio.to_thread(self._made_ready, commit, tree, may_wait)

    def _made_ready(self, commit: Commit, tree: Tree | None, may_wait: bool) -> Case | None:
        survey = survey_of(commit)
        least = triage(survey, self._words)
        if may_wait and least.tier is Tier.LOW:
            return None
        packed = packed_within(self._purse, survey, least.tier, self._words, self._llm.ratio(_is_deep(least.tier)))
        return Case(survey, least, floor_of(survey), packed, Ground([commit], tree))

    async def analyse(self, case: Case, known: Verdict | None, now: datetime) -> Analysis | None:
        """The analysis of a commit; None where it has no text that a model could read: the rules say all of it.

        `known` is the verdict on the same commit in another language, which stands. `now` (aware) is kept as the time.
        ModelFault where the model gives nothing usable.
        """
        commit = case.survey.commit
        if not case.packed.coverage.bytes_seen:
            return None
        judging = _Judging(self._llm, self._language, self._words, case)
        try:
            judgement = await judging.judgement(known)
        except ModelFault as fault:
            fault.usage = judging.usage + fault.usage
            raise
        return Analysis(
            sha=commit.sha,
            size=Size(files=len(commit.files), additions=commit.additions, deletions=commit.deletions),
            tier=judging.verdict.tier,
            tier_reasons=judging.verdict.reasons,
            kinds=judging.verdict.kinds,
            judgement=judgement.judgement.model_copy(
                update={"risks": (*standing_risks(case.survey, self._words), *judgement.judgement.risks)}
            ),
            grounding=judgement.grounding,
            coverage=case.packed.coverage,
            provenance=Provenance(
                model=judging.model,
                prompt=self._prompt,
                input_tokens=judging.usage.input_tokens,
                output_tokens=judging.usage.output_tokens,
                at=now,
            ),
        )


def packed_within(purse: Purse, survey: Survey, tier: Tier, words: Words, ratio: float = 1.0) -> Packed:
    """A commit by the largest budget of its tier that its share of the purse pays for, and paid from it.

    Where not even the tightest fits, that one is taken: no commit goes unread.
    """
    share = purse.share(survey.commit.sha, tier)
    for budget in budgets_of(tier):
        packed = pack(survey, tier, words, ratio, budget)
        cost = cost_of(packed, tier) * max(ratio, 1.0)
        if cost + CORRECTION <= share:
            break
    purse.pay(survey.commit.sha, cost)
    return packed


def cost_of(packed: Packed, tier: Tier) -> int:
    """About how many tokens the calls for a commit are, without corrections."""
    system, parts = estimate(load(tier.value).system("en")), packed.parts
    if len(parts) == 1:
        return system + estimate(parts[0])
    notes = len(parts) * (NOTES_SHOWN * NOTE_TOKENS + estimate(load("part").system("en")))
    return system + estimate(packed.head) + estimate(packed.tail) + sum(map(estimate, parts)) + notes


def _is_deep(tier: Tier) -> bool:
    return tier is Tier.HIGH


class _Judging:
    """The judging of one commit: what was asked so far, what it cost, what came of it."""

    def __init__(self, llm: Llm, language: Language, words: Words, case: Case) -> None:
        self._llm = llm
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
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._notes(number, part)) for number, part in enumerate(packed.parts, start=1)]
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
        return await self._ask(question, notes_reader())

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
            deep=_is_deep(tier),
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
