"""A digest as a view: everything, in the order one reads it; and the same in brief for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from chatbot.views.commit import (
    Place,
    commit_heading,
    commit_section,
    folded_section,
    other_commit,
    subject_text,
)
from chatbot.views.links import Anchors, pull_request_run
from chatbot.views.phrases import badge, joined, marked, moment_text, window_text
from chatbot.views.problems import by_rules_section, problem_notice, problems_section
from chatbot.views.statistics import statistics_blocks, tier_line, total_statistics
from chatbot.views.totals import Totals
from chatbot.views.view import (
    Block,
    Bullet,
    Bullets,
    Contents,
    ContentsEntry,
    Fold,
    Heading,
    Jump,
    Link,
    Paragraph,
    Role,
    Run,
    Runs,
    Section,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.lazy import Joined, Mapped
from workers.model import Digest, Engine, Entry, RepositoryDigest, Tier
from workers.words import Words

MAX_OPEN_CONTENTS = 60
"""A contents list with more lines than this is folded, so that the report itself stays in sight."""


def digest_view(digest: Digest, words: Words) -> View:
    """The whole report: overview, contents, and for each repository its statistics, commits and analyses.

    Where there is one repository, what matters of it stands before the contents.
    """
    anchors = Anchors()
    problems = problems_section(digest, words, anchors)
    totals = totals_of(digest)
    parts = tuple(
        _repository(repository, some, digest, words, anchors)
        for repository, some in zip(digest.repositories, totals, strict=True)
    )
    body: list[Block] = [Paragraph((Text(window_text(digest.window, words)),), role="note")]
    body += (*problem_notice(digest, words, problems), *by_rules_section(digest, words, 2))
    if len(parts) == 1:
        body.append(_with_contents(parts[0].section, _contents(parts, problems, 3, words)))
    else:
        sections = tuple(part.section for part in parts)
        body += (_overview(digest, sections, words), *_contents(parts, problems, 2, words), *sections)
    body += (problems,) if problems else ()
    if any(one.commits for one in totals):
        body.append(Paragraph((Text(judges_text(totals, words)),), role="note"))
    section = Section(Heading(1, (Text(digest.title),)), tuple(body))
    return View(digest.language, digest.title, digest_summary(digest, words), (section,))


def digest_summary(digest: Digest, words: Words) -> str:
    """The digest in one sentence, for a notification."""
    total = total_statistics(digest.repositories)
    if total.commits == 0:
        return empty_text(digest.repositories, bool(digest.unseen), words)
    names = words("mark.comma").join(one_line(repository.name) for repository in digest.repositories)
    counts = {"high": total.high, "medium": total.medium, "low": total.low}
    return words("digest.summary", names=names, n=total.commits, **counts)


def empty_text(repositories: Iterable[RepositoryDigest], problems: bool, words: Words) -> str:
    """One honest line for no commits: none were made, only merges were, or not everything could be looked at."""
    merges = sum(repository.statistics.merges_left_out for repository in repositories)
    text = words("empty.problems" if problems else "empty.none")
    return text + words("empty.merges", n=merges) if merges else text


def totals_of(digest: Digest) -> tuple[Totals, ...]:
    """What the commits of each repository come to, with its highlights."""
    zone = digest.window.timezone
    return tuple(Totals.of(part.commits, zone, (part.highlighting,)) for part in digest.repositories)


def judges_text(totals: Sequence[Totals], words: Words) -> str:
    """Who judged how many of the commits, how many of them were known already, and what the models read and wrote."""
    engines: tuple[Engine, ...] = ("model", "offline")
    parts = [words(f"judged.{engine}", n=n) for engine in engines if (n := sum(one.engines[engine] for one in totals))]
    cached = sum(one.cached for one in totals)
    parts += [words("judged.cached", n=cached)] if cached else []
    read, written = sum(one.tokens_read for one in totals), sum(one.tokens_written for one in totals)
    parts += [words("judged.tokens", input=read, output=written)] if read or written else []
    return words("judged.made") + words("mark.semicolon").join(parts)


# --- overview and contents --------------------------------------------------------------------------------------


def _overview(digest: Digest, sections: tuple[Section, ...], words: Words) -> Section:
    """All repositories in one table, for a digest of several."""
    head: tuple[Runs, ...] = tuple((Text(words(f"column.{name}")),) for name in ("repository", "commits"))
    head += tuple((badge(tier, words),) for tier in Tier)
    head += tuple((Text(words(f"column.{name}")),) for name in ("merges", "authors", "lines"))
    rows = []
    for repository, section in zip(digest.repositories, sections, strict=True):
        name = Jump(one_line(repository.name), section.heading.anchor)
        rows.append(((name,), *_counts(repository, words)))
    table = Table(head, tuple(rows), wide=0, numbers=tuple(range(1, len(head))))
    line = Paragraph(tier_line(total_statistics(digest.repositories), words))
    return Section(Heading(2, (Text(words("part.overview")),)), (line, table))


def _counts(repository: RepositoryDigest, words: Words) -> Iterator[Runs]:
    statistics = repository.statistics
    for count in (statistics.commits, statistics.high, statistics.medium, statistics.low):
        yield (Text(f"{count:,}"),)
    yield (Text(f"{statistics.merges_left_out:,}"),)
    yield (Text(f"{statistics.authors:,}"),)
    yield (Text(words("statistics.lines", additions=statistics.additions, deletions=statistics.deletions)),)


@dataclass(frozen=True, slots=True)
class _Part:
    """A repository's section, and its lines in the contents: its own, those of its parts and tiers, its commits'."""

    section: Section
    contents: Sequence[ContentsEntry]


def _contents(parts: Iterable[_Part], problems: Section | None, level: int, words: Words) -> tuple[Section, ...]:
    """Every repository, part, tier and commit by its own heading; nothing for a report without commits."""
    lists = [part.contents for part in parts]
    if all(len(lines) == 1 for lines in lists):
        return ()
    entries = Joined((*lists, (_line(problems, 0),) if problems else ()))
    block: Block = Contents(entries)
    if len(entries) > MAX_OPEN_CONTENTS:
        block = Fold((Text(words("contents.fold", n=len(entries))),), (block,))
    return (Section(Heading(level, (Text(words("part.contents")),)), (block,)),)


def _with_contents(section: Section, contents: tuple[Section, ...]) -> Section:
    """A repository's section with the contents before the first part that lists commits."""
    before = [block for block in section.blocks if not isinstance(block, Section) or block.role == "summary"]
    return replace(section, blocks=(*before, *contents, *section.blocks[len(before) :]))


def _line(section: Section, level: int) -> ContentsEntry:
    return ContentsEntry(level, section.heading.runs, section.heading.anchor)


def _commit_line(place: Place, entry: Entry) -> ContentsEntry:
    heading = commit_heading(entry, place, 4)
    return ContentsEntry(2, heading.runs, heading.anchor)


# --- one repository ---------------------------------------------------------------------------------------------


def _repository(repository: RepositoryDigest, totals: Totals, digest: Digest, words: Words, anchors: Anchors) -> _Part:
    name = one_line(repository.name)
    here = anchors.of("repository", name)
    run: Run = Link(name, repository.url) if repository.url else Text(name)
    blocks: list[Block] = []
    lines: list[Sequence[ContentsEntry]] = []
    if repository.statistics.commits == 0:
        blocks.append(Paragraph((Text(empty_text((repository,), bool(digest.unseen), words)),)))
    else:
        places = {sha: anchors.of("commit", sha[:12]) for sha in repository.shas()}
        place = Place(repository, places, words)
        statistics = statistics_blocks(repository, totals, digest.window, words)
        for section, entries in _parts(place, statistics, here, anchors):
            blocks.append(section)
            lines += ((_line(section, 1),), Mapped(entries, partial(_commit_line, place)))
    section = Section(Heading(2, (run,), here), tuple(blocks), role="repository")
    return _Part(section, Joined(((_line(section, 0),), *lines)))


def _parts(
    place: Place, statistics: tuple[Block, ...], here: str, anchors: Anchors
) -> Iterator[tuple[Section, Sequence[Entry]]]:
    """The sections under a repository, each with the commits whose analyses it holds."""
    repository, words = place.repository, place.words
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("statistics", statistics),
        ("highlights", (highlights(place),) if repository.highlights else ()),
        ("commits", (_commits(place),) if repository.commits else ()),
    ]
    for name, blocks in parts:
        if blocks:
            role: Role = "part" if name == "commits" else "summary"
            yield Section(Heading(3, (Text(words(f"part.{name}")),), anchors.of(here, name)), blocks, role), ()
    for tier in Tier:
        if entries := repository.of_tier(tier):
            yield _tier(tier, entries, place, anchors.of(here, tier)), entries


def highlights(place: Place) -> Bullets:
    """What stands out, each with the commits it speaks of."""
    items = []
    for highlight in place.repository.highlights:
        commits = joined(((other_commit(sha, place),) for sha in highlight.commits), ", ")
        items.append(Bullet((*marked(one_line(highlight.text)), *((Text(" "), *commits) if commits else ()))))
    return Bullets(tuple(items))


def _commits(place: Place) -> Table:
    """Every commit, newest first, leading to its analysis."""
    words, repository = place.words, place.repository
    head = tuple((Text(words(f"column.{name}")),) for name in ("time", "author", "commit", "pull_request", "tier"))
    return Table(head, Mapped(repository.commits, partial(_row, place)), wide=2)


def _row(place: Place, entry: Entry) -> tuple[Runs, ...]:
    words = place.words
    pull = (pull_request_run(entry.pull_request, place.repository.url),) if entry.pull_request is not None else ()
    subject = Jump(subject_text(entry, words), place.anchors[entry.sha])
    time, author = Text(moment_text(entry.committed_at)), Text(one_line(entry.author))
    return ((time,), (author,), (subject,), pull, (badge(entry.tier, words),))


def _tier(tier: Tier, entries: Sequence[Entry], place: Place, anchor: str) -> Section:
    """One tier's commits; those of low importance with a line each and the rest of their analysis folded."""
    heading = Heading(3, (badge(tier, place.words), Text(place.words("part.tier", n=len(entries)))), anchor)
    section = folded_section if tier is Tier.LOW else commit_section
    return Section(heading, Mapped(entries, partial(section, place=place, level=4)), role="tier", tier=tier)
