"""Which commits a question is about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples_questions import asked, changed, corpus_of, patch, ref_of
from workers.model import Commit, Entry, Tier
from workers.questions.about import MOST, about, taken_up
from workers.questions.values import About, CommitRef, Turn

CACHE = changed("Keep entries of the cache longer", {"src/cache.py": patch("+LIFE = 90")}, pull_request=7)
TIMEOUT = changed("Wait for slow peers", {"src/net.py": patch("+connect_timeout = 9")}, tier=Tier.HIGH)
BREAKING = changed("Drop the old interface", {"api.py": patch("-v1()")}, "A breaking change.", tier=Tier.HIGH)
ALL = (CACHE, TIMEOUT, BREAKING)


def ask(text: str, *, of: tuple[tuple[Entry, Commit], ...] = ALL, **given: Any) -> About:
    with corpus_of(*of) as corpus:
        return about(asked(text, **given), corpus)


@pytest.mark.parametrize("text", [f"explain {CACHE[1].sha[:9]}", "and #7?", "「Keep entries of the cache longer」呢"])
def test_what_a_question_names_comes_before_the_drill_down(text: str) -> None:
    assert ask(text, focus=ref_of(TIMEOUT)) == About(how="named", commits=(ref_of(CACHE),))


def test_what_is_named_and_not_in_the_digest_is_told() -> None:
    assert ask("what about deadbee1 and #99?") == About(how="none", unknown=("deadbee1", "#99"))


def test_known_and_unknown_names_are_told_apart() -> None:
    assert ask("#7 or #99?") == About(how="named", commits=(ref_of(CACHE),), unknown=("#99",))


def test_a_sha_that_several_have_names_them_all() -> None:
    twins = tuple(changed(f"Twin {end}", {"a.py": patch("+a")}, sha="abc1234" + end * 33) for end in "01")
    assert ask("abc1234", of=twins).commits == tuple(ref_of(one) for one in twins)


@pytest.mark.parametrize("text", ["was the cache changed?", "why?", "does it touch the timeout?", "unicorn rainbows"])
def test_a_question_in_a_drill_down_is_about_its_commit(text: str) -> None:
    assert ask(text, focus=ref_of(CACHE)) == About(how="focus", commits=(ref_of(CACHE),))


@pytest.mark.parametrize("text", ["was the connect timeout raised?", "连接超时改成多少了"])
def test_a_question_whose_words_fit_another_commit_leaves_the_drill_down(text: str) -> None:
    found = ask(text, focus=ref_of(CACHE))
    assert (found.how, found.commits[0]) == ("found", ref_of(TIMEOUT))


@pytest.mark.parametrize("text", ["which commit keeps entries of the cache?", "哪个提交改了缓存"])
def test_who_looks_for_a_commit_is_not_told_of_the_drill_down(text: str) -> None:
    assert ask(text, focus=ref_of(TIMEOUT)).commits[0] == ref_of(CACHE)
    assert ask(text, focus=ref_of(TIMEOUT)).how == "found"


@pytest.mark.parametrize(
    "text", ["what is the most important change of this digest?", "what changed in this digest?", "本日报里什么最重要"]
)
def test_a_question_of_the_window_leaves_the_drill_down(text: str) -> None:
    assert ask(text, focus=ref_of(CACHE)).how == "window"


@pytest.mark.parametrize("text", ["Does this fix #1234?", "Is the cache of deadbee1 meant?"])
def test_a_name_that_is_not_here_is_told_besides_the_answer(text: str) -> None:
    found = ask(text, focus=ref_of(CACHE))
    assert (found.commits, len(found.unknown)) == ((ref_of(CACHE),), 1)
    assert ask("does the timeout close #77?").commits[0] == ref_of(TIMEOUT)


TWINS = tuple(changed("Tune the turbine", {"a.py": patch(f"+turbine {digit}")}, sha=digit * 40) for digit in "12")
ASKED_BACK = Turn(question="why the turbine?", answer="", rivals=tuple(one.sha for _, one in TWINS))


@pytest.mark.parametrize("text", ["第二个", "2", "the second one", "Second!", "the last one", "2222222"])
def test_a_choice_among_those_asked_back_answers_the_first_question(text: str) -> None:
    with corpus_of(*TWINS) as corpus:
        question = taken_up(asked(text, turns=(ASKED_BACK,)), corpus)
        assert question.text == f"why the turbine? ({'2' * 40})"
        assert about(question, corpus) == About(how="named", commits=(ref_of(TWINS[1]),))


@pytest.mark.parametrize("text", ["the fifth one", "and the second retry?", "why 2222222 and not the first?"])
def test_what_is_no_choice_stays_as_it_is(text: str) -> None:
    with corpus_of(*TWINS) as corpus:
        assert taken_up(asked(text, turns=(ASKED_BACK,)), corpus).text == text
        assert taken_up(asked("2", turns=(Turn(question="?", answer="!"),)), corpus).text == "2"


def test_of_two_commits_of_the_title_that_is_quoted_it_is_asked_which() -> None:
    assert ask("what does 「Tune the turbine」 do", of=TWINS).rivals == tuple(map(ref_of, TWINS))


@pytest.mark.parametrize("text", ["does it need a restart?", "它会影响性能吗", "why?"])
def test_a_question_that_points_back_is_about_what_was_talked_about(text: str) -> None:
    turns = (
        Turn(question="?", answer="!", commits=(TIMEOUT[1].sha,)),
        Turn(question="?", answer="!", commits=(CACHE[1].sha,)),
        Turn(question="?", answer="!", commits=("0" * 40,)),
    )
    assert ask(text, turns=turns) == About(how="focus", commits=(ref_of(CACHE),))


def test_a_question_that_tells_something_new_leaves_the_talk() -> None:
    turns = (Turn(question="?", answer="!", commits=(CACHE[1].sha,)),)
    assert ask("which timeouts are there", turns=turns).commits[0] == ref_of(TIMEOUT)


@pytest.mark.parametrize("text", ["which timeout was raised", "连接超时改成多少了"])
def test_else_the_words_find_the_commit(text: str) -> None:
    found = ask(text)
    assert (found.how, found.commits[0], found.rivals) == ("found", ref_of(TIMEOUT), ())


def test_two_that_fit_equally_are_rivals() -> None:
    assert set(ask("turbine", of=TWINS).rivals) == {ref_of(one) for one in TWINS}


def test_one_change_that_was_made_twice_is_no_rival_of_itself() -> None:
    twice = tuple(changed("Tune the turbine", {"a.py": patch("+turbine")}, sha=digit * 40) for digit in "12")
    found = ask("turbine", of=twice)
    assert (set(found.commits), found.rivals) == ({ref_of(one) for one in twice}, ())


@pytest.mark.parametrize("text", ["what is most important?", "有什么重要的改动", "", "what changed?"])
def test_questions_of_importance_are_about_the_gravest(text: str) -> None:
    assert ask(text) == About(how="window", commits=tuple(map(ref_of, (TIMEOUT, BREAKING, CACHE))))


@pytest.mark.parametrize("text", ["anything breaking?", "有没有破坏性变更"])
def test_of_the_gravest_those_come_first_that_say_so(text: str) -> None:
    found = ask(text)
    assert (found.how, found.commits[0]) == ("window", ref_of(BREAKING))


def test_words_that_no_commit_has_find_none() -> None:
    assert ask("unicorn rainbows") == About(how="none")


def test_an_empty_digest_answers_nothing() -> None:
    assert ask("timeout", of=()) == About(how="none")
    assert ask("what is important?", of=()) == About(how="window")


def test_at_most_five_commits_are_meant() -> None:
    many = tuple(changed(f"Tune turbine {number}", {"a.py": patch("+turbine")}) for number in range(9))
    found = ask("turbine", of=many)
    assert len(found.commits) == len(found.rivals) == MOST


@pytest.mark.parametrize("text", ["timeout " * 500, "超时" * 2000, '"' * 4000, "a1 " * 1333, "\x00\x1b[2J\u202e" * 800])
def test_a_question_of_four_thousand_characters_is_taken_as_any(text: str) -> None:
    assert ask(text).how in {"found", "none", "window"}


def test_a_drill_down_of_another_digest_is_kept_as_it_is() -> None:
    other = CommitRef(source="acme/other", sha="0" * 40)
    assert ask("why?", focus=other) == About(how="focus", commits=(other,))
