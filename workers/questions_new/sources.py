"""The numbered sources of an answer, with links to the exact lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workers.addresses import lines_url, pull_request_url
from workers.questions.checking import Source
from workers.questions.values import Citation, CommitRef

Urls = Callable[[CommitRef], tuple[str | None, str | None]]
"""The page of a commit's repository, and the page of the commit; None where there are none."""

QUOTE_MOST = 400


class Citations:
    """Numbers sources as they come: the same place has the same number."""

    def __init__(self, urls: Urls) -> None:
        self._urls = urls
        self._numbers: dict[Source, int] = {}
        self.all: list[Citation] = []

    def cite(self, sources: Iterable[Source]) -> tuple[tuple[int, ...], tuple[Citation, ...]]:
        """The numbers of these sources, and of their citations those that are new."""
        numbers: list[int] = []
        known = len(self.all)
        for source in sources:
            key = source if source.path is None else source._replace(quote="")
            if key not in self._numbers:
                self._numbers[key] = len(self.all) + 1
                self.all.append(self._citation(source))
            numbers.append(self._numbers[key])
        return tuple(dict.fromkeys(numbers)), tuple(self.all[known:])

    def _citation(self, source: Source) -> Citation:
        return Citation(
            number=len(self.all) + 1,
            commit=source.ref,
            path=source.path,
            side=source.side,
            start=source.start,
            end=source.end,
            quote=source.quote[:QUOTE_MOST],
            url=self._url(source),
        )

    def _url(self, source: Source) -> str | None:
        repository, commit = self._urls(source.ref)
        if source.request and repository:
            return pull_request_url(repository, source.request)
        if source.path is None or repository is None:
            return commit
        # What was read at the parent is in the parent's file; an old line of the diff is shown in the diff.
        side = source.side if source.sha == source.ref.sha else "new"
        return lines_url(repository, source.sha, source.path, side, source.start, source.end)
