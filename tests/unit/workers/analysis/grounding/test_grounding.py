from __future__ import annotations

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, check
from workers.model import Commit, Evidence, Insight, Judgement, Recommendation, Side, Statement

OLD = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"
NEW = "def a():\n    return 1\n\n\ndef b():\n    return 3  # three\n"
ONE = commit("Change b", changed("app/b.py", OLD, NEW))


def place(quote: str, line: int, side: Side = "new", path: str = "app/b.py", end: int | None = None) -> Evidence:
    return Evidence(path=path, side=side, start=line, end=end or line, quote=quote)


def said(text: str, *places: Evidence, proposed: bool = False) -> Judgement:
    statement = Statement(text=text, evidence=places, proposed=proposed)
    return Judgement(engine="offline", complete=True, summary=(statement,))


def kept(judgement: Judgement, one: Commit = ONE) -> tuple[Statement, ...]:
    return check(judgement, Ground([one])).judgement.summary


def counts(judgement: Judgement, one: Commit = ONE) -> tuple[int, int, int, int]:
    grounding = check(judgement, Ground([one])).grounding
    return grounding.checked, grounding.supported, grounding.repaired, grounding.removed


def test_a_quote_at_its_lines_passes_whatever_its_white_space():
    judgement = said("b returns 3.", place("return  3\t# three", 6))
    assert kept(judgement) == judgement.summary
    assert counts(judgement) == (1, 1, 0, 0)


def test_a_quote_at_other_lines_of_its_file_is_moved_there_and_counted_as_repaired():
    judgement = said("b returns 3.", place("return 3", 4))
    assert kept(judgement)[0].evidence == (place("return 3", 6),)
    assert counts(judgement) == (1, 0, 1, 0)


def test_a_quote_of_the_other_side_is_moved_to_that_side():
    judgement = said("b returned 2.", place("return 2", 6, "new"))
    assert kept(judgement)[0].evidence == (place("return 2", 6, "old"),)


def test_a_quote_over_several_lines_is_checked_as_one():
    judgement = said("b changes.", place("def b():\n    return 3", 5, end=6))
    assert counts(judgement) == (1, 1, 0, 0)


def test_a_statement_whose_quotes_are_nowhere_is_removed_and_counted():
    judgement = said("b sleeps.", place("time.sleep(5)", 6))
    assert kept(judgement) == ()
    assert counts(judgement) == (1, 0, 0, 1)


def test_a_judgement_that_loses_its_summary_is_not_complete():
    assert check(said("b sleeps.", place("time.sleep(5)", 6)), Ground([ONE])).judgement.complete is False


def test_an_empty_quote_supports_nothing():
    assert kept(said("b changes.", place("   ", 6))) == ()


def test_one_good_quote_of_two_keeps_the_statement_as_repaired():
    judgement = said("b returns 3.", place("nowhere", 1), place("return 3", 6))
    assert kept(judgement)[0].evidence == (place("return 3", 6),)
    assert counts(judgement) == (1, 0, 1, 0)


def test_evidence_in_a_file_that_is_not_in_the_commit_counts_for_nothing():
    assert kept(said("c changes.", place("return 3", 6, path="app/c.py"))) == ()


def test_a_path_in_the_text_that_is_not_in_the_commit_removes_the_statement():
    assert kept(said("See `app/unknown.py`.")) == ()
    assert kept(said("See `unknown.py`.")) == ()


def test_paths_folders_and_ends_of_paths_of_the_commit_are_known():
    assert len(kept(said("See `app/b.py`, `b.py` and `app/`."))) == 1


def test_a_route_or_path_that_stands_in_the_patch_or_the_message_is_known():
    one = commit("Serve /v1/items", changed("a.py", "x = 1\n", 'route("/v2/items")\n'))
    assert len(kept(said("Adds `/v1/items` and `/v2/items`."), one)) == 1


def test_a_recommendation_may_propose_what_is_not_there_yet_and_no_other_section_may():
    proposal = Statement(text="Add `tests/test_b.py`.", proposed=True)
    advice = (Recommendation(audience="Developers", statement=proposal),)
    checked = check(
        said("Add `tests/test_b.py`.", proposed=True).model_copy(update={"recommendations": advice}), Ground([ONE])
    )
    assert checked.judgement.recommendations == advice
    assert checked.judgement.summary == ()


def test_a_quote_that_was_given_no_lines_gets_them_and_that_is_no_repair():
    judgement = said("b returns 3.", place("return 3", 0, end=0))
    assert kept(judgement)[0].evidence == (place("return 3", 6),)
    assert counts(judgement) == (1, 1, 0, 0)


def test_the_old_name_of_a_moved_file_is_in_the_commit():
    one = commit("Move", changed("new/a.py", "x = 1\n", "x = 2\n", was="old/a.py"))
    judgement = said("Was `old/a.py`.", place("x = 1", 1, "old", "old/a.py"))
    assert counts(judgement, one) == (1, 1, 0, 0)


def test_every_section_is_checked():
    bad = Statement(text="x", evidence=(place("nowhere", 1),))
    judgement = Judgement(
        engine="offline",
        complete=True,
        summary=(bad,),
        impact=(bad,),
        insights=(Insight(dimension="Security", statements=(bad,)),),
        risks=(bad,),
        recommendations=(Recommendation(audience="Users", statement=bad),),
        conclusion=bad,
    )
    checked = check(judgement, Ground([ONE]))
    assert checked.judgement.statements() == () and checked.judgement.insights == ()
    assert checked.grounding.removed == checked.grounding.checked == 6


def test_a_patch_that_is_no_diff_supports_nothing_and_fails_nothing():
    broken = commit("x", changed("a.py", "a\n", "b\n").model_copy(update={"patch": "@@ nonsense\n+b\x00"}))
    assert kept(said("b.", place("b", 1, path="a.py")), broken) == ()


def test_a_line_before_a_hunk_is_not_in_it():
    one = commit("x", changed("a.py", "1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\n6\n8\n"))
    assert kept(said("8.", place("8", 1, path="a.py")), one)[0].evidence[0].start == 7
