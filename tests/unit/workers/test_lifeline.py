"""Processes that do not outlive the one that started them."""

from __future__ import annotations

import sys

import pytest

from tests.processes import is_running, line_of, program, wait_until

FAMILY = """
    import os, signal, sys
    from workers import lifeline
    parent = os.getpid()
    if sys.argv[1] == "watched":
        lifeline._prctl = None
    if os.fork() == 0:
        lifeline.die_with(parent, signal.SIGKILL)
        print(os.getpid(), flush=True)
    signal.pause()
"""
ORPHAN = """
    import os, signal, sys
    from workers import lifeline
    if sys.argv[1] == "watched":
        lifeline._prctl = None
    lifeline.die_with(os.getpid(), signal.SIGTERM)
    signal.pause()
"""
WAYS = [pytest.param("told", marks=pytest.mark.skipif(sys.platform != "linux", reason="has no prctl")), "watched"]


@pytest.mark.parametrize("way", WAYS)
def test_a_child_dies_when_its_parent_is_killed(way: str) -> None:
    with program(FAMILY, way) as parent:
        child = int(line_of(parent))
        parent.kill()
        parent.wait()
    wait_until(lambda: not is_running(child), 5.0)


@pytest.mark.parametrize("way", WAYS)
def test_a_child_whose_parent_died_before_it_could_ask_dies_too(way: str) -> None:
    with program(ORPHAN, way) as child:
        assert child.wait(5.0) < 0
