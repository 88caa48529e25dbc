"""What can go wrong at the fake model server: each is a Trouble, a value that takes the place of the right answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.model_protocol import Said, failure_body


@dataclass(frozen=True)
class Failure:
    """An HTTP status with a body: JSON, or text as it stands."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def after(self, seconds: float | str) -> Failure:
        """The same with a Retry-After: seconds, or an HTTP date."""
        return replace(self, headers={**self.headers, "retry-after": str(seconds)})


@dataclass(frozen=True)
class Hang:
    """Nothing comes until the server is closed."""


@dataclass(frozen=True)
class Reset:
    """The connection is reset after the request was read."""


@dataclass(frozen=True)
class Half:
    """Half of the right answer's body comes, then the connection ends. `told`: the length is told as if all came."""

    told: bool = True


@dataclass(frozen=True)
class Broken:
    """A stream of which so many chunks come; then the connection ends, or with `error` the server says so, or hangs.

    `said` None: what the script says is broken off.
    """

    after: int
    said: Said | None = None
    error: bool = False
    hang: bool = False


Trouble = Failure | Hang | Reset | Half | Said | Broken

BUSY = Failure(429, failure_body("Rate limit reached for requests", "rate_limit_exceeded"))
NO_CREDIT = Failure(429, failure_body("You exceeded your current quota, please check your plan.", "insufficient_quota"))
BROKEN = Failure(500, failure_body("The server had an error while processing your request."))
OVERLOADED = Failure(503, "<html>Service Unavailable</html>")
EXPIRED_KEY = Failure(401, failure_body("Incorrect API key provided: the key has expired.", "invalid_api_key"))
FORBIDDEN = Failure(403, failure_body("Country, region, or territory not supported."))
WORDY = Failure(422, {"detail": [{"loc": ["body"], "msg": "Input should be valid", "input": "the whole request"}]})

CUT = Said('{"verdict": "The first sentence is who', finish="length")
FILTERED = Said("", finish="content_filter")
REFUSAL = Said(None, refusal="I'm sorry, I cannot assist with that request.")
EMPTY = Said("")
NULL = Said(None)
NOT_JSON = Said("Sure! Here is what I found: it is a fix.")


def fenced(value: object) -> Said:
    """The value in a Markdown fence with words around it."""
    return Said(f"Here it is:\n```json\n{json.dumps(value, ensure_ascii=False)}\n```\nAnything else?")


def filtered_prompt() -> Failure:
    """A question that the server's filter does not let through, as Azure says it."""
    message = "The response was filtered due to the prompt triggering the content management policy."
    return Failure(400, failure_body(message, "content_filter", "prompt"))


TOO_LONG = {
    "openai": Failure(
        400,
        failure_body(
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. "
            "Please reduce the length of the messages.",
            "context_length_exceeded",
            "messages",
        ),
    ),
    "vllm": Failure(
        400,
        {
            "object": "error",
            "message": "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context "
            "length is 8192 tokens and your request has 5000 input tokens.",
            "type": "BadRequestError",
            "code": 400,
        },
    ),
    "llama.cpp": Failure(
        400,
        {
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size. try increasing the context size or enable "
                "context shift",
                "type": "exceed_context_size_error",
            }
        },
    ),
    "ollama": Failure(400, failure_body("input length exceeds maximum context length")),
    "llama-cpp-python": Failure(500, failure_body("Requested tokens (9000) exceed context window of 8192")),
    "proxy": Failure(413, "Request Entity Too Large"),
}
"""A question too long, as the servers say it."""
