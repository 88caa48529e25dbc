"""The tree of errors, drawn at its top; whose fault, and whether trying again can help.

    DigestError
    ├── WordsError            the person's words are wrong; say how to write them            exit 2
    ├── AccessError           a source, server or key could not be reached or was refused    exit 3
    │   ├── RefusedError      a key, a permission or a path says no; trying again won't help
    │   └── TransientError    rate limits, time-outs, broken connections: may pass by itself
    │       └── PartialError  some of what was asked for came, some did not
    └── BrokenError           our own promise does not hold: a defect; log and say the reference

An error carries a `code` (a key of the catalogues of chatbot/views/words.*.toml, table `failure`) and `details`
(plain values for the sentence). It never carries the sentence itself: the reader's language is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

Detail = str | int | float
Fault = Literal["words", "access", "ours"]
"""Whose fault an error is: of the words, of what could not be reached or refused, or ours."""


class DigestError(Exception):
    """Base of all errors a person may be told of. Raise a subclass.

    `code` names the sentence, `details` fills it. Details must hold no secret and may hold untrusted text: views
    escape it.
    """

    def __init__(self, code: str, **details: Detail) -> None:
        super().__init__(code, details)
        self.code = code
        self.details: Mapping[str, Detail] = details

    def __str__(self) -> str:
        return f"{self.code} {dict(self.details)}" if self.details else self.code


class WordsError(DigestError):
    """Raise when what a person wrote cannot be carried out as written: unknown zone, date, branch, range."""


class AccessError(DigestError):
    """Base of failures to reach something. Raise RefusedError or TransientError."""


class RefusedError(AccessError):
    """Raise when the answer was no: bad token, missing repository, unwritable folder. Else TransientError."""


class TransientError(AccessError):
    """Raise when the same call may work later. `retry_after` is seconds to wait, None when nobody told."""

    def __init__(self, code: str, *, retry_after: float | None = None, **details: Detail) -> None:
        super().__init__(code, **details)
        self.retry_after = retry_after


class PartialError(TransientError):
    """Raise after everything that could be had was given; `missing` names the shas that could not."""

    def __init__(self, code: str, missing: tuple[str, ...], **details: Detail) -> None:
        super().__init__(code, retry_after=None, **details)
        self.missing = missing


class BrokenError(DigestError):
    """Raise when stored or internal data is not what we wrote; never for what a person or a server did."""


def fault_of(error: DigestError) -> Fault:
    """Whose fault an error is: what is kept of its class where only plain values can be kept."""
    if isinstance(error, WordsError):
        return "words"
    return "access" if isinstance(error, AccessError) else "ours"


def error_of(fault: Fault, code: str, details: Mapping[str, Detail]) -> DigestError:
    """The error that was kept as plain values, to be raised where a person is told."""
    kinds: dict[Fault, Callable[..., DigestError]] = {"words": WordsError, "access": AccessError, "ours": BrokenError}
    return kinds[fault](code, **details)
