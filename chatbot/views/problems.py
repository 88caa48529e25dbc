"""What a digest could not look at, so that nobody takes it for nothing, and what rules judged instead of a model."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial

from chatbot.views.links import Anchors, commit_run
from chatbot.views.phrases import marked, short
from chatbot.views.view import Block, Bullet, Bullets, Heading, Jump, Paragraph, Runs, Section, Text
from chatbot.views.visible import one_line
from workers.lazy import Mapped
from workers.model import Digest, Problem
from workers.words import Words

_COMMIT = re.compile(r"(?P<name>.+)@(?P<sha>[0-9a-f]{7,64})")


def problems_section(digest: Digest, words: Words, anchors: Anchors) -> Section | None:
    """The section with all that could not be looked at; None where there is nothing of the sort."""
    if not digest.unseen:
        return None
    heading = Heading(2, (Text(words("part.problems", n=len(digest.unseen))),), anchors.of("", "problems"))
    return Section(heading, (Paragraph((Text(words("problems.meaning")),)), Bullets(problem_items(digest, words))))


def problem_items(digest: Digest, words: Words) -> Sequence[Bullet]:
    """All that could not be looked at: where, then what; `name@sha` leads to the commit."""
    return Mapped(digest.unseen, partial(_item, _Addresses(digest), words))


def by_rules_section(digest: Digest, words: Words, level: int) -> Iterator[Section]:
    """Why the rules judged commits instead of the model: a line for each reason. Nothing where they did not."""
    reasons = digest.judged_by_rules
    if reasons:
        heading = Heading(level, (Text(words("part.by_rules", n=sum(one.by_rules for one in reasons))),))
        items = Mapped(reasons, partial(_item, _Addresses(digest), words))
        yield Section(heading, (Bullets(items),))


class _Addresses:
    """The pages of a digest's commits, by the beginnings of their shas."""

    def __init__(self, digest: Digest) -> None:
        self._parts = {part.name: (part, sorted(part.shas())) for part in digest.repositories}

    def of(self, name: str, start: str) -> str | None:
        """The address of a commit; None where it is not in the digest, or has none."""
        if name not in self._parts:
            return None
        part, shas = self._parts[name]
        found = shas[bisect_left(shas, start) :][:1]
        entry = part.entry(found[0]) if found and found[0].startswith(start) else None
        return entry.url if entry else None


def _item(addresses: _Addresses, words: Words, problem: Problem) -> Bullet:
    return Bullet(_runs(addresses, words, problem))


def _runs(addresses: _Addresses, words: Words, problem: Problem) -> Runs:
    where, what = one_line(problem.where), (Text(words("mark.colon")), *marked(one_line(problem.what)))
    match = _COMMIT.fullmatch(where)
    if match is None:
        return (Text(where), *what)
    return (
        Text(f"{match['name']}@"),
        commit_run(short(match["sha"]), addresses.of(match["name"], match["sha"])),
        *what,
    )


def problem_notice(digest: Digest, words: Words, section: Section | None) -> Iterator[Block]:
    """The warning at the top of a report that could not look at everything."""
    if section is not None:
        notice = Text(words("problems.notice", n=len(digest.unseen)))
        yield Paragraph((notice, Jump(words("problems.see"), section.heading.anchor)), role="warning")
