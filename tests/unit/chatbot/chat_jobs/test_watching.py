"""Whoever waits for a digest sees how far it is, and how it ended, whatever else goes on."""

from __future__ import annotations

from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from chatbot.delivery.posting import DELIVER, ordered_name
from chatbot.messaging import Receipt
from tests.fakes.slack_http import limited, refused
from tests.fakes.slack_workspace import Channel as Room
from tests.unit.chatbot.chat_jobs.conftest import C1, Stage
from workers import queues
from workers.errors import BrokenError, RefusedError, WordsError
from workers.model import Listing
from workers.store.watched import Watched


def listed(stage: Stage, run_id: str, commits: int) -> None:
    """The run knows its commits."""
    stage.runs.put_listing(run_id, "acme/api", Listing.model_construct(heads=(), notices=()))
    stage.runs.expect(run_id, fetch=commits, analyse=commits)


def shown(stage: Stage, channel: str = "C1") -> list[str]:
    return [one.shown for one in stage.slack.seen(channel)]


def test_progress_is_one_message_that_changes_at_most_every_two_seconds(stage: Stage) -> None:
    stage.order("r1")
    watching = stage.watching()

    def work() -> None:
        stage.runs.advance("r1", "collect", done=1, total=1)

    stage.script = work
    begun = stage.now
    assert watching.watch("r1")
    assert (stage.now - begun).total_seconds() >= 5
    assert len(stage.slack.seen()) == 1
    assert len(stage.slack.asked("chat.postMessage")) == 1
    assert 1 <= len(stage.slack.asked("chat.update")) <= 3


def test_nothing_is_sent_where_nothing_has_changed(stage: Stage) -> None:
    stage.order("r1")
    stage.watching().watch("r1")
    assert stage.slack.asked("chat.update") == []


def test_what_is_handed_on_goes_on_with_the_same_message(stage: Stage) -> None:
    stage.order("r1")
    assert stage.watching("one").watch("r1")
    stage.runs.advance("r1", "collect", done=1, total=2)
    assert stage.watching("other").watch("r1")
    assert len(stage.slack.seen()) == 1


def test_one_process_watches_for_all(stage: Stage) -> None:
    stage.slack.workspace.channels["C2"] = Room("C2")
    stage.order("r1")
    stage.order("r2", C1.model_copy(update={"id": "C2"}))
    other = stage.watching("other")
    answers: list[bool] = []
    stage.script = lambda: answers or answers.append(other.watch("r2"))
    stage.watching("one").watch("r1")
    assert answers == [False]
    assert len(shown(stage)) == len(shown(stage, "C2")) == 1


def test_a_watcher_that_has_died_is_replaced(stage: Stage) -> None:
    stage.order("r1")
    Watched(stage.redis).hold("dead")
    assert not stage.watching().watch("r1")
    stage.redis.delete("cd:1:watcher")  # its hold has lapsed
    assert stage.watching().watch("r1")
    assert len(shown(stage)) == 1


def test_a_run_that_is_done_is_delivered_by_a_job_and_watched_no_more(stage: Stage) -> None:
    stage.order("r1")
    stage.runs.finish("r1", "r1")
    assert not stage.watching().watch("r1")
    job = Job.fetch("r1-deliver", connection=stage.redis, serializer=JSONSerializer)
    assert (job.func_name, job.args, job.origin) == (DELIVER, ["r1"], queues.CHAT)
    after = Job.fetch("r1-delivered", connection=stage.redis, serializer=JSONSerializer)
    assert after.get_status() is JobStatus.DEFERRED
    assert Watched(stage.redis).all() == []
    assert shown(stage) == []


def test_a_failure_takes_the_place_of_the_progress_with_a_reference(stage: Stage) -> None:
    stage.order("r1")
    stage.script = lambda: stage.runs.fail("r1", RefusedError("repository_not_found", repository="acme/api"))
    assert not stage.watching().watch("r1")
    (text,) = shown(stage)
    assert "no such repository" in text
    assert "Reference: " in text


def test_a_failure_is_told_even_where_somebody_deleted_the_progress(stage: Stage) -> None:
    stage.order("r1")

    def end() -> None:
        for message in stage.slack.seen():
            stage.slack.workspace.remove("C1", message.ts)
        stage.runs.fail("r1", RefusedError("repository_not_found", repository="acme/api"))

    stage.script = end
    assert not stage.watching().watch("r1")
    (told,) = stage.slack.private()
    assert "no such repository" in told.shown


def test_wrong_words_found_late_are_answered_with_an_example(stage: Stage) -> None:
    stage.order("r1")
    stage.runs.fail("r1", WordsError("unknown_branch", branch="mian", near="main"))
    stage.watching().watch("r1")
    (text,) = shown(stage)
    assert "Did you mean main" in text
    assert "/digest" in text


def test_the_reference_of_a_defect_is_the_one_in_the_log(stage: Stage) -> None:
    stage.order("r1")
    stage.runs.fail("r1", BrokenError("internal", reference="1f0c2d3e"))
    stage.watching().watch("r1")
    assert "1f0c2d3e" in shown(stage)[0]


def test_a_run_whose_jobs_died_without_a_word_ends_in_words(stage: Stage) -> None:
    stage.order("r1")
    job = queues.enqueue(stage.redis, queues.DIGESTS, "workers.jobs.collect", ["r1"], "r1-collect")
    job.set_status(JobStatus.FAILED)
    assert not stage.watching().watch("r1")
    assert "ended before" in shown(stage)[0]


def test_who_cannot_be_answered_in_the_channel_is_told_once(stage: Stage) -> None:
    stage.slack.workspace.channels["C1"].archived = True
    stage.order("r1")
    stage.script = lambda: stage.runs.advance("r1", "collect", done=1, total=1)
    stage.watching().watch("r1")
    stage.watching().tell_undelivered("r1")
    (message,) = stage.slack.seen("DU1")
    assert "archived" in message.shown


def test_a_throttled_channel_holds_up_no_other(stage: Stage) -> None:
    stage.slack.workspace.channels["C2"] = Room("C2")
    stage.slack.trouble(limited(retry_after=60), channel="C1", times=None)
    stage.order("r1")
    stage.order("r2", C1.model_copy(update={"id": "C2"}))
    Watched(stage.redis).add("r2")
    stage.watching().watch("r1")
    assert shown(stage) == []
    assert len(shown(stage, "C2")) == 1


def test_a_digest_that_could_not_be_delivered_is_told_with_the_reason(stage: Stage) -> None:
    stage.order("r1")
    stage.slack.trouble(refused("missing_scope", needed="chat:write"), times=None)
    stage.watching().watch("r1")
    (told,) = stage.slack.private()
    assert "lacks a permission" in told.shown
    assert "chat:write" in told.shown
    assert stage.ledger.row(ordered_name("r1", C1), 0).why == "missing_scope"


def test_a_digest_for_a_thread_that_somebody_deleted_is_told_to_be_gone(stage: Stage) -> None:
    asked = stage.slack.workspace.post("C1", "which digest?")
    stage.order("r1", under=Receipt(channel=C1, id=asked.ts))
    stage.slack.workspace.remove("C1", asked.ts)
    stage.watching().watch("r1")
    stage.watching().tell_undelivered("r1")
    (told,) = stage.slack.private()
    assert "no longer exists" in told.shown
    assert stage.slack.seen() == []


def test_progress_that_somebody_deleted_is_not_asked_for_again_and_again(stage: Stage) -> None:
    stage.order("r1")

    def work() -> None:
        for message in stage.slack.seen():
            stage.slack.workspace.remove("C1", message.ts)
        stage.runs.advance("r1", "collect", done=1, total=1)

    stage.script = work
    stage.watching().watch("r1")
    assert len(stage.slack.asked("chat.update")) == 1
    assert stage.slack.seen() == []


def test_many_runs_at_once_change_their_messages_less_often(stage: Stage) -> None:
    """Slack takes fifty changes a minute in a workspace, those with which digests take their places among them."""
    for number in range(6):
        stage.slack.workspace.channels[f"C{number}"] = Room(f"C{number}")
        stage.order(f"r{number}", C1.model_copy(update={"id": f"C{number}"}))
        Watched(stage.redis).add(f"r{number}")

    def work() -> None:
        for number in range(6):
            stage.runs.advance(f"r{number}", "collect", done=1, total=1)

    stage.script = work
    begun = stage.now
    watching = stage.watching()
    while (stage.now - begun).total_seconds() < 60:
        watching.watch("r0")
    assert 6 <= len(stage.slack.asked("chat.update")) <= 31


def test_a_run_that_nobody_knows_is_let_go(stage: Stage) -> None:
    assert not stage.watching().watch("forgotten")
    assert Watched(stage.redis).all() == []
