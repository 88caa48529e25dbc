"""From a run's listings and analyses to its digest in the store; what is missing stands there with its triage.

Commits go through here a page at a time, from the store and back into it: how long a window is costs no memory.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from workers.days import DayTally, tells_days
from workers.digest import RepositoryGathering, assemble_digest
from workers.model import Analysis, CommitHead, Entry, Listing, Problem, RepositoryDigest
from workers.request import DigestRequest
from workers.reverts import link_reverts
from workers.store.runs import NOT_BY_MODEL, RunProblem
from workers.wiring import Tools, build_tools, repository_key
from workers.words import load_words

if TYPE_CHECKING:
    from workers.analysis.llm.llm import Llm

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
        problems += (*part.problems, *part.judged_by_rules())
        part.keep_days()
    windows = [listings[source].window for source in request.sources]
    draft.finish(assemble_digest(windows, parts, request.language, problems))
    tools.runs.finish(run_id, run_id)


async def find_highlights_early(llm: Llm, tools: Tools, run_id: str, source: str, no_news: Collection[str]) -> None:
    """Has a model find a source's highlights while commits that are `no_news` are being judged, so that they are there
    when the digest is assembled. Nothing where others are missing: what the model is shown is what the digest will say.
    """
    from workers.highlighting import ask_early  # noqa: PLC0415 - as in `digest`

    news = await asyncio.to_thread(_early_news, tools, run_id, source, no_news)
    if news is not None:
        await ask_early(llm, tools, tools.runs.request(run_id), source, news)


def _early_news(tools: Tools, run_id: str, source: str, no_news: Collection[str]) -> Sequence[Entry] | None:
    """The most important commits; None where any but those of `no_news` has no analysis yet."""
    with closing(build_tools(tools.redis, tools.settings)) as own:  # a source serves one thread
        request = own.runs.request(run_id)
        part = _Part(own, request, source, own.runs.listings(run_id)[source], ())
        for _ in part.gathering.entries(part.analysed(), request.least_tier):
            pass
        return part.gathering.news() if part.unjudged <= set(no_news) else None


class _Part:
    """One source's part of the digest.

    `problems` are what could not be looked at: those of the listing first. `unjudged` are shas without an analysis.
    """

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
        self.unjudged: set[str] = set()
        self._tally = DayTally(listing.window, request.asked_at)
        self._tells_days = tells_days(request) and not any(one.code in NOT_ALL for one in listing.notices)
        self.gathering = RepositoryGathering(self._source.name, self._source.url, listing, links, self._words)
        self.problems = [
            Problem(what=self._words(f"problem.{notice.code}", **notice.details), where=self._source.name)
            for notice in listing.notices
        ]
        self._by_rules_because: Counter[str] = Counter()
        of_all = {problem.code: problem for problem in noted if problem.sha is None}
        self.problems += [Problem(what=self._told(problem), where=self._source.name) for problem in of_all.values()]

    def digest(self) -> RepositoryDigest:
        """The part without its commits, once all of them have gone by."""
        found = None
        if self._key.model is not None:
            from workers.highlighting import find_highlights  # noqa: PLC0415 - only a model's digest needs a model

            found = find_highlights(self._tools, self._request, self._name, self.gathering.news())
        if found is None:
            return self.gathering.digest()
        return self.gathering.digest(highlights=found.highlights, highlighting=found.highlighting)

    def judged(self) -> Iterator[tuple[CommitHead, Analysis]]:
        """Every commit of the listing with its analysis, or else its triage; what is wrong is added to `problems`."""
        for head, found in self._looked_up():
            problem = self._failed.get(head.sha)
            if found is not None and problem is not None and problem.code.startswith(NOT_BY_MODEL):
                self._by_rules_because[self._told(problem)] += found.judgement.engine == "offline"
            elif problem is not None or found is None:
                where = f"{self._source.name}@{head.sha[:7]}"
                self.problems.append(Problem(what=self._reason(head.sha), where=where))
            analysis = found or self._triaged(head)
            self._tally.count(head.committed_at, analysis.tier)
            yield head, analysis

    def judged_by_rules(self) -> Iterator[Problem]:
        """Why the rules judged commits instead of the model, once all of them have gone by: each reason once."""
        for why, count in self._by_rules_because.most_common():
            if count:
                what = self._words("problem.by_rules", why=why, n=count)
                yield Problem(what=what, where=self._source.name, by_rules=count)

    def keep_days(self) -> None:
        """Keeps how many commits each day had, once all of them have gone by."""
        if self._tells_days:
            self._tools.history.put(repository_key(self._name), self._tally.zone, self._tally.pieces())

    def analysed(self) -> Iterator[tuple[CommitHead, Analysis]]:
        """The commits of the listing that have an analysis; the others are added to `unjudged`."""
        return ((head, analysis) for head, analysis in self._looked_up() if analysis is not None)

    def _looked_up(self) -> Iterator[tuple[CommitHead, Analysis | None]]:
        heads = iter(self._heads)
        while page := list(islice(heads, PAGE)):
            yield from self._looked_up_page(page)

    def _looked_up_page(self, heads: Sequence[CommitHead]) -> Iterator[tuple[CommitHead, Analysis | None]]:
        found = self._tools.analyses.get_many(self._key, [head.sha for head in heads])
        found |= self._by_rules([head.sha for head in heads if head.sha not in found])
        self.unjudged.update(head.sha for head in heads if head.sha not in found)
        for head in heads:
            analysis = found.get(head.sha)
            yield head, _marked_cached(analysis, self._request) if analysis else None

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
