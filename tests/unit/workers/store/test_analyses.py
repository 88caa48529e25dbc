"""The store of analyses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from workers.model import Analysis, Coverage, Grounding, Judgement, Kind, Provenance, Size, Statement, Tier
from workers.store import keys
from workers.store.analyses import AnalysisKey, AnalysisStore
from workers.store.claims import Claims

LIFE = timedelta(days=2)
KEY = AnalysisKey(repository="github:acme/engine", prompt="offline/1", model=None, language="zh")
NAME = "the work"


def analysis(number: int = 1, text: str = "修复了内存泄漏。") -> Analysis:
    return Analysis(
        sha=f"{number:040x}",
        size=Size(files=1, additions=2),
        tier=Tier.HIGH,
        tier_reasons=("a",),
        kinds=(Kind.FIX,),
        judgement=Judgement(engine="offline", complete=True, summary=(Statement(text=text),)),
        grounding=Grounding(),
        coverage=Coverage(),
        provenance=Provenance(prompt="offline/1", at=datetime(2026, 2, 22, tzinfo=UTC)),
    )


@pytest.fixture
def store(redis: Redis) -> AnalysisStore:
    return AnalysisStore(redis, LIFE)


@pytest.fixture
def claims(redis: Redis) -> Claims:
    return Claims(redis, timedelta(seconds=30))


def texts(store: AnalysisStore) -> list[str]:
    return [found.judgement.summary[0].text for found in store.get_many(KEY, [analysis().sha]).values()]


def test_analyses_come_back_in_the_order_asked_for(store: AnalysisStore) -> None:
    for number in (1, 2, 3):
        assert store.put(KEY, analysis(number))
    shas = [analysis(number).sha for number in (3, 9, 1)]
    assert list(store.get_many(KEY, shas).values()) == [analysis(3), analysis(1)]


def test_of_none_there_are_none(store: AnalysisStore) -> None:
    assert store.get_many(KEY, []) == {}
    assert store.known(KEY, []) == set()


@pytest.mark.parametrize(
    "other",
    [
        KEY.model_copy(update={"repository": "github:acme/other"}),
        KEY.model_copy(update={"prompt": "offline/2"}),
        KEY.model_copy(update={"model": "qwen2.5:7b"}),
        KEY.model_copy(update={"language": "en"}),
    ],
)
def test_an_analysis_made_otherwise_is_another(other: AnalysisKey, store: AnalysisStore) -> None:
    store.put(other, analysis())
    assert store.get_many(KEY, [analysis().sha]) == {}


def test_an_analysis_lives_as_long_as_it_should_with_and_without_a_claim(
    store: AnalysisStore, claims: Claims, redis: Redis
) -> None:
    store.put(KEY, analysis(1))
    store.put(KEY, analysis(2), claims.take(NAME))
    for number in (1, 2):
        assert redis.ttl(keys.analysis(KEY.name, analysis(number).sha)) == LIFE.total_seconds()


def test_what_another_version_wrote_is_absent(store: AnalysisStore, redis: Redis) -> None:
    redis.set(keys.analysis(KEY.name, analysis().sha), b'1j{"sha": "x", "novelty": 1}')
    assert store.get_many(KEY, [analysis().sha]) == {}


def test_known_tells_which_are_here(store: AnalysisStore) -> None:
    store.put(KEY, analysis(1))
    assert store.known(KEY, [analysis(1).sha, analysis(2).sha]) == {analysis(1).sha}


def test_the_holder_of_a_claim_may_write(store: AnalysisStore, claims: Claims) -> None:
    assert store.put(KEY, analysis(), claims.take(NAME))
    assert texts(store) == ["修复了内存泄漏。"]


def test_a_holder_whose_claim_lapsed_may_write_while_nobody_took_it(
    store: AnalysisStore, claims: Claims, redis: Redis
) -> None:
    claim = claims.take(NAME)
    redis.delete(keys.claim(NAME))
    assert store.put(KEY, analysis(), claim)


def test_a_lost_claim_does_not_overwrite_what_its_new_owner_wrote(
    store: AnalysisStore, claims: Claims, redis: Redis
) -> None:
    lost = claims.take(NAME)
    redis.delete(keys.claim(NAME))
    owner = claims.take(NAME)
    assert store.put(KEY, analysis(text="new"), owner)
    assert not store.put(KEY, analysis(text="late"), lost)
    assert texts(store) == ["new"]


def test_a_lost_claim_does_not_overwrite_even_after_its_new_owner_has_released(
    store: AnalysisStore, claims: Claims, redis: Redis
) -> None:
    lost = claims.take(NAME)
    redis.delete(keys.claim(NAME))
    owner = claims.take(NAME)
    assert owner is not None
    store.put(KEY, analysis(text="new"), owner)
    claims.release(owner)
    assert not store.put(KEY, analysis(text="late"), lost)
    assert texts(store) == ["new"]
