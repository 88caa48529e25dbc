from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.offline.author import AUTHOR_LIMIT, ITEMS_TOLD, adds_to, author_lists, author_says, first_sentence
from workers.messages import Message
from workers.words import Words, load_words

EN = load_words("workers.analysis", "en")
ZH = load_words("workers.analysis", "zh")


def said(body: str, words: Words, subject: str = "Tidy up") -> str | None:
    return author_says(Message(subject=subject, body=body), words)


def listed(body: str, words: Words = EN, subject: str = "Tidy up") -> str | None:
    return author_lists(Message(subject=subject, body=body), words)


def test_the_author_is_quoted_as_the_author():
    assert said("It was far too slow on big trees.", EN) == "The author says: “It was far too slow on big trees.”"


def test_long_explanations_end_at_a_sentence_with_a_note():
    text = "This is one sentence of the explanation. " * 20
    told = said(text, EN)
    assert told is not None
    assert told.endswith("explanation.” [shortened here]")
    assert len(told) < AUTHOR_LIMIT + 60


def test_a_quotation_that_leaves_out_later_paragraphs_says_so():
    told = said("The lock was never released here.\n\nThere is much more to tell about it.", ZH)
    assert told == "作者说明：“The lock was never released here.”〔后文从略〕"


def test_chinese_explanations_end_at_a_chinese_full_stop():
    told = said("这里的锁没有释放。" * 60, ZH)
    assert told is not None
    assert "。”〔后文从略〕" in told


@pytest.mark.parametrize(
    "body",
    [
        "",
        "* fix lint\n* address comments from the review",
        "Fixes #123",
        "Closes https://example.org/issues/9 once and for all",
        "<!-- please describe what this change does -->",
        "```\nsome code that nobody should quote here\n```",
        "Bumps [left-pad](https://example.org) from 1.0.0 to 1.0.1.",
        "| a | b |\n|---|---|\n| this is | a table of words |",
        "#### What does this PR do",
        "    return format(path, name) and other indented code",
        "The fix does the following:",
    ],
)
def test_what_is_no_explanation_is_not_quoted(body):
    assert said(body, EN) is None


def test_an_open_backtick_of_the_author_does_not_swallow_the_sentence():
    told = said("The `value is never read by anybody.", EN)
    assert told is not None
    assert "`" not in told


def test_links_of_the_author_are_quoted_by_their_words():
    told = said("This follows [the guide](https://example.org/x) to the letter.", EN)
    assert told == "The author says: “This follows the guide to the letter.”"


@given(st.text(max_size=300))
def test_any_body_can_be_quoted(text):
    told = said(text, EN)
    assert told is None or told.startswith("The author says: “")


def test_the_subject_said_again_is_no_explanation():
    assert said("This will fix the lock of the cache.", EN, subject="Fix the lock of the cache") is None


def test_a_list_of_what_was_done_is_quoted_item_by_item():
    body = "* feat(x): prune regions that moved away\n* refactor: keep one reader for each open file\n"
    assert listed(body) == "The author lists: “prune regions that moved away”; “keep one reader for each open file”"
    assert (listed(body, ZH) or "").startswith("作者列出：“prune")


def test_items_about_the_way_to_a_change_are_passed_over():
    body = "* fix lint\n* address comments from the review\n* test: cover the new reader with cases\n* add uts\n* typo"
    assert listed(body) is None


def test_one_telling_item_among_many_is_no_list():
    assert listed("* keep one reader for each open file\n* fix lint\n* typo\n") is None


def test_a_long_list_says_that_there_is_more():
    body = "\n".join(f"- keep reader number {n} for every open file {n}{n}" for n in range(ITEMS_TOLD + 2))
    told = listed(body) or ""
    assert told.startswith("The author lists, among others: ")
    assert told.count("“") == ITEMS_TOLD


def test_the_first_sentence_is_taken_only_where_it_is_short_enough():
    body = "All instances draw the same number. That is bad."
    assert first_sentence(body, 100) == "All instances draw the same number."
    assert first_sentence(body, 10) is None
    assert first_sentence("* fix lint", 100) is None


def test_a_text_adds_to_a_subject_when_most_of_its_words_are_new():
    assert adds_to("Improve entropy", "All containers get the same seed")
    assert not adds_to("Add notes to key specs", "Add optional notes to keyspecs.")


@given(st.text(max_size=300))
def test_any_list_can_be_quoted(text):
    told = listed("* " + text)
    assert told is None or told.startswith("The author lists")
