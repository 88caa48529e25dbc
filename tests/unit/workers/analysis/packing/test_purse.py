from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from tests.unit.workers.analysis.by_hand import added, commit
from workers.analysis.analyst import survey_of
from workers.analysis.packing.fitting import cost_of, packed_smaller, packed_within
from workers.analysis.packing.packing import pack
from workers.analysis.packing.purse import CORRECTION, DAY_COMMITS, DAY_TOKENS, Purse, budgets_of
from workers.analysis.survey.survey import Survey
from workers.model import Tier
from workers.words import load_words

WORDS = load_words("workers.analysis", "en")


@cache
def large(number: int, files: int = 1) -> Survey:
    body = "".join(
        f"def work_{number}_{n}(first, second={n}):\n    return first + second * {n}\n\n\n" for n in range(250)
    )
    found = commit(f"feat: work {number}", *(added(f"src/work_{number}_{at}.py", body) for at in range(files)))
    return survey_of(found.model_copy(update={"sha": f"{number:040x}"}))


def test_a_day_of_twenty_grave_commits_stays_within_its_tokens():
    purse = Purse(20)
    costs = [cost_of(packed_within(purse, large(number), Tier.HIGH, WORDS), Tier.HIGH) for number in range(20)]
    assert sum(costs) + 20 * CORRECTION <= DAY_TOKENS


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("commits", [1, 5])
def test_on_a_quiet_day_a_large_commit_is_shown_several_times_what_its_tier_has(tier: Tier, commits: int):
    alone, usual = packed_within(Purse(commits), large(1), tier, WORDS), pack(large(1), tier, WORDS)
    assert alone.coverage.bytes_seen > 2 * usual.coverage.bytes_seen


def test_a_high_commit_that_is_alone_is_read_in_more_parts():
    huge = large(1, 12)
    alone, usual = packed_within(Purse(1), huge, Tier.HIGH, WORDS), pack(huge, Tier.HIGH, WORDS)
    assert len(alone.parts) > max(3, len(usual.parts))
    assert cost_of(alone, Tier.HIGH) + CORRECTION <= DAY_TOKENS


def test_a_commit_that_is_shown_whole_costs_no_more_on_a_quiet_day():
    small = survey_of(commit("fix: it", added("src/it.py", "def it():\n    return 1\n")))
    assert packed_within(Purse(1), small, Tier.HIGH, WORDS) == pack(small, Tier.HIGH, WORDS)


@pytest.mark.parametrize("commits", range(1, DAY_COMMITS + 1))
def test_however_many_commits_a_day_has_it_stays_within_its_tokens(commits: int):
    purse = Purse(commits)
    tiers = [list(Tier)[number % 3] for number in range(commits)]
    costs = [
        cost_of(packed_within(purse, large(number), tier, WORDS), tier) + CORRECTION
        for number, tier in enumerate(tiers)
    ]
    assert sum(costs) <= DAY_TOKENS


def test_a_large_batch_shows_no_commit_more_than_its_tier_has():
    purse = Purse(DAY_COMMITS + 1)
    assert packed_within(purse, large(1), Tier.MEDIUM, WORDS) == pack(large(1), Tier.MEDIUM, WORDS)


def test_nothing_is_shown_more_of_where_it_may_not_be():
    kept = packed_within(Purse(1), large(1), Tier.HIGH, WORDS, may_raise=False)
    assert kept == pack(large(1), Tier.HIGH, WORDS)


def test_a_server_that_counts_fewer_tokens_leaves_others_more():
    left = []
    for ratio in (0.7, 1.0):
        purse = Purse(3)
        packed_within(purse, large(1), Tier.HIGH, WORDS, ratio, may_raise=False)
        left.append(purse.share("other", Tier.LOW))
    assert left[0] > left[1]


def test_smaller_packs_come_to_an_end():
    sizes, packed = [], packed_within(Purse(1), large(1), Tier.HIGH, WORDS)
    while packed is not None:
        sizes.append(max(map(len, packed.parts)))
        packed = packed_smaller(packed, large(1), Tier.HIGH, WORDS)
    assert len(sizes) >= 4
    assert all(later < 0.75 * before for before, later in pairwise(sizes))


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
