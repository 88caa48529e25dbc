"""One batch of commits from the store to their analyses in the store, each paid for once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from workers.analysis.analyst import analyse
from workers.batch import Batch, Highlighter
from workers.store.claims import Claim
from workers.wiring import Tools


def judge_batch(
    tools: Tools,
    run_id: str,
    source: str,
    shas: Sequence[str],
    collector: str | None = None,
    highlighter: Highlighter | None = None,
) -> None:
    """Judges what nobody else judges just now, then waits for what others do, and takes over what they dropped.

    `collector` is the job that fetches the commits meanwhile; None: they have been fetched. `highlighter` asks for
    highlights when all that may be news is judged; None: that is left to the assembly.
    """
    batch = Batch(tools, run_id, source, collector)
    wanted = batch.wanted(shas)
    if batch.key.model is None:
        _judge_offline(batch, wanted)
    elif wanted:
        from workers.model_judging import judge_with_model  # noqa: PLC0415 - an offline judgement needs no model's client

        asyncio.run(judge_with_model(batch, wanted, highlighter))


def _judge_offline(batch: Batch, shas: Sequence[str]) -> None:
    others = [sha for sha in shas if not _judge_unclaimed(batch, sha)]
    for sha in others:
        claim = batch.wait_or_take(sha)
        if claim is not None:
            _judge(batch, sha, claim)


def _judge_unclaimed(batch: Batch, sha: str) -> bool:
    """Judges a commit that nobody has judged meanwhile, unless another job has claimed it: then False."""
    begun = batch.begin(sha)
    if begun == "claimed":
        return False
    if begun != "judged":
        _judge(batch, sha, begun)
    return True


def _judge(batch: Batch, sha: str, claim: Claim) -> None:
    with batch.judging(sha, claim) as commit:
        if commit is not None:
            batch.keep(analyse(commit, batch.request.language, batch.tools.now()), commit, claim)
