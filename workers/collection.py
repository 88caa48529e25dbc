"""From a request to stored commits, cut into batches to be judged, each as soon as its commits are there.

Secrets are taken out here, before anything is stored: nothing behind this point has ever seen one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, repeat

from workers.analysis.redaction.redaction import redact, redact_head
from workers.errors import PartialError
from workers.lazy import Compact, Mapped
from workers.messages import read_message
from workers.model import CommitHead
from workers.request import DigestRequest
from workers.wiring import Tools, repository_key

BATCH_MOST = 24
"""Commits in one job: few enough that a lost job is soon done again, many enough to pay for its fork (20 ms)."""
BATCHES_WANTED = 8
"""Into how many jobs a small window is cut, so that every worker has something to do."""

BATCH_OF_MODEL = 100
"""Commits in one job for a model: a job has dozens of calls under way, and the more of them, the fuller it is."""
FIRST_BATCH_OF_MODEL = 16
"""Of the first such job, so that it begins while the others are still being fetched."""

PAGE = 512
"""Commits that the store is asked about in one round trip."""

Batch = tuple[str, list[str]]


def collect(tools: Tools, run_id: str) -> Iterator[Batch]:
    """Batches of (source, shas) whose commits are stored and not judged yet, for every source of a run."""
    request = tools.runs.request(run_id)
    for source in request.sources:
        yield from _collect_source(tools, run_id, request, source)


def _collect_source(tools: Tools, run_id: str, request: DigestRequest, source: str) -> Iterator[Batch]:
    if request.public_only:
        tools.ensure_public(source)
    listing = tools.source(source).listing(request.query_of(source), tools.now())
    safe = Mapped(listing.heads, redact_head)
    tools.runs.put_listing(run_id, source, listing.model_copy(update={"heads": safe}))
    todo = _unjudged(tools, request, source, listing.heads)
    tools.runs.expect(run_id, fetch=len(todo), analyse=len(todo))
    by_model = tools.analysis_key(source, request).model is not None
    sizes = _sizes_for_model() if by_model else repeat(min(BATCH_MOST, max(1, len(todo) // BATCHES_WANTED)))
    shas = _stored_shas(tools, run_id, source, todo)
    while batch := list(islice(shas, next(sizes))):
        yield source, batch


def _sizes_for_model() -> Iterator[int]:
    return chain([FIRST_BATCH_OF_MODEL], repeat(BATCH_OF_MODEL))


def _unjudged(tools: Tools, request: DigestRequest, source: str, heads: Sequence[CommitHead]) -> Sequence[CommitHead]:
    """What the cache does not have; everything where the request wants it fresh."""
    if request.fresh:
        return heads
    key = tools.analysis_key(source, request)
    judged = _known(heads, lambda shas: tools.analyses.known(key, shas))
    return Compact(CommitHead, (head for head in heads if head.sha not in judged)) if judged else heads


def _stored_shas(tools: Tools, run_id: str, source: str, heads: Sequence[CommitHead]) -> Iterator[str]:
    """The shas of commits as they come to stand in the store; a commit that cannot be had is noted with the run."""
    repository = repository_key(source)
    known = _known(heads, lambda shas: tools.commits.known(repository, shas))
    for sha in (head.sha for head in heads if head.sha in known):
        tools.runs.fetched(run_id, sha)
        yield sha
    unknown = Compact(CommitHead, (head for head in heads if head.sha not in known)) if known else heads
    try:
        for commit in tools.source(source).commits(unknown):
            safe = redact(commit).commit
            tools.commits.put(repository, safe)
            tools.runs.fetched(run_id, read_message(safe.message).subject)
            yield commit.sha
    except PartialError as error:
        for sha in error.missing:
            tools.runs.add_problem(run_id, sha, error.code, error.details)


def _known(heads: Sequence[CommitHead], ask: Callable[[Sequence[str]], set[str]]) -> set[str]:
    """The shas that the store says it has."""
    shas = (head.sha for head in heads)
    known: set[str] = set()
    while page := list(islice(shas, PAGE)):
        known |= ask(page)
    return known
