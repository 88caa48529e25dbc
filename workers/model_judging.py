"""One batch judged by a model: many commits in flight in one event loop, each stored as soon as it is judged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from workers.analysis.analyst import analyse
from workers.analysis.llm import wire
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.values import ModelFault
from workers.analysis.model_judge import Case, ModelJudge
from workers.batch import Batch, Highlighter, PutOff
from workers.line import Line
from workers.model import Analysis, Commit, Tier
from workers.store.analyses import AnalysisKey
from workers.store.claims import Claim
from workers.wiring import GROWTH, open_llm

wire.preload()  # a worker imports this module before it forks: what calls need comes with it

log = logging.getLogger(__name__)

AHEAD = 1.25
"""How many commits are in hand for each call that may run at once: the next are made ready while others wait."""

OF_EVERY_COMMIT = frozenset({"key_refused", "no_credit", "unknown_model", "unreachable"})
"""Faults that are not one commit's: they are told once for the run."""

RENEWALS = 3
"""How often a claim is renewed within its life."""

LOOK_SECONDS = 0.05
"""Between two looks for commits that are being fetched."""


async def judge_with_model(batch: Batch, shas: Sequence[str], highlighter: Highlighter | None = None) -> None:
    """Judges what nobody else judges just now, then waits for what others do, and takes over what they dropped.

    A commit that the model cannot judge is judged by the rules, and the run is told why.
    """
    async with open_llm(batch.tools.settings, batch.tools.redis) as llm:
        claims = await asyncio.to_thread(batch.take, shas)
        await _Work(batch, llm, claims, highlighter).do()
        for sha in shas:
            if sha not in claims and (claim := await asyncio.to_thread(batch.wait_or_take, sha)):
                await _Work(batch, llm, {sha: claim}, None).do()


class _Work:
    """The judging of commits that are claimed.

    Those that may be news come first; once they are judged, highlights are asked for beside the rest.
    """

    def __init__(self, batch: Batch, llm: Llm, claims: Mapping[str, Claim], highlighter: Highlighter | None) -> None:
        self._batch = batch
        self._llm = llm
        self._judge_by = ModelJudge(llm, batch.request.language)
        self._claims = claims
        self._elsewhere = batch.known_elsewhere(list(claims))
        self._line = Line()
        self._highlighter = highlighter
        self._may_be_news = set(claims)
        self._no_news: set[str] = set()

    async def do(self) -> None:
        """As many in hand as may be asked at once and a few more, so that few commits are in memory."""
        hands = min(len(self._claims), round(self._batch.tools.settings.openai_concurrency * GROWTH * AHEAD))
        async with self._renewing(), asyncio.TaskGroup() as group:
            group.create_task(self._line_up())
            for _ in range(hands):
                group.create_task(self._take_turns(group))

    async def _line_up(self) -> None:
        """Puts commits into the line as they are fetched; at the end also those that never were, so that it is told."""
        left, comes_more = set(self._claims), True
        while left and comes_more:
            here, comes_more = await asyncio.to_thread(self._batch.fetched, list(left))
            self._line.add(sha for sha in self._claims if sha in here)
            left -= here
            if left and comes_more:
                await asyncio.sleep(LOOK_SECONDS)
        self._line.add(left)
        self._line.close()

    async def _take_turns(self, group: asyncio.TaskGroup) -> None:
        async for sha in self._line.turns():
            with suppress(PutOff):
                with self._batch.judging(sha, self._claims[sha]) as commit:
                    if commit is not None:
                        await self._judge(commit, group)
                self._no_news.discard(sha)
                self._know(sha, group)

    async def _judge(self, commit: Commit, group: asyncio.TaskGroup) -> None:
        case = await self._judge_by.prepared(commit, self._batch.tools.tree(self._batch.source, commit.sha))
        if case.least.tier is Tier.LOW:
            self._no_news.add(commit.sha)
            self._know(commit.sha, group)
            if self._line.put_off(commit.sha):
                raise PutOff
        analysis, key = await self._analysis(case)
        await asyncio.to_thread(self._batch.keep, analysis, commit, self._claims[commit.sha], key)

    async def _analysis(self, case: Case) -> tuple[Analysis, AnalysisKey]:
        """By the model, else by the rules; and under which key it is to be kept."""
        batch, now, commit = self._batch, self._batch.tools.now(), case.survey.commit
        elsewhere = self._elsewhere.get(commit.sha)
        known = await asyncio.to_thread(batch.verdict, elsewhere, commit.sha) if elsewhere else None
        key = batch.key
        try:
            found = await self._judge_by.analyse(case, known, now)
        except ModelFault as fault:
            found, key = None, batch.offline_key
            batch.note(None if fault.code in OF_EVERY_COMMIT else commit.sha, f"model_{fault.code}", fault.details)
        if found is None:
            found = await asyncio.to_thread(analyse, commit, batch.request.language, now)
        return found, key

    def _know(self, sha: str, group: asyncio.TaskGroup) -> None:
        """Notes that a commit is judged, or no news; after the last, highlights are asked for."""
        self._may_be_news.discard(sha)
        if not self._may_be_news and self._highlighter is not None:
            highlighter, self._highlighter = self._highlighter, None
            group.create_task(self._highlight(highlighter))

    async def _highlight(self, highlighter: Highlighter) -> None:
        """What goes wrong here is not missed: the assembly asks for highlights that are not there."""
        batch = self._batch
        try:
            await highlighter(self._llm, batch.tools, batch.run_id, batch.source, frozenset(self._no_news))
        except Exception:
            log.warning("run %s: no early highlights", batch.run_id, exc_info=True)

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        """Keeps the claims alive while the context lasts. One that is lost is not missed: its result is not stored."""
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
