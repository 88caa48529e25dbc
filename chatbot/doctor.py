"""`commit-digest doctor`: settings and everything outside, each in a line: ok, or what is wrong and the remedy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from chatbot.doors import PLATFORMS, WAYS_OUT
from chatbot.exits import DONE, UNREACHABLE
from chatbot.views.failure import failure_text
from workers.analysis.llm.endpoint import Endpoint, endpoint_of
from workers.analysis.llm.probe import probe
from workers.analysis.llm.values import ModelFault
from workers.connection import connect, without_password
from workers.embedded import Embedded
from workers.errors import DigestError
from workers.settings import Settings, load_settings
from workers.sources.git.command import OLDEST_GIT, Git
from workers.store.faults import ensure_usable, translated
from workers.wiring import github_access
from workers.words import Words, load_words


class Health(Enum):
    """How a check ended: fine, not configured (which is fine too), or wrong."""

    OK = "ok"
    OFF = "off"
    BAD = "bad"


Finding = tuple[Health, str]


def doctor(person: Words) -> int:
    """Prints a line per check; the exit code says whether all that is configured works."""
    bad = False
    for name, (health, text) in findings(person):
        bad = bad or health is Health.BAD
        click.echo(f"{person(f'doctor.{name}')}: {person(f'doctor.{health.value}')} — {text}")
    return UNREACHABLE if bad else DONE


def findings(person: Words) -> Iterator[tuple[str, Finding]]:
    """Each check's name and finding, as soon as it is known. Without readable settings nothing else is checked."""
    words = load_words("chatbot.views", person.language)
    try:
        settings = load_settings()
    except DigestError as error:
        yield "settings", (Health.BAD, failure_text(error.code, error.details, words))
        return
    yield "settings", (Health.OK, person("doctor.settings_fine"))
    checks: dict[str, Callable[[Settings, Words], Finding]] = {
        "git": _git,
        "redis": _redis,
        "github": _github,
        "model": _model,
        **{name: partial(_platform, name) for name in (*PLATFORMS, *WAYS_OUT) if person.has(f"doctor.{name}")},
    }
    for name, check in checks.items():
        try:
            yield name, check(settings, person)
        except DigestError as error:
            yield name, (Health.BAD, failure_text(error.code, error.details, words))


def _git(settings: Settings, person: Words) -> Finding:
    del settings
    version = Git(Path.cwd()).version()
    texts = {"version": ".".join(map(str, version)), "needed": ".".join(map(str, OLDEST_GIT))}
    if version < OLDEST_GIT:
        return Health.BAD, person("doctor.git_old", **texts)
    return Health.OK, person("doctor.git_fine", **texts)


def _redis(settings: Settings, person: Words) -> Finding:
    if settings.redis_url is None:
        with Embedded.open(settings.data_dir) as server:
            version, _ = _ask_redis(server.url)
            return Health.OK, person("doctor.redis_embedded", path=settings.data_dir, version=version)
    address = settings.redis_url.get_secret_value()
    version, policy = _ask_redis(address)
    shown = without_password(address)
    if policy != "noeviction":
        return Health.BAD, person("doctor.redis_evicts", url=shown, policy=policy)
    return Health.OK, person("doctor.redis_fine", url=shown, version=version)


def _ask_redis(url: str) -> tuple[str, str]:
    """Version and eviction policy of a server that answers and can be written to."""
    with connect(url) as redis, translated():
        ensure_usable(redis)
        redis.set("cd:1:doctor", b"1", ex=10)
        told = redis.info()
        return str(told.get("valkey_version") or told["redis_version"]), str(told.get("maxmemory_policy", "noeviction"))


def _github(settings: Settings, person: Words) -> Finding:
    from workers.sources.github.source import requests_left  # noqa: PLC0415

    if settings.github_token is None and settings.github_app_id is None:
        return Health.OFF, person("doctor.github_none")
    remaining, limit = requests_left(github_access(settings))
    return Health.OK, person("doctor.github_fine", url=settings.github_api_url, remaining=remaining, limit=limit)


def _platform(name: str, settings: Settings, person: Words) -> Finding:
    """What the folder of a chat platform finds, where its keys are set."""
    if not getattr(settings, f"has_{name}"):
        return Health.OFF, person(f"doctor.{name}_none")
    found: Finding = import_module(f"chatbot.platforms.{name}.health").look(settings, person)
    return found


def _model(settings: Settings, person: Words) -> Finding:
    if not settings.has_model:
        return Health.OFF, person("doctor.model_none")
    endpoint = endpoint_of(settings)
    found = [_ask_model(endpoint, deep, person) for deep in ((False, True) if endpoint.model_deep else (False,))]
    health = Health.BAD if any(health is Health.BAD for health, _ in found) else Health.OK
    return health, "; ".join(text for _, text in found)


def _ask_model(endpoint: Endpoint, deep: bool, person: Words) -> Finding:
    shown = {"url": without_password(endpoint.base_url), "model": endpoint.model_of(deep)}
    try:
        rung = asyncio.run(probe(endpoint, deep))
    except ModelFault as fault:
        text = person(f"doctor.model_fault.{fault.code}", **{"status": "-", **fault.details, **shown})
        said = fault.details.get("said")
        words = load_words("chatbot.views", person.language)
        return Health.BAD, f"{text}{words('mark.semicolon')}{words('failure_hint.said', said=said)}" if said else text
    return Health.OK, person("doctor.model_fine", rung=person(f"doctor.rung.{rung.value}"), **shown)
