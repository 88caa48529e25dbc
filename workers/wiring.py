"""Builds what a job needs from the settings of its process and the connection of its queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis

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
from workers.store.responses import ResponseMemory
from workers.store.runs import RunStore


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
    now: Callable[[], datetime]
    owner: str
    _sources: dict[str, Source] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """The source that a request names: an absolute path of a git repository, or `owner/name` on GitHub."""
        if name not in self._sources:
            self._sources[name] = open_source(name, self.settings, self.redis)
        return self._sources[name]

    def analysis_key(self, source: str, request: DigestRequest) -> AnalysisKey:
        """Under which key the analyses of a request are kept. RefusedError("no_model") where a model is insisted on."""
        if request.judge == "model":
            raise RefusedError("no_model")
        from workers.analysis.analyst import OFFLINE_PROMPT  # noqa: PLC0415 - the command line needs no analysis

        return AnalysisKey(
            repository=repository_key(source), prompt=OFFLINE_PROMPT, model=None, language=request.language
        )

    def close(self) -> None:
        """Closes the sources that were opened."""
        for source in self._sources.values():
            source.close()


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
    from workers.sources.github.source import GitHubSource  # noqa: PLC0415

    return GitHubSource(name, github_access(settings), ResponseMemory(redis, settings.commit_life))


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
