from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.analysis.replies.said_by_model import as_json, high, said
from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.drafts import Draft, merged, reader_of, schema_of, sections_of
from workers.model import Kind, Tier
from workers.words import load_words

EN, ZH = load_words("workers.analysis", "en"), load_words("workers.analysis", "zh")
HIGH = sections_of(Tier.HIGH)


def draft(values: object, *, tier: Tier = Tier.HIGH, cut: bool = False, words=EN) -> Draft:
    text = values if isinstance(values, str) else as_json(values)
    return reader_of(tier, words)(text, cut)


def without(*names: str) -> dict[str, object]:
    return {name: value for name, value in high().items() if name not in names}


def fault_of(values: object, **options) -> str:
    with pytest.raises(ReplyFault) as caught:
        draft(values, **options)
    assert caught.value.detail
    return caught.value.code


# --- whole replies ----------------------------------------------------------------------------------------------


def test_a_whole_reply_is_a_complete_judgement_by_a_model():
    found = draft(high())
    judgement = found.judgement
    assert (found.tier, found.kinds, found.missing) == (Tier.HIGH, (Kind.CONFIG, Kind.FIX), ())
    assert (judgement.engine, judgement.complete, judgement.missing) == ("model", True, ())
    assert [len(getattr(judgement, name)) for name in HIGH[:-1]] == [2, 1, 2, 1, 1]
    assert judgement.conclusion is not None


def test_evidence_keeps_path_side_and_quote_and_knows_no_line_yet():
    place = draft(high()).judgement.summary[0].evidence[0]
    assert (place.path, place.side, place.quote) == ("config/server.toml", "new", "max_wait = 30")
    assert (place.start, place.end) == (0, 0)


@pytest.mark.parametrize(
    ("words", "dimensions", "audience"),
    [(EN, ["Backward compatibility", "Operation"], "Operators"), (ZH, ["向后兼容性", "运维"], "运维")],
)
def test_dimensions_and_audiences_are_named_in_the_language(words, dimensions, audience):
    judgement = draft(high(), words=words).judgement
    assert [insight.dimension for insight in judgement.insights] == dimensions
    assert judgement.recommendations[0].audience == audience


def test_dimensions_stand_in_our_order_each_once():
    values = high()
    values["insights"] = [
        {"dimension": "operation", "statements": [said("a")]},
        {"dimension": "Compatibility ", "statements": [said("b")]},
        {"dimension": "运维", "statements": [said("c")]},
        {"dimension": "astrology", "statements": [said("d")]},
        {"dimension": "security", "statements": []},
    ]
    found = {i.dimension: [s.text for s in i.statements] for i in draft(values).judgement.insights}
    assert found == {"Backward compatibility": ["b"], "Operation": ["a", "c"], "Other": ["d"]}
    assert list(found) == ["Backward compatibility", "Operation", "Other"]


@pytest.mark.parametrize("tier", Tier)
def test_each_tier_has_its_sections_and_no_other(tier):
    judgement = draft(high(), tier=tier).judgement
    for name in HIGH:
        assert bool(getattr(judgement, name)) == (name in sections_of(tier))


def test_only_the_sections_asked_for_are_read():
    found = reader_of(Tier.HIGH, EN, ["risks", "conclusion"])(as_json(high()), False)
    assert found.judgement.risks and found.judgement.conclusion and not found.judgement.summary
    assert found.missing == ()


# --- tolerance --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "around",
    [
        "```json\n{}\n```",
        "```\n{}```",
        "Here is the analysis you asked for {{as JSON}}:\n\n{}\n\nI hope {{this}} helps.",
        '<think>First {{"summary": []}} then more.</think>\n{}',
        '{{"analysis": {}}}',
        "\ufeff  {}",
        '{} {{"summary": []}}',
    ],
)
def test_what_stands_around_the_json_is_no_matter(around):
    assert draft(around.format(as_json(high()))) == draft(high())


def test_extra_keys_and_the_case_of_keys_and_enums_are_no_matter():
    values = {name.upper().replace("_", " "): value for name, value in high().items()}
    values |= {"TIER": " High ", "KINDS": ["CONFIG", "Fix"], "confidence": 0.9}
    values["SUMMARY"] = [{**one, "importance": 3} for one in values["SUMMARY"]]
    assert draft(values) == draft(high())


def test_a_bare_text_or_one_statement_alone_counts_as_a_list_of_it():
    found = draft({**high(), "summary": "It changes.", "impact": said("One."), "kinds": "fix", "conclusion": "Do it."})
    assert [statement.text for statement in found.judgement.summary] == ["It changes."]
    assert [statement.text for statement in found.judgement.impact] == ["One."]
    assert found.judgement.conclusion is not None and found.judgement.conclusion.text == "Do it."
    assert found.kinds == (Kind.FIX,)


def test_a_recommendation_may_be_flat_or_a_text_alone():
    values = {**high(), "recommendations": [{"audience": "users", **said("Look.")}, "Test it."]}
    found = draft(values).judgement.recommendations
    assert [(one.audience, one.statement.text) for one in found] == [("Users", "Look."), ("Everyone", "Test it.")]


@pytest.mark.parametrize("tier", ["urgent", None, 3, ["high"]])
def test_a_tier_that_is_none_leaves_the_one_that_was_asked_for(tier):
    assert draft({**high(), "tier": tier}, tier=Tier.MEDIUM).tier is Tier.MEDIUM


def test_kinds_that_are_none_are_dropped_and_each_stands_once():
    assert draft({**high(), "kinds": ["fix", "magic", 7, "FIX", "docs"]}).kinds == (Kind.FIX, Kind.DOCS)


@pytest.mark.parametrize(
    ("side", "meant"), [("OLD", "old"), ("-", "old"), ("Removed", "old"), ("+", "new"), ("both", "new"), (None, "new")]
)
def test_sides_are_understood_in_other_words(side, meant):
    values = high()
    values["summary"][0]["evidence"][0]["side"] = side
    assert draft(values).judgement.summary[0].evidence[0].side == meant


@pytest.mark.parametrize("evidence", [None, [], "config.toml: x", [{"path": "a"}], [{"quote": "b"}], [7], {"path": 1}])
def test_evidence_that_names_no_path_and_quote_is_none(evidence):
    values = high()
    values["summary"][0]["evidence"] = evidence
    assert draft(values).judgement.summary[0].evidence == ()


@pytest.mark.parametrize(("flag", "meant"), [(True, True), ("true", True), ("false", False), (0, False), (None, False)])
def test_a_flag_is_understood_in_other_forms(flag, meant):
    assert draft({**high(), "summary": [said("x", proposed=flag)]}).judgement.summary[0].proposed is meant


# --- what is kept -----------------------------------------------------------------------------------------------


def test_characters_that_control_hide_or_reorder_text_are_taken_out():
    dirty = "a\x00\x1b[31m\u202eb\u200b\u2066c\ufeff\U000e0041\ud800\r\n  d\u00ad"
    found = draft(json.dumps({**high(), "summary": [said(dirty, quote=dirty)], "tier_reasons": [dirty]}))
    assert found.judgement.summary[0].text == "a[31mbc d"
    assert found.tier_reasons == ("a[31mbc d",)
    assert found.judgement.summary[0].evidence[0].quote.isprintable() is False  # the line end of a quote stays
    found.model_dump_json()


def test_a_statement_that_is_too_long_is_dropped_whole_and_not_cut():
    found = draft({**high(), "summary": [said("x" * 801), said("y" * 800), said("")], "tier_reasons": ["z" * 301]})
    assert [statement.text for statement in found.judgement.summary] == ["y" * 800]
    assert found.tier_reasons == ()


def test_sections_are_bounded_in_number():
    many = [said(f"Statement {n}.") for n in range(100)]
    values = {**high(), "summary": many, "insights": [{"dimension": "security", "statements": many}] * 5}
    values["recommendations"] = [{"audience": "users", "statement": one} for one in many]
    judgement = draft(values).judgement
    assert [len(judgement.summary), len(judgement.recommendations)] == [8, 8]
    assert [len(insight.statements) for insight in judgement.insights] == [8]
    places = said("x")["evidence"] * 40
    assert len(draft({**high(), "summary": [said("x", evidence=places)]}).judgement.summary[0].evidence) == 4


def test_a_long_quote_is_clipped_since_its_beginning_is_a_quote_too():
    found = draft({**high(), "summary": [said("x", quote="q" * 5000)]})
    assert found.judgement.summary[0].evidence[0].quote == "q" * 400


# --- faults -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n", "<think>so much to think</think>", "<think>never said"])
def test_no_text_is_empty(text):
    assert fault_of(text) == "empty"
    assert fault_of(text, cut=True) == "empty"


@pytest.mark.parametrize(
    "text", ["I cannot help with that.", "[1, 2]", '{"summary": [', "{}", "{'summary': []}", "null"]
)
def test_text_without_a_json_object_is_not_json(text):
    assert fault_of(text) == "not_json"


def test_json_nested_without_end_is_not_json():
    assert fault_of('{"summary":' + "[" * 100_000) == "not_json"


@pytest.mark.parametrize(
    "values",
    [
        {"answer": "yes"},
        {**high(), "summary": 7},
        {**high(), "summary": [7]},
        {**high(), "summary": [{"sentence": "x"}]},
        {**high(), "insights": ["x"]},
        {**high(), "impact": [[said("x")]]},
        {**high(), "recommendations": [{"audience": "users", "statement": 5}]},
    ],
)
def test_a_shape_that_is_none_of_ours_is_a_wrong_schema(values):
    assert fault_of(values) == "wrong_schema"


def test_a_judgement_that_says_nothing_at_all_is_a_wrong_schema():
    assert fault_of({name: [] for name in HIGH}) == "wrong_schema"


@pytest.mark.parametrize("name", HIGH)
def test_a_section_that_is_not_there_is_named_missing(name):
    found = draft(without(name))
    assert found.missing == found.judgement.missing == (name,)
    assert not found.judgement.complete


def test_risks_may_be_none_but_a_summary_may_not():
    assert draft({**high(), "risks": [], "insights": []}).missing == ()
    assert draft({**high(), "summary": [], "conclusion": said("")}).missing == ("summary", "conclusion")


# --- replies that were cut --------------------------------------------------------------------------------------

WHOLE = as_json(high())
TEXTS = {statement.text for statement in draft(high()).judgement.statements()}


def test_wherever_a_reply_is_cut_only_whole_statements_with_all_their_evidence_are_kept():
    whole = draft(high()).judgement
    known = {statement.model_dump_json() for statement in whole.statements()}
    kept = []
    for end in range(1, len(WHOLE) - 1):  # the last brace closes nothing that is said
        try:
            found = draft(WHOLE[:end], cut=True)
        except ReplyFault:
            continue
        assert {statement.model_dump_json() for statement in found.judgement.statements()} <= known
        assert set(found.tier_reasons) <= {"the default of `max_wait` falls"}
        assert not found.judgement.complete and found.missing
        kept.append(len(found.judgement.statements()))
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (1, len(whole.statements()) - 1)


def test_wherever_a_reply_is_cut_the_sections_not_named_missing_are_whole():
    whole = draft(high()).judgement
    for end in range(WHOLE.index('"impact"'), len(WHOLE)):
        found = draft(WHOLE[:end], cut=True)
        for name in HIGH:
            assert name in found.missing or getattr(found.judgement, name) == getattr(whole, name)


def test_a_section_that_was_being_said_is_named_missing_and_keeps_its_whole_statements():
    end = WHOLE.index("The comment stays.")
    found = draft(WHOLE[:end], cut=True)
    assert [statement.text for statement in found.judgement.summary] == ["`max_wait` falls from 60 to 30."]
    assert found.missing == HIGH


def test_an_insight_that_was_being_said_keeps_its_whole_statements():
    found = draft(WHOLE[: WHOLE.index("No key is gone.") + 30], cut=True)
    assert [[s.text for s in insight.statements] for insight in found.judgement.insights] == [["Old values are read."]]
    assert "insights" in found.missing and "impact" not in found.missing


def test_a_reply_said_whole_is_whole_even_if_the_server_says_it_was_cut():
    assert draft(WHOLE + "\n\n", cut=True).missing == ()


def test_prose_and_fences_before_a_cut_reply_are_no_matter():
    end = WHOLE.index("Slow uploads")
    assert draft("```json\n" + WHOLE[:end], cut=True) == draft(WHOLE[:end], cut=True)


def test_a_reply_cut_before_anything_was_said_is_asked_again():
    assert fault_of('{"kinds": ["fix"], "summary": [{"text": "It', cut=True) == "wrong_schema"


def test_brackets_and_quotes_inside_texts_do_not_deceive_where_a_reply_was_cut():
    values = {**high(), "summary": [said('He said "}]" and \\ and [{.'), said("Second.")]}
    text = as_json(values)
    found = draft(text[: text.index("Second.")], cut=True)
    assert [statement.text for statement in found.judgement.summary] == ['He said "}]" and \\ and [{.']


def test_what_a_second_question_brings_takes_the_place_of_what_was_missing():
    first = draft(WHOLE[: WHOLE.index("Slow uploads")], cut=True)
    second = reader_of(Tier.HIGH, EN, first.missing)(WHOLE, False)
    both = merged(first, second)
    assert both.judgement == draft(high()).judgement
    assert both.missing == ()


def test_what_the_second_question_does_not_bring_stays_missing():
    first = draft(without("risks", "conclusion"))
    second = reader_of(Tier.HIGH, EN, first.missing)(as_json({"risks": [said("r")]}), False)
    both = merged(first, second)
    assert (both.missing, both.judgement.missing, both.judgement.complete) == (("conclusion",), ("conclusion",), False)
    assert both.judgement.risks and both.judgement.summary


@given(st.text(max_size=300), st.booleans())
def test_whatever_the_reply_it_is_a_draft_or_a_named_fault(text, cut):
    for reply in (text, '{"summary": [' + text, '{"summary": "' + text + '"}'):
        try:
            assert isinstance(draft(reply, cut=cut), Draft)
        except ReplyFault as fault:
            assert fault.code in ("empty", "not_json", "wrong_schema")


# --- schemas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", Tier)
def test_a_schema_asks_for_verdict_and_sections_in_the_order_they_are_said(tier):
    assert list(schema_of(tier)["properties"]) == ["kinds", "tier_reasons", "tier", *sections_of(tier)]


def test_a_schema_of_some_sections_asks_for_these_alone():
    assert list(schema_of(Tier.HIGH, ["risks", "conclusion"])["properties"]) == ["risks", "conclusion"]
