"""What a server's answer means, without a server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workers.analysis.llm.faults import SAID_MOST, cleaned, fault_of_status, retry_after

NOW = datetime(2026, 2, 21, 12, tzinfo=UTC)
DATE = "Sat, 21 Feb 2026 12:00:30 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": DATE}, 30.0),
        ({"retry-after": DATE, "date": "Sat, 21 Feb 2026 12:00:20 GMT"}, 10.0),
        ({"retry-after": "Sat, 21 Feb 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "９"}, None),
        ({"retry-after": "1e999"}, None),
    ],
)
def test_a_pause_is_read_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def nested(depth: int) -> object:
    """A body that would exhaust whoever follows it down."""
    body: object = "deep"
    for _ in range(depth):
        body = {"error": body}
    return body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"detail": [{"msg": "no", "input": "the whole prompt"}, {"msg": "never"}]}, "no; never"),
        ({"error": "no"}, "no"),
        ("<b>no</b>", " no "),
        (None, ""),
        ([[[]]], ""),
        (nested(5000), ""),
        ({"message": {"message": 5}}, ""),
    ],
)
def test_the_servers_words_are_found_wherever_they_stand(body: object, said: str) -> None:
    assert fault_of_status(503, body, {}, NOW).said == said


@pytest.mark.parametrize(
    ("status", "message", "code", "blame"),
    [
        (400, "Unsupported value: 'temperature' does not support 0.1 with this model", "server", "temperature"),
        (400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "server", "limit"),
        (400, "This response_format type is unavailable now", "server", "rung"),
        (400, "Invalid schema for response_format: nesting exceeds the maximum depth", "server", "rung"),
        (400, "'messages' must contain the word 'json'", "server", "rung"),
        (400, "Range of input length should be [1, 129024]", "too_long", None),
        (400, "Content Exists Risk", "refused", None),
        (403, "You have insufficient balance", "no_credit", None),
        (503, "response_format", "server", None),
        (418, "I am a teapot", "server", None),
    ],
)
def test_a_status_is_understood_with_its_words(status: int, message: str, code: str, blame: str | None) -> None:
    fault = fault_of_status(status, {"message": message}, {}, NOW)
    assert (fault.code, fault.blame) == (code, blame)


def test_words_are_one_short_printable_line() -> None:
    text = cleaned("a\x1b[31m\r\n b\u202ec" + "x" * 500, None, "")
    assert text.startswith("a [31m b c")
    assert text.isprintable()
    assert len(text) == SAID_MOST


def test_words_never_hold_the_key_or_the_prompt() -> None:
    assert cleaned("Incorrect key sk-1234", "sk-1234", "") == "Incorrect key ***"
    assert cleaned("input: 'please judge this secret commit'", None, "xx please judge this secret commit xx") == ""
    assert cleaned("the model is unknown", None, "a prompt of other words") == "the model is unknown"
