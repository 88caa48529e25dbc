"""What presses ask for comes once, where it belongs; what cannot be had is told to who pressed."""

from __future__ import annotations

from chatbot.messaging import Press, Receipt
from chatbot.views.chat_values import SHA_DIGITS
from tests.fakes.slack_http import dropped
from tests.samples import digest, entry, repository
from tests.unit.chatbot.chat_jobs.conftest import ADA, C1, Stage
from workers.model import Digest, Tier


def kept(stage: Stage, commits: int = 2) -> Digest:
    """A digest that was ordered, and stands in the channel."""
    made = digest(
        repository(
            [
                entry(f"fix: case {number}", f"{number // 60:02}:{number % 60:02}", tier=Tier.HIGH)
                for number in range(commits)
            ]
        )
    )
    stage.digests.put("d1", made)
    stage.order("d1")
    return made


def press(stage: Stage, **given: object) -> Press:
    parent = stage.slack.workspace.post("C1", "the digest")
    on = Receipt(channel=C1, id=parent.ts)
    fields = {"ids": ("p1",), "channel": C1, "person": ADA, "kind": "details", "value": "v", "on": on}
    return Press.model_validate({**fields, **given})


def sha(made: Digest, number: int = 0) -> str:
    return made.repositories[0].commits[number].sha[:SHA_DIGITS]


def test_details_are_posted_in_the_thread_of_the_digest_once(stage: Stage) -> None:
    made, pressed = kept(stage), press(stage)
    for _ in range(2):
        stage.pressed().details("d1", 0, sha(made), pressed)
    assert pressed.on is not None
    posted = stage.slack.thread(pressed.on.id)
    assert "fix: case 0" in posted[0].shown
    assert len({one.shown for one in posted}) == len(posted)
    (told,) = stage.slack.private()
    assert "in the thread already" in told.shown


def test_who_presses_while_the_details_are_being_posted_is_told_where_they_are(stage: Stage) -> None:
    made, pressed = kept(stage), press(stage)
    assert pressed.on is not None
    name = f"d1-0-{made.repositories[0].commits[0].sha}/{C1.key}/{pressed.on.id}"
    first = stage.ledger.take(name, "first", stage.now)
    assert first is not None

    def go_on() -> None:
        stage.script = lambda: None
        stage.ledger.leave(first)
        stage.pressed().details("d1", 0, sha(made), pressed)

    stage.script = go_on
    stage.pressed().details("d1", 0, sha(made), pressed)
    assert sum("case 0" in one.shown for one in stage.slack.thread(pressed.on.id)) == 1
    (told,) = stage.slack.private()
    assert "in the thread already" in told.shown


def test_a_lost_answer_posts_no_details_twice(stage: Stage) -> None:
    made, pressed = kept(stage), press(stage)
    stage.slack.trouble(dropped(after=True))
    stage.pressed().details("d1", 0, sha(made), pressed)
    assert pressed.on is not None
    posted = stage.slack.thread(pressed.on.id)
    assert sum("case 0" in one.shown for one in posted) == 1


def test_details_of_a_page_that_one_person_sees_go_where_the_digest_stands(stage: Stage) -> None:
    made = kept(stage)
    stage.watching().watch("d1")
    (parent,) = stage.slack.seen()
    stage.pressed().details("d1", 0, sha(made, 1), press(stage, on=None))
    assert "case 1" in stage.slack.thread(parent.ts)[0].shown


def test_a_page_of_the_menu_is_for_who_turned_to_it(stage: Stage) -> None:
    kept(stage, commits=102)
    stage.pressed().page("d1", 1, press(stage))
    (told,) = stage.slack.private()
    assert len(told.element("details")["options"]) == 2


def test_what_is_no_longer_kept_is_said_so(stage: Stage) -> None:
    kept(stage)
    for digest_id, number, start in (("gone", 0, "0" * 16), ("d1", 7, "0" * 16), ("d1", 0, "f" * 16)):
        stage.pressed().details(digest_id, number, start, press(stage))
    told = stage.slack.private()
    assert len(told) == 3
    assert all("no longer kept" in one.shown for one in told)


def test_a_channel_where_nothing_can_be_posted_is_explained_directly(stage: Stage) -> None:
    made, pressed = kept(stage), press(stage)
    stage.slack.workspace.channels["C1"].archived = True
    stage.pressed().details("d1", 0, sha(made), pressed)
    (told,) = stage.slack.seen("DU1")
    assert "archived" in told.shown
    assert "Reference: " in told.shown


def test_a_thread_that_somebody_deleted_is_said_to_be_gone_and_nothing_lands_in_the_channel(stage: Stage) -> None:
    made, pressed = kept(stage), press(stage)
    assert pressed.on is not None
    stage.slack.workspace.remove("C1", pressed.on.id)
    stage.pressed().details("d1", 0, sha(made), pressed)
    assert stage.slack.seen() == []
    (told,) = stage.slack.private()
    assert "no longer exists" in told.shown
