"""The store of commits."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from tests.unit.workers.store.commits_made import change, commit
from workers.model import Commit, PatchGap
from workers.store import commit_codec, keys
from workers.store.codec import UnreadableError
from workers.store.commit_codec import decode_commit, encode_commit
from workers.store.commits import PIPELINE_BYTES, CommitStore

LIFE = timedelta(days=1)
REPOSITORY = "github:acme/engine"
FILES = (
    change("src/内存.c", "@@ -1 +1 @@\n-é\n+名😀\0"),
    change("empty", ""),
    change("logo.png", None, PatchGap.BINARY),
    change("large", "+x\n" * commit_codec.SLICE),
)


@pytest.fixture
def store(redis: Redis) -> CommitStore:
    return CommitStore(redis, LIFE)


def test_a_commit_comes_back_as_it_was(store: CommitStore) -> None:
    store.put(REPOSITORY, commit(files=FILES))
    assert store.get(REPOSITORY, commit().sha) == commit(files=FILES)


@given(st.lists(st.text(max_size=9) | st.none(), max_size=4), st.text(max_size=9))
def test_whatever_the_text_a_commit_comes_back(patches: list[str | None], message: str) -> None:
    files = [change(str(number), patch) for number, patch in enumerate(patches)]
    assert decode_commit(encode_commit(commit(files=files, message=message))) == commit(files=files, message=message)


def test_a_commit_without_files_comes_back(store: CommitStore) -> None:
    store.put(REPOSITORY, commit())
    assert store.get(REPOSITORY, commit().sha) == commit()


def test_a_commit_that_is_not_here_is_none(store: CommitStore) -> None:
    assert store.get(REPOSITORY, commit().sha) is None


def test_a_commit_of_another_repository_is_not_this_ones(store: CommitStore) -> None:
    store.put("other", commit())
    assert store.get(REPOSITORY, commit().sha) is None


def test_a_commit_lives_as_long_as_it_should(store: CommitStore, redis: Redis) -> None:
    store.put(REPOSITORY, commit())
    assert redis.ttl(keys.commit(REPOSITORY, commit().sha)) == LIFE.total_seconds()


def test_what_is_known_is_told_in_one_round_trip(store: CommitStore) -> None:
    store.put_many(REPOSITORY, [commit(1), commit(3)])
    shas = [commit(number).sha for number in (1, 2, 3)]
    assert store.known(REPOSITORY, shas) == {shas[0], shas[2]}
    assert store.known(REPOSITORY, []) == set()


def test_many_commits_are_sent_as_they_come(store: CommitStore) -> None:
    incompressible = Random(1).randbytes(PIPELINE_BYTES).hex()
    first_is_there: list[bool] = []

    def each() -> Iterator[Commit]:
        for number in range(4):
            first_is_there.append(bool(store.known(REPOSITORY, [commit(0).sha])))
            yield commit(number, [change("a", incompressible)])

    store.put_many(REPOSITORY, each())
    assert first_is_there == [False, True, True, True]
    assert len(store.known(REPOSITORY, [commit(number).sha for number in range(4)])) == 4


def test_damaged_bytes_count_as_absent(store: CommitStore, redis: Redis) -> None:
    data = encode_commit(commit(files=FILES))
    for damaged in (
        b"",
        b"1c",
        b"1j{}",
        b"2c" + data[2:],
        data[:-1],
        data[: len(data) // 2],
        data[:99] + b"?" + data[100:],
    ):
        redis.set(keys.commit(REPOSITORY, commit().sha), damaged)
        assert store.get(REPOSITORY, commit().sha) is None


def test_numbers_that_promise_more_than_there_is_are_noticed() -> None:
    with pytest.raises(UnreadableError):
        decode_commit(commit_codec.MARK + zlib.compress(b"[99]\n{}"))


def test_a_large_patch_needs_less_than_three_times_its_size() -> None:
    big = commit(files=[change("big", "".join(f"+{number * 2654435761 % 2**32:x}\n" for number in range(2_000_000)))])
    size = len(big.files[0].patch or "")
    assert size > 17_000_000
    tracemalloc.start()
    data = encode_commit(big)
    _, encoding = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert decode_commit(data) == big
    _, decoding = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert encoding < 1.5 * size  # beside the commit itself
    assert decoding < 3 * size
