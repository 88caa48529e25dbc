"""One small question, to see whether a model can be asked at all."""

from __future__ import annotations

from workers.analysis.llm.dialect import Rung
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots
from workers.analysis.llm.values import Question

PATIENCE = 60.0
"""Seconds for all tries: a server on a machine of one's own may have to load its model first."""

_QUESTION = Question(
    name="probe",
    system='You check a connection. Reply with the JSON object {"ready": true}.',
    content="Are you ready?",
    json_schema={
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
        "additionalProperties": False,
    },
    max_output=256,
)


async def probe(endpoint: Endpoint, deep: bool = False) -> Rung:
    """How the endpoint's model can be asked for structured replies. ModelFault where it cannot be asked.

    Whatever it replies will do: how well it judges is not what is looked at.
    """
    hasty = endpoint.model_copy(update={"timeout": min(endpoint.timeout, PATIENCE), "budget": PATIENCE})
    async with Llm(hasty, LocalSlots(1), len) as llm:
        await llm.ask(_QUESTION.model_copy(update={"deep": deep}), _anything)
        return llm.rung(deep)


def _anything(text: str, cut: bool) -> tuple[str, bool]:
    return text, cut
