"""Keys: documented, and never the same for different things."""

from __future__ import annotations

import inspect
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workers.store import keys

PARTS = st.text(st.sampled_from("a:/%é "), max_size=4)


@given(st.tuples(PARTS, PARTS), st.tuples(PARTS, PARTS))
def test_different_parts_give_different_keys(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (keys.commit(*one) == keys.commit(*other)) == (one == other)


@given(st.tuples(PARTS, PARTS, PARTS), st.tuples(PARTS, PARTS, PARTS))
def test_different_ways_of_analysing_have_different_names(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (keys.analysis_name(*one, "zh") == keys.analysis_name(*other, "zh")) == (one == other)


def test_a_run_cannot_pass_for_a_part_of_another() -> None:
    assert keys.run("1:listings") != keys.run_listings("1")


def test_every_key_is_documented() -> None:
    samples = {
        keys.commit("r", "s"),
        keys.analysis("n", "s"),
        keys.claim("n"),
        keys.claim_history("n"),
        keys.run("x"),
        keys.run_listings("x"),
        keys.run_heads("x", "d"),
        keys.run_problems("x"),
        keys.run_end("x"),
        keys.digest("x"),
        keys.digest_commits("x", "d", 0),
        keys.highlights("x"),
        keys.part_reading("x"),
        keys.response("x"),
        keys.slots("x"),
        keys.slots_leases("x"),
        keys.slots_shares("x"),
        keys.usage(date(2026, 2, 21)),
        keys.seen("x"),
        keys.channel("p:w:c"),
        keys.orders("x"),
        keys.note("x"),
        keys.pace("x"),
        keys.feedback("n", "s"),
        keys.history("r", "UTC", date(2026, 2, 21)),
        keys.subscription("x"),
        keys.subscriptions_of("p:w:c"),
        keys.subscriptions_to("acme/engine"),
        keys.told("r", "s"),
        keys.delivery("x"),
        keys.delivery_parts("x"),
        keys.thread("p:w:c", "x"),
        keys.thread_turns("p:w:c", "x"),
        keys.thread_line("p:w:c", "x"),
        keys.thread_stop("p:w:c", "x"),
        keys.answers(date(2026, 2, 21)),
    }
    functions = {name for name, _ in inspect.getmembers(keys, inspect.isfunction) if not name.startswith("_")}
    assert len(samples) == len(functions - {"quote", "sha256", "analysis_name", "shelf_order"})
    samples |= {value for name, value in vars(keys).items() if name.isupper() and name != "PREFIX"}
    lines = re.findall(r"^    (cd:1:\S+)", keys.__doc__ or "", re.M)
    documented = [re.sub(r"<\w+>", "[^:]+", line.replace("<channel>", "[^:]+:[^:]+:[^:]+")) for line in lines]
    for sample in samples:
        assert any(re.fullmatch(pattern, sample) for pattern in documented), sample
