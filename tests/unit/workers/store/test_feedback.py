"""Votes on analyses: one for each person, the last one counts."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from workers.store.feedback import FeedbackStore, Votes


def test_everybody_has_one_vote_on_an_analysis(redis: Redis) -> None:
    store = FeedbackStore(redis, timedelta(days=1))
    assert store.get("name", "abc") == Votes()
    for person, helped in (("U1", True), ("U2", True), ("U1", False), ("U1", False)):
        store.put("name", "abc", person, helped)
    store.put("name", "other", "U1", helped=True)
    assert store.get("name", "abc") == Votes(up=1, down=1)


def test_votes_die_with_what_they_are_about(redis: Redis) -> None:
    FeedbackStore(redis, timedelta(days=1)).put("name", "abc", "U1", helped=True)
    assert 0 < redis.ttl("cd:1:feedback:name:abc") <= 86_400
