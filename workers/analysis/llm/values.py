"""What is asked of a model, what comes back, and why nothing usable did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from workers.errors import Detail
from workers.model import Value

T = TypeVar("T")
Read_co = TypeVar("Read_co", covariant=True)


class Question(Value):
    """One question to a model.

    `name` is that of the schema, such as `analysis_high`. `system` is the stable part: the same text for every commit
    of a task and language, so that servers cache it; `content` is what differs. `json_schema` obeys OpenAI's strict
    rules: every property required, no additional ones. `max_output` is tokens. `deep` asks OPENAI_MODEL_DEEP where
    there is one.
    """

    name: str
    system: str
    content: str
    json_schema: dict[str, Any]
    max_output: int
    deep: bool = False


class Usage(Value):
    """What calls cost: tokens as the server counted them, else as we estimate them; `cost` None without prices."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=sum(costs) if costs else None,
        )


@dataclass(frozen=True)
class Told(Generic[T]):
    """A reply that a reader could read.

    `usage` counts every call that the question took. `model` is the name that was asked. `cut`: the reply ended at its
    limit of tokens, and `value` is what the reader made of that part.
    """

    value: T
    usage: Usage
    model: str
    cut: bool = False


class Reader(Protocol[Read_co]):
    """Makes a value of a reply's text, which `cut` says to end too early. Raises ReplyFault where it cannot."""

    def __call__(self, text: str, cut: bool) -> Read_co: ...


class ReplyFault(Exception):
    """Raise in a reader when a reply is of no use: `empty`, `not_json` or `wrong_schema`. The question is asked again.

    `detail` tells the model what was wrong, in one line of English.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class ModelFault(Exception):
    """Why there is no usable reply. Never holds the key or the prompt.

    `code`: `unreachable`, `timeout`, `busy` (429, or no slot was free), `server` (5xx, or not the protocol),
    `key_refused`, `no_credit`, `unknown_model`, `too_long`, `refused`, `empty`, `not_json`, `wrong_schema`; and
    `nothing_held`, of the judge: what was said did not stand up to its check.
    `details` may have `model`, `status` and `said`: one short line of the server's own, untrusted.
    """

    def __init__(self, code: str, usage: Usage | None = None, **details: Detail) -> None:
        super().__init__(code, details)
        self.code = code
        self.details: dict[str, Detail] = details
        self.usage = usage or Usage()
