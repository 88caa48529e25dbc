"""From a run's listings and analyses to its digest in the store; what is missing stands there with its triage."""

from __future__ import annotations

from collections.abc import Mapping

from workers.analysis.analyst import triage_only
from workers.digest import Repository, assemble_digest
from workers.model import Analysis, CommitHead, Listing, Problem
from workers.request import DigestRequest
from workers.reverts import link_reverts
from workers.wiring import Tools, repository_key
from workers.words import load_words


def assemble(tools: Tools, run_id: str) -> None:
    """Makes the digest of a run, stores it under the run's id and tells the run that it is done."""
    request = tools.runs.request(run_id)
    listings = tools.runs.listings(run_id)
    parts = [_Part(tools, run_id, request, source, listings[source]) for source in request.sources]
    digest = assemble_digest(
        [part.repository() for part in parts],
        request.language,
        [problem for part in parts for problem in part.problems()],
        request.least_tier,
    )
    tools.digests.put(run_id, digest)
    tools.runs.finish(run_id, run_id)


class _Part:
    """One source's part of the digest."""

    def __init__(self, tools: Tools, run_id: str, request: DigestRequest, source: str, listing: Listing) -> None:
        self._tools = tools
        self._request = request
        self._name = source
        self._source = tools.source(source)
        self._listing = listing
        self._words = load_words("workers", request.language)
        self._failed = {problem.sha: problem for problem in tools.runs.problems(run_id)}
        self._analyses = self._all_analyses()

    def repository(self) -> Repository:
        """The listing with an analysis for each of its commits, and the links between reverts."""
        later = self._source.reverts_after(self._listing.window)
        return Repository(
            name=self._source.name,
            url=self._source.url,
            listing=self._listing,
            analyses=self._analyses,
            links=link_reverts(self._listing.heads, later, self._source.find_reverted),
        )

    def problems(self) -> list[Problem]:
        """What could not be looked at: notices of the listing, then commits."""
        found = [
            Problem(what=self._words(f"problem.{notice.code}", **notice.details), where=self._source.name)
            for notice in self._listing.notices
        ]
        for head in self._listing.heads:
            if head.sha in self._failed or head.sha not in self._judged:
                where = f"{self._source.name}@{head.sha[:7]}"
                found.append(Problem(what=self._reason(head.sha), where=where))
        return found

    def _all_analyses(self) -> Mapping[str, Analysis]:
        shas = [head.sha for head in self._listing.heads]
        key = self._tools.analysis_key(self._name, self._request)
        found = self._tools.analyses.get_many(key, shas)
        self._judged = {sha: _marked_cached(analysis, self._request) for sha, analysis in found.items()}
        missing = (head for head in self._listing.heads if head.sha not in self._judged)
        return {**self._judged, **{head.sha: self._triaged(head) for head in missing}}

    def _triaged(self, head: CommitHead) -> Analysis:
        commit = self._tools.commits.get(repository_key(self._name), head.sha)
        return triage_only(commit or head, self._reason(head.sha), self._request.language, self._tools.now())

    def _reason(self, sha: str) -> str:
        problem = self._failed.get(sha)
        if problem is None:
            return self._words("problem.not_analysed")
        code = f"problem.{problem.code}"
        return self._words(code if self._words.has(code) else "problem.not_fetched", **problem.details)


def _marked_cached(analysis: Analysis, request: DigestRequest) -> Analysis:
    """The analysis, saying of itself that it is from an earlier digest where it is."""
    if analysis.provenance.at >= request.asked_at:
        return analysis
    return analysis.model_copy(update={"provenance": analysis.provenance.model_copy(update={"cached": True})})
