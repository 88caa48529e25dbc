"""Judging by a model beside fetching, and highlights beside judging: through real Redis, git and model server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.enqueue import enqueue_digest
from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.fakes.model_protocol import Asked
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from tests.strong_model import judging, said
from workers import assembly, collection
from workers.batch import Batch
from workers.connection import connect
from workers.judging import judge_batch
from workers.model import Commit, RepositoryDigest
from workers.request import DigestRequest, Query
from workers.serve import temporary_workers
from workers.settings import Settings
from workers.store.commits import CommitStore
from workers.wiring import Tools, build_tools

ASKED = datetime(2026, 2, 22, tzinfo=UTC)
RUN = "r1"
QUEUE = "test"


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel(judging()) as server:
        yield server


@pytest.fixture
def tools(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tools]:
    given = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small"}
    with redis_server() as url:
        for name, value in {**given, "REDIS_URL": url}.items():
            monkeypatch.setenv(name, value)
        yield build_tools(connect(url), Settings(), owner="job")


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    """Four fixes, and on top a commit of documents alone, which is of low tier."""
    builder = RepositoryBuilder(tmp_path / "repository")
    for number in range(4):
        builder.commit(f"fix: case {number}", {f"src/part_{number}.py": f"def work_{number}():\n    return 1\n"})
    builder.commit("docs: how to begin", {"docs/begin.md": "# Begin\n\nRead this first.\n"})
    return builder


def request_of(repository: RepositoryBuilder) -> DigestRequest:
    query = Query(timezone="UTC")
    return DigestRequest(asked_at=ASKED, sources=(str(repository.path),), query=query, language="en", judge="model")


def made(tools: Tools, repository: RepositoryBuilder) -> RepositoryDigest:
    """The digest, its jobs done one after another in this process."""
    tools.runs.create(RUN, request_of(repository))
    for source, shas, by_model in list(collection.collect(tools, RUN)):
        assert by_model
        judge_batch(tools, RUN, source, shas, None, assembly.find_highlights_early)
    assembly.assemble(tools, RUN)
    found = tools.digests.get(RUN)
    assert found is not None
    return found.repositories[0]


def name_of(asked: Asked) -> str:
    return str(asked.body["response_format"]["json_schema"]["name"])


def highlights_asked(model: FakeModel) -> list[Asked]:
    return [asked for asked in model.requests if name_of(asked) == "highlights"]


def is_of_documents(asked: Asked) -> bool:
    return name_of(asked).startswith("analysis") and "how to begin" in asked.content


def test_highlights_are_asked_for_while_what_is_no_news_is_still_being_judged(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    reply, seen = judging(), asyncio.Event()

    async def script(asked: Asked) -> str:
        if name_of(asked) == "highlights":
            seen.set()
        elif is_of_documents(asked):
            async with asyncio.timeout(20):
                await seen.wait()
        return reply(asked)

    model.script = script
    assert len(made(tools, repository).commits) == 5
    assert len(highlights_asked(model)) == 1


def test_where_a_model_raises_what_was_no_news_highlights_are_asked_for_anew(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    dull, raised, seen = judging(), judging(tier="high", tier_reasons=["`Begin` is new"]), asyncio.Event()

    async def script(asked: Asked) -> str:
        if name_of(asked) == "highlights":
            seen.set()
        elif is_of_documents(asked):
            async with asyncio.timeout(20):
                await seen.wait()
            return raised(asked)
        return dull(asked)

    model.script = script
    entry = made(tools, repository).commits[0]
    assert entry.tier != "low"
    early, late = highlights_asked(model)
    assert entry.sha[:10] not in early.content
    assert entry.sha[:10] in late.content


def test_the_highlights_of_the_digest_are_those_that_were_found_early(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    def found(asked: Asked) -> list[dict[str, Any]]:
        sha = asked.content.partition("= ")[2].split()[0]
        return [{"text": "`work_3` is new.", "commits": [sha]}]

    model.script = judging(highlights=found, summary=[said("It adds the work of one more case.")])
    part = made(tools, repository)
    assert len(highlights_asked(model)) == 1
    assert [highlight.commits for highlight in part.highlights] == [(part.commits[1].sha,)]


def sha_in(asked: Asked, subject: str) -> str:
    """The beginning of the sha of a commit, as highlights are asked for with it."""
    return next(block.split()[0] for block in asked.content.split("\n= ")[1:] if f"| {subject}" in block)


def highlight(text: str, *shas: str) -> dict[str, Any]:
    return {"text": text, "commits": list(shas)}


def test_highlights_are_checked_before_they_are_cut_and_all_that_was_said_is_counted(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    def found(asked: Asked) -> list[dict[str, Any]]:
        shas = [sha_in(asked, f"fix: case {number}") for number in range(4)]
        wrong = [highlight("`invented_name` is new.", shas[0]), highlight("Speed rises by 45%.", shas[1])]
        idle = [highlight("It is a nice day.", shas[0]), highlight("`work_1` is new.")]
        mended = [highlight("`wrk_2` is new.", shas[2])]
        sound = [highlight(f"`work_{number}` is new.", *shas) for number in range(4)]
        return [*wrong, *idle, *mended, *sound]

    model.script = judging(highlights=found, repairs=[{"number": 5, **said("`work_2` is new, and returns 1.")}])
    part = made(tools, repository)
    cited = {one.text: [part.entry(sha).subject for sha in one.commits] for one in part.highlights}  # type: ignore[union-attr]
    assert cited == {
        "`work_2` is new, and returns 1.": ["fix: case 2"],
        **{f"`work_{number}` is new.": [f"fix: case {number}"] for number in range(4)},
    }
    assert part.highlighting is not None
    counts = part.highlighting.grounding
    assert (counts.checked, counts.supported, counts.repaired, counts.removed) == (9, 0, 5, 4)
    assert part.highlighting.provenance.input_tokens > 0
    assert part.highlighting.provenance.model == "small"


def test_where_no_highlight_of_the_model_holds_those_of_the_rules_stand_and_it_is_counted(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    model.script = judging(highlights=lambda asked: [highlight("Nice.", sha_in(asked, "fix: case 0"))])
    part = made(tools, repository)
    assert part.highlights
    assert part.highlighting is not None
    assert part.highlighting.grounding.removed == 1


def test_what_another_digest_judges_or_judged_meanwhile_is_not_paid_for_again(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder
) -> None:
    made(tools, repository)
    judged = repository.git("rev-list", "HEAD").decode().split()
    new = repository.commit("fix: more", {"src/more.py": "def more():\n    return 1\n"})
    other = build_tools(tools.redis, owner="another job")
    mine, theirs = (Batch(each, RUN, str(repository.path)) for each in (tools, other))
    assert {mine.begin(sha) for sha in judged} == {"judged"}
    assert theirs.take([new])
    assert mine.begin(new) == "claimed"


def told(model_url: str) -> int:
    with urllib.request.urlopen(model_url.removesuffix("/v1") + "/told") as answer:  # noqa: S310 - our own
        return int(json.load(answer)["requests"])


def test_the_model_is_asked_while_commits_are_still_being_fetched(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = CommitStore.put
    last = repository.git("rev-list", "--max-parents=0", "HEAD").decode().strip()

    def patient(store: CommitStore, name: str, commit: Commit) -> None:
        if commit.sha == last:
            wait_until(lambda: told(model.url) >= 3, seconds=40)
        put(store, name, commit)

    monkeypatch.setattr(CommitStore, "put", patient)
    digest = by_workers(tools, repository)
    assert len(digest.commits) == 5
    assert all(entry.analysis.engine == "model" for entry in digest.commits)


def test_a_digest_is_whole_and_paid_for_once_though_what_fetched_was_killed(
    tools: Tools, model: FakeModel, repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, redis = CommitStore.put, tools.redis
    last = repository.git("rev-list", "--max-parents=0", "HEAD").decode().strip()

    def dying(store: CommitStore, name: str, commit: Commit) -> None:
        if commit.sha == last and connect(os.environ["REDIS_URL"]).incr("test:killed") == 1:
            wait_until(lambda: told(model.url) >= 3, seconds=40)
            os.kill(os.getpid(), signal.SIGKILL)
        put(store, name, commit)

    monkeypatch.setattr(CommitStore, "put", dying)
    digest = by_workers(tools, repository)
    assert redis.get("test:killed") == b"2"
    assert all(entry.analysis.engine == "model" for entry in digest.commits)
    assert len([asked for asked in model.requests if name_of(asked).startswith("analysis")]) == 5


def by_workers(tools: Tools, repository: RepositoryBuilder) -> RepositoryDigest:
    """The digest, made by worker processes; nothing was wrong with it."""
    enqueue_digest(tools.redis, tools.runs, QUEUE, RUN, request_of(repository))
    with temporary_workers(os.environ["REDIS_URL"], QUEUE, 2):
        wait_until(lambda: tools.runs.wait_end(RUN, 0.5), seconds=90)
    assert tools.runs.progress(RUN).failure is None
    found = tools.digests.get(RUN)
    assert found is not None
    assert found.problems == ()
    return found.repositories[0]
