"""A digest as one message of a chat: what matters in a line or two each, the rest in a table, and what can be done.

What does not fit into one message of a platform goes on in the thread; the Foot stays with the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from chatbot.views.chat_chart import chart_of
from chatbot.views.chat_item import MOST_IN_A_ROW, clipped, item
from chatbot.views.chat_menu import menu_page
from chatbot.views.chat_values import commit_value
from chatbot.views.commit import Place, other_commit, subject_text
from chatbot.views.digest import digest_summary, empty_text, highlights, judges_text
from chatbot.views.links import commit_run
from chatbot.views.phrases import badge, kinds_text, short, window_text
from chatbot.views.problems import by_rules_section, problem_items
from chatbot.views.remarks import coverage_text, grounding_text
from chatbot.views.statistics import tier_line, total_statistics
from chatbot.views.totals import Totals
from chatbot.views.view import (
    Action,
    Actions,
    Block,
    Bullets,
    Foot,
    Heading,
    Link,
    Paragraph,
    Runs,
    Section,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.model import Digest, Entry, RepositoryDigest, Tier
from workers.store.history import Day
from workers.words import Words

MOST_OF_A_TIER = 300
"""Commits of one tier that are listed in a chat; how many more there are is said, and the menu has them all."""
MOST_PROBLEMS = 50
"""Problems that are listed in a chat; how many more there are is said."""


def chat_view(
    digest: Digest, words: Words, *, digest_id: str = "", report_url: str | None = None, history: Sequence[Day] = ()
) -> View:
    """The digest as a message: one line for a window without commits.

    `digest_id` (at most 50 characters) comes back with every press. `report_url` is where the whole report stands,
    None where there is no public address. `history` are the last days with their counts, oldest first.
    """
    summary = digest_summary(digest, words)
    if not any(repository.statistics.commits for repository in digest.repositories):
        return View(digest.language, digest.title, summary, _empty(digest, words))
    title = words("chat.title", names=names_text(digest, words), title=digest.title)
    body: list[Block] = [*_overview(digest, words), *by_rules_section(digest, words, 3)]
    for number, repository in enumerate(digest.repositories):
        body += _repository(number, repository, digest, words, digest_id)
    body += (*_low(digest, words), *_problems(digest, words))
    chart = chart_of(history, words)
    foot = (*((chart,) if chart else ()), *_foot(digest, words, digest_id, report_url))
    body.append(Foot(foot, words("chat.continued")))
    return View(digest.language, title, summary, (Section(Heading(1, (Text(title),)), tuple(body)),))


def names_text(digest: Digest, words: Words) -> str:
    """The names of a digest's repositories."""
    return words("mark.comma").join(one_line(repository.name) for repository in digest.repositories)


def _empty(digest: Digest, words: Words) -> tuple[Block, ...]:
    window = window_text(digest.window, words)
    text = empty_text(digest.repositories, bool(digest.unseen), words)
    line = words("chat.empty", names=names_text(digest, words), window=window, text=text)
    return (Paragraph((Text(line),)), *_problems(digest, words))


def _overview(digest: Digest, words: Words) -> Iterator[Block]:
    yield Paragraph((Text(window_text(digest.window, words)),), role="note")
    if digest.unseen:
        yield Paragraph((Text(words("problems.notice", n=len(digest.unseen))),), role="warning")
    total = total_statistics(digest.repositories)
    lines = words("statistics.lines", additions=total.additions, deletions=total.deletions)
    authors = max((repository.statistics.authors for repository in digest.repositories), default=0)
    people: Runs = (Text(f" · {words('count.authors', n=authors)}"),) if len(digest.repositories) == 1 else ()
    yield Paragraph((*tier_line(total, words), *people, Text(f" · {lines}")))


# --- what matters -----------------------------------------------------------------------------------------------


def _repository(
    number: int, repository: RepositoryDigest, digest: Digest, words: Words, digest_id: str
) -> Iterator[Section]:
    blocks = tuple(_parts(number, repository, words, digest_id))
    if len(digest.repositories) == 1:
        yield from blocks
    else:
        name, counts = one_line(repository.name), tier_line(repository.statistics, words)
        if repository.statistics.commits == 0:
            counts = (Text(empty_text((repository,), bool(digest.unseen), words)),)
        heading = Heading(2, (Link(name, repository.url) if repository.url else Text(name),))
        yield Section(heading, (Paragraph(counts, role="note"), *blocks), "repository")


def _parts(number: int, repository: RepositoryDigest, words: Words, digest_id: str) -> Iterator[Section]:
    place = Place(repository, {}, words)
    if repository.highlights:
        yield Section(Heading(3, (Text(words("part.highlights")),)), (highlights(place),), "summary")
    for tier in (Tier.HIGH, Tier.MEDIUM):
        if entries := repository.of_tier(tier):
            listed = islice(entries, MOST_OF_A_TIER)
            items = (item(entry, place, commit_value(digest_id, number, entry.sha)) for entry in listed)
            yield _tier(tier, len(entries), (*items, *_capped(len(entries), words)), words)


def _tier(tier: Tier, count: int, blocks: tuple[Block, ...], words: Words) -> Section:
    heading = Heading(3, (badge(tier, words), Text(words("part.tier", n=count))))
    return Section(heading, blocks, role="tier", tier=tier)


def _capped(count: int, words: Words) -> tuple[Block, ...]:
    if count <= MOST_OF_A_TIER:
        return ()
    return (Paragraph((Text(words("chat.capped", n=count - MOST_OF_A_TIER)),), role="note"),)


# --- the rest ---------------------------------------------------------------------------------------------------


def _low(digest: Digest, words: Words) -> Iterator[Section]:
    """All repositories' commits of low importance in one table."""
    several = len(digest.repositories) > 1
    names = ("column.commit", "fact.kinds", "column.author", "chat.sha")
    head = tuple((Text(words(name)),) for name in (("column.repository", *names) if several else names))
    low = [(part, part.of_tier(Tier.LOW)) for part in digest.repositories]
    if count := sum(len(entries) for _, entries in low):
        listed = islice(((part, entry) for part, entries in low for entry in entries), MOST_OF_A_TIER)
        rows = tuple(_row(entry, part, words, several) for part, entry in listed)
        yield _tier(Tier.LOW, count, (Table(head, rows, wide=int(several)), *_capped(count, words)), words)


def _row(entry: Entry, repository: RepositoryDigest, words: Words, several: bool) -> tuple[Runs, ...]:
    reverted: Runs = ()
    if entry.reverted_by:
        by = other_commit(entry.reverted_by[0], Place(repository, {}, words))
        reverted = (Text(f"{words('fact.reverted_by')} "), by, Text(" · "))
    cells: tuple[Runs, ...] = (
        (*reverted, Text(clipped(subject_text(entry, words), MOST_IN_A_ROW))),
        (Text(kinds_text(entry.kinds[:1], words)),),
        (Text(clipped(one_line(entry.author), MOST_IN_A_ROW)),),
        (commit_run(short(entry.sha), entry.url),),
    )
    return ((Text(one_line(repository.name)),), *cells) if several else cells


def _problems(digest: Digest, words: Words) -> Iterator[Section]:
    if digest.unseen:
        heading = Heading(3, (Text(words("part.problems", n=len(digest.unseen))),))
        items = tuple(islice(problem_items(digest, words), MOST_PROBLEMS))
        more = len(digest.unseen) - len(items)
        remarks = ([words("chat.more_problems", n=more)] if more else []) + [words("problems.meaning")]
        note = Paragraph((Text(words("mark.sentence").join(remarks)),), role="note")
        yield Section(heading, (Bullets(items), note))


# --- what ends it -----------------------------------------------------------------------------------------------


def _foot(digest: Digest, words: Words, digest_id: str, report_url: str | None) -> Iterator[Block]:
    asked = (repository.highlighting for repository in digest.repositories)
    totals = Totals.of(_entries(digest), digest.window.timezone, asked)
    yield Paragraph((Text(words("mark.semicolon").join(filter(None, _remarks(digest, totals, words)))),), role="note")
    yield Paragraph((Text(judges_text((totals,), words)),), role="note")
    menu, turns = menu_page(digest, words, digest_id)
    if menu:
        yield menu
    actions = [*turns, *([Action("report", words("chat.report"), url=report_url)] if report_url else [])]
    several = len(digest.repositories) > 1
    for repository in digest.repositories:
        if repository.url:
            label = f"{words('chat.github')}: {one_line(repository.name)}" if several else words("chat.github")
            actions.append(Action("github", label, url=repository.url))
    if actions:
        yield Actions(tuple(actions))


def _remarks(digest: Digest, totals: Totals, words: Words) -> Iterator[str]:
    """How much was read and checked, and what is counted but not shown."""
    total = total_statistics(digest.repositories)
    yield coverage_text(totals.coverage, words)
    yield grounding_text(totals.grounding, words)
    if hidden := total.commits - totals.commits:
        yield words("statistics.hidden", n=hidden)
    if total.merges_left_out:
        yield words("statistics.merges", n=total.merges_left_out)


def _entries(digest: Digest) -> Iterator[Entry]:
    return chain.from_iterable(repository.commits for repository in digest.repositories)
