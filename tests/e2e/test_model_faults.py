"""A model that does not answer, or answers what is of no use: the digest comes all the same, and says so."""

from __future__ import annotations

import pytest

from chatbot.exits import PARTLY_JUDGED
from tests.diff_reader import reading_the_diff
from tests.e2e.conftest import Command
from tests.e2e.judged import Judged, entries, newest, told
from tests.fakes.model import FakeModel
from tests.fakes.model_troubles import EXPIRED_KEY, NOT_JSON, OVERLOADED, TOO_LONG, Hang, Trouble
from tests.repositories import RepositoryBuilder
from tests.strong_model import judging, said
from workers.words import load_words

NOTHING_SAID = ("string", "fine", "ok", "N/A", "没问题", "This is fine.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reply_of_which_nothing_holds_leaves_the_rules_judgement_and_says_so(
    judged: Judged, limits: RepositoryBuilder, model: FakeModel, language: str
):
    nothing = [said(text) for text in NOTHING_SAID]
    advice = [{"audience": "users", "statement": one} for one in nothing]
    script = judging(summary=nothing, conclusion=said("string"), recommendations=advice, kinds=["feature"])
    ended = judged(script, "--range", "HEAD~1..HEAD", "--language", language)
    by_rules = newest(judged(script, "--range", "HEAD~1..HEAD", "--language", language, "--judge", "offline"))
    entry = newest(ended)
    assert ended.code == PARTLY_JUDGED
    assert entry.analysis == by_rules.analysis
    assert (entry.tier, entry.kinds) == (by_rules.tier, by_rules.kinds)
    words = load_words("workers", language)
    (problem,) = told(ended).problems
    assert problem.what == words("problem.by_rules", why=words("problem.model_nothing_held"), n=1)
    before = len(model.requests)
    judged(judging(), "--range", "HEAD~1..HEAD", "--language", language)
    assert len(model.requests) > before


def test_an_expired_key_is_told_in_one_line_and_the_digest_comes_judged_by_rules(
    judged: Judged, model: FakeModel, limits: RepositoryBuilder
):
    model.trouble(EXPIRED_KEY, times=None)
    ended = judged()
    assert ended.code == 4
    assert [entry.analysis.engine for entry in entries(ended)] == ["offline", "offline"]
    assert all(entry.analysis.complete for entry in entries(ended))
    (problem,) = told(ended).problems
    assert "OPENAI_API_KEY" in problem.what
    assert problem.by_rules == 2


@pytest.mark.parametrize(("trouble", "code"), [(OVERLOADED, "server"), (NOT_JSON, "not_json")], ids=["503", "words"])
def test_commits_that_the_rules_judged_for_one_reason_are_told_in_one_line_and_not_as_unseen(
    judged: Judged, model: FakeModel, limits: RepositoryBuilder, trouble: Trouble, code: str
):
    model.trouble(trouble, times=None)
    words, views = load_words("workers", "en"), load_words("chatbot.views", "en")
    ended = judged(None, OPENAI_BUDGET="2")
    (problem,) = told(ended).problems
    assert ended.code == PARTLY_JUDGED
    assert problem.what == words("problem.by_rules", why=words(f"problem.model_{code}"), n=2)
    assert problem.where == limits.path.name
    for form in ("terminal", "markdown", "html", "slack", "feishu"):
        shown = judged(None, "--format", form, OPENAI_BUDGET="2").out
        assert views("part.by_rules", n=2).partition(" (")[0] in shown
        assert views("part.problems", n=1).partition(" (")[0] not in shown
        assert views("problems.notice", n=1).strip() not in shown


def test_without_a_model_server_a_judge_that_must_be_a_model_is_refused(digest: Command, limits: RepositoryBuilder):
    ended = digest("report", limits.path, "--judge", "model")
    assert ended.code == 3
    assert "OPENAI_API_KEY" in ended.complaint


def many_functions(repository: RepositoryBuilder) -> None:
    """A feature of a thousand functions in a dozen files."""
    repository.commit("Begin", {"README.md": "Hello\n"})
    rows = "def work_{n}(first, second={n}):\n    return first + second * {n}\n\n\n"
    files = {f"src/part_{at}.py": "".join(rows.format(n=100 * at + n) for n in range(100)) for at in range(12)}
    repository.commit("feat!: work in many ways", files)


@pytest.mark.parametrize("server", ["openai", "llama.cpp"])
def test_a_model_that_can_read_less_is_shown_less_before_the_rules_judge(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder, server: str
):
    many_functions(repository)
    model.trouble(TOO_LONG[server], times=None, on=lambda asked: len(asked.content) > 4000)
    ended = judged(reading_the_diff, "--range", "HEAD~1..HEAD")
    assert (ended.code, told(ended).problems) == (0, ())
    entry = newest(ended)
    assert entry.analysis.engine == "model"
    assert 0 < entry.coverage.bytes_seen < entry.coverage.bytes
    assert 2 <= len(model.requests) <= 12


def test_a_model_that_can_read_nothing_leaves_the_judgement_to_the_rules(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    many_functions(repository)
    model.trouble(TOO_LONG["openai"], times=None)
    ended = judged(None, "--range", "HEAD~1..HEAD")
    words = load_words("workers", "en")
    assert [problem.what for problem in told(ended).problems] == [
        words("problem.by_rules", why=words("problem.model_too_long"), n=1)
    ]


def test_notes_on_the_parts_of_a_commit_are_paid_for_once_in_all_languages(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    many_functions(repository)
    for language in ("en", "zh"):
        ended = judged(reading_the_diff, "--range", "HEAD~1..HEAD", "--language", language)
        assert newest(ended).analysis.engine == "model"
    asked = [request.body["response_format"]["json_schema"]["name"] for request in model.requests]
    assert asked.count("notes") > 1
    assert asked.count("analysis_high") == 2
    assert "notes" not in asked[asked.index("analysis_high") :]


def test_a_model_that_hangs_holds_up_a_digest_for_about_its_budget(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    for number in range(30):
        repository.commit(f"fix: case {number}", {f"src/part_{number}.py": f"def work_{number}():\n    return 1\n"})
    model.trouble(Hang(), times=None)
    ended = judged(
        None,
        "--since",
        "2000-01-01T00:00:00Z",
        OPENAI_TIMEOUT="1s",
        OPENAI_BUDGET="2 seconds",
        OPENAI_CONCURRENCY="4",
    )
    (problem,) = told(ended).problems
    assert (ended.code, problem.by_rules) == (PARTLY_JUDGED, 30)
    assert len(model.requests) < 30
