"""From a run's listings and analyses to its digest in the store; what is missing stands there with its triage.

Commits go through here a page at a time, from the store and back into it: how long a window is costs no memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from workers.days import DayTally, tells_days
from workers.digest import RepositoryGathering, assemble_digest
from workers.model import Analysis, CommitHead, Listing, Problem, RepositoryDigest
from workers.request import DigestRequest
from workers.reverts import link_reverts
from workers.store.runs import RunProblem
from workers.wiring import Tools, repository_key
from workers.words import load_words

PAGE = 64
"""Commits that are looked up in one round trip."""
NOT_ALL = ("shallow_window",)
"""Notices of a listing that lacks commits of its days."""


def assemble(tools: Tools, run_id: str) -> None:
    """Makes the digest of a run, stores it under the run's id and tells the run that it is done."""
    request = tools.runs.request(run_id)
    listings = tools.runs.listings(run_id)
    noted = tools.runs.problems(run_id)
    draft = tools.digests.draft(run_id)
    parts = []
    problems: list[Problem] = []
    for number, source in enumerate(request.sources):
        part = _Part(tools, request, source, listings[source], noted)
        draft.add(number, part.gathering.entries(part.judged(), request.least_tier))
        parts.append(part.digest())
        problems += part.problems
        part.keep_days()
    windows = [listings[source].window for source in request.sources]
    draft.finish(assemble_digest(windows, parts, request.language, problems))
    tools.runs.finish(run_id, run_id)


class _Part:
    """One source's part of the digest. `problems` are what could not be looked at: those of the listing first."""

    def __init__(
        self,
        tools: Tools,
        request: DigestRequest,
        source: str,
        listing: Listing,
        noted: Sequence[RunProblem],
    ) -> None:
        self._tools = tools
        self._request = request
        self._name = source
        self._source = tools.source(source)
        self._heads = listing.heads
        self._key = tools.analysis_key(source, request)
        self._words = load_words("workers", request.language)
        self._failed = {problem.sha: problem for problem in noted if problem.sha is not None}
        later = self._source.reverts_after(listing.window)
        links = link_reverts(listing.heads, later, self._source.find_reverted)
        self._tally = DayTally(listing.window, request.asked_at)
        self._tells_days = tells_days(request) and not any(one.code in NOT_ALL for one in listing.notices)
        self.gathering = RepositoryGathering(self._source.name, self._source.url, listing, links, self._words)
        self.problems = [
            Problem(what=self._words(f"problem.{notice.code}", **notice.details), where=self._source.name)
            for notice in listing.notices
        ]
        of_all = {problem.code: problem for problem in noted if problem.sha is None}
        self.problems += [Problem(what=self._told(problem), where=self._source.name) for problem in of_all.values()]

    def digest(self) -> RepositoryDigest:
        """The part without its commits, once all of them have gone by."""
        found = None
        if self._key.model is not None:
            from workers.highlighting import find_highlights  # noqa: PLC0415 - only a model's digest needs a model

            found = find_highlights(self._tools, self._request, self._name, self.gathering.news())
        return self.gathering.digest(highlights=found)

    def judged(self) -> Iterator[tuple[CommitHead, Analysis]]:
        """Every commit of the listing with its analysis, or else its triage; what is wrong is added to `problems`."""
        heads = iter(self._heads)
        while page := list(islice(heads, PAGE)):
            for head, analysis in self._judged_page(page):
                self._tally.count(head.committed_at, analysis.tier)
                yield head, analysis

    def keep_days(self) -> None:
        """Keeps how many commits each day had, once all of them have gone by."""
        if self._tells_days:
            self._tools.history.put(repository_key(self._name), self._tally.zone, self._tally.days())

    def _judged_page(self, heads: Sequence[CommitHead]) -> Iterator[tuple[CommitHead, Analysis]]:
        found = self._tools.analyses.get_many(self._key, [head.sha for head in heads])
        by_rules = self._by_rules([head.sha for head in heads if head.sha not in found])
        for head in heads:
            analysis = found.get(head.sha) or by_rules.get(head.sha)
            if head.sha in self._failed or analysis is None:
                where = f"{self._source.name}@{head.sha[:7]}"
                self.problems.append(Problem(what=self._reason(head.sha), where=where))
            yield head, _marked_cached(analysis, self._request) if analysis else self._triaged(head)

    def _by_rules(self, shas: Sequence[str]) -> Mapping[str, Analysis]:
        """The rules' analyses of commits that the model was to judge and could not."""
        if self._key.model is None:
            return {}
        offline = self._tools.analysis_key(self._name, self._request.model_copy(update={"judge": "offline"}))
        return self._tools.analyses.get_many(offline, shas)

    def _triaged(self, head: CommitHead) -> Analysis:
        from workers.analysis.analyst import triage_only  # noqa: PLC0415 - takes 0.2 s, and is hardly ever needed

        commit = self._tools.commits.get(repository_key(self._name), head.sha)
        return triage_only(commit or head, self._reason(head.sha), self._request.language, self._tools.now())

    def _reason(self, sha: str) -> str:
        problem = self._failed.get(sha)
        return self._told(problem) if problem else self._words("problem.not_analysed")

    def _told(self, problem: RunProblem) -> str:
        code = f"problem.{problem.code}"
        return self._words(code if self._words.has(code) else "problem.not_fetched", **problem.details)


def _marked_cached(analysis: Analysis, request: DigestRequest) -> Analysis:
    """The analysis, saying of itself that it is from an earlier digest where it is."""
    if analysis.provenance.at >= request.asked_at:
        return analysis
    return analysis.model_copy(update={"provenance": analysis.provenance.model_copy(update={"cached": True})})
