"""An incoming text or press is handled once, understood, authorised and answered."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from chatbot.commands.access import Access
from chatbot.commands.channels import channel_commands
from chatbot.commands.digests import digest_commands
from chatbot.commands.status import help_commands, status_commands
from chatbot.commands.subscriptions import subscription_commands
from chatbot.commands.table import joined
from chatbot.conversation import IN_HAND_LIFE, Conversation, Defaults
from chatbot.messaging import Answer, Message, Person
from chatbot.presses import CommitPress, PagePress, number_value
from chatbot.render.plain import plain_text
from chatbot.views.answers import QueueState, Status
from chatbot.views.chat_values import commit_value, page_value
from tests.unit.chatbot.rooms import (
    CHANNEL,
    NOW,
    THREAD,
    ListedSubscriptions,
    NotingDesk,
    NotingFeedback,
    NotingQuestions,
    message,
    press,
)
from workers.errors import RefusedError
from workers.model import Tier
from workers.permissions import read_people, read_permissions
from workers.store import keys
from workers.store.channels import ChannelStore
from workers.store.seen import Seen
from workers.store.usage import DayUsage

SHA = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "3f2a9c0d1e4b5a67"
STATUS = Status(
    queues=(QueueState("digests", 3, timedelta(minutes=4)), QueueState("chat", 0)),
    workers=2,
    usage=(
        DayUsage(day=NOW.date(), model="m", calls=2, input_tokens=30_000, output_tokens=900, cost=0.5),
        DayUsage(day=NOW.date() - timedelta(days=1), model="m", calls=1, input_tokens=1_000, output_tokens=100),
    ),
)


@dataclass
class Room:
    """A conversation and everything it works with."""

    conversation: Conversation
    desk: NotingDesk
    subscriptions: ListedSubscriptions
    channels: ChannelStore

    def hear(self, text: str, **given: object) -> Answer | None:
        return self.conversation.hear(message(text, **given), NOW)

    def says(self, text: str, **given: object) -> str:
        answer = self.hear(text, **given)
        assert answer is not None
        return plain_text(answer.view)

    def press(self, kind: str, value: str, **given: object) -> Answer | None:
        return self.conversation.hear(press(kind, value, **given), NOW)


def room_of(redis: Redis, access: Access | None = None, desk: NotingDesk | None = None, **given: object) -> Room:
    desk, subscriptions, channels = desk or NotingDesk(), ListedSubscriptions(), ChannelStore(redis)
    access = access or Access()
    table = joined(
        digest_commands(desk, access),
        channel_commands(channels, access),
        status_commands(lambda now: STATUS, subscriptions),
        subscription_commands(subscriptions, access),
        help_commands(),
    )
    conversation = Conversation(table, access, desk, channels, Seen(redis), new_reference=lambda: "7f3a", **given)
    return Room(conversation, desk, subscriptions, channels)


@pytest.fixture
def room(redis: Redis) -> Room:
    return room_of(redis)


# --- digest and commit --------------------------------------------------------------------------------------------


def test_a_digest_is_ordered_and_said_to_be_on_its_way(room: Room):
    answer = room.hear("owner/repo yesterday branch=main path=src tier=high lang=zh", under=THREAD)
    [(request, order)] = room.desk.orders
    assert request.sources == ("owner/repo",)
    assert request.asked_at == NOW
    assert request.query.start == datetime(2026, 2, 20, tzinfo=UTC)
    assert request.query.end == datetime(2026, 2, 21, tzinfo=UTC)
    assert (request.query.branches, request.query.paths) == (("main",), ("src",))
    assert (request.language, request.least_tier) == ("zh", Tier.HIGH)
    assert (order.channel, order.under, order.language, order.sha) == (CHANNEL, THREAD, "zh", None)
    assert answer is not None
    assert answer.is_private
    assert plain_text(answer.view) == (
        "The digest of owner/repo is being made: Friday 20 February 2026 (UTC). It will be posted here.\n"
        "Understood as: owner/repo yesterday branch=main path=src lang=zh tier=high\n"
    )


def test_a_digest_without_a_window_is_of_the_last_day_with_commits(room: Room):
    assert "the last day with commits" in room.says("owner/repo")
    query = room.desk.orders[0][0].query
    assert (query.start, query.end, query.range) == (None, None, None)


def test_a_digest_of_a_range_says_so(room: Room):
    assert "Revisions v1.0..v1.1" in room.says("owner/repo v1.0..v1.1")
    assert room.desk.orders[0][0].query.range == "v1.0..v1.1"


def test_days_are_those_of_the_channels_zone(room: Room):
    room.channels.put(CHANNEL.key, timezone="America/Los_Angeles")
    room.hear("owner/repo today")
    query = room.desk.orders[0][0].query
    assert query.timezone == "America/Los_Angeles"
    assert query.start == datetime(2026, 2, 21, 8, tzinfo=UTC)


def test_a_commit_is_ordered_alone(room: Room):
    assert f"owner/repo@{SHA[:7]} is being made" in room.says(f"commit owner/repo@{SHA}")
    [(request, order)] = room.desk.orders
    assert request.query.commits == (SHA,)
    assert order.sha == SHA


def test_a_window_that_ends_before_it_begins_is_told_with_an_example(room: Room):
    said = room.says("owner/repo 2026-02-22..yesterday")
    assert said.startswith("The window ends before it starts")
    assert "/digest owner/repo yesterday" in said
    assert room.desk.orders == []


# --- who may see what ---------------------------------------------------------------------------------------------


def test_without_a_rule_only_public_repositories_are_read(room: Room):
    room.hear("acme/secret")
    assert room.desk.orders[0][0].public_only


def test_a_rule_opens_private_repositories_but_not_to_outsiders(redis: Redis):
    room = room_of(redis, Access(read_permissions("acme/*@slack:T1:C1")))
    room.hear("acme/secret")
    room.hear("acme/secret", person=Person(id="U9", is_outsider=True))
    room.hear("acme/secret", channel=CHANNEL.model_copy(update={"is_shared": True}))
    room.hear("acme/secret", channel=CHANNEL.model_copy(update={"id": "C2"}))
    assert [request.public_only for request, _ in room.desk.orders] == [False, True, True, True]


def test_the_answer_is_the_same_whether_a_repository_may_be_seen_or_not(redis: Redis):
    open_room = room_of(redis, Access(read_permissions("acme/*@*")))
    closed_room = room_of(redis)
    assert open_room.says("acme/secret 7d") == closed_room.says("acme/secret 7d")


def test_a_path_is_read_only_where_a_rule_says_so(redis: Redis):
    said = room_of(redis).says("/etc/secrets today")
    assert said.startswith("/etc/secrets is not the name of a repository on GitHub")
    room = room_of(redis, Access(read_permissions("/srv/git/**@slack")))
    assert "is being made" in room.says("/srv/git/x today")
    assert len(room.desk.orders) == 1


def test_an_administrator_opens_a_repository_to_a_channel_and_closes_it(redis: Redis):
    room = room_of(redis, Access(admins=read_people("slack:T1:U1")))
    assert room.says("allow Acme/Secret") == "This channel may now read Acme/Secret.\n"
    room.hear("acme/secret")
    assert "may no longer read" in room.says("disallow acme/secret")
    room.hear("acme/secret")
    assert [request.public_only for request, _ in room.desk.orders] == [False, True]
    assert "nothing to take back" in room.says("disallow acme/secret")


def test_nobody_else_can_open_a_repository(redis: Redis):
    room = room_of(redis, Access(admins=read_people("slack:T1:U2")))
    assert room.says("allow acme/secret").startswith("Only an administrator")
    assert room.channels.get(CHANNEL.key).repositories == ()


def test_an_administrator_opens_no_path(redis: Redis):
    room = room_of(redis, Access(admins=read_people("slack:T1:U1")))
    assert "is not the name of a repository" in room.says("allow /etc/secrets")


# --- settings, status, help ---------------------------------------------------------------------------------------


def test_settings_are_shown_to_who_asks_and_changes_to_all(room: Room):
    shown, changed = room.hear("settings"), room.hear("settings lang=zh timezone=Asia/Shanghai")
    assert shown is not None
    assert changed is not None
    assert (shown.is_private, changed.is_private) == (True, False)
    assert "Time zone: UTC (default)" in plain_text(shown.view)
    assert "slack:T1:C1" in plain_text(shown.view)
    assert "时区：Asia/Shanghai\n" in plain_text(changed.view)
    assert "正在生成" in room.says("owner/repo")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_answers_to_commands_read_well(redis: Redis, golden, language):
    room = room_of(redis, Access(admins=read_people("slack:T1:U1")), defaults=Defaults(language, "Asia/Shanghai"))
    said = [
        f"> {text}\n{room.says(text)}"
        for text in (
            *("list", "owner/repo 7d", f"commit owner/repo@{SHA}", "allow acme/secret", "settings", "status"),
            *("subscribe owner/repo weekly mon 09:00 quiet", "subscribe acme/secret 10:00 UTC path=docs", "list"),
            *("pause 1", "show 1", "list", "resume 1", "run 1", "show 2", "status", "unsubscribe 2", "show 2"),
            *("settings lang=zh timezone=Asia/Shanghai", "disallow acme/secret"),
        )
    ]
    golden(f"commands/answers.{language}.txt", "\n".join(said))


def test_a_language_that_the_channel_did_not_set_is_the_persons(room: Room):
    assert "没有看懂" in room.says("owner/repo quickly", person=Person(id="U1", language="zh"))
    assert "not understood" in room.says("owner/repo quickly")


def test_help_is_the_answer_to_nothing(room: Room):
    assert room.says("", way="mention").startswith("What you can write")


# --- subscriptions ------------------------------------------------------------------------------------------------


def test_a_subscription_keeps_the_zone_and_the_language_of_its_channel(room: Room):
    room.channels.put(CHANNEL.key, language="zh", timezone="Asia/Shanghai")
    room.hear("subscribe owner/repo daily 09:00")
    kept = room.subscriptions.get(CHANNEL, 1).command
    assert (kept.schedule.timezone, kept.options.language) == ("Asia/Shanghai", "zh")
    assert room.subscriptions.public_only == [True]


def test_an_installation_without_schedules_says_so(redis: Redis):
    desk, channels = NotingDesk(), ChannelStore(redis)
    table = joined(digest_commands(desk, Access()), help_commands())
    answer = Conversation(table, Access(), desk, channels, Seen(redis)).hear(message("subscribe owner/repo 09:00"), NOW)
    assert answer is not None
    assert plain_text(answer.view).startswith("subscribe is not available in this installation")


def test_a_command_has_one_handler(room: Room):
    with pytest.raises(ValueError, match="help"):
        joined(help_commands(), help_commands())


# --- once ---------------------------------------------------------------------------------------------------------


def test_what_is_delivered_twice_is_handled_once(room: Room):
    first = message("owner/repo")
    assert room.conversation.hear(first, NOW) is not None
    assert room.conversation.hear(first, NOW) is None
    assert len(room.desk.orders) == 1


def test_a_mention_that_comes_as_two_events_is_handled_once(room: Room):
    mention = message("owner/repo", way="mention", ids=("Ev-a", "C1:171.1"))
    as_message = mention.model_copy(update={"ids": ("Ev-b", "C1:171.1")})
    assert room.conversation.hear(mention, NOW) is not None
    assert room.conversation.hear(as_message, NOW) is None
    assert len(room.desk.orders) == 1


def test_the_same_id_of_another_workspace_is_something_else(room: Room):
    first = message("owner/repo")
    room.conversation.hear(first, NOW)
    other = first.model_copy(update={"channel": CHANNEL.model_copy(update={"workspace": "T2"})})
    assert room.conversation.hear(other, NOW) is not None


def test_what_was_handled_is_remembered_for_longer_than_what_is_in_hand(room: Room, redis: Redis):
    room.hear("help", ids=("Ev-x",))
    assert redis.pttl(keys.seen("slack:T1:Ev-x")) > IN_HAND_LIFE.total_seconds() * 1000


class DiesAtWork(BaseException):
    """As a process that is killed: nothing catches it."""


def test_who_dies_at_work_has_it_delivered_again_soon(redis: Redis):
    room = room_of(redis, desk=NotingDesk(DiesAtWork()))
    with pytest.raises(DiesAtWork):
        room.hear("owner/repo", ids=("Ev-x",))
    assert 0 < redis.pttl(keys.seen("slack:T1:Ev-x")) <= IN_HAND_LIFE.total_seconds() * 1000


# --- what goes wrong ----------------------------------------------------------------------------------------------


def test_wrong_words_are_answered_to_who_wrote_them_and_not_logged(room: Room, caplog: pytest.LogCaptureFixture):
    answer = room.hear("owner/repo yesteday")
    assert answer is not None
    assert answer.is_private
    assert "Did you mean yesterday?" in plain_text(answer.view)
    assert caplog.records == []


def test_a_refusal_is_told_and_logged_under_the_same_reference(redis: Redis, caplog: pytest.LogCaptureFixture):
    room = room_of(redis, desk=NotingDesk(RefusedError("redis_full")))
    assert "Reference: 7f3a" in room.says("owner/repo")
    assert "7f3a" in caplog.text


def test_a_defect_of_ours_shows_no_traceback_and_is_logged_with_one(redis: Redis, caplog: pytest.LogCaptureFixture):
    room = room_of(redis, desk=NotingDesk(ZeroDivisionError("secret detail")))
    with caplog.at_level(logging.ERROR):
        said = room.says("owner/repo")
    assert said == "Something went wrong on our side; please report it. Reference: 7f3a.\n"
    assert "ZeroDivisionError" in caplog.text


def test_a_store_that_is_down_is_told_in_the_persons_language(room: Room):
    gone = Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0))
    conversation = replace(room.conversation, seen=Seen(gone))
    answer = conversation.hear(message("owner/repo", person=Person(id="U1", language="zh")), NOW)
    assert answer is not None
    assert plain_text(answer.view).startswith("无法连接 Redis")
    assert room.desk.orders == []


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_plain_reply_is_not_for_us_where_nobody_answers_questions(room: Room, redis: Redis):
    assert room.hear("does this break my config?", way="reply", under=THREAD) is None
    assert redis.keys() == []


def test_a_reply_and_a_mention_in_a_thread_are_questions(redis: Redis):
    questions = NotingQuestions()
    room = room_of(redis, questions=questions)
    room.hear("does this break my config?", way="reply", under=THREAD)
    room.hear("why was the default changed?", way="mention", under=THREAD)
    assert questions.asked == ["does this break my config?", "why was the default changed?"]


def test_a_command_in_a_thread_is_a_command_and_a_wrong_one_is_told(redis: Redis):
    questions = NotingQuestions()
    room = room_of(redis, questions=questions)
    assert room.says("status", way="mention", under=THREAD).startswith("Status")
    assert "Did you mean" in room.says("/digest owner/repo yesteday", way="mention", under=THREAD)
    assert "neither a command" in room.says("what is this?", way="mention")
    assert questions.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "list the commits that touch login",
        "show me why",
        "status of login",
        "commit c80809d8 what changed",
        "src/login.py what changed",
        "commit c80809d8 改了什么",
        "CI/CD 配置改了吗",
        'why is it called "evict now',
        "why " * 1_200,
    ],
)
def test_in_a_thread_what_is_no_whole_command_is_a_question(redis: Redis, text: str):
    questions = NotingQuestions()
    room = room_of(redis, questions=questions)
    assert room.hear(text, way="mention", under=THREAD) is None
    assert questions.asked == [text]


def test_a_question_in_a_thread_that_is_no_digests_is_told_where_it_belongs(redis: Redis):
    class Nowhere(NotingQuestions):
        def knows(self, message: Message) -> bool:
            return False

    room = room_of(redis, questions=Nowhere())
    assert "thread under a digest" in room.says("why was it changed?", way="mention", under=THREAD)


def test_a_command_that_is_far_too_long_is_told_so(room: Room):
    assert "4,800 characters, at most 2,000" in room.says("why " * 1_200, way="mention")


# --- presses ------------------------------------------------------------------------------------------------------


def test_details_and_pages_of_a_digest_of_this_channel_are_fetched(room: Room):
    room.desk.keep(DIGEST, CHANNEL)
    assert room.press("details", commit_value(DIGEST, 0, SHA)) is None
    assert room.press("menu", page_value(DIGEST, 1)) is None
    assert room.desk.answered == [
        CommitPress(digest_id=DIGEST, repository=0, sha=SHA[:16]),
        PagePress(digest_id=DIGEST, page=1),
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("details", commit_value(DIGEST, 0, SHA)),
        ("menu", page_value(DIGEST, 1)),
        ("feedback", "up:" + commit_value(DIGEST, 0, SHA)),
    ],
)
def test_a_button_of_another_channels_digest_shows_nothing(redis: Redis, kind, value):
    feedback = NotingFeedback()
    room = room_of(redis, feedback=feedback)
    room.desk.keep(DIGEST, CHANNEL.model_copy(update={"id": "C2"}))
    answer = room.press(kind, value)
    assert answer is not None
    assert "another channel" in plain_text(answer.view)
    assert (room.desk.answered, feedback.kept) == ([], [])


def test_a_guest_is_shown_nothing_of_a_private_repository(redis: Redis):
    room = room_of(redis, Access(read_permissions("acme/*@slack:T1:C1")))
    room.desk.keep(DIGEST, CHANNEL, public_only=False)
    details = commit_value(DIGEST, 0, SHA)
    for given in (
        {"person": Person(id="U9", is_outsider=True)},
        {"channel": CHANNEL.model_copy(update={"is_shared": True})},
    ):
        answer = room.press("details", details, **given)
        assert answer is not None
        assert "no longer kept" in plain_text(answer.view)
    assert room.press("details", details) is None
    assert len(room.desk.answered) == 1


def test_what_was_closed_to_a_channel_shows_nothing_more(redis: Redis):
    room = room_of(redis)
    room.desk.keep(DIGEST, CHANNEL, public_only=False)
    room.channels.grant(CHANNEL.key, "acme/api", by="U1")
    assert room.press("details", commit_value(DIGEST, 0, SHA)) is None
    room.channels.revoke(CHANNEL.key, "acme/api")
    assert room.press("details", commit_value(DIGEST, 0, SHA)) is not None
    assert len(room.desk.answered) == 1


def test_feedback_is_kept_and_thanked_for(redis: Redis):
    feedback = NotingFeedback()
    room = room_of(redis, feedback=feedback)
    room.desk.keep(DIGEST, CHANNEL)
    answer = room.press("feedback", "down:" + commit_value(DIGEST, 0, SHA))
    assert answer is not None
    assert "Thank you" in plain_text(answer.view)
    assert [kept.helped for kept in feedback.kept] == [False]


def test_a_button_about_a_subscription_does_what_the_command_does(room: Room):
    room.hear("subscribe owner/repo 09:00")
    answer = room.press("pause", number_value(1, CHANNEL.key))
    assert answer is not None
    assert "is paused" in plain_text(answer.view)
    assert room.subscriptions.get(CHANNEL, 1).is_paused
    gone = room.press("run", number_value(5, CHANNEL.key))
    assert gone is not None
    assert "no subscription 5" in plain_text(gone.view)


def test_a_button_of_another_channels_subscription_touches_nothing(room: Room):
    room.hear("subscribe owner/repo 09:00")
    answer = room.press("unsubscribe", number_value(1, "slack:T1:C2"))
    assert answer is not None
    assert "another channel" in plain_text(answer.view)
    assert len(room.subscriptions.of(CHANNEL)) == 1


def test_a_forged_press_is_refused_in_words(room: Room):
    answer = room.press("details", "../../etc/passwd")
    assert answer is not None
    assert "another version" in plain_text(answer.view)


def test_a_press_delivered_twice_is_handled_once(room: Room):
    room.desk.keep(DIGEST, CHANNEL)
    pressed = press("details", commit_value(DIGEST, 0, SHA))
    room.conversation.hear(pressed, NOW)
    room.conversation.hear(pressed, NOW)
    assert len(room.desk.answered) == 1
