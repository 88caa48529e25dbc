"""What a sentence names: changed files, and things beside them with the changed files in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, Name, Reading, Sort
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.grounding.sides import ChangedFile


class Thing(NamedTuple):
    """What a sentence names beside files: its mark in the prose, its text, and the changed files in which it stands."""

    mark: str
    name: str
    homes: tuple[ChangedFile, ...]


_REFERS = re.compile(
    r"\b(?:import(?:s|ed|ing)? (?:it )?from|exported (?:by|from)|from|by|so that|like|as in|as|mirrors?"
    r"|matching|consistent with|via|through|with|than"
    r"|depends? on|points? to|refers? to|link(?:s|ed|ing)? to|according to|instead of|reads?|writes?"
    r"|loads?|and|(?:add|delet|remov|drop|creat|introduc|restor)\w*|call(?:s|ing)?|runs?|out of|in favou?r of|also)\s+"
    r"(?:the\s+)?(?:\w+\s+)?$|(?:从|由|被|与|和|及|参照|依赖|调用|导入|引用|读取|写入|加载|指向|来自|取代"
    r"|执行|运行|通过|使用|改用|包括|以及|、|新增|删除|移除|添加|新建|创建|去掉|文件)了?\s*$",
    re.IGNORECASE,
)


def is_referred_to(before: str) -> bool:
    """Whether a file is only spoken of beside what a sentence tells, by what stands before its name there."""
    return _REFERS.search(before) is not None


def changed_files(name: Name, ground: Ground) -> tuple[ChangedFile, ...]:
    """The changed files that a name stands for; () where it is no file, or stands for all of them."""
    if name.sort not in (Sort.CODE, Sort.BARE) or " " in name.text or ("." not in name.text and "/" not in name.text):
        return ()
    found = ground.files_named(name.text)
    return found if len(found) < len(ground.files) else ()


def things_in(sentence: str, reading: Reading, ground: Ground) -> list[Thing]:
    """The names and figures of a sentence that are no files and stand in changed ones."""
    found = []
    for char in sentence:
        if FIRST <= ord(char) <= LAST:
            name = reading.name(char)
            if name.sort in (Sort.CODE, Sort.BARE, Sort.QUOTE) and not ground.files_named(name.text):
                found.append(Thing(char, *homes_of(bare(name.text), ground)))
    for match in re.finditer(
        r"(?<![\w.])\d[\d_,.]*\d(?![\w])(?!\s*(?:files?|个|lines?|行|more|come|go|are|were|is|was|added|deleted|removed|处|tests?|commits?))",
        sentence,
    ):
        found.append(Thing(match[0], *homes_of(match[0], ground)))
    return [thing for thing in found if thing.homes]


def homes_of(text: str, ground: Ground) -> tuple[str, tuple[ChangedFile, ...]]:
    """The form in which a text stands in changed files, by itself or by its last part, and those files; else ()."""
    last = re.split(r"::|->|\.|#", text)[-1]
    for form in dict.fromkeys((text, last if len(last) > 2 and not last.startswith("__") else text)):
        homes = tuple(file for file in ground.files if stands(form, file.new) or stands(form, file.old))
        homes = homes or tuple(file for file in ground.files if stands(form, file.context))
        if homes:
            return form, homes
    return text, ()


def is_within(thing: Thing, files: Iterable[ChangedFile]) -> bool:
    """Whether a thing stands in any of some files."""
    name = thing.name
    last = name.rstrip("/").rsplit("/", 1)[-1]  # as in "${RUN}/done" for /run/done
    return any(
        file in thing.homes
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
