"""A digest in brief, for a screen: what matters in a few lines each, the rest in one line each, nothing unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from chatbot.views.commit import Place, other_commit, size, subject_text
from chatbot.views.digest import digest_summary, empty_text, highlights, judges_text, totals_of
from chatbot.views.links import commit_run
from chatbot.views.phrases import badge, first_day, joined, kinds_text, last_day, marked, short, window_text
from chatbot.views.problems import by_rules_section, problem_items
from chatbot.views.remarks import coverage_text, grounding_text, incomplete_text
from chatbot.views.statistics import meter_of, tier_line, total_statistics
from chatbot.views.totals import Totals
from chatbot.views.view import (
    Block,
    Bullet,
    Bullets,
    Heading,
    Paragraph,
    Runs,
    Section,
    Strong,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.lazy import Mapped
from workers.model import Digest, Entry, RepositoryDigest, Statement, Tier
from workers.words import Words

MOST_SUMMARY, MOST_IMPACT, MOST_RISKS = 3, 1, 1
"""Statements of a commit shown in brief; how many more there are is said."""


def brief_view(digest: Digest, words: Words) -> View:
    """The report in brief: `digest_view` has everything."""
    body: list[Block] = [Paragraph((Text(window_text(digest.window, words)),), role="note")]
    if len(digest.repositories) > 1:
        body.append(Paragraph(tier_line(total_statistics(digest.repositories), words)))
    body += by_rules_section(digest, words, 2)
    totals = totals_of(digest)
    for repository, some in zip(digest.repositories, totals, strict=True):
        body.append(_repository(repository, some, digest, words))
    body += _problems(digest, words)
    if any(one.commits for one in totals):
        body.append(Paragraph((Text(judges_text(totals, words)),), role="note"))
    section = Section(Heading(1, (Text(digest.title),)), tuple(body))
    return View(digest.language, digest.title, digest_summary(digest, words), (section,))


def _repository(repository: RepositoryDigest, totals: Totals, digest: Digest, words: Words) -> Section:
    place = Place(repository, {}, words)
    if repository.statistics.commits == 0:
        blocks: tuple[Block, ...] = (Paragraph((Text(empty_text((repository,), bool(digest.unseen), words)),)),)
    else:
        blocks = (*_overview(place, totals, digest), *_tiers(place, digest))
    return Section(Heading(2, (Text(one_line(repository.name)),)), blocks, role="repository")


def _overview(place: Place, totals: Totals, digest: Digest) -> Iterator[Block]:
    repository, words = place.repository, place.words
    statistics = repository.statistics
    lines = words("statistics.lines", additions=statistics.additions, deletions=statistics.deletions)
    people = (Text(words("count.authors", n=statistics.authors)),)
    yield Paragraph(joined((tier_line(statistics, words), people, (Text(lines),)), " · "))
    if meter := meter_of(totals, digest.window, words):
        yield meter
    counts = (
        coverage_text(totals.coverage, words),
        grounding_text(totals.grounding, words),
        words("statistics.merges", n=statistics.merges_left_out) if statistics.merges_left_out else "",
        words("statistics.hidden", n=hidden) if (hidden := statistics.commits - totals.commits) else "",
    )
    yield Paragraph((Text(words("mark.semicolon").join(filter(None, counts))),), role="note")
    if repository.highlights:
        yield Section(Heading(3, (Text(words("part.highlights")),)), (highlights(place),))


def _tiers(place: Place, digest: Digest) -> Iterator[Section]:
    words = place.words
    for tier in Tier:
        entries = place.repository.of_tier(tier)
        if entries:
            heading = Heading(3, (badge(tier, words), Text(words("part.tier", n=len(entries)))))
            blocks: Sequence[Block] = Mapped(entries, partial(_commit, place, digest))
            if tier is Tier.LOW:
                blocks = (Table((), Mapped(entries, partial(_row, place, digest)), wide=2),)
            yield Section(heading, blocks, role="tier", tier=tier)


def _commit(place: Place, digest: Digest, entry: Entry) -> Section:
    words, analysis = place.words, entry.analysis
    blocks: list[Block] = [Paragraph(_line(entry, place, digest), role="note")]
    if entry.tier_reasons:
        first, *others = entry.tier_reasons
        more: Runs = (Text(words("brief.more", n=len(others))),) if others else ()
        blocks.append(Paragraph((*marked(first), *more), role="reason"))
    if lacking := incomplete_text(analysis, words):
        blocks.append(Paragraph((Text(lacking),), role="warning"))
    items = [
        *_said("", analysis.summary, MOST_SUMMARY, words),
        *_said("impact", analysis.impact, MOST_IMPACT, words),
        *_said("risks", analysis.risks, MOST_RISKS, words),
    ]
    blocks += (Bullets(tuple(items)),) if items else ()
    return Section(Heading(4, (Text(subject_text(entry, words)),)), tuple(blocks), role="commit", tier=entry.tier)


def _line(entry: Entry, place: Place, digest: Digest) -> Runs:
    """When, who, what kind, how much, which commit, and what it reverts or is reverted by."""
    words = place.words
    texts = (_when(entry, digest), one_line(entry.author), kinds_text(entry.kinds, words), size(entry, words))
    parts: list[Runs] = [(Text(text),) for text in texts]
    parts.append((commit_run(short(entry.sha), entry.url),))
    for key, shas in (("reverts", entry.reverts), ("reverted_by", entry.reverted_by)):
        if shas:
            commits = joined(((other_commit(sha, place),) for sha in shas), ", ")
            parts.append((Text(words(f"fact.{key}") + " "), *commits))
    return joined(parts, " · ")


def _when(entry: Entry, digest: Digest) -> str:
    """The time alone in a window of one day, else the day too."""
    one_day = first_day(digest.window) >= last_day(digest.window)
    return entry.committed_at.astimezone(ZoneInfo(digest.window.timezone)).strftime(
        "%H:%M" if one_day else "%m-%d %H:%M"
    )


def _said(aspect: str, statements: Iterable[Statement], most: int, words: Words) -> Iterator[Bullet]:
    told = [statement for statement in statements if statement.text.strip()]
    label: Runs = (Strong(words(f"aspect.{aspect}")), Text(words("mark.colon"))) if aspect else ()
    for number, statement in enumerate(told[:most], start=1):
        proposed: Runs = (Text(words("commit.proposed")),) if statement.proposed else ()
        more = words("brief.more", n=len(told) - most) if number == most and len(told) > most else ""
        yield Bullet((*label, *marked(statement.text), *proposed, *((Text(more),) if more else ())))


def _row(place: Place, digest: Digest, entry: Entry) -> tuple[Runs, ...]:
    """A commit in one line."""
    words = place.words
    return (
        (Text(_when(entry, digest)),),
        (Text(kinds_text(entry.kinds[:1], words)),),
        (*_reverted(entry, place), Text(subject_text(entry, words))),
        (commit_run(short(entry.sha), entry.url),),
        (Text(one_line(entry.author)),),
    )


def _reverted(entry: Entry, place: Place) -> Runs:
    if not entry.reverted_by:
        return ()
    return (Text(f"{place.words('fact.reverted_by')} "), other_commit(entry.reverted_by[0], place), Text(" · "))


def _problems(digest: Digest, words: Words) -> Iterator[Block]:
    if digest.unseen:
        items = problem_items(digest, words)
        heading = Heading(2, (Text(words("part.problems", n=len(items))),))
        meaning = Paragraph((Text(words("problems.meaning")),), role="warning")
        yield Section(heading, (meaning, Bullets(items)))
