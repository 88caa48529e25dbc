"""Claims: one holder at a time, and late ones are told apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from redis import Redis

from workers.errors import TransientError
from workers.store import keys
from workers.store.claims import Claim, Claims

LIFE = timedelta(seconds=30)
NAME = "github:acme/engine:sha"


@pytest.fixture
def claims(redis: Redis) -> Claims:
    return Claims(redis, LIFE)


@pytest.fixture
def lapse(redis: Redis) -> Callable[[], None]:
    """Lets the claim's life be over."""
    return lambda: redis.delete(keys.claim(NAME)) and None


@pytest.fixture
def held(redis: Redis) -> Callable[..., bool]:
    """Whether somebody holds a name now."""
    return lambda name=NAME: bool(redis.exists(keys.claim(name)))


@pytest.fixture
def renewed(claims: Claims, redis: Redis) -> Callable[[Claim], bool]:
    """Renews a claim that is about to lapse; whether it lives on."""

    def renew(claim: Claim) -> bool:
        redis.pexpire(keys.claim(claim.name), 5_000)
        claims.renew_many([claim])
        return redis.pttl(keys.claim(claim.name)) > 20_000

    return renew


def taken(claims: Claims, owner: str = "") -> Claim:
    claim = claims.take(NAME, owner)
    assert claim is not None
    return claim


def test_a_name_has_one_holder(claims: Claims, held) -> None:
    assert taken(claims).name == NAME
    assert claims.take(NAME) is None
    assert held()


def test_a_released_name_can_be_taken(claims: Claims, held) -> None:
    claims.release(taken(claims))
    assert not held()
    taken(claims)


def test_a_claim_lapses_with_its_life(claims: Claims, redis: Redis) -> None:
    taken(claims)
    assert redis.pttl(keys.claim(NAME)) == pytest.approx(LIFE.total_seconds() * 1000, abs=1000)


def test_every_claim_has_a_higher_fence_than_those_before(claims: Claims) -> None:
    fences = []
    for _ in range(3):
        claim = taken(claims)
        fences.append(claim.fence)
        claims.release(claim)
    assert fences == sorted(set(fences))


def test_a_renewed_claim_lives_a_whole_life(claims: Claims, renewed) -> None:
    assert renewed(taken(claims))


def test_a_lost_claim_cannot_be_renewed(claims: Claims, lapse: Callable[[], None], renewed) -> None:
    lost = taken(claims)
    lapse()
    assert not renewed(lost)
    taken(claims)
    assert not renewed(lost)


def test_releasing_a_lost_claim_leaves_its_new_holder_alone(claims: Claims, lapse: Callable[[], None], renewed) -> None:
    lost = taken(claims)
    lapse()
    holder = taken(claims)
    claims.release(lost)
    assert renewed(holder)


def test_attempts_are_counted_until_one_comes_to_an_end(claims: Claims, lapse: Callable[[], None]) -> None:
    assert taken(claims).number == 1
    lapse()
    second = taken(claims)
    assert second.number == 2
    claims.release(second)
    assert taken(claims).number == 1


def test_an_end_after_the_claims_life_is_an_end_all_the_same(claims: Claims, lapse: Callable[[], None]) -> None:
    slow = taken(claims)
    lapse()
    claims.release(slow)
    assert taken(claims).number == 1


def test_an_owner_takes_over_what_is_its_own(claims: Claims, renewed) -> None:
    first = taken(claims, "job-1")
    assert claims.take(NAME, "job-2") is None
    assert claims.take(NAME) is None
    again = taken(claims, "job-1")
    assert again.number == 2
    assert not renewed(first)


def test_nobody_in_particular_takes_over_nothing(claims: Claims) -> None:
    taken(claims)
    assert claims.take(NAME) is None


def test_of_many_names_those_that_are_free_are_taken(claims: Claims, held) -> None:
    taken(claims)
    found = claims.take_many(["a", NAME, "b"])
    assert list(found) == ["a", "b"]
    claims.release_many(found.values())
    assert not held("a")
    assert claims.take_many([]) == {}


def test_who_waits_gets_no_claim_when_the_work_is_there(claims: Claims) -> None:
    taken(claims)
    looks = iter([False, False, True])
    assert claims.wait_or_take(NAME, lambda: next(looks), pause=lambda _: None) is None


def test_who_waits_takes_over_when_the_holder_is_gone(claims: Claims, lapse: Callable[[], None]) -> None:
    lost = taken(claims)
    claim = claims.wait_or_take(NAME, lambda: False, pause=lambda _: lapse())
    assert claim is not None
    assert claim.fence > lost.fence


def test_work_that_came_just_before_its_claim_was_released_is_not_done_again(claims: Claims, held) -> None:
    holder = taken(claims)
    done = [False]

    def ready() -> bool:
        before = done[0]
        if not before:
            done[0] = True
            claims.release(holder)
        return before

    assert claims.wait_or_take(NAME, ready, pause=lambda _: None) is None
    assert not held()


def test_waiting_ends_with_patience(claims: Claims) -> None:
    taken(claims)
    pauses: list[float] = []
    with pytest.raises(TransientError, match="claim_held"):
        claims.wait_or_take(NAME, lambda: False, patience=3.0, pause=pauses.append)
    assert sum(pauses) == pytest.approx(3.0, abs=0.2)
    assert pauses == sorted(pauses)
