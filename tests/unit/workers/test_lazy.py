"""Sequences that make their values when they are looked at: the same as a tuple of these values would be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.alive import Alive
from workers.lazy import COMPRESS_OVER, Compact, Joined, Lazy, Many, Mapped
from workers.model import Problem, Value

PROBLEMS = tuple(Problem(what="w" * (n * COMPRESS_OVER // 3), where=str(n)) for n in range(7))
PLACES = st.integers(-10, 10) | st.none()


class Report(Value):
    """A value that has many values."""

    problems: Many[Problem]


def compact(values: Sequence[Problem]) -> Lazy[Problem]:
    return Compact(Problem, values)


def mapped(values: Sequence[Problem]) -> Lazy[Problem]:
    return Mapped(range(len(values)), values.__getitem__)


def joined(values: Sequence[Problem]) -> Lazy[Problem]:
    return Joined((values[:2], (), values[2:]))


@pytest.mark.parametrize("make", [compact, mapped, joined])
@given(start=PLACES, stop=PLACES, step=PLACES.filter(lambda step: step != 0))
def test_length_places_and_slices_are_those_of_a_tuple(make, start, stop, step):
    lazy = make(PROBLEMS)
    assert (len(lazy), tuple(lazy), lazy[2], lazy[-1]) == (7, PROBLEMS, PROBLEMS[2], PROBLEMS[-1])
    assert lazy[start:stop:step] == PROBLEMS[start:stop:step]
    with pytest.raises(IndexError):
        lazy[7]


@pytest.mark.parametrize("make", [compact, mapped, joined])
def test_it_equals_any_sequence_of_the_same_values_and_no_other(make):
    assert make(PROBLEMS) == PROBLEMS
    assert PROBLEMS == make(PROBLEMS)  # noqa: SIM300 - it is the other way round that is tried
    assert make(PROBLEMS) != PROBLEMS[1:]
    assert make(PROBLEMS) != (*PROBLEMS[1:], PROBLEMS[0])
    assert not make(())


def test_some_of_what_is_compact_is_picked_in_any_order():
    lazy = Compact(Problem, PROBLEMS)
    assert lazy.where(lambda problem: problem.where > "4") == PROBLEMS[5:]
    assert lazy.pick(reversed(range(7))) == PROBLEMS[::-1]
    assert lazy == PROBLEMS


def test_what_is_compact_is_no_object_until_it_is_looked_at():
    written, read = Alive(), Alive()
    lazy = Compact(Problem, written.watch_all(Problem(what="w", where=str(n)) for n in range(100)))
    assert sum(1 for _ in read.watch_all(lazy)) == 100
    assert (written.most, read.most) == (1, 2)


def test_a_value_takes_a_lazy_sequence_as_it_is_and_makes_a_tuple_of_any_other():
    lazy = Compact(Problem, PROBLEMS)
    assert Report(problems=lazy).problems is lazy
    assert Report(problems=list(PROBLEMS)).problems == PROBLEMS
    assert isinstance(Report.model_validate_json(Report(problems=PROBLEMS).model_dump_json()).problems, tuple)


def test_a_value_is_written_alike_with_and_without_laziness():
    lazy = Report(problems=Compact(Problem, PROBLEMS))
    assert lazy.model_dump_json(indent=2) == Report(problems=PROBLEMS).model_dump_json(indent=2)
    assert lazy == Report(problems=PROBLEMS)


def test_what_is_no_such_value_is_refused():
    with pytest.raises(ValueError, match="problems"):
        Report.model_validate({"problems": [{"what": "w"}]})
