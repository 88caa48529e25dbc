"""Names that are said to serve on: they must not be gone where they are said to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import N, Reading, Sort
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.grounding.sides import ChangedFile

_SERVES_ON = re.compile(
    r"(?:\bstill (?:called|named|us(?:es?|ing)|reads?|calls?|imports?|rel(?:y|ies) on|depends? on|goes through"
    r"|points? (?:to|at)|(?:is|are|gets?) [a-z]+ed (?:by|with|in|through|via|from|as))\s+(?:the |an? )?"
    r"|(?:仍|仍然|依旧|依然|还是|还)会?(?:直接|继续)?(?:叫作?|名为|称为|按照?|使用|沿用|用|调用|读取|依赖|通过|走|由|从|引用|导入|包含"
    r"|传入|返回|继承|检查|修改|更新)\s*)"
    rf"(?P<name>{N})",
    re.IGNORECASE,
)


def staying_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are said to serve as before, while the diff takes every line that has them away."""
    for sentence in reading.sentences:
        for match in _SERVES_ON.finditer(sentence):
            name = reading.name(match["name"])
            files = _files_of(sentence, reading, ground)
            if name.sort in (Sort.CODE, Sort.BARE) and _is_gone(bare(name.text), files, ground):
                yield Fault(code="unchanged_unproven", details={"what": reading.told(match[0])})


def _files_of(sentence: str, reading: Reading, ground: Ground) -> Sequence[ChangedFile]:
    """The changed files that a sentence is about: those that it names, else those that its statement does, else all."""
    for part in (sentence, reading.prose):
        if named := [file for name in reading.names_in(part) for file in ground.files_named(name.text)]:
            return named
    return ground.files


def _is_gone(name: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether a name goes from files and stands nowhere in them any more, as far as can be seen."""
    went = [file for file in files if stands(name, file.old)]
    stays = any(stands(name, text) for file in files for text in (file.new, file.context))
    return bool(went) and not stays and not any(ground.tree_lines(name, file.file.path, "new") for file in went)
