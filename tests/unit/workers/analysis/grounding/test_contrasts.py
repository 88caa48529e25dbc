"""Files set against each other, and what no file of its sort can hold."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "def ring(bell):\n    return bell\n"
NEW = "def ring(bell):\n    if bell is None:\n        return None\n    louder = bell * 2\n    return louder\n"
GROUND = Ground(
    [
        commit(
            "Ring louder",
            changed("src/ring.py", OLD, NEW),
            changed("src/tower.py", "from ring import ring\n", "from ring import ring as peal\n"),
            changed("tests/test_ring.py", "", "def test_ring():\n    assert ring(2) == 4\n"),
        )
    ]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The early return for a missing bell was implemented in `tests/test_ring.py`.",
        "提前返回的逻辑写在了 `tests/test_ring.py` 里，`ring.py` 没有涉及。",
        "The doubling is carried out in `src/tower.py`, while `src/ring.py` merely passes the value on.",
        "加倍的语句放在 `src/tower.py` 中，`src/ring.py` 只更新了导入。",
    ],
)
def test_what_another_file_holds_is_not_said_of_this_one(text: str) -> None:
    assert "wrong_file" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "A test of the doubled value was added in `tests/test_ring.py`.",
        "The doubling is carried out in `src/ring.py`, while `src/tower.py` merely renames its import.",
        "加倍的语句放在 `src/ring.py` 中，`src/tower.py` 只更新了导入。",
    ],
)
def test_what_a_file_holds_may_be_said_of_it(text: str) -> None:
    assert codes(text) == set()
