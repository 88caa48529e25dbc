"""`commit-digest forget`: what is kept of a place is told, and deleted only where that is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from chatbot.cli import main
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers.connection import connect
from workers.store.channels import ChannelStore
from workers.store.subscriptions import SubscriptionStore


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis(server, monkeypatch) -> Iterator[Redis]:
    monkeypatch.setenv("REDIS_URL", server)
    with connect(server) as client:
        client.flushall()
        for channel in ("C1", "C2"):
            SubscriptionStore(client).add(wish(channel), NOW)
            ChannelStore(client).put(f"memory:T1:{channel}", "zh")
        yield client


def left(redis: Redis) -> list[str]:
    return [one.wish.place.channel for one in SubscriptionStore(redis).all()]


def test_without_a_word_that_it_is_meant_nothing_is_deleted(redis, capsys) -> None:
    assert main(["forget", "memory:T1:C1"]) == 2
    told = capsys.readouterr()
    assert told.out == "memory:T1:C1: 3 pieces are kept; subscriptions among them: 1.\n"
    assert "--yes" in told.err
    assert left(redis) == ["C1", "C2"]


def test_a_channel_is_forgotten_and_no_other(redis, capsys) -> None:
    assert main(["forget", "memory:T1:C1", "--yes"]) == 0
    assert "3 pieces were deleted" in capsys.readouterr().out
    assert left(redis) == ["C2"]
    assert ChannelStore(redis).get("memory:T1:C1").language is None


def test_a_workspace_is_forgotten_with_all_its_channels(redis) -> None:
    assert main(["forget", "memory:T1", "--yes"]) == 0
    assert left(redis) == []


def test_a_place_of_which_nothing_is_kept_is_no_fault(redis, capsys) -> None:
    assert main(["forget", "memory:T9"]) == 0
    assert "0 pieces" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["memory", "memory:", "memory:T1:C1:U1", ":T1", ""])
def test_what_is_no_place_is_told_with_how_to_write_one(redis, capsys, place) -> None:
    assert main(["forget", place, "--yes"]) == 2
    assert "slack:T024BE7LD" in capsys.readouterr().err
    assert left(redis) == ["C1", "C2"]
