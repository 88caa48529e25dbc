"""What English sentences claim: which names a verb such as "adds" or "removes" governs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.directions.claims import Claim, Deed
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading
from workers.analysis.grounding.prose.synonyms import in_known_verbs
from workers.analysis.grounding.prose.texts import words_in

_VERBS: tuple[tuple[Deed, re.Pattern[str]], ...] = (
    (
        Deed.ADDED,
        re.compile(
            r"add(?:s|ed|ing)?|introduc(?:e|es|ed|ing)|creat(?:e|es|ed|ing)|insert(?:s|ed|ing)?|gain(?:s"
            r"|ed|ing)?|restor(?:e|es|ed|ing)"
        ),
    ),
    (
        Deed.REMOVED,
        re.compile(
            r"remov(?:e|es|ed|ing|al)|delet(?:e|es|ed|ing|ion)|drop(?:s|ped|ping)?|eliminat(?:e|es|ed|ing)"
            r"|strip(?:s|ped|ping)|discard(?:s|ed|ing)?|los(?:es|t|ing)|purg(?:e|es|ed|ing)"
        ),
    ),
    (Deed.MOVED, re.compile(r"mov(?:e|es|ed|ing)|relocat(?:e|es|ed|ing)")),
)
_WEAK = {Deed.ADDED: Deed.NEW, Deed.REMOVED: Deed.OLD, Deed.MOVED: Deed.MOVED}
_BE = frozenset(words_in("is are was were be been being get gets got gotten now also newly fully then"))
_OF = frozenset(words_in("for of about covering around regarding concerning"))
_LEAVE = frozenset(
    words_in(
        "to from in into onto on by with when so because that which where as if using via before after"
        " while under inside within at than since until through without and/or whose who per against"
        " between across during among unless though although but alongside due based like instead rather"
    )
)
_OPENS = frozenset(words_in("whose where when if once after while because"))
"""What opens a clause of its own, with a subject of its own."""
_FILLERS = frozenset(
    words_in(
        "the a an new old its their this these those both missing unused existing dedicated extra"
        " additional separate internal public private optional default helper function functions method"
        " methods class classes type types file files field fields parameter parameters option options"
        " flag flags constant constants module modules import imports dependency dependencies variable"
        " variables argument arguments setting settings key keys entry entries property properties"
        " attribute attributes hook hooks command commands rule rules macro macros struct structs enum"
        " trait obsolete redundant unnecessary deprecated legacy stale dead local global static two three"
        " four five several all some one and or include includes header headers test tests"
    )
)
_IS = re.compile(
    rf"(?<!\bin )(?<!\bof )(?<!\bto )(?<!\bfor )(?<!\bby )(?<!\bfrom )(?<!\bwith ){N}\s+"
    r"(?:is|are|was|were|has been|have been|gets?|got)\s+(?:now |also |newly |fully |then )?$"
)
"""What stands before a passive verb whose subject is a name and nothing else."""
_NOUNISH_ING = frozenset(
    words_in(
        "string setting warning logging caching testing missing existing binding mapping heading building"
        " encoding parsing loading routing rendering handling formatting typing string spacing padding"
        " during string-typed remaining corresponding following resulting underlying"
    )
)
_OTHER_VERB = re.compile(
    r"(?:replac|us|call|set|mak|let|fix|updat|chang|renam|keep|return|read|writ|build|pass|appl|wrap"
    r"|switch|mov|turn|check|test|throw|reject|emit|fail|log|warn|skip|ensur|requir|validat|run|start|load|stor|sav"
    r"|send|show|hid|compil|expos|export|document|simplif|adjust|prefer|accept|guard|catch|ignor|detect|report|fetch"
    r"|rais|lower|bump|convert|handl|allow|support|now)(?:s|es|ed|ies|ing|e)?|(?!tests|docs|files|cases"
    r"|types)[a-z]{3,}(?:izes|ates|ifies|ises)"
)
_TOKEN = re.compile(rf"{N}|[A-Za-z][A-Za-z'’/-]*|\d+(?:[.,]\d+)*|[,;:.()!?—–]")
_OLD_TIME = re.compile(
    r"\b(?:previously|formerly|used to|originally|until now|before this|no longer|the old|was once)\b", re.I
)
_REPORTS = re.compile(
    r"\b(?:lists?|notes?|documents?|mentions?|states?|says?|describes?|records?|announces?|explains?"
    r"|claims?|warns?|expects?)\s+(?:\w+\s+)?that\b",
    re.I,
)
_SUBJECT = re.compile(
    r"(?:^|[,;:—–]|\band\b|\balso\b|\bcommit\b|\bchange\b|\bpatch\b|\bit\b|\bthis\b|\bPR\b|\bthen\b)\s*$", re.I
)

_OF_STRUCTURE = re.compile(
    rf"\s+(?:(?:the|its|their|an?|both)\s+)?(?:[\w-]+\s+){{0,2}}?(?:{N}(?:,? and |, )?)+\s+(?:[a-z-]+\s+)?"
    r"(?:parameter|argument|constant|field|method|propert|option|attribute|import|dependenc|flag|member|setting|prop\b)"
)
"""What follows a verb whose subject is a name: "`f` drops its `x` parameter" tells of the commit, not of a run."""


def english_claims(sentence: str, reading: Reading) -> Iterator[Claim]:
    """The claims of one sentence of prose in which each name is one private character."""
    walk = _Walk(reading)
    sentence = in_known_verbs(sentence)
    for match in _TOKEN.finditer(sentence):
        yield from walk.step(match[0], sentence, match.start())


class _Walk:
    """Goes over the tokens of a sentence and keeps in mind what governs the next name."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._deed: Deed | None = None
        self._weak = False
        self._near = False
        self._before: list[str] = []  # names since the last break: the subject of a passive verb
        self._last = ""
        self._inner: list[tuple[Deed | None, bool]] = []

    def step(self, token: str, sentence: str, at: int) -> Iterator[Claim]:
        """The claims that a token completes."""
        last, self._last = self._last, token.lower()
        if FIRST <= ord(token[0]) <= LAST:
            yield from self._name(token, sentence, at)
        elif token[0].isalpha():
            yield from self._word(token.lower(), last, sentence, at)
        else:
            self._mark(token, sentence, at)

    def _name(self, char: str, sentence: str, at: int) -> Iterator[Claim]:
        after = sentence[at + 1 : at + 3]
        owner = after.startswith(("'s", "’s"))
        if self._deed is not None and not owner:
            deed = _WEAK[self._deed] if self._weak else self._deed
            follows = re.match(r"\s+[a-z-]{3,}", sentence[at + 1 :])
            tail = bool(follows and follows[0].strip() not in _LEAVE | _FILLERS | _BE | {"are", "for", "of"})
            yield Claim(_WEAK.get(deed, deed) if tail else deed, self._reading.name(char), near=self._weak or not tail)
        self._before.append(char)

    def _word(self, word: str, last: str, sentence: str, at: int) -> Iterator[Claim]:
        deed = next((deed for deed, pattern in _VERBS if pattern.fullmatch(word)), None)
        if deed is not None:
            yield from self._verb(deed, word, last, sentence, at)
        elif word in _OF:
            self._weak = True
        elif word in _LEAVE:
            self._deed = None
            if word in _OPENS:
                self._before = []
        elif word.endswith("ing") and word not in _NOUNISH_ING and self._deed is not None:
            self._weak = True
        elif last in ("and", "also") and word not in _FILLERS and _OTHER_VERB.fullmatch(word):
            self._deed = None
        elif word not in _FILLERS:
            self._near = False

    def _verb(self, deed: Deed, word: str, last: str, sentence: str, at: int) -> Iterator[Claim]:
        if _REPORTS.search(sentence[:at]):
            return
        passive = word.endswith("ed")
        after = sentence[at + len(word) :]
        if passive and (last in _BE or (self._before and last and FIRST <= ord(last[0]) <= LAST)) and self._before:
            if last in _BE and not _negated(sentence[:at]):
                itself = _IS.search(sentence[:at])
                for char in self._before:
                    is_it = bool(itself) and char == self._before[-1]
                    yield Claim(_WEAK[deed], self._reading.name(char), near=True, itself=is_it)
            self._start(None)
        elif _negated(sentence[:at]) or (
            last in {"to", "not", "the", "a", "an", "of", "newly"} and word.endswith("al")
        ):
            self._start(None)
        elif last in {"the", "a", "newly", "an"} and passive:
            self._start(deed, weak=True)
        elif not _SUBJECT.search(sentence[:at]) and not (deed is Deed.ADDED and after):
            self._start(deed, weak=True, alien=not _OF_STRUCTURE.match(after))
        else:
            self._start(deed)

    def _start(self, deed: Deed | None, weak: bool = False, alien: bool = False) -> None:
        """A new governor. An `alien` verb has another subject than the commit: what code does when it runs."""
        self._deed = None if alien else deed
        self._weak = weak
        self._near = True
        self._before = []

    def _mark(self, mark: str, sentence: str, at: int) -> None:
        if mark == "(":
            self._inner.append((self._deed, self._weak))
            self._weak = True
        elif mark == ")":
            self._deed, self._weak = self._inner.pop() if self._inner else (None, False)
        elif mark == ",":
            after = sentence[at + 1 :]
            if not re.match(rf"\s*(?:and\s+)?(?:the\s+|a\s+|an\s+)?{N}", after):
                self._deed = None
                if not re.match(r"\s*(?:are|is|was|were|have|has)\b", after):
                    self._before = []
        elif mark == ":":
            self._weak = True
        elif mark in ";.!?—–":
            self._deed = None
            self._before = []


def _negated(before: str) -> bool:
    return bool(
        re.search(
            r"\b(?:not|no longer|never|without|n't|instead of|rather than|avoids?|stops?|prevents?"
            r"|fails? to)\s+(?:\w+\s+)?$",
            before,
        )
    )


_NO_LONGER = re.compile(
    rf"\bno longer\s+(?:\w+\s+){{0,3}}?(?:imports?|includes?|depends? on|has|have|accepts?|takes?|exports?"
    rf"|contains?|pass(?:es)?|sets?|checks?)\s+(?:on\s+|any\s+|the\s+|a\s+)?({N})",
    re.IGNORECASE,
)
_NO_MORE_OF = re.compile(
    rf"\bno longer\s+(?:uses?|calls?|invokes?|sends?|imports?|includes?)\s+(?:the\s+)?({N})"
    rf"(?=\s*(?:[.;,]|$|after\b|at all))"
    rf"|({N})\s+(?:is|are|was|were) no longer (?:sent|used|called|invoked|imported|included|exported|defined|emitted)"
    rf"(?=\s*(?:[.;,]|$|at all))|({N})\s+(?:is|are|was|were) (?:now )?(?:gone|no more)\b",
    re.IGNORECASE,
)
"""Names that are said to be gone, without a condition."""
_NO_CALL = re.compile(rf"\bno longer\s+(?:uses?|calls?|needs?|reads?)\s+(?:the\s+|a\s+|an\s+)?({N})", re.IGNORECASE)
_BEFORE_IT = re.compile(
    rf"\b(?:instead of|rather than|in place of)\s+(?:\w+ing\s+)?(?:the\s+|a\s+|an\s+|its\s+)?(?:\w+\s+){{0,2}}?({N})"
)
_AFTER_IT = re.compile(
    rf"\b(?:in favou?r of|switch(?:es|ed)? (?:over )?to|now (?:uses?|calls?|relies on))\s+(?:the\s+|a\s+"
    rf"|an\s+)?(?:\w+\s+){{0,2}}?({N})"
)
_PUT = re.compile(rf"({N})[^.;,]{{0,30}}?\b(?:is|are|was|were) (?:now )?(?:put (?:in|back)|brought back|restored)")
_TAKEN = re.compile(
    rf"({N})[^.;,]{{0,30}}?\b(?:is|are|was|were) (?:now )?(?:gone|taken (?:out|away)|thrown away|cut)\b"
)
_IS_NOW = re.compile(
    rf"({N})\s+(?:is|are) now (?:also )?(?:used|called(?!\s+{N})|invoked|imported|exported|included|registered|relied"
    rf"|part of|in use)\b"
    rf"|({N})\s+(?:comes? into play|joins\b|makes? its (?:first appearance|debut)|appears? for the first time"
    r"|(?:is|are) (?:wired|hooked|plugged|brought) in)\b"
    rf"|\b(?:wires?|hooks?|plugs?) in (?:the )?({N})"
    rf"|\b(?:adds?|added|introduc\w+)\b[^.;,]{{0,40}}?\b(?:via|using|through|by means of)\s+(?:the\s+)?({N})",
    re.IGNORECASE,
)
_IS_NEW = re.compile(
    rf"({N})\s+(?:is|are) (?:an? )?(?:brand[- ])?new(?:ly (?:added|introduced|created))?(?: addition| file"
    rf"| module)?(?=[.;,]|$)",
    re.IGNORECASE,
)
_NEW_FILE = re.compile(rf"\bnew (?:[a-z]+ )?files?,? ({N})", re.IGNORECASE)
_NOT_ANY_MORE = re.compile(
    rf"({N})\s+(?:is|are) not (?:\w+ )?(?:needed|used|required|called|imported) any ?(?:longer|more)\b"
    rf"|\bthere (?:is|are) no (?:longer (?:an? |any )?)?({N})\s+any ?(?:longer|more)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?<!until )(?<!up to )\bnow\b(?P<rest>[^.;,]*?)"
    r"(?=[.;,]|$|\b(?:instead|rather|without|and no|not|from|like|as|than"
    r"|replac\w+|where|when|before|unless|until|gone|removed|dropped|deleted|unused|private|loses?|drops?|lacks?"
    r"|omits?)\b)"
)
_HAPPENS = (
    r"(?! (?:\w+ )?(?:inherit|reach|suppress|crash|fail|block|break|affect|leak|hang|wait|show|lose|ignor|skip|reject"
    r"|swallow|overwrit|overrid|trigger|match|mistake|treat|throw|appl|race|stall|drift|carr|keep|prevent|cause)\w*)"
)
"""Verbs of what happens to somebody, which needs no line of its own: "no longer crashes on `x`"."""
_NO_MORE = re.compile(
    rf"\bno longer\b{_HAPPENS}"
    r"(?P<rest>[^.;,]*?)(?=[.;,]|$|\b(?:but|and|because|when|since|so|as|in|of|which|that"
    r"|from|to|for|by|on)\b)",
    re.IGNORECASE,
)
_NO_MORE_AT_ALL = re.compile(
    rf"\bno longer\b{_HAPPENS}(?P<rest>[^.;,:]*?)"
    r"(?=[.;,:]|$|\b(?:but|and|because|when|since|so|which|that|if|unless|until|where|once|after|instead|now|rather)\b)",
    re.IGNORECASE,
)
"""What is said not to be so any more, with its circumstances: what is new altogether cannot be among them."""
_STARTS = re.compile(
    rf"\b(?:starts?|started|begins?|began)\s+(?:to\s+\w+|\w+ing)\s+(?:\w+\s+){{0,3}}?({N})", re.IGNORECASE
)
_CEASES = re.compile(
    rf"\b(?:stops?|stopped|ceases?|ceased|quits?)\s+(?:to\s+\w+|\w+ing)\s+(?:\w+\s+){{0,3}}?({N})", re.IGNORECASE
)
_THE_NEW = re.compile(rf"\bnew\s+({N})(?!\s+(?:call|state|value)s?\b)", re.IGNORECASE)
_THE_OLD = re.compile(rf"\b(?:the|its) (?:old|former|previous|obsolete)\s+({N})", re.IGNORECASE)
_LEFT = re.compile(
    r"\b(?:narrow|widen|chang|switch|mov|convert|renam|lower|rais|bump|grad|relax|tighten|turn)\w*\b[^.;]{0,30}?"
    rf"\bfrom\s+(?:the\s+)?({N})(?=\s+(?:\w+\s+)?to\b)",
    re.IGNORECASE,
)
_NOTHING = r"(?:an? |the )?(?:empty(?: (?:string|value|list|object))?|nothing|blank)"
_FROM_NOTHING = re.compile(rf"\bfrom {_NOTHING} (?:in)?to (?:the |an? )?({N})", re.IGNORECASE)
_TO_NOTHING = re.compile(rf"\bfrom (?:the |an? )?({N}) (?:in)?to {_NOTHING}(?=[\s.,;]|$)", re.IGNORECASE)
_IS_NO_LONGER = re.compile(
    rf"({N})[^.;,{chr(FIRST)}-{chr(LAST)}]{{0,24}}?\b(?:is|are|was|were) no longer\b", re.IGNORECASE
)
_ONCE = re.compile(rf"\b(?:[Pp]reviously|[Ff]ormerly|[Oo]riginally|used to)\b[^.;,]*?({N})")


_LOOSE = (
    (_NO_LONGER, Deed.REMOVED),
    (_NO_CALL, Deed.OLD),
    (_BEFORE_IT, Deed.OLD),
    (_ONCE, Deed.OLD),
    (_IS_NO_LONGER, Deed.OLD),
    (_AFTER_IT, Deed.NEW),
    (_STARTS, Deed.NEW),
    (_CEASES, Deed.OLD),
    (_THE_NEW, Deed.NEW),
    (_THE_OLD, Deed.OLD),
)
_NEAR = (
    (_PUT, Deed.NEW),
    (_FROM_NOTHING, Deed.NEW),
    (_TO_NOTHING, Deed.OLD),
    (_IS_NEW, Deed.ADDED),
    (_NEW_FILE, Deed.ADDED),
    (_TAKEN, Deed.OLD),
    (_NOT_ANY_MORE, Deed.OLD),
    (_LEFT, Deed.OLD),
)
_OF_ALL = ((_NO_MORE_AT_ALL, Deed.OLD, False), (_NOW, Deed.NEW, False), (_NO_MORE, Deed.OLD, True))
"""Turns that hold of every name in the rest of their clause, and whether these are near."""


def english_turns(sentence: str, reading: Reading) -> Iterator[Claim]:
    """Names that are told as what was before, or as what is now."""
    for pattern, deed in _LOOSE:
        names = (reading.name(match[1]) for match in pattern.finditer(sentence))
        yield from (Claim(deed, name) for name in names if name.is_marked)
    for match in _NO_MORE_OF.finditer(sentence):
        yield Claim(Deed.OLD, reading.name(_first(match)), near=True, itself=True)
    for match in _IS_NOW.finditer(sentence):
        yield Claim(Deed.NEW, reading.name(_first(match)))
    for pattern, deed in _NEAR:
        for match in pattern.finditer(sentence):
            yield Claim(deed, reading.name(_first(match)), near=True)
    for pattern, deed, near in _OF_ALL:
        for match in pattern.finditer(sentence):
            yield from (Claim(deed, name, near=near) for name in reading.names_in(match["rest"]))


def _first(match: re.Match[str]) -> str:
    """The first group that matched."""
    return next(group for group in match.groups() if group)
