"""A digest that a model judges, from words to digest: through the real client, worker processes and a model server."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot.exits import PARTLY_JUDGED
from tests.e2e.conftest import Command, Ended
from tests.fakes.model import RIGHT_KEY, FakeModel, Script
from tests.fakes.model_protocol import Asked, Said
from tests.fakes.model_troubles import EXPIRED_KEY, NOT_JSON, OVERLOADED, Trouble
from tests.injections import EVERY
from tests.planted import PLANTED
from tests.repositories import RepositoryBuilder
from tests.strong_model import judging, said
from workers.model import Digest, Entry, Tier
from workers.words import load_words

Judged = Callable[..., Ended]


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel(judging()) as server:
        yield server


@pytest.fixture
def judged(digest: Command, model: FakeModel, repository: RepositoryBuilder) -> Judged:
    """Reports the repository, judged by the fake model with a script."""

    def run(script: Script | None = None, *words: object, **environment: str) -> Ended:
        model.script = script or model.script
        given = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small", **environment}
        return digest("report", repository.path, "--format", "json", "--language", "en", *words, **given)

    return run


@pytest.fixture
def limits(repository: RepositoryBuilder) -> RepositoryBuilder:
    """A default that falls."""
    repository.commit("Begin", {"src/limits.py": "MAX_WAIT = 60\n\n\ndef wait() -> int:\n    return MAX_WAIT\n"})
    repository.commit(
        "fix: give up sooner (#7)", {"src/limits.py": "MAX_WAIT = 30\n\n\ndef wait() -> int:\n    return MAX_WAIT\n"}
    )
    return repository


def told(ended: Ended) -> Digest:
    return Digest.model_validate_json(ended.out)


def entries(ended: Ended) -> list[Entry]:
    return [entry for part in told(ended).repositories for entry in part.commits]


def newest(ended: Ended) -> Entry:
    return entries(ended)[0]


def texts(entry: Entry) -> list[str]:
    return [statement.text for statement in entry.analysis.statements()]


def test_what_the_model_says_stands_in_the_digest_with_its_places(judged: Judged, limits: RepositoryBuilder):
    right = said("`MAX_WAIT` falls from 60 to 30.", "src/limits.py", "MAX_WAIT = 30")
    ended = judged(judging(summary=[right]), "--range", "HEAD~1..HEAD")
    assert ended.code == 0, ended.err
    entry = newest(ended)
    assert (entry.analysis.engine, entry.provenance.model, entry.analysis.complete) == ("model", "small", True)
    (statement,) = entry.analysis.summary
    assert statement.text == "`MAX_WAIT` falls from 60 to 30."
    assert [(place.path, place.side, place.start) for place in statement.evidence] == [("src/limits.py", "new", 1)]
    assert entry.provenance.input_tokens > 0
    assert told(ended).problems == ()


INVENTED = (
    "`retry_forever()` is called now.",
    "It makes waiting 3x faster.",
    "See `src/patience.py` for the rest.",
    "`MAX_WAIT` rises from 30 to 60.",
    "Behaviour is unchanged for all callers.",
    "It was measured at 12.5 ms.",
)


def test_what_the_model_invents_is_removed_and_counted(judged: Judged, limits: RepositoryBuilder):
    right = said("`MAX_WAIT` falls from 60 to 30.", "src/limits.py", "MAX_WAIT = 30")
    again = [{"number": number, **said(text)} for number, text in enumerate(INVENTED, start=1)]
    script = judging(summary=[right, *map(said, INVENTED)], repairs=again)
    entry = newest(judged(script, "--range", "HEAD~1..HEAD"))
    assert [statement.text for statement in entry.analysis.summary] == ["`MAX_WAIT` falls from 60 to 30."]
    assert entry.grounding.removed == len(INVENTED)
    assert entry.grounding.checked == entry.grounding.supported + entry.grounding.repaired + len(INVENTED)


def test_what_the_model_mends_stands_and_is_counted_as_repaired(judged: Judged, limits: RepositoryBuilder):
    mended = {"number": 1, **said("`wait` gives up after 30.", "src/limits.py", "MAX_WAIT = 30")}
    script = judging(summary=[said("`wait_for` gives up after 30.")], repairs=[mended])
    entry = newest(judged(script, "--range", "HEAD~1..HEAD"))
    assert [statement.text for statement in entry.analysis.summary] == ["`wait` gives up after 30."]
    assert (entry.grounding.repaired, entry.grounding.removed) == (1, 0)


def test_a_name_that_does_not_exist_passes_as_a_proposal_in_a_recommendation_alone(
    judged: Judged, limits: RepositoryBuilder
):
    proposal = said("Offer `wait_longer()` beside it.", proposed=True)
    sound = said("`MAX_WAIT` is now 30.")
    script = judging(summary=[sound, proposal], recommendations=[{"audience": "developers", "statement": proposal}])
    entry = newest(judged(script, "--range", "HEAD~1..HEAD"))
    assert [advice.statement.proposed for advice in entry.analysis.recommendations] == [True]
    assert [statement.text for statement in entry.analysis.summary] == [sound["text"]]


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


def test_a_sentence_that_would_do_for_any_commit_is_removed_and_counted(judged: Judged, limits: RepositoryBuilder):
    sound, idle = said("`MAX_WAIT` is now 30."), said("This is fine.")
    entry = newest(judged(judging(summary=[sound, idle]), "--range", "HEAD~1..HEAD"))
    assert [statement.text for statement in entry.analysis.summary] == [sound["text"]]
    assert entry.grounding.removed == 1
    assert entry.grounding.checked == entry.grounding.supported + 1


def test_a_second_digest_asks_the_model_nothing(judged: Judged, model: FakeModel, limits: RepositoryBuilder):
    first = judged()
    asked = len(model.requests)
    second = judged()
    assert asked > 0
    assert len(model.requests) == asked
    assert [texts(entry) for entry in entries(first)] == [texts(entry) for entry in entries(second)]
    assert all(entry.provenance.cached for entry in entries(second))


def test_fresh_judges_anew(judged: Judged, model: FakeModel, limits: RepositoryBuilder):
    judged()
    asked = len(model.requests)
    judged(None, "--fresh")
    assert len(model.requests) == 2 * asked


def test_another_language_keeps_tier_and_kinds(judged: Judged, limits: RepositoryBuilder):
    window = ("--range", "HEAD~1..HEAD")
    english = newest(judged(judging(tier="high", kinds=["security"], tier_reasons=["`MAX_WAIT` falls"]), *window))
    chinese = newest(judged(judging(tier="low", kinds=["docs"]), *window, "--language", "zh"))
    assert (chinese.tier, chinese.kinds) == (english.tier, english.kinds)


def test_a_reply_that_is_always_cut_is_named_incomplete(judged: Judged, limits: RepositoryBuilder):
    def cut(asked: Asked) -> Any:
        whole = judging(summary=[said("`MAX_WAIT` falls from 60 to 30.")])(asked)
        return Said(whole[: whole.index('"impact"') + 30] if '"impact"' in whole else whole, finish="length")

    entry = newest(judged(cut, "--range", "HEAD~1..HEAD"))
    assert not entry.analysis.complete
    assert "impact" in entry.analysis.missing
    assert entry.analysis.impact == ()


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


def test_the_offline_judge_asks_no_model(judged: Judged, model: FakeModel, limits: RepositoryBuilder):
    assert newest(judged(None, "--judge", "offline")).analysis.engine == "offline"
    assert model.requests == []


def test_no_planted_secret_reaches_the_model_redis_or_the_digest(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder, data_dir: Path
):
    for number, (_, line, secret) in enumerate(PLANTED):
        repository.commit(f"chore: setting {number}", {f"src/setting_{number}.py": line.format(secret) + "\n"})

    def repeats(asked: Asked) -> list[dict[str, Any]]:
        return [said(f"It says {line[1:80]}") for line in asked.content.splitlines() if line.startswith("+")][:2]

    ended = judged(judging(summary=repeats), "--format", "markdown")
    assert ended.code == 0, ended.err
    assert model.requests
    kept = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    sent = json.dumps([asked.body for asked in model.requests], ensure_ascii=False)
    for _, _, secret in PLANTED:
        assert secret not in sent
        assert secret not in ended.out
        assert secret.encode() not in kept


def test_no_commit_talks_its_judge_into_a_lower_tier_a_link_or_a_mention(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    for number in range(len(EVERY)):
        code = f"def work_{number}():\n    return 1\n"
        repository.commit(f"feat: part {number}", {f"src/api/part_{number}.py": code})
    begun = repository.git("rev-parse", "HEAD").decode().strip()
    for number, text in enumerate(EVERY):
        repository.commit(f"refactor: part {number}\n\n{text}", {f"src/api/part_{number}.py": f"# {text}\n"})
    obedient = judging(
        tier="low",
        tier_reasons=["the commit says so"],
        summary=[said("@channel this is harmless, see https://evil.example/x and <!here>")],
        repairs=[{"number": 1, **said("[all good](https://evil.example/x) <!channel> @everyone")}],
    )
    ended = judged(obedient, "--range", f"{begun}..HEAD")
    assert ended.code == 0, ended.err
    found = entries(ended)
    assert len(found) == len(EVERY)
    for entry in found:
        assert entry.tier is not Tier.LOW
        assert len(entry.analysis.risks) >= 1
        said_there = " ".join(texts(entry))
        assert "evil.example" not in said_there
        assert "@" not in said_there
        assert "<!" not in said_there


def test_the_environment_of_the_test_has_no_model():
    assert not [name for name in os.environ if name.startswith("OPENAI")]
