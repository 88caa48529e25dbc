"""States that lines show by a word of their own: functions that are awaited or not, tests that run or are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading, Sort
from workers.analysis.grounding.prose.texts import stands


class _State(NamedTuple):
    """What lines have in a state, and how it is said that something enters or leaves it."""

    mark: re.Pattern[str]
    enters: re.Pattern[str]
    leaves: re.Pattern[str]


_STATES = (
    _State(
        mark=re.compile(r"\basync\b|\bsuspend fun\b|\bawait\b"),
        enters=re.compile(
            r"\b(?:becomes?|became|made|turned|is now|are now|(?:in)?to) (?:an? |now )?"
            r"(?:async(?:hronous)?\b|coroutine)"
            r"|(?:改|变|换|转)(?:成|为)了?(?:异步|协程)",
            re.IGNORECASE,
        ),
        leaves=re.compile(
            r"\b(?:becomes?|became|made|turned|is now|are now|(?:in)?to) (?:an? |now )?sync(?:hronous)?\b"
            r"|\bno longer (?:async|asynchronous|a coroutine)|(?:改|变|换|转)(?:回|成|为)了?同步|不再是(?:异步|协程)",
            re.IGNORECASE,
        ),
    ),
    _State(
        mark=re.compile(
            r"\.skip\b|\bskip\(|@(?:pytest\.mark\.|unittest\.)?[sS]kip|@Disabled\b|@Ignore\b|#\[ignore|\bx(?:it|describe)\("
            r"|\bt\.Skip|\.todo\b"
        ),
        enters=re.compile(
            r"\b(?:skips|skipped|disables|disabled)\b[^,.;]{0,30}\btests?\b"
            r"|\btests?\b[^,.;]{0,30}\b(?:is|are) (?:now )?(?:skipped|disabled)"
            r"|(?:跳过|停用|禁用)(?!的|过的)了?[^，。；]{0,12}测试|测试[^，。；]{0,8}被(?:跳过|停用|禁用)",
            re.IGNORECASE,
        ),
        leaves=re.compile(
            r"\b(?:re-?enabl|reactivat|un-?skip)\w*\b[^,.;]{0,40}\b(?:tests?|suites?|specs?)\b"
            r"|\b(?:tests?|suites?|specs?)\b[^,.;]{0,40}"
            r"\b(?:re-?enabled|reactivated|un-?skipped|run again|no longer skipped)"
            r"|重新(?:启用|开启|打开)了?[^，。；]{0,20}(?:测试|用例)|(?:测试|用例)[^，。；]{0,8}(?:不再(?:被)?跳过|重新(?:启用|开启|运行))",
            re.IGNORECASE,
        ),
    ),
)


_BOTH = re.compile(
    r"\bsync\w*(?:/| and (?:an? )?| or (?:an? )?)async|\basync\w*(?:/| and (?:an? )?| or (?:an? )?)sync", re.IGNORECASE
)


def state_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to enter a state that it leaves, or the other way round."""
    for sentence in reading.sentences:
        names = [bare(name.text) for name in reading.names_in(sentence) if name.sort in (Sort.CODE, Sort.BARE)]
        for state in _STATES:
            enters, leaves = state.enters.search(sentence), state.leaves.search(sentence)
            if bool(enters) == bool(leaves) or _BOTH.search(sentence):
                continue
            gain = _gain(state.mark, names, ground)
            if gain and (gain > 0) != bool(enters):
                what = reading.told((enters or leaves)[0])  # type: ignore[index]
                yield Fault(code="not_enabled" if leaves else "not_disabled", details={"what": what})


def _gain(mark: re.Pattern[str], names: Sequence[str], ground: Ground) -> int:
    """On how many more lines a mark stands than before, of those that have one of the names, if any has."""
    own = _lines_gained(mark, ground, names)
    return own or _lines_gained(mark, ground, ())


def _lines_gained(mark: re.Pattern[str], ground: Ground, names: Sequence[str]) -> int:
    return sum(
        way
        for block in ground.blocks
        for way, lines in ((1, block.new), (-1, block.old))
        for line in lines
        if mark.search(line) and (not names or any(stands(name.rsplit(".", 1)[-1], line) for name in names))
    )
