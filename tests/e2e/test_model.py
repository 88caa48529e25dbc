"""A digest that a model judges, from words to digest: through the real client, worker processes and a model server."""

from __future__ import annotations

from tests.e2e.judged import Judged, entries, newest, texts, told
from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Asked, Said
from tests.repositories import RepositoryBuilder
from tests.strong_model import judging, said


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
    def cut(asked: Asked) -> str | Said:
        whole = judging(summary=[said("`MAX_WAIT` falls from 60 to 30.")])(asked)
        return Said(whole[: whole.index('"impact"') + 30] if '"impact"' in whole else whole, finish="length")

    entry = newest(judged(cut, "--range", "HEAD~1..HEAD"))
    assert not entry.analysis.complete
    assert "impact" in entry.analysis.missing
    assert entry.analysis.impact == ()


def test_the_offline_judge_asks_no_model(judged: Judged, model: FakeModel, limits: RepositoryBuilder):
    assert newest(judged(None, "--judge", "offline")).analysis.engine == "offline"
    assert model.requests == []
