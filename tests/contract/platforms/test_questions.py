"""Questions in the thread of a digest: answered once each, checked, with their sources, or it is told why not."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Worker

from tests.asking import is_repair, reply, statement
from tests.contract.platforms.conftest import DRIVERS
from tests.drivers.driver import ALONE, GUEST, ME, OTHER, SUBJECT, Driver, Posted, digest_of, read
from tests.fakes.model import RIGHT_KEY, FakeModel, plausible
from tests.fakes.model_protocol import Asked
from tests.fakes.model_troubles import Broken
from tests.processes import wait_until
from workers import queues

TRUE = statement("`login` now returns None for nobody.", "src/login.py", "return user or None")
INVENTED = statement("It calls `forget_everything` now.", "src/login.py", "return user or None")
QUESTION = "what does login return now?"


def is_talk(request: Asked) -> bool:
    """Whether a question of a person is what the model is asked."""
    return bool(request.tools)


class Oracle:
    """What the model says: to questions what the test wants, to all else what the schema takes."""

    def __init__(self) -> None:
        self.statements = [TRUE]
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, request: Asked) -> str:
        if is_repair(request):
            return json.dumps({"repairs": []})
        if not is_talk(request):
            return plausible(request)
        self.gate.wait(30)
        return reply(*self.statements)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture(scope="module")
def model(oracle: Oracle) -> Iterator[FakeModel]:
    with FakeModel(oracle, latency=0.05) as fake:
        yield fake


@pytest.fixture(scope="module", params=DRIVERS)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folder: Path, model: FakeModel
) -> Iterator[Driver]:
    """The bot with a model."""
    environment = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small"}
    with DRIVERS[request.param](tmp_path_factory.mktemp(request.param), folder, **environment) as driver:
        yield driver


def ordered(chat: Driver, source: str) -> Posted:
    room = chat.room()
    chat.write(f"{source} lang=en", room)
    return digest_of(chat, room, SUBJECT)


def answers(chat: Driver, digest: Posted, *words: str) -> list[str]:
    """What the bot has said in the thread with all these words."""
    return [one.text for one in chat.thread(digest) if all(word in one.text for word in words)]


def test_a_question_is_answered_in_the_thread_with_the_lines_it_rests_on(asked: Driver, source: str) -> None:
    digest = ordered(asked, source)
    asked.ask(QUESTION, digest)
    wait_until(lambda: answers(asked, digest, "returns None for nobody", "src/login.py:2"), 30)


def test_what_nothing_supports_is_not_said(asked: Driver, source: str, oracle: Oracle) -> None:
    oracle.statements = [INVENTED, TRUE]
    digest = ordered(asked, source)
    asked.ask(QUESTION, digest)
    wait_until(lambda: answers(asked, digest, "returns None for nobody", "left out"), 30)
    assert not answers(asked, digest, "forget_everything")
    oracle.statements = [TRUE]


def test_an_answer_whose_worker_was_killed_is_given_once(asked: Driver, source: str, oracle: Oracle) -> None:
    digest = ordered(asked, source)
    oracle.gate.clear()
    asked.ask(QUESTION, digest)
    wait_until(lambda: horses(asked), 20)
    for pid in horses(asked):
        os.kill(pid, signal.SIGKILL)
    oracle.gate.set()
    wait_until(lambda: answers(asked, digest, "returns None for nobody"), 60)
    assert len(answers(asked, digest, "returns None")) == 1


def test_a_model_that_dies_in_its_words_is_asked_again(asked: Driver, source: str, model: FakeModel) -> None:
    digest = ordered(asked, source)
    model.trouble(Broken(after=20), on=is_talk)
    asked.ask(QUESTION, digest)
    wait_until(lambda: answers(asked, digest, "returns None for nobody"), 30)


def test_many_questions_at_once_are_each_answered_or_refused_in_words(asked: Driver, source: str) -> None:
    digest = ordered(asked, source)
    people = [ME, OTHER, ALONE]
    for number in range(30):
        asked.ask(f"{QUESTION} ({number})", digest, people[number % 3])
    told = "too many questions"

    def count() -> int:
        refused = [one for person in people for one in asked.told(room_of(digest), person) if told in one.text.lower()]
        in_thread = [text for text in answers(asked, digest) if told in text.lower()]
        return len(answers(asked, digest, "checked against")) + len(refused) + len(in_thread)

    wait_until(lambda: count() >= 30, 110)
    assert count() == 30


def test_who_is_of_another_house_learns_nothing(asked: Driver, source: str) -> None:
    digest = ordered(asked, source)
    asked.ask(QUESTION, digest, GUEST)
    wait_until(lambda: "no longer kept" in read(asked, room_of(digest), GUEST) + "".join(answers(asked, digest)), 20)
    assert not answers(asked, digest, "returns None")


def test_without_a_model_the_passages_that_fit_best_are_quoted(chat: Driver, source: str) -> None:
    digest = ordered(chat, source)
    chat.ask(QUESTION, digest)
    wait_until(lambda: answers(chat, digest, "not an answer", "return user or None"), 30)


def room_of(posted: Posted) -> str:
    return str(getattr(posted.message, "channel", None) or posted.message.chat)


def horses(chat: Driver) -> list[int]:
    """The processes that are answering questions."""
    workers = Worker.all(connection=chat.redis)
    busy = [worker for worker in workers if queues.QUESTIONS in worker.queue_names() and worker.get_current_job_id()]
    return [pid for worker in busy if (pid := _child_of(int(worker.pid or 0)))]


def _child_of(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return int(children[0]) if children else None
