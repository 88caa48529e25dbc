"""What is in the way of a digest, on every platform: closed rooms, a platform that falters, a hostile day."""

from __future__ import annotations

import json
import urllib.request
from contextlib import suppress
from pathlib import Path
from threading import Event as Signal
from threading import Timer

import pytest

from tests.drivers.driver import (
    OTHER,
    SUBJECT,
    Closed,
    Driver,
    Sending,
    count,
    digest_of,
    menu_of,
    ordered,
    read,
    replies_to,
    wait_for,
)
from tests.fakes.slack_http import Trouble, dropped, failing, held
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder

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
