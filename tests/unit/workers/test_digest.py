"""A digest from analyses: order, counts, highlights, titles."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.samples import sha_of
from workers.digest import MAX_HIGHLIGHTS, RepositoryGathering, assemble_digest
from workers.model import (
    Analysis,
    CommitHead,
    Coverage,
    Grounding,
    Judgement,
    Kind,
    Language,
    Listing,
    Person,
    Provenance,
    RepositoryDigest,
    Size,
    Tier,
    Window,
)
from workers.reverts import RevertLinks
from workers.words import load_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 2, 21, tzinfo=SHANGHAI)
DAY = Window(start=MIDNIGHT, end=MIDNIGHT + timedelta(days=1), timezone="Asia/Shanghai")


def head(
    name: str, message: str = "Do it (#7)\n\nBecause.\n\nSigned-off-by: A <a@b>", author: str = "Ada"
) -> CommitHead:
    at = datetime(2026, 2, 21, 1, 30, tzinfo=UTC)
    person = Person(name=author, email=f"{author}@example.org")
    return CommitHead(
        sha=sha_of(name), author=person, committer=person, authored_at=at, committed_at=at, message=message
    )


def analysis(name: str, tier: Tier) -> Analysis:
    return Analysis(
        sha=sha_of(name),
        size=Size(files=1, additions=3, deletions=2),
        tier=tier,
        tier_reasons=(f"reason of {name}",),
        kinds=(Kind.FIX,),
        judgement=Judgement(engine="offline", complete=True),
        grounding=Grounding(),
        coverage=Coverage(),
        provenance=Provenance(prompt="offline/1", at=datetime(2026, 2, 22, tzinfo=UTC)),
    )


def gathered(
    judged: list[tuple[CommitHead, Analysis]],
    links: dict[str, RevertLinks] | None = None,
    language: Language = "en",
    least_tier: Tier = Tier.LOW,
) -> RepositoryDigest:
    """A repository's part of a digest, of commits with their analyses."""
    listing = Listing(window=DAY, heads=(), merges_left_out=2)
    words = load_words("workers", language)
    gathering = RepositoryGathering("acme/engine", "https://github.com/acme/engine", listing, links or {}, words)
    commits = tuple(gathering.entries(judged, least_tier))
    return gathering.digest(commits)


def part(tiers: dict[str, Tier], links: dict[str, RevertLinks] | None = None, least_tier: Tier = Tier.LOW):
    return gathered([(head(name), analysis(name, tier)) for name, tier in tiers.items()], links, "en", least_tier)


def test_commits_stand_in_the_order_of_the_listing_in_the_zone_of_the_window():
    commits = part({"b": Tier.LOW, "a": Tier.HIGH}).commits
    assert [entry.sha for entry in commits] == [sha_of("b"), sha_of("a")]
    assert commits[0].committed_at.isoformat() == "2026-02-21T09:30:00+08:00"


def test_an_entry_has_subject_pull_request_and_the_message_without_trailers():
    (entry,) = part({"a": Tier.LOW}).commits
    assert (entry.subject, entry.pull_request, entry.message) == ("Do it (#7)", 7, "Because.")
    assert entry.url == f"https://github.com/acme/engine/commit/{sha_of('a')}"


def test_statistics_count_every_commit_even_below_the_least_tier():
    tiers = {"a": Tier.HIGH, "b": Tier.MEDIUM, "c": Tier.LOW, "d": Tier.LOW}
    shown = part(tiers, least_tier=Tier.MEDIUM)
    assert [entry.tier for entry in shown.commits] == [Tier.HIGH, Tier.MEDIUM]
    counted = shown.statistics
    assert (counted.commits, counted.high, counted.medium, counted.low, counted.merges_left_out) == (4, 1, 1, 2, 2)
    assert (counted.authors, counted.additions, counted.deletions) == (1, 12, 8)


def test_highlights_name_the_most_important_first_and_are_few():
    tiers = {f"m{n}": Tier.MEDIUM for n in range(MAX_HIGHLIGHTS + 2)} | {"h": Tier.HIGH, "l": Tier.LOW}
    highlights = part(tiers).highlights
    assert len(highlights) == MAX_HIGHLIGHTS
    assert highlights[0].commits == (sha_of("h"),)
    assert highlights[0].text == "Do it (#7): reason of h"


def test_a_commit_that_was_reverted_is_no_highlight():
    links = {sha_of("h"): RevertLinks(reverted_by=(sha_of("x"),))}
    shown = part({"h": Tier.HIGH}, links)
    assert shown.highlights == ()
    assert shown.commits[0].reverted_by == (sha_of("x"),)


def reasoned(reasons: dict[str, str], body: str = "", language: Language = "en") -> list[str]:
    """The highlights of medium commits with these first reasons, by commit."""
    judged = [
        (
            head(name, f"Do it (#7)\n\n{body}"),
            analysis(name, Tier.MEDIUM).model_copy(update={"tier_reasons": (reason,)}),
        )
        for name, reason in reasons.items()
    ]
    return [one.text for one in gathered(judged, language=language).highlights]


def test_a_reason_that_only_names_a_place_is_no_highlight():
    assert reasoned({"a": "bug fix in `walk`"}) == ["Do it (#7)"]
    assert reasoned({"a": "缺陷修复，位于 `walk`"}, language="zh") == ["Do it (#7)"]


def test_in_place_of_a_bare_reason_the_author_is_quoted():
    body = "Every reader drew the same number. So all of them failed."
    assert reasoned({"a": "bug fix in `walk`"}, body) == ["Do it (#7): “Every reader drew the same number.”"]


def test_telling_reasons_come_before_bare_ones():
    assert reasoned({"a": "bug fix in `walk`", "b": "adds the flag `--x`"})[0] == "Do it (#7): adds the flag `--x`"


def test_what_is_new_comes_before_what_is_rebuilt():
    kinds = {"old": (Kind.REFACTOR,), "new": (Kind.FEATURE,)}
    judged = [
        (head(name), analysis(name, Tier.MEDIUM).model_copy(update={"kinds": some})) for name, some in kinds.items()
    ]
    assert [one.commits for one in gathered(judged).highlights] == [(sha_of("new"),), (sha_of("old"),)]


def test_of_what_is_equally_important_the_newest_is_the_highlight():
    tiers = {f"m{n}": Tier.MEDIUM for n in range(MAX_HIGHLIGHTS + 2)}
    assert [one.commits[0] for one in part(tiers).highlights] == [sha_of(f"m{n}") for n in range(MAX_HIGHLIGHTS)]


@pytest.mark.parametrize(
    ("days", "language", "title"),
    [
        (1, "zh", "每日更新报告（2026-02-21）"),
        (1, "en", "Daily update report (2026-02-21)"),
        (3, "zh", "更新报告（2026-02-21 至 2026-02-23）"),
    ],
)
def test_the_title_names_the_days(days, language, title):
    window = DAY.model_copy(update={"end": DAY.start + timedelta(days=days)})
    assert assemble_digest([window], [], language, []).title == title


def test_the_title_of_a_range_is_the_range():
    window = DAY.model_copy(update={"range": "v1..v2"})
    assert assemble_digest([window], [], "en", []).title == "Update report (v1..v2)"


def test_the_window_of_several_repositories_holds_all_of_theirs():
    later = DAY.model_copy(update={"start": DAY.end, "end": DAY.end + timedelta(days=1)})
    window = assemble_digest([later, DAY], [], "en", []).window
    assert (window.start, window.end) == (DAY.start, later.end)
