"""What holds for every further question: a key that is refused, a model unknown, a server that answers nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from workers.analysis.llm.faults import CallFault

log = logging.getLogger(__name__)

HOLD = 60.0
"""Seconds in which nobody asks again what was answered with such a fault."""
SILENT_LEAST = 2
"""Questions that a server must have left without a reply before it counts as silent: one may be what breaks it."""
_LASTING = ("key_refused", "no_credit", "unknown_model")
_STRAINS = ("timeout", "busy", "server", "unreachable")


@dataclass
class _Silence:
    """Since when no call had a reply, and when the questions began that waited in vain."""

    since: float
    questions: set[float] = field(default_factory=set)


class Holds:
    """Faults by model. A key is as much a model's as anyone's: servers grant it model by model.

    `patience` is seconds in which a server must answer somebody: a server that hangs makes slots few, and each question
    would wait its own budget for one.
    """

    def __init__(self, clock: Callable[[], float], patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._held: dict[str, tuple[float, CallFault]] = {}
        self._answered: dict[str, float] = {}
        self._silences: dict[str, _Silence] = {}

    def check(self, model: str) -> None:
        """CallFault while a fault holds for the model."""
        until, fault = self._held.get(model, (0.0, None))
        if fault is not None and self._clock() < until:
            raise CallFault(fault.code, fault.status, fault.said)

    def answered(self, model: str) -> None:
        """The model is there: it is not silent, whatever held because it seemed to be."""
        self._answered[model] = self._clock()
        self._silences.pop(model, None)
        if model in self._held and self._held[model][1].code in _STRAINS:
            del self._held[model]

    def failed(self, fault: CallFault, model: str, since: float, begun: float) -> None:
        """A call that began at `begun`, of a question that began at `since`, had no reply. Holds once nobody had any
        for as long as we wait.
        """
        if fault.code not in _STRAINS:
            return
        silence = self._silences.setdefault(model, _Silence(begun))
        silence.questions.add(since)
        if len(silence.questions) >= SILENT_LEAST and self._clock() - silence.since >= self._patience:
            self._hold(fault, model)

    def learn(self, fault: CallFault, model: str, since: float) -> None:
        """A question that began at `since` has ended with a fault. One that lasts holds, and is logged once.

        A server that cannot be reached lasts too, as does one that is busy, fails or keeps several questions waiting,
        unless it has answered anyone since the question began: then it may be the question that breaks it.
        """
        silent = self._answered.get(model, since - 1) < since
        strained = fault.code == "unreachable" or (fault.code in _STRAINS and self._is_silent(model))
        if fault.code in _LASTING or (silent and strained):
            self._hold(fault, model)

    def _is_silent(self, model: str) -> bool:
        silence = self._silences.get(model)
        return silence is not None and len(silence.questions) >= SILENT_LEAST

    def _hold(self, fault: CallFault, model: str) -> None:
        if self._clock() >= self._held.get(model, (0.0, fault))[0]:
            self._held[model] = (self._clock() + HOLD, fault)
            log.error("model %s: %s (status %s) %s", model, fault.code, fault.status, fault.said)
