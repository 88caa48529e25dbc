"""Names that are said to serve on: they must not be gone where they are said to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Name, Reading, Sort
from workers.analysis.grounding.prose.texts import stands
from workers.analysis.grounding.sides import ChangedFile

_STILL = re.compile(
    r"(?:\b(?:still|continues? to|goes on|keeps)\b(?P<rest>[^.;,]*)"
    r"|(?:仍旧?|仍然|依旧|依然|照旧|还是|还会|继续)(?P<rest_zh>[^，。；]*))",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:instead|rather|not|without|but|unless|until|when|where|if|even|though|although|after|now)\b|而不是|而非|没有|但"
)

_OTHERS = re.compile(
    r"\b(?:that|who|which|anyone|anybody|if|whoever|code|projects?|users?|callers?|scripts?|plugins?|teams?|those)\s*$"
    r"|(?:若|如果|如有|凡是|谁|项目|用户|调用方|脚本|团队|代码)$",
    re.IGNORECASE,
)
"""Whose use of a name is told, and not the commit's."""
_OF_OTHERS = re.compile(
    rf"{N}[^，。；]*的[^，。；]{{0,4}}(?:页面|脚本|项目|用户|代码|调用方|团队|部署|配置|应用|业务|人|地方|插件|仓库)"
)
_IS_STILL = re.compile(
    rf"({N})[^.;,{chr(FIRST)}-{chr(LAST)}]{{0,24}}?\b(?:is|are) still (?:used|called|imported|there|present|exported"
    r"|referenced|read|in use|available|defined|supported|accepted)\b"
    rf"|({N})[^.;,{chr(FIRST)}-{chr(LAST)}]{{0,24}}?\bstill (?:exists?|works?|applies|apply|takes? effect)\b"
    rf"|({N})[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,16}}?(?:仍旧?|仍然|依旧|依然|照旧)会?"
    r"(?:被(?:使用|引用|调用|导入|导出|读取|保留)|存在|在用|起作用|有效|生效|可用)",
    re.IGNORECASE,
)


def staying_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Names that are said to serve as before, while the diff takes every line that has them away."""
    for sentence in reading.sentences:
        files = _files_of(sentence, reading, ground)
        for told, names in _said_to_stay(sentence, reading):
            code = (bare(name.text) for name in names if name.sort in (Sort.CODE, Sort.BARE))
            if any(_is_gone(name, files, ground) for name in code):
                yield Fault(code="unchanged_unproven", details={"what": reading.told(told)})


def _said_to_stay(sentence: str, reading: Reading) -> Iterator[tuple[str, list[Name]]]:
    """The words that say so, each with the names of which they do."""
    for match in _STILL.finditer(sentence):
        rest = _BEYOND.split(match["rest"] or match["rest_zh"] or "")[0]
        if not _OTHERS.search(sentence[: match.start()]) and not _OF_OTHERS.search(rest):
            yield match[0], reading.names_in(rest)
    for match in _IS_STILL.finditer(sentence):
        yield match[0], reading.names_in("".join(group or "" for group in match.groups()))


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
