"""What people ask for and press, and what they see then, on every platform; see conftest.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers.driver import (
    ALONE,
    GUEST,
    OTHER,
    SUBJECT,
    Driver,
    Posted,
    count,
    digest_of,
    menu_of,
    ordered,
    read,
    replies_to,
    wait_for,
)
from tests.processes import wait_until
from tests.repositories import RepositoryBuilder
from workers.store import keys

MANY = 104


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
