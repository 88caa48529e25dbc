"""One batch of commits that are to be judged: what is wanted of them, where they come from, where their analyses go."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, get_args

from workers.analysis.verdict import Verdict
from workers.collecting import Collecting, Collector
from workers.errors import Detail
from workers.model import Analysis, Commit, Language
from workers.request import DigestRequest
from workers.store.analyses import AnalysisKey
from workers.store.claims import Claim
from workers.wiring import Tools, repository_key

if TYPE_CHECKING:
    from workers.analysis.llm.llm import Llm

log = logging.getLogger(__name__)

SHA_SHOWN = 7
"""Digits of a sha that progress shows of a commit whose subject is not at hand."""

ATTEMPTS = 3
"""How often a commit is begun; one that was begun and never ended so often is what kills its workers."""

Highlighter = Callable[["Llm", Tools, str, str, Collection[str]], Awaitable[None]]
"""Asks for the highlights of a run's source while commits of these shas, which are no news, are still being judged."""


class Batch:
    """The commits of one source in one run that one job judges.

    `collector` is the id of the job that fetches them meanwhile; None: they have been fetched.
    """

    def __init__(self, tools: Tools, run_id: str, source: str, collector: str | None = None) -> None:
        self.tools = tools
        self.run_id = run_id
        self.source = source
        self.request: DigestRequest = tools.runs.request(run_id)
        self.key: AnalysisKey = tools.analysis_key(source, self.request)
        self._collector = Collector(tools.redis, collector)
        self._repository = repository_key(source)

    def wanted(self, shas: Sequence[str]) -> list[str]:
        """Those without an analysis; all where the request wants them fresh."""
        if self.request.fresh:
            return list(shas)
        judged = self.tools.analyses.known(self.key, shas)
        for sha in judged:
            self.judged(sha[:SHA_SHOWN])
        return [sha for sha in shas if sha not in judged]

    def take(self, shas: Sequence[str]) -> dict[str, Claim]:
        """Claims on those of the commits that no other job has claimed, by sha."""
        names = {self._claim_name(sha): sha for sha in shas}
        taken = self.tools.claims.take_many(list(names), self.tools.owner)
        return {names[name]: claim for name, claim in taken.items()}

    def begin(self, sha: str) -> Claim | Literal["judged", "claimed"]:
        """A claim on a commit, unless it has been judged meanwhile, or another job has it."""
        claim = self.take([sha]).get(sha)
        if claim is None:
            return "claimed"
        if self.wanted([sha]):
            return claim
        self.tools.claims.release(claim)
        return "judged"

    def wait_or_take(self, sha: str) -> Claim | None:
        """Waits until another job has judged a commit: then None; or a claim on it where that job gave up."""
        claim = self.tools.claims.wait_or_take(
            self._claim_name(sha), lambda: bool(self.tools.analyses.known(self.key, [sha])), self.tools.owner
        )
        if claim is None:
            self.judged(sha[:SHA_SHOWN])
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
            log.exception("run %s: commit %s could not be judged, reference %s", self.run_id, sha, reference)
            self.note(sha, "internal", {"reference": reference})
        finally:
            self.tools.claims.release(claim)

    def keep(self, analysis: Analysis, commit: Commit, claim: Claim, key: AnalysisKey | None = None) -> None:
        """Stores an analysis, under the batch's key unless another is given, and tells the run of it."""
        self.tools.analyses.put(key or self.key, analysis, claim)
        self.judged(commit.subject)

    def known_elsewhere(self, shas: Sequence[str]) -> dict[str, AnalysisKey]:
        """Under which key a commit was judged in the same way in another language, by sha, for those that were."""
        if self.request.fresh:
            return {}
        others = [language for language in get_args(Language) if language != self.request.language]
        keys = [self.key.model_copy(update={"language": language}) for language in others]
        return {sha: key for key in reversed(keys) for sha in self.tools.analyses.known(key, shas)}

    def verdict(self, key: AnalysisKey, sha: str) -> Verdict | None:
        """The verdict of an analysis; None where it is not there any more."""
        found = self.tools.analyses.get_many(key, [sha]).get(sha)
        return Verdict(tier=found.tier, reasons=found.tier_reasons, kinds=found.kinds) if found else None

    def fetched(self, shas: Sequence[str]) -> tuple[set[str], bool]:
        """Which of these commits are in the store, and whether others may still come."""
        comes_more = self._collector.state() is Collecting.RUNNING
        return self.tools.commits.known(self._repository, shas), comes_more

    @property
    def offline_key(self) -> AnalysisKey:
        """Under which key the rules' analyses of these commits are kept."""
        return self.tools.analysis_key(self.source, self.request.model_copy(update={"judge": "offline"}))

    def judged(self, current: str) -> None:
        """Tells the run that one more commit is judged."""
        self.tools.runs.judged(self.run_id, current)

    def note(self, sha: str | None, code: str, details: Mapping[str, Detail] | None = None) -> None:
        """Tells the run what could not be done; `sha` None: not for one commit but for the run."""
        self.tools.runs.add_problem(self.run_id, sha, code, details)

    def _commit(self, sha: str, claim: Claim) -> Commit | None:
        if claim.number > ATTEMPTS:
            self.note(sha, "not_analysed")
            return None
        commit = self.tools.commits.get(self._repository, sha)
        if commit is None and not self._is_told_by_collector(sha):
            self.note(sha, "not_fetched")
        return commit

    def _is_told_by_collector(self, sha: str) -> bool:
        """Whether the run knows why a commit is missing, or will have it from a job that fetches anew."""
        noted = any(problem.sha == sha for problem in self.tools.runs.problems(self.run_id))
        return noted or self._collector.state() is Collecting.DIED

    def _claim_name(self, sha: str) -> str:
        return f"{self.key.name}:{sha}"
