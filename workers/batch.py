"""One batch of commits that are to be judged: what is wanted of them, where they come from, where their analyses go."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import get_args

from workers.analysis.verdict import Verdict
from workers.errors import Detail
from workers.model import Analysis, Commit, Language
from workers.request import DigestRequest
from workers.store.analyses import AnalysisKey
from workers.store.claims import Claim
from workers.wiring import Tools, repository_key

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a commit is begun; one that was begun and never ended so often is what kills its workers."""


class Batch:
    """The commits of one source in one run that one job judges."""

    def __init__(self, tools: Tools, run_id: str, source: str) -> None:
        self.tools = tools
        self.source = source
        self.request: DigestRequest = tools.runs.request(run_id)
        self.key: AnalysisKey = tools.analysis_key(source, self.request)
        self._run_id = run_id
        self._repository = repository_key(source)

    def wanted(self, shas: Sequence[str]) -> list[str]:
        """Those without an analysis; all where the request wants them fresh."""
        if self.request.fresh:
            return list(shas)
        judged = self.tools.analyses.known(self.key, shas)
        for sha in judged:
            self.judged(sha)
        return [sha for sha in shas if sha not in judged]

    def take(self, shas: Sequence[str]) -> dict[str, Claim]:
        """Claims on those of the commits that no other job has claimed, by sha."""
        names = {self._claim_name(sha): sha for sha in shas}
        taken = self.tools.claims.take_many(list(names), self.tools.owner)
        return {names[name]: claim for name, claim in taken.items()}

    def wait_or_take(self, sha: str) -> Claim | None:
        """Waits until another job has judged a commit: then None; or a claim on it where that job gave up."""
        claim = self.tools.claims.wait_or_take(
            self._claim_name(sha), lambda: bool(self.tools.analyses.known(self.key, [sha])), self.tools.owner
        )
        if claim is None:
            self.judged(sha)
        return claim

    @contextmanager
    def judging(self, sha: str, claim: Claim) -> Iterator[Commit | None]:
        """The commit to be judged under a claim, None where there is none; the claim ends with the context.

        Whatever goes wrong inside, the others of the batch go on and the run is told.
        """
        try:
            yield self._commit(sha, claim)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("run %s: commit %s could not be judged, reference %s", self._run_id, sha, reference)
            self.note(sha, "internal", {"reference": reference})
        finally:
            self.tools.claims.release(claim)

    def keep(self, analysis: Analysis, commit: Commit, claim: Claim, key: AnalysisKey | None = None) -> None:
        """Stores an analysis, under the batch's key unless another is given, and tells the run of it."""
        self.tools.analyses.put(key or self.key, analysis, claim)
        self.judged(commit.subject)

    def known_verdict(self, sha: str) -> Verdict | None:
        """The verdict on a commit that was judged in the same way in another language; None where it was not."""
        others = [language for language in get_args(Language) if language != self.request.language]
        for language in others:
            found = self.tools.analyses.get_many(self.key.model_copy(update={"language": language}), [sha]).get(sha)
            if found is not None and not self.request.fresh:
                return Verdict(tier=found.tier, reasons=found.tier_reasons, kinds=found.kinds)
        return None

    @property
    def offline_key(self) -> AnalysisKey:
        """Under which key the rules' analyses of these commits are kept."""
        return self.tools.analysis_key(self.source, self.request.model_copy(update={"judge": "offline"}))

    def judged(self, current: str) -> None:
        """Tells the run that one more commit is judged."""
        self.tools.runs.judged(self._run_id, current)

    def note(self, sha: str | None, code: str, details: Mapping[str, Detail] | None = None) -> None:
        """Tells the run what could not be done; `sha` None: not for one commit but for the run."""
        self.tools.runs.add_problem(self._run_id, sha, code, details)

    def _commit(self, sha: str, claim: Claim) -> Commit | None:
        if claim.number > ATTEMPTS:
            self.note(sha, "not_analysed")
            return None
        commit = self.tools.commits.get(self._repository, sha)
        if commit is None:
            self.note(sha, "not_fetched")
        return commit

    def _claim_name(self, sha: str) -> str:
        return f"{self.key.name}:{sha}"
