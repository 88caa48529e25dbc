"""From a request to stored commits, cut into batches to be judged, each as soon as its commits are there.

Secrets are taken out here, before anything is stored: nothing behind this point has ever seen one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.analysis.redaction.redaction import redact
from workers.errors import PartialError
from workers.model import Commit, CommitHead, Listing
from workers.request import DigestRequest
from workers.wiring import Tools, repository_key

BATCH_MOST = 24
"""Commits in one job: few enough that a lost job is soon done again, many enough to pay for its fork (20 ms)."""
BATCHES_WANTED = 8
"""Into how many jobs a small window is cut, so that every worker has something to do."""

Batch = tuple[str, list[str]]


def collect(tools: Tools, run_id: str) -> Iterator[Batch]:
    """Batches of (source, shas) whose commits are stored and not judged yet, for every source of a run."""
    request = tools.runs.request(run_id)
    for source in request.sources:
        yield from _collect_source(tools, run_id, request, source)


def _collect_source(tools: Tools, run_id: str, request: DigestRequest, source: str) -> Iterator[Batch]:
    listing = tools.source(source).listing(request.query, tools.now())
    tools.runs.put_listing(run_id, source, _without_secrets(listing))
    todo = _unjudged(tools, request, source, listing.heads)
    tools.runs.expect(run_id, fetch=len(todo), analyse=len(todo))
    size = min(BATCH_MOST, max(1, len(todo) // BATCHES_WANTED))
    batch: list[str] = []
    for sha in _stored_shas(tools, run_id, source, todo):
        batch.append(sha)
        if len(batch) == size:
            yield source, batch
            batch = []
    if batch:
        yield source, batch


def _unjudged(tools: Tools, request: DigestRequest, source: str, heads: Sequence[CommitHead]) -> list[CommitHead]:
    """What the cache does not have; everything where the request wants it fresh."""
    if request.fresh:
        return list(heads)
    judged = tools.analyses.known(tools.analysis_key(source, request), [head.sha for head in heads])
    return [head for head in heads if head.sha not in judged]


def _stored_shas(tools: Tools, run_id: str, source: str, heads: Sequence[CommitHead]) -> Iterator[str]:
    """The shas of commits as they come to stand in the store; a commit that cannot be had is noted with the run."""
    repository = repository_key(source)
    known = tools.commits.known(repository, [head.sha for head in heads])
    for sha in (head.sha for head in heads if head.sha in known):
        tools.runs.fetched(run_id, sha)
        yield sha
    try:
        for commit in tools.source(source).commits([head for head in heads if head.sha not in known]):
            safe = redact(commit).commit
            tools.commits.put(repository, safe)
            tools.runs.fetched(run_id, safe.subject)
            yield commit.sha
    except PartialError as error:
        for sha in error.missing:
            tools.runs.add_problem(run_id, sha, error.code, error.details)


def _without_secrets(listing: Listing) -> Listing:
    return listing.model_copy(update={"heads": tuple(map(_without_secret, listing.heads))})


def _without_secret(head: CommitHead) -> CommitHead:
    safe = redact(Commit(**dict(head))).commit
    return CommitHead(**{name: getattr(safe, name) for name in CommitHead.model_fields})
