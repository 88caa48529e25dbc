"""What a model is told of a commit before its diff: the author's message, and facts computed from the whole diff."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.facts import Deed, Fact
from workers.analysis.packing.budget import Budget
from workers.analysis.packing.marks import FACT, MESSAGE, clipped, gap, visible
from workers.analysis.packing.tokens import estimate
from workers.analysis.survey.groups import CODE_THINGS
from workers.analysis.survey.signals import Signal, signals_of
from workers.analysis.survey.survey import Survey

LINE_LIMIT = 300
NAME_LIMIT = 80
VALUE_LIMIT = 40
"""Characters of a line of the message, of a name, and of a value before or after a change."""

MESSAGE_SHARE = 0.6
"""The share of the head that the message may take; facts take the rest, and all that the message leaves."""

_SIGNALS = {
    "secret": "a secret is added",
    "breaking": "the message marks it as breaking",
    "moved_module": "importable modules move",
    "migration": "stored data is migrated",
    "revert": "takes back an earlier commit",
    "runtime": "required language or runtime version changes",
    "deprecated": "something is marked deprecated",
    "locking": "synchronisation is touched",
    "sensitive": "guards access or secrets",
}


def head_of(survey: Survey, budget: Budget, spare: int = 0) -> str:
    """Message, size and facts in the lines of `marks`, within `budget.head`, or more where the diff leaves `spare`."""
    limit = max(budget.head, spare)
    lines = [*_message(survey, round(limit * MESSAGE_SHARE)), _size(survey)]
    room = limit - estimate("\n".join(lines))
    for line in [*_signals(survey), *_groups(survey, budget)]:
        room -= estimate(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def subject_line(survey: Survey) -> str:
    """The message's first line alone, for parts after the first."""
    return MESSAGE + visible(clipped(survey.message.subject, LINE_LIMIT))


def _message(survey: Survey, room: int) -> list[str]:
    body = [line for line in survey.message.body.split("\n") if line.strip()]
    lines = [subject_line(survey)]
    room -= estimate(lines[0])
    for number, line in enumerate(body):
        text = MESSAGE + visible(clipped(line.rstrip(), LINE_LIMIT))
        room -= estimate(text) + 1
        if room < 0:
            return [*lines, gap(f"{len(body) - number} more lines of the message")]
        lines.append(text)
    return lines


def _size(survey: Survey) -> str:
    commit = survey.commit
    return f"{FACT}files {len(commit.files)}, lines +{commit.additions} -{commit.deletions}"


def _signals(survey: Survey) -> Iterator[str]:
    told = (signal for signal in signals_of(survey) if signal.topic in _SIGNALS or signal.danger)
    yield from dict.fromkeys(FACT + _signal(signal) for signal in told)


def _signal(signal: Signal) -> str:
    if signal.danger:
        return f"the message names a hazard, {signal.danger.hazard.value}, and changed lines agree"
    names = ", ".join(_name(name) for name in signal.names[:3])
    return _SIGNALS[signal.topic] + (f": {names}" if names else "")


def _groups(survey: Survey, budget: Budget) -> Iterator[str]:
    for group in survey.groups[: budget.facts]:
        public = "public " if group.public and group.thing in CODE_THINGS else ""
        told = [_fact(fact) for fact in group.facts[: budget.names] if fact.count == 1]
        rest = group.count - len(told)
        more = f" and {rest} more" if rest else ""
        if told:
            yield f"{FACT}{group.deed.value} {public}{group.thing.value}: {', '.join(told)}{more}"


def _fact(fact: Fact) -> str:
    if fact.deed is Deed.RENAMED and fact.old:
        return f"{_name(fact.old)} -> {_name(fact.name)}"
    if fact.deed is Deed.CHANGED and fact.old and fact.new and max(len(fact.old), len(fact.new)) <= VALUE_LIMIT:
        return f"{_name(fact.name)} {_name(fact.old)} -> {_name(fact.new)}"
    return _name(fact.name)


def _name(name: str) -> str:
    return visible(clipped(name, NAME_LIMIT))
