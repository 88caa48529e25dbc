"""From listings and analyses in the store to a digest there, a page of commits at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import fakeredis
import pytest

from tests.alive import Alive
from tests.samples import sha_of
from workers import assembly
from workers.analysis.analyst import triage_only
from workers.days import days_until
from workers.digest import MAX_NEWS
from workers.lazy import Mapped
from workers.model import Analysis, CommitHead, Digest, Listing, Notice, Person, Tier, Window
from workers.request import DigestRequest, Query
from workers.settings import Settings
from workers.store.analyses import AnalysisStore
from workers.store.history import Day
from workers.store.shelf import PAGE, Shelf
from workers.wiring import Tools, build_tools

MIDNIGHT = datetime(2026, 2, 21, tzinfo=UTC)
WINDOW = Window(start=MIDNIGHT, end=MIDNIGHT + timedelta(days=1), timezone="UTC")
SOURCE = "/home/ada/engine"
REQUEST = DigestRequest(asked_at=MIDNIGHT, sources=(SOURCE,), query=Query(timezone="UTC"), language="en")
RUN = "r1"
ADA = Person(name="Ada", email="ada@example.org")


class Engine:
    """A source that has been listed already."""

    name = "acme/engine"
    url = "https://github.com/acme/engine"

    def find_reverted(self, head: CommitHead) -> None:
        return None

    def reverts_after(self, window: Window) -> Sequence[CommitHead]:
        return ()

    def close(self) -> None:
        pass


@pytest.fixture
def tools() -> Iterator[Tools]:
    with fakeredis.FakeStrictRedis(version=7) as redis:
        made = build_tools(redis, Settings())
        made._sources[SOURCE] = Engine()  # type: ignore[assignment]
        made.runs.create(RUN, REQUEST)
        yield made


def head(number: int) -> CommitHead:
    message = f"Do it ({number})\n\nBecause of {number}."
    return CommitHead(
        sha=sha_of(str(number)),
        author=ADA,
        committer=ADA,
        authored_at=MIDNIGHT,
        committed_at=MIDNIGHT + timedelta(seconds=number),
        message=message,
    )


def analysis(number: int) -> Analysis:
    return triage_only(head(number), "", "en", MIDNIGHT).model_copy(update={"tier": Tier.MEDIUM})


def list_commits(tools: Tools, count: int, *notices: Notice) -> None:
    heads = Mapped(range(count, 0, -1), head)
    tools.runs.put_listing(RUN, SOURCE, Listing(window=WINDOW, heads=heads, notices=notices))


def judge(tools: Tools, *numbers: int) -> None:
    for number in numbers:
        tools.analyses.put(tools.analysis_key(SOURCE, REQUEST), analysis(number))


def assembled(tools: Tools) -> Digest:
    assembly.assemble(tools, RUN)
    assert tools.runs.progress(RUN).digest_id == RUN
    digest = tools.digests.get(RUN)
    assert digest is not None
    return digest


def test_a_digest_has_every_commit_of_the_listing_in_its_order(tools: Tools) -> None:
    list_commits(tools, 3)
    judge(tools, 1, 2, 3)
    digest = assembled(tools)
    (part,) = digest.repositories
    assert [entry.subject for entry in part.commits] == ["Do it (3)", "Do it (2)", "Do it (1)"]
    assert (part.statistics.commits, part.statistics.medium, digest.problems) == (3, 3, ())


def test_what_has_no_analysis_stands_there_and_says_so_behind_what_is_wrong_with_all(tools: Tools) -> None:
    list_commits(tools, 3, Notice(code="shallow_window", details={"commits": 1}))
    judge(tools, 1, 3)
    digest = assembled(tools)
    (part,) = digest.repositories
    assert [entry.analysis.complete for entry in part.commits][1] is False
    assert [problem.where for problem in digest.problems] == ["acme/engine", f"acme/engine@{sha_of('2')[:7]}"]


def test_an_assembly_that_runs_twice_makes_the_same_digest(tools: Tools) -> None:
    list_commits(tools, 3)
    judge(tools, 1, 2, 3)
    once = assembled(tools).model_dump_json()
    assert assembled(tools).model_dump_json() == once


def test_an_assembly_that_was_killed_half_way_is_made_good_by_the_next(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_commits(tools, PAGE + 5)
    judge(tools, *range(1, PAGE + 6))
    write = Shelf._write
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "_write", _then_die(write))
        with pytest.raises(KeyboardInterrupt):
            assembly.assemble(tools, RUN)
    assert tools.digests.get(RUN) is None
    (part,) = assembled(tools).repositories
    assert part.shas() == [sha_of(str(number)) for number in range(PAGE + 5, 0, -1)]


def _then_die(write):
    def written(shelf, page):
        write(shelf, page)
        raise KeyboardInterrupt

    return written


def test_however_long_a_window_is_assembling_holds_a_page_of_its_commits(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 5 * PAGE
    list_commits(tools, count)
    judge(tools, *range(1, count + 1))
    heads, analyses, entries = Alive(), Alive(), Alive()
    page, get_many, add = Shelf.page, AnalysisStore.get_many, Shelf.add
    monkeypatch.setattr(Shelf, "page", lambda *given: heads.watch_all(page(*given)))
    monkeypatch.setattr(
        AnalysisStore, "get_many", lambda *given: {sha: analyses.watch(one) for sha, one in get_many(*given).items()}
    )
    monkeypatch.setattr(Shelf, "add", lambda self, values, *given: add(self, entries.watch_all(values), *given))
    assembly.assemble(tools, RUN)
    assert (heads.seen % count, analyses.seen, entries.seen) == (0, count, count)
    assert heads.most <= 2 * PAGE + 1  # a page that is done with goes when the next is there
    assert analyses.most <= PAGE + MAX_NEWS + 1
    assert entries.most <= MAX_NEWS + 2


# --- what is kept of the days -----------------------------------------------------------------------------------


def days(tools: Tools) -> list[Day]:
    return days_until(tools.history, [f"git:{SOURCE}"], "UTC", WINDOW.end)


def ask(tools: Tools, **query: object) -> None:
    later = {"asked_at": MIDNIGHT + timedelta(days=2), "query": Query(timezone="UTC", **query)}  # type: ignore[arg-type]
    tools.runs.create(RUN, REQUEST.model_copy(update=later))


def test_a_digest_of_a_whole_day_leaves_its_counts_however_often_it_is_made(tools: Tools) -> None:
    for _ in range(2):
        ask(tools)
        list_commits(tools, 3)
        judge(tools, 1, 2, 3)
        assembled(tools)
        assert days(tools) == [Day(day=MIDNIGHT.date(), medium=3)]


def test_a_day_that_goes_on_leaves_no_counts(tools: Tools) -> None:
    list_commits(tools, 3)
    assembled(tools)
    assert days(tools) == []


@pytest.mark.parametrize("given", [{"paths": ("src",)}, {"branches": ("main",)}, {"authors": ("ada",)}])
def test_a_filtered_digest_leaves_no_counts(tools: Tools, given: dict[str, object]) -> None:
    ask(tools, **given)
    list_commits(tools, 3)
    assembled(tools)
    assert days(tools) == []


def test_a_day_of_which_commits_are_missing_leaves_no_counts(tools: Tools) -> None:
    ask(tools)
    list_commits(tools, 3, Notice(code="shallow_window", details={"commits": 1}))
    assembled(tools)
    assert days(tools) == []
