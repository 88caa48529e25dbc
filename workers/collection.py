"""From a request to stored commits, cut into batches to be judged: for the rules each as soon as its commits are there,
for a model at once, so that what it needs is made ready, and its first calls go out, while commits are being fetched.

Secrets are taken out here, before anything is stored: nothing behind this point has ever seen one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from workers.analysis.redaction.redaction import redact, redact_head
from workers.errors import PartialError
from workers.lazy import Compact, Mapped
from workers.messages import read_message
from workers.model import CommitHead, Listing
from workers.request import DigestRequest, Query
from workers.store.responses import ResponseMemory
from workers.wiring import Tools, is_local, repository_key

BATCH_MOST = 24
"""Commits in one job: few enough that a lost job is soon done again, many enough to pay for its fork (20 ms)."""
BATCHES_WANTED = 8
"""Into how many jobs a small window is cut, so that every worker has something to do."""

ROUNDS_OF_MODEL = 16
"""Commits in one job for a model, for each call that may run at once: a job has a second of its own, and at its end
calls run dry, so that there are to be few; but a round may take a minute or two, of which a job has thirty."""

LISTED_LIFE = timedelta(minutes=10)
"""How long a list of commits that GitHub gave is believed where it is all but final, so that the same digest again asks
nothing. What is pushed into a span that is over is missed for so long; schedules and fresh digests always look."""

PAGE = 512
"""Commits that the store is asked about in one round trip."""

_WHOLE_SHAS = re.compile(r"[0-9a-f]{40}\.\.[0-9a-f]{40}")


class Portion(NamedTuple):
    """Commits of one source for one job."""

    source: str
    shas: list[str]
    by_model: bool


def collect(tools: Tools, run_id: str) -> Iterator[Portion]:
    """Commits that are not judged yet, of every source of a run; when the iterator ends, they are stored.

    Those for the rules are stored before they are given.
    """
    request = tools.runs.request(run_id)
    for source in request.sources:
        yield from _collect_source(tools, run_id, request, source)


def _collect_source(tools: Tools, run_id: str, request: DigestRequest, source: str) -> Iterator[Portion]:
    if request.public_only:
        tools.ensure_public(source)
    listing = _listing(tools, run_id, request, source)
    todo = _unjudged(tools, request, source, listing.heads)
    tools.runs.expect(run_id, fetch=len(todo), analyse=len(todo))
    by_model = tools.analysis_key(source, request).model is not None
    stored = _stored_shas(tools, run_id, source, todo)
    if by_model:
        most = ROUNDS_OF_MODEL * tools.settings.openai_concurrency
        yield from (Portion(source, shas, True) for shas in _cut((head.sha for head in todo), most))
        for _ in stored:
            pass
    else:
        most = min(BATCH_MOST, max(1, len(todo) // BATCHES_WANTED))
        yield from (Portion(source, shas, False) for shas in _cut(stored, most))


def _listing(tools: Tools, run_id: str, request: DigestRequest, source: str) -> Listing:
    """What the source lists, or what it listed to another run just now; the run has it then."""
    query = request.query_of(source)
    believed = ResponseMemory(tools.redis, LISTED_LIFE)
    name = f"listed {repository_key(source)} {query.model_dump_json()}"
    stays = not is_local(source) and _is_over(query, tools.now())
    known = believed.get(name) if stays and not request.fresh else None
    found = tools.runs.listings(known.decode()).get(source) if known else None
    listing = found or tools.source(source).listing(query, tools.now())
    tools.runs.put_listing(run_id, source, listing.model_copy(update={"heads": Mapped(listing.heads, redact_head)}))
    if stays and found is None:
        believed.set(name, run_id.encode())
    return listing


def _is_over(query: Query, now: datetime) -> bool:
    """Whether a query is all but sure to list the same soon: a span in the past, or a range of whole shas."""
    if query.range is not None:
        return _WHOLE_SHAS.fullmatch(query.range) is not None
    return query.tips is None and query.end is not None and query.end <= now


def _cut(shas: Iterable[str], most: int) -> Iterator[list[str]]:
    rest = iter(shas)
    while part := list(islice(rest, most)):
        yield part


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
    return {sha for page in _cut(shas, PAGE) for sha in ask(page)}
