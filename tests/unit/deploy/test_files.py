"""What is deployed names only what there is: commands, settings, addresses, folders; and ends in time."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from chatbot import up
from chatbot.cli import command_line
from chatbot.serve import GRACE_SECONDS
from workers.serve import GRACE
from workers.settings import Settings
from workers.words import load_words

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
PARTS = ("web", "worker", "schedule")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_THE_SYSTEM = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
VARIABLES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def commands() -> set[str]:
    return set(command_line(load_words("chatbot", "en")).commands)


def unit(path: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds the case
    parser.read(path)
    return parser["Service"]


def instructions(stage: int) -> list[tuple[str, str]]:
    """Those of one stage of the Dockerfile, lines that belong together joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line.strip()]
    begins = [number for number, (word, _, _) in enumerate(lines) if word == "FROM"]
    end = begins[stage + 1] if stage + 1 < len(begins) else len(lines)
    return [(word, rest.strip()) for word, _, rest in lines[begins[stage] : end]]


def settings_of(part: dict[str, Any]) -> set[str]:
    return {name.removesuffix("_FILE") for name in part["environment"]}


# Compose


def test_every_part_runs_a_command_that_there_is(compose, commands) -> None:
    assert {compose["services"][part]["command"][0] for part in PARTS} == {"serve", "worker", "schedule"} <= commands


def test_every_variable_is_a_setting_and_every_secret_setting_a_file(compose) -> None:
    secrets = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    for part in PARTS:
        given = compose["services"][part]["environment"]
        assert settings_of(compose["services"][part]) <= VARIABLES
        assert {name for name in given if not name.endswith("_FILE")} == {"REDIS_URL"}
        assert settings_of(compose["services"][part]) == secrets


def test_every_secret_is_given_where_its_variable_says(compose) -> None:
    part = compose["services"]["web"]
    named = {path.removeprefix("/run/secrets/") for name, path in part["environment"].items() if name.endswith("_FILE")}
    assert named == set(part["secrets"]) == set(compose["secrets"])
    assert {secret["file"] for secret in compose["secrets"].values()} == {f"secrets/{name}" for name in named}


@pytest.mark.parametrize("name", ["operation.md", "operation.zh-CN.md"])
def test_every_secret_is_made_by_the_command_of_the_manual(compose, name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    made = re.search(r"touch ((?:.|\\\n)*?)\nchmod", text)
    assert made
    assert set(made[1].replace("\\\n", " ").split()) == set(compose["secrets"])


def test_no_secret_can_be_committed_or_get_into_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"deploy/secrets/", "deploy/settings.env"} <= set(ignored)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_every_setting_is_in_the_manual() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert [name for name in sorted(VARIABLES) if f"`{name}`" not in text] == []


def test_every_part_has_time_to_end_and_comes_back(compose) -> None:
    for part in PARTS:
        service = compose["services"][part]
        assert int(service["stop_grace_period"].removesuffix("s")) > max(GRACE, GRACE_SECONDS)
        assert (service["restart"], service["init"]) == ("unless-stopped", True)


def test_nothing_may_do_more_than_it_has_to(compose) -> None:
    for service in compose["services"].values():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])
    assert not any("ports" in compose["services"][name] for name in ("worker", "schedule", "redis"))


def test_redis_loses_nothing_and_drops_nothing(compose) -> None:
    words = compose["services"]["redis"]["command"]
    given = dict(zip(words[1::2], words[2::2], strict=True))
    assert given == {"--appendonly": "yes", "--appendfsync": "everysec", "--maxmemory-policy": "noeviction"}
    assert compose["services"]["redis"]["volumes"] == ["redis:/data"]


# The image


def test_the_image_is_run_by_nobody_in_particular() -> None:
    assert dict(instructions(1))["USER"].split(":")[0].isdecimal()
    assert dict(instructions(1))["USER"] != "0:0"


def test_everything_installed_is_locked_and_no_index_is_named() -> None:
    runs = [rest for word, rest in instructions(0) if word == "RUN" and " install " in rest]
    assert ["--require-hashes" in rest or "--no-deps" in rest for rest in runs] == [True, True]
    assert "index" not in (DEPLOY / "Dockerfile").read_text()


def test_everything_copied_is_there_and_let_through() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {name for word, rest in instructions(0) if word == "COPY" for name in rest.split()[:-1]}
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_sets_what_is_a_setting_and_begins_with_a_command_that_there_is(commands) -> None:
    given = [shlex.split(rest) for word, rest in instructions(1) if word == "ENV"]
    names = {pair.partition("=")[0] for pairs in given for pair in pairs}
    assert names - OF_THE_SYSTEM <= VARIABLES
    assert json.loads(dict(instructions(1))["CMD"])[0] in commands


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_image_is_healthy_when_the_web_server_says_so(status: int, code: int) -> None:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *arguments: object) -> None: ...

    command = json.loads(dict(instructions(1))["HEALTHCHECK"].partition("CMD ")[2])
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        environment = {"WEB_PORT": str(server.server_port), "PATH": "/usr/bin"}
        found = subprocess.run([shutil.which("python3"), *command[1:]], env=environment, check=False)
        server.shutdown()
    assert found.returncode == code


# systemd


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_there_is_and_has_time_to_end(path: Path, commands) -> None:
    service = unit(path)
    command = service["ExecStart"].split()[1]
    assert command in commands | {"%i"}
    assert int(service["TimeoutStopSec"]) > (up.GRACE if command == "up" else GRACE)
    assert service["KillMode"] == "mixed", "a job is not to be told to end before its worker"
    names = {pair.partition("=")[0] for pair in service["Environment"].split()}
    assert names - OF_THE_SYSTEM <= VARIABLES


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_may_do_little(path: Path) -> None:
    service = unit(path)
    for name in ("DynamicUser", "NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictNamespaces"):
        assert service[name] == "yes", name
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(path: Path, tmp_path: Path) -> None:
    text = path.read_text().replace("/opt/commit-digest/bin/commit-digest", "/bin/true")
    copy = tmp_path / path.name.replace("@", "@serve")
    copy.write_text(text)
    checked = subprocess.run(["systemd-analyze", "verify", str(copy)], check=False, capture_output=True, text=True)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if str(copy) in line]) == (0, [])
