"""A digest as messages of a chat: what they say, what can be pressed, and where they end."""

from __future__ import annotations

import pytest

from chatbot.render.plain import plain_text
from chatbot.views.chat import MOST_OF_A_TIER, MOST_PROBLEMS, chat_view
from chatbot.views.chat_chart import chart_of
from chatbot.views.chat_item import MOST_OF_A_LINE, MOST_OF_A_SUBJECT
from chatbot.views.chat_menu import PAGE, menu_view
from chatbot.views.chat_thread import MOST_LEFT_OUT, details_view, failure_view, progress_view, seen_view
from chatbot.views.chat_values import Pressed, Turned, commit_value, page_value, read_commit, read_page
from chatbot.views.view import (
    Action,
    Actions,
    Bar,
    Chart,
    Code,
    Feedback,
    Foot,
    Link,
    Menu,
    Section,
    Table,
    View,
    plain,
    walk,
)
from tests import samples, samples_chat
from workers.model import Coverage, Digest, Entry, Judgement, LeftOut, Problem, Tier
from workers.store.history import Day
from workers.store.runs import Count, Progress
from workers.words import LANGUAGES, load_words

EN = load_words("chatbot.views", "en")
ID = "0123456789abcdef"


def view_of(digest: Digest, **given) -> View:
    return chat_view(digest, load_words("chatbot.views", digest.language), digest_id=ID, **given)


def found(view: View, kind: type) -> list:
    return [block for block in walk(view.blocks) if isinstance(block, kind)]


def actions(view: View) -> list[Action]:
    return [action for block in found(view, Actions) for action in block.actions]


def items(view: View) -> list[Section]:
    return [section for section in found(view, Section) if section.role == "commit"]


# --- the digest -------------------------------------------------------------------------------------------------


def test_every_important_commit_has_its_button_and_every_commit_its_line_in_the_menu():
    digest = samples.busy()
    view = view_of(digest)
    commits = digest.repositories[0].commits
    pressed = [read_commit(action.value).sha for action in actions(view) if action.kind == "details"]
    important = [entry for tier in (Tier.HIGH, Tier.MEDIUM) for entry in commits if entry.tier is tier]
    assert pressed == [entry.sha[:16] for entry in important]
    (menu,) = found(view, Menu)
    assert [(read_commit(one.value), one.tier) for one in menu.choices] == [
        (Pressed(ID, 0, entry.sha[:16]), entry.tier) for entry in commits
    ]


def test_an_important_commit_says_what_it_does_its_kinds_author_size_and_page():
    text = plain_text(View("en", "", "", (items(view_of(samples.busy()))[1],)))
    assert "The module terrain/height_sampling.py becomes the package terrain/height_sampling/." in text
    assert "refactoring / architecture · 周予安 · 6 files, +1,412 −1,398 · " in text
    assert "#4164" in text


def test_the_low_commits_of_all_repositories_stand_in_one_table():
    (table,) = found(view_of(samples.several()), Table)
    low = [entry for part in samples.several().repositories for entry in part.commits if entry.tier is Tier.LOW]
    assert len(table.rows) == len(low)
    assert {plain(row[0]) for row in table.rows} == {"acme/engine", "tools"}


def test_each_of_several_repositories_is_named_even_without_commits():
    text = plain_text(view_of(samples.several()))
    assert "acme/quiet\nNo commits were made in this window." in text
    assert "3 less important commits are counted but not listed" in text


def test_a_reverted_commit_of_low_importance_says_so():
    assert "Reverted by 3ecbaf1 · Fix wrong default" in plain_text(view_of(samples.busy()))


def test_the_report_is_linked_only_where_it_has_an_address():
    assert [action.kind for action in actions(view_of(samples.busy())) if action.url] == ["github"]
    linked = view_of(samples.busy(), report_url="https://digest.example.com/r/1")
    assert [action.kind for action in actions(linked) if action.url] == ["report", "github"]


def test_controls_coverage_and_grounding_stay_with_the_first_message():
    (foot,) = found(view_of(samples.busy(), history=samples_chat.HISTORY), Foot)
    kinds = [type(block) for block in foot.blocks]
    assert (kinds[0], kinds[-2:]) == (Chart, [Menu, Actions])
    text = plain_text(View("en", "", "", foot.blocks))
    assert "Read 12 of 13 files" in text
    assert "checked 13 statements" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_without_commits_is_one_line(language):
    lines = plain_text(view_of(samples.empty(language))).strip().split("\n")
    assert len(lines) == 1
    assert "acme/engine" in lines[0]
    assert "2026" in lines[0]


def test_problems_are_announced_at_the_top_and_told_below():
    text = plain_text(view_of(samples.with_problems()))
    assert text.index("This report is not whole: 2 things") < text.index("What could not be looked at (2)")
    assert "this clone is shallow" in text


def test_a_window_without_commits_but_with_problems_tells_them():
    text = plain_text(view_of(samples.digest(samples.repository([]), problems=(Problem(what="no answer", where="x"),))))
    assert "No commits were found, but not everything could be looked at." in text
    assert "x: no answer" in text


def test_long_lists_are_capped_and_say_by_how_much():
    entries = [
        samples.entry(f"c{n}", "10:00", tier=Tier.HIGH if n % 2 else Tier.LOW) for n in range(2 * MOST_OF_A_TIER + 8)
    ]
    problems = tuple(Problem(what=f"p{n}", where="w") for n in range(MOST_PROBLEMS + 5))
    view = view_of(samples.digest(samples.repository(entries), problems=problems))
    assert len(items(view)) == len(found(view, Table)[0].rows) == MOST_OF_A_TIER
    text = plain_text(view)
    assert text.count("4 more commits of this importance are not listed here; the menu has them.") == 2
    assert "High importance (304)" in text
    assert "5 more are not listed here." in text


def one(**given) -> Entry:
    return samples.entry(given.pop("subject", "Change it"), "10:00", tier=Tier.HIGH, **given)


def test_a_line_that_is_no_line_is_left_to_the_details():
    long = samples.said("x" * (MOST_OF_A_LINE + 1))
    entry = one(
        analysis=Judgement(engine="model", complete=False, summary=(long,)), tier_reasons=("removes an option",)
    )
    text = plain_text(view_of(samples.digest(samples.repository([entry]))))
    assert "removes an option" in text
    assert "xxx" not in text
    assert "This analysis is incomplete" in text


def test_an_endless_subject_is_cut_with_a_mark_in_the_list_and_whole_in_the_details():
    entry = one(subject="s" * 5_000)
    part = samples.repository([entry])
    (section,) = items(view_of(samples.digest(part)))
    assert plain(section.heading.runs) == "s" * (MOST_OF_A_SUBJECT - 1) + "…"
    assert "s" * 5_000 in plain_text(details_view(entry, part, EN, "v"))


# --- the menu ---------------------------------------------------------------------------------------------------


def test_the_menu_turns_pages_until_every_commit_was_on_one():
    digest = samples_chat.many()
    shas, page = [], 0
    while True:
        view = menu_view(digest, EN, ID, page)
        shas += [read_commit(choice.value).sha for choice in found(view, Menu)[0].choices]
        turns = [read_page(action.value) for action in actions(view)]
        if Turned(ID, page + 1) not in turns:
            break
        page += 1
    assert (page, turns) == (2, [Turned(ID, 1)])
    assert shas == [entry.sha[:16] for entry in digest.repositories[0].commits]


def test_a_page_that_is_not_there_has_no_menu():
    assert found(menu_view(samples.busy(), EN, ID, 7), Menu) == []
    assert PAGE == 100


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        ":0:",
        "d:x:0123456789abcdef",
        "d:0:0123",
        "d:-1:0123456789abcdef",
        "d:0:<script>alert(1)",
        "d:٣:0123456789abcdef",
    ],
)
def test_a_value_that_we_did_not_write_is_not_read(value):
    assert read_commit(value) is None
    assert read_page(value) is None


def test_values_are_read_as_they_were_written_and_short_enough_for_a_menu():
    value = commit_value("i" * 50, 12, "a" * 40)
    assert len(value) <= 75
    assert read_commit(value) == Pressed("i" * 50, 12, "a" * 16)
    assert read_page(page_value(ID, 3)) == Turned(ID, 3)


# --- the chart --------------------------------------------------------------------------------------------------


def test_the_chart_shows_the_last_fourteen_days_by_tier():
    days = [*samples_chat.HISTORY, Day(day=samples.DAY.date(), high=9, medium=8, low=7)]
    chart = chart_of(days, EN)
    assert len(chart.labels) == 14
    assert [(series.tier, series.counts[-1]) for series in chart.series] == list(zip(Tier, (9, 8, 7), strict=True))
    assert chart.note == "most on 02-21: 24"


def test_there_is_no_chart_of_one_day_or_of_nothing():
    day = samples.DAY.date()
    assert chart_of([Day(day=day, high=1, medium=1, low=1)], EN) is None
    assert chart_of([Day(day=day)] * 3, EN) is None


# --- the thread -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_details_have_the_whole_analysis_feedback_and_how_to_ask(language):
    words = load_words("chatbot.views", language)
    part = samples.busy(language).repositories[0]
    entry = next(entry for entry in part.commits if entry.analysis.engine == "model")
    view = details_view(entry, part, words, "v")
    text = plain_text(view)
    told = [statement.text.replace("`", "") for statement in entry.analysis.statements()]
    assert [sentence for sentence in told if sentence not in text] == []
    assert "docs/sampling.png" in text
    assert words("chat.ask") in text
    assert [feedback.value for feedback in found(view, Feedback)] == ["v"]


def test_every_place_of_a_statement_is_linked_in_the_details():
    places = tuple((f"a{n}.py", n, n, "q") for n in range(1, 8))
    entry = one(analysis=Judgement(engine="model", complete=True, summary=(samples.said("All of it.", *places),)))
    text = plain_text(details_view(entry, samples.repository([entry]), EN, "v"))
    assert all(f"a{n}.py:{n}" in text for n in range(1, 8))


def test_many_files_that_were_not_read_are_counted_instead_of_named():
    left_out = tuple(LeftOut(path=f"f{n}", reason="binary") for n in range(MOST_LEFT_OUT + 1))
    entry = one(coverage=Coverage(files=20, files_seen=9, bytes=9, bytes_seen=9, left_out=left_out))
    text = plain_text(details_view(entry, samples.repository([entry]), EN, "v"))
    assert "11 files were not read: binary 11" in text
    assert "f10" not in text


def test_progress_has_a_bar_for_each_stage_once_the_commits_are_known():
    progress = Progress(state="running", listed=0, collect=Count(), analyse=Count(), current="")
    (bar,) = found(progress_view("acme/engine", progress, EN), Bar)
    assert (bar.label, bar.total) == ("Listing commits", None)
    known = progress.model_copy(
        update={"listed": 1, "collect": Count(done=9, total=9), "analyse": Count(done=2, total=9), "current": "Fix\nit"}
    )
    text = plain_text(progress_view("acme/engine", known, EN))
    assert text == (
        "Working on the digest of acme/engine\nFetching commits ████████████████████ 9/9\n"
        "Judging commits ████░░░░░░░░░░░░░░░░ 2/9\nFix it\n"
    )


def test_a_failure_has_its_remedy_and_its_reference():
    text = plain_text(failure_view("repository_not_found", {}, EN, "7f3a"))
    assert "check the name" in text
    assert "Reference: 7f3a." in text


def test_a_backtick_in_a_detail_makes_no_code_of_our_words():
    (paragraph,) = failure_view("unknown_branch", {"branch": "x`"}, EN).blocks
    assert [run.text for run in paragraph.runs if isinstance(run, Code)] == ["git branch -a"]


def test_details_that_are_there_already_are_pointed_to():
    entry = one()
    assert entry.sha[:7] in plain_text(seen_view(entry, EN))
    linked = seen_view(entry, EN, "https://acme.slack.com/archives/C1/p1")
    assert Link("Open them", "https://acme.slack.com/archives/C1/p1") in linked.blocks[0].runs
