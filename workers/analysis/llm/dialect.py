"""What a server understands: how structure is asked for, and the parameters that servers differ in.

There is no way to ask for it. The best is tried first; what a server complains of is left out at the next try; what
worked is remembered for the endpoint and model, here and by `Memory` for other processes.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Literal, Protocol
from urllib.parse import urlsplit

from pydantic import ValidationError

from workers.analysis.llm.endpoint import Endpoint
from workers.errors import DigestError
from workers.model import Value

log = logging.getLogger(__name__)

Blame = Literal["rung", "limit", "temperature"]
"""What of a request a server complains of."""

_KNOWS_NEW_LIMIT = ("openai.com", "azure.com")
"""Servers whose newer models refuse `max_tokens`. Others know that name best, and some ignore the newer one."""


class Rung(StrEnum):
    """How a structured reply is asked for, from the surest down; `PROMPT`: in the system text alone."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PROMPT = "prompt"

    @property
    def below(self) -> Rung | None:
        """The next lower rung."""
        return {Rung.SCHEMA: Rung.OBJECT, Rung.OBJECT: Rung.PROMPT}.get(self)


class Dialect(Value):
    """One way to put a question. `limit` is the name of the parameter that bounds a reply."""

    rung: Rung = Rung.SCHEMA
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True

    def without(self, blame: Blame) -> Dialect | None:
        """The next way to try when a server complains; None where there is none."""
        if blame == "limit":
            other = "max_tokens" if self.limit == "max_completion_tokens" else "max_completion_tokens"
            return self.model_copy(update={"limit": other})
        if blame == "temperature":
            return self.model_copy(update={"temperature": False}) if self.temperature else None
        return self.model_copy(update={"rung": self.rung.below}) if self.rung.below else None

    def is_above(self, other: Dialect) -> bool:
        """Whether this asks for structure by a surer rung."""
        return list(Rung).index(self.rung) < list(Rung).index(other.rung)


class Memory(Protocol):
    """Bytes by name, shared between processes for about a day. None: nothing is known."""

    def get(self, key: str) -> bytes | None: ...
    def set(self, key: str, value: bytes) -> None: ...


class Dialects:
    """What is known of an endpoint's models. `memory` None: nothing outlives this object."""

    def __init__(self, endpoint: Endpoint, memory: Memory | None = None) -> None:
        self._endpoint = endpoint
        self._memory = memory
        self._best: dict[str, Dialect] = {}
        self._proven: set[str] = set()

    def of(self, model: str) -> Dialect:
        """The best way known, else the one to try first. Looks into the memory once for a model."""
        if model not in self._best:
            self._best[model] = self._recall(model) or self._first()
        return self._best[model]

    def is_proven(self, model: str, dialect: Dialect) -> bool:
        """Whether a question got a good reply in this way, so that a complaint is not about the way."""
        return model in self._proven and self._best[model] == dialect

    def worked(self, model: str, dialect: Dialect) -> None:
        """A good reply came. A lower way never takes the place of one that worked before: it served one question."""
        known = self.of(model)
        if model in self._proven and not dialect.is_above(known):
            return
        self._proven.add(model)
        self._best[model] = dialect
        if dialect != known:
            log.info("model %s is asked by %s from now on", model, dialect.rung.value)
            self._remember(model, dialect)

    def _first(self) -> Dialect:
        host = urlsplit(self._endpoint.base_url).hostname or ""
        return Dialect(limit="max_completion_tokens" if host.endswith(_KNOWS_NEW_LIMIT) else "max_tokens")

    def _name(self, model: str) -> str:
        return f"llm-dialect {self._endpoint.name} {model}"

    def _recall(self, model: str) -> Dialect | None:
        if self._memory is None:
            return None
        try:
            kept = self._memory.get(self._name(model))
            return Dialect.model_validate_json(kept) if kept else None
        except (DigestError, ValidationError) as error:
            log.warning("what model %s understands could not be recalled: %s", model, type(error).__name__)
            return None

    def _remember(self, model: str, dialect: Dialect) -> None:
        if self._memory is None:
            return
        try:
            self._memory.set(self._name(model), dialect.model_dump_json().encode())
        except DigestError as error:
            log.warning("what model %s understands could not be kept: %s", model, error.code)
