"""GitHub's webhooks: what GitHub signed is heard once; what it did not sign is refused and not logged."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import fakeredis
import pytest
from redis import Redis
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chatbot import github_hooks
from chatbot.github_hooks import GitHubHooks, github_route
from chatbot.serve import own_routes
from tests.subscriptions import NOW, wish
from workers.errors import TransientError
from workers.settings import load_settings
from workers.store import keys
from workers.store.schedules import Schedule
from workers.store.subscriptions import SubscriptionStore
from workers.subscription import Paused

SECRET = "a secret that only GitHub has"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with fakeredis.FakeStrictRedis(version=7) as client:
        yield client


@pytest.fixture
def web(redis: Redis) -> TestClient:
    hooks = GitHubHooks(redis, SECRET, now=lambda: NOW)
    return TestClient(Starlette(routes=[github_route(hooks)]), raise_server_exceptions=False)


def push(name: str = "Acme/Engine", ref: str = "refs/heads/main", **more: object) -> dict[str, object]:
    return {"ref": ref, "repository": {"full_name": name, "default_branch": "main"}, "commits": [], **more}


def send(web: TestClient, body: object, event: str = "push", delivery: str = "1", **headers: str):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
    given = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": signature,
        "Content-Type": "application/json",
    }
    return web.post("/github/events", content=data, headers={**given, **headers})


def warm_at(redis: Redis) -> float | None:
    return redis.zscore(keys.WARM, "acme/engine")


@pytest.fixture
def awaited(redis: Redis) -> Redis:
    """Somebody subscribed to the repository, and it was fetched ahead just now."""
    SubscriptionStore(redis).add(wish(), NOW)
    Schedule(redis).claim_warm(NOW, LATER - NOW, 10)
    assert warm_at(redis) == LATER.timestamp()
    return redis


def test_a_push_to_a_subscribed_repository_is_fetched_at_once(web, awaited) -> None:
    assert send(web, push()).status_code == 202
    assert warm_at(awaited) == NOW.timestamp()


@pytest.mark.parametrize(
    "body",
    [
        push("acme/other"),
        push(ref="refs/heads/feature"),
        push(ref="refs/tags/main"),
        push(deleted=True),
    ],
)
def test_a_push_that_nobody_waits_for_changes_nothing(web, awaited, body) -> None:
    assert send(web, body).status_code == 204
    assert warm_at(awaited) == LATER.timestamp()


def test_a_push_to_a_branch_that_was_asked_for_is_fetched(web, redis) -> None:
    SubscriptionStore(redis).add(wish(branches=("refs/heads/release/2",)), NOW)
    assert send(web, push(), delivery="1").status_code == 204
    assert send(web, push(ref="refs/heads/release/2"), delivery="2").status_code == 202


def test_a_push_for_a_paused_subscription_is_not_fetched(web, redis) -> None:
    store = SubscriptionStore(redis)
    added, _ = store.add(wish(), NOW)
    store.pause(added.id, Paused(at=NOW))
    assert send(web, push()).status_code == 204


def test_the_same_delivery_is_heard_once(web, awaited) -> None:
    assert send(web, push()).status_code == 202
    Schedule(awaited).claim_warm(NOW, LATER - NOW, 10)
    assert send(web, push()).status_code == 204
    assert send(web, push(), delivery="an overheard request under another name").status_code == 204
    assert warm_at(awaited) == LATER.timestamp()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha1=abc"},
        {"X-Hub-Signature-256": "sha256=\xe9"},
    ],
)
def test_a_forged_request_is_refused_and_its_words_are_not_logged(web, awaited, caplog, headers) -> None:
    caplog.set_level(logging.DEBUG)
    given = {name: value.encode("latin-1") for name, value in headers.items()}
    assert send(web, push(more="hush"), **given).status_code == 401
    assert warm_at(awaited) == LATER.timestamp()
    assert "hush" not in caplog.text
    assert list(awaited.scan_iter(f"{keys.PREFIX}:seen:*")) == []


def test_a_request_that_was_changed_on_its_way_is_refused(web, awaited) -> None:
    right = send(web, push("acme/other")).request.headers["X-Hub-Signature-256"]
    assert send(web, push(), **{"X-Hub-Signature-256": right}).status_code == 401


def test_a_ping_is_answered(web) -> None:
    assert send(web, {"zen": "Keep it logically awesome."}, event="ping").status_code == 200


def test_other_events_are_none_of_our_business(web, awaited) -> None:
    assert send(web, {"action": "opened"}, event="issues").status_code == 204


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff{", b'{"ref": 1}', json.dumps({"ref": "refs/heads/main"}).encode()])
def test_what_is_no_push_is_told_so(web, body) -> None:
    assert send(web, body).status_code == 400


def test_a_request_that_is_too_long_is_not_read_to_its_end(web, monkeypatch) -> None:
    monkeypatch.setattr(github_hooks, "BODY_MOST", 100)
    assert send(web, push(more="x" * 200)).status_code == 413


def test_a_webhook_of_another_content_type_is_told_which_one_to_choose(web) -> None:
    answer = send(web, push(), **{"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, "application/json" in answer.text) == (415, True)


def test_what_could_not_be_kept_may_be_delivered_again(web, awaited, monkeypatch) -> None:
    def fail(*arguments: object) -> bool:
        raise TransientError("redis_unreachable")

    with monkeypatch.context() as broken:
        broken.setattr(Schedule, "warm_soon", fail)
        assert send(web, push()).status_code == 503
    assert send(web, push()).status_code == 202


@pytest.mark.parametrize(("secret", "is_there"), [(None, False), ("", False), (SECRET, True)])
def test_without_a_secret_there_is_no_such_address(redis, monkeypatch, secret: str | None, is_there: bool) -> None:
    if secret is not None:
        monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", secret)
    addresses = {route.path for route in own_routes(load_settings(), redis, [])}
    assert addresses == {"/metrics", *(["/github/events"] if is_there else [])}
