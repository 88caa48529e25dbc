"""What a server understands of a conversation: tools, streaming, counting in a stream; tried, stepped down, remembered.

It is kept apart from the dialect of single questions: a model that is given tools is not asked for structure by the
server's means. Many servers that have both let a format keep the model from ever calling a tool.
"""

from __future__ import annotations

import logging
import re
from typing import Literal

from pydantic import ValidationError

from workers.analysis.llm.dialect import Dialect, Dialects, Memory, Rung
from workers.analysis.llm.endpoint import Endpoint
from workers.analysis.llm.faults import CallFault
from workers.errors import DigestError
from workers.model import Value

log = logging.getLogger(__name__)

Lack = Literal["tools", "counts", "stream", "rung", "limit", "temperature"]
"""What of a request in a conversation a server complains of."""

_TOOLS = re.compile(r"\btools?\b|tool[_-]|function[ _-]?call|\bfunctions?\b|--jinja", re.IGNORECASE)
_COUNTS = re.compile(r"stream_options|include_usage", re.IGNORECASE)
_STREAM = re.compile(r"\bstream(?:ing|ed)?\b", re.IGNORECASE)


class Speech(Value):
    """One way to talk. `counts`: usage is asked for in a stream. `dialect` is how a turn without tools is asked."""

    tools: bool = True
    stream: bool = True
    counts: bool = True
    dialect: Dialect = Dialect()

    def without(self, lack: Lack) -> Speech | None:
        """The next way to try when a server complains; None where there is none."""
        if lack in ("rung", "limit", "temperature"):
            lower = self.dialect.without(lack)
            return self.model_copy(update={"dialect": lower}) if lower else None
        return self.model_copy(update={lack: False}) if getattr(self, lack) else None

    def rung(self, with_tools: bool) -> Rung:
        """How structure is asked for in a turn."""
        return Rung.PROMPT if with_tools and self.tools else self.dialect.rung


def lacks(fault: CallFault, speech: Speech, with_tools: bool) -> tuple[Lack, ...]:
    """What may be meant by a server's complaint, the likeliest first; () for a fault that is no complaint."""
    if fault.blame in ("limit", "temperature"):
        return (fault.blame,)
    if fault.status == 404 and with_tools and _TOOLS.search(fault.said):
        return ("tools",)  # no provider of the model that has them, as routers say it
    if fault.blame is None:
        return ()
    named: list[Lack] = []
    named += ["counts"] if _COUNTS.search(fault.said) else []
    named += ["tools"] if _TOOLS.search(fault.said) else []
    named += ["stream"] if _STREAM.search(fault.said) else []
    there: dict[Lack, bool] = {
        "tools": with_tools and speech.tools,
        "counts": speech.counts and speech.stream,
        "rung": speech.rung(with_tools).below is not None,
        "stream": speech.stream,
        "limit": False,
        "temperature": False,
    }
    return tuple(lack for lack in dict.fromkeys((*named, *there)) if there[lack])


def is_named(fault: CallFault) -> bool:
    """Whether a server's words name what it lacks, so that even a 500 is a complaint."""
    return bool(_TOOLS.search(fault.said) or _COUNTS.search(fault.said))


class Speeches:
    """What is known of how an endpoint's models talk. `memory` None: nothing outlives this object."""

    def __init__(self, endpoint: Endpoint, dialects: Dialects, memory: Memory | None = None) -> None:
        self._endpoint = endpoint
        self._dialects = dialects
        self._memory = memory
        self._best: dict[str, Speech] = {}
        self._proven: set[tuple[str, Speech]] = set()

    def of(self, model: str) -> Speech:
        """The best way known, else the one to try first: with all, and as single questions are asked."""
        if model not in self._best:
            self._best[model] = self._recall(model) or Speech(dialect=self._dialects.of(model))
        return self._best[model]

    def is_proven(self, model: str, speech: Speech) -> bool:
        """Whether a turn came to its end in this way, so that a complaint is not about the way."""
        return (model, speech) in self._proven

    def worked(self, model: str, speech: Speech) -> None:
        """A turn came to its end."""
        known = self.of(model)
        if self.is_proven(model, known):
            return
        self._proven.add((model, speech))
        self._best[model] = speech
        if speech != known:
            log.info("model %s is talked to with tools %s, stream %s", model, speech.tools, speech.stream)
            self._remember(model, speech)

    def _name(self, model: str) -> str:
        return f"llm-speech {self._endpoint.name} {model}"

    def _recall(self, model: str) -> Speech | None:
        if self._memory is None:
            return None
        try:
            kept = self._memory.get(self._name(model))
            return Speech.model_validate_json(kept) if kept else None
        except (DigestError, ValidationError) as error:
            log.warning("how model %s talks could not be recalled: %s", model, type(error).__name__)
            return None

    def _remember(self, model: str, speech: Speech) -> None:
        if self._memory is None:
            return
        try:
            self._memory.set(self._name(model), speech.model_dump_json().encode())
        except DigestError as error:
            log.warning("how model %s talks could not be kept: %s", model, error.code)
