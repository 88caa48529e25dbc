"""Threads: what each is about, what was said in it, and the line of its questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakeredis import FakeStrictRedis

from tests.faults.wire import Wire
from tests.servers import redis_server
from workers.connection import connect
from workers.model import Value
from workers.store import keys
from workers.store.threads import TURNS_KEPT, WAITING_MOST, Line, Topic, Topics, Turns

NOW = datetime(2026, 2, 21, 9, tzinfo=UTC)
PLACE = ("slack:T1:C1", "171.1")


class Word(Value):
    """A value for turns and lines."""

    text: str


@pytest.fixture
def redis() -> FakeStrictRedis:
    return FakeStrictRedis()


def test_a_thread_is_about_what_was_put_last(redis: FakeStrictRedis) -> None:
    topics = Topics(redis, timedelta(days=1))
    topics.put(*PLACE, Topic(digest_id="d1"))
    topics.put(*PLACE, Topic(digest_id="d1", repository=0, sha="a" * 40))
    assert topics.get(*PLACE) == Topic(digest_id="d1", repository=0, sha="a" * 40)
    assert topics.get("slack:T1:C2", "171.1") is None


def test_the_last_turns_are_kept_in_order(redis: FakeStrictRedis) -> None:
    turns = Turns(redis, Word, timedelta(days=1))
    for number in range(TURNS_KEPT + 2):
        turns.add(*PLACE, f"q{number}", Word(text=str(number)))
    assert [turn.text for turn in turns.all(*PLACE)] == [str(number) for number in range(2, TURNS_KEPT + 2)]


def test_who_joins_learns_how_many_are_before_it(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    assert [line.join(*PLACE, Word(text=str(number))) for number in range(WAITING_MOST + 1)] == [
        *range(WAITING_MOST),
        None,
    ]


def test_a_turn_that_is_told_again_is_kept_once_and_in_its_place(redis: FakeStrictRedis) -> None:
    turns = Turns(redis, Word, timedelta(days=1))
    for name, text in (("q1", "half"), ("q10", "next"), ("q1", "whole")):
        turns.add(*PLACE, name, Word(text=text))
    assert [turn.text for turn in turns.all(*PLACE)] == ["whole", "next"]


def test_a_turn_that_redis_took_without_being_heard_is_kept_once(tmp_path: Path) -> None:
    lost: list[bytes] = []

    def hears(pid: int, piece: bytes, after: bool) -> bool:
        del pid
        if after and not lost:
            lost.append(piece)
            return False
        return True

    front = tmp_path / "front.sock"
    with redis_server() as url:
        back, mine = Path(url.removeprefix("unix://")), PLACE[1].encode()
        wire = Wire(front, back, hears, lambda pid, piece: mine in piece)
        with wire, connect(url) as direct, connect(f"unix://{front}") as redis:
            Turns(direct, Word, timedelta(days=1)).add("other", "1.1", "q0", Word(text="x"))  # Redis knows the script
            turns = Turns(redis, Word, timedelta(days=1))
            turns.add(*PLACE, "q1", Word(text="mine"))
            assert lost
            assert [turn.text for turn in turns.all(*PLACE)] == ["mine"]


def test_who_leaves_the_line_may_stand_anywhere_in_it(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    first, second, third = Word(text="first"), Word(text="second"), Word(text="third")
    for word in (first, second, third):
        line.join(*PLACE, word)
    line.leave(*PLACE, second)
    assert line.all(*PLACE) == (first, third)
    line.leave(*PLACE, first)
    assert line.first(*PLACE) == third


def test_what_cannot_be_read_holds_up_nobody(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    redis.rpush(keys.thread_line(*PLACE), b"not a value")
    line.join(*PLACE, Word(text="mine"))
    assert line.first(*PLACE) == Word(text="mine")


def test_an_answer_is_stopped_once_and_only_while_one_is_made(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    assert not line.stop(*PLACE, NOW)
    line.join(*PLACE, Word(text="mine"))
    assert line.stop(*PLACE, NOW)
    assert line.take_stop(*PLACE, NOW)
    assert not line.take_stop(*PLACE, NOW)


def test_everything_of_a_thread_has_an_end(redis: FakeStrictRedis) -> None:
    Topics(redis, timedelta(days=1)).put(*PLACE, Topic(digest_id="d1"))
    Turns(redis, Word, timedelta(days=1)).add(*PLACE, "q1", Word(text="x"))
    line = Line(redis, Word)
    line.join(*PLACE, Word(text="x"))
    line.stop(*PLACE, NOW)
    assert {redis.ttl(key) > 0 for key in redis.scan_iter()} == {True}


def test_a_stop_that_is_older_than_the_question_is_forgotten(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    line.join(*PLACE, Word(text="x"))
    line.stop(*PLACE, NOW - timedelta(seconds=1))
    assert not line.take_stop(*PLACE, NOW)
    line.stop(*PLACE, NOW)
    assert line.take_stop(*PLACE, NOW - timedelta(seconds=1))
