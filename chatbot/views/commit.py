"""One commit's whole analysis: as a section of a digest, and as a view of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chatbot.views.links import brief_label, commit_run, evidence_label, evidence_run, lines_label, pull_request_run
from chatbot.views.phrases import badge, joined, kinds_text, marked, moment_text, short
from chatbot.views.remarks import incomplete_text, remarks
from chatbot.views.view import (
    Action,
    Actions,
    Block,
    Bullet,
    Bullets,
    Excerpt,
    Facts,
    Fold,
    Heading,
    Jump,
    Paragraph,
    Quote,
    Run,
    Runs,
    Section,
    Strong,
    Text,
    View,
)
from chatbot.views.visible import one_line
from workers.model import Entry, Evidence, RepositoryDigest, Statement
from workers.words import Words

MAX_INLINE_EVIDENCE = 3
"""Places shown beside a statement; all of them, with their quotes, stand in the commit's evidence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commit is shown: its repository, the anchors of the digest's commits by sha, and the words.

    `places` of a statement are shown beside it at most; the others are counted there and stand in the evidence.
    """

    repository: RepositoryDigest
    anchors: Mapping[str, str]
    words: Words
    places: int = MAX_INLINE_EVIDENCE


def commit_view(entry: Entry, repository: RepositoryDigest, words: Words) -> View:
    """One commit as a view of its own. `repository` is the digest's part that the entry is from."""
    place = Place(repository, {}, words)
    section = commit_section(entry, place, level=1)
    actions = (Action("open", words("action.open_commit"), url=entry.url),) if entry.url else ()
    return View(
        language=words.language,
        title=subject_text(entry, words),
        summary=f"{repository.name}@{short(entry.sha)}: {subject_text(entry, words)}",
        blocks=(section, Actions(actions)) if actions else (section,),
    )


def subject_text(entry: Entry, words: Words) -> str:
    """The commit's subject in one line, or words for that it has none."""
    return one_line(entry.subject).strip() or words("commit.no_subject")


def commit_section(entry: Entry, place: Place, level: int) -> Section:
    """Everything that is known of a commit under one heading of the level given, always in the same order."""
    return Section(commit_heading(entry, place, level), _body(entry, place, level), role="commit", tier=entry.tier)


def folded_section(entry: Entry, place: Place, level: int) -> Section:
    """The same with one line in sight and everything else folded. The heading, being linked to, stays outside."""
    words = place.words
    said = next((statement.text for statement in entry.analysis.summary if statement.text.strip()), "")
    kinds = Text(kinds_text(entry.kinds, words))
    line = joined(((commit_run(short(entry.sha), entry.url),), (kinds,), marked(said)), " · ")
    fold = Fold((Text(words("commit.details")),), _body(entry, place, level))
    return Section(commit_heading(entry, place, level), (Paragraph(line), fold), role="commit", tier=entry.tier)


def commit_heading(entry: Entry, place: Place, level: int) -> Heading:
    """The commit's subject, with its anchor where it has one."""
    return Heading(level, (Text(subject_text(entry, place.words)),), place.anchors.get(entry.sha, ""))


def _body(entry: Entry, place: Place, level: int) -> tuple[Block, ...]:
    words = place.words
    blocks: list[Block] = [Facts(commit_facts(entry, place), words("mark.colon"))]
    if entry.message.strip():
        blocks.append(Fold((Text(words("commit.message")),), (Excerpt(entry.message.strip("\n")),)))
    if lacking := incomplete_text(entry.analysis, words):
        blocks.append(Paragraph((Text(lacking),), role="warning"))
    blocks += aspects(entry, place, min(level + 1, 6))
    if entry.analysis.conclusion is not None:
        conclusion = statement_runs(entry.analysis.conclusion, entry, place)
        blocks.append(Quote((Strong(words("aspect.conclusion")), Text(words("mark.colon")), *conclusion)))
    blocks += _evidence(entry, place)
    blocks += remarks(entry, words)
    return tuple(blocks)


# --- facts ------------------------------------------------------------------------------------------------------


def commit_facts(entry: Entry, place: Place) -> tuple[tuple[str, Runs], ...]:
    """Which commit it is, when, by whom, of what kinds and importance, how large, and what it reverts."""
    words = place.words
    tail = f" · {moment_text(entry.committed_at)} · {one_line(entry.author)}"
    pairs: list[tuple[str, Runs]] = [(words("fact.commit"), (commit_run(short(entry.sha), entry.url), Text(tail)))]
    if entry.pull_request is not None:
        pairs.append((words("fact.pull_request"), (pull_request_run(entry.pull_request, place.repository.url),)))
    pairs.append((words("fact.kinds"), (Text(kinds_text(entry.kinds, words)),)))
    pairs.append((words("fact.tier"), importance(entry, words)))
    pairs.append((words("fact.size"), (Text(size(entry, words)),)))
    for key, shas in (("reverts", entry.reverts), ("reverted_by", entry.reverted_by)):
        if shas:
            pairs.append((words(f"fact.{key}"), joined(((other_commit(sha, place),) for sha in shas), ", ")))
    return tuple(pairs)


def importance(entry: Entry, words: Words) -> Runs:
    """The tier and its reasons."""
    reasons = joined((marked(reason) for reason in entry.tier_reasons), words("mark.semicolon"))
    mark = badge(entry.tier, words)
    return (mark, Text(words("mark.dash")), *reasons) if reasons else (mark,)


def size(entry: Entry, words: Words) -> str:
    """`3 files, +12 −4`."""
    return words("commit.size", n=entry.files, additions=entry.additions, deletions=entry.deletions)


def other_commit(sha: str, place: Place) -> Run:
    """Another commit: within the view where it is in it, else at the source."""
    if sha in place.anchors:
        return Jump(short(sha), place.anchors[sha], code=True)
    url = place.repository.url
    return commit_run(short(sha), f"{url}/commit/{sha}" if url else None)


# --- aspects ----------------------------------------------------------------------------------------------------


def aspects(entry: Entry, place: Place, level: int) -> Iterable[Section]:
    """The sections of an analysis that have something to say."""
    analysis, words = entry.analysis, place.words
    flat = _flat(entry, place)
    insights = ((insight.dimension, insight.statements) for insight in analysis.insights)
    advice: dict[str, list[Statement]] = {}
    for recommendation in analysis.recommendations:
        advice.setdefault(recommendation.audience, []).append(recommendation.statement)
    lists = (
        ("summary", flat(analysis.summary)),
        ("impact", flat(analysis.impact)),
        ("insights", _grouped(insights, entry, place)),
        ("risks", flat(analysis.risks)),
        ("recommendations", _grouped(advice.items(), entry, place)),
    )
    for key, items in lists:
        if items:
            yield Section(Heading(level, (Text(words(f"aspect.{key}")),)), (Bullets(items),), role="aspect")


def _flat(entry: Entry, place: Place) -> Callable[[Iterable[Statement]], tuple[Bullet, ...]]:
    return lambda statements: tuple(Bullet(statement_runs(one, entry, place)) for one in statements if one.text.strip())


def _grouped(groups: Iterable[tuple[str, Iterable[Statement]]], entry: Entry, place: Place) -> tuple[Bullet, ...]:
    """One item per dimension or audience; a single statement stands beside its name, several below it."""
    items = []
    for name, statements in groups:
        said = [statement_runs(statement, entry, place) for statement in statements if statement.text.strip()]
        if not said:
            continue
        label: Runs = (Strong(one_line(name)), Text(place.words("mark.colon")))
        items.append(Bullet((*label, *said[0])) if len(said) == 1 else Bullet(label, tuple(said)))
    return tuple(items)


def statement_runs(statement: Statement, entry: Entry, place: Place) -> Runs:
    """The sentence, a mark when it proposes names that do not exist yet, and where it can be checked."""
    words = place.words
    runs = list(marked(statement.text))
    if statement.proposed:
        runs.append(Text(words("commit.proposed")))
    # Lines before and after a change may bear the same numbers: one label is enough.
    unique = list({evidence_label(evidence): evidence for evidence in reversed(statement.evidence)}.values())[::-1]
    shown = unique[: place.places]
    if shown:
        places = joined(((_citation(evidence, statement, entry, place),) for evidence in shown), ", ")
        more = words("evidence.more", n=len(unique) - len(shown)) if len(unique) > len(shown) else ""
        runs += [Text(words("evidence.open")), *places, Text(more + words("evidence.close"))]
    return tuple(runs)


def _citation(evidence: Evidence, statement: Statement, entry: Entry, place: Place) -> Run:
    """A place in brief: lines alone where the sentence itself names the file, the end of a long path elsewhere."""
    alone = len({other.path for other in statement.evidence}) == 1
    label = lines_label(evidence) if alone and f"`{evidence.path}`" in statement.text else brief_label(evidence)
    return evidence_run(evidence, entry.sha, place.repository, label)


def _evidence(entry: Entry, place: Place) -> tuple[Block, ...]:
    """Every quoted place once, folded."""
    quoted: dict[Evidence, None] = {}
    for statement in entry.analysis.statements():
        quoted.update(dict.fromkeys(evidence for evidence in statement.evidence if evidence.quote.strip()))
    if not quoted:
        return ()
    summary = place.words("evidence.fold", n=len(quoted))
    return (Fold((Text(summary),), tuple(_excerpt(evidence, entry, place) for evidence in quoted)),)


def _excerpt(evidence: Evidence, entry: Entry, place: Place) -> Excerpt:
    old = (Text(place.words("evidence.old")),) if evidence.side == "old" else ()
    return Excerpt(evidence.quote.strip("\n"), (evidence_run(evidence, entry.sha, place.repository), *old))
