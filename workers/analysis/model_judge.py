"""The judge with a model: facts -> triage -> packing -> the inquiry; in smaller packs where a model reads no more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from workers.analysis.analyst import survey_of
from workers.analysis.grounding.grounding import Checked, Ground
from workers.analysis.inquiry import Case, Inquiry, PartReadings, is_deep
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault, Usage
from workers.analysis.offline.risks import standing_risks
from workers.analysis.packing.fitting import packed_smaller, packed_within
from workers.analysis.packing.packing import Packed
from workers.analysis.packing.purse import Purse
from workers.analysis.triage import floor_of, triage
from workers.analysis.verdict import Verdict
from workers.analysis.versions import judge_prompt
from workers.model import Analysis, Commit, Language, Provenance, Size, Tier
from workers.tree import Tree
from workers.words import load_words

AT_WORK = 2
"""Commits that are made ready at once: that is work for the processor, which threads only share. Checking is not: it
waits for git."""


class ModelJudge:
    """Judges commits by a model, in one language. Many at once: each waits for its own replies."""

    def __init__(self, llm: Llm, language: Language, commits: int = 1, readings: PartReadings | None = None) -> None:
        """`commits` is how many are judged together: they share what a day may cost. `readings` has what was noted of
        parts before; None: they are read anew.
        """
        self._llm = llm
        self._readings = readings
        self._may_raise = True
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
        ratio = self._llm.ratio(is_deep(least.tier))
        packed = packed_within(self._purse, survey, least.tier, self._words, ratio, may_raise=self._may_raise)
        return Case(survey, least, floor_of(survey), packed, Ground([commit], tree))

    async def analyse(self, case: Case, known: Verdict | None, now: datetime) -> Analysis | None:
        """The analysis of a commit; None where it has no text that a model could read: the rules say all of it.

        `known` is the verdict on the same commit in another language, which stands. `now` (aware) is kept as the time.
        ModelFault where the model gives nothing usable.
        """
        if not case.packed.coverage.bytes_seen:
            return None
        spent = Usage()
        while True:
            inquiry = Inquiry(self._llm, self._language, self._words, case, self._readings)
            try:
                checked = await inquiry.judgement(known)
            except ModelFault as fault:
                fault.usage = spent = spent + inquiry.usage + fault.usage
                smaller = await asyncio.to_thread(self._smaller, case) if fault.code == "too_long" else None
                if smaller is None:
                    raise
                case = replace(case, packed=smaller)
            else:
                return self._analysis(case, inquiry, checked, spent + inquiry.usage, now)

    def _smaller(self, case: Case) -> Packed | None:
        """A pack that is clearly smaller. Others of the batch are not shown more than their tier has after this."""
        self._may_raise = False
        tier = case.least.tier
        return packed_smaller(case.packed, case.survey, tier, self._words, self._llm.ratio(is_deep(tier)))

    def _analysis(self, case: Case, inquiry: Inquiry, checked: Checked, usage: Usage, now: datetime) -> Analysis:
        commit, said = case.survey.commit, checked.judgement
        return Analysis(
            sha=commit.sha,
            size=Size(files=len(commit.files), additions=commit.additions, deletions=commit.deletions),
            tier=inquiry.verdict.tier,
            tier_reasons=inquiry.verdict.reasons,
            kinds=inquiry.verdict.kinds,
            judgement=said.model_copy(update={"risks": (*standing_risks(case.survey, self._words), *said.risks)}),
            grounding=checked.grounding,
            coverage=case.packed.coverage,
            provenance=Provenance(
                model=inquiry.model,
                prompt=self._prompt,
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
                at=now,
            ),
        )
