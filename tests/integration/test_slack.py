"""Slack from end to end: what people do in the fake Slack, and what they see of the bot then."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.github_http import Reply
from tests.fakes.slack_blocks import check_message
from tests.fakes.slack_http import Trouble, dropped, failing, limited
from tests.fakes.slack_people import Payload
from tests.fakes.slack_workspace import BOT_TOKEN, Channel, Message, Person
from tests.integration.slack_bot import Bot, running_bot
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from workers.store import keys

SUBJECT = "drop the old login"
MANY = 104


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the repositories are that channels may read."""
    return tmp_path_factory.mktemp("git")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    """Three commits of one day."""
    builder = RepositoryBuilder(folder / "engine")
    builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
    builder.commit("fix: a crash", {"src/login.py": "def login(user):\n    return user or None\n"})
    builder.commit("docs: typo", {"README.md": "hello\n"})
    return str(builder.path)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Bot]:
    with running_bot(tmp_path_factory.mktemp("bot"), folder) as running:
        yield running


def hears(bot: Bot, *payloads: Payload) -> list[dict]:
    """What the bot acknowledges over the socket, one after another."""
    return [bot.slack.socket.send(*payload).wait() for payload in payloads]


def ordered(bot: Bot, source: str, channel: str) -> Message:
    """The digest of a command in a channel of its own."""
    bot.room(channel)
    hears(bot, bot.slack.people.command(f"{source} lang=en", channel=channel))
    return bot.digest(channel, SUBJECT)


# --- a digest that was asked for ----------------------------------------------------------------------------------


def test_a_command_is_answered_at_once_and_its_progress_becomes_the_digest(bot: Bot, source: str) -> None:
    bot.room("C10")
    (answer,) = hears(bot, bot.slack.people.command(source, channel="C10"))
    assert answer["response_type"] == "ephemeral"
    assert "正在生成" in answer["text"]
    check_message(answer["blocks"])
    message = bot.digest("C10", SUBJECT)
    assert bot.posted("C10") == [message]
    first, *changes = [call for call in bot.slack.calls if call.text("channel") == "C10" and "chat." in call.method]
    assert first.method == "chat.postMessage"
    assert "正在生成 engine 的日报" in first.text("text")
    assert {call.method for call in changes} == {"chat.update"}
    assert not message.unfurl


def test_a_command_over_http_is_answered_in_the_acknowledgement(bot: Bot, source: str) -> None:
    bot.room("C11")
    answer = bot.door.send(*bot.slack.people.command(f"{source} lang=en", channel="C11"))
    assert answer.status == 200
    assert "engine" in json.loads(answer.body)["text"]
    assert SUBJECT in bot.digest("C11", SUBJECT).shown


def test_wrong_words_are_answered_privately_with_the_nearest_right_one(bot: Bot) -> None:
    (answer,) = hears(bot, bot.slack.people.command("subscrbe acme/api 09:00"))
    assert answer["response_type"] == "ephemeral"
    assert "subscribe" in answer["text"]


def test_help_is_shown_with_examples(bot: Bot) -> None:
    (answer,) = hears(bot, bot.slack.people.command("help"))
    check_message(answer["blocks"])
    assert "/digest owner/repo" in json.dumps(answer["blocks"])


def test_a_mention_that_slack_tells_twice_makes_one_digest(bot: Bot, source: str) -> None:
    bot.room("C12")
    hears(bot, *bot.slack.people.mention(f"{source} lang=en", channel="C12"))
    bot.digest("C12", SUBJECT)
    assert len(bot.posted("C12")) == 1
    assert len(bot.told("C12")) == 1


def test_a_mention_in_a_thread_has_its_digest_there(bot: Bot, source: str) -> None:
    bot.room("C13")
    parent = bot.slack.workspace.post("C13", "what happened?")
    hears(bot, *bot.slack.people.mention(f"{source} lang=en", channel="C13", thread_ts=parent.ts))
    wait_until(lambda: any(SUBJECT in one.shown for one in bot.slack.thread(parent.ts, "C13")))
    assert bot.slack.seen("C13") == [parent]


def test_words_to_the_bot_alone_have_their_digest_there(bot: Bot, source: str) -> None:
    bot.slack.workspace.people["U7"] = Person("U7")
    hears(bot, bot.slack.people.direct(f"{source} lang=en", user="U7"))
    assert SUBJECT in bot.digest("DU7", SUBJECT).shown


def test_the_same_event_again_is_heard_once(bot: Bot, source: str) -> None:
    bot.room("C14")
    (mention, _) = bot.slack.people.mention(f"{source} lang=en", channel="C14")
    for attempt in range(3):
        bot.slack.socket.send(*mention, attempt=attempt).wait()
    command = bot.slack.people.command(f"{source} lang=en", channel="C14")
    assert [bool(answer) for answer in hears(bot, command, command)] == [True, False]
    wait_until(lambda: sum(SUBJECT in one.shown for one in bot.posted("C14")) == 2)
    assert len(bot.posted("C14")) == 2


def test_a_digest_leads_to_its_whole_report_and_to_nothing_else(bot: Bot, source: str) -> None:
    button = ordered(bot, source, "C23").element("report")
    path = button["url"].removeprefix("https://bot.test")
    status, page = fetched(bot.url + path)
    assert (status, SUBJECT in page, "docs: typo" in page) == (200, True, True)
    forged, words = fetched(f"{bot.url}{path[:-3]}AAA")
    assert (forged, SUBJECT in words) == (404, False)


def test_a_digest_shows_the_days_before_it_as_a_chart_and_in_words_where_that_is_refused(
    bot: Bot, folder: Path
) -> None:
    builder = RepositoryBuilder(folder / "days")
    for day in (19, 20, 21):
        builder.commit(f"docs: of the {day}th", {"README.md": f"{day}\n"}, at=datetime(2026, 2, day, 9, tzinfo=UTC))
    digests = []
    for day, channel in ((19, "C24"), (20, "C25"), (21, "C26")):
        bot.room(channel)
        if day == 21:
            bot.slack.workspace.refused.add("data_visualization")
        hears(bot, bot.slack.people.command(f"{builder.path} 2026-02-{day} lang=en", channel=channel))
        digests.append(bot.digest(channel, "days · "))
    bot.slack.workspace.refused.clear()
    drawn = ["data_visualization" in [block["type"] for block in digest.blocks] for digest in digests]
    assert drawn == [False, True, False]
    assert "Commits by importance, 3 days" in digests[2].shown


def test_a_run_that_fails_ends_in_words_where_its_progress_was(bot: Bot, source: str) -> None:
    bot.room("C15")
    hears(bot, bot.slack.people.command(f"{source} branch=nowhere lang=en", channel="C15"))
    assert "nowhere" in bot.digest("C15", "no branch").shown
    assert len(bot.posted("C15")) == 1


def test_throttled_and_broken_calls_still_end_in_one_digest(bot: Bot, source: str) -> None:
    bot.room("C18")
    for trouble in (limited(), dropped(after=True)):
        bot.slack.trouble(trouble, channel="C18")
    bot.slack.trouble(failing(after=True), on="chat.update", channel="C18")
    hears(bot, bot.slack.people.command(f"{source} lang=en", channel="C18"))
    digest = bot.digest("C18", SUBJECT, 40)
    assert bot.posted("C18") == [digest]


def test_a_digest_whose_progress_somebody_deleted_is_posted_anew(bot: Bot, source: str) -> None:
    bot.room("C19")

    def delete(reply: Reply) -> Reply:
        """Whatever is no digest is deleted as soon as it stands."""
        if SUBJECT not in reply.body.decode():
            bot.slack.workspace.remove("C19", json.loads(reply.body)["ts"])
        return reply

    bot.slack.trouble(Trouble(delete, after=True), channel="C19", times=None)
    hears(bot, bot.slack.people.command(f"{source} lang=en", channel="C19"))
    digest = bot.digest("C19", SUBJECT, 40)
    assert bot.posted("C19") == [digest]


def test_a_revert_is_told_in_the_thread_of_the_digest_before_and_marked_in_it(bot: Bot, folder: Path) -> None:
    builder = RepositoryBuilder(folder / "wheel")
    builder.commit("docs: a page", {"README.md": "hello\n"})
    wheel = builder.commit("feat!: a square wheel", {"src/wheel.py": "def wheel():\n    return 4\n"})
    bot.room("C50")
    hears(bot, bot.slack.people.command(f"{builder.path} lang=en", channel="C50"))
    told = bot.digest("C50", "a square wheel")
    message = f'Revert "feat!: a square wheel"\n\nThis reverts commit {wheel}.\n'
    revert = builder.commit(message, {"src/wheel.py": None})
    hears(bot, bot.slack.people.command(f"{builder.path} lang=en", channel="C50"))
    (line,) = bot.replies(told)
    assert wheel[:7] in line.shown
    assert revert[:7] in line.shown
    wait_until(lambda: revert[:7] in told.shown)
    assert len(bot.slack.thread(told.ts, "C50")) == 1


def test_a_commit_that_was_asked_for_comes_as_its_whole_analysis(bot: Bot, source: str) -> None:
    (_, fix, _) = ordered(bot, source, "C16").element("details.3")["options"]
    bot.room("C17")
    sha = fix["value"].rpartition(":")[2]
    hears(bot, bot.slack.people.command(f"commit {source} {sha} lang=en", channel="C17"))
    assert bot.digest("C17", "Helpful").shown.startswith("fix: a crash")


# --- what can be pressed ------------------------------------------------------------------------------------------


def test_details_come_once_into_the_thread_and_later_presses_are_told_so(bot: Bot, source: str) -> None:
    digest = ordered(bot, source, "C20")
    hears(bot, bot.slack.people.press(digest, "details"))
    (details,) = bot.replies(digest)
    assert SUBJECT in details.shown
    hears(bot, bot.slack.people.press(digest, "details", user="U1"))
    (told,) = bot.told("C20")
    assert "in the thread already" in told.shown
    assert f"/archives/C20/p{details.ts.replace('.', '')}" in json.dumps(told.blocks)
    assert len(bot.slack.thread(digest.ts, "C20")) == 1


def test_feedback_is_kept_once_for_each_person_and_thanked_for_privately(bot: Bot, source: str) -> None:
    digest = ordered(bot, source, "C21")
    hears(bot, bot.slack.people.press(digest, "details"))
    (details,) = bot.replies(digest)
    for vote in ("up", "down"):
        value = details.element("feedback")["positive_button" if vote == "up" else "negative_button"]["value"]
        hears(bot, bot.slack.people.press(details, "feedback", value=value))
    assert len(bot.told("C21", 2)) == 2
    (kept,) = bot.redis.keys(f"{keys.PREFIX}:feedback:*")
    assert bot.redis.hgetall(kept) == {b"slack:T1:U1": b"down"}


def test_the_menu_has_all_commits_and_turns_its_pages_for_one_person(bot: Bot, folder: Path) -> None:
    builder = RepositoryBuilder(folder / "many")
    for number in range(MANY):
        builder.commit(f"docs: page {number}", {"README.md": f"{number}\n"})
    bot.room("C22")
    hears(bot, bot.slack.people.command(f"{builder.path} lang=en", channel="C22"))
    digest = bot.digest("C22", f"page {MANY - 1}")
    assert len(digest.element("details")["options"]) == 100
    hears(bot, bot.slack.people.press(digest, "menu"))
    (page,) = bot.told("C22")
    options = page.element("details")["options"]
    assert len(options) == MANY - 100
    hears(bot, bot.slack.people.press(page, "details", value=options[-1]["value"]))
    wait_until(lambda: any("page 0" in one.shown for one in bot.slack.thread(digest.ts, "C22")))


# --- subscriptions and the App Home -------------------------------------------------------------------------------


def test_the_home_shows_what_ones_channels_subscribed_to_and_acts_on_it(bot: Bot, source: str) -> None:
    bot.room("C30")
    hidden = bot.room("C31")
    hidden.absent.add("U2")
    bot.slack.workspace.people["U2"] = person = Person("U2", language="en-US")
    for channel in ("C30", "C31"):
        (answer,) = hears(bot, bot.slack.people.command(f"subscribe {source} 09:00 lang=en", channel=channel))
        assert answer["response_type"] == "in_channel"

    def home() -> str:
        return Message("0", "", "", "", (person.home or {}).get("blocks", [])).shown

    hears(bot, bot.slack.people.home("U2"))
    wait_until(lambda: "engine" in home())
    assert home().count("Subscription 1") == 1
    hears(bot, bot.slack.people.press_at_home("pause", "U2"))
    wait_until(lambda: "paused" in home())
    assert "paused" in bot.posted("C30")[-1].shown
    hears(bot, bot.slack.people.press_at_home("run", "U2"))
    assert bot.digest("C30", "engine · ")
    forged = bot.slack.people.press_at_home("unsubscribe", "U2")
    forged[1]["actions"][0]["value"] = "1:slack:T1:C31"
    hears(bot, forged)
    wait_until(lambda: "This button belongs" in home())
    hears(bot, bot.slack.people.press_at_home("unsubscribe", "U2"))
    wait_until(lambda: "is removed" in home())
    assert home().count("engine") == 1
    (answer,) = hears(bot, bot.slack.people.command("list", channel="C31"))
    assert "engine" in json.dumps(answer["blocks"])


# --- what is in the way -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (Channel("C40", member=False), "not a member"),
        (Channel("C41", archived=True), "archived"),
        (Channel("C42", private=True, member=False), "not a member"),
    ],
)
def test_where_the_bot_may_not_write_who_asked_is_told_why(bot: Bot, source: str, room: Channel, words: str) -> None:
    bot.slack.workspace.channels[room.id] = room
    bot.slack.workspace.people["U4"] = Person("U4", language="en-US")
    hears(bot, bot.slack.people.command("acme/nowhere lang=en", channel=room.id, user="U4"))
    told = bot.told(room.id, user="U4")
    assert words in told[0].shown
    reference = told[0].shown.rpartition("Reference: ")[2].strip(" .")
    wait_until(lambda: f"reference {reference}" in bot.logged())


def test_a_missing_permission_is_named_to_who_asked(bot: Bot, source: str) -> None:
    bot.room("C44")
    before = bot.slack.workspace.scopes
    bot.slack.workspace.scopes = before.replace("chat:write,", "")
    try:
        hears(bot, bot.slack.people.command(f"{source} lang=en", channel="C44"))
        assert "chat:write" in bot.told("C44")[0].shown
    finally:
        bot.slack.workspace.scopes = before


def test_a_token_that_was_taken_back_is_said_to_who_asked(bot: Bot, source: str) -> None:
    bot.room("C45")
    hears(bot, bot.slack.people.command("help", channel="C45"))
    bot.slack.workspace.token = ""
    try:
        hears(bot, bot.slack.people.command(f"{source} lang=en", channel="C45"))
        told = bot.told("C45")[0].shown
        assert "install the app again" in told
        assert "Reference: " in told
    finally:
        bot.slack.workspace.token = BOT_TOKEN


def test_who_is_no_administrator_changes_no_permission(bot: Bot) -> None:
    (answer,) = hears(bot, bot.slack.people.command("allow acme/secret"))
    assert "ADMINS" in answer["text"]


def test_guests_and_shared_channels_read_nothing_private(bot: Bot, source: str) -> None:
    bot.slack.workspace.people["U5"] = Person("U5", restricted=True, language="en-US")
    bot.slack.workspace.channels["C43"] = Channel("C43", shared=True)
    guest = hears(bot, bot.slack.people.command(source, user="U5"))
    shared = hears(bot, bot.slack.people.command(source, channel="C43"))
    nowhere = hears(bot, bot.slack.people.command("/no/such/folder", user="U5"))
    assert guest[0]["text"].replace(source, "X") == nowhere[0]["text"].replace("/no/such/folder", "X")
    assert "X" in shared[0]["text"].replace(source, "X")
    assert bot.slack.seen("C43") == []


@pytest.mark.parametrize("forged", [{"secret": "other"}, {"signature": "v0=00"}, {"timestamp": "1000000000"}])
def test_requests_that_are_not_slacks_are_refused_and_not_logged(bot: Bot, forged: dict[str, str]) -> None:
    command = bot.slack.people.command("help do-not-log-this")
    assert bot.door.send(*command, **forged).status == 401
    assert "do-not-log-this" not in bot.logged()


def test_a_request_that_comes_again_or_makes_no_sense_is_refused(bot: Bot) -> None:
    body = b"command=%2Fdigest&text=help"
    headers = bot.door.signed(body)
    for broken in ({}, {**headers, "X-Slack-Request-Timestamp": "soon"}, bot.door.signed(body, timestamp="²")):
        assert bot.door.send_raw(body, broken).status == 401
    door, command = bot.door, bot.slack.people.direct("help")
    again = json.dumps(command[1]).encode()
    signed = {**door.signed(again), "Content-Type": "application/json"}
    assert [door.send_raw(again, signed).status for _ in range(2)] == [200, 401]


def test_the_bot_says_that_it_is_well(bot: Bot) -> None:
    assert json.loads(fetched(f"{bot.url}/health")[1]) == {"well": True, "redis": True, "slack": True}


def fetched(url: str) -> tuple[int, str]:
    """The status and the body that stand at an address."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
