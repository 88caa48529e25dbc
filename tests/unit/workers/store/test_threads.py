"""Threads: what each is about, what was said in it, and the line of its questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakeredis import FakeStrictRedis

from workers.model import Value
from workers.store import keys
from workers.store.threads import TURNS_KEPT, WAITING_MOST, Line, Topic, Topics, Turns

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
        turns.add(*PLACE, Word(text=str(number)))
    assert [turn.text for turn in turns.all(*PLACE)] == [str(number) for number in range(2, TURNS_KEPT + 2)]


def test_who_joins_learns_how_many_are_before_it(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    assert [line.join(*PLACE, Word(text=str(number))) for number in range(WAITING_MOST + 1)] == [
        *range(WAITING_MOST),
        None,
    ]


def test_only_who_is_first_leaves_the_line(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    first, second = Word(text="first"), Word(text="second")
    line.join(*PLACE, first)
    line.join(*PLACE, second)
    line.leave(*PLACE, second)
    assert line.first(*PLACE) == first
    line.leave(*PLACE, first)
    assert line.first(*PLACE) == second


def test_what_cannot_be_read_holds_up_nobody(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    redis.rpush(keys.thread_line(*PLACE), b"not a value")
    line.join(*PLACE, Word(text="mine"))
    assert line.first(*PLACE) == Word(text="mine")


def test_an_answer_is_stopped_once_and_only_while_one_is_made(redis: FakeStrictRedis) -> None:
    line = Line(redis, Word)
    assert not line.stop(*PLACE)
    line.join(*PLACE, Word(text="mine"))
    assert line.stop(*PLACE)
    assert line.take_stop(*PLACE)
    assert not line.take_stop(*PLACE)


def test_everything_of_a_thread_has_an_end(redis: FakeStrictRedis) -> None:
    Topics(redis, timedelta(days=1)).put(*PLACE, Topic(digest_id="d1"))
    Turns(redis, Word, timedelta(days=1)).add(*PLACE, Word(text="x"))
    line = Line(redis, Word)
    line.join(*PLACE, Word(text="x"))
    line.stop(*PLACE)
    assert {redis.ttl(key) > 0 for key in redis.scan_iter()} == {True}
