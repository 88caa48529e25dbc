"""What holds for every further question: a key that is refused and a model that is unknown stay so for a while."""

from __future__ import annotations

import logging
from collections.abc import Callable

from workers.analysis.llm.faults import CallFault

log = logging.getLogger(__name__)

HOLD = 60.0
"""Seconds in which nobody asks again what was answered with such a fault."""
_LASTING = ("key_refused", "no_credit", "unknown_model")


class Holds:
    """Faults by model. A key is as much a model's as anyone's: servers grant it model by model."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, CallFault]] = {}
        self._answered: dict[str, float] = {}

    def check(self, model: str) -> None:
        """CallFault while a fault holds for the model."""
        until, fault = self._held.get(model, (0.0, None))
        if fault is not None and self._clock() < until:
            raise CallFault(fault.code, fault.status, fault.said)

    def answered(self, model: str) -> None:
        """The model is there."""
        self._answered[model] = self._clock()

    def learn(self, fault: CallFault, model: str, since: float) -> None:
        """A question that began at `since` has ended with a fault. One that lasts holds, and is logged once.

        A server that cannot be reached lasts too, unless it has answered anyone since the question began: then it may
        be the question that breaks it.
        """
        silent = self._answered.get(model, since - 1) < since
        lasts = fault.code in _LASTING or (fault.code == "unreachable" and silent)
        if lasts and self._clock() >= self._held.get(model, (0.0, fault))[0]:
            self._held[model] = (self._clock() + HOLD, fault)
            log.error("model %s: %s (status %s) %s", model, fault.code, fault.status, fault.said)
