"""Whether a statement has anything to do with the commits that it is said of, and whether it only says "not told"."""

from __future__ import annotations

import re

from workers.questions.seen import WiderGround
from workers.questions.terms import Concept, sought_in

_SILENT = re.compile(
    r"\b(?:does not|do not|doesn['’]t|don['’]t|did not|nothing in|no(?:ne)? of|neither|never|not)\b[^.。]{0,60}"
    r"\b(?:say|says|tell|tells|mention|mentions|show|shows|explain|explains|state|states|answer|answers|touch|touches"
    r"|contain|contains|include|includes|refer|refers)\b"
    r"|没有(?:说明|提到|提及|涉及|给出|解释|显示|包含|触及)|未(?:说明|提到|提及|涉及|给出|解释|显示|包含|触及)"
    r"|\b(?:would|will) (?:have|need) to (?:be )?(?:look|check)\w*|(?:需要?|请)(?:查看|检查|核对)"
    r"|并未|无法(?:得知|判断|确定|看出)|看不出",
    re.IGNORECASE,
)
_CODE = re.compile(r"(`+)(?!`)(.+?)\1")
_CLAUSE = re.compile(
    r"[;；，。：？！]|[,.:!?](?=\s)|\s?[—–]\s?"
    r"|\b(?:but|however|although|though|because|since|and so|and (?:it|this|that|they|he|she|we|you))\b"
    r"|不过|但是|然而|因为|所以",
    re.IGNORECASE,
)
_FRAME = re.compile(r"\s*(?:in|for|as for|as to|about|regarding|on)\b|\s*(?:关于|对于|至于|在)", re.IGNORECASE)
"""How a clause begins that only says what the next one is about."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_ENDINGS = ("ies", "ing", "es", "ed", "ly", "s", "y", "e")
_STEM = 3
"""Letters of a word that are left at least when its ending is taken off."""


def is_silent(text: str) -> bool:
    """Whether a statement says that something is not told, and nothing else beside it."""
    clauses = [part for part in _CLAUSE.split(_CODE.sub("`x`", text)) if part.strip(" .,!?…`")]
    if len(clauses) > 1 and _FRAME.match(clauses[0]):
        clauses = clauses[1:]
    return bool(clauses) and all(_SILENT.search(clause) for clause in clauses)


def bears_on(text: str, ground: WiderGround) -> bool:
    """Whether a statement shares anything with its commits: a name, a figure, a telling word or its like.

    That figures and names are right is for others to see. A statement in Chinese on commits in English is judged by
    those of its words of which the catalogue knows the English ones.
    """
    if _DIGIT.search(text) or any(code[2] in ground.text for code in _CODE.finditer(text)):
        return True
    concepts = sought_in(text).concepts
    if _CHINESE.search(text) and not _CHINESE.search(ground.text):
        concepts = tuple(one for one in concepts if one.kin or one.own[0].isascii())
        return not concepts or any(_stands(one, ground) for one in concepts)
    return any(_stands(one, ground) for one in concepts)


def _stands(concept: Concept, ground: WiderGround) -> bool:
    return any(_has(term, ground) for term in (*concept.own, *concept.kin))


def _has(term: str, ground: WiderGround) -> bool:
    """Whether a word of this stem begins somewhere, also inside of an identifier."""
    if not term.isascii():
        return term in ground.text
    stem = next(
        (term.removesuffix(end) for end in _ENDINGS if term.endswith(end) and len(term) - len(end) >= _STEM), term
    )
    if re.search(rf"(?<![a-z]){re.escape(stem)}", ground.lowered):
        return True
    return stem.capitalize() in ground.text or stem in ground.people.lower()
