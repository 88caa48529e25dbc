"""What a digest could not look at or judge, so that nobody takes it for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.views.links import Anchors, commit_run
from chatbot.views.phrases import marked, short
from chatbot.views.view import Block, Bullet, Bullets, Heading, Jump, Paragraph, Runs, Section, Text
from chatbot.views.visible import one_line
from workers.model import Digest, Problem
from workers.words import Words

_COMMIT = re.compile(r"(?P<name>.+)@(?P<sha>[0-9a-f]{7,64})")


def problems_section(digest: Digest, words: Words, anchors: Anchors) -> Section | None:
    """The section with every problem; None without any."""
    if not digest.problems:
        return None
    heading = Heading(2, (Text(words("part.problems", n=len(digest.problems))),), anchors.of("", "problems"))
    items = tuple(Bullet(problem_runs(problem, digest, words)) for problem in digest.problems)
    return Section(heading, (Paragraph((Text(words("problems.meaning")),)), Bullets(items)))


def problem_runs(problem: Problem, digest: Digest, words: Words) -> Runs:
    """Where, then what; `name@sha` leads to the commit."""
    where, what = one_line(problem.where), (Text(words("mark.colon")), *marked(one_line(problem.what)))
    match = _COMMIT.fullmatch(where)
    if match is None:
        return (Text(where), *what)
    return (
        Text(f"{match['name']}@"),
        commit_run(short(match["sha"]), _url(digest, match["name"], match["sha"])),
        *what,
    )


def _url(digest: Digest, name: str, sha: str) -> str | None:
    entries = (entry for one in digest.repositories if one.name == name for entry in one.commits)
    return next((entry.url for entry in entries if entry.sha.startswith(sha)), None)


def problem_notice(digest: Digest, words: Words, section: Section | None) -> Iterator[Block]:
    """The warning at the top of a report that is not whole."""
    if section is not None:
        notice = Text(words("problems.notice", n=len(digest.problems)))
        yield Paragraph((notice, Jump(words("problems.see"), section.heading.anchor)), role="warning")
