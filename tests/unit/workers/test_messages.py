"""Reading commit messages: trailers as git has them, pull requests, reverts; and nothing that takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.messages import CHERRY_PICKED, Trailer, bare_subject, read_message

SHA = "0123456789abcdef0123456789abcdef01234567"


def trailers(text: str) -> list[tuple[str, str]]:
    return [(trailer.key, trailer.value) for trailer in read_message(text).trailers]


def test_an_empty_message_says_nothing() -> None:
    message = read_message("")
    assert (message.subject, message.body, message.trailers, message.is_revert) == ("", "", (), False)
    assert message.pull_request is None


def test_the_subject_is_the_first_paragraph_in_one_line_as_git_shows_it() -> None:
    message = read_message("\n \n  Fix the thing \t\nthat broke\r\n\r\nBecause.\r\n")
    assert message.subject == "  Fix the thing that broke"
    assert message.body == "Because."


def test_line_breaks_that_git_does_not_know_do_not_end_a_subject() -> None:
    assert read_message("one\x0btwo\u2028three\x85four\n").subject == "one\x0btwo\u2028three\x85four"


def test_carriage_returns_are_not_part_of_the_text() -> None:
    message = read_message("Subject\r\n\r\nfirst\r\nsecond\r\n\r\nSigned-off-by: A <a@b.c>\r\n")
    assert (message.subject, message.body) == ("Subject", "first\nsecond")
    assert message.trailers == (Trailer(key="Signed-off-by", value="A <a@b.c>"),)


def test_trailers_at_the_end_are_no_body() -> None:
    text = "S\n\nWhy.\n\nReviewed-by: A <a@b.c>\nChange-Id: I123\nCo-authored-by: 赵 <z@b.c>\n"
    assert read_message(text).body == "Why."
    assert trailers(text) == [("Reviewed-by", "A <a@b.c>"), ("Change-Id", "I123"), ("Co-authored-by", "赵 <z@b.c>")]


def test_a_trailer_goes_on_in_indented_lines() -> None:
    assert trailers("S\n\nReviewed-by: A\n <a@b.c>\nCc: B\n") == [("Reviewed-by", "A <a@b.c>"), ("Cc", "B")]


def test_a_cherry_pick_is_kept_as_a_trailer() -> None:
    text = f"S\n\nWhy.\n\n(cherry picked from commit {SHA})\n"
    assert read_message(text).body == "Why."
    assert trailers(text) == [(CHERRY_PICKED, SHA)]


def test_the_subject_itself_is_never_a_trailer() -> None:
    message = read_message("Signed-off-by: A <a@b.c>\n")
    assert message.subject == "Signed-off-by: A <a@b.c>"
    assert message.trailers == ()


@pytest.mark.parametrize(
    "last",
    [
        "Note: this changes the default",
        "BREAKING CHANGE: the flag is gone",
        "BREAKING-CHANGE: the flag is gone",
        "https://example.com/issues/1",
        "redis-benchmark: fixed the count",
        "Fixes: memory that leaked in the parser",
        "Closes the gap.\nFixes: #1",
    ],
)
def test_a_last_paragraph_of_prose_stays_in_the_body(last: str) -> None:
    message = read_message(f"S\n\nWhy.\n\n{last}\n")
    assert message.body == f"Why.\n\n{last}"
    assert message.trailers == ()


@pytest.mark.parametrize(
    "last", ["Fixes: #12", "Closes: https://x.org/1", "Refs: GH-3", "Bug: PROJ-12", "Fixes: 0a1b2c3"]
)
def test_a_reference_alone_is_a_trailer(last: str) -> None:
    assert read_message(f"S\n\nWhy.\n\n{last}\n").body == "Why."


def test_prose_among_trailers_that_git_wrote_stays_in_the_body() -> None:
    message = read_message("S\n\nWhy.\n\nsome words\nSigned-off-by: A <a@b.c>\nTested-by: B <b@b.c>\n")
    assert message.body == "Why.\n\nsome words"
    assert [trailer.key for trailer in message.trailers] == ["Signed-off-by", "Tested-by"]


def test_sign_offs_inside_squashed_messages_are_taken_out_with_their_gaps() -> None:
    text = "S\n\n* one\n\nSigned-off-by: A <a@b.c>\n\n* two\n\n---------\n\nCo-authored-by: B <b@b.c>\n"
    message = read_message(text)
    assert message.body == "* one\n\n* two"
    assert [trailer.key for trailer in message.trailers] == ["Signed-off-by", "Co-authored-by"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Add it (#123)", 123),
        ("Add it (#1) (#22)", 22),
        ("修复内存泄漏（#45）", 45),
        ("Add it (GH-7)", 7),
        ("Merge pull request #88 from a/b\n\nAdd it", 88),
        ("Merge pull request !9 from a/b", 9),
        ("!12 修复启动失败", 12),
        ("Merged in x (pull request #31)", 31),
        ("Merge branch 'x' into 'main'\n\nAdd it\n\nSee merge request group/sub/project!77", 77),
        ("First (#5)\nmerge it as CI passed", 5),
        ("fixes #12", None),
        ('Revert "Add it (#12)"', None),
        ('Revert "Add it (#12)" (#13)', 13),
        ("Add (#99999999999999999999)", None),
        ("Add it (#١٢)", None),
    ],
)
def test_the_pull_request_is_read_from_the_subject_or_gitlabs_last_line(text: str, number: int | None) -> None:
    assert read_message(text).pull_request == number


@pytest.mark.parametrize(
    ("text", "shas"),
    [
        (f"Revert it\n\nThis reverts commit {SHA}.", (SHA,)),
        ("Revert it\n\nThis reverts commit 0a1b2c3.", ("0a1b2c3",)),
        ("R\n\nThis reverts commits 0a1b2c3, 1234567 and 89abcde.", ("0a1b2c3", "1234567", "89abcde")),
        ("R\n\nThis reverts commit 0a1b2c3.\n\nThis reverts commit 1234567.", ("0a1b2c3", "1234567")),
        ("R\n\nThis reverts commit 0a1b2c3, reversing\nchanges made to 1234567.", ("0a1b2c3",)),
        ("R\n\nReverts commit `0A1B2C3`", ("0a1b2c3",)),
        ("This reverts commit 0a1b2c3", ("0a1b2c3",)),
        ("S\n\nIt reverts commit habits.", ()),
        ("S\n\nSee how this reverts commit 0a1b2c3.", ()),
        ("S\n\nThis reverts commit 0a1b2c3xyz.", ()),
    ],
)
def test_reverted_commits_are_named_by_sha(text: str, shas: tuple[str, ...]) -> None:
    message = read_message(text)
    assert message.reverted_shas == shas
    assert message.is_revert == bool(shas)


def test_a_revert_inside_a_list_of_squashed_commits_is_not_this_commits() -> None:
    text = f'Add the cache (#5)\n\n* Add\n\n* Revert "Add"\n\nThis reverts commit {SHA}.\n'
    assert not read_message(text).is_revert
    assert read_message(f'Revert "Add"\n\n* Revert "Add"\n\nThis reverts commit {SHA}.\n').reverted_shas == (SHA,)


@pytest.mark.parametrize(
    ("subject", "reverted", "number"),
    [
        ('Revert "Add it"', "Add it", None),
        ('Revert "Add it (#12)" (#13)', "Add it (#12)", 12),
        ('Revert "Revert "Add it""', 'Revert "Add it"', None),
        ('Revert "Revert "Add it (#1)" (#2)" (#3)', 'Revert "Add it (#1)" (#2)', 2),
        ('Reapply "Add it"', 'Revert "Add it"', None),
        ("Revert 'Add it'", "Add it", None),
        ("Revert “增加缓存”", "增加缓存", None),
        ('[core] Revert "Add it"', "Add it", None),
        ('fix(deps): revert "Add it (#7)" (#8)', "Add it (#7)", 7),
        ('revert: "feat: add it" (#8)', "feat: add it", None),
        ("revert: feat: add it (#8)", "feat: add it", None),
        ("revert(canvas): remove the call", "remove the call", None),
        ('Revert "Add it" since it\'s slow', "Add it", None),
        ('Revert "Add it that was cut', "Add it that was cut", None),
        ('Partially revert "Add it"', "Add it", None),
        ("fix: revert #7582, fix #7721 (#7737)", None, 7582),
        ("Revert PR #12", None, 12),
        ("revert: casing of the value (#18409) (#18774)", "casing of the value (#18409)", 18409),
        ("fix: revert `package.json` change (#15519) (#15558)", None, 15519),
    ],
)
def test_a_subject_tells_what_it_reverts(subject: str, reverted: str | None, number: int | None) -> None:
    message = read_message(subject)
    assert (message.reverted_subject, message.reverted_pull_request) == (reverted, number)
    assert message.is_revert


def test_a_body_tells_the_reverted_pull_request() -> None:
    assert read_message("Undo it\n\nReverts apache/dubbo#123").reverted_pull_request == 123
    assert read_message("Undo it\n\nThis reverts PR #9052, for now").reverted_pull_request == 9052


@pytest.mark.parametrize(
    "subject", ["Revert the old default", "revert to Reflect.get", "Fix revert of focus", "Reverted index"]
)
def test_the_mere_word_makes_no_revert(subject: str) -> None:
    assert not read_message(subject).is_revert


def test_subjects_are_compared_without_their_pull_request() -> None:
    assert bare_subject(" Add it (#12) ") == "Add it"
    assert bare_subject("Add it") == "Add it"


HUGE = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "a" * HUGE,
        "S\n\n" + "a: b\n" * (HUGE // 5),
        "S\n\n" + "Signed-off-by: A <a@b.c>\n\n" * (HUGE // 26),
        "S\n\n" + " " * HUGE,
        "S" + "\n" * HUGE + "x",
        "Revert " + '"' * HUGE,
        "Revert " + 'Revert "' * (HUGE // 8),
        "(#1" * (HUGE // 3),
        "S\n\nThis reverts commit " + "0123456, " * (HUGE // 9),
        "S\n\nSee merge request " + "a!" * (HUGE // 2),
        "[" * HUGE + "x: revert",
        "S\n\n" + "A-" * (HUGE // 2) + "by: <x",
        "S\n\n" + "reverts " + "a/" * (HUGE // 2) + "#1",
    ],
    ids=range(13),
)
def test_a_huge_message_is_read_in_linear_time(text: str) -> None:
    begun = time.process_time()
    read_message(text)
    assert time.process_time() - begun < 4


@given(st.text(alphabet=st.sampled_from(list("Revt \n\r\t\"'`():-#!<>@[]0a1")), max_size=200))
def test_any_text_can_be_read_and_no_word_of_its_body_is_invented(text: str) -> None:
    message = read_message(text)
    assert set(message.body.split()) <= set(text.split())
    assert "\n" not in message.subject
