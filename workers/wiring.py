"""Builds what a job needs from the settings of its process and the connection of its queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from redis import Redis

from workers.analysis.versions import OFFLINE_PROMPT, judge_prompt
from workers.embedded import Embedded
from workers.errors import RefusedError, WordsError
from workers.request import DigestRequest
from workers.settings import Settings, load_settings
from workers.sources.base import Source
from workers.sources.github.access import GitHubAccess, is_repository_name
from workers.store.analyses import AnalysisKey, AnalysisStore
from workers.store.claims import Claims
from workers.store.commits import CommitStore
from workers.store.digests import DigestStore
from workers.store.highlights import HighlightStore
from workers.store.history import HistoryStore
from workers.store.part_readings import PartReadingStore
from workers.store.responses import ResponseMemory
from workers.store.runs import RunStore
from workers.tree import Tree

if TYPE_CHECKING:
    from workers.analysis.llm.llm import Llm
    from workers.analysis.llm.values import Usage


GROWTH = 2
"""How many times what they began with calls at once may become while all of them succeed."""

DIALECT_LIFE = timedelta(days=1)
"""How long it is remembered what a model server understands: an update may teach it more."""


@dataclass
class Tools:
    """What jobs work with. `now` is the one clock; sources are opened at first use and closed with the tools.

    `owner` is in whose name claims are taken: the job's id, so that a job begun again goes on with what it held.
    """

    settings: Settings
    redis: Redis
    commits: CommitStore
    analyses: AnalysisStore
    claims: Claims
    runs: RunStore
    digests: DigestStore
    highlights: HighlightStore
    part_readings: PartReadingStore
    history: HistoryStore
    now: Callable[[], datetime]
    owner: str
    _sources: dict[str, Source] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """The source that a request names: an absolute path of a git repository, or `owner/name` on GitHub."""
        if name not in self._sources:
            self._sources[name] = open_source(name, self.settings, self.redis)
        return self._sources[name]

    def ensure_public(self, name: str) -> None:
        """RefusedError("repository_not_found") for a source that not everybody may read; a path is none of these."""
        if is_local(name):
            raise RefusedError("repository_not_found", repository=name)
        from workers.sources.github.visibility import ensure_public  # noqa: PLC0415 - see open_source

        ensure_public(name, github_access(self.settings))

    def tree(self, name: str, sha: str) -> Tree | None:
        """What a source's repository holds at a commit; None where asking would cost requests."""
        return self.source(name).tree(sha) if is_local(name) else None

    def analysis_key(self, source: str, request: DigestRequest) -> AnalysisKey:
        """Under which key the analyses of a request are kept. RefusedError("no_model") where a model is insisted on."""
        if request.judge == "model" and not self.settings.has_model:
            raise RefusedError("no_model")
        with_model = request.judge != "offline" and self.settings.has_model
        return AnalysisKey(
            repository=repository_key(source),
            prompt=judge_prompt() if with_model else OFFLINE_PROMPT,
            model=models_of(self.settings) if with_model else None,
            language=request.language,
        )

    def close(self) -> None:
        """Closes the sources that were opened."""
        for source in self._sources.values():
            source.close()


def models_of(settings: Settings) -> str:
    """The models that judge, as one name: all that an analysis by them depends on."""
    names = (settings.openai_model, settings.openai_model_deep)
    return "+".join(dict.fromkeys(name for name in names if name))


def most_at_once(settings: Settings) -> int:
    """What calls at once may grow to. Who wants one after another has a reason, and gets that."""
    return GROWTH * settings.openai_concurrency if settings.openai_concurrency > 1 else 1


def open_llm(settings: Settings, redis: Redis) -> Llm:
    """A model to ask, for use as an asynchronous context. Its slots, what it learns and what it costs are shared."""
    from workers.analysis.llm.endpoint import endpoint_of  # noqa: PLC0415 - the rules need no model
    from workers.analysis.llm.llm import Llm  # noqa: PLC0415
    from workers.analysis.packing.tokens import estimate  # noqa: PLC0415
    from workers.store.slots import RedisSlots  # noqa: PLC0415
    from workers.store.usage import DayUsage, UsageStore  # noqa: PLC0415

    endpoint, kept = endpoint_of(settings), UsageStore(redis)

    def record(model: str, usage: Usage) -> None:
        kept.add(DayUsage(day=datetime.now(UTC).date(), model=model, **usage.model_dump()))

    slots = RedisSlots(redis, endpoint.name, endpoint.concurrency, most_at_once(settings))
    return Llm(endpoint, slots, estimate, ResponseMemory(redis, DIALECT_LIFE), record)


def build_tools(redis: Redis, settings: Settings | None = None, owner: str = "") -> Tools:
    """The tools over one Redis; `settings` None means those of this process's environment."""
    settings = settings or load_settings()
    return Tools(
        settings=settings,
        redis=redis,
        commits=CommitStore(redis, settings.commit_life),
        analyses=AnalysisStore(redis, settings.analysis_life),
        claims=Claims(redis, settings.claim_life),
        owner=owner,
        runs=RunStore(redis, settings.run_life),
        digests=DigestStore(redis, settings.digest_life),
        highlights=HighlightStore(redis, settings.analysis_life),
        part_readings=PartReadingStore(redis, settings.analysis_life),
        history=HistoryStore(redis, settings.digest_life),
        now=lambda: datetime.now(UTC),
    )


def is_local(source: str) -> bool:
    """Whether a request's source is a path on this machine and not a name on GitHub."""
    return Path(source).is_absolute()


def name_source(words: str) -> str:
    """What a request calls the source that a person names: a folder that exists, else a name on GitHub.

    WordsError("no_source") for words that are neither.
    """
    path = Path(words).expanduser()
    if path.is_dir():
        return str(path.resolve())
    if is_repository_name(words):
        return words
    raise WordsError("no_source", source=words)


def repository_key(source: str) -> str:
    """What the store calls a source: the two kinds never share a name."""
    return f"git:{source}" if is_local(source) else f"github:{source.casefold()}"


def open_source(name: str, settings: Settings, redis: Redis) -> Source:
    """The source of a name. PyGithub is imported only for GitHub: it costs 0.2 to 0.4 s."""
    if is_local(name):
        from workers.sources.git.source import GitSource  # noqa: PLC0415

        return GitSource(Path(name))
    from workers.analysis.redaction.redaction import redact_head  # noqa: PLC0415
    from workers.sources.github.source import GitHubSource  # noqa: PLC0415

    memory = ResponseMemory(redis, settings.commit_life)
    return GitHubSource(name, github_access(settings), memory, clean=redact_head)


def github_access(settings: Settings) -> GitHubAccess:
    """How the settings say that GitHub is reached."""
    return GitHubAccess(
        token=settings.github_token.get_secret_value() if settings.github_token else None,
        app_id=settings.github_app_id,
        private_key=settings.github_app_private_key.get_secret_value() if settings.github_app_private_key else None,
        api_url=settings.github_api_url,
        max_wait=settings.github_max_wait.total_seconds(),
    )


@contextmanager
def redis_address(settings: Settings) -> Iterator[str]:
    """The address of the Redis to use: the given one, else an embedded server that runs while the context does."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    with Embedded.open(settings.data_dir) as server:
        yield server.url
