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

_SHA = re.compile(r"[0-9a-f]{40,64}")


def problems_section(digest: Digest, words: Words, anchors: Anchors) -> Section | None:
    """The section with every problem; None without any."""
    if not digest.problems:
        return None
    heading = Heading(2, (Text(words("part.problems", n=len(digest.problems))),), anchors.of("", "problems"))
    urls = {entry.sha: entry.url for repository in digest.repositories for entry in repository.commits}
    items = tuple(Bullet(problem_runs(problem, urls, words)) for problem in digest.problems)
    return Section(heading, (Paragraph((Text(words("problems.meaning")),)), Bullets(items)))


def problem_runs(problem: Problem, urls: dict[str, str | None], words: Words) -> Runs:
    """Where, then what; a commit's sha is shortened and leads to the commit."""
    where = one_line(problem.where)
    match = _SHA.search(where)
    what = (Text(words("mark.colon")), *marked(one_line(problem.what)))
    if match is None:
        return (Text(where), *what)
    before = [Text(where[: match.start()])] if match.start() else []
    after = [Text(where[match.end() :])] if match.end() < len(where) else []
    return (*before, commit_run(short(match[0]), urls.get(match[0])), *after, *what)


def problem_notice(digest: Digest, words: Words, section: Section | None) -> Iterator[Block]:
    """The warning at the top of a report that is not whole."""
    if section is not None:
        notice = Text(words("problems.notice", n=len(digest.problems)))
        yield Paragraph((notice, Jump(words("problems.see"), section.heading.anchor)), role="warning")
