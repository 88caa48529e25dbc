"""One batch judged by a model: many commits in flight in one event loop, each stored as soon as it is judged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from workers.analysis.analyst import analyse
from workers.analysis.inquiry import Case
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault
from workers.analysis.model_judge import ModelJudge
from workers.batch import Batch, Highlighter
from workers.line import Line
from workers.model import Analysis, Commit, Tier
from workers.store.analyses import AnalysisKey
from workers.store.claims import Claim
from workers.store.runs import NOT_BY_MODEL
from workers.wiring import most_at_once, open_llm

log = logging.getLogger(__name__)

AHEAD = 2
"""How many commits are in hand for each call that may run at once: the next are made ready while others wait."""

RENEWALS = 3
"""How often a claim is renewed within its life."""

LOOK_SECONDS = 0.05
"""Between two looks for commits that are being fetched."""


def with_cost(analysis: Analysis, read: int, written: int) -> Analysis:
    """An analysis with the tokens that were paid for it, though in vain."""
    cost = {"input_tokens": read, "output_tokens": written}
    return analysis.model_copy(update={"provenance": analysis.provenance.model_copy(update=cost)})


async def judge_with_model(batch: Batch, shas: Sequence[str], highlighter: Highlighter | None = None) -> None:
    """Judges what nobody else judges just now, then waits for what others do, and takes over what they dropped.

    A commit that the model cannot judge is judged by the rules, and the run is told why.
    """
    async with open_llm(batch.tools.settings, batch.tools.redis) as llm:
        work = _Work(batch, llm, shas, highlighter)
        async with work.renewing():
            await work.judge_unclaimed()
            await work.judge_dropped()


class _Work:
    """The judging of commits, each under a claim.

    Those that may be news come first; once they are judged, highlights are asked for beside the rest.
    """

    def __init__(self, batch: Batch, llm: Llm, shas: Sequence[str], highlighter: Highlighter | None) -> None:
        self._batch = batch
        self._llm = llm
        readings = None if batch.request.fresh else batch.tools.part_readings
        self._judge_by = ModelJudge(llm, batch.request.language, len(shas), readings)
        self._shas = shas
        self._elsewhere = batch.known_elsewhere(shas)
        self._line = Line()
        self._claims: dict[str, Claim] = {}
        self._of_others: list[str] = []
        self._highlighter = highlighter
        self._may_be_news = set(shas)
        self._no_news: set[str] = set()

    async def judge_unclaimed(self) -> None:
        """As many in hand as may be asked at once and a few more, so that few commits are in memory."""
        hands = min(len(self._shas), AHEAD * most_at_once(self._batch.tools.settings))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._line_up())
            for _ in range(hands):
                group.create_task(self._take_turns(group))

    async def judge_dropped(self) -> None:
        """What others had claimed and did not judge."""
        for sha in self._of_others:
            claim = await asyncio.to_thread(self._batch.wait_or_take, sha)
            if claim is not None:
                await self._judge_claimed(sha, claim)

    async def _line_up(self) -> None:
        """Puts commits into the line as they are fetched; at the end also those that never were, so that it is told."""
        left, comes_more = list(self._shas), True
        while left and comes_more:
            here, comes_more = await asyncio.to_thread(self._batch.fetched, left)
            self._line.add(sha for sha in left if sha in here)
            left = [sha for sha in left if sha not in here]
            if left and comes_more:
                await asyncio.sleep(LOOK_SECONDS)
        self._line.add(left)
        self._line.close()

    async def _take_turns(self, group: asyncio.TaskGroup) -> None:
        async for sha in self._line.turns():
            begun = await asyncio.to_thread(self._batch.begin, sha)
            if begun == "claimed":
                self._of_others.append(sha)
            elif begun != "judged":
                await self._judge_claimed(sha, begun)
            if not self._line.comes_again(sha):
                self._no_news.discard(sha)
                self._may_be_news.discard(sha)
            if not self._may_be_news and self._highlighter is not None:
                highlighter, self._highlighter = self._highlighter, None
                group.create_task(self._highlight(highlighter))

    async def _judge_claimed(self, sha: str, claim: Claim) -> None:
        self._claims[sha] = claim
        with self._batch.judging(sha, claim) as commit:
            if commit is not None:
                await self._judge(commit, claim)
        del self._claims[sha]

    async def _judge(self, commit: Commit, claim: Claim) -> None:
        case = await self._ready(commit)
        if case is None or case.least.tier is Tier.LOW:
            self._no_news.add(commit.sha)
            self._may_be_news.discard(commit.sha)
        if case is None:
            return
        analysis, key = await self._analysis(case)
        await asyncio.to_thread(self._batch.keep, analysis, commit, claim, key)

    async def _ready(self, commit: Commit) -> Case | None:
        """A commit made ready; None where it was put off, since it is no news and others may be."""
        tree = self._batch.tools.tree(self._batch.source, commit.sha)
        if self._line.may_put_off(commit.sha):
            case = await self._judge_by.ready(commit, tree, may_wait=True)
            if case is not None or self._line.put_off(commit.sha):
                return case
        return await self._judge_by.ready(commit, tree)

    async def _analysis(self, case: Case) -> tuple[Analysis, AnalysisKey]:
        """By the model, else by the rules; and under which key it is to be kept."""
        batch, now, commit = self._batch, self._batch.tools.now(), case.survey.commit
        elsewhere = self._elsewhere.get(commit.sha)
        known = await asyncio.to_thread(batch.verdict, elsewhere, commit.sha) if elsewhere else None
        key = batch.key
        try:
            found = await self._judge_by.analyse(case, known, now)
        except ModelFault as fault:
            batch.note(commit.sha, f"{NOT_BY_MODEL}{fault.code}", fault.details)
            by_rules = await asyncio.to_thread(analyse, commit, batch.request.language, now)
            return with_cost(by_rules, fault.usage.input_tokens, fault.usage.output_tokens), batch.offline_key
        if found is None:
            found = await asyncio.to_thread(analyse, commit, batch.request.language, now)
        return found, key

    async def _highlight(self, highlighter: Highlighter) -> None:
        """What goes wrong here is not missed: the assembly asks for highlights that are not there."""
        batch = self._batch
        try:
            await highlighter(self._llm, batch.tools, batch.run_id, batch.source, frozenset(self._no_news))
        except Exception:
            log.warning("run %s: no early highlights", batch.run_id, exc_info=True)

    @asynccontextmanager
    async def renewing(self) -> AsyncIterator[None]:
        """Keeps claims alive while the context lasts. One that is lost is not missed: its result is not stored."""
        task = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._batch.tools.settings.claim_life.total_seconds() / RENEWALS)
            await asyncio.to_thread(self._batch.tools.claims.renew_many, list(self._claims.values()))
