"""A question joins the line of its thread if whoever asks may see the digest and has not asked too often."""

from __future__ import annotations

import pytest
from fakeredis import FakeStrictRedis
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from chatbot.chat_jobs import several
from chatbot.commands.access import Access
from chatbot.commands.scene import Scene
from chatbot.messaging import Answer
from chatbot.questions import AT_ONCE, OF_CHANNEL, OF_PERSON, TEXT_MOST, Limits, ThreadQuestions, Threads
from chatbot.render.plain import plain_text
from chatbot.work import QUESTION_PROCESSES
from tests.unit.chatbot.rooms import CHANNEL, NOW, PERSON, THREAD, NotingDesk, message
from workers import queues
from workers.errors import WordsError
from workers.settings import Settings
from workers.store.threads import WAITING_MOST, Topic

DIGEST = "d1"


class Room:
    """A thread of a digest."""

    def __init__(self, redis: Redis, replies: bool = False) -> None:
        self.redis = redis
        self.threads = Threads(redis, Settings())
        self.desk = NotingDesk()
        self.desk.keep(DIGEST, CHANNEL)
        self.threads.topics.put(CHANNEL.key, THREAD.id, Topic(digest_id=DIGEST))
        self.questions = ThreadQuestions(self.threads, self.desk, Access(), Limits(redis), replies)

    def ask(self, text: str, **given: object) -> Answer | None:
        asked = message(text, way="mention", under=THREAD, **given)
        scene = Scene(CHANNEL, asked.person, NOW, language="en", timezone="UTC")
        return self.questions.ask(asked, scene)

    def says(self, text: str) -> str:
        answer = self.ask(text)
        assert answer is not None
        return plain_text(answer.view)

    def jobs(self, queue: str = queues.QUESTIONS) -> list[str]:
        return [job.func_name for job in Queue(queue, connection=self.redis, serializer=JSONSerializer).jobs]


@pytest.fixture
def room() -> Room:
    return Room(FakeStrictRedis())


def test_a_question_joins_the_line_and_a_job_answers(room: Room) -> None:
    assert room.ask("what does it do?") is None
    first = room.threads.line.first(CHANNEL.key, THREAD.id)
    assert first is not None
    assert (first.text, first.sources, first.topic.digest_id) == ("what does it do?", ("acme/api",), DIGEST)
    assert room.jobs() == ["chatbot.chat_jobs.questions.answer"]


def test_who_waits_behind_others_is_told_so(room: Room) -> None:
    room.ask("first?")
    assert "queued" in room.says("second?")


def test_nobody_is_told_to_wait_while_there_are_processes_to_answer() -> None:
    assert AT_ONCE == QUESTION_PROCESSES * several.AT_ONCE


def test_a_mention_in_a_thread_of_ours_may_be_a_question_and_in_others_not(room: Room) -> None:
    known = message("why?", way="mention", under=THREAD)
    elsewhere = message("why?", way="mention", under=THREAD.model_copy(update={"id": "9.9"}))
    assert room.questions.knows(known)
    assert not room.questions.knows(elsewhere)
    assert not room.questions.knows(message("why?", way="mention"))


@pytest.mark.parametrize("replies", [True, False])
def test_a_plain_reply_is_a_question_where_that_is_set(replies: bool) -> None:
    room = Room(FakeStrictRedis(), replies)
    assert room.questions.knows(message("why?", way="reply", under=THREAD)) is replies


def test_who_may_not_see_the_digest_learns_nothing(room: Room) -> None:
    room.desk.keep(DIGEST, CHANNEL, public_only=False)
    with pytest.raises(WordsError, match="thread_expired"):
        room.ask("what does it do?")
    assert room.jobs() == []


def test_a_person_asks_so_often_and_then_is_told_when_again(room: Room) -> None:
    for number in range(OF_PERSON):
        room.ask(f"question {number}?")
    with pytest.raises(WordsError, match="too_many_questions") as told:
        room.ask("once more?")
    assert 0 < float(told.value.details["seconds"]) <= 600
    room.ask("mine?", person=PERSON.model_copy(update={"id": "U2"}))


def test_a_channel_is_asked_in_so_often() -> None:
    room = Room(FakeStrictRedis())
    for number in range(OF_CHANNEL):
        room.ask(f"question {number}?", person=PERSON.model_copy(update={"id": f"U{number}"}))
        line = room.threads.line
        first = line.first(CHANNEL.key, THREAD.id)
        assert first is not None
        line.leave(CHANNEL.key, THREAD.id, first)
    with pytest.raises(WordsError, match="too_many_questions"):
        room.ask("once more?", person=PERSON.model_copy(update={"id": "U999"}))


def test_the_line_of_a_thread_has_an_end(room: Room) -> None:
    for number in range(WAITING_MOST):
        room.ask(f"question {number}?", person=PERSON.model_copy(update={"id": f"U{number}"}))
    with pytest.raises(WordsError, match="thread_full"):
        room.ask("once more?", person=PERSON.model_copy(update={"id": "U999"}))


@pytest.mark.parametrize("word", ["stop", "Stop!", "停止", "别说了。"])
def test_a_word_has_the_answer_end(room: Room, word: str) -> None:
    room.ask("what does it do?")
    assert room.ask(word) is None
    assert room.threads.line.take_stop(CHANNEL.key, THREAD.id, NOW)
    assert len(room.jobs()) == 1


def test_where_nothing_is_answered_there_is_nothing_to_stop(room: Room) -> None:
    assert "No answer" in room.says("stop")


def test_a_question_that_is_too_long_is_refused(room: Room) -> None:
    with pytest.raises(WordsError, match="question_too_long"):
        room.ask("x" * (TEXT_MOST + 1))


def test_a_mention_without_words_is_no_question(room: Room) -> None:
    assert room.ask("  ") is None
    assert room.jobs() == []


def test_who_says_stop_takes_back_their_own_question_while_somebody_else_is_answered(room: Room) -> None:
    room.ask("first?")
    room.ask("second?", person=PERSON.model_copy(update={"id": "U2"}))
    answer = room.ask("stop", person=PERSON.model_copy(update={"id": "U2"}))
    assert answer is not None
    assert "taken out" in plain_text(answer.view)
    assert [one.text for one in room.threads.line.all(CHANNEL.key, THREAD.id)] == ["first?"]
    assert not room.threads.line.take_stop(CHANNEL.key, THREAD.id, NOW)


@pytest.mark.parametrize("text", ["👍", ":+1: :tada:", "[赞]", "thanks!", "谢谢。", "?!"])
def test_thanks_and_faces_alone_are_no_question(text: str) -> None:
    room = Room(FakeStrictRedis(), replies=True)
    assert not room.questions.knows(message(text, way="reply", under=THREAD))
    assert room.ask(text) is None
    assert room.jobs() == []
