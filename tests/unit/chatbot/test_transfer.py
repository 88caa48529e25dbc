"""Subscriptions as a file and back: validated, ids kept, nothing twice."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from chatbot.cli import main
from chatbot.transfer import exported, read_subscriptions
from tests.servers import redis_server
from tests.subscriptions import NOW, wish
from workers.connection import connect
from workers.errors import WordsError
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused, Subscriber


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis(server, monkeypatch) -> Iterator[Redis]:
    monkeypatch.setenv("REDIS_URL", server)
    with connect(server) as client:
        client.flushall()
        yield client


@pytest.fixture
def store(redis) -> SubscriptionStore:
    return SubscriptionStore(redis)


@pytest.fixture
def file(store) -> str:
    """A file of two subscriptions, one of them paused."""
    store.add(wish(), NOW)
    paused, _ = store.add(wish("C2", source="acme/wheel", language="zh", paths=("src",)), NOW)
    store.pause(paused.id, Paused(at=NOW, by=Subscriber(id="U2")))
    return exported(store.all(), NOW).model_dump_json()


def test_a_file_brings_back_what_was_exported(store, file, redis, tmp_path, capsys) -> None:
    before = store.all()
    assert main(["subscriptions", "export", str(tmp_path / "subscriptions.json")]) == 0
    redis.flushall()
    assert main(["subscriptions", "import", str(tmp_path / "subscriptions.json")]) == 0
    assert "2 subscriptions were added" in capsys.readouterr().err
    assert [one.model_copy(update={"next_look": None}) for one in store.all()] == [
        one.model_copy(update={"next_look": None}) for one in before
    ]


def test_importing_twice_adds_nothing(store, file, monkeypatch, capsys) -> None:
    before = store.all()
    monkeypatch.setattr("sys.stdin", io.StringIO(file))
    assert main(["subscriptions", "import"]) == 0
    assert store.all() == before
    assert "2 were there already" in capsys.readouterr().err


def test_a_file_tells_what_was_asked_for_and_nothing_of_runs(file) -> None:
    told = json.loads(file)
    assert told["version"] == 1
    assert set(told["subscriptions"][0]) == {"id", "number", "wish", "marker", "paused"}
    assert told["subscriptions"][0]["wish"]["cadence"]["clock"] == "09:00"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "JSON"),
        ("[]", ""),
        ('{"version": 2, "exported_at": "2026-02-21T00:00:00Z", "subscriptions": []}', "version"),
        ('{"version": 1, "exported_at": "2026-02-21T00:00:00", "subscriptions": []}', "exported_at"),
        ('{"version": 1, "exported_at": "2026-02-21T00:00:00Z", "subscriptions": [{}]}', "subscriptions.0"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place(text, where) -> None:
    with pytest.raises(WordsError, match="bad_subscriptions") as caught:
        read_subscriptions(text, "file.json")
    assert where in str(caught.value.details["problem"])


@pytest.mark.parametrize(
    "change", [{"id": "x:y"}, {"number": 0}, {"number": 10**12}, {"marker": "yesterday"}, {"next_look": None}]
)
def test_a_subscription_that_nobody_exported_is_refused(file, change) -> None:
    told = json.loads(file)
    told["subscriptions"][0] |= change
    with pytest.raises(WordsError, match="bad_subscriptions"):
        read_subscriptions(json.dumps(told), "file.json")


def test_nothing_is_added_of_a_file_that_is_wrong_in_the_middle(store, file, redis, tmp_path, capsys) -> None:
    told = json.loads(file)
    told["subscriptions"][1]["wish"]["cadence"]["timezone"] = "Mars/Base"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(told))
    redis.flushall()
    assert main(["subscriptions", "import", str(path)]) == 2
    assert "Mars/Base" in capsys.readouterr().err
    assert store.all() == []


@pytest.mark.parametrize(("content", "code"), [(None, 3), (b"\xff\xfe", 2)])
def test_a_file_that_cannot_be_read_is_told_in_words(content, code, redis, tmp_path: Path, capsys) -> None:
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["subscriptions", "import", str(path)]) == code
    assert str(path.name) in capsys.readouterr().err


def test_the_list_has_a_line_per_subscription(store, file, capsys) -> None:
    assert main(["subscriptions"]) == 0
    one, other = capsys.readouterr().out.splitlines()
    assert one == "memory:T1:C1  1  acme/engine  daily 09:00 UTC  next on 2026-02-21 09:00 (UTC)"
    assert other == "memory:T1:C2  1  acme/wheel  daily 09:00 UTC  paused"


def test_hostile_names_cannot_write_to_the_terminal(store, capsys) -> None:
    store.add(wish(source="acme/\x1b[31mred\nline"), NOW)
    assert main(["subscriptions", "list"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 1


def test_without_subscriptions_that_is_said(redis, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main(["subscriptions"]) == 0
    assert "没有" in capsys.readouterr().err


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "订阅"), ("C.UTF-8", "ubscriptions")])
def test_the_commands_are_described_in_both_languages(locale, word, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LANG", locale)
    assert main(["schedule", "--help"]) == main(["subscriptions", "--help"]) == 0
    assert word in capsys.readouterr().out


def test_another_word_than_the_three_is_told(capsys) -> None:
    assert main(["subscriptions", "delete"]) == 2
    assert "import" in capsys.readouterr().err
