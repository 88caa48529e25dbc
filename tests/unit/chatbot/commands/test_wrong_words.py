"""Wrong words: what was not understood, the nearest right words, and an example, in the person's language."""

import pytest

from chatbot.commands.grammar import parse
from chatbot.commands.tokens import MOST_CHARACTERS
from chatbot.render.plain import plain_text
from chatbot.views.answers import refused_view
from workers.errors import WordsError
from workers.words import LANGUAGES, load_words

WRONG = """
subcribe owner/repo 09:00
订约 owner/repo 09:00
vite yesterday
每天9点订阅 owner/repo
owner/repo yesteday
owner/repo quickly
owner/repo to
owner/repo 昨日天
owner/repo 2026-02-30
owner/repo 2026-13-01..today
owner/repo 0d
owner/repo 99999d
owner/repo v1...v2
owner/repo 2026-02-01…2026-02-21
owner/repo HEAD~2
owner/repo --all..v1
owner/repo "v1..v2\x1b[2J"
owner/repo v1..HEAD^{/fix}
owner/repo today 7d
owner/repo branche=x
owner/repo 语文=中文
owner/repo lang=fr
owner/repo tier=urgent
owner/repo branch
owner/repo branch=
owner/repo branch="a b"
owner/repo path=../etc/passwd
owner/repo timezone=UTC
owner/repo lang=zh lang=en
owner/repo other/repo
owner/repo "docs
owner/re po/x
-owner/repo
https://gitlab.com/owner/repo
https://github.com/owner/repo/pull/12
commit owner/repo
commit owner/repo@abc
commit owner/repo@v1.0
owner/repo@abcdef1 today
subscribe
subscribe owner/repo
subscribe owner/repo dayly 09:00
subscribe owner/repo 25:00
subscribe owner/repo 13pm
subscribe owner/repo 9
subscribe owner/repo weekly 09:00
subscribe owner/repo weekly mon fri 09:00
subscribe owner/repo weekdays mon 09:00
subscribe owner/repo daily 09:00 17:00
subscribe owner/repo 09:00 Asia/Shangai
subscribe owner/repo 09:00 Tokyo
subscribe owner/repo 09:00 UTC Asia/Shanghai
subscribe owner/repo 09:00 UTC timezone=Asia/Shanghai
subscribe owner/repo cron
subscribe owner/repo cron "61 9 * * *"
subscribe owner/repo cron "0 9 31 2 *"
subscribe owner/repo cron "0 9 * * *" 09:00
subscribe owner/repo 09:00 quite
pause
pause 0
pause all
暂停 一
show 1 2
list lang=zh
settings lang
settings timezone=Peking
settings owner/repo
help me
allow
status 3
owner/repo <!channel> \u202e\x1b[2J
""".strip("\n").split("\n")


def refusal(text: str) -> WordsError:
    with pytest.raises(WordsError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_words_are_answered_with_what_is_right(golden, language):
    words = load_words("chatbot.views", language)
    answers = (f"> {text!r}\n{plain_text(refused_view(refusal(text), words))}" for text in WRONG)
    golden(f"commands/wrong.{language}.txt", "\n".join(answers))


def test_a_text_that_is_far_too_long_is_told_so_and_not_read():
    error = refusal("owner/repo " * MOST_CHARACTERS)
    assert error.code == "too_long"
    assert error.details["most"] == MOST_CHARACTERS


def test_a_word_that_is_far_too_long_is_not_repeated_whole():
    words = load_words("chatbot.views", "en")
    assert len(plain_text(refused_view(refusal("owner/repo " + "x" * 1_900), words))) < 400


@pytest.mark.parametrize("text", WRONG)
def test_every_refusal_is_one_line_and_an_example(text):
    for language in LANGUAGES:
        view = refused_view(refusal(text), load_words("chatbot.views", language))
        line, example = plain_text(view).rstrip("\n").split("\n")
        assert line
        assert "/digest " in example


def test_too_many_branches_are_refused():
    error = refusal("owner/repo " + " ".join(f"branch=b{number}" for number in range(21)))
    assert error.code == "too_often"
