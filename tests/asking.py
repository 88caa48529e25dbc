"""A digest of a real small repository in a store, and questions about it through a fake model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from redis import Redis

from tests.fakes.github import RIGHT_TOKEN
from tests.fakes.github_stage import NAME
from tests.fakes.model import RIGHT_KEY
from tests.fakes.model_protocol import Asked as Request
from tests.repositories import RepositoryBuilder, symlink
from tests.samples import digest, entry, repository
from workers.analysis.redaction.redaction import redact
from workers.model import Commit, Language
from workers.questions.answer import answer
from workers.questions.values import Answer, Asked, CommitRef, Event, Finished, Found, Looking, Told
from workers.request import Query
from workers.settings import Settings
from workers.sources.git.source import GitSource
from workers.wiring import Tools, build_tools, repository_key

DIGEST = "d1"
KEY = "AKIA" + "Q7WRTZ5KXH2NPLM3"
"""A secret of a common form."""
SECRET_LINE = f'aws_access_key_id = "{KEY}"\n'
LINES = "".join(f"# line {number}\n" for number in range(1, 40))
CACHE = LINES + "CACHE_SECONDS = {}\ndef evict(one):\n    return one\n"
URL = "https://github.com/acme/engine"


class Engine:
    """A repository of a cache, with files that nobody may read in it and beside it."""

    def __init__(
        self,
        path: Path,
        files: Mapping[str, Any] | None = None,
        message: str = "Keep entries of the cache longer (#7)\n\nThe cache was emptied too early.\n",
    ) -> None:
        built = RepositoryBuilder(path / "engine.git", bare=True)
        (path / "outside.txt").write_text("the password of the neighbour\n")
        others = {
            "src/limits.py": "MAX_ENTRIES = 512\ndef limit(): ...\n",
            "deploy/keys.ini": f"[aws]\n{SECRET_LINE}region = eu\n",
            "leads/out": symlink("../../outside.txt"),
        }
        built.commit("Begin", {"src/cache.py": CACHE.format(30), "docs/cache.md": "It keeps 30 s.\n", **others})
        self.first = built.commit("Describe limits", {"docs/limits.md": "At most 512 entries.\n"})
        changed = {"src/cache.py": CACHE.format(90), "docs/cache.md": "It keeps 90 s.\n", **(files or {})}
        self.sha = built.commit(message, changed)
        self.source = str(built.path)
        self.ref = CommitRef(source=self.source, sha=self.sha)

    @cached_property
    def commits(self) -> list[Commit]:
        """The two commits of the digest, newest first, as they stand in the store."""
        source = GitSource(self.source)
        listing = source.listing(Query(timezone="UTC", commits=(self.sha, self.first)), datetime.now(UTC))
        found = [redact(commit).commit for commit in source.commits(listing.heads)]
        source.close()
        return sorted(found, key=lambda one: one.sha != self.sha)


@dataclass
class World:
    """A store that has the digest of a repository. `github`: the API where it is NAME; None: it is on this disk."""

    engine: Engine
    redis: Redis
    model_url: str | None = None
    github: str | None = None

    @property
    def source(self) -> str:
        return NAME if self.github else self.engine.source

    @property
    def ref(self) -> CommitRef:
        return CommitRef(source=self.source, sha=self.engine.sha)

    def __post_init__(self) -> None:
        tools = self.tools()
        tools.commits.put_many(repository_key(self.source), self.engine.commits)
        entries = [
            entry(one.subject, "10:00", sha=one.sha, url=f"{URL}/commit/{one.sha}", message=one.message)
            for one in self.engine.commits
        ]
        tools.digests.put(DIGEST, digest(repository(entries, url=URL)))

    def tools(self) -> Tools:
        given: dict[str, Any] = {}
        if self.model_url:
            given = {"openai_base_url": self.model_url, "openai_api_key": SecretStr(RIGHT_KEY), "openai_model": "small"}
        if self.github:
            given |= {"github_api_url": self.github, "github_token": SecretStr(RIGHT_TOKEN)}
        return build_tools(self.redis, Settings(**given))

    def asked(self, text: str = "How long are entries kept?", language: Language = "en", **given: Any) -> Asked:
        fields = {"digest_id": DIGEST, "sources": (self.source,), "focus": self.ref, **given}
        return Asked(text=text, language=language, **fields)

    def ask(
        self, asked: Asked | None = None, may_see: Callable[[str], bool] = lambda _: True, **given: Any
    ) -> list[Event]:
        """The events of one question, each once it was given."""
        return asyncio.run(self._gather(asked or self.asked(**given), may_see))

    async def _gather(self, asked: Asked, may_see: Callable[[str], bool]) -> list[Event]:
        tools, events = self.tools(), []
        async with aclosing(answer(tools, asked, may_see)) as given:
            async for event in given:
                events.append(event)
        tools.close()
        return events


def answer_of(events: list[Event]) -> Answer:
    """The end of an answering; what was told before is what it says."""
    last = events[-1]
    assert isinstance(last, Finished)
    assert isinstance(events[0], Found | Finished)
    told = [event for event in events if isinstance(event, Told)]
    assert [event.said for event in told] == list(last.answer.said)
    assert [one for event in told for one in event.citations] == list(last.answer.citations)
    return last.answer


def looked(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.tool, event.what) for event in events if isinstance(event, Looking)]


def statement(
    text: str, path: str = "", quote: str = "", side: str = "new", commits: tuple[str, ...] = (), proposed: bool = False
) -> dict[str, Any]:
    """A statement as a model says it."""
    evidence = [{"path": path, "side": side, "quote": quote}] if path else []
    return {"text": text, "commits": list(commits), "evidence": evidence, "proposed": proposed}


def reply(*statements: dict[str, Any]) -> str:
    return json.dumps({"answer": statements}, ensure_ascii=False)


def is_repair(request: Request) -> bool:
    return request.rung == "json_schema" and "repairs" in request.schema["properties"]


RAISED = statement("`CACHE_SECONDS` goes from 30 to 90.", "src/cache.py", "CACHE_SECONDS = 90")
DOCS = statement("`docs/cache.md` now says 90 s.", "docs/cache.md", "It keeps 90 s.")
