"""Notes: texts that live for a while, by names that cannot pass for each other."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.store.notes import Notes

HOUR = timedelta(hours=1)


def test_a_note_is_kept_until_another_takes_its_place(redis: Redis) -> None:
    notes = Notes(redis)
    assert notes.get("slack", "T1", "x") is None
    notes.put("one", HOUR, "slack", "T1", "x")
    notes.put("两", HOUR, "slack", "T1", "x")
    assert notes.get("slack", "T1", "x") == "两"


def test_a_note_has_its_life_and_one_without_lives_on(redis: Redis) -> None:
    notes = Notes(redis)
    notes.put("a", HOUR, "a")
    notes.put("b", None, "b")
    assert 0 < redis.pttl("cd:1:note:a") <= HOUR.total_seconds() * 1000
    assert redis.pttl("cd:1:note:b") == -1


def test_a_note_that_is_taken_is_taken_by_one(redis: Redis) -> None:
    notes = Notes(redis)
    notes.put("begun", HOUR, "states", "s1")
    assert [notes.take("states", "s1"), notes.take("states", "s1")] == ["begun", None]


def test_all_notes_of_a_beginning_are_forgotten_and_no_others(redis: Redis) -> None:
    notes = Notes(redis)
    for name in (("slack", "T1", "a"), ("slack", "T1", "b", "c"), ("slack", "T12", "a"), ("slack", "T*", "a")):
        notes.put("x", HOUR, *name)
    notes.forget_all("slack", "T1")
    assert sorted(redis.keys()) == [b"cd:1:note:slack:T%2A:a", b"cd:1:note:slack:T12:a"]


def test_half_of_a_surrogate_pair_is_kept_as_a_mark(redis: Redis) -> None:
    notes = Notes(redis)
    notes.put("a\ud800", HOUR, "x")
    assert notes.get("x") == "a?"
