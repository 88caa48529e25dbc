"""One batch judged by a model: many commits in flight in one event loop, each stored as soon as it is judged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from workers.analysis.analyst import analyse
from workers.analysis.llm.values import ModelFault
from workers.analysis.model_judge import ModelJudge
from workers.batch import Batch
from workers.model import Commit
from workers.store.claims import Claim
from workers.wiring import open_llm

AHEAD = 1.25
"""How many commits are in hand for each call that may run at once: the next are made ready while others wait."""

OF_EVERY_COMMIT = frozenset({"key_refused", "no_credit", "unknown_model", "unreachable"})
"""Faults that are not one commit's: they are told once for the run."""

RENEWALS = 3
"""How often a claim is renewed within its life."""


async def judge_with_model(batch: Batch, shas: Sequence[str]) -> None:
    """Judges what nobody else judges just now, then waits for what others do, and takes over what they dropped.

    A commit that the model cannot judge is judged by the rules, and the run is told why.
    """
    async with open_llm(batch.tools.settings, batch.tools.redis) as llm:
        work = _Work(batch, ModelJudge(llm, batch.request.language))
        claims = await asyncio.to_thread(batch.take, shas)
        async with work.renewing(claims):
            await work.judge_all(claims)
        for sha in shas:
            if sha not in claims and (claim := await asyncio.to_thread(batch.wait_or_take, sha)):
                async with work.renewing({sha: claim}):
                    await work.judge(sha, claim)


class _Work:
    """What the judging of the commits of a batch shares."""

    def __init__(self, batch: Batch, judge: ModelJudge) -> None:
        self._batch = batch
        self._judge = judge

    async def judge_all(self, claims: Mapping[str, Claim]) -> None:
        """As many in hand as may be asked at once and a few more, so that few commits are in memory."""
        waiting = iter(claims.items())
        hands = min(len(claims), round(self._batch.tools.settings.openai_concurrency * AHEAD))
        async with asyncio.TaskGroup() as group:
            for _ in range(hands):
                group.create_task(self._take_turns(waiting))

    async def _take_turns(self, waiting: Iterator[tuple[str, Claim]]) -> None:
        for sha, claim in waiting:
            await self.judge(sha, claim)

    async def judge(self, sha: str, claim: Claim) -> None:
        """Judges one commit that is claimed."""
        batch = self._batch
        with batch.judging(sha, claim) as commit:
            if commit is not None:
                await self._judge_commit(commit, claim)

    async def _judge_commit(self, commit: Commit, claim: Claim) -> None:
        batch, now = self._batch, self._batch.tools.now()
        known = await asyncio.to_thread(batch.known_verdict, commit.sha)
        tree = batch.tools.tree(batch.source, commit.sha)
        key = batch.key
        try:
            analysis = await self._judge.analyse(commit, tree, known, now)
        except ModelFault as fault:
            analysis, key = None, batch.offline_key
            batch.note(None if fault.code in OF_EVERY_COMMIT else commit.sha, f"model_{fault.code}", fault.details)
        if analysis is None:
            analysis = await asyncio.to_thread(analyse, commit, batch.request.language, now)
        await asyncio.to_thread(batch.keep, analysis, commit, claim, key)

    @asynccontextmanager
    async def renewing(self, claims: Mapping[str, Claim]) -> AsyncIterator[None]:
        """Keeps claims alive while the context lasts. One that is lost is not missed: its result is not stored."""
        task = asyncio.create_task(self._renew(claims))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _renew(self, claims: Mapping[str, Claim]) -> None:
        while True:
            await asyncio.sleep(self._batch.tools.settings.claim_life.total_seconds() / RENEWALS)
            await asyncio.to_thread(self._batch.tools.claims.renew_many, list(claims.values()))
