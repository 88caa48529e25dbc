"""Texts and questions as the terms by which they are found."""

from __future__ import annotations

import pytest

from workers.questions.terms import LONGEST, MOST, meanings, sought_in, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("maxRetries", ["maxretries", "max", "retries"]),
        ("lv_draw_label.h", ["lvdrawlabel", "lv", "draw", "label", "h"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("7.0.6", ["706", "7", "0", "6"]),
        ("默认值", ["默认", "认值"]),
        ("锁", ["锁"]),
        ("", []),
        ("\x00\x1b[31m\u202e", ["31m", "31", "m"]),
    ],
)
def test_a_text_gives_words_parts_of_identifiers_and_pairs_of_chinese(text: str, terms: list[str]) -> None:
    assert list(terms_of(text)) == terms


def test_full_width_letters_are_the_same_as_plain_ones() -> None:
    assert list(terms_of("ＭａｘＲｅｔｒｉｅｓ")) == list(terms_of("MaxRetries"))


def test_runs_longer_than_any_word_give_no_term() -> None:
    assert list(terms_of("a" * (LONGEST + 1))) == []


def test_idle_words_are_not_looked_for() -> None:
    assert sought_in("Why was this changed, and what does it do?").concepts == ()
    assert sought_in("为什么改了这个？").concepts == ()


def test_a_chinese_word_of_the_catalogue_is_looked_for_in_english_too() -> None:
    (concept,) = sought_in("超时").concepts
    assert concept.own == ("超时",)
    assert "timeout" in concept.kin


def test_an_english_word_left_in_a_chinese_question_counts_as_a_name() -> None:
    weights = {concept.own[0]: concept.weight for concept in sought_in("bundle 还能关掉吗").concepts}
    assert weights["bundle"] > next(iter(sought_in("bundle").concepts)).weight


def test_vague_words_count_less_than_telling_ones() -> None:
    weights = {concept.own: concept.weight for concept in sought_in("fix scheduler").concepts}
    assert weights["fix",] < weights["scheduler",]


def test_neighbouring_words_are_looked_for_joined_too() -> None:
    assert ("dev tools", "devtools") in [concept.own for concept in sought_in("are dev tools open").concepts]


@pytest.mark.parametrize(
    "question", ["What is most important?", "anything breaking?", "有没有破坏性变更", "最重要的改动是什么？", ""]
)
def test_questions_of_importance_alone_are_about_the_window(question: str) -> None:
    assert sought_in(question).is_of_window


@pytest.mark.parametrize("question", ["Is the breaking timeout important?", "缓存有什么风险"])
def test_questions_that_look_for_more_are_not_about_the_window(question: str) -> None:
    assert not sought_in(question).is_of_window


def test_what_is_looked_for_has_an_end_however_long_the_question() -> None:
    question = " ".join(f"word{number}x" for number in range(500))
    assert len(sought_in(question).concepts) <= 2 * MOST


def test_no_term_of_a_question_means_anything_to_the_index() -> None:
    hostile = "a\" OR told : NEAR(x, 1) * ^b -c AND {subject} ; drop table hunks; -- ' \x00"
    terms = sought_in(hostile).terms
    assert terms
    assert all(term.replace(" ", "").isalnum() for term in terms)


def test_the_catalogue_has_no_word_in_a_group_that_is_idle() -> None:
    known = meanings()
    assert not known.idle & known.window
    assert not known.idle & known.vague
