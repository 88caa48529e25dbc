"""Numbers with a name before them."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import added, changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "python-version: '3.8'\nnode-version: [16.x]\n"
NEW = "python-version: '3.9'\nnode-version: [18.x]\ntimeout: 20\nretries: 3.14\n"
LOCK = '[[package]]\nname = "old-crate"\nversion = "0.4.1"\n\n[[package]]\nname = "new-crate"\nversion = "0.5.2"\n'
GROUND = Ground([commit("Newer runtimes", changed("ci.yml", OLD, NEW), added("Cargo.lock", LOCK))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The jobs run on Node 20.",
        "任务改在 Node 20 上运行。",
        "The workflow now asks for Python 3.14.",
        "`old-crate` 0.5.2 is part of the lock file.",
        "锁文件里有 `new-crate` `0.4.1`。",
    ],
)
def test_a_number_that_stands_with_another_name_only_is_refused(text: str) -> None:
    assert "figure_unknown" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "The jobs run on Node 18.",
        "任务改在 Node 18 上运行。",
        "The workflow now asks for Python 3.9.",
        "The workflow asked for Python 3.8 before.",
        "`old-crate` 0.4.1 is part of the lock file.",
        "锁文件里有 `new-crate` `0.5.2`。",
        "The time limit is 20.",
    ],
)
def test_a_number_that_stands_with_its_name_passes(text: str) -> None:
    assert not codes(text)


def test_versions_that_are_listed_below_their_name_are_its_versions() -> None:
    ground = Ground([commit("More", added("ci.yml", "python-version:\n  - '3.8'\n  - '3.12'\nnode: 16\n"))])
    assert not faults_of(Statement(text="The workflow runs on Python 3.12 as well."), ground)


@pytest.mark.parametrize(
    "text",
    ["Opus 1.11.0 and VPX 1.3.1 are built.", "`http-client` 1.16.0 is locked.", "`http-client` 升级到 1.16.0。"],
)
def test_versions_of_two_things_that_change_places_are_refused(text: str) -> None:
    arguments = "ARG VERSION_OPUS=1.3.1 \\\n    VERSION_VPX=1.11.0\n"
    lock = '"node_modules/http-client": {\n  "version": "1.17.0",\n  "needs": {\n    "redirects": "^1.16.0"\n'
    ground = Ground([commit("More", added("Dockerfile", arguments), added("package-lock.json", lock))])
    assert "figure_unknown" in {fault.code for fault in faults_of(Statement(text=text), ground)}


@pytest.mark.parametrize("text", ["若日后迁移到 Node 24，需要改名。", "In the future Node 24 will need another name."])
def test_a_version_of_a_future_that_is_thought_of_passes(text: str) -> None:
    assert "figure_unknown" not in codes(text)
