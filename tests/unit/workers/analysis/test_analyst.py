from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.workers.analysis.by_hand import NOW, changed, commit
from tests.unit.workers.analysis.specimens import SPECIMENS
from workers.analysis.analyst import analyse, triage_only
from workers.analysis.versions import OFFLINE_PROMPT
from workers.analysis.wording.phrases import code_spans
from workers.model import Analysis, CommitHead, FileChange, FileStatus, Tier
from workers.words import load_words


def head_of(message: str) -> CommitHead:
    whole = commit(message)
    return CommitHead(**{name: getattr(whole, name) for name in CommitHead.model_fields})


def test_an_analysis_says_who_judged_when_and_at_no_cost():
    provenance = analyse(SPECIMENS["revert"](), "en", NOW).provenance
    assert (provenance.model, provenance.prompt, provenance.at) == (None, OFFLINE_PROMPT, NOW)
    assert (provenance.input_tokens, provenance.output_tokens, provenance.cached) == (0, 0, False)


def test_the_same_commit_gives_the_same_analysis_but_for_the_time():
    one, other = (analyse(SPECIMENS["api-removal"](), "zh", NOW + timedelta(days=n)) for n in (0, 1))
    assert one.model_copy(update={"provenance": other.provenance}) == other


@pytest.mark.parametrize("name", SPECIMENS)
def test_both_languages_agree_on_everything_but_words(name):
    en, zh = (analyse(SPECIMENS[name](), language, NOW) for language in ("en", "zh"))
    assert (en.tier, en.kinds, en.grounding, en.size) == (zh.tier, zh.kinds, zh.grounding, zh.size)
    assert _shape(en) == _shape(zh)


def _shape(analysis: Analysis) -> list[object]:
    return [statement.evidence for statement in analysis.judgement.statements()]


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_statement_of_the_offline_judge_is_grounded(name):
    grounding = analyse(SPECIMENS[name](), "en", NOW).grounding
    assert (grounding.removed, grounding.repaired) == (0, 0)
    assert grounding.checked == grounding.supported > 0


@pytest.mark.parametrize("name", SPECIMENS)
def test_sections_follow_the_tier(name):
    analysis = analyse(SPECIMENS[name](), "en", NOW)
    judgement = analysis.judgement
    assert judgement.summary
    if analysis.tier is Tier.LOW:
        assert len(judgement.summary) <= 2
        assert not (judgement.impact or judgement.insights or judgement.risks or judgement.recommendations)
    else:
        assert judgement.impact
        assert (analysis.tier is Tier.HIGH) == bool(judgement.insights) == bool(judgement.conclusion)


def test_chinese_sentences_end_in_chinese_and_have_no_english_words_of_ours():
    for make in SPECIMENS.values():
        for statement in analyse(make(), "zh", NOW).judgement.statements():
            assert statement.text.endswith(("。", "”", "〕", "）"))
            assert " and " not in statement.text.split("“")[0]


def test_no_control_character_reaches_a_sentence_or_a_reason():
    analysis = analyse(SPECIMENS["hostile"](), "en", NOW)
    texts = [*analysis.tier_reasons, *(statement.text for statement in analysis.judgement.statements())]
    assert all(text.isprintable() for text in texts)
    assert any("\\x1b" in span for text in texts for span in code_spans(text))


def test_an_instruction_in_a_message_is_only_ever_quoted():
    analysis = analyse(SPECIMENS["hostile"](), "en", NOW)
    for statement in analysis.judgement.statements():
        if "Ignore all previous" in statement.text:
            assert statement.text.startswith("The author says: “")
    assert analysis.tier is not Tier.LOW


def test_a_commit_that_could_not_be_fetched_says_so_and_is_not_complete():
    analysis = triage_only(head_of("feat: x"), "It could not be fetched.", "en", NOW)
    assert analysis.judgement.complete is False
    assert [statement.text for statement in analysis.judgement.summary] == ["It could not be fetched."]
    assert analysis.tier_reasons == ("its files are not known, so no rule could look at them",)
    assert (analysis.coverage.files, analysis.size.files) == (0, 0)


def test_a_commit_that_could_not_be_analysed_keeps_its_size_and_counts_nothing_as_read():
    whole = SPECIMENS["leak-fix"]()
    analysis = triage_only(whole, "没有完成分析。", "zh", NOW)
    assert (analysis.size.files, analysis.size.additions) == (1, whole.additions)
    assert (analysis.coverage.files, analysis.coverage.files_seen, analysis.coverage.bytes_seen) == (1, 0, 0)
    assert analysis.coverage.bytes > 0


def test_a_file_of_one_line_of_a_megabyte_passes():
    one = commit("fix: x", changed("src/a.js", "a()\n", "a();" + "b(" * 500_000 + "\n"))
    assert analyse(one, "en", NOW).coverage.files_seen == 1


def test_both_catalogues_have_the_same_sentences():
    assert load_words("workers.analysis", "en").keys() == load_words("workers.analysis", "zh").keys()


_PATHS = st.sampled_from(
    ["src/a.c", "app/b.py", "web/c.ts", "pyproject.toml", "x/migrations/1.sql", "conf/d.yaml", "R`E`.md"]
)
_TEXT = st.characters(exclude_characters="\n", exclude_categories=["Cs"])  # sources decode bytes: no lone surrogates
_LINES = st.lists(st.text(_TEXT, max_size=40), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(_TEXT, max_size=200), st.lists(st.tuples(_PATHS, st.booleans(), _LINES), max_size=4))
def test_no_commit_whatever_it_holds_makes_an_analysis_fail(message, files):
    changes = [
        FileChange(
            path=path, status=FileStatus.MODIFIED, patch="\n".join((["@@ -1,3 +1,4 @@ fn"] if headed else []) + rows)
        )
        for path, headed, rows in files
    ]
    analysis = analyse(commit(message, *changes), "en", NOW)
    assert analysis.tier_reasons and analysis.judgement.summary


def test_the_triage_of_a_commit_that_could_not_be_analysed_does_not_read_its_patches():
    """Whatever stands in the text: it may be what made the analysis fail."""
    whole, other = (commit("fix: size", changed("src/a.c", "a\n", text)) for text in ("b\n", "x" * 1_000_000 + "\n"))
    one, two = (triage_only(each, "Failed.", "en", NOW) for each in (whole, other))
    assert (one.tier, one.kinds, one.tier_reasons) == (two.tier, two.kinds, two.tier_reasons)
    assert one.tier is Tier.MEDIUM
