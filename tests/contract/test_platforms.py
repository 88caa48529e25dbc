"""What people do in a chat and see of the bot then, the same on every platform: each test runs against every fake.

The whole bot runs as processes of its own, over each platform's real SDK. What one platform does its own way is in
`tests/integration/test_slack.py` and `test_feishu.py`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Event as Signal
from threading import Timer

import pytest

from tests.drivers.driver import (
    ALONE,
    GUEST,
    OTHER,
    Closed,
    Driver,
    Posted,
    Sending,
    digest_of,
    read,
    replies_to,
    wait_for,
)
from tests.drivers.feishu import feishu
from tests.drivers.slack import slack
from tests.fakes.slack_http import Trouble, dropped, failing, held
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from workers.store import keys

Start = Callable[[Path, Path], AbstractContextManager[Driver]]
DRIVERS: dict[str, Start] = {"slack": slack, "feishu": feishu}

SUBJECT = "drop the old login"
MANY = 104
DAY = 300
REVOKED = ("token_revoked", "feishu_refused")
LONG = "A sentence of the message. " * 1_500
HOSTILE = (
    f"feat!: {SUBJECT} <!channel> <@U123> <at id=all></at>\n\n{LONG}",
    "🚀🔥💥👩‍👩‍👧‍👦",
    "fix: مرحبا بالعالم \u202egnp.exe\u202c \x1b[31mred",
    "fix!: `code` ``` *bold* | a | b | </font> @everyone",
    '修复!：<at id=all></at> 与 <at user_id="all">所有人</at> 的转义',
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the repositories are that rooms may read."""
    return tmp_path_factory.mktemp("git")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    """Three commits of one day."""
    builder = RepositoryBuilder(folder / "engine")
    builder.commit(f"feat!: {SUBJECT}", {"src/login.py": "def login(user):\n    return user\n"})
    builder.commit("fix: a crash", {"src/login.py": "def login(user):\n    return user or None\n"})
    builder.commit("docs: typo", {"README.md": "hello\n"})
    return str(builder.path)


@pytest.fixture(scope="module", params=DRIVERS)
def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Driver]:
    with DRIVERS[request.param](tmp_path_factory.mktemp(request.param), folder) as driver:
        yield driver


def ordered(chat: Driver, source: str, room: str) -> Posted:
    """The digest of a command in a room."""
    chat.write(f"{source} lang=en", room)
    return digest_of(chat, room, SUBJECT)


def menu_of(chat: Driver, digest: Posted) -> Posted:
    """The message of a digest that has its menu of all commits: its first, or one in its thread."""

    def found() -> Posted | None:
        return next((one for one in (digest, *chat.thread(digest)) if one.menu), None)

    wait_until(found, 30)
    menu = found()
    assert menu is not None
    return menu


def count(chat: Driver, room: str, text: str) -> int:
    return sum(text in one.text for one in chat.posted(room))


# --- a digest that was asked for ----------------------------------------------------------------------------------


def test_a_command_is_answered_at_once_and_its_progress_becomes_the_digest(chat: Driver, source: str) -> None:
    room = chat.room()
    chat.write(f"{source} lang=en", room)
    assert "engine" in read(chat, room)
    digest = digest_of(chat, room, SUBJECT)
    assert digest.is_edited
    assert count(chat, room, SUBJECT) == 1


def test_what_the_platform_tells_again_is_heard_once(chat: Driver, source: str) -> None:
    room = chat.room()
    chat.write(f"{source} lang=en", room, times=3)
    digest_of(chat, room, SUBJECT)
    chat.write("help", room)
    wait_for(chat, room, "/digest owner/repo")
    assert count(chat, room, SUBJECT) == 1


def test_words_to_the_bot_alone_have_their_digest_there(chat: Driver, source: str) -> None:
    room = chat.write_directly(f"{source} lang=en", ALONE)
    assert SUBJECT in digest_of(chat, room, SUBJECT).text


def test_a_run_that_fails_ends_in_words_where_its_progress_was(chat: Driver, source: str) -> None:
    room = chat.room()
    chat.write(f"{source} branch=nowhere lang=en", room)
    assert "nowhere" in digest_of(chat, room, "no branch").text


def test_a_commit_that_was_asked_for_comes_as_its_whole_analysis(chat: Driver, source: str) -> None:
    sha = ordered(chat, source, chat.room()).menu[1].rpartition(":")[2]
    room = chat.room()
    chat.write(f"commit {source} {sha} lang=en", room)
    assert "fix: a crash" in digest_of(chat, room, "Helpful").text


# --- what can be pressed ------------------------------------------------------------------------------------------


def test_details_come_once_into_the_thread_and_later_presses_are_told_so(chat: Driver, source: str) -> None:
    room = chat.room()
    digest = ordered(chat, source, room)
    chat.press(digest, "details")
    (details,) = replies_to(chat, digest)
    assert SUBJECT in details.text
    chat.press(digest, "details")
    wait_for(chat, room, "in the thread already")
    assert len(chat.thread(digest)) == 1


def test_feedback_is_kept_once_for_each_person_and_thanked_for(chat: Driver, source: str) -> None:
    before = set(chat.redis.keys(f"{keys.PREFIX}:feedback:*"))
    room = chat.room()
    digest = ordered(chat, source, room)
    chat.press(digest, "details")
    (details,) = replies_to(chat, digest)
    for vote in ("up", "down"):
        chat.vote(details, vote)
    wait_until(lambda: read(chat, room).count("Thank") == 2)
    (kept,) = set(chat.redis.keys(f"{keys.PREFIX}:feedback:*")) - before
    assert list(chat.redis.hgetall(kept).values()) == [b"down"]


def test_the_menu_has_all_commits_and_turns_its_pages(chat: Driver, folder: Path) -> None:
    builder = RepositoryBuilder(folder / f"many-{chat.name}")
    for number in range(MANY):
        builder.commit(f"docs: page {number}", {"README.md": f"{number}\n"})
    room = chat.room()
    chat.write(f"{builder.path} lang=en", room)
    digest = digest_of(chat, room, f"page {MANY - 1}")
    menu = menu_of(chat, digest)
    assert len(menu.menu) == 100

    def page() -> Posted | None:
        shown = (*chat.told(room), *chat.posted(room), *chat.thread(digest))
        return next((one for one in shown if len(one.menu) == MANY - 100), None)

    chat.press(menu, "menu")
    wait_until(page)
    found = page()
    assert found is not None
    chat.press(found, "details", found.menu[-1])
    wait_until(lambda: any("page 0" in one.text for one in chat.thread(digest)), 20)


# --- settings and subscriptions -----------------------------------------------------------------------------------


def test_a_room_sets_its_language_for_all_that_follows(chat: Driver) -> None:
    room = chat.room()
    chat.write("settings lang=zh timezone=Asia/Shanghai", room)
    wait_for(chat, room, "Asia/Shanghai")
    chat.write("list", room)
    wait_for(chat, room, "订阅")


def test_a_subscription_is_made_listed_stopped_run_and_ended_by_words(chat: Driver, source: str) -> None:
    room = chat.room()
    for words, answer in (
        (f"subscribe {source} weekdays 09:00 Asia/Shanghai lang=en", "weekdays 09:00"),
        ("list", "Repository"),
        ("pause 1", "paused"),
        ("resume 1", "resumed"),
    ):
        chat.write(words, room)
        wait_for(chat, room, answer)
    chat.write("run 1", room)
    digest_of(chat, room, "engine · ")
    chat.write("unsubscribe 1", room)
    wait_for(chat, room, "is removed")
    chat.write("show 1", room)
    wait_for(chat, room, "no subscription 1")


def test_a_subscription_is_stopped_by_its_button(chat: Driver, source: str) -> None:
    room = chat.room()
    chat.write(f"subscribe {source} 09:00 lang=en", room)
    chat.write("show 1", room)

    def shown() -> Posted | None:
        return next((one for one in (*chat.told(room), *chat.posted(room)) if "Run now" in one.text), None)

    wait_until(shown)
    found = shown()
    assert found is not None
    chat.press(found, "pause")
    wait_until(lambda: any("paused" in one.text for one in chat.posted(room)))


# --- wrong words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("subscrbe acme/api 09:00", "subscribe"),
        ("acme/api 2026-02-30", "2026-02-30"),
        ("subscribe acme/api 09:00 Asia/Shangai", "Asia/Shanghai"),
        ("acme/api colour=red", "colour"),
        ("allow acme/secret", "ADMINS"),
        ("pause 7", "no subscription 7"),
    ],
)
def test_words_that_are_wrong_are_answered_with_what_is_right(chat: Driver, words: str, answer: str) -> None:
    room = chat.room()
    chat.write(words, room)
    wait_for(chat, room, answer)


def test_help_shows_examples(chat: Driver) -> None:
    room = chat.room()
    chat.write("help", room)
    wait_for(chat, room, "/digest owner/repo", "subscribe")


# --- who may see what ---------------------------------------------------------------------------------------------


def test_guests_and_rooms_with_others_learn_nothing_of_a_private_repository(chat: Driver, source: str) -> None:
    for room, person in ((chat.room(), GUEST), (chat.room(is_shared=True), OTHER)):
        answers = []
        for path in (source, "/no/such/folder"):
            chat.write(f"{path} lang=en", room, person)
            wait_for(chat, room, path, person=person)
            seen = (*chat.posted(room), *chat.told(room, person))
            answers.append(next(one.text for one in seen if path in one.text).replace(path, "X"))
        assert answers[0] == answers[1]
        assert SUBJECT not in read(chat, room, person)


# --- what is in the way -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", ["absent", "silenced"])
def test_where_the_bot_may_not_write_who_asked_is_told_why(chat: Driver, closed: Closed) -> None:
    room, words = chat.room(closed), chat.closed[closed]
    chat.write("acme/nowhere lang=en", room, OTHER)
    wait_until(lambda: any(words in one.text for one in chat.told(room, OTHER)), 20)
    told = next(one.text for one in chat.told(room, OTHER) if words in one.text)
    reference = told.rpartition("Reference: ")[2].strip(" .")
    wait_until(lambda: f"reference {reference}" in chat.log.read_text("utf-8"))


def test_a_missing_permission_is_named(chat: Driver, source: str) -> None:
    room = chat.room()
    with chat.without_permission() as permission:
        chat.write(f"{source} lang=en", room)
        wait_until(lambda: permission in read(chat, room) + chat.log.read_text("utf-8"), 20)


def test_an_app_that_was_revoked_is_logged_with_a_reference_and_works_once_it_is_let_in_again(
    chat: Driver, source: str
) -> None:
    room = chat.room()
    chat.write("help", room)
    with chat.revoked():
        chat.write(f"{source} lang=en", room)
        wait_until(lambda: any("run " in line for line in _lines(chat, *REVOKED)), 20)
        assert all("reference " in line for line in _lines(chat, *REVOKED) if "run " in line)
    assert ordered(chat, source, chat.room())


def _lines(chat: Driver, *words: str) -> list[str]:
    """The lines of the log that have one of the words."""
    return [line for line in chat.log.read_text("utf-8").splitlines() if any(word in line for word in words)]


# --- a platform that falters --------------------------------------------------------------------------------------


def test_a_digest_stands_once_whatever_became_of_a_call(chat: Driver, source: str) -> None:
    """All at once: where a platform knows no keys, what may have arrived is only sent again after half a minute."""
    sendings: tuple[Sending, ...] = ("post", "edit")
    troubles = (dropped(), dropped(after=True), failing(), failing(after=True))
    rooms = [chat.room() for _ in range(len(sendings) * (len(troubles) + 1))]
    free = iter(rooms)
    for on in sendings:
        chat.throttle(on, next(free))
        for trouble in troubles:
            chat.trouble(trouble, on, next(free))
    for room in rooms:
        chat.write(f"{source} lang=en", room)
    for room in rooms:
        digest_of(chat, room, SUBJECT, seconds=60)
    assert [count(chat, room, SUBJECT) for room in rooms] == [1] * len(rooms)


def test_an_answer_that_is_late_makes_no_second_digest(chat: Driver, source: str) -> None:
    room, released = chat.room(), Signal()
    chat.trouble(held(released), "post", room)
    later = Timer(2, released.set)
    later.start()
    ordered(chat, source, room)
    later.join()
    assert count(chat, room, SUBJECT) == 1


@pytest.mark.parametrize("trouble", [dropped(after=True), failing(after=True)])
def test_details_stand_once_whatever_became_of_the_call(chat: Driver, source: str, trouble: Trouble) -> None:
    room = chat.room()
    digest = ordered(chat, source, room)
    chat.trouble(trouble, "reply", room)
    chat.press(digest, "details")
    replies_to(chat, digest, seconds=60)
    for _ in range(10):
        chat.press(digest, "details")
        with suppress(AssertionError):
            wait_for(chat, room, "in the thread already", seconds=3)
            break
    assert len(chat.thread(digest)) == 1


def test_the_connection_that_is_dropped_is_back_and_the_bot_is_well(chat: Driver) -> None:
    chat.drop()
    room = chat.room()
    chat.write("help", room)
    wait_for(chat, room, "/digest owner/repo")
    with urllib.request.urlopen(f"{chat.url}/health", timeout=5) as answer:  # noqa: S310
        assert json.load(answer)[chat.name] is True


# --- a day that is hostile ----------------------------------------------------------------------------------------


def test_a_day_of_300_hostile_commits_passes_every_limit_and_mentions_nobody(chat: Driver, folder: Path) -> None:
    builder = RepositoryBuilder(folder / f"hostile-{chat.name}")
    for number in range(DAY):
        text = HOSTILE[number] if number < len(HOSTILE) else f"fix: {number} <!here> <at id=all></at> | `x` | 中文"
        builder.commit(text, {f"src/<!here>{number % 7}.py": f"def f():\n    return {number}\n"})
    room = chat.room()
    with chat.enforce():
        chat.write(f"{builder.path} lang=zh", room)
        digest = digest_of(chat, room, SUBJECT, seconds=90)
        menu = menu_of(chat, digest)
        before = len(chat.thread(digest))
        chat.press(menu, "details", menu.menu[-1])
        wait_until(lambda: len(chat.thread(digest)) > before, 60)
        assert not any(one.is_mentioning for one in (*chat.posted(room), *chat.thread(digest)))


# --- the log ------------------------------------------------------------------------------------------------------


def test_neither_words_of_people_nor_tracebacks_stand_in_the_log(chat: Driver) -> None:
    logged = chat.log.read_text("utf-8")
    assert SUBJECT not in logged
    assert "Traceback" not in logged
