"""Whether a sentence has anything of a commit in it. One that would do for any commit says nothing of this one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.analysis.grounding.grounding import Ground
from workers.analysis.wording.phrases import code_spans
from workers.model import Insight, Judgement, Statement

WORDS_LEAST = 2
HAN_LEAST = 4
"""Words, or Chinese characters, below which a text is no sentence."""

HAN_APART = 8
"""Chinese characters from which a sentence without names counts as one on a commit that has no Chinese in it: its words
cannot be looked for there."""

STEM = 4
"""Letters of a word that are looked for: the rest is its ending."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_'-]*|\d[\d.,%]*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_PAIR = re.compile(r"(?=([\u3400-\u4dbf\u4e00-\u9fff]{2}))")
_NAME_PART = re.compile(r"\w{3,}")
_OF_ANY_COMMIT = frozenset(
    """
    a about above after all also an and any are as at be been before being between both but by can change
    changed changes code commit could did do does done each either else etc every few file files fine for from
    good had has have here how if in into is it its item just less like line lines made make makes many may
    might more most much must na new nice no none nor not note nothing now null of off ok okay old on once one
    only or other our out over own part per placeholder point same set should show shows so some statement
    still string such summary text than that the their them then there these they thing things this those to
    todo too under until up update updated updates upon us use used user users uses using value very via was
    we well were what when where which while who whom whose why will with within without would yes you your
    """.split()  # noqa: SIM905 - a paragraph of words, not a column
)


def bears(text: str, ground: Ground) -> bool:
    """Whether a text is a sentence and has a name, a figure, or a telling word of the commits in it.

    A word is looked for by its beginning, in messages, paths and diffs. Whether names and figures are those of the
    commits, and what is said holds, is another question.
    """
    han, words = _HAN.findall(text), _WORD.findall(text)
    if len(words) < WORDS_LEAST and len(han) < HAN_LEAST:
        return False
    return bool(code_spans(text)) or any(map(str.isdigit, text)) or _has_word_of(text, words, len(han), ground)


def bears_of(text: str, ground: Ground) -> bool:
    """As `bears`, but where the text names things in backticks, one of these must be of the commits."""
    parts = [part for span in code_spans(text) for part in _NAME_PART.findall(span)]
    return any(_stands(part, ground) for part in parts) if parts else bears(text, ground)


def _has_word_of(text: str, words: Sequence[str], han: int, ground: Ground) -> bool:
    telling = (word for word in words if len(word) > 2 and word.lower() not in _OF_ANY_COMMIT)
    if any(_stands(word[:STEM], ground) for word in telling):
        return True
    if _HAN.search(ground.message):
        return any(pair in ground.text for pair in _HAN_PAIR.findall(text))
    return han >= HAN_APART


def _stands(word: str, ground: Ground) -> bool:
    return word.lower() in ground.lowered


def bearing(judgement: Judgement, ground: Ground) -> tuple[Judgement, int]:
    """A judgement without the statements that bear nothing of the commits, and how many those were."""

    def kept(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(one for one in statements if bears(one.text, ground))

    insights = (Insight(dimension=one.dimension, statements=kept(one.statements)) for one in judgement.insights)
    conclusion = judgement.conclusion
    left = judgement.model_copy(
        update={
            "summary": kept(judgement.summary),
            "impact": kept(judgement.impact),
            "insights": tuple(one for one in insights if one.statements),
            "risks": kept(judgement.risks),
            "recommendations": tuple(one for one in judgement.recommendations if bears(one.statement.text, ground)),
            "conclusion": conclusion if conclusion and bears(conclusion.text, ground) else None,
        }
    )
    return left, len(judgement.statements()) - len(left.statements())
