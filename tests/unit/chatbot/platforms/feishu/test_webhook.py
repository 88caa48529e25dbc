"""A custom bot is posted to, signed, within its limits; what it answers is told in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakeredis import FakeStrictRedis
from pydantic import SecretStr

from chatbot.delivery.opening import open_platform
from chatbot.doctor import Health
from chatbot.messaging import Channel, MessageRefusedError, Person, UnknownOutcomeError
from chatbot.platforms.feishu.webhook import WebhookPlatform
from chatbot.platforms.feishu_webhook.health import look
from chatbot.render.cards_text import json_text
from chatbot.views.chat import chat_view
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_http import throttled
from tests.fakes.slack_http import Trouble, dropped, failing
from tests.samples_chat import HISTORY, hostile
from workers.errors import TransientError, WordsError
from workers.settings import Settings, load_settings
from workers.store.pace import Pace
from workers.words import load_words

TEAM = Channel(platform="feishu_webhook", workspace="-", id="team")


@pytest.fixture
def webhook(feishu: FakeFeishu, redis: FakeStrictRedis) -> WebhookPlatform:
    address = SecretStr(f"{feishu.hook(secret='s1')}#s1")
    return WebhookPlatform({"team": address}, Pace(redis, 1_000, timedelta(seconds=1)))


def test_a_digest_is_posted_signed_in_messages_of_which_none_can_be_pressed(
    feishu: FakeFeishu, webhook: WebhookPlatform
) -> None:
    digest = chat_view(hostile(), load_words("chatbot.views", "zh"), history=HISTORY, digest_id="d1")
    parts = webhook.render(digest, "key", TEAM)
    for number, part in enumerate(parts):
        webhook.send(TEAM, part, f"key.{number}")
    assert len(feishu.seen()) == len(parts)
    assert not any(one.mentions for one in feishu.seen())
    assert max(len(json_text(part.payload["card"]).encode()) for part in parts) < 20 * 1_024


def test_the_settings_name_the_bots_and_the_delivery_finds_them(
    feishu: FakeFeishu, redis: FakeStrictRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEISHU_WEBHOOKS", f"team={feishu.hook()}, other={feishu.hook('h2')}#s2")
    platform = open_platform("feishu_webhook", load_settings(), redis)
    part = platform.render(chat_view(hostile(), load_words("chatbot.views", "en"), digest_id="d1"), "key", TEAM)[0]
    platform.send(TEAM, part, "key")
    assert len(feishu.seen()) == 1
    with pytest.raises(MessageRefusedError, match="gone"):
        platform.send(TEAM.model_copy(update={"id": "nobody"}), part, "key")


def test_domains_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(feishu_domain="Lark").feishu_domain == "https://open.larksuite.com"
    assert Settings(feishu_domain="https://open.example.com/").feishu_domain == "https://open.example.com"
    monkeypatch.setenv("FEISHU_WEBHOOKS", "https://no.name")
    with pytest.raises(WordsError, match="FEISHU_WEBHOOKS"):
        load_settings()


def test_a_wrong_secret_and_a_bot_that_is_gone_are_refusals(feishu: FakeFeishu, redis: FakeStrictRedis) -> None:
    pace = Pace(redis, 1_000, timedelta(seconds=1))
    right = feishu.hook(secret="s1")
    addresses = {"team": SecretStr(f"{right}#s2"), "gone": SecretStr(f"{right}-no#s1")}
    platform = WebhookPlatform(addresses, pace)
    part = platform.render(chat_view(hostile(), load_words("chatbot.views", "en"), digest_id="d1"), "key", TEAM)[0]
    with pytest.raises(MessageRefusedError, match="token_revoked"):
        platform.send(TEAM, part, "key")
    with pytest.raises(MessageRefusedError, match="gone"):
        platform.send(TEAM.model_copy(update={"id": "gone"}), part, "key")


@pytest.mark.parametrize(
    ("state", "remedy"), [({"lets_in": False}, "IP whitelist"), ({"keyword": "announcement"}, "keywords")]
)
def test_what_the_security_settings_of_a_bot_refuse_is_logged_with_the_remedy(
    feishu: FakeFeishu, redis: FakeStrictRedis, caplog: pytest.LogCaptureFixture, state: dict, remedy: str
) -> None:
    platform = WebhookPlatform({"team": SecretStr(feishu.hook(**state))}, Pace(redis, 1_000, timedelta(seconds=1)))
    part = platform.render(chat_view(hostile(), load_words("chatbot.views", "en"), digest_id="d1"), "key", TEAM)[0]
    with pytest.raises(MessageRefusedError, match="no_rights"):
        platform.send(TEAM, part, "key")
    assert remedy in caplog.text
    assert feishu.url not in caplog.text


def test_the_doctor_reads_the_addresses_and_posts_nothing(feishu: FakeFeishu) -> None:
    person = load_words("chatbot", "en")
    fine = Settings(feishu_webhooks={"team": SecretStr(f"{feishu.hook()}#s1")})
    assert look(fine, person) == (Health.OK, "digests are posted to team; nothing was posted to try it")
    wrong = Settings(feishu_webhooks={"team": SecretStr(f"{feishu.url}/elsewhere")})
    health, text = look(wrong, person)
    assert (health, "team has no address" in text) == (Health.BAD, True)
    with pytest.raises(TransientError):
        look(Settings(feishu_webhooks={"team": SecretStr("http://127.0.0.1:9/open-apis/bot/v2/hook/1")}), person)
    assert feishu.seen() == []


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(throttled(11232), TransientError), (dropped(), UnknownOutcomeError), (failing(), UnknownOutcomeError)],
)
def test_what_may_pass_is_told_apart(
    feishu: FakeFeishu, webhook: WebhookPlatform, trouble: Trouble, error: type[Exception]
) -> None:
    feishu.trouble(trouble, on="webhook")
    part = webhook.render(chat_view(hostile(), load_words("chatbot.views", "en"), digest_id="d1"), "key", TEAM)[0]
    with pytest.raises(error):
        webhook.send(TEAM, part, "key")


def test_nothing_is_edited_told_or_found(webhook: WebhookPlatform) -> None:
    part = webhook.render(chat_view(hostile(), load_words("chatbot.views", "en"), digest_id="d1"), "key", TEAM)[0]
    sent = webhook.send(TEAM, part, "key")
    with pytest.raises(MessageRefusedError):
        webhook.edit(sent, part)
    with pytest.raises(MessageRefusedError):
        webhook.tell(TEAM, Person(id="ou_1"), part)
    assert not webhook.capabilities.threads
