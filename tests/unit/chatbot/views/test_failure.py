"""One line says what is wrong and what to do."""

import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from chatbot.views.failure import failure_text
from workers.words import LANGUAGES, load_words

EN, ZH = load_words("chatbot.views", "en"), load_words("chatbot.views", "zh")
CODES = sorted(key.removeprefix("failure.") for key in EN.keys() if key.startswith("failure."))  # noqa: SIM118
DETAILS = {
    "path": "/srv/x", "text": "t", "zone": "z", "branch": "b", "range": "a..b", "start": "s", "end": "e", "name": "N",
    "problem": "p", "version": "5", "source": "s", "limit": 9, "url": "redis://h", "near": "main", "seconds": 5,
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_one_line(code, language):
    text = failure_text(code, DETAILS, load_words("chatbot.views", language))
    assert "\n" not in text
    assert text[-1] in ".?。？"


NUMBERS = {"n", "most", "limit", "seconds", "number"}


def places_of(code, language):
    table = tomllib.loads((files("chatbot.views") / f"words.{language}.toml").read_text("utf-8"))["failure"]
    return {name for _, name, _, _ in Formatter().parse(str(table[code])) if name}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_told_with_its_details(code, language):
    details = {name: 4_001 if name in NUMBERS else name for name in places_of(code, language)}
    words = load_words("chatbot.views", language)
    text = failure_text(code, details, words)
    assert code == "internal" or not text.startswith(words("failure.internal"))
    assert all(str(value) in text.replace(",", "") for value in details.values())
    assert failure_text(code, dict.fromkeys(details, "x"), words)


def test_what_was_meant_is_asked_where_something_near_is_known():
    assert failure_text("unknown_branch", {"branch": "mian", "near": "main"}, EN).endswith("Did you mean main?")
    assert "Did you mean" not in failure_text("unknown_branch", {"branch": "mian", "near": ""}, EN)


def test_a_code_nobody_knows_is_a_fault_of_ours_and_leads_into_the_log():
    assert failure_text("brand_new", {}, EN).endswith("Reference: brand_new.")
    assert failure_text("brand_new", {}, ZH, reference="7f3a").endswith("编号：7f3a。")


def test_a_detail_that_is_missing_does_not_break_the_telling():
    assert failure_text("unknown_branch", {}, EN).startswith(EN("failure.internal"))


def test_a_detail_cannot_run_over_the_line_or_act_in_the_terminal():
    text = failure_text("unknown_branch", {"branch": "x\n\x1b[2J" + "y" * 5_000, "near": ""}, EN)
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) < 300


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 second."), (90, "90 seconds."), (3_000, "50 minutes."), ("soon", "higher one.")]
)
def test_a_wait_is_told_in_the_unit_that_people_use(seconds, said):
    assert failure_text("rate_limited", {"seconds": seconds}, EN).endswith(said)


def test_a_cause_that_the_sentence_tells_already_is_not_told_twice():
    text = failure_text("bad_setting", {"name": "REDIS_URL", "problem": "no scheme"}, EN)
    assert text.count("no scheme") == 1
