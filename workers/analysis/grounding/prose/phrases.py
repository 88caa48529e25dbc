"""What prose says to come or to go: the words of the thing that a verb of adding or removing governs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from workers.analysis.grounding.prose.synonyms import in_known_verbs
from workers.analysis.grounding.prose.texts import words_in


class Phrase(NamedTuple):
    """A thing that is said to come or to go, by the stems of its words, and as it was said."""

    comes: bool
    words: frozenset[str]
    text: str


_COMES = (
    r"add(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|creat(?:e|es|ed|ing)|insert(?:s|ed|ing)?|gains?|gets?|emits?|prints?"
    r"|appl(?:y|ies|ied)"
)
_GOES = (
    r"remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|drop(?:s|ped|ping)?|eliminat(?:e|es|ed|ing)|strip(?:s|ped|ping)?"
    r"|discard(?:s|ed|ing)?|avoid(?:s|ed|ing)?(?: using)?|stop(?:s|ped|ping)? using"
    r"|(?:exclud|exempt)(?:e|es|ed|s)? from|(?:ensures?|make sure)(?: that)? no"
)
_VERB = re.compile(rf"\b(?:(?P<comes>{_COMES})|(?P<goes>{_GOES}))\b", re.IGNORECASE)
_TURNED = re.compile(r"\b(?:no longer|not|never|don't|doesn't|without|avoid)\s+$", re.IGNORECASE)
_NONE = re.compile(r"(?:^|\b(?:ensures?|that|so) )no\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:that|which|to|can|could|may|might|should|must|will|would|instead of|if|when)\s+(?:be\s+)?(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|gets?|got)\s+(?:now |also |newly )?$", re.IGNORECASE)
_NEW_THING = re.compile(
    r"(?:^|[.;:,] )(?:An?|One) (?:new|further|additional|dedicated) (?P<what>[^,.;]*?)"
    r"(?= (?:is|are|now|lets?|opens?|makes?|that|which|for|to|can|covers?|checks?)\b)"
)
_REPLACED = re.compile(
    r"(?:\breplac(?:e|es|ed|ing) (?P<old>[^,.;:]{2,40}?) (?:with|by) (?P<new>[^,.;:]{2,40}?)"
    r"|\bus(?:e|es|ing) (?P<new2>[^,.;:]{2,40}?) (?:instead of|rather than) (?P<old2>[^,.;:]{2,40}?))"
    r"(?=[,.;:\n(]|$| (?:to|so|in|for|when|on)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.]|\band\b|\bbut\b")
_BEYOND = re.compile(r"\b(?:that|which|for|of|in|from|to|on|when)\b")
_LEAVE = frozenset(
    words_in(
        "no that which when if so because where while to for by with on into onto from via until unless as after before"
        " instead rather than without and or but is are was were has have in at now of"
    )
)
_ARTICLES = frozenset(
    words_in(
        "the an its this these those all any both new old existing some more also one two itself themselves they"
        " them it we you"
    )
)
_DULL = frozenset(
    words_in(
        "support handl code logic case test file chang function method option parameter value check field class type"
        " name line"
    )
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")
_ENDING = re.compile(r"(?:ies|es|s|ing|ed|ion)$")
_LONGEST = 8
"""Words of a thing that are read."""


def phrases_of(sentence: str, dull: bool = True) -> Iterator[Phrase]:
    """The things of a sentence that are said to come or to go, but for what only might.

    `dull` leaves out words that tell little, such as test or method, and what is nothing but such.
    """
    left_out = _DULL if dull else frozenset()
    known = in_known_verbs(sentence)
    for match in _VERB.finditer(known):
        before = known[: match.start()]
        turned = bool(_TURNED.search(before))
        if _SUPPOSED.search(before):
            continue
        passive = _PASSIVE.search(before) and match[0].lower().endswith("ed")
        thing = _subject(before) if passive else _object(known[match.end() :])
        turned ^= bool(_NONE.search(thing))
        if words := stems(thing) - left_out:
            yield Phrase((match["comes"] is not None) != turned, words, f"{match[0]} {thing}".strip())
    for match in _REPLACED.finditer(known):
        for comes, thing in ((False, match["old"] or match["old2"]), (True, match["new"] or match["new2"])):
            if words := stems(thing) - left_out:
                yield Phrase(comes, words, match[0])
    for match in _NEW_THING.finditer(known):
        if words := stems(match["what"]) - left_out:
            yield Phrase(True, words, match[0].strip(" .;:,"))


def stems(text: str) -> frozenset[str]:
    """The words of a text that tell something, lowered, without their endings; names also by their parts."""
    return frozenset().union(*(_stems_of(word) for word in set(_WORD.findall(text))))


@lru_cache(maxsize=4096)  # the lines of a commit have the same names again and again
def _stems_of(name: str) -> frozenset[str]:
    words = {word.lower() for word in (name, *_PART.findall(name)) if len(word) > 2}
    return frozenset(map(stem, words - _ARTICLES - _LEAVE))


def stem(word: str) -> str:
    """A word without its ending; of short ones without that of the plural alone."""
    return _ENDING.sub("", word) if len(word) > 4 else _PLURAL.sub("", word)


def _subject(before: str) -> str:
    """What stands before a passive verb, without what only tells where it is or what it is for."""
    clause = _CLAUSE.split(before)[-1]
    relative = re.split(r"\b(?:that|which|when|if)\b", clause)[-1]
    inner = relative if not re.search(r"\b(?:is|are|was|were)\b.*\b(?:is|are|was|were)\s*$", relative) else clause
    return _BEYOND.split(inner)[0].strip()


_OF_A_VERSION = re.compile(r"[^.;,]{0,20}?\bsupport for [^.;,]{0,30}?\d", re.IGNORECASE)
"""Of two versions of a thing one may come and the other go."""


def _object(after: str) -> str:
    """What follows a verb up to where something else begins."""
    found: list[str] = []
    for word in re.findall(r"[A-Za-z0-9_'](?:[\w'.:/-]*\w)?|[.,;:()\n!?—–]", after)[:_LONGEST]:
        ends = word in ".,;:\n!?—–" or word.lower() in _LEAVE
        if word == "for" and found[-1:] == ["support"] and not _OF_A_VERSION.match(after):
            continue  # what is supported is what comes or goes
        if ends and (found or word in ".,;:\n"):
            break
        if not ends:
            found.append(word)
    return " ".join(found)
