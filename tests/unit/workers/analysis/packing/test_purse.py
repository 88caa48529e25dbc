from __future__ import annotations

from functools import cache

from tests.unit.workers.analysis.by_hand import added, commit
from workers.analysis.analyst import survey_of
from workers.analysis.model_judge import cost_of, packed_within
from workers.analysis.packing.packing import pack
from workers.analysis.packing.purse import CORRECTION, DAY_TOKENS, Purse, budgets_of
from workers.analysis.survey.survey import Survey
from workers.model import Tier
from workers.words import load_words

WORDS = load_words("workers.analysis", "en")


@cache
def large(number: int) -> Survey:
    body = "".join(
        f"def work_{number}_{n}(first, second={n}):\n    return first + second * {n}\n\n\n" for n in range(250)
    )
    found = commit(f"feat: work {number}", added(f"src/work_{number}.py", body))
    return survey_of(found.model_copy(update={"sha": f"{number:040x}"}))


def test_a_day_of_twenty_grave_commits_stays_within_its_tokens():
    purse = Purse(20)
    costs = [cost_of(packed_within(purse, large(number), Tier.HIGH, WORDS), Tier.HIGH) for number in range(20)]
    assert sum(costs) + 20 * CORRECTION <= DAY_TOKENS


def test_a_commit_that_is_alone_is_shown_as_much_as_its_tier_has():
    assert packed_within(Purse(1), large(1), Tier.HIGH, WORDS) == pack(large(1), Tier.HIGH, WORDS)


def test_what_a_full_day_leaves_out_of_a_commit_is_in_its_coverage():
    purse = Purse(20)
    seen = [packed_within(purse, large(number), Tier.HIGH, WORDS).coverage.bytes_seen for number in range(20)]
    assert seen[-1] < seen[0]
    assert seen[-1] > 0


def test_a_graver_commit_may_cost_more():
    shares = [Purse(20).share("a", tier) for tier in (Tier.HIGH, Tier.MEDIUM, Tier.LOW)]
    assert shares == sorted(shares, reverse=True)


def test_a_commit_that_is_made_ready_twice_is_paid_for_once():
    purse = Purse(3)
    purse.pay("a", 5000)
    once = purse.share("b", Tier.LOW)
    purse.pay("a", 5000)
    assert purse.share("b", Tier.LOW) == once


def test_the_first_that_a_full_day_costs_a_commit_is_the_reading_in_parts():
    first, second, *rest = budgets_of(Tier.HIGH)
    assert (first.parts, second.parts, first.whole) == (3, 1, second.whole)
    assert [budget.whole for budget in rest] == sorted((budget.whole for budget in rest), reverse=True)
