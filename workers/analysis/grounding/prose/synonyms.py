"""Other words for adding and removing, brought to the few verbs that the reading of English claims knows."""

from __future__ import annotations

import re
from functools import lru_cache

from workers.analysis.grounding.prose.texts import words_in

_BE = r"(?P<be>is|are|was|were|been|being|gets?|got)"
_HOW = r"(?:\s+(?:now|also|newly|then|thus|therefore|finally|\w+ly))?"
_ADDED = (
    r"put (?:in place|into|in|back|onto)|brought (?:in|back)|reinstated|wired in|plugged in|slotted in|made part"
    r"|woven in"
)
_REMOVED = (
    r"taken (?:out|off|away|from)|thrown from|stripped|withdrawn|retired|scrapped|excised|pruned|thrown (?:out|away)"
    r"|ditched"
    r"|abolished|phased out|cut|erased|gone|torn out|ripped out|axed|shed|discontinued|revoked|rescinded"
    r"|left out|omitted"
    r"|decommissioned|folded back|swept away|pulled(?: out)?|retracted"
)
_STRUCTURE = (
    r"(?:dependenc\w+|requirements?|imports?|exports?|options?|fields?|members?|list|table|interface|configuration"
    r"|set|settings|schema|properties|parameters|arguments|methods|class|struct|part|module|file|package|manifest)"
)
_REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), told)
    for pattern, told in (
        (
            r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?(?:strip|depriv|robb|rid|reliev|freed|clear)\w*\s+of\b",
            ", drops",
        ),
        (
            r"\b(?:los(?:e|es|ing)|lost(?= (?:its|the|an?|their|all|both|support)\b)|shed(?:s|ding)?|forgo(?:es)?"
            r"|part(?:s|ed)? with|do(?:es)? away with)\b",
            ", drops",
        ),
        (rf"\b{_BE}{_HOW}\s+(?:{_ADDED})\b", r"\g<be> added"),
        (r"\bbrings\b(?=[^.;,]{1,40}\binto\b)", "adds"),
        (rf"\b{_BE}\s+newly (?:imported|required|pulled in)\b", r"\g<be> added"),
        (rf"\b{_BE}{_HOW}\s+(?:{_REMOVED})\b", r"\g<be> removed"),
        (r"\b(?:(?:cease|stop)(?:s|d|ped)?|ceased) (?:to exist|existing)\b|\bno longer exists?\b", "is removed"),
        (r"\b(?:disappear|vanish|depart)(?:s|es|ed)?\b(?! when)|\b(?:goes|go|went) away\b", "is removed"),
        (r"\b(?:appear|show up|emerge|arrive)(?:s|ed)?\b(?=\s*(?:[.,;]|$|in\b|on\b|among\b|under\b))", "is added"),
        (rf"\bjoin(?:s|ed)?\b(?=\s+(?:the\s+)?(?:\w+\s+){{0,2}}{_STRUCTURE}\b)", "is added to"),
        (
            rf"\bbecom(?:e|es)\b(?=\s+(?:an?\s+|part of\s+|the\s+)(?:new\s+)?(?:\w+\s+)?{_STRUCTURE}\b"
            rf"|\s+{_STRUCTURE}\s+of\b)",
            "is added as",
        ),
        (
            r"\b(?:(?:put|bring)s? (?:in|back)|reinstat(?:e|es|ing)|(?:grow|acquire|sport)s?"
            r"|gets? (?=(?:an?|its own|new)\b))(?=\s)",
            "adds ",
        ),
        (
            r"\b(?:withdraw(?:s|ing)?|retir(?:es?|ing)|take(?:s|n)? out|taking out|get(?:s|ting)? rid of"
            r"|ditch(?:es|ing)?|scrap(?:s|ping)?|prun(?:es?|ing)|rip(?:s|ping)? out"
            r"|throw(?:s|ing)? (?:out|away)|eras(?:es?|ing)|abolish(?:es|ing)?|tear(?:s|ing)? out)\b",
            "removes",
        ),
    )
)
_PEOPLE_LOSE = re.compile(
    r"(?P<who>\b(?:users?|clients?|callers?|people|consumers?|customers?|readers?|developers?|who|we|they|you)\b[^.;]{0,90}?)"
    r"\blos(?:e|es|t|ing)\b",
    re.IGNORECASE,
)
"""What people lose is a consequence, and nothing that a commit takes out of the code."""
_LATER = re.compile(r"(\b(?:until|unless|once|whenever)\b[^,;.]*)", re.IGNORECASE)
_HINTS = words_in(
    "put bring brought instat wired plugg slott woven made strip withdr retir scrap excis prun throw threw ditch"
    " abolish phased cut eras gone torn tear rip axed shed swept pulled retract appear vanish depart away show emerge"
    " arrive join becom grow acquire sport gets taken take taking rid lose lost losi discontinu revok rescind decommiss"
    " folded omitted exist forgo part depriv robb reliev freed clear left newly"
)
"""What a sentence has at least that one of the patterns fits: to look for these is ten times faster."""


@lru_cache(maxsize=256)  # several rules read the same sentence one after the other
def in_known_verbs(sentence: str) -> str:
    """The sentence with "is taken out", "disappears", "sheds" and their like told as "is removed" or "removes".

    What stands behind "until" and its like is no claim of what the commit does, and stays as it is.
    """
    lowered = sentence.lower()
    if not any(hint in lowered for hint in _HINTS):
        return sentence
    sentence = _PEOPLE_LOSE.sub(r"\g<who> miss", sentence)
    return "".join(part if _LATER.match(part) else _rewritten(part) for part in _LATER.split(sentence))


def _rewritten(part: str) -> str:
    for pattern, told in _REWRITES:
        part = pattern.sub(told, part)
    return part


__all__ = ["in_known_verbs"]
