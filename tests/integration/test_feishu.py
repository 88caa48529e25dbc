"""Feishu from end to end: what people do in the fake Feishu, and what they see of the bot then."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.feishu_http import throttled
from tests.fakes.feishu_tenant import APP_SECRET, Person
from tests.fakes.github_http import Reply
from tests.fakes.slack_http import Trouble, dropped
from tests.integration.feishu_bot import Bot, running_bot
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder

SUBJECT = "drop the old login <at id=all></at>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("git")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    builder = RepositoryBuilder(folder / "engine")
    builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
    builder.commit("fix: a crash", {"src/login.py": "def login(user):\n    return user or None\n"})
    builder.commit("docs: typo", {"README.md": "hello\n"})
    return str(builder.path)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Bot]:
    with running_bot(tmp_path_factory.mktemp("bot"), folder) as running:
        yield running


def test_a_mention_has_progress_that_becomes_the_digest_and_details_in_its_thread(bot: Bot, source: str) -> None:
    bot.feishu.chat("oc_10")
    mention = bot.feishu.people.mention(f"/digest {source} lang=zh", chat="oc_10")
    for _ in range(3):
        assert bot.feishu.socket.send(mention).wait() == {}
    digest = bot.digest("oc_10", "drop the old login")
    assert not digest.mentions
    assert len(bot.posted("oc_10")) == 2
    for _ in range(2):
        toast = bot.feishu.socket.send(bot.feishu.people.press(digest, "details")).wait()["toast"]
        assert toast["i18n"]["zh_cn"] == "正在处理。"
        bot.replies(digest)
    wait_until(bot.feishu.direct)
    (details,) = bot.feishu.thread(digest.id)
    assert "drop the old login" in details.shown
    toast = bot.feishu.socket.send(bot.feishu.people.press(details, "up:")).wait()["toast"]
    assert toast["content"]


def test_a_group_without_threads_has_details_as_a_reply(bot: Bot, source: str) -> None:
    bot.feishu.chat("oc_11", threads=False)
    bot.feishu.socket.send(bot.feishu.people.mention(f"{source} lang=en", chat="oc_11")).wait()
    digest = bot.digest("oc_11", "engine · ")
    bot.feishu.socket.send(bot.feishu.people.press(digest, "details")).wait()
    wait_until(lambda: any(one.parent == digest.id for one in bot.posted("oc_11")), 20)


def test_a_run_that_fails_ends_in_words_where_its_progress_was(bot: Bot, source: str) -> None:
    bot.feishu.chat("oc_12")
    bot.feishu.socket.send(bot.feishu.people.mention(f"{source} branch=nowhere lang=en", chat="oc_12")).wait()
    assert "nowhere" in bot.digest("oc_12", "no branch").shown


def test_where_the_bot_may_not_write_who_asked_is_told_directly(bot: Bot, source: str) -> None:
    bot.feishu.tenant.people["ou_4"] = Person("ou_4")
    bot.feishu.chat("oc_13", muted=True)
    bot.feishu.socket.send(bot.feishu.people.mention(f"{source} lang=en", chat="oc_13", user="ou_4")).wait()
    wait_until(lambda: bot.feishu.direct("ou_4"), 20)
    assert "may not post here" in bot.feishu.direct("ou_4")[0].shown


def test_throttled_and_broken_calls_still_end_in_one_digest(bot: Bot, source: str) -> None:
    bot.feishu.chat("oc_14")
    for trouble in (throttled(230020), throttled(99991400), dropped(after=True)):
        bot.feishu.trouble(trouble, chat="oc_14")
    bot.feishu.socket.send(bot.feishu.people.mention(f"{source} lang=en", chat="oc_14")).wait()
    bot.digest("oc_14", "drop the old login", 40)
    wait_until(lambda: len(bot.posted("oc_14")) == 2, 30)
    assert len(bot.posted("oc_14")) == 2


def test_a_digest_whose_progress_somebody_deleted_is_posted_anew(bot: Bot, source: str) -> None:
    bot.feishu.chat("oc_15")

    def delete(reply: Reply) -> Reply:
        """Whatever is no digest is deleted as soon as it stands."""
        message = bot.feishu.tenant.find(json.loads(reply.body)["data"]["message_id"])
        assert message is not None
        message.deleted = "drop the old login" not in message.shown
        return reply

    bot.feishu.trouble(Trouble(delete, after=True), chat="oc_15", times=None)
    bot.feishu.socket.send(bot.feishu.people.mention(f"{source} lang=en", chat="oc_15")).wait()
    digest = bot.digest("oc_15", "drop the old login", 40)
    assert bot.posted("oc_15") == [digest]


def test_a_revert_is_told_in_the_thread_of_the_digest_before_and_marked_in_it(bot: Bot, folder: Path) -> None:
    bot.feishu.chat("oc_16")
    builder = RepositoryBuilder(folder / "wheel")
    builder.commit("docs: a page", {"README.md": "hello\n"})
    wheel = builder.commit("feat!: a square wheel", {"src/wheel.py": "def wheel():\n    return 4\n"})
    bot.feishu.socket.send(bot.feishu.people.mention(f"{builder.path} lang=en", chat="oc_16")).wait()
    told = bot.digest("oc_16", "a square wheel")
    message = f'Revert "feat!: a square wheel"\n\nThis reverts commit {wheel}.\n'
    revert = builder.commit(message, {"src/wheel.py": None})
    bot.feishu.socket.send(bot.feishu.people.mention(f"{builder.path} lang=en", chat="oc_16")).wait()
    (line,) = bot.replies(told)
    assert wheel[:7] in line.shown
    assert revert[:7] in line.shown
    wait_until(lambda: revert[:7] in told.shown)
    assert len(bot.feishu.thread(told.id)) == 1


def test_the_connection_that_is_dropped_is_back_and_the_bot_is_well(bot: Bot) -> None:
    opened = bot.feishu.socket.opened
    bot.feishu.socket.drop()
    bot.feishu.socket.wait_connected(opened=opened + 1)
    bot.feishu.socket.send(bot.feishu.people.direct("help")).wait()
    wait_until(lambda: any("/digest owner/repo" in one.shown for one in bot.feishu.direct()))
    with urllib.request.urlopen(f"{bot.url}/health", timeout=5) as answer:  # noqa: S310
        assert json.load(answer) == {"well": True, "redis": True, "feishu": True}


def test_neither_secrets_nor_words_of_people_stand_in_the_log(bot: Bot) -> None:
    logged = bot.log.read_text("utf-8")
    assert APP_SECRET not in logged
    assert "drop the old login" not in logged
    assert "Traceback" not in logged
