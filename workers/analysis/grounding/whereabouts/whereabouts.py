"""Statements that place a change in a file: it must change there, not only elsewhere in the commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workers.analysis.grounding.directions.claims import Claim, Deed, bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.figures.tallies import opens_tests
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Name, Reading, Sort
from workers.analysis.grounding.prose.texts import stands, words_in
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of
from workers.model import Side, Statement

Thing = tuple[str, str, tuple[ChangedFile, ...]]
"""What a sentence names beside files: its mark in the prose, its text, and the files in which it stands."""

_ABOUT_OTHERS = re.compile(
    r"\b(?:import(?:s|ed|ing)? (?:it )?from|exported (?:by|from)|from|by|so that|like|as in|as|mirrors?"
    r"|matching|consistent with|via|through|with|than"
    r"|depends? on|points? to|refers? to|link(?:s|ed|ing)? to|according to|instead of|reads?|writes?"
    r"|loads?|and|(?:add|delet|remov|drop|creat|introduc|restor)\w*|call(?:s|ing)?|runs?|out of|in favou?r of|also)\s+"
    r"(?:the\s+)?(?:\w+\s+)?$|(?:从|由|被|与|和|及|参照|依赖|调用|导入|引用|读取|写入|加载|指向|来自|取代"
    r"|执行|运行|通过|使用|改用|包括|以及|、|新增|删除|移除|添加|新建|创建|去掉|文件)了?\s*$",
    re.IGNORECASE,
)
_TOUCHES = re.compile(
    r"\b(?:touch\w*|changes?|changed|updates?|updated|together with|alongside|among|affect\w*|covers?"
    r"|extends?|restructur\w*|maintenance|files?)\b"
    r"|涉及|同步|触及|改动|随之|等 ?\d+|影响|更新|调整|重构",
    re.IGNORECASE,
)
_TEST_WORD = re.compile(r"\btests?\b|\btest cases?\b|测试|用例", re.IGNORECASE)
_DOC_WORD = re.compile(r"\bdocument(?:s|ed|ation)\b|\bdocs\b|文档", re.IGNORECASE)


def place_faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Files of which a statement says what happens in others."""
    if len(ground.files) < 2:
        return
    for sentence in reading.sentences:
        files = [(char, _files(reading.name(char), ground)) for char in sentence if FIRST <= ord(char) <= LAST]
        named = [(char, found) for char, found in files if found]
        if not named:
            continue
        things = _things(sentence, reading, ground)
        if mark := _mislocated(sentence, dict(named), things, statement, ground):
            yield _wrong(mark, reading)
            continue
        if things:
            yield from _misplaced(sentence, named, things, reading)
            yield from _unshown(sentence, named, statement, reading)
        elif len(named) == 1 and len(reading.sentences) == 1:
            yield from _unplaced(sentence, named[0], statement, reading, ground)


_LOCATED = re.compile(
    rf"(?:\b(?:lives?|resides?|sits?|happen(?:s|ed)|takes? place|(?:is|are|was|were|has been|have been)(?: now)?"
    rf"(?: carried out|defined|declared|implemented|placed|located|added|done|made|introduced|put|written|removed"
    rf"|dropped)?)"
    rf"(?: only)? (?:in|inside|into|within|from) (?:the )?"
    rf"|(?:放|定义|写|位|加|落|实现|新增|声明|添加|改)(?:在|于|到)了?\s*)({N})"
)
"""A file in which something is said to live or happen."""
_TAKEN_OUT_OF = re.compile(rf"从\s*({N})\s*(?:文件|模块)?\s*(?:中|里)?\s*(?:被)?(?:移除|删除|去掉|删掉|拿掉)")
_OF_TESTS = re.compile(
    r"test|assert|spec\b|case|fixture|mock|stub|snapshot|helper|expect|verif|cover|example|测试|断言|用例|夹具|模拟|快照|验证|覆盖",
    re.IGNORECASE,
)
_CLASS = re.compile(r"\bclass(?:es)?\b|类(?!似|型)", re.IGNORECASE)
_DECLARES = re.compile(r"^\s*(?:[\w@]+ )*(?:class|interface|trait|struct|enum|record) \w", re.MULTILINE)


def _mislocated(
    sentence: str,
    named: Mapping[str, tuple[ChangedFile, ...]],
    things: Sequence[Thing],
    statement: Statement,
    ground: Ground,
) -> str | None:
    """The mark of a file in which a sentence says that something lives or happens, and it does not."""
    for match in (*_LOCATED.finditer(sentence), *_TAKEN_OUT_OF.finditer(sentence)):
        files = named.get(match[1])
        if files is None:
            continue
        clause = re.split(r"[,;，；。:：]", sentence[: match.start()])[-1]
        here = [thing for thing in things if thing[0] in clause and len(thing[0]) == 1]
        if here:
            wrong = not any(_within(thing, files) for thing in here)
        else:
            wrong = _is_shown_elsewhere(files, statement) or _is_no_place_for(clause, files, ground)
        if wrong:
            return match[1]
    return None


def _is_shown_elsewhere(files: Sequence[ChangedFile], statement: Statement) -> bool:
    shown = {item.path for item in statement.evidence}
    return bool(shown) and not any(path in shown for file in files for path in file.paths)


def _is_no_place_for(said: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether what is said to live in files can be no part of them: product code in tests, a class where none is."""
    others = [file for file in ground.files if file not in files]
    if all(role_of(file.file.path) is Role.TEST for file in files):
        return not _OF_TESTS.search(said) and any(role_of(file.file.path) is Role.SOURCE for file in others)
    return bool(_CLASS.search(said)) and not _declare(files) and _declare(others)


def _declare(files: Sequence[ChangedFile]) -> bool:
    """Whether any of these files puts a class in."""
    return any(_DECLARES.search(file.new) for file in files)


def _files(name: Name, ground: Ground) -> tuple[ChangedFile, ...]:
    if name.sort not in (Sort.CODE, Sort.BARE) or " " in name.text or ("." not in name.text and "/" not in name.text):
        return ()
    found = ground.files_named(name.text)
    return found if len(found) < len(ground.files) else ()


def _things(sentence: str, reading: Reading, ground: Ground) -> list[Thing]:
    """What a sentence names beside files: its mark in the prose, its text, and the files in which it stands."""
    found = []
    for char in sentence:
        if FIRST <= ord(char) <= LAST:
            name = reading.name(char)
            if name.sort in (Sort.CODE, Sort.BARE, Sort.QUOTE) and not ground.files_named(name.text):
                found.append((char, *_homes(bare(name.text), ground)))
    for match in re.finditer(
        r"(?<![\w.])\d[\d_,.]*\d(?![\w])(?!\s*(?:files?|个|lines?|行|more|come|go|are|were|is|was|added|deleted|removed|处|tests?|commits?))",
        sentence,
    ):
        found.append((match[0], *_homes(match[0], ground)))
    return [thing for thing in found if thing[2]]


def _homes(text: str, ground: Ground) -> tuple[str, tuple[ChangedFile, ...]]:
    last = re.split(r"::|->|\.|#", text)[-1]
    for form in dict.fromkeys((text, last if len(last) > 2 and not last.startswith("__") else text)):
        homes = tuple(file for file in ground.files if stands(form, file.new) or stands(form, file.old))
        homes = homes or tuple(file for file in ground.files if stands(form, file.context))
        if homes:
            return form, homes
    return text, ()


def _misplaced(
    sentence: str,
    named: Sequence[tuple[str, tuple[ChangedFile, ...]]],
    things: Sequence[Thing],
    reading: Reading,
) -> Iterator[Fault]:
    if re.search(r"\bamong them\b|后者|前者|\bthe (?:latter|former)\b|等\s*\S{0,4}\s*个文件", sentence):
        return
    everywhere = {file for _, files in named for file in files}
    things = [thing for thing in things if not _ADVISED.search(sentence[: sentence.index(thing[0])])]
    here = [thing for thing in things if _within(thing, everywhere)]
    placed = [
        mark
        for mark, _ in named
        if not _ABOUT_OTHERS.search(sentence[: sentence.index(mark)]) and _shares_part(sentence, mark, things)
    ]
    if not placed:
        return
    if not here or (len(named) == 1 and _has_stranger(sentence, placed[0], things, everywhere)):
        yield _wrong(placed[0], reading)
        return
    for mark, own in named:
        files = {file for other, files in named if _listed_together(sentence, mark, other) for file in files} | set(own)
        linked = _linked(sentence, mark, [thing for thing in things if len(thing[0]) == 1])
        if mark in placed and linked and not any(_within(thing, files) for thing in linked):
            yield _wrong(mark, reading)
            return


def _unshown(
    sentence: str, named: Sequence[tuple[str, tuple[ChangedFile, ...]]], statement: Statement, reading: Reading
) -> Iterator[Fault]:
    """A change that a one-sentence statement places in one file, while all that it quotes stands in others."""
    shown = {item.path for item in statement.evidence}
    if len(named) != 1 or len(reading.sentences) != 1 or not shown:
        return
    mark, files = named[0]
    before, after = sentence[: sentence.index(mark)], sentence[sentence.index(mark) + 1 :]
    placed = re.search(r"(?:\b(?:in|within|inside|into|from)\s+(?:the\s+)?|在\s*)$", before, re.IGNORECASE) or (
        not before.strip(" ：:") and re.match(r"\s*(?:中|里|内)", after)
    )
    if placed and not any(
        path == item or path.endswith("/" + item) for file in files for path in file.paths for item in shown
    ):
        yield _wrong(mark, reading)


def _shares_part(sentence: str, mark: str, things: Sequence[Thing]) -> bool:
    """Whether a file behind a comma has a name beside it there; one that opens a sentence speaks for all of it."""
    parts = re.split(r"[，,；;]\s*", sentence)
    if mark in parts[0]:
        return True
    return any(thing[0] in part for part in parts if mark in part for thing in things)


def _has_stranger(sentence: str, mark: str, things: Sequence[Thing], files: set[ChangedFile]) -> bool:
    """Whether a name of the same clause stands nowhere in the one file that a sentence names, but does in others."""
    clauses = [
        part
        for part in re.split(r"[;；]|\bso that\b|\bwhich\b|\bbecause\b|以便|从而|供|因为", sentence)
        if mark in part
    ]
    near = clauses[0] if clauses else sentence
    found = [thing for thing in things if thing[0] in near]
    return any(len(thing[1]) > 3 and not _within(thing, files) for thing in found) and len(files) == 1


def _listed_together(sentence: str, one: str, other: str) -> bool:
    """Whether two names stand in one list, with nothing between them but names and what joins them."""
    start, end = sorted((sentence.index(one), sentence.index(other)))
    return bool(re.fullmatch(rf"(?:{N}|[\s,、，和与及]|and)*", sentence[start:end]))


def _within(thing: Thing, files: Iterable[ChangedFile]) -> bool:
    _, name, homes = thing
    last = name.rstrip("/").rsplit("/", 1)[-1]  # as in "${RUN}/done" for /run/done
    return any(
        file in homes
        or (last != name and stands(last, file.new + file.old))
        or stands(name, file.context)
        or any(name in path for path in file.paths)
        or _nests(name, file)
        for file in files
    )


def _nests(name: str, file: ChangedFile) -> bool:
    """Whether a file of settings has a dotted key as keys below keys."""
    text = f"{file.new}\n{file.old}\n{file.context}"
    return file.file.path.endswith(_SETTINGS) and "." in name and all(stands(part, text) for part in name.split("."))


_SETTINGS = (".yml", ".yaml", ".json", ".toml")


def _linked(sentence: str, mark: str, things: Sequence[Thing]) -> list[Thing]:
    """The names that a sentence places in a file: those just before "in FILE", or those after “在 FILE 中”."""
    at = sentence.index(mark)
    marks = {thing[0]: thing for thing in things}
    before, after = sentence[:at], sentence[at + 1 :]
    if re.search(r"(?:^|[，。；;,:：]\s*|并|同时)\s*(?:在|为|给|于)?\s*$", before) and re.match(
        r"\s*(?:中|里|内|的|新增|移除|添加|删除|增加|：|:)", after
    ):
        reach = re.split(r"[。；;]|在\s*" + N, after)[0]
        return [marks[char] for char in reach if char in marks]
    if re.search(r"(?:^|[.;]\s+)(?:In|Within|Inside)\s+(?:the\s+)?$", before):
        reach = re.split(r"[.;]\s|\bin\s+" + N, after)[0]
        return [marks[char] for char in reach if char in marks]
    match = re.search(
        rf"({N}(?:(?:\s*(?:,|、|和|与|及)\s*|,?\s+and\s+){N})*)\s*(?:\w+\s+)?(?:in|within|inside|[(（])\s*"
        rf"(?:the\s+)?(?:file\s+)?$",
        before,
    )
    return [marks[char] for char in match[1] if char in marks] if match else []


def _wrong(mark: str, reading: Reading) -> Fault:
    return Fault(code="wrong_file", details={"what": reading.name(mark).text})


def _unplaced(
    sentence: str, named: tuple[str, tuple[ChangedFile, ...]], statement: Statement, reading: Reading, ground: Ground
) -> Iterator[Fault]:
    """A sentence that names a file and nothing else: judged by its evidence, its words, and what the file is for."""
    mark, files = named
    if _puts_tests(sentence[: sentence.index(mark)], files, ground):
        yield _wrong(mark, reading)
        return
    if _ABOUT_OTHERS.search(sentence[: sentence.index(mark)]) or _TOUCHES.search(sentence):
        return
    shown = {item.path for item in statement.evidence}
    if shown and not any(path in shown for file in files for path in file.paths):
        yield _wrong(mark, reading)
        return
    if _wrong_role(sentence, files, ground) or (not shown and _words_elsewhere(sentence, files, ground)):
        yield _wrong(mark, reading)


_ADVISED = re.compile(
    r"(?:需要?|应当|应该|可以|请)[^，。；]{0,6}$|\b(?:should|need to|have to|can) (?:\w+ ){0,2}$", re.IGNORECASE
)
"""What comes before that which others are to use or do: it need not be in the file."""
_PUT_IN = re.compile(
    r"\btests?\b[^.;,]{0,50}\b(?:added|appended|put|placed|written|go|went|live|sit|reside)\b"
    r" (?:to|in|into|inside) (?:the )?$"
    r"|测试[^，。；]{0,14}(?:加|写|放|添加|新增|补充)(?:在|到|进|于)了?\s*$",
    re.IGNORECASE,
)


def _puts_tests(before: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether tests are said to be put in files that gain none, while others do."""
    if not _PUT_IN.search(before) or any(opens_tests(file.new) for file in files):
        return False
    return any(opens_tests(file.new) for file in ground.files)


def _wrong_role(sentence: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    for word, role, stem in ((_TEST_WORD, Role.TEST, "test"), (_DOC_WORD, Role.DOCS, "doc")):
        if word.search(sentence):
            fits = any(role_of(file.file.path) is role or stem in (file.new + file.old).lower() for file in files)
            others = any(role_of(file.file.path) is role for file in ground.files if file not in files)
            if others and not fits:
                return True
    return False


_DULL = frozenset(
    words_in(
        "that with from this when which into their them they then than have does also only code support"
        " handling logic file files adds added adding removes removed updates updated changes changed uses"
        " used fixes fixed makes made instead because now"
    )
)


def _words_elsewhere(sentence: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether the plain words of a sentence stand in the changed lines of other files and never in those it names."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z]{5,}", sentence.lower()) if word not in _DULL}
    if len(words) < 2:
        return False
    here = "\n".join(file.new + file.old + file.context for file in files).lower()
    there = "\n".join(file.new + file.old for file in ground.files if file not in files).lower()
    return not any(word in here for word in words) and sum(word in there for word in words) >= 2


def side_faults(claims: Sequence[Claim], sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are said to come or go in the one file that a sentence names, and do so only in others."""
    marks = [char for char in sentence if FIRST <= ord(char) <= LAST and _files(reading.name(char), ground)]
    if len({reading.name(char).text for char in marks}) != 1 or len(ground.files) < 2:
        return
    file = reading.name(marks[0])
    own = _files(file, ground)
    for claim in claims:
        if claim.name.text == file.text or claim.deed is Deed.MOVED or _is_apart(sentence, marks[0], claim, reading):
            continue
        comes = claim.deed in (Deed.ADDED, Deed.NEW)
        side: Side = "new" if comes else "old"
        if claim.near and not any(one.side(side) for one in own):
            yield Fault(code="not_added" if comes else "not_removed", details={"what": claim.name.text})
            return
        form, _ = _homes(bare(claim.name.text), ground)
        here = any(stands(form, one.side(side)) for one in own)
        if not here and any(stands(form, one.side(side)) for one in ground.files if one not in own):
            yield _wrong(marks[0], reading)
            return


def _is_apart(sentence: str, mark: str, claim: Claim, reading: Reading) -> bool:
    """Whether a file stands behind a comma and the name of a claim in another part of the sentence."""
    parts = re.split(r"[，,；;]\s*", sentence)
    return mark not in parts[0] and not any(mark in part and claim.name in reading.names_in(part) for part in parts)
