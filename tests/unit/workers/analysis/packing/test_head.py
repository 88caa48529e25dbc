from __future__ import annotations

from tests.unit.workers.analysis.by_hand import changed, commit
from tests.unit.workers.analysis.specimens import SPECIMENS
from workers.analysis.analyst import survey_of
from workers.analysis.packing.budget import BUDGETS
from workers.analysis.packing.head import head_of
from workers.analysis.packing.tokens import estimate
from workers.model import Tier


def head(name: str, tier: Tier = Tier.HIGH, spare: int = 0) -> list[str]:
    return head_of(survey_of(SPECIMENS[name]()), BUDGETS[tier], spare).split("\n")


def test_facts_are_told_with_what_was_and_what_is():
    assert "* changed setting: server.max_wait 60 -> 30" in head("config-default")


def test_facts_say_which_things_others_can_refer_to():
    assert "* removed public function: clear_all" in head("api-removal")


def test_reasons_that_no_fact_tells_are_told_too():
    assert "* the message marks it as breaking" in head("api-removal")
    assert "* stored data is migrated: db/migrations/0042_display_name.sql" in head("schema-migration")
    assert "* the message names a hazard, leak, and changed lines agree" in head("leak-fix")
    assert "* takes back an earlier commit" in head("revert")


def test_of_many_names_the_rest_is_counted():
    files = [changed("acme/api.py", "", "".join(f"def name_{n}(a):\n    return a\n\n" for n in range(30)))]
    text = head_of(survey_of(commit("feat: names", *files)), BUDGETS[Tier.LOW])
    assert "* added public function: name_0, name_1, name_2 and 27 more" in text


def test_a_head_stays_within_its_budget():
    body = "\n".join(f"Reason {n} is told at length, as people do." for n in range(200))
    files = [changed(f"acme/m{n}.py", f"def old_{n}(a): ...\n", f"def new_{n}(a, b): ...\n") for n in range(50)]
    survey = survey_of(commit(f"refactor!: everything\n\n{body}", *files))
    for tier in Tier:
        assert estimate(head_of(survey, BUDGETS[tier])) <= BUDGETS[tier].head


def test_a_small_diff_leaves_the_message_more_room():
    body = "\n".join(f"Reason {n} is told at length, as people do." for n in range(20))
    survey = survey_of(commit(f"fix: one\n\n{body}", changed("a.py", "a = 1\n", "a = 2\n")))
    assert "more lines of the message" in head_of(survey, BUDGETS[Tier.LOW])
    assert "Reason 19" in head_of(survey, BUDGETS[Tier.LOW], spare=600)
