"""One batch of commits from the store to their analyses in the store, each paid for once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence

from workers.analysis.analyst import analyse
from workers.request import DigestRequest
from workers.store.analyses import AnalysisKey
from workers.store.claims import Claim
from workers.wiring import Tools, repository_key

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a commit is begun; one that was begun and never ended so often is what kills its workers."""


def judge_batch(tools: Tools, run_id: str, source: str, shas: Sequence[str]) -> None:
    """Judges what nobody else judges just now, then waits for what others do, and takes over what they dropped."""
    batch = _Batch(tools, run_id, source)
    others = [sha for sha in batch.wanted(shas) if not batch.judge_unclaimed(sha)]
    for sha in others:
        batch.judge_after_others(sha)


class _Batch:
    """What the judging of one batch needs to know."""

    def __init__(self, tools: Tools, run_id: str, source: str) -> None:
        self._tools = tools
        self._run_id = run_id
        self._repository = repository_key(source)
        self._request: DigestRequest = tools.runs.request(run_id)
        self._key: AnalysisKey = tools.analysis_key(source, self._request)

    def wanted(self, shas: Sequence[str]) -> list[str]:
        """Those without an analysis; all where the request wants them fresh."""
        if self._request.fresh:
            return list(shas)
        judged = self._tools.analyses.known(self._key, shas)
        for sha in judged:
            self._tools.runs.judged(self._run_id, sha)
        return [sha for sha in shas if sha not in judged]

    def judge_unclaimed(self, sha: str) -> bool:
        """Judges a commit unless another job has claimed it: then False."""
        claim = self._tools.claims.take(self._claim_name(sha), self._tools.owner)
        if claim is None:
            return False
        self._judge(sha, claim)
        return True

    def judge_after_others(self, sha: str) -> None:
        """Waits until another job has judged a commit, and judges it where that job gave up."""
        claim = self._tools.claims.wait_or_take(
            self._claim_name(sha), lambda: bool(self._tools.analyses.known(self._key, [sha])), self._tools.owner
        )
        if claim is not None:
            self._judge(sha, claim)
        else:
            self._tools.runs.judged(self._run_id, sha)

    def _claim_name(self, sha: str) -> str:
        return f"{self._key.name}:{sha}"

    def _judge(self, sha: str, claim: Claim) -> None:
        """One commit. Whatever is wrong with it, the others of the batch go on and the run is told."""
        try:
            self._judge_claimed(sha, claim)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("run %s: commit %s could not be judged, reference %s", self._run_id, sha, reference)
            self._tools.runs.add_problem(self._run_id, sha, "internal", {"reference": reference})
        finally:
            self._tools.claims.release(claim)

    def _judge_claimed(self, sha: str, claim: Claim) -> None:
        if claim.number > ATTEMPTS:
            self._tools.runs.add_problem(self._run_id, sha, "not_analysed", {})
            return
        commit = self._tools.commits.get(self._repository, sha)
        if commit is None:
            self._tools.runs.add_problem(self._run_id, sha, "not_fetched", {})
            return
        analysis = analyse(commit, self._request.language, self._tools.now())
        self._tools.analyses.put(self._key, analysis, claim)
        self._tools.runs.judged(self._run_id, commit.subject)
