from __future__ import annotations

import pytest

from workers.analysis.packing.tokens import estimate


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("abc", 1), ("abcd", 2), ("你", 1), ("你好吗？啊哈哈", 5), ("abc你", 2)]
)
def test_tokens_are_a_third_of_the_ascii_and_more_of_the_rest(text, tokens):
    assert estimate(text) == tokens


def test_half_a_surrogate_pair_costs_like_any_other_character():
    assert estimate("\ud800" * 14) == 10
