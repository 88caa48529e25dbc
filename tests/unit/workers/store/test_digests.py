"""The store of digests, and the memory of responses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis

from tests import samples
from workers.model import Digest, Tier
from workers.store import keys
from workers.store.digests import DigestStore
from workers.store.responses import ResponseMemory

LIFE = timedelta(days=3)
SEVERAL = samples.several()


@pytest.fixture
def store(redis: Redis) -> DigestStore:
    return DigestStore(redis, LIFE)


def got(store: DigestStore, digest_id: str = "d:1") -> Digest:
    found = store.get(digest_id)
    assert found is not None
    return found


@pytest.mark.parametrize("make", [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several])
def test_a_digest_comes_back_as_it_was(store: DigestStore, make) -> None:
    store.put("d:1", make())
    assert got(store).model_dump_json() == make().model_dump_json()


def test_everything_of_a_digest_lives_as_long_as_it_should(store: DigestStore, redis: Redis) -> None:
    store.put("d:1", SEVERAL)
    assert {redis.ttl(key) for key in redis.scan_iter()} == {LIFE.total_seconds()}


def test_a_commit_is_had_without_reading_the_others(store: DigestStore, redis: Redis) -> None:
    store.put("d:1", SEVERAL)
    part = got(store).repositories[0]
    wanted = SEVERAL.repositories[0].commits[-1]
    (shelf,) = [key for key in redis.scan_iter() if key.endswith(b":0")]
    redis.hdel(shelf, *(sha for sha in redis.hkeys(shelf) if sha.decode() != wanted.sha))
    assert part.entry(wanted.sha) == wanted
    assert part.entry("0" * 40) is None
    assert part.shas() == [entry.sha for entry in SEVERAL.repositories[0].commits]


@pytest.mark.parametrize("tier", Tier)
def test_a_stored_digest_gives_a_tier_as_one_in_memory_does(store: DigestStore, tier: Tier) -> None:
    store.put("d:1", SEVERAL)
    for stored, whole in zip(got(store).repositories, SEVERAL.repositories, strict=True):
        assert list(stored.of_tier(tier)) == whole.of_tier(tier)
        assert (stored.shas(), stored.entry("0" * 40)) == (whole.shas(), whole.entry("0" * 40))


def test_a_digest_is_not_seen_before_it_is_finished(store: DigestStore) -> None:
    draft = store.draft("d:1")
    draft.add(0, SEVERAL.repositories[0].commits)
    assert store.get("d:1") is None


def test_a_digest_that_two_jobs_write_at_the_same_time_is_not_doubled(store: DigestStore) -> None:
    whole = samples.busy()
    drafts = [store.draft("d:1"), store.draft("d:1")]
    for entry in whole.repositories[0].commits:
        for draft in drafts:
            draft.add(0, [entry])
    for draft in drafts:
        draft.finish(whole)
        assert tuple(got(store).repositories[0].commits) == whole.repositories[0].commits


def test_a_digest_that_was_cut_off_half_written_leaves_the_one_before_whole(store: DigestStore) -> None:
    store.put("d:1", SEVERAL)
    store.draft("d:1").add(0, samples.month(3).repositories[0].commits)
    assert got(store).model_dump_json() == SEVERAL.model_dump_json()


def test_a_digest_that_is_not_here_or_of_another_version_is_none(redis: Redis, store: DigestStore) -> None:
    redis.set(keys.digest("old"), b'1j{"version": 0}')
    assert store.get("old") is None
    assert store.get("none") is None


def test_a_response_is_remembered_by_its_address_however_long(redis: Redis) -> None:
    memory = ResponseMemory(redis, LIFE)
    address = "https://api.github.com/repos/acme/engine/commits?" + "x" * 9000
    memory.set(address, b"\0etag")
    assert memory.get(address) == b"\0etag"
    assert memory.get(address + "y") is None
    assert redis.ttl(keys.response(address)) == LIFE.total_seconds()


def test_a_commit_is_marked_with_every_commit_that_reverts_it_and_stays_in_its_place(store: DigestStore) -> None:
    digest = samples.busy()
    store.put("d1", digest)
    entry = digest.repositories[0].commits[1]
    for by in ("a" * 40, "b" * 40, "a" * 40):
        store.mark_reverted("d1", 0, entry.sha, by)
    store.mark_reverted("d1", 0, "f" * 40, "a" * 40)
    store.mark_reverted("unknown", 0, entry.sha, "a" * 40)
    found = store.get("d1")
    assert found is not None
    assert found.repositories[0].entry(entry.sha) == entry.model_copy(
        update={"reverted_by": (*entry.reverted_by, "a" * 40, "b" * 40)}
    )
    assert found.repositories[0].shas() == [one.sha for one in digest.repositories[0].commits]
