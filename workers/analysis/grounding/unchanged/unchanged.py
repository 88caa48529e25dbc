"""Claims that nothing changes for behaviour, performance or security: they need evidence, else they go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from workers.analysis.grounding.directions.claims import bare
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.phrases import stems
from workers.analysis.grounding.prose.reading import FILE_NAME, FIRST, LAST, N, Reading
from workers.analysis.grounding.prose.texts import folded, stands
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.grounding.unchanged.sameness import BROAD, CLAIM, NARROW
from workers.analysis.paths import Role, role_of
from workers.analysis.survey.strokes import strokes_of
from workers.model import FileStatus, Statement

_DENIED = re.compile(
    r"(?:\b(?:not|breaks?|breaking|isn['’]t|lacks?|loses?|lost|losing|non|un|un-?check\w*|restor\w+"
    r"|whether|verif(?:y|ies|ied) (?:that|whether)|check(?:s|ed|ing)? (?:that|whether|if)|confirm\w*"
    r"|ensur\w+|make sure|sure|if|test(?:s|ed)? (?:that|whether)|assert(?:s|ed|ing)?|need|to keep|to stay"
    r"|to retain|to preserve|to maintain|want|wants"
    r"|previously|formerly|claims?|says|said|states?|assum\w+|in order to)\b[\w\s'’,-]{0,30}|\blonger\s(?:\w+\s)?"
    r"|(?<!byte )\bfor\b[\w\s'’-]{0,16}$|(?:确认|验证|检查|核对)(?!的)(?![^。；]*，)|确保|是否|若|如果|如需|如要|需要"
    r"|为了|以便|请(?!求)|建议|不再|破坏|此前"
    r"|测试(?:了|是否|验证|覆盖|确认|断言)|断言"
    r"|说明所述|为了)[^。；.;]{0,14}$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\s*(?:that|whether|if)\b", re.IGNORECASE)
_MESSAGE_SAYS = re.compile(
    r"\bNFC\b|\bno[- ]op\b|\bno functional\b|\bcosmetic|\bno behaviou?r|\bno logic",
    re.IGNORECASE,
)


def unchanged_faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Claims that something stays as it was, where neither the message says so nor the files prove it."""
    for sentence in reading.sentences:
        trivial = _TRIVIAL.search(sentence)
        if trivial and CLAIM.search(sentence) and not is_inert(ground):
            yield Fault(code="unchanged_unproven", details={"what": reading.told(trivial[0])})
            return
        for match in CLAIM.finditer(sentence):
            if _DENIED.search(sentence[: match.start()]) or _ASKED.match(match[0]) or _asks(match[0]):
                continue
            clause = _clause(sentence, match)
            if _BUT_FOR.match(sentence, match.end()):
                continue
            if not _contradicts(clause, reading, ground):
                if _is_said(match[0], ground.told) or (is_inert(ground) and not _OF_BUILDS.search(clause)):
                    return
                if _is_proven(statement, sentence, match, reading, ground):
                    continue
            yield Fault(code="unchanged_unproven", details={"what": reading.told(match[0])})
            return


_BUT_FOR = re.compile(r"[,\s]*(?:apart from|except(?: for)?|but for|other than|save for)\b", re.IGNORECASE)
"""What names what does change."""


def _contradicts(clause: str, reading: Reading, ground: Ground) -> bool:
    """Whether a claim is of a file that does change, or of those who set nothing while a default changes."""
    of_defaults = _OF_DEFAULTS.search(clause) and _DEFAULT.search(ground.subjects)
    return bool(of_defaults) or _names_a_change(clause, reading, ground)


def _is_proven(statement: Statement, sentence: str, match: re.Match[str], reading: Reading, ground: Ground) -> bool:
    """Whether the diff or the message shows what a claim of sameness says of its clause."""
    clause, rest = _clause(sentence, match), sentence[match.end() :]
    narrow = NARROW.fullmatch(match[0])
    if _is_elsewhere(clause, sentence[: match.start()], reading, ground) or _is_of_code_alone(clause, ground):
        return True
    if not BROAD.search(match[0]) and _is_said_to_remain(clause, ground):
        return True
    if narrow and _is_restated(rest, reading, ground):
        return True
    return not BROAD.search(clause) and bool(
        (narrow and _stays(sentence, clause, reading, ground)) or _is_quoted(statement, sentence, reading, ground)
    )


def _clause(sentence: str, match: re.Match[str]) -> str:
    """The part of a sentence that a claim stands in."""
    start = max((found.end() for found in _COMMA.finditer(sentence, 0, match.start())), default=0)
    end = next((found.start() for found in _COMMA.finditer(sentence, match.end())), len(sentence))
    return sentence[start:end]


_COMMA = re.compile(r"[,;:，；：。]")
_OTHERS = re.compile(
    r"其[他它余](?!模块|代码|组件|服务|功能|部分|[^。；，]{0,6}[均都皆])"
    r"|\bother (?:platforms?|systems?|cases?|branch\w*|paths?|modes?|types?|values?|inputs?|\w+ systems?)\b"
    r"|\bthe other \w+|\botherwise\b",
    re.IGNORECASE,
)
_SUBSET = re.compile(
    r"(?:没有|未|不(?![同断仅只但久少])|非|显式|已经|允许|禁止)[^，。；的]{1,20}的"
    r"|\b(?:without|that (?:do|does|did) not|which (?:do|does|did) not|who (?:do|does|did) not|not using"
    r"|explicit\w*|already)\b",
    re.IGNORECASE,
)
_OF_DEFAULTS = re.compile(
    r"\b(?:without|not|n['’]t) (?:\w+ )?(?:set|configur|specif|pass|giv|provid)\w*"
    r"|(?:未|没有?|不)(?:显式)?(?:设置|配置|指定|传入?)",
    re.IGNORECASE,
)
"""Those who set nothing: for them a change of defaults is a change."""
_DEFAULT = re.compile(r"\bdefaults?\b|默认|缺省", re.IGNORECASE)
_HEAD = re.compile(r"\b(?:signatures?|declarations?|definitions?|calls?)\b|签名|声明|定义|调用", re.IGNORECASE)
"""What of a named thing is seen on the very lines where its name stands."""
_SIGNATURE = re.compile(r"\bsignatures?\b|签名", re.IGNORECASE)
_DECLARES = (
    r"\b(?:function|def|func|fn|fun|sub|proc|void|const|let|var|public|private|protected|static|async|export)\b[^=\n]{{0,80}}?"
    r"\b{name}\s*[(<:=]"
)
"""A line that declares what is called `name`, in the usual languages."""
_CONDITION = re.compile(r"\b(?:if|elif|else|switch|case|when|unless|match|where)\b|\?|&&|\|\|", re.IGNORECASE)
_TRIVIAL = re.compile(
    r"\b(?:commit|change|patch|diff|it) (?:merely|only|just|purely|simply) (?:reformats?|tid(?:ies|y)"
    r"|re-?indents?|cleans?"
    r"|rewords?|(?:touch|adjust|edit|change|updat)\w* (?:the )?(?:comments?|white ?space|formatting|documentation"
    r"|docs))"
    r"|\bonly (?:the )?(?:comments?|white ?space|formatting|docs|documentation) (?:is|are|was|were|has"
    r"|have)? ?(?:been )?(?:edited|changed|touched|adjusted)"
    r"|(?:只|仅|仅仅|只是)(?:是)?(?:改|整理|调整|更新|修改|改写|补充)了?[^。；，]{0,6}(?:注释|排版|格式|空白|缩进|变更记录|变更日志|文档)",
    re.IGNORECASE,
)
"""What makes a whole commit out to be nothing."""
_REMARK = re.compile(r"注释|\bcomments?\b", re.IGNORECASE)


def _names_a_change(clause: str, reading: Reading, ground: Ground) -> bool:
    """Whether a part of a sentence says of a file of the commit that it did not change."""
    names = [name.text for name in reading.names_in(clause)]
    return any(_is_path(name) and any(file.new or file.old for file in ground.files_named(name)) for name in names)


def _is_elsewhere(clause: str, before: str, reading: Reading, ground: Ground) -> bool:
    """Whether a claim is of what the change plainly leaves: a head that stays, the other branch, a remark."""
    found = [ground.presence(name.text) for name in reading.names_in(clause) if not _is_path(name.text)]
    if found and _HEAD.search(clause) and all(one.context and not one.changes for one in found):
        return True
    if _SIGNATURE.search(clause) and _keeps_its_head([bare(name.text) for name in reading.names_in(clause)], ground):
        return True
    if (_OTHERS.search(clause) or _SUBSET.search(before)) and any(_CONDITION.search(file.new) for file in ground.files):
        return True
    return bool(_REMARK.search(before) and re.search("运行|runtime|behaviou?r", clause))


_CODE = re.compile(
    r"\b(?:production|product|runtime|source|application|library|program) code\b"
    r"|(?:运行时|生产|产品|业务|源|程序|库)代码|源码",
    re.IGNORECASE,
)


def _is_of_code_alone(clause: str, ground: Ground) -> bool:
    """Whether a claim is of the code that runs, and the commit touches no file of it."""
    return bool(_CODE.search(clause)) and not any(role_of(file.file.path) in _RUNS for file in ground.files)


_RUNS = frozenset({Role.SOURCE, Role.SCHEMA, Role.GENERATED, Role.VENDORED})


_STILL = re.compile(
    rf"(?:仍|依旧|依然|还是|\bstill\b|\bremains?\b)[^，。；,;{chr(FIRST)}-{chr(LAST)}]{{0,12}}?({N})", re.IGNORECASE
)


def _is_restated(rest: str, reading: Reading, ground: Ground) -> bool:
    """Whether a claim goes on with what holds still, by names that stand on lines that stay, or with a list of such."""
    if listed := re.match(r"\s*[：:]([^，；。;]+)", rest):
        found = [ground.presence(bare(name.text)) for name in reading.names_in(listed[1])]
        if found and all(one.context and not one.changes for one in found):
            return True
    return any(ground.presence(bare(reading.name(match[1]).text)).context for match in _STILL.finditer(rest))


def _is_said_to_remain(clause: str, ground: Ground) -> bool:
    """Whether the author says of the same thing that it remains: "enabling it still permits overrides"."""
    words = {word[:TELLING] for word in stems(clause) if len(word) >= TELLING}
    rows = re.split(r"[\n.;]", ground.told)
    return any(_REMAINS.search(row) and words & {word[:TELLING] for word in stems(row)} for row in rows)


TELLING = 7
"""Letters of the shortest root that tells what a row is about."""
_REMAINS = re.compile(r"\b(?:still|continues?|remains?|keeps?|stays?)\b|仍|依旧|继续|保持", re.IGNORECASE)


def _keeps_its_head(names: Sequence[str], ground: Ground) -> bool:
    """Whether lines that stay declare each of some names, and no line that changes does."""
    declares = [re.compile(_DECLARES.format(name=re.escape(name))) for name in names]
    changed = "\n".join(side for file in ground.files for side in (file.new, file.old))
    stays = "\n".join(file.context for file in ground.files)
    return bool(names) and all(one.search(stays) and not one.search(changed) for one in declares)


def _stays(sentence: str, clause: str, reading: Reading, ground: Ground) -> bool:
    """Whether a sentence names something of code that stands on as many lines as before, and means not its head."""
    names = [name.text for name in reading.names_in(sentence) if not _is_path(name.text)]
    found = [ground.presence(bare(name)) for name in names]
    return not _OF_HEAD.search(clause) and any(one.new == one.old and (one.context or one.new) for one in found)


def _is_quoted(statement: Statement, clause: str, reading: Reading, ground: Ground) -> bool:
    """Whether the quotes of a statement are of lines that stay, with a name or figure of it that changes nowhere."""
    quotes = [folded(item.quote) for item in statement.evidence]
    said = [bare(name.text) for name in reading.names_in(clause)] + _NUMBER.findall(clause)
    quoted = [name for name in said if any(stands(name, quote) for quote in quotes)]
    if not quoted or any(ground.presence(name).changes for name in quoted):
        return False
    changed = (folded(line) for block in ground.blocks for side in block for line in side)
    return not any(quote in line for line in changed for quote in quotes)


_NUMBER = re.compile(r"\d+(?:\.\d+)*")


_OF_HEAD = re.compile(r"\b(?:signature|parameter|argument)s?\b|签名|参数|形参|返回值", re.IGNORECASE)


def _is_path(name: str) -> bool:
    return "/" in name or bool(FILE_NAME.fullmatch(name))


_COMPATIBLE = re.compile(r"compat|drop-in|兼容", re.IGNORECASE)
_ASPECTS = tuple(
    re.compile(pattern, re.IGNORECASE) for pattern in (r"secur|安全", r"perform|性能|速度", r"memory|内存")
)
"""What a claim is about, if it says so: then the author has to have spoken of that."""
_OF_BUILDS = re.compile(
    r"\bworkflows?\b|\bpipelines?\b|\bjobs?\b|\bCI\b|\bsteps?\b|\btriggers?\b|流水线|工作流|步骤|这一步|触发|执行条件|执行范围"
    r"|\breleases?\b|\bassets?\b|\bartifacts?\b|\barchives?\b|发布|产物|附件|归档"
    r"|\b(?:docs|documentation|wording|comments?|remarks?)\b|说明|注释|文档|措辞|文案",
    re.IGNORECASE,
)
"""What a commit that touches nothing but builds, prose or comments may well change."""
_TOLD_COMPATIBLE = re.compile(
    r"compat|\bbc\b|drop-in|deprecat|legacy|old (?:api|name|format|config)|兼容", re.IGNORECASE
)


def _is_said(claim: str, told: str) -> bool:
    """Whether the author says so too: that nothing changes, or, of what stays compatible, anything about that."""
    told = folded(told)
    if any(aspect.search(claim) and not aspect.search(told) for aspect in _ASPECTS):
        return False
    says = CLAIM.search(told) or _MESSAGE_SAYS.search(told)
    return bool(says or (_COMPATIBLE.search(claim) and _TOLD_COMPATIBLE.search(told)))


def _asks(claim: str) -> bool:
    return bool(
        re.match(r"(?:keep(?!s? (?:on )?\w+ing\b)|preserv|maintain|retain|leav)", claim, re.IGNORECASE)
    ) and not re.search(
        r"\b(?:behaviou?rs?|semantics|functionality|performance|security|compatib\w+|apis?|interfaces?|contracts?)\b",
        claim,
        re.IGNORECASE,
    )


_INERT = frozenset({Role.DOCS, Role.TEST, Role.EXAMPLE, Role.CI, Role.LOCALE, Role.ASSET})


def is_inert(ground: Ground) -> bool:
    """Whether a commit can change nothing of what runs: prose, tests, comments, moves of whole lines."""
    return bool(ground.kept("inert", lambda: bool(ground.files) and all(map(_is_inert, ground.files))))


def _is_inert(file: ChangedFile) -> bool:
    if file.file.status is FileStatus.RENAMED and role_of(file.file.path) not in _INERT:
        return False  # what imports it by its path does notice
    if role_of(file.file.path) in _INERT or (file.file.patch == "" and not file.file.is_submodule):
        return True
    if file.file.patch is None or not file.hunks:
        return False
    new, old = (Counter("".join(text.split()) for text in side.split("\n")) for side in (file.new, file.old))
    return new == old or not strokes_of([file.file])
