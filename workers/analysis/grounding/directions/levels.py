"""Values said to be raised or lowered, and switches said to be turned on or off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.directions.pairs import NumberChange, flips, is_more, number_changes
from workers.analysis.grounding.directions.swaps import pairs_in
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.lexicon import in_english
from workers.analysis.grounding.prose.numerals import value_of
from workers.analysis.grounding.prose.reading import Reading, Sort
from workers.analysis.grounding.prose.texts import stands, words_in
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of

_UP = re.compile(
    r"\b(?:rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|bump(?:s|ed|ing)?|upgrad(?:e|es|ed|ing)|enlarg(?:e|es|ed|ing)"
    r"|extend(?:s|ed|ing)?|lift(?:s|ed|ing)?|grow(?:s|n|ing)?|lengthen(?:s|ed|ing)?|doubl(?:e|es|ed|ing)"
    r"|higher|loosen(?:s|ed)?"
    r"|goes up|went up|up from|is now (?:larger|bigger))\b"
    r"|变[大高多长]|提高|上调|提升|增加到|增加至|增至|增大|升级|升至|升到|延长|调高|调大|扩大|放宽|加大|翻倍|加倍",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:lower(?:s|ed|ing)?|decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|downgrad(?:e|es|ed|ing)|shrink"
    r"(?:s|ing)?|shrank"
    r"|shorten(?:s|ed|ing)?|cut(?:s|ting)?(?! v?\d| an? release)|halv(?:e|es|ed|ing)|tighten(?:s|ed|ing)?"
    r"|goes down|went down|down from|is now smaller)\b"
    r"|变[小低少短]|降低|下调|减少到|减少至|减至|减小|降级|降至|降到|降为|缩短|调低|调小|缩小|收紧|减半",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])v?(\d[\d,_]*(?:\.\d+)*)")
_ON = re.compile(
    r"\b(?:enabl\w+|on|active|activated|opt-out|true)\s+by default\b|\bdefaults? (?:is |are |value |now )*"
    r"(?:to|of)? ?(?:true|on|enabled)\b"
    r"|默认(?:情况下)?(?:启用|开启|打开|生效|为开启|为启用)",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"\b(?:disabl\w+|off|inactive|deactivated|opt-in|false)\s+by default\b|\bdefaults? (?:is |are |value "
    r"|now )*(?:to|of)? ?(?:false|off|disabled)\b"
    r"|默认(?:情况下)?(?:关闭|禁用|停用|不启用|不开启|不再启用|不生效|为关闭)",
    re.IGNORECASE,
)
_TURN_ON = re.compile(
    r"(?:^|[,;:]\s*|\band |\balso |\bnow )(?:enabl(?:e|es|ed|ing)|activat(?:e|es|ed|ing)|turns? on|switch"
    r"(?:es)? on)\b|启用|开启|打开",
    re.IGNORECASE,
)
_TURN_OFF = re.compile(
    r"(?:^|[,;:]\s*|\band |\balso |\bnow )(?:disabl(?:e|es|ed|ing)|deactivat(?:e|es|ed|ing)|turns? off"
    r"|switch(?:es)? off)\b|禁用|关闭|停用",
    re.IGNORECASE,
)
_REMAINS = re.compile(
    r"\b(?:remains?|stays?|still|continues? to be)\s+(?:\w+\s+)?(?:off|on|disabled|enabled|true|false|opt)\b"
    r"|(?:仍|依旧|依然|保持)\S{0,3}(?:默认)?(?:关闭|禁用|开启|启用|停用)|默认(?:仍|依旧|依然|保持)",
    re.IGNORECASE,
)
_DEFAULT = re.compile(r"default|默认|缺省|\bopt[- ]?(?:in|out)\b", re.IGNORECASE)
_TRUE = re.compile(r"\b(?:true|on|yes|enabled?|1)\b", re.IGNORECASE)
_FALSE = re.compile(r"\b(?:false|off|no|disabled?|0|never)\b", re.IGNORECASE)


def level_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Faults of what is said to go up or down, on or off."""
    for sentence in reading.sentences:
        for clause in re.split(r"[;；]|(?<=[^\d]),\s|，", sentence):
            yield from _levels(clause, reading, ground)
        yield from _switches(sentence, reading, ground)
        yield from _outdated(sentence, reading, ground)


_SINCE_NOW = re.compile(r"\bnow\b|现在|如今|从此", re.IGNORECASE)
_OF_BEFORE = re.compile(
    r"\b(?:no longer|not|instead|rather|from|used to|before|previous\w*|former\w*|old|stop\w*|remov\w*|drop\w*|gone)\b"
    r"|不|原|旧|从|由|之前|此前|以前|删|移除|去掉|取消",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"(?<![\w.#-])\d{1,6}(?:\.\d+)?(?![\w.-])")


def _outdated(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """A number that is told as what holds now, and stands only on lines that go."""
    for clause in re.split(r"[;；:：]", sentence):
        now = _SINCE_NOW.search(clause)
        if not now or _OF_BEFORE.search(clause):
            continue
        told = clause if reading.is_chinese else clause[now.start() :]
        for number in _PLAIN_NUMBER.findall(reading.told(told)):
            goes = any(stands(number, file.old) for file in ground.files)
            stays = any(stands(number, file.new) or stands(number, file.context) for file in ground.files)
            if goes and not stays and not stands(number, ground.message):
                yield Fault(code="not_new", details={"what": number})


def _levels(clause: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    up, down = _UP.search(clause), _DOWN.search(clause)
    if bool(up) == bool(down):
        return
    rises = bool(up)
    changes = _meant(clause, reading, ground)
    told = [pair for pair in pairs_in(clause, reading) if value_of(pair.old.lstrip("v")) or _NUMBER.fullmatch(pair.old)]
    numeric = [pair for pair in told if _NUMBER.fullmatch(pair.new) and _NUMBER.fullmatch(pair.old)]
    ways = [is_more(pair.new.lstrip("v"), pair.old.lstrip("v"), "." in pair.new) for pair in numeric]
    if not ways:
        ways = [change.rises for change in changes or _versions(clause, ground)]
    if ways and not any(way == rises for way in ways):
        what = (up or down)[0]  # type: ignore[index]
        yield Fault(code="not_raised" if rises else "not_lowered", details={"what": reading.told(clause) or what})


def _versions(clause: str, ground: Ground) -> list[NumberChange]:
    """The versions that change, where a clause tells of going back to an older one without naming any."""
    if not _DOWNGRADE.search(clause):
        return []
    return [change for change in number_changes(ground) if "." in change.new_text]


_DOWNGRADE = re.compile(r"\bdowngrad\w+|(?:版本|依赖)[^，。；]{0,4}降级|降级[^，。；]{0,4}(?:版本|依赖)", re.IGNORECASE)


def _meant(clause: str, reading: Reading, ground: Ground) -> list[NumberChange]:
    """The changes of numbers that a clause speaks of: to a number of it, or on a line with a name of it."""
    changes = number_changes(ground)
    names = [name.text for name in reading.names_in(clause) if name.sort in (Sort.CODE, Sort.BARE, Sort.QUOTE)]
    numbers = set(_NUMBER.findall(clause)) | {name.lstrip("v") for name in names if _NUMBER.fullmatch(name)}
    exact = [change for change in changes if change.new_text in numbers]
    if exact or numbers:
        return exact
    named = [change for change in changes if any(stands(bare(name), change.line) for name in names)]
    if named or names:
        return named
    words = [word for word in re.findall(r"[a-z]{4,}", clause.lower()) if word not in _COMMON]
    words += in_english(clause) - _COMMON
    for said, mark in _BOUNDS:
        bounds = [change for change in changes if mark in change.line.lower()]
        if bounds and said.search(clause):
            changes = bounds
    return [change for change in changes if any(word.rstrip("s") in change.line.lower() for word in words)]


_BOUNDS = (
    (re.compile(r"\bceiling\b|\bcap\b|\bupper (?:limit|bound)\b|\bmaximum\b|上限|最大", re.IGNORECASE), "max"),
    (re.compile(r"\bfloor\b|\blower (?:limit|bound)\b|\bminimum\b|下限|最小", re.IGNORECASE), "min"),
)
"""How people call what code calls max and min."""
_COMMON = frozenset(
    words_in("raises raised raise lowers lowered lower increases increase decreases default value from with that this")
)


def _switches(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    on, off = _ON.search(sentence), _OFF.search(sentence)
    if _REMAINS.search(sentence):
        return
    if bool(on) != bool(off):
        state = _state(sentence, reading, ground)
        if (state is not None and state != bool(on)) or (state is None and not _speaks_of_a_default(ground)):
            found = on or off
            yield Fault(code="not_enabled" if on else "not_disabled", details={"what": found[0] if found else ""})
        return
    turned_on, turned_off = _TURN_ON.search(sentence), _TURN_OFF.search(sentence)
    if bool(turned_on) != bool(turned_off):
        meant = _flips_meant(sentence, reading, ground)
        if meant and not any(is_on == bool(turned_on) for is_on in meant):
            what = (turned_on or turned_off)[0].strip(" ,;:")  # type: ignore[index]
            yield Fault(code="not_enabled" if turned_on else "not_disabled", details={"what": what})


def _speaks_of_a_default(ground: Ground) -> bool:
    """Whether anything in a commit is a default, or a switch that is turned."""
    sides = (file.side(side) for file in ground.files for side in ("new", "old"))
    return bool(_DEFAULT.search(ground.told) or any(map(_DEFAULT.search, sides)) or flips(ground))


def _flips_meant(sentence: str, reading: Reading, ground: Ground) -> list[bool]:
    names = [bare(name.text) for name in reading.names_in(sentence) if name.sort in (Sort.CODE, Sort.BARE)]
    found = flips(ground)
    named = [flip.is_on for flip in found if any(stands(name, flip.line) for name in names)]
    return named if named or names else [flip.is_on for flip in found]


def _states(forms: Iterable[str], files: Iterable[ChangedFile]) -> set[bool]:
    """Whether new lines with any of some names have a true or a false value."""
    lines = [line for file in files for line in file.new.split("\n")]
    code = [line for line in lines if not line.lstrip().startswith(("#", "//", "*"))]
    told = [line for line in code if any(stands(form, line) for form in forms)]
    ways = [(bool(_TRUE.search(line)), bool(_FALSE.search(line))) for line in told]
    return {on for on, off in ways if on != off}


def _state(sentence: str, reading: Reading, ground: Ground) -> bool | None:
    """Whether the diff leaves what a sentence names on (True) or off (False); None where it does not tell."""
    meant = _flips_meant(sentence, reading, ground)
    if meant:
        return meant[0] if len(set(meant)) == 1 else None
    names = reading.names_in(sentence) or reading.names
    forms = {form for name in names for form in (bare(name.text), *re.findall(r"[A-Za-z_]\w{4,}", name.text))} - {
        "false",
        "config",
    }
    docs = [file for file in ground.files if role_of(file.file.path) is Role.DOCS]
    states = _states(forms, [file for file in ground.files if file not in docs]) or _states(forms, docs)
    if len(states) == 1:
        return states.pop()
    message = ground.message.lower()
    on, off = (
        bool(re.search(r"\benabl(?:e|es|ed|ing)\b|\bturn on|默认启用|默认开启", message)),
        bool(re.search(r"\bdisabl(?:e|es|ed|ing)\b|\bturn off|默认关闭|默认禁用", message)),
    )
    return on if on != off and "default" in message else None
