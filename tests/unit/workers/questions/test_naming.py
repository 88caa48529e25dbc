"""What a question names: shas, pull requests, titles; and when it points back."""

from __future__ import annotations

import pytest

from workers.questions.naming import Named, Titled, named_in, points_back

FIRST = Titled(0, "abc1234" + "0" * 33, "Keep entries of the cache longer (#7)", 7)
SECOND = Titled(1, "abc1234" + "f" * 33, "修复集群模式下的超时", None)
THIRD = Titled(2, "9" * 40, "Fix it", 12)
ALL = (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        (f"explain {FIRST.sha}", (0,)),
        ("explain ABC12340", (0,)),
        ("what about abc1234?", (0, 1)),
        ("what is #7 about", (0,)),
        ("PR 12 是做什么的", (2,)),
        ("see https://git.example.org/acme/engine/pull/7", (0,)),
        ("!12 还能用吗", (2,)),
        ("#12为什么改", (2,)),
        ("看看#12的改动", (2,)),
        ("请看PR 12改了什么", (2,)),
        ("#7和#12有什么区别", (0, 2)),
        ("PR-12", (2,)),
        ("GH-12 why", (2,)),
        ("合并请求12", (2,)),
        ("第12号PR", (2,)),
        ('what does "entries of the cache" do', (0,)),
        ("what does “entries of the cache” do", (0,)),
        ("「修复集群模式下的超时」改了什么", (1,)),
        ("《集群模式下的超时》呢", (1,)),
        ("why KEEP ENTRIES OF THE CACHE LONGER?", (0,)),
    ],
)
def test_a_question_names_commits_by_sha_request_and_title(question: str, numbers: tuple[int, ...]) -> None:
    assert named_in(question, ALL) == Named(numbers, ())


@pytest.mark.parametrize(
    ("question", "unknown"),
    [("what about deadbee1?", ("deadbee1",)), ("and #99?", ("#99",)), ("PR 99 and #99", ("#99",))],
)
def test_what_is_named_and_not_here_is_told(question: str, unknown: tuple[str, ...]) -> None:
    assert named_in(question, ALL) == Named((), unknown)


@pytest.mark.parametrize(
    "question",
    [
        "is the facade defaced",
        "20260221 改了什么",
        'what does "cache" mean',
        "what does `max_entries` do",
        "Fix it",
        "color: &#7;",
        "",
    ],
)
def test_words_that_only_look_like_names_name_nothing(question: str) -> None:
    assert named_in(question, ALL) == Named((), ())


def test_a_title_is_not_looked_for_where_a_sha_is_given() -> None:
    assert named_in(f'{THIRD.sha} and "entries of the cache"', ALL).numbers == (2,)


@pytest.mark.parametrize(
    "question",
    ["does it break?", "why that?", "再详细一点", "tell me more", "它会影响性能吗", "该提交安全吗", "刚才说的呢"],
)
def test_pronouns_point_back(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize("question", ["what happened this week?", "who changed the cache?", "缓存改了吗"])
def test_other_words_do_not_point_back(question: str) -> None:
    assert not points_back(question)


def test_a_long_hostile_question_names_nothing() -> None:
    question = ('"' + "「" * 10 + "#" + "a1b2c3d" * 5) * 80
    assert named_in(question[:4000], ALL).numbers == ()
