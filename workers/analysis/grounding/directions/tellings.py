"""Statements whose words the commit has on the other side: in its message, or on lines that go the other way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from workers.analysis.grounding.directions.claims import Claim, Deed, bare, is_taken_away
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.figures.tallies import declared_tests
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.lexicon import in_english
from workers.analysis.grounding.prose.phrases import Phrase, phrases_of, stems
from workers.analysis.grounding.prose.reading import FIRST, LAST, Reading, Sort
from workers.analysis.grounding.prose.synonyms import in_known_verbs
from workers.analysis.grounding.prose.texts import stands, words_in

SHARED = 0.3
"""Share of the words of a thing that the message must have for the same thing."""
LINES = 4_000
"""Lines of a side that are read so; a commit of more says little by any one of them."""
LIKE, LIKE_SHARE = 3, 0.5
"""Words, and the share of all its words, that a clause must have in common with a line to speak of it."""
_COMES = re.compile(
    r"\b(?:adds|added|introduces|introduced|creates|created|inserts|restores|gains|newly)\b"
    r"|新增了?|新建|引入了|加入了|添加了|增加了|补上|加上了"
)
_GOES = re.compile(
    r"\b(?:removes|removed|deletes|deleted|drops|dropped|eliminates"
    r"|no longer(?! (?:prevent|block|break|fail|crash|hang|leak|los)\w*)|any ?more|discards|stops|ceases)\b"
    r"|删除了|移除了|去掉了|删掉了|取消了|废弃了"
)
_DOES_NO_MORE = re.compile(r"不再(?:通过|使用|把|将|对|从|在|由|向|用|给|以|调用|写入|读取)")
_WAYS = stems(
    "adds added introduces introduced creates created inserts restores gains newly removes removed deletes deleted"
    " drops dropped eliminates longer any anymore more discards stops ceases now not never only"
)
_CLAUSES = re.compile(r"[.;:](?=\s|$)|,? (?:and|but|while|whereas|which|so) |[，。；：]")
_WHICH_DOES = re.compile(
    r",? which (?:\w+ly |also )?(?:drops|removes|deletes|discards|adds|inserts|creates)\b[^.;,]*", re.IGNORECASE
)
"""What something does when it runs."""
_REPORTS = re.compile(r"\b(?:lists?|notes?|mentions?|states?|says?|documents?|records?|explains?|warns?)\b.*\bthat\b")
_AHEAD = re.compile(
    r"\b(?:may|might|could|would|should|will|have to|needs? to|if|next (?:major|release|version))\b"
    r"|可能|届时|将会?|会在|下一?个|需要?|应当?|若|如果",
    re.IGNORECASE,
)
"""What is told of other places or times than the commit's."""
_OF_A_CASE = re.compile(
    r"\b(?:case|when|if|whether) (?:that )?(?:[\w-]+ ){1,4}(?:is|are|was|were) \w+ed\b", re.IGNORECASE
)
"""What only might come or go: "the case that the tab is removed"."""
_NO_LONGER = re.compile(r"\b(?:no longer|stops?|ceases? to|never again)\s+(?P<verb>[A-Za-z]+)", re.IGNORECASE)
_KIND = re.compile(r"^(?:[\w./@-]+(?:\([^)]*\))?!?:|\[[^\]]*\])\s*")
_BULLET = re.compile(r"^\s*[-*+] (?P<what>.*)")
_OF_WHAT_WAS = re.compile(r"^\s*(?:fix|resolv|correct|handl|bug|issue|error|revert)", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|not|never|avoid\w*|remov\w*|delet\w*|drop\w*|without|disabl\w*|stop\w*|prevent\w*|instead|rather|don't"
    r"|doesn't|unless|longer)\b",
    re.IGNORECASE,
)
_COMMON = frozenset(words_in("test case file code line value default"))


def telling_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to come or to go, while the commit has the same words for the contrary."""
    for sentence in reading.sentences:
        plain = "".join(char for char in sentence if not FIRST <= ord(char) <= LAST)
        told = reading.told("".join(char for char in sentence if not _is_quote(char, reading)))
        yield from _otherwise_told(told, ground)
        yield from _not_made(plain, ground)
        yield from _tests(plain, ground)
        yield from _still_done(sentence, reading, ground)
        yield from _formerly(told, ground)
        for clause in _CLAUSES.split(_WHICH_DOES.sub(" ", sentence)):
            yield from _other_lines(clause, reading, ground)
            yield from _together(clause, reading, ground)


def _otherwise_told(sentence: str, ground: Ground) -> Iterator[Fault]:
    """Things that the message adds or removes, told the other way round."""
    told = _message_phrases(ground)
    for phrase in phrases_of(sentence):
        same = max((_shared(phrase, other) for other in told if other.comes == phrase.comes), default=0)
        others = [other for other in told if other.comes != phrase.comes]
        best = max(others, key=partial(_shared, phrase), default=None)
        shared = _shared(phrase, best) if best else 0
        if best and shared > same and shared >= SHARED * len(phrase.words) and not _is_borne_out(phrase, ground):
            yield Fault(code="against_message", details={"what": best.text})


def claim_told_faults(claims: Iterable[Claim], ground: Ground) -> Iterator[Fault]:
    """Names that are told as new, of which the message says that they go, and no more lines than before have them."""
    for claim in claims:
        name = bare(claim.name.text)
        if claim.deed not in (Deed.NEW, Deed.ADDED, Deed.OLD, Deed.REMOVED) or len(name) < NAMED:
            continue
        comes = claim.deed in (Deed.NEW, Deed.ADDED)
        found = ground.presence(claim.name.text.strip())
        here, there = (found.new, found.old) if comes else (found.old, found.new)
        if here <= there and _ways_told(claim.name.text, ground) == {not comes}:
            yield Fault(code="against_message", details={"what": name})


NAMED = 4
"""Letters of the shortest name that the message is searched for."""


def _ways_told(name: str, ground: Ground) -> set[bool]:
    """Whether the message says that a name comes, that it goes, or both."""
    if bare(name) not in ground.told:
        return set()
    whole = rf"(?<!\w){re.escape(bare(name))}(?!\w)"
    ways = {phrase.comes for phrase in _message_phrases(ground) if re.search(whole, phrase.text)}
    exact = re.escape(name.strip())
    for comes, verbs in ((True, r"add|introduc|creat"), (False, r"remov|drop|delet")):
        if re.search(rf"\b(?i:{verbs})\w*\s+(?:[\w-]+\s+){{0,2}}`?{exact}(?!\w)", ground.told):
            ways.add(comes)
    return ways


def _message_phrases(ground: Ground) -> list[Phrase]:
    return ground.kept("phrases", lambda: [phrase for row in _rows(ground) for phrase in phrases_of(row)])


def _rows(ground: Ground) -> list[str]:
    return ground.told.replace("`", " ").split("\n")


def _shared(one: Phrase, other: Phrase) -> int:
    """How many words two things have in common, by their roots."""
    return len({word[:ROOT] for word in one.words} & {word[:ROOT] for word in other.words})


_FIRST_WORD = re.compile(r"\s*[A-Za-z][a-z]+(?=\s)")


def _not_made(plain: str, ground: Ground) -> Iterator[Fault]:
    """What is said to go in plain words, while the message asks to make it: "parenthesize", "validate"."""
    asked = [stems(verb[0]) for row in _orders(ground) if (verb := _FIRST_WORD.match(row))]
    for phrase in phrases_of(plain):
        if not phrase.comes and any(_is_deed_of(word, verb) for word in phrase.words for verb in asked):
            yield Fault(code="against_message", details={"what": phrase.text})


def _tests(sentence: str, ground: Ground) -> Iterator[Fault]:
    """Tests that are said to come while the diff only takes some away, or the other way round."""
    told = [(phrase.comes, phrase.text) for phrase in phrases_of(sentence, dull=False) if phrase.words & _TESTS]
    told += [(match["comes"] is not None, match[0]) for match in _TESTS_ZH.finditer(sentence)]
    for comes, text in told:
        new, old = ground.kept("declared tests", lambda: declared_tests(ground))
        here, there = (new, old) if comes else (old, new)
        if there and not here:
            yield Fault(code="not_added" if comes else "not_removed", details={"what": text})


_TESTS = stems("test tests")
_TESTS_ZH = re.compile(
    r"(?:^|[，；：、])(?:同时|并|也|还|本次|此次)?(?:(?P<comes>新增|添加|补充|补上|增加|新加)|移除|删除|删掉|去掉|删去)(?:了|的)"
    r"[^，。；]{0,8}?(?:测试|用例)"
)


def _is_deed_of(thing: str, asked: frozenset[str]) -> bool:
    """Whether a thing is what a verb makes: parentheses of "parenthesize", validation of "validate"."""
    return len(thing) >= ROOT and any(verb[:ROOT] == thing[:ROOT] and verb != thing for verb in asked)


ROOT = 6
"""Letters that a verb and what it makes have in common at least."""


def _is_borne_out(phrase: Phrase, ground: Ground) -> bool:
    """Whether more words of a thing change the way it is said to than the other way."""
    gains = [ground.lowered_new.count(word) - ground.lowered_old.count(word) for word in phrase.words]
    here = sum(gain > 0 if phrase.comes else gain < 0 for gain in gains)
    there = sum(gain < 0 if phrase.comes else gain > 0 for gain in gains)
    return here > 0 and here >= there


def _is_quote(char: str, reading: Reading) -> bool:
    """Whether a private character stands for words of somebody else, such as the title of a test."""
    if not FIRST <= ord(char) <= LAST:
        return False
    name = reading.name(char)
    return name.sort is Sort.QUOTE or name.text.count(" ") > 1


def _still_done(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to happen no longer, while the message asks for it: "install the page", "force the type"."""
    for match in _NO_LONGER.finditer(sentence):
        deed, words = stems(match["verb"]), stems(reading.told(sentence)) - _WAYS
        for row in _orders(ground):
            asked = stems(row)
            if deed and deed <= asked and len((words & asked) - deed - _COMMON) > 1:
                yield Fault(code="against_message", details={"what": row.strip()})
                return


def _formerly(sentence: str, ground: Ground) -> Iterator[Fault]:
    """What is told as done before, while it is just what the subject of the message asks for."""
    for match in _USED_TO.finditer(sentence):
        verb = stems(match["verb"])
        for row in list(_orders(ground))[:1]:
            if verb and verb == stems(row.split()[0] if row.split() else ""):
                yield Fault(code="against_message", details={"what": row.strip()})
        words = stems(sentence) - _WAYS
        for row in re.split(r"(?<=[.!?])\s+|\n\s*\n", ground.told):
            if verb and _THIS.search(row) and verb <= stems(row) and len(words & stems(row)) > LIKE:
                yield Fault(code="against_message", details={"what": row.strip()})


_THIS = re.compile(r"^(?:this|the) (?:change|commit|PR|patch|fix)\b", re.IGNORECASE)
_USED_TO = re.compile(
    r"\b(?:used to (?:be )?|previously (?:was |were )?|formerly (?:was |were )?|(?:was|were) (?:previously|formerly) )"
    r"(?P<verb>[a-z]+)",
    re.IGNORECASE,
)


def _orders(ground: Ground) -> Iterator[str]:
    """The subject and the bullets of the message that tell what is done, and deny nothing."""
    for number, row in enumerate(_rows(ground)):
        bullet = _BULLET.match(row)
        if number and not bullet:
            continue
        for part in re.split(r"[,;.](?=\s)", _KIND.sub("", bullet["what"] if bullet else row)):
            if not _OF_WHAT_WAS.match(part) and not _DENIED.search(part):
                yield part


def _other_lines(clause: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """A clause of something that comes or goes, of which no line speaks but those that go the other way."""
    known = _OF_A_CASE.sub("", in_known_verbs(clause))
    if _REPORTS.search(known) or _AHEAD.search(known):
        return
    comes, goes = bool(_COMES.search(known)), bool(_GOES.search(known))
    if comes == goes or any(_stands_there(comes, name.text, ground) for name in reading.names_in(clause)):
        return
    words = (stems(reading.told(known)) | in_english(clause)) - _WAYS
    if len(words) < LIKE:
        return
    here, there = ("new", "old") if comes else ("old", "new")
    other = _likest(words, there, ground)
    if other < LIKE or other < LIKE_SHARE * len(words):
        return
    if _likest(words, here, ground) * LIKE < other and _likest(words, "context", ground) < other:
        what = reading.told("".join(char for char in clause if not FIRST > ord(char) > LAST))
        yield Fault(code="not_added" if comes else "not_removed", details={"what": what})


def _together(clause: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are said to come or go together, while the lines that have them all go the other way."""
    known = in_known_verbs(clause)
    comes, goes = bool(_COMES.search(known)), bool(_GOES.search(known) or _DOES_NO_MORE.search(known))
    names = [bare(name.text) for name in reading.names_in(clause) if name.sort in (Sort.CODE, Sort.BARE)]
    if comes == goes or len(set(names)) < 2:
        return
    if goes and is_taken_away(names, ground):
        return
    new, old = (any(_has_all(names, file.side(side)) for file in ground.files) for side in ("new", "old"))
    stays = any(_has_all(names, file.context) for file in ground.files)
    if (old if comes else new) and not (new if comes else old) and not stays:
        yield Fault(code="not_added" if comes else "not_removed", details={"what": ", ".join(names)})


def _has_all(names: Sequence[str], text: str) -> bool:
    """Whether a line of a text has all of some names."""
    if not all(name in text for name in names):
        return False
    return any(all(stands(name, line) for name in names) for line in text.split("\n"))


def _stands_there(comes: bool, name: str, ground: Ground) -> bool:
    return any(stands(name, file.new if comes else file.old) for file in ground.files)


def _likest(words: frozenset[str], where: str, ground: Ground) -> int:
    """How many of some words the line has that has most of them: of those that come (new), go (old) or stay."""
    lines = ground.kept(f"words of {where} lines", lambda: [stems(line) for line in _lines(where, ground)])
    return max((len(words & line) for line in lines), default=0)


def _lines(where: str, ground: Ground) -> list[str]:
    if where == "context":
        found: Iterator[str] = (line for file in ground.files for line in file.context.split("\n"))
    else:
        found = (line for block in ground.blocks for line in (block.new if where == "new" else block.old))
    return list(islice(found, LINES))
