"""A model moves the tier only within the bounds of the rules, and only for reasons that hold."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.unit.workers.analysis.by_hand import added, changed, commit, moved, removed
from workers.analysis.analyst import survey_of
from workers.analysis.triage import floor_of, triage
from workers.analysis.verdict import Verdict, bounded, verdict_of
from workers.model import Commit, Kind, Tier
from workers.words import load_words

HIGH, MEDIUM, LOW = Tier.HIGH, Tier.MEDIUM, Tier.LOW
WORDS = load_words("workers.analysis", "en")
REASON = "`work` answers otherwise"

ORDINARY = commit("fix: off by one", changed("src/a.py", "def work():\n    return 1\n", "def work():\n    return 2\n"))
REMOVAL = commit("refactor: drop it", removed("src/api.py", "def work():\n    return 1\n"))


def verdict(
    of: Commit, tier: Tier, reasons: Sequence[str] = (REASON,), kinds: Sequence[Kind] = (), holds: bool = True
) -> Verdict:
    survey = survey_of(of)
    return verdict_of(survey, triage(survey, WORDS), tier, reasons, kinds, lambda _: holds)


@pytest.mark.parametrize(
    ("said", "least", "floor", "tier"),
    [
        (HIGH, LOW, LOW, HIGH),
        (MEDIUM, LOW, LOW, MEDIUM),
        (LOW, LOW, LOW, LOW),
        (LOW, HIGH, LOW, MEDIUM),
        (LOW, HIGH, MEDIUM, MEDIUM),
        (LOW, HIGH, HIGH, HIGH),
        (MEDIUM, HIGH, HIGH, HIGH),
        (LOW, MEDIUM, LOW, LOW),
        (LOW, MEDIUM, MEDIUM, MEDIUM),
    ],
)
def test_a_tier_goes_up_freely_and_down_by_one_step_and_never_below_the_floor(said, least, floor, tier):
    assert bounded(said, least, floor) is tier


def test_a_tier_is_raised_with_a_reason_that_names_a_thing():
    raised = verdict(ORDINARY, HIGH)
    assert (raised.tier, raised.reasons) == (HIGH, (REASON,))


@pytest.mark.parametrize(("reasons", "holds"), [((), True), (("it is important",), True), ((REASON,), False)])
def test_a_tier_stays_without_a_reason_that_holds_and_names_a_thing(reasons: Sequence[str], holds: bool):
    least = triage(survey_of(ORDINARY), WORDS)
    assert verdict(ORDINARY, HIGH, reasons, holds=holds).tier is least.tier


@pytest.mark.parametrize(
    "reason",
    [
        "`return` changes",
        "`src/a.py` is changed",
        "`src/a.py` 有改动",
        "修改了 `work`",
        "`elsewhere` answers otherwise",
        "`work` answers as `elsewhere` does",
        "it answers otherwise",
    ],
)
def test_a_reason_for_another_tier_tells_of_what_the_commit_changes_more_than_that_it_does(reason: str):
    assert verdict(ORDINARY, HIGH, [reason]).tier is triage(survey_of(ORDINARY), WORDS).tier


@pytest.mark.parametrize("reason", ["`work()` answers otherwise", "`src/a.py` now answers 2", "`work` 的返回值不同"])
def test_a_reason_that_does_raises_the_tier(reason: str):
    assert verdict(ORDINARY, HIGH, [reason]).tier is HIGH


def test_that_something_changes_is_no_reason_to_show():
    least = triage(survey_of(ORDINARY), WORDS)
    assert verdict(ORDINARY, least.tier, ["`src/a.py` changes"]).reasons == least.reasons
    assert verdict(ORDINARY, least.tier, ["callers meet another value"]).reasons == ("callers meet another value",)


FLOORED = {
    "a removed function": REMOVAL,
    "a dropped column": commit("feat: x", added("db/migrations/002.sql", "alter table a drop column id;\n")),
    "a breaking change": commit(
        "feat!: other answer", changed("src/a.py", "def work():\n    pass\n", "def work():\n    return 2\n")
    ),
    "a moved module": commit("refactor: move", moved("src/acme/api/part.py", "src/acme/inner/part.py")),
}


@pytest.mark.parametrize("name", FLOORED)
def test_what_breaks_others_keeps_the_tier_of_the_rules(name: str):
    survey = survey_of(FLOORED[name])
    assert floor_of(survey) is triage(survey, WORDS).tier is HIGH
    assert verdict(FLOORED[name], LOW).tier is HIGH


def test_a_removal_from_an_interface_is_not_judged_below_its_floor():
    survey = survey_of(REMOVAL)
    assert verdict(REMOVAL, LOW).tier.rank <= floor_of(survey).rank < LOW.rank


def leak() -> Commit:
    """A commit that lets a secret in."""
    bare = commit("feat: upload", added("src/a.py", "x = 1\n"))
    key = f"AWS_SECRET = '<secret:aws-key:{bare.sha[:7]}-1>'\n"
    return bare.model_copy(update={"files": (added("src/a.py", key),)})


def test_reasons_for_a_tier_that_was_not_granted_are_not_shown():
    least = triage(survey_of(leak()), WORDS)
    denied = verdict(leak(), LOW)
    assert (denied.tier, denied.reasons) == (HIGH, least.reasons)


def test_kinds_are_the_models_and_those_that_the_rules_are_sure_of():
    assert verdict(leak(), HIGH, kinds=[Kind.FEATURE]).kinds == (Kind.FEATURE, Kind.SECURITY)


def test_a_revert_is_one_whatever_the_model_says():
    undone = commit('Revert "feat: upload"\n\nThis reverts commit ' + "a" * 40 + ".\n", added("src/a.py", "x = 1\n"))
    assert verdict(undone, MEDIUM, kinds=[Kind.FEATURE]).kinds[0] is Kind.REVERT


def test_without_kinds_those_of_triage_stand():
    assert verdict(ORDINARY, MEDIUM).kinds == triage(survey_of(ORDINARY), WORDS).kinds
