"""The store of runs."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from tests.processes import wait_until
from tests.servers import redis_server
from tests.unit.workers.store.commits_made import commit
from workers.errors import BrokenError, RefusedError
from workers.model import CommitHead, Listing, Window
from workers.request import DigestRequest, Query
from workers.store import keys
from workers.store.runs import CURRENT_MOST, Count, Failure, RunProblem, RunStore

LIFE = timedelta(hours=1)
REQUEST = DigestRequest(
    asked_at=datetime(2026, 2, 22, tzinfo=UTC),
    sources=("acme/engine",),
    query=Query(timezone="Asia/Shanghai"),
    language="zh",
)
WINDOW = Window(start=datetime(2026, 2, 21, tzinfo=UTC), end=datetime(2026, 2, 22, tzinfo=UTC), timezone="UTC")
RUN = "r1"


def listing(count: int) -> Listing:
    commits = [commit(number) for number in range(count)]
    heads = [CommitHead(**{name: getattr(each, name) for name in CommitHead.model_fields}) for each in commits]
    return Listing(window=WINDOW, heads=tuple(heads))


@pytest.fixture
def runs(redis: Redis) -> RunStore:
    store = RunStore(redis, LIFE)
    store.create(RUN, REQUEST)
    return store


def test_a_run_knows_what_is_wanted(runs: RunStore) -> None:
    assert runs.request(RUN) == REQUEST


def test_a_run_that_is_not_here_is_a_defect(runs: RunStore) -> None:
    for ask in (runs.request, runs.progress):
        with pytest.raises(BrokenError, match="store_lost"):
            ask("other")


def test_a_new_run_is_queued(runs: RunStore) -> None:
    progress = runs.progress(RUN)
    assert (progress.state, progress.listed, progress.collect, progress.current) == ("queued", 0, Count(), "")


def test_listings_come_back_by_source(runs: RunStore) -> None:
    runs.put_listing(RUN, "acme/engine", listing(2))
    runs.put_listing(RUN, "/home/我/repo", listing(300))
    assert runs.listings(RUN) == {"acme/engine": listing(2), "/home/我/repo": listing(300)}
    assert runs.progress(RUN).listed == 2


def test_a_listing_that_cannot_be_read_is_a_defect(runs: RunStore, redis: Redis) -> None:
    redis.hset(keys.run_listings(RUN), "acme/engine", b"9?")
    with pytest.raises(BrokenError, match="store_lost"):
        runs.listings(RUN)


def test_progress_counts_what_is_done_of_what_is_to_do(runs: RunStore) -> None:
    runs.put_listing(RUN, "acme/engine", listing(3))
    runs.expect(RUN, fetch=3, analyse=3)
    runs.fetched(RUN, "fix: a leak")
    runs.fetched(RUN, "feat: more")
    runs.judged(RUN, "fix: a leak")
    progress = runs.progress(RUN)
    assert (progress.state, progress.collect, progress.analyse) == (
        "running",
        Count(done=2, total=3),
        Count(done=1, total=3),
    )
    assert progress.current == "fix: a leak"


def test_two_sources_add_up(runs: RunStore) -> None:
    runs.advance(RUN, "collect", total=3)
    runs.advance(RUN, "collect", total=4, done=1)
    assert runs.progress(RUN).collect == Count(done=1, total=7)


def test_a_job_that_ran_twice_does_not_make_more_than_everything(runs: RunStore) -> None:
    runs.expect(RUN, analyse=1)
    runs.judged(RUN, "a")
    runs.judged(RUN, "a")
    assert runs.progress(RUN).analyse == Count(done=1, total=1)


def test_advancing_without_a_subject_keeps_the_one_in_hand(runs: RunStore) -> None:
    runs.fetched(RUN, "in hand")
    runs.advance(RUN, "collect", done=1)
    assert runs.progress(RUN).current == "in hand"


def test_a_huge_hostile_subject_is_cut_and_shown_as_it_is(runs: RunStore) -> None:
    runs.fetched(RUN, "\x1b[2J" + "名" * 10_000)
    assert runs.progress(RUN).current == ("\x1b[2J" + "名" * 10_000)[:CURRENT_MOST]


def test_a_finished_run_has_its_digest(runs: RunStore) -> None:
    runs.finish(RUN, "d1")
    assert (runs.progress(RUN).state, runs.progress(RUN).digest_id) == ("done", "d1")


def test_a_failed_run_says_why_and_whose_fault_it_is(runs: RunStore) -> None:
    runs.fail(RUN, RefusedError("no_repository", name="acme/engine", status=404))
    progress = runs.progress(RUN)
    assert progress.state == "failed"
    assert progress.failure == Failure(
        fault="access", code="no_repository", details={"name": "acme/engine", "status": 404}
    )


def test_late_news_do_not_undo_an_end(runs: RunStore) -> None:
    runs.finish(RUN, "d1")
    runs.judged(RUN, "late")
    assert runs.progress(RUN).state == "done"


def test_a_digest_that_comes_after_a_failure_stands(runs: RunStore) -> None:
    runs.fail(RUN, RefusedError("redis_full"))
    runs.finish(RUN, "d1")
    assert runs.progress(RUN).state == "done"
    assert runs.progress(RUN).failure is None


def test_who_waits_learns_of_the_end(runs: RunStore) -> None:
    assert not runs.wait_end(RUN, 0.01)
    runs.finish(RUN, "d1")
    assert runs.wait_end(RUN, 5)
    assert runs.wait_end(RUN, 5)


def test_all_who_wait_learn_of_the_end_at_once() -> None:
    ended: list[bool] = []
    with redis_server() as url, Redis.from_url(url) as redis:
        runs = RunStore(redis, LIFE)
        threads = [threading.Thread(target=lambda: ended.append(runs.wait_end(RUN, 60))) for _ in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: redis.info("clients")["blocked_clients"] == 3)
        runs.fail(RUN, RefusedError("redis_full"))
        for thread in threads:
            thread.join(5)
    assert ended == [True] * 3


def test_problems_come_back_once_each_in_order(runs: RunStore) -> None:
    runs.add_problem(RUN, "a" * 40, "not_fetched", {"status": 502})
    runs.add_problem(RUN, None, "shallow")
    runs.add_problem(RUN, "a" * 40, "not_fetched", {"status": 502})
    assert runs.problems(RUN) == [
        RunProblem(sha="a" * 40, code="not_fetched", details={"status": 502}),
        RunProblem(sha=None, code="shallow"),
    ]


def test_a_run_begun_again_has_nothing_of_the_one_before(runs: RunStore) -> None:
    runs.put_listing(RUN, "acme/engine", listing(1))
    runs.add_problem(RUN, None, "shallow")
    runs.finish(RUN, "d1")
    runs.create(RUN, REQUEST)
    assert runs.progress(RUN).state == "queued"
    assert runs.listings(RUN) == {}
    assert runs.problems(RUN) == []
    assert not runs.wait_end(RUN, 0.01)


def test_everything_of_a_run_lives_as_long_as_it_should(runs: RunStore, redis: Redis) -> None:
    runs.put_listing(RUN, "acme/engine", listing(1))
    runs.add_problem(RUN, None, "shallow")
    runs.fetched(RUN, "a")
    runs.finish(RUN, "d1")
    found = redis.keys()
    assert len(found) == 6
    for key in found:
        assert 3590 <= redis.ttl(key) <= 3600, key
