"""A digest as a view keeps every part of the report, and says what is not there."""

from datetime import timedelta
from itertools import pairwise

import pytest

from chatbot.views.brief import brief_view
from chatbot.views.commit import commit_view
from chatbot.views.digest import digest_summary, digest_view
from chatbot.views.statistics import meter_of
from chatbot.views.totals import Totals
from chatbot.views.view import (
    Actions,
    Bullets,
    Contents,
    Facts,
    Fold,
    Heading,
    Jump,
    Link,
    Meter,
    Paragraph,
    Section,
    Table,
    View,
    plain,
    walk,
)
from tests import samples
from workers.model import Coverage, Judgement, LeftOut, Tier
from workers.words import LANGUAGES, load_words

EN = load_words("chatbot.views", "en")
MAKERS = [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several]


def view_of(digest) -> View:
    return digest_view(digest, load_words("chatbot.views", digest.language))


def headings(view: View) -> list[str]:
    return [plain(block.runs) for block in walk(view.blocks) if isinstance(block, Heading)]


def paragraphs(view: View) -> str:
    return "\n".join(plain(block.runs) for block in walk(view.blocks) if isinstance(block, Paragraph))


def runs_of(view: View):
    """Every run of a view."""
    for block in walk(view.blocks):
        for name in ("runs", "summary", "caption"):
            yield from getattr(block, name, ())
        if isinstance(block, Bullets):
            for item in block.items:
                yield from item.runs
                yield from (run for child in item.children for run in child)
        if isinstance(block, Facts):
            yield from (run for _, runs in block.pairs for run in runs)
        if isinstance(block, Table):
            yield from (run for row in (block.head, *block.rows) for cell in row for run in cell)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_every_link_inside_a_view_leads_to_one_place(make, language):
    view = view_of(make(language))
    anchors = [block.anchor for block in walk(view.blocks) if isinstance(block, Heading) and block.anchor]
    assert len(set(anchors)) == len(anchors)
    wanted = {run.anchor for run in runs_of(view) if isinstance(run, Jump)}
    wanted |= {entry.anchor for block in walk(view.blocks) if isinstance(block, Contents) for entry in block.entries}
    assert wanted <= set(anchors)


@pytest.mark.parametrize("make", MAKERS)
def test_no_link_leads_to_a_place_that_is_folded_away(make):
    for block in walk(view_of(make()).blocks):
        if isinstance(block, Fold):
            assert not [inner for inner in walk(block.blocks) if isinstance(inner, Heading) and inner.anchor]


@pytest.mark.parametrize("make", MAKERS)
def test_headings_never_skip_a_level(make):
    levels = [block.level for block in walk(view_of(make()).blocks) if isinstance(block, Heading)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_commit_has_the_same_aspects_in_the_same_order():
    order = ["Summary of the change", "Impact", "Technical insight", "Risks", "Recommendations"]
    for block in walk(view_of(samples.busy()).blocks):
        if isinstance(block, Section) and block.role == "commit":
            names = [plain(inner.heading.runs) for inner in block.blocks if isinstance(inner, Section)]
            assert names == [name for name in order if name in names]


def test_every_part_of_the_report_is_there():
    found = headings(view_of(samples.busy("zh")))
    for name in ("统计摘要", "要点", "目录", "提交列表", "高重要度变更（2）", "中重要度变更（2）", "低重要度变更（4）"):
        assert name in found
    for name in ("变更摘要", "影响范围", "技术洞察", "潜在风险", "关注建议"):
        assert name in found


def test_the_table_of_commits_has_every_commit_with_its_whole_subject():
    digest = samples.busy()
    table = next(block for block in walk(view_of(digest).blocks) if isinstance(block, Table))
    assert [plain(row[2]) for row in table.rows] == [entry.subject for entry in digest.repositories[0].commits]


def test_a_day_without_commits_says_so_in_one_line_and_counts_the_merges():
    view = view_of(samples.empty())
    assert "No commits were made in this window. 1 merge commit" in paragraphs(view)
    assert not any(isinstance(block, Contents | Table | Meter) for block in walk(view.blocks))


def test_a_day_that_could_not_be_looked_at_is_not_said_to_be_empty():
    problems = samples.with_problems().problems
    digest = samples.digest(samples.repository([]), problems=problems)
    assert "not everything could be looked at" in paragraphs(view_of(digest))
    assert digest_summary(digest, EN).startswith("No commits were found, but")


def test_what_could_not_be_looked_at_is_said_at_the_top_and_listed():
    view = view_of(samples.with_problems())
    warnings = [block for block in walk(view.blocks) if isinstance(block, Paragraph) and block.role == "warning"]
    assert plain(warnings[0].runs).startswith("This report is not whole: 2 things")
    assert "What could not be looked at (2)" in headings(view)
    lost = samples.with_problems().repositories[0].commits[1]
    assert any(isinstance(run, Link) and run.url == lost.url and run.text == lost.sha[:7] for run in runs_of(view))


def test_commits_that_are_counted_but_not_listed_are_mentioned():
    facts = view_of(samples.several())
    section = next(
        block
        for block in walk(facts.blocks)
        if isinstance(block, Section) and block.heading.anchor.endswith("tools-statistics")
    )
    text = "\n".join(f"{name} {plain(runs)}" for block in section.blocks for name, runs in getattr(block, "pairs", ()))
    assert "Not listed 3 less important commits" in text


def test_reverts_lead_to_each_other():
    undo, undone = (entry for entry in samples.busy().repositories[0].commits if entry.reverts or entry.reverted_by)
    jumps = [run for run in runs_of(view_of(samples.busy())) if isinstance(run, Jump) and run.code]
    assert {undo.sha[:7], undone.sha[:7]} <= {jump.text for jump in jumps}


def test_several_repositories_stand_in_an_overview_and_each_in_its_section():
    view = view_of(samples.several())
    table = next(block for block in walk(view.blocks) if isinstance(block, Table))
    assert [plain(row[0]) for row in table.rows] == ["acme/engine", "tools", "acme/quiet"]
    assert headings(view)[1] == "Overview"


def test_a_commit_without_pages_at_its_source_is_shown_without_links():
    entry = samples.several().repositories[1]
    view = commit_view(entry.commits[0], entry, EN)
    assert not any(isinstance(run, Link) for run in runs_of(view))
    assert not any(isinstance(block, Actions) for block in walk(view.blocks))


def test_one_commit_as_a_view_of_its_own_begins_with_its_subject_and_can_be_opened():
    part = samples.busy().repositories[0]
    view = commit_view(part.commits[2], part, EN)
    assert headings(view)[0] == part.commits[2].subject
    assert view.blocks[-1].actions[0].url == part.commits[2].url


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_the_brief_names_every_commit(make, language):
    digest = make(language)
    words = load_words("chatbot.views", language)
    codes = {run.text for run in runs_of(brief_view(digest, words)) if not hasattr(run, "tier")}
    shas = {entry.sha[:7] for repository in digest.repositories for entry in repository.commits}
    assert shas <= codes


def test_the_meter_of_a_day_counts_by_the_hour_of_its_zone():
    digest = samples.busy()
    meter = meter_of(Totals.of(digest.repositories[0].commits, "Asia/Shanghai"), digest.window, EN)
    assert len(meter.points) == 24
    assert [point.short for point in meter.points if point.count] == ["07", "11", "20", "21", "22", "23"]
    assert meter.note == "most at 07:00: 2 commits"


@pytest.mark.parametrize(("days", "bars"), [(2, 2), (31, 31), (62, 62), (63, 32), (366, 61)])
def test_the_meter_of_a_longer_window_has_a_bar_for_each_day_or_for_several(days, bars):
    entries = samples.month(40).repositories[0].commits
    window = samples.WINDOW.model_copy(update={"end": samples.DAY + timedelta(days=days)})
    meter = meter_of(Totals.of(entries, window.timezone), window, EN)
    assert len(meter.points) == bars
    assert sum(point.count for point in meter.points) == 40


def test_the_summary_is_one_plain_sentence():
    assert digest_summary(samples.busy(), EN) == "acme/engine: 8 commits, 2 of high importance, 2 medium, 4 low"


def test_low_commits_are_folded_and_whole():
    low = [
        block
        for block in walk(view_of(samples.busy()).blocks)
        if isinstance(block, Section) and block.role == "commit" and block.tier is Tier.LOW
    ]
    assert len(low) == 4
    assert all(isinstance(section.blocks[-1], Fold) for section in low)


def unread_summary(coverage: Coverage) -> str:
    """What the fold of the files that were not read says of itself."""
    entry = samples.entry("Move everything", "09:00", coverage=coverage)
    view = commit_view(entry, samples.repository([entry]), EN)
    folds = [block for block in walk(view.blocks) if isinstance(block, Fold)]
    return plain(folds[-1].summary)


def test_files_that_the_source_left_out_are_not_counted_as_one_file():
    cut = LeftOut(path="…", reason="the server lists only some")
    whole = Coverage(files=3000, files_seen=3000, bytes=9, bytes_seen=9, left_out=(cut,))
    assert unread_summary(whole) == "the server lists only some"
    binary = LeftOut(path="a.png", reason="binary")
    part = whole.model_copy(update={"files_seen": 2999, "left_out": (cut, binary)})
    assert unread_summary(part) == "1 file was not read: the server lists only some, binary 1"


def test_a_place_is_told_once_even_when_it_is_quoted_before_and_after():
    old = samples.said("Changes the default.", ("src/a.c", 3, 3, "LEVEL = 1"), side="old")
    new = samples.said("", ("src/a.c", 3, 3, "LEVEL = 2"))
    statement = old.model_copy(update={"evidence": old.evidence + new.evidence})
    entry = samples.entry("Tune", "09:00", analysis=Judgement(engine="offline", complete=True, summary=(statement,)))
    view = commit_view(entry, samples.repository([entry]), EN)
    (bullets,) = [block for block in walk(view.blocks) if isinstance(block, Bullets)]
    assert plain(bullets.items[0].runs) == "Changes the default. (src/a.c:3)"
