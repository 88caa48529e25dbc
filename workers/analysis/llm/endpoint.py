"""Where the model is, and how long it is waited for."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import SecretStr

from workers.analysis.llm.values import Usage
from workers.model import Value
from workers.settings import Settings

OPENAI = "https://api.openai.com/v1"


class Endpoint(Value):
    """A model server and the models that are asked there.

    `key` None: the server needs none. `timeout` is seconds that one call may take, `budget` those that all calls and
    pauses of one question may take together. Prices are for a million tokens, in whatever currency; None: not known.
    """

    base_url: str = OPENAI
    key: SecretStr | None = None
    model: str
    model_deep: str | None = None
    concurrency: int = 32
    timeout: float = 120.0
    budget: float = 300.0
    input_price: float | None = None
    output_price: float | None = None

    @property
    def name(self) -> str:
        """The server without what is secret or does not tell it from another."""
        parts = urlsplit(self.base_url)
        return f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}".casefold()

    def model_of(self, deep: bool) -> str:
        """The name of the model for a question."""
        return (self.model_deep if deep else None) or self.model

    def usage_of(self, input_tokens: int, output_tokens: int) -> Usage:
        """One call with its cost."""
        cost = None
        if self.input_price is not None or self.output_price is not None:
            cost = (input_tokens * (self.input_price or 0) + output_tokens * (self.output_price or 0)) / 1_000_000
        return Usage(calls=1, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)


def endpoint_of(settings: Settings) -> Endpoint:
    """The endpoint that the settings name; call it where `settings.has_model`."""
    return Endpoint(
        base_url=settings.openai_base_url or OPENAI,
        key=settings.openai_api_key,
        model=settings.openai_model,
        model_deep=settings.openai_model_deep,
        concurrency=settings.openai_concurrency,
        timeout=settings.openai_timeout.total_seconds(),
        budget=settings.openai_budget.total_seconds(),
        input_price=settings.openai_input_price,
        output_price=settings.openai_output_price,
    )
