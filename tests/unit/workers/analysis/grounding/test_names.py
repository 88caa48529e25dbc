"""Names in statements, as people write what stands otherwise in a diff."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import added, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

COMMAND = 'flags.StringVar(&role, "user-role", "admin", "role of the user")\n'
STATES = "case tasks.StateCreated, tasks.StateRunning:\n    return STATE_HALTED\n"
LANE = "run_tests(\n  device: options[:device],\n  events: ['opened'],\n  simulator: true\n)\nlisten('closed')\n"
GROUND = Ground(
    [commit("Users", added("cmd/tool/create_user.go", COMMAND), added("Fastfile", LANE), added("states.go", STATES))]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "`tool create user` takes `--user-role` as well.",
        "`tool create user` 支持 `--user-role`。",
        "The lane hands on `options[:device]`.",
        "The lane sets `events: ['opened']`.",
        "The lane reads `options[...]`.",
        "Tasks that are `created` or `running` become `halted`.",
    ],
)
def test_a_name_in_another_form_passes(text: str) -> None:
    assert "name_unknown" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "`tool delete user` takes a role as well.",
        "The command takes `--group-role`.",
        "Tasks that are `paused` are left.",
        "The lane hands on `options[:simulator]`.",
        "测试通道传入 `options[:simulator]`。",
        "The lane sets `events: ['closed']`.",
    ],
)
def test_a_name_whose_parts_do_not_stand_together_is_refused(text: str) -> None:
    assert "name_unknown" in codes(text)
