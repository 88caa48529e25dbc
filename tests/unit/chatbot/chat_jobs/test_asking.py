"""Questions of a thread are answered in order, once each, in sight of who asked, or it is said why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import pytest

from chatbot.chat_jobs.asking import ATTEMPTS, CLAIM_LIFE, Asking
from chatbot.messaging import Receipt
from chatbot.questions import Threads, WaitingQuestion
from tests import samples
from tests.fakes.platform import Died
from tests.fakes.slack_http import Trouble, dropped, limited, refused
from tests.fakes.slack_workspace import Message
from tests.unit.chatbot.chat_jobs.conftest import ADA, C1, Stage
from workers.model import Digest
from workers.questions.values import (
    About,
    Answer,
    Asked,
    Citation,
    CommitRef,
    Event,
    Finished,
    Found,
    Looking,
    Said,
    Spent,
    Told,
)
from workers.settings import Settings
from workers.store import keys
from workers.store.answers import AnswerCounts
from workers.store.claims import Claims
from workers.store.threads import Topic

Script = Callable[[Asked], AsyncIterator[Event]]

SOURCE = "acme/api"


class Thread:
    """A digest that stands in a channel, and what answers questions under it."""

    def __init__(self, stage: Stage, digest: Digest) -> None:
        self.stage = stage
        stage.digests.put("d1", digest)
        self.parent = stage.slack.workspace.post("C1", "digest")
        self.root = Receipt(channel=C1, id=self.parent.ts, thread=self.parent.ts)
        self.threads = Threads(stage.redis, Settings())
        self.counts = AnswerCounts(stage.redis)
        entry = next(iter(digest.repositories[0].commits))
        self.ref = CommitRef(source=SOURCE, sha=entry.sha)
        self.asked: list[Asked] = []

    def ask(self, text: str, number: int = 1, topic: Topic | None = None) -> WaitingQuestion:
        question = WaitingQuestion(
            id=f"q{number}",
            text=text,
            channel=C1,
            person=ADA,
            root=self.root,
            topic=topic or Topic(digest_id="d1"),
            sources=(SOURCE,),
            language="en",
            asked_at=self.stage.now,
        )
        assert self.threads.line.join(C1.key, self.root.id, question) is not None
        return question

    def asking(self, script: Script, holder: str = "job") -> Asking:
        def answerer(asked: Asked, may_see: Callable[[str], bool]) -> AsyncIterator[Event]:
            assert may_see(SOURCE)
            assert not may_see("other/one")
            self.asked.append(asked)
            return script(asked)

        return Asking(
            threads=self.threads,
            claims=Claims(self.stage.redis, CLAIM_LIFE),
            digests=self.stage.digests,
            counts=self.counts,
            ledger=self.stage.ledger,
            open_platform=lambda name: self.stage.platform,
            answerer=answerer,
            clock=self.stage.clock,
            holder=holder,
        )

    def answer(self, script: Script, holder: str = "job") -> None:
        """Runs the job of the question that joined the line last."""
        last = self.threads.line.all(C1.key, self.root.id)[-1]
        self.asking(script, holder).answer(C1.key, self.root.id, last.id)

    def replies(self) -> list[Message]:
        return [one for one in self.stage.slack.thread(self.parent.ts, "C1") if one.ts != self.parent.ts]

    def whole(self, text: str) -> list[Event]:
        """The events of an answer of one sentence about the first commit."""
        about = About(how="found", commits=(self.ref,))
        citation = Citation(number=1, commit=self.ref, path="src/a.py", start=3, end=4, quote="x = 1")
        said = Said(text=text, citations=(1,))
        spent = Spent(calls=1, input_tokens=100, output_tokens=10, cost=0.5)
        answer = Answer(engine="model", about=about, said=(said,), citations=(citation,), spent=spent)
        return [
            Found(about=about),
            Looking(tool="read_file", what="src/a.py"),
            Told(said=said, citations=(citation,)),
            Finished(answer=answer),
        ]


@pytest.fixture
def thread(stage: Stage) -> Thread:
    return Thread(stage, samples.busy())


def telling(thread: Thread, text: str = "It adds a retry.") -> Script:
    async def script(_: Asked) -> AsyncIterator[Event]:
        for event in thread.whole(text):
            yield event
            await asyncio.sleep(0)

    return script


def test_an_answer_stands_in_the_thread_with_its_sources(thread: Thread) -> None:
    thread.ask("what does it do?")
    thread.answer(telling(thread))
    (reply,) = thread.replies()
    assert "It adds a retry." in reply.shown
    assert "src/a.py:3-4" in reply.shown
    assert thread.ref.sha[:7] in reply.shown


def test_it_is_seen_that_somebody_is_at_it_before_the_first_event(thread: Thread) -> None:
    seen: list[str] = []

    async def script(asked: Asked) -> AsyncIterator[Event]:
        while not thread.replies():
            await asyncio.sleep(0.01)
        seen.append(thread.replies()[0].shown)
        async for event in telling(thread)(asked):
            yield event

    thread.ask("what does it do?")
    thread.answer(script)
    assert "Thinking" in seen[0]


def test_questions_are_answered_in_the_order_in_which_they_were_asked(thread: Thread) -> None:
    thread.ask("first?", 1)
    thread.ask("second?", 2)
    thread.answer(telling(thread))
    assert [asked.text for asked in thread.asked] == ["first?", "second?"]
    assert len(thread.replies()) == 2


def test_what_was_said_before_is_told_with_the_next_question(thread: Thread) -> None:
    thread.ask("first?", 1)
    thread.answer(telling(thread))
    thread.ask("second?", 2)
    thread.answer(telling(thread))
    (turn,) = thread.asked[1].turns
    assert (turn.question, turn.answer, turn.commits) == ("first?", "It adds a retry.", (thread.ref.sha,))


def test_the_commit_whose_details_were_posted_is_what_is_asked_about(thread: Thread) -> None:
    thread.ask("why?", topic=Topic(digest_id="d1", repository=0, sha=thread.ref.sha))
    thread.answer(telling(thread))
    assert thread.asked[0].focus == thread.ref


def test_an_answer_that_is_made_again_after_a_death_stands_once(thread: Thread) -> None:
    async def dying(_: Asked) -> AsyncIterator[Event]:
        yield thread.whole("Half.")[0]
        raise Died

    thread.ask("what?")
    with pytest.raises(Died):
        thread.answer(dying)
    thread.answer(telling(thread))
    (reply,) = thread.replies()
    assert "It adds a retry." in reply.shown


def test_a_question_that_kills_its_workers_is_told_to_have_no_answer(thread: Thread) -> None:
    async def dying(_: Asked) -> AsyncIterator[Event]:
        yield thread.whole("Half.")[0]
        raise Died

    thread.ask("what?")
    for _ in range(ATTEMPTS):
        with pytest.raises(Died):
            thread.answer(dying)
    thread.answer(dying)
    (reply,) = thread.replies()
    assert "ask again" in reply.shown


def test_while_another_answers_in_the_thread_it_is_waited_for(thread: Thread) -> None:
    """So the job of every question ends when that is answered, and one whose worker died is missed by nobody."""
    question = thread.ask("what?")
    assert thread.asking(telling(thread)).claims.take(f"thread {C1.key} {thread.root.id}", "other") is not None
    thread.stage.script = lambda: thread.threads.line.leave(C1.key, thread.root.id, question)
    thread.answer(telling(thread))
    assert thread.replies() == []


def test_what_another_answers_in_is_let_be_where_nobody_relies_on_it(thread: Thread) -> None:
    question = thread.ask("what?")
    asking = thread.asking(telling(thread))
    assert asking.claims.take(f"thread {C1.key} {thread.root.id}", "other") is not None
    asking.answer(C1.key, thread.root.id, question.id, waits=False)
    assert thread.threads.line.all(C1.key, thread.root.id) == (question,)


def test_while_the_platform_lets_an_answer_wait_its_thread_is_kept(thread: Thread) -> None:
    """Another process would answer in it once more."""
    left: list[int] = []
    redis, key = thread.stage.redis, keys.claim(f"thread {C1.key} {thread.root.id}")

    def almost_lapsed() -> None:
        left.append(redis.pttl(key))
        redis.pexpire(key, 5_000)

    thread.stage.script = almost_lapsed
    thread.stage.slack.trouble(limited(55), "chat.update")
    thread.ask("what?")
    thread.answer(telling(thread))
    assert len(left) >= 5
    assert min(left) > CLAIM_LIFE.total_seconds() * 900


def test_what_another_leaves_unanswered_is_answered_in_its_place(thread: Thread) -> None:
    thread.ask("what?")
    asking = thread.asking(telling(thread))
    claim = asking.claims.take(f"thread {C1.key} {thread.root.id}", "other")
    assert claim is not None
    thread.stage.script = lambda: asking.claims.release(claim)
    thread.answer(telling(thread))
    assert len(thread.replies()) == 1


def test_a_job_leaves_the_questions_behind_its_own_to_their_jobs(thread: Thread) -> None:
    first = thread.ask("first?", 1)
    second = thread.ask("second?", 2)
    thread.asking(telling(thread)).answer(C1.key, thread.root.id, first.id)
    assert thread.threads.line.all(C1.key, thread.root.id) == (second,)
    assert thread.asking(telling(thread)).claims.take(f"thread {C1.key} {thread.root.id}", "other") is not None


def test_a_question_that_was_answered_on_the_way_to_another_needs_no_more(thread: Thread) -> None:
    thread.ask("what?")
    thread.answer(telling(thread))
    thread.asking(telling(thread)).answer(C1.key, thread.root.id, "q1")
    assert len(thread.asked) == 1


def test_a_question_whose_job_died_in_the_line_is_told_so_and_lets_the_others_be(thread: Thread) -> None:
    first, second = thread.ask("first?", 1), thread.ask("second?", 2)
    asking = thread.asking(telling(thread))
    assert asking.claims.take(f"thread {C1.key} {thread.root.id}", "other") is not None
    asking.tell_unanswered(C1.key, thread.root.id, second.id)
    asking.tell_unanswered(C1.key, thread.root.id, first.id)
    (reply,) = thread.replies()
    assert "ask again" in reply.shown
    assert thread.threads.line.all(C1.key, thread.root.id) == (first,)


def test_somebody_has_an_answer_end(thread: Thread) -> None:
    async def endless(_: Asked) -> AsyncIterator[Event]:
        for event in thread.whole("Half.")[:3]:
            yield event
        thread.threads.line.stop(C1.key, thread.root.id, thread.stage.now)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield thread.whole("Half.")[3]
            raise

    thread.ask("what?")
    thread.answer(endless)
    (reply,) = thread.replies()
    assert "Half." in reply.shown
    assert "Stopped." in reply.shown
    day = thread.stage.now.date()
    assert thread.counts.between(day, day).input_tokens == 100


def test_a_stop_before_the_answer_is_begun_ends_it_and_one_before_the_question_does_not(thread: Thread) -> None:
    thread.ask("what?")
    thread.threads.line.stop(C1.key, thread.root.id, thread.stage.now)
    thread.answer(telling(thread))
    assert thread.asked == []
    thread.ask("again?", 2)
    thread.threads.line.stop(C1.key, thread.root.id, thread.stage.now - timedelta(seconds=1))
    thread.answer(telling(thread))
    assert [asked.text for asked in thread.asked] == ["again?"]


@pytest.mark.parametrize("trouble", [limited(1), dropped(), dropped(after=True)])
def test_what_could_not_be_added_once_is_shown_while_it_grows(thread: Thread, trouble: Trouble) -> None:
    thread.stage.slack.trouble(trouble, "chat.appendStream")
    seen: list[str] = []

    async def script(_: Asked) -> AsyncIterator[Event]:
        events = thread.whole("It adds a retry.")
        for event in events[:3]:
            yield event
        for _ in range(100):
            thread.stage.now += timedelta(seconds=2)
            await asyncio.sleep(0.02)
            seen[:] = [reply.shown for reply in thread.replies()]
            if any("It adds a retry." in one for one in seen):
                break
        yield events[3]

    thread.ask("what?")
    thread.answer(script)
    assert "It adds a retry." in "".join(seen)


def test_what_is_looked_at_stands_in_a_growing_answer_and_not_in_the_whole_one(thread: Thread) -> None:
    seen: list[str] = []

    async def script(_: Asked) -> AsyncIterator[Event]:
        events = thread.whole("It adds a retry.")
        yield events[0]
        yield Looking(tool="read_file", what="src/<!here>.py")
        while not any("Reading" in one for one in seen):
            thread.stage.now += timedelta(seconds=1)
            await asyncio.sleep(0.02)
            seen[:] = [reply.shown for reply in thread.replies()]
        for event in events[2:]:
            yield event

    thread.ask("what?")
    thread.answer(script)
    (reply,) = thread.replies()
    assert "Reading src/&lt;!here&gt;.py…" in "".join(seen)
    assert "It adds a retry." in reply.shown
    assert "Reading" not in reply.shown


def test_a_question_whose_digest_is_forgotten_is_told_so(thread: Thread) -> None:
    thread.ask("what?", topic=Topic(digest_id="gone"))
    thread.answer(telling(thread))
    (reply,) = thread.replies()
    assert "no longer kept" in reply.shown


def test_a_defect_in_answering_is_told_in_words(thread: Thread) -> None:
    async def broken(_: Asked) -> AsyncIterator[Event]:
        yield thread.whole("Half.")[0]
        raise ZeroDivisionError

    thread.ask("what?")
    thread.answer(broken)
    (reply,) = thread.replies()
    assert "our side" in reply.shown
    assert "ZeroDivision" not in reply.shown


def test_after_the_job_has_died_for_good_who_asked_is_told(thread: Thread) -> None:
    question = thread.ask("what?")
    thread.asking(telling(thread)).tell_unanswered(C1.key, thread.root.id, question.id)
    (reply,) = thread.replies()
    assert "ask again" in reply.shown
    assert thread.threads.line.first(C1.key, thread.root.id) is None


def test_where_the_thread_is_gone_who_asked_is_told_alone(thread: Thread) -> None:
    thread.stage.slack.workspace.channels["C1"].messages.remove(thread.parent)
    thread.ask("what?")
    thread.answer(telling(thread))
    assert thread.stage.slack.private("U1", "C1")


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
def test_a_stream_that_the_platform_refuses_costs_no_answer(thread: Thread, method: str) -> None:
    thread.stage.slack.trouble(refused("message_not_in_streaming_state"), method, times=None)
    thread.ask("what?")
    thread.answer(telling(thread))
    (reply,) = thread.replies()
    assert "It adds a retry." in reply.shown
    assert "src/a.py:3-4" in reply.shown


def test_an_answer_whose_last_update_is_refused_stands_in_another_message(thread: Thread) -> None:
    thread.stage.slack.trouble(refused("edit_window_closed"), "chat.update", times=None)
    thread.ask("what?")
    thread.answer(telling(thread))
    assert len([reply for reply in thread.replies() if "src/a.py:3-4" in reply.shown]) == 1


def test_a_question_that_its_author_deletes_meanwhile_is_answered_still(thread: Thread) -> None:
    asked = thread.stage.slack.workspace.post("C1", "what?", thread_ts=thread.parent.ts)
    thread.ask("what?")
    thread.stage.slack.workspace.channels["C1"].messages.remove(asked)
    thread.answer(telling(thread))
    (reply,) = thread.replies()
    assert "It adds a retry." in reply.shown


def test_what_an_answer_cost_is_counted(thread: Thread) -> None:
    thread.ask("what?")
    thread.answer(telling(thread))
    day = thread.stage.now.date()
    counted = thread.counts.between(day - timedelta(days=6), day)
    assert (counted.count, counted.input_tokens, counted.output_tokens, counted.cost) == (1, 100, 10, 0.5)


def test_a_hostile_answer_mentions_nobody(thread: Thread) -> None:
    thread.ask("what?")
    thread.answer(telling(thread, "<!channel> <@U2> *x* `y` <http://evil.example|here>"))
    (reply,) = thread.replies()
    assert "<!channel>" not in reply.text
    assert not [part for part in parts_of(reply.blocks) if part.get("type") in ("mrkdwn", "markdown")]


def parts_of(value: object) -> Iterator[dict[str, object]]:
    """Every object inside of blocks: what has markup is of these two types."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts_of(part)
