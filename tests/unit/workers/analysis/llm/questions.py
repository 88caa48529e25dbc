"""Questions to a fake model, and an Llm that does not wait between its tries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from tests.fakes.model import RIGHT_KEY, FakeModel
from workers.analysis.llm.dialect import Memory
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.llm import Llm, Record
from workers.analysis.llm.slots import LocalSlots, Slots
from workers.analysis.llm.values import ModelFault, Question, Reader, ReplyFault, Told

SCHEMA = {
    "type": "object",
    "properties": {"verdict": {"type": "string"}},
    "required": ["verdict"],
    "additionalProperties": False,
}
QUESTION = Question(
    name="verdict", system="You judge commits.", content="A commit.", json_schema=SCHEMA, max_output=500
)


def verdict(text: str, cut: bool) -> str:
    """Reads a reply as a judge's reader does: what is cut is marked, what is of no use is a ReplyFault."""
    if cut:
        return f"{text} …"
    try:
        value = json.loads(text)
    except ValueError:
        raise ReplyFault("not_json", "it begins with words") from None
    if not isinstance(value, dict) or "verdict" not in value:
        raise ReplyFault("wrong_schema", "there is no verdict")
    return str(value["verdict"])


def estimate(text: str) -> int:
    """As the fake counts, but for what it sees of other texts."""
    return len(text.encode()) // 4


@dataclass
class Asker:
    """Asks a fake model in an event loop of its own. `pauses` are those it would have made, in seconds."""

    model: FakeModel
    slots: Slots = field(default_factory=lambda: LocalSlots(32))
    memory: Memory | None = None
    record: Record | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)

    def endpoint(self) -> Endpoint:
        given = {"base_url": self.model.url, "key": SecretStr(RIGHT_KEY), "model": "small", **self.changes}
        return Endpoint(**given)

    def llm(self) -> Llm:
        return Llm(self.endpoint(), self.slots, estimate, self.memory, self.record, pause=self._pause)

    def ask(self, question: Question = QUESTION, read: Reader[str] = verdict) -> Told[str]:
        """One question by a new Llm."""
        return self.ask_all([question], read)[0]

    def ask_all(self, questions: list[Question], read: Reader[str] = verdict) -> list[Told[str]]:
        """Several at once by one Llm; the first fault is raised."""
        told: list[Told[str]] = self.with_llm(lambda llm: _gathered(llm, questions, read))
        return told

    def with_llm(self, use: Callable[[Llm], Any]) -> Any:
        """Runs what uses an Llm, and closes it."""

        async def run() -> Any:
            async with self.llm() as llm:
                return await use(llm)

        return asyncio.run(run())

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


def fault_of(ask: Callable[[], object]) -> ModelFault:
    """The ModelFault that a question ends with."""
    try:
        told = ask()
    except ModelFault as fault:
        return fault
    raise AssertionError(f"there was a reply: {told}")


async def _gathered(llm: Llm, questions: list[Question], read: Reader[str]) -> list[Told[str]]:
    asked = (llm.ask(question, read) for question in questions)
    found = await asyncio.gather(*asked, return_exceptions=True)
    faults = [one for one in found if isinstance(one, BaseException)]
    if faults:
        raise faults[0]
    return [one for one in found if not isinstance(one, BaseException)]
