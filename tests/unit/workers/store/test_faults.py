"""What a real Redis says when something is wrong, in our errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ResponseError
from redis.retry import Retry

from tests.processes import wait_until
from tests.servers import redis_server
from workers.errors import AccessError, BrokenError, RefusedError, TransientError
from workers.store import faults
from workers.store.claims import Claims
from workers.store.faults import ensure_usable, translate, translated
from workers.store.responses import ResponseMemory

ONCE = Retry(NoBackoff(), 0)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with redis_server("--enable-protected-configs", "yes") as address:
        yield address


@pytest.fixture
def real(url: str) -> Iterator[Redis]:
    with Redis.from_url(url) as client:
        client.flushall()
        yield client


@pytest.fixture
def memory(real: Redis) -> ResponseMemory:
    return ResponseMemory(real, timedelta(days=1))


def refusal(memory: ResponseMemory) -> tuple[type[AccessError], str]:
    with pytest.raises(AccessError) as caught:
        memory.set("a", b"b" * 1000)
    return type(caught.value), caught.value.code


def test_a_server_that_is_down_may_come_back() -> None:
    gone = ResponseMemory(Redis(unix_socket_path="/nowhere/redis.sock", retry=ONCE), timedelta(days=1))
    assert refusal(gone) == (TransientError, "redis_unreachable")


def test_a_server_that_does_not_answer_may_do_so_later(real: Redis, url: str) -> None:
    with Redis.from_url(url, socket_timeout=0.05, retry=ONCE) as hasty:
        real.client_pause(300, all=False)
        assert refusal(ResponseMemory(hasty, timedelta(days=1))) == (TransientError, "redis_unreachable")
    real.client_unpause()


def test_a_full_server_refuses(real: Redis, memory: ResponseMemory) -> None:
    real.config_set("maxmemory", "1")
    assert refusal(memory) == (RefusedError, "redis_full")
    with pytest.raises(RefusedError, match="redis_full"):
        Claims(real, timedelta(seconds=1)).take("a")
    real.config_set("maxmemory", "0")


def test_a_replica_refuses(real: Redis, memory: ResponseMemory) -> None:
    real.replicaof("127.0.0.1", "1")
    assert refusal(memory) == (RefusedError, "redis_read_only")
    with pytest.raises(RefusedError, match="redis_read_only"):
        Claims(real, timedelta(seconds=1)).take("a")
    real.replicaof("NO", "ONE")


def test_a_server_that_cannot_save_refuses(real: Redis, memory: ResponseMemory, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    before = str(real.config_get("dir")["dir"])
    real.config_set("dir", str(folder))
    folder.rmdir()
    real.config_set("save", "3600 1")
    real.set("a", "b")
    real.bgsave()
    wait_until(lambda: real.info("persistence")["rdb_last_bgsave_status"] == "err")
    assert refusal(memory) == (RefusedError, "redis_cannot_save")
    real.config_set("save", "")
    real.config_set("dir", before)


def test_a_server_that_wants_a_password_refuses(real: Redis, url: str) -> None:
    real.config_set("requirepass", "secret")
    for password in (None, "wrong"):
        with Redis.from_url(url, password=password) as stranger:
            assert refusal(ResponseMemory(stranger, timedelta(days=1))) == (RefusedError, "redis_refused")
    real.config_set("requirepass", "")


def test_a_user_who_may_not_write_is_refused(real: Redis, url: str) -> None:
    real.acl_setuser("reader", enabled=True, passwords=["+x"], keys=["*"], commands=["+get"])
    with Redis.from_url(url, username="reader", password="x") as reader:
        assert refusal(ResponseMemory(reader, timedelta(days=1))) == (RefusedError, "redis_refused")


def test_a_command_used_wrongly_is_a_defect_of_ours(real: Redis) -> None:
    real.lpush("list", "x")
    with pytest.raises(BrokenError, match="redis_misused"), translated():
        real.get("list")


def test_our_own_errors_pass_untouched() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError


def test_words_that_only_contain_a_reason_are_none() -> None:
    assert isinstance(translate(ResponseError("ERR no OOM here")), BrokenError)


def test_a_usable_server_is_usable(real: Redis) -> None:
    ensure_usable(real)


class Busy:
    """A server that reads its data for so many questions, and then tells its version."""

    def __init__(self, questions: int, version: str = "7.2.4") -> None:
        self.left = questions
        self.version = version

    def ping(self) -> None:
        self.left -= 1
        if self.left >= 0:
            raise BusyLoadingError("Redis is loading the dataset in memory")

    def info(self, _section: str) -> dict[str, str]:
        return {"redis_version": self.version}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults.time, "sleep", lambda _: None)


def test_a_server_that_reads_its_data_is_waited_for() -> None:
    busy = Busy(questions=3)
    ensure_usable(busy)
    assert busy.left == -1


def test_a_server_that_reads_its_data_for_ever_is_given_up() -> None:
    with pytest.raises(TransientError, match="redis_loading"):
        ensure_usable(Busy(questions=10**9), patience=0)


def test_a_server_that_is_too_old_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"redis_too_old.*6\.0\.16"):
        ensure_usable(Busy(questions=0, version="6.0.16"))
