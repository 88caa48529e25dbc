"""Asking a model: questions to one endpoint, from one event loop, as many at once as the slots allow."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self

from workers.analysis.llm.asking import Asking, Means
from workers.analysis.llm.dialect import Dialects, Memory, Rung
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.holds import Holds
from workers.analysis.llm.ratio import TokenRatio
from workers.analysis.llm.slots import Slots
from workers.analysis.llm.speech import Speeches
from workers.analysis.llm.talk import Opening
from workers.analysis.llm.talking import Talk
from workers.analysis.llm.values import Question, Reader, T, Told, Usage
from workers.analysis.llm.wire import Wire
from workers.errors import DigestError

log = logging.getLogger(__name__)

Record = Callable[[str, Usage], None]
"""Keeps what the calls of one question to a model cost. It may block: it is called in a thread."""


class Llm:
    """Asks a model server.

    `slots` bound what runs at once. `estimate` gives the tokens of a text. `memory` keeps what the server understands
    between processes, `record` what was used; None: nobody does. It serves one event loop at a time; after `aclose`
    it may serve another.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        slots: Slots,
        estimate: Callable[[str], int],
        memory: Memory | None = None,
        record: Record | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._endpoint = endpoint
        self._record = record
        self._ratios = {False: TokenRatio(), True: TokenRatio()}
        self._means = Means(
            endpoint=endpoint,
            wire=Wire(endpoint),
            slots=slots,
            dialects=Dialects(endpoint, memory),
            holds=Holds(time.monotonic, endpoint.budget),
            estimate=estimate,
            pause=pause,
        )
        self._speeches = Speeches(endpoint, self._means.dialects, memory)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def ask(self, question: Question, read: Reader[T]) -> Told[T]:
        """A reply that the reader could read, asked for as often as it takes within the budget. ModelFault else."""
        asking = Asking(self._means, self._ratios[question.deep], question, read)
        try:
            return await asking.told()
        finally:
            await self._keep(question.deep, asking.usage)

    @asynccontextmanager
    async def talk(self, opening: Opening) -> AsyncIterator[Talk]:
        """A conversation; what it cost is kept when the context ends."""
        talk = Talk(self._means, self._speeches, self._ratios[opening.deep], opening)
        try:
            yield talk
        finally:
            await self._keep(opening.deep, talk.usage)

    def ratio(self, deep: bool = False) -> float:
        """Tokens that the server counts per token that we estimate, 0.5 to 2; 1.0 at first."""
        return self._ratios[deep].value

    def model(self, deep: bool = False) -> str:
        """The name of the model that is asked."""
        return self._endpoint.model_of(deep)

    def rung(self, deep: bool = False) -> Rung:
        """How a structured reply is asked for, as far as is known."""
        return self._means.dialects.of(self._endpoint.model_of(deep)).rung

    async def aclose(self) -> None:
        """Closes the connections and gives up the slots."""
        await self._means.wire.aclose()
        await self._means.slots.aclose()

    async def _keep(self, deep: bool, usage: Usage) -> None:
        """A reply that is here is not lost because its cost could not be kept."""
        if self._record is None or not usage.calls:
            return
        try:
            await asyncio.to_thread(self._record, self._endpoint.model_of(deep), usage)
        except DigestError as error:
            log.warning("the usage of a question could not be kept: %s", error.code)
