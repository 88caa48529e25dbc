"""Lists of commits, page by page, remembered with their ETags, and distrusted: no page may repeat or never end."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from workers.errors import TransientError, WordsError
from workers.model import CommitHead, Value
from workers.sources.github.answers import NOT_MODIFIED, Answer, reading
from workers.sources.github.client import PER_PAGE, Client
from workers.sources.github.values import read_head

MOST_PAGES = 1_000
"""Pages of one list: 100,000 commits. A longer window would use up any rate limit, and a lying server never ends."""

Query = Mapping[str, str]


class Page(Value):
    """One page of a list of commits.

    `next` is the query of the following page, None on the last; `total` the length of the whole list where GitHub
    tells it (in comparisons); `tag` the ETag, "" without.
    """

    heads: tuple[CommitHead, ...]
    next: dict[str, str] | None = None
    total: int | None = None
    tag: str = ""


def walk(client: Client, below: str, query: Query) -> Iterator[Page]:
    """The pages of a list, each with the commits that no page before it had. Each costs one request.

    TransientError("source_misbehaves") where a page brings nothing new, WordsError("too_many_commits") past MOST_PAGES.
    """
    seen: set[str] = set()
    asked: dict[str, str] = {"per_page": str(PER_PAGE), **query}
    for _ in range(MOST_PAGES):
        page = _page(client, below, asked)
        fresh = {head.sha: head for head in page.heads if head.sha not in seen}
        if seen and not fresh:
            raise TransientError("source_misbehaves", asked=below)
        seen.update(fresh)
        yield page.model_copy(update={"heads": tuple(fresh.values())})
        if page.next is None:
            return
        asked |= page.next
    raise WordsError("too_many_commits", limit=MOST_PAGES * PER_PAGE)


def _page(client: Client, below: str, query: Query) -> Page:
    """One page, from memory where GitHub says that it has not changed; that costs nothing of the rate limit."""
    if client.memory is None:
        return _read(client, client.get(below, query))
    name = _name(client, below, query)
    kept = _recall(client.memory.get(name))
    answer = client.get(below, query, tag=kept.tag if kept else None)
    if kept and answer.status == NOT_MODIFIED:
        return kept
    page = _read(client, answer)
    if page.tag:
        client.memory.set(name, zlib.compress(page.model_dump_json().encode()))
    return page


def _read(client: Client, answer: Answer) -> Page:
    following = answer.next_page(client.host)
    with reading(answer.asked):
        content = answer.json
        compared = isinstance(content, dict)
        heads = tuple(client.clean(read_head(data)) for data in (content["commits"] if compared else content))
        total = int(content["total_commits"]) if compared else None
    return Page(heads=heads, next=following, total=total, tag=answer.headers.get("etag", ""))


def _name(client: Client, below: str, query: Query) -> str:
    told = json.dumps([client.host, client.repository.casefold(), below, dict(query)], sort_keys=True)
    return f"commits:{hashlib.sha256(told.encode()).hexdigest()}"


def _recall(kept: bytes | None) -> Page | None:
    """A page that was kept; None where there is none, or none that can be read."""
    try:
        return Page.model_validate_json(zlib.decompress(kept)) if kept else None
    except (ValidationError, zlib.error):
        return None
