"""A digest through real Redis and real worker processes, whatever dies on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from chatbot.enqueue import enqueue_digest
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from workers import collection, judging
from workers.analysis.analyst import analyse
from workers.batch import Batch
from workers.connection import connect
from workers.model import Analysis, Commit, Digest, Language
from workers.request import DigestRequest, Query
from workers.serve import temporary_workers
from workers.settings import Settings
from workers.store.runs import Progress
from workers.wiring import Tools, build_tools

QUEUE = "test"
ASKED = datetime(2026, 2, 22, tzinfo=UTC)


@pytest.fixture
def url() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def tools(url: str) -> Tools:
    return build_tools(connect(url), Settings())


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    """Twelve commits of one day."""
    builder = RepositoryBuilder(tmp_path / "repository")
    for number in range(12):
        builder.commit(f"fix: case {number}", {f"src/part_{number}.py": f"def work_{number}():\n    return 1\n"})
    return builder


def request_of(repository: RepositoryBuilder, **given: object) -> DigestRequest:
    fields = {"asked_at": ASKED, "sources": (str(repository.path),), "query": Query(timezone="UTC"), "language": "en"}
    return DigestRequest.model_validate({**fields, **given})


def start(tools: Tools, run_id: str, request: DigestRequest) -> None:
    enqueue_digest(tools.redis, tools.runs, QUEUE, run_id, request)


def ended(tools: Tools, run_id: str) -> Progress:
    wait_until(lambda: tools.runs.wait_end(run_id, 0.5), seconds=60)
    return tools.runs.progress(run_id)


def digest_of(tools: Tools, run_id: str) -> Digest:
    assert ended(tools, run_id).failure is None
    found = tools.digests.get(run_id)
    assert found is not None
    return found


def shas(digest: Digest) -> list[str]:
    return [entry.sha for part in digest.repositories for entry in part.commits]


def all_shas(repository: RepositoryBuilder) -> list[str]:
    return repository.git("rev-list", "HEAD").decode().split()


@pytest.fixture
def before_judging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Commit], object]], None]:
    """Has something done before each commit is judged, in workers that are forked from now on."""

    def patch(act: Callable[[Commit], object]) -> None:
        def judge(commit: Commit, language: Language, now: datetime) -> Analysis:
            act(commit)
            return analyse(commit, language, now)

        monkeypatch.setattr(judging, "analyse", judge)

    return patch


def kill_for(sha: str, redis: Redis, times: int) -> Callable[[Commit], None]:
    """Kills, as the kernel does when memory runs out, the process that judges one commit, so many times."""

    def kill(commit: Commit) -> None:
        if commit.sha == sha and redis.incr("test:killed") <= times:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def test_two_digests_that_want_the_same_commits_at_the_same_time_pay_once(
    url: str, tools: Tools, repository: RepositoryBuilder, before_judging
):
    before_judging(lambda _: connect(url).incr("test:judged"))
    for run_id in ("a", "b"):
        start(tools, run_id, request_of(repository))
    with temporary_workers(url, QUEUE, 2):
        first, second = digest_of(tools, "a"), digest_of(tools, "b")
    assert shas(first) == shas(second) == all_shas(repository)
    assert int(tools.redis.get("test:judged")) == len(all_shas(repository))


def test_what_was_judged_between_a_look_and_a_claim_is_not_judged_again(
    tools: Tools, repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
):
    tools.runs.create("a", request_of(repository))
    batches = list(collection.collect(tools, "a"))
    source, wanted, _ = batches[0]
    looked, judged = Batch.wanted, []

    def wanted_while_another_judges(batch: Batch, shas: Sequence[str]) -> list[str]:
        found = looked(batch, shas)
        monkeypatch.setattr(Batch, "wanted", looked)
        judging.judge_batch(tools, "a", source, wanted)
        monkeypatch.setattr(judging, "analyse", lambda commit, *_: judged.append(commit.sha))
        return found

    monkeypatch.setattr(Batch, "wanted", wanted_while_another_judges)
    judging.judge_batch(tools, "a", source, wanted)
    assert judged == []


def test_a_digest_is_whole_though_its_worker_was_killed_once(
    url: str, tools: Tools, repository: RepositoryBuilder, before_judging
):
    before_judging(kill_for(all_shas(repository)[5], connect(url), times=1))
    start(tools, "a", request_of(repository))
    with temporary_workers(url, QUEUE, 2):
        digest = digest_of(tools, "a")
    assert shas(digest) == all_shas(repository)
    assert digest.problems == ()
    assert int(tools.redis.get("test:killed")) > 1


def test_a_commit_that_always_kills_its_worker_stands_with_its_triage_and_says_so(
    url: str, tools: Tools, repository: RepositoryBuilder, before_judging
):
    victim = all_shas(repository)[5]
    before_judging(kill_for(victim, connect(url), times=1000))
    start(tools, "a", request_of(repository))
    with temporary_workers(url, QUEUE, 2):
        digest = digest_of(tools, "a")
    assert shas(digest) == all_shas(repository)
    (problem,) = digest.problems
    assert victim[:7] in problem.where
    (entry,) = [entry for part in digest.repositories for entry in part.commits if entry.sha == victim]
    assert not entry.analysis.complete
    others = [entry for part in digest.repositories for entry in part.commits if entry.sha != victim]
    assert all(entry.analysis.complete for entry in others)


def test_a_commit_that_breaks_the_judge_is_told_with_a_reference(
    url: str, tools: Tools, repository: RepositoryBuilder, before_judging
):
    victim = all_shas(repository)[0]
    before_judging(lambda commit: 1 // (commit.sha != victim))
    start(tools, "a", request_of(repository))
    with temporary_workers(url, QUEUE, 1):
        digest = digest_of(tools, "a")
    (problem,) = digest.problems
    assert "reference" in problem.what
    assert victim[:7] in problem.where


def test_commits_that_could_not_be_fetched_are_in_the_digest_and_say_so(
    url: str, tools: Tools, repository: RepositoryBuilder
):
    broken = all_shas(repository)[3]
    tree = repository.git("rev-parse", f"{broken}:src").decode().strip()
    repository.object_file(tree).unlink()
    start(tools, "a", request_of(repository))
    with temporary_workers(url, QUEUE, 1):
        digest = digest_of(tools, "a")
    assert shas(digest) == all_shas(repository)
    assert {problem.where[-7:] for problem in digest.problems} >= {broken[:7]}


def test_an_unknown_source_ends_the_run_with_its_error(url: str, tools: Tools, tmp_path: Path):
    request = request_of(RepositoryBuilder(tmp_path / "empty"), sources=(str(tmp_path / "nowhere"),))
    start(tools, "a", request)
    with temporary_workers(url, QUEUE, 1):
        failure = ended(tools, "a").failure
    assert failure is not None
    assert (failure.fault, failure.code) == ("words", "not_a_repository")


def test_a_stored_commit_is_not_asked_of_its_source_again(tools: Tools, repository: RepositoryBuilder):
    """Even when its analysis is of another language, so that it has to be judged."""
    for run_id, language in (("a", "en"), ("b", "zh")):
        tools.runs.create(run_id, request_of(repository, language=language))
        portions = list(collection.collect(tools, run_id))
        assert sorted(sha for portion in portions for sha in portion.shas) == sorted(all_shas(repository))
        tools.source(str(repository.path)).commits = _nothing_but_none  # type: ignore[attr-defined]


def _nothing_but_none(heads: list[object]) -> Iterator[object]:
    assert heads == []
    return iter(())
