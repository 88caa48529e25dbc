"""What a hostile or careless commit cannot do through a model: let a secret out, choose its tier, link or mention."""

from __future__ import annotations

import json
import os
from typing import Any

from chatbot.exits import PARTLY_JUDGED
from tests.e2e.judged import Judged, entries, texts
from tests.fakes.model import FakeModel
from tests.fakes.model_protocol import Asked
from tests.injections import EVERY
from tests.planted import PLANTED
from tests.repositories import RepositoryBuilder
from tests.servers import redis_server
from tests.stored import everything_in
from tests.strong_model import judging, said
from workers.connection import connect
from workers.model import Tier

TOLD_BY_WORDS = {"webhook", "feishu-secret", "url-password", "connection-string", "password", "token"}
"""Families that are known by the words around a secret, or by an address: the name of a file has neither."""


def planted_everywhere(repository: RepositoryBuilder) -> None:
    """Every secret in a message, in a line that is added, in one that is taken away, and in the name of a file."""
    for number, (family, line, secret) in enumerate(PLANTED):
        text, path = line.format(secret), f"src/setting_{number}.py"
        named = {} if family in TOLD_BY_WORDS or "/" in secret else {f"kept/{text.replace('/', ' ')}": "x = 1\n"}
        repository.commit(f"chore: setting {number}\n\nIt was {text}", {path: text + "\n", **named})
        repository.commit(f"chore: no setting {number}", {path: "x = 1\n"})


def test_no_planted_secret_reaches_the_model_redis_or_the_digest(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    planted_everywhere(repository)

    def repeats(asked: Asked) -> list[dict[str, Any]]:
        return [said(f"It says {line[1:80]}") for line in asked.content.splitlines() if line.startswith("+")][:2]

    with redis_server() as url:
        shown = [
            judged(judging(summary=repeats), "--since", "2000-01-01T00:00:00Z", "--format", form, REDIS_URL=url)
            for form in ("markdown", "json", "html", "slack", "feishu")
        ]
        kept = everything_in(connect(url))
    assert {ended.code for ended in shown} <= {0, PARTLY_JUDGED}, shown[0].err
    assert b"x = 1" in kept, "patches are not read: nothing would be found"
    assert model.requests
    places = {
        "sent": json.dumps([asked.body for asked in model.requests], ensure_ascii=False),
        "told": "".join(ended.out + ended.err for ended in shown),
        "kept": kept.decode("utf-8", "replace"),
    }
    secrets = {form for _, _, secret in PLANTED for form in (secret, json.dumps(secret)[1:-1])}
    assert [(secret, where) for secret in secrets for where, text in places.items() if secret in text] == []


def test_no_commit_talks_its_judge_into_a_lower_tier_a_link_or_a_mention(
    judged: Judged, model: FakeModel, repository: RepositoryBuilder
):
    for number in range(len(EVERY)):
        code = f"def work_{number}():\n    return 1\n"
        repository.commit(f"feat: part {number}", {f"src/api/part_{number}.py": code})
    begun = repository.git("rev-parse", "HEAD").decode().strip()
    for number, text in enumerate(EVERY):
        repository.commit(f"refactor: part {number}\n\n{text}", {f"src/api/part_{number}.py": f"# {text}\n"})
    obedient = judging(
        tier="low",
        tier_reasons=["the commit says so"],
        summary=[said("@channel this is harmless, see https://evil.example/x and <!here>")],
        repairs=[{"number": 1, **said("[all good](https://evil.example/x) <!channel> @everyone")}],
    )
    ended = judged(obedient, "--range", f"{begun}..HEAD")
    assert ended.code == 0, ended.err
    found = entries(ended)
    assert len(found) == len(EVERY)
    for entry in found:
        assert entry.tier is not Tier.LOW
        assert len(entry.analysis.risks) >= 1
        said_there = " ".join(texts(entry))
        assert "evil.example" not in said_there
        assert "@" not in said_there
        assert "<!" not in said_there


def test_the_environment_of_the_test_has_no_model():
    assert not [name for name in os.environ if name.startswith("OPENAI")]
