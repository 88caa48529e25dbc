"""Several threads are answered in at the same time by one process, each one question at a time."""

from __future__ import annotations

import threading
from collections.abc import Container, Iterator

import pytest

from chatbot.chat_jobs.several import AT_ONCE, TAKES_MORE, Several, Waiting


class Jobs:
    """Questions whose jobs wait in a queue, by the ids of these; `answer` goes on when the gate is open."""

    def __init__(self, **waiting: Waiting) -> None:
        self.waiting = waiting
        self.gate = threading.Event()
        self.begun: list[Waiting] = []
        self.failing: set[str] = set()
        self.now = 0.0

    def look(self, known: Container[str]) -> Iterator[tuple[str, Waiting]]:
        yield from ((name, asked) for name, asked in list(self.waiting.items()) if name not in known)

    def answer(self, asked: Waiting) -> None:
        self.begun.append(asked)
        self.gate.wait(10)
        if asked.question_id in self.failing:
            raise RuntimeError(asked.question_id)

    def run(self, own: Waiting) -> None:
        Several(self.answer, self.look, lambda: self.now).answer(own)


def asked(number: int, root: str | None = None) -> Waiting:
    return Waiting("slack:T1:C1", root or f"{number}.0", f"q{number}")


def test_questions_of_other_threads_are_answered_meanwhile() -> None:
    jobs = Jobs(**{f"j{number}": asked(number) for number in range(1, AT_ONCE)})
    met = threading.Barrier(AT_ONCE, timeout=10)

    def answer(one: Waiting) -> None:
        jobs.begun.append(one)
        met.wait()  # it passes when all of them are here

    Several(answer, jobs.look, lambda: 0.0).answer(asked(0))
    assert sorted(one.question_id for one in jobs.begun) == sorted(f"q{number}" for number in range(AT_ONCE))


def test_there_are_so_many_at_once_and_the_others_come_after_them() -> None:
    jobs = Jobs(**{f"j{number}": asked(number) for number in range(1, AT_ONCE + 3)})
    most, now, lock = 0, 0, threading.Lock()

    def answer(one: Waiting) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        jobs.begun.append(one)
        with lock:
            now -= 1

    Several(answer, jobs.look, lambda: 0.0).answer(asked(0))
    assert most <= AT_ONCE
    assert len(jobs.begun) == AT_ONCE + 3


def test_of_one_thread_one_question_is_answered_at_a_time() -> None:
    jobs = Jobs(j1=asked(1, root="0.0"), j2=asked(2))
    others = threading.Event()

    def answer(one: Waiting) -> None:
        jobs.begun.append(one)
        if one.question_id == "q2":
            others.set()
        assert others.wait(10)

    Several(answer, jobs.look, lambda: 0.0).answer(asked(0))
    assert [one.question_id for one in jobs.begun][:2] == ["q0", "q2"]


def test_what_fails_of_others_is_left_to_their_jobs_and_fails_nothing_here() -> None:
    jobs = Jobs(j1=asked(1))
    jobs.failing = {"q1"}
    jobs.gate.set()
    jobs.run(asked(0))
    assert [one.question_id for one in jobs.begun] == ["q0", "q1"]


def test_what_fails_of_its_own_fails_the_job() -> None:
    jobs = Jobs()
    jobs.failing = {"q0"}
    jobs.gate.set()
    with pytest.raises(RuntimeError, match="q0"):
        jobs.run(asked(0))


def test_after_some_time_it_takes_on_no_more() -> None:
    jobs = Jobs(j1=asked(1))
    jobs.gate.set()
    times = iter([0.0])
    Several(jobs.answer, jobs.look, lambda: next(times, TAKES_MORE)).answer(asked(0))
    assert [one.question_id for one in jobs.begun] == ["q0"]
