from __future__ import annotations

from tests.unit.workers.analysis.by_hand import changed, commit
from tests.unit.workers.analysis.packing.cases import big_commit, surveyed
from tests.unit.workers.analysis.specimens import SPECIMENS
from workers.analysis.packing.packing import excerpt
from workers.analysis.packing.tokens import estimate
from workers.model import Commit


def shown(one: Commit, paths: list[str], names: list[str], room: int = 300) -> str:
    return excerpt(surveyed(one), paths, names, room)


def test_hunks_of_the_files_asked_for_are_shown_those_with_the_names_first():
    text = shown(big_commit(10, 30), ["engine/module_3.py"], ["new_3017", "old_3017"])
    assert "+    return new_3017(a + b)" in text.split("\n")
    assert "module_4.py" not in text


def test_a_file_may_be_named_by_the_end_of_its_path():
    text = shown(big_commit(10, 30), ["module_7.py"], [])
    assert "= modified +31 -31 engine/module_7.py" in text and "module_3" not in text


def test_where_no_file_of_the_commit_is_asked_for_all_are_shown():
    assert "config/server.toml" in shown(SPECIMENS["config-default"](), ["no/such.py"], ["x"])


def test_rows_with_the_names_are_kept_before_others_of_a_long_hunk():
    new = "\n".join(f"    {chr(97 + n % 26) * (n + 3)}.run()" for n in range(100))
    one = commit("x", changed("src/a.rb", "", f"{new}\n    needle.thread(1)\n"))
    assert "+    needle.thread(1)" in shown(one, [], ["needle.thread"], room=120)


def test_an_excerpt_costs_no_more_than_it_may():
    for room in (0, 50, 200, 1000):
        assert estimate(shown(big_commit(), [], ["new_17"], room=room)) <= room
