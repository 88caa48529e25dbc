"""Claims that nothing changes for behaviour, performance or security, or that something gets better."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.reading import FILE_NAME, N, Reading
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of
from workers.analysis.survey.strokes import strokes_of
from workers.model import FileStatus

_ASPECT = (
    r"(?:functional(?:ity|ities)?|behaviou?rs?|behaviou?ral|semantics?|user-visible|user-facing|user|users"
    r"|runtime|visible|observable"
    r"|apis?|breaking|performance|speed|latency|throughput|memory|security|compatib\w+|logic|interfaces?"
    r"|contracts?|outputs?|results?"
    r"|properties|permissions?|protections?|guarantees?|metrics?|markup|rendering|responses?|payloads?|callers?"
    r"|clients?|consumers?|usage|operational|operations?"
    r"|production|features?|signatures?"
    r"|workflows?|overhead|risks?|attack surface)"
)
_SAME = (
    r"(?:unchanged|unaffected|the same|identical|intact|untouched|preserved|as before|as it was|as is"
    r"|equivalent|unaltered|kept"
    r"|not (?:be )?(?:affected|changed|altered|impacted|influenced|modified|touched))"
)
_EFFECT = (
    r"(?:chang(?:es?|ing)|impacts?|effects?|differences?|regressions?|implications?|modifications?|consequences?"
    r"|costs?"
    r"|penalt(?:y|ies)|alterations?|side[- ]effects?|overhead|risks?|concerns?|breakage|impairment)"
)
_W = rf"(?:(?:[\w’'/-]|{N})+[ ,]+)"
_ENGLISH = [
    rf"\b(?:no|without(?: any)?|zero|nor any|neither|free of|any) {_W}{{0,3}}?{_ASPECT} {_W}{{0,2}}?{_EFFECT}",
    rf"\b(?:no|without(?: any)?|zero|little or no) {_W}{{0,2}}?{_EFFECT} (?:in|to|on|of|for"
    rf"|at) {_W}{{0,5}}?{_ASPECT}",
    rf"\b{_ASPECT} {_W}{{0,7}}?(?:is|are|remains?|stays?|keeps?|left|leaves?|be|continues?|was|were|will"
    rf"|would) {_W}{{0,4}}?{_SAME}",
    rf"\b(?:leav(?:es|ing)|keep(?:s|ing)?|preserv(?:es?|ing)|maintain(?:s|ing)?|retain(?:s"
    rf"|ing)?) {_W}{{0,4}}?{_ASPECT}s? {_W}{{0,3}}?{_SAME}",
    r"\b(?:keep(?:s|ing)?|preserv(?:es?|ing)|maintain(?:s|ing)?|retain(?:s|ing)?) (?:the |all |its "
    r"|full )?(?:existing |current |same |original |observable |public |runtime )*"
    r"(?:behaviou?rs?|semantics|functionality|performance|compatibility|apis?|interfaces?|contracts?)\b",
    rf"\b(?:does not|doesn['’]t|do not|don['’]t|won['’]t|will not|not|never|without|neither|cannot"
    rf"|should not) (?:\w+ )?(?:affect|chang|alter|impact|modif|influenc|break|degrad|regress|disrupt"
    rf"|hurt)\w* {_W}{{0,6}}?(?:{_ASPECT}|existing|anything|anyone)",
    r"\b(?:fully |completely |entirely |remains? |is |stays? |100% )?(?:backwards?|forwards?|source|binary"
    r"|wire|api|abi)[- ]compatib(?:le|ility)",
    r"\bbehaviou?r[- ](?:preserving|neutral)|\bdrop-in\b|\bsemantically (?:identical|equivalent|the same)"
    r"|\bfunctionally (?:identical|equivalent|the same)",
    rf"(?<!{N}) {_W}{{0,3}}?\b(?:remains?|stays?|is|are|continues? to be) {_W}{{0,2}}?(?:unchanged"
    rf"|unaffected|not (?:affected|touched|altered|impacted|modified)|the same as before|exactly as before"
    rf"|as (?:it was|they were) before)\b",
    r"\b(?:behaves?|works?|functions?|operates?|performs?|acts?) (?:\w+ ){0,2}?(?:the same|as before"
    r"|as usual|identically|exactly as|unchanged|as it did)\b",
    rf"(?<!{N} )\b(?:remains?|stays?|keeps?|continues? to be) (?:exactly |entirely |completely |just )?"
    r"(?:the same|unchanged|intact|identical)\b"
    r"(?! (?:file|line|name|way|time|type|value|module|class|function|helper|length|order|as))",
    r"\b(?:continues? to|still) (?:work|function|behave|operate)s?\b",
    r"\bnon-?breaking\b|\bnon-?functional (?:change|refactor\w*)|\b(?:pure|purely|strictly|simply|just"
    r"|only)\b (?:an? )?(?:internal |code |cosmetic )?(?:refactor\w*|clean-?up|cosmetic|restructur\w+"
    r"|reformat\w+)",
    r"\bsafe to (?:upgrade|merge|deploy|roll out)|\b(?:existing|current) (?:callers|users|clients|code"
    r"|configurations?|consumers|deployments|integrations|setups) (?:need|require|see|notice"
    r"|experience)s? (?:no|nothing)",
    r"\b(?:exactly |just )?(?:as|like)(?: it| they)?(?: was| were| did| does| worked| had been)? before\b"
    r"(?=[.,;:)]|$| this| the (?:change|commit)| and)",
    r"\b(?:exactly|precisely|just|much|left|stays?|remains?|keeps?|kept) (?:\w+ )?(?:as|like|what|how|the way)\s+"
    r"(?:(?:it|they|things|everything|this) )?(?:always|used to|ever|did|was|were|had|before|previously)\b",
    r"\b(?:has|have|had)(?: not|n['’]t) changed\b",
    r"\b(?:has|have|had)(?: not|n['’]t) been (?:altered|changed|modified|touched|affected)\b",
    r"\b(?:is|are|was|were|been) (?:\w+ )?left (?:exactly |just )?(?:as|alone|unaltered|unmodified|untouched"
    r"|unchanged)\b",
    r"\b(?:byte|bit|word|letter|line)[- ](?:for|by)[- ](?:byte|bit|word|letter|line)\b",
    r"\b(?:exactly |just |the same )as (?:in|with|under) (?:the )?(?:earlier|previous|older|prior|past) \w+",
    r"\bthe same before and after\b|\bboth before and after\b[^.;]{0,20}\bsame\b|\bremains? at the same\b",
    r"\bthe same (?:\w+ ){1,3}(?:[^.;,]{0,30}? )?as before\b",
    r"\b(?:does|do|did|will)(?: not|n['’]t) change (?:with|by|here|through|in) ",
    r"\bnothing\b[^.;]{0,40}\b(?:is|are|looks?|feels?|works?|behaves?) (?:any )?different\w*|\bno different\b"
    r"|\bnothing (?:else |\w+ )?changes?\b",
    r"\b(?:not|n['’]t|no need to|nothing to) (?:have to |need to |to )?(?:expect|anticipate|fear"
    r"|worry about)\b[^.;]{0,20}"
    r"\b(?:differences?|changes?|break\w*|impact)\b",
    r"\bsame\b[^.;]{0,40}\b(?:as ever|as always|as (?:it|they) (?:was|were|did)|until now|so far"
    r"|as in (?:earlier|previous|older) \w+)\b",
    r"\b(?:keeps?|kept|goes|go) (?:on )?(?:working|functioning|running|compiling|behaving|operating) "
    r"(?:as|without|for|unchanged|exactly|with no|like|just)\b",
    r"\b(?:no|not any) (?:\w+ )?changes? (?:to|in) (?:how|the way|what)\b",
    r"\bidentical (?:to|with) (?:what|how|the)\b[^.;]{0,40}\b(?:before|previous\w*|earlier|old)\b",
    r"\b(?:notices?|sees?|feels?|experiences?|observes?) (?:nothing\b|no (?:difference|change|impact|effect"
    r"|regression))",
    r"\b(?:does|do|did|will|would)(?: not|n['’]t) change(?=[.,;:]|$| for | at all| as a result| when | after | in "
    r"| under )",
    r"\b(?:requires?|needs?|calls? for|demands?) no (?:\w+ ){0,2}?(?:action|migration|attention|adjustments?"
    r"|changes?)\b",
    r"\b(?:nothing changes|no one will notice|has no effect|have no effect|no effect|no impact) (?:for|on|to|in)\b",
    r"\b(?:has|have|had) not been (?:altered|changed|modified|touched|affected)\b",
    r"\b(?:does|do|did)(?: not|n['’]t) change with\b|\bremains? at the same\b",
    r"\b(?:exactly|just|precisely) as in (?:earlier|previous|older|prior)\b|\bthe same before and after\b",
    r"\bno[- ]op for\b|\b(?:introduces?|causes?|brings?|adds?|carries|carry|poses?|has|have|with|there (?:is|are)) "
    r"(?:no|zero|little or no|negligible|minimal|virtually no)(?: \w+)? "
    r"(?:regressions?|overhead|risks?|side[- ]effects?|downtime|disruptions?)\b",
    r"\b(?:zero|no|negligible) (?:overhead|regressions?|risk|cost) (?:is|are) (?:added|introduced|incurred"
    r"|expected)\b",
    r"\b(?:risks?|overhead|impact|costs?)(?: \w+){0,3}? (?:is|are|remains?) (?:\w+ )?(?:negligible|minimal|none|nil"
    r"|zero|insignificant|manageable|very low|close to zero)\b",
]
_ZH_ASPECT = (
    r"(?:行为|功能|逻辑|语义|性能|安全性?|接口|API|兼容性|输出|结果|用户|使用方式|调用方式?|调用者"
    r"|签名|运行时|运行|效果|吞吐量?|延迟|业务|使用者|体验|开销|稳定性)"
)
_ZH_SAME = (
    r"(?:不变|不受(?:任何)?影响|未受(?:任何)?影响|无影响|没有(?:任何)?影响|无(?:任何)?(?:变化|变动"
    r"|改变|差异|区别)|没有(?:任何)?(?:变化|变动|改变|差异|区别|改动|调整)|未变|未改变|未(?:发生|作|做)"
    r"(?:任何)?(?:变化|改变|改动|修改)|没变|不会(?:有任何)?(?:改变|变化)|(?:保持|完全|维持)?"
    r"(?:一致|相同|等价|等同)|无需(?:任何)?(?:改动|修改|调整|变更)|原样)"
)
_CHINESE = [
    rf"{_ZH_ASPECT}[^。；，,;]{{0,12}}?{_ZH_SAME}",
    rf"(?:不|未|没有|不会|无)(?:会)?(?:任何)?(?:影响|改变|改动|破坏|变更|触及|牵涉|降低"
    rf"|损害)[^。；，]{{0,14}}?(?:{_ZH_ASPECT}|现有|已有|原有)",
    r"对[^。；，]{0,18}?(?:没有|无|不会产生|毫无|不产生|不造成|不会造成|并无|不会带来|不带来)(?:任何|明显"
    r"|实质|负面|额外)*(?:的)?(?:影响|副作用|变化|改变|开销|风险)",
    rf"(?<!{N})(?<!{N} )(?<!默认值)(?<!名称)(?<!取值)(?:保持不变|维持不变|不受(?:任何)?影响|不会受到影响"
    r"|无需(?:做|任何)*(?:改动|修改|调整|变更))",
    r"(?:完全|保持|仍然?|依旧|依然)?(?:向后|向前|向下)兼容",
    r"(?:与|和|同)?(?:以往|过去|从前|往常|旧版|此前|之前|原来|先前)[^。；，]{0,6}?(?:无异|无二|没有两样|毫无二致"
    r"|并无二致|一模一样)"
    r"|一切照旧|一如既往|原封不动|(?:行为|功能|体验|流程|输出|逻辑)(?:照旧|如常|依旧|如故)|(?:用户|使用者"
    r"|调用方)[^。；，]{0,6}?(?:无感知?|感知不到"
    r"|察觉不到)",
    rf"(?:无|没有|不存在|不含|未引入|不引入|不涉及|不会引入)(?:任何)?(?:{_ZH_ASPECT}|破坏性|不兼容|兼容)"
    rf"(?:性|上|方面|层面)?的?(?:任何)?(?:变化|变更|改动|影响|损失|回退|风险|退化|差异|问题|调整|修改|改变)",
    r"纯(?:粹的?)?(?:内部)?(?:重构|代码整理|整理|格式)|仅(?:仅)?(?:是|为|属)(?:内部)?(?:重构|代码整理|格式调整)",
    r"(?:可以?|能够?)(?:直接|无缝|平滑|放心|安全)(?:地)?(?:升级|替换|合并)|(?:保持|维持|保留)了?(?:原有"
    r"|现有|既有|原来|已有|此前)?的?(?:行为|功能|语义|逻辑|性能|安全性|兼容性|接口|API)(?:不变|一致)?",
    r"(?:与|和)(?:之前|原先|原来|此前|以前|原有|修改前|改动前|旧版)[^。；，]{0,8}?(?:一致|相同|等价|等同"
    r"|一样)|(?:现有|已有)(?:用户|调用方|代码|配置)[^。；，]{0,6}?(?:无需|不必|不用|无须)",
    r"风险(?:也)?(?:基本|几乎|完全|近乎|趋近于?|接近)?(?:上)?(?:为|是|等于)?零|零风险|无(?:任何)?(?:安全|兼容|性能)?风险|没有(?:任何)?风险"
    r"|风险(?:极低|很低|较低|极小|很小|可控|可忽略|可以忽略|微乎其微)",
    r"(?:影响|开销|代价|损耗|成本)[^。；，]{0,6}?(?:可以?忽略(?:不计)?|微乎其微|几乎为零|基本为零|极小)|可忽略不计",
    r"(?:与|和|对|同)?(?:旧|老|现有|已有|以前|历史|既有|早期)(?:的)?[^。；，]{0,8}?(?:完全|保持|依然|仍然?)兼容"
    r"|(?:完全|100%|百分之百|全面)兼容(?:旧|老|现有|已有|既有|以前|历史|早期|各)",
    r"(?:不存在|不会有|没有|毫无|无)(?:任何)?[^。；，]{0,6}?(?:隐患|副作用|回归问题|后顾之忧)",
    r"(?:像|跟|同|如|和|与)(?:以前|之前|此前|过去|原来|从前|先前)(?:那样|完全)*一样|依旧每次|仍旧每次",
    r"(?:没有(?:任何)?(?:改动|变动|增减|动过|调整)(?!任何文件|了?文件)|都没有?变"
    r"|均?维持原[样状]|均?保持原[样状]|原样(?:保留|不动))",
    r"(?:像|如|和|跟|与)(?:以前|之前|从前|往常|过去|此前)(?:那样)?(?:完全)?(?:一样|相同)",
    r"对(?:终端|最终|上层|下游|现有)?(?:用户|调用方|使用者|业务|应用|客户端)(?:完全|是|而言是?)*透明",
]
_CLAIM = re.compile("|".join(f"(?:{pattern})" for pattern in (*_ENGLISH, *_CHINESE)), re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\b(?:not|breaks?|breaking|isn['’]t|lacks?|loses?|lost|losing|non|un|longer|un-?check\w*|restor\w+"
    r"|whether|verif(?:y|ies|ied) (?:that|whether)|check(?:s|ed|ing)? (?:that|whether|if)|confirm\w*"
    r"|ensur\w+|make sure|sure|if|test(?:s|ed)? (?:that|whether)|assert(?:s|ed|ing)?|need|to keep|to stay"
    r"|to retain|to preserve|to maintain|want|wants"
    r"|previously|formerly|claims?|says|said|states?|assum\w+|in order to)\b[\w\s'’,-]{0,30}"
    r"|(?<!byte )\bfor\b[\w\s'’-]{0,16}$|(?:确认|验证|检查|核对)(?![^。；]*，)|确保|是否|若|如果|如需|如要|需要"
    r"|为了|以便|请(?!求)|建议|不再|破坏|此前"
    r"|测试(?:了|是否|验证|覆盖|确认|断言)|断言"
    r"|说明所述|为了)[^。；.;]{0,14}$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\s*(?:that|whether|if)\b", re.IGNORECASE)
_MESSAGE_SAYS = re.compile(
    rf"{_CLAIM.pattern}|\bNFC\b|\bno[- ]op\b|\bno functional\b|\bcosmetic|\bno behaviou?r|\bno logic",
    re.IGNORECASE,
)


def unchanged_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Claims that something stays as it was, where neither the message says so nor the files prove it."""
    for sentence in reading.sentences:
        trivial = _TRIVIAL.search(sentence)
        if trivial and _CLAIM.search(sentence) and not is_inert(ground):
            yield Fault(code="unchanged_unproven", details={"what": reading.told(trivial[0])})
            return
        for match in _CLAIM.finditer(sentence):
            if _DENIED.search(sentence[: match.start()]) or _ASKED.match(match[0]) or _asks(match[0]):
                continue
            clause = _clause(sentence, match)
            if not _names_a_change(clause, reading, ground):
                if _is_said(match[0], ground.told) or (is_inert(ground) and not _OF_BUILDS.search(clause)):
                    return
                if _is_elsewhere(clause, sentence[: match.start()], reading, ground):
                    continue
            yield Fault(code="unchanged_unproven", details={"what": reading.told(match[0])})
            return


def _clause(sentence: str, match: re.Match[str]) -> str:
    """The part of a sentence that a claim stands in."""
    start = max((found.end() for found in _COMMA.finditer(sentence, 0, match.start())), default=0)
    end = next((found.start() for found in _COMMA.finditer(sentence, match.end())), len(sentence))
    return sentence[start:end]


_COMMA = re.compile(r"[,;:，；：。]")
_OTHERS = re.compile(
    r"其他|其余|其它|\bother (?:platforms?|systems?|cases?|branch\w*|paths?|modes?|types?|values?|inputs?"
    r"|\w+ systems?)\b"
    r"|\bthe other \w+|\botherwise\b",
    re.IGNORECASE,
)
_SUBSET = re.compile(
    r"(?:没有|未|不|非|显式|已经|允许|禁止)[^，。；的]{1,20}的"
    r"|\b(?:without|that (?:do|does|did) not|which (?:do|does|did) not|who (?:do|does|did) not|not using"
    r"|explicit\w*|already)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(r"\b(?:signatures?|declarations?|definitions?|calls?)\b|签名|声明|定义|调用", re.IGNORECASE)
"""What of a named thing is seen on the very lines where its name stands."""
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
    if (_OTHERS.search(clause) or _SUBSET.search(before)) and any(_CONDITION.search(file.new) for file in ground.files):
        return True
    return bool(_REMARK.search(before) and re.search("运行|runtime|behaviou?r", clause))


def _is_path(name: str) -> bool:
    return "/" in name or bool(FILE_NAME.fullmatch(name))


_COMPATIBLE = re.compile(r"compat|drop-in|兼容", re.IGNORECASE)
_ASPECTS = tuple(
    re.compile(pattern, re.IGNORECASE) for pattern in (r"secur|安全", r"perform|性能|速度", r"memory|内存")
)
"""What a claim is about, if it says so: then the author has to have spoken of that."""
_OF_BUILDS = re.compile(r"\bworkflows?\b|\bpipelines?\b|\bjobs?\b|\bCI\b|流水线|工作流", re.IGNORECASE)
"""What a commit that touches nothing but builds may well change."""
_TOLD_COMPATIBLE = re.compile(
    r"compat|\bbc\b|drop-in|deprecat|legacy|old (?:api|name|format|config)|兼容", re.IGNORECASE
)


def _is_said(claim: str, told: str) -> bool:
    """Whether the author says so too: that nothing changes, or, of what stays compatible, anything about that."""
    if any(aspect.search(claim) and not aspect.search(told) for aspect in _ASPECTS):
        return False
    return bool(_MESSAGE_SAYS.search(told) or (_COMPATIBLE.search(claim) and _TOLD_COMPATIBLE.search(told)))


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


_BETTER = re.compile(
    r"\b(?:significant|substantial|dramatic|massive|considerabl|huge|great|marked|noticeabl|vast|drastic"
    r"|tremendous|measurabl)\w*\b[^.;]{0,30}?"
    r"\b(?:faster|quicker|improv\w+|reduc\w+|speed\w*|performan\w+|better|less|lower\w*|boost\w*|gains?"
    r"|cut\w*|decreas\w+|increas\w+|efficien\w+|enhanc\w+)"
    r"|\b(?:improv\w+|reduc\w+|boost\w*|speed\w* up|enhanc\w+|decreas\w+|increas\w+|cuts?)\b[^.;]{0,40}?\b"
    r"(?:significant|substantial|dramatic|massive|considerabl|great|marked|noticeabl|drastic|measurabl)\w*"
    r"|\b(?:much|far|way|orders? of magnitude) (?:faster|quicker|better|lower|smaller|more efficient)"
    r"|(?:显著|大幅|极大|明显|大大|成倍|数倍|大幅度|极大程度|有效)(?:地)?(?:的)?(?:提升|提高|改善|降低"
    r"|减少|缩短|优化|加快|加速|增强|节省|下降|改进)",
    re.IGNORECASE,
)
_FASTER = re.compile(
    r"\b(?:improv\w+|boost\w*|increas\w+|enhanc\w+|better|optimi[sz]\w+|speeds? up"
    r"|accelerat\w+)\b[^.;]{0,30}?\b(?:performance|speed|throughput|latency|efficiency|scalability"
    r"|start-?up(?: time)?)\b"
    r"|\b(?:reduc\w+|lower\w*|decreas\w+|cut\w*)\b[^.;]{0,25}?\b(?:latency|overhead|memory (?:usage|use"
    r"|footprint|consumption)|cpu (?:usage|time)|allocations?|response times?)\b"
    r"|\b(?:twice|thrice|\d+ times|\w+fold) as (?:fast|quick)\w*|\bhalf the (?:time|memory)\b|耗时(?:减半"
    r"|减少|缩短|降低)"
    r"|\b(?:faster|quicker|speeds? up|more efficient(?:ly)?|performance (?:gain|improvement|boost)s?)\b"
    r"|(?:提升|提高|改善|优化|加快|增强)[^。；，]{0,10}?(?:性能|速度|吞吐|效率|响应)|(?:降低|减少"
    r"|缩短)[^。；，]{0,10}?(?:延迟|开销|内存占用|耗时|响应时间|CPU)|(?:性能|速度|效率"
    r"|吞吐量?)[^。；，]{0,8}?(?:提升|提高|更快|改善|优化|翻倍)|更快|加速",
    re.IGNORECASE,
)
_SAFER = re.compile(
    r"\b(?:improv\w+|strengthen\w*|harden\w*|enhanc\w+|increas\w+|better)\b[^.;]{0,20}?\bsecurity\b|\bmore secure\b"
    r"|(?:提升|提高|增强|加强|改善)[^。；，]{0,8}?安全",
    re.IGNORECASE,
)
_FAST_TALK = re.compile(
    r"perf|speed|faster|fast\b|slow|optimi[sz]|latency|throughput|(?<!t)cache|caching|overhead"
    r"|efficien|lookup|expensive|cheap|benchmark|lazy|redundant|copies|clone|ops/sec|cpu"
    r"|avoid\w* [\w ]*alloc|性能|优化|更快|缓存|延迟|开销",
    re.IGNORECASE,
)
_MEMORY = re.compile(r"memory|footprint|allocations?|内存", re.IGNORECASE)
_MEMORY_TALK = re.compile(
    r"memor|alloc|heap|leak|\brss\b|footprint|\boom\b|copies|clone|buffer|size|bytes|内存|泄漏", re.IGNORECASE
)
_SAFE_TALK = re.compile(
    r"secur|inject|vulnerab|cve|xss|csrf|ssrf|sanitiz|escap(?:e|ing)|auth(?!or)|permission|attack|harden|malicious"
    r"|untrusted|leak|credential|secret|token|tls|安全|漏洞|注入",
    re.IGNORECASE,
)
_MUCH = re.compile(
    r"significant|substantial|dramatic|massive|considerabl|huge|great|\bmuch\b|markedl|noticeabl|\d ?%"
    r"|\d ?x\b|\d ?×|times faster|faster|显著|大幅|极大|明显",
    re.IGNORECASE,
)


def improvement_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Claims that something gets better by much, faster or safer, of which the commit says nothing."""
    for sentence in reading.sentences:
        much = _BETTER.search(sentence)
        if much and not _MUCH.search(ground.told):
            yield Fault(code="improvement_unproven", details={"what": reading.told(much[0])})
            continue
        for said, talk in ((_FASTER, _FAST_TALK), (_SAFER, _SAFE_TALK)):
            found = said.search(sentence)
            fits = _MEMORY_TALK if found and talk is _FAST_TALK and _MEMORY.search(found[0]) else talk
            if found and not _hedged(sentence, found.start()) and not fits.search(ground.told):
                yield Fault(code="improvement_unproven", details={"what": reading.told(found[0])})


def _hedged(sentence: str, at: int) -> bool:
    return bool(
        re.search(
            r"\b(?:not|no|without|aims?|intend\w*|meant|goal|measure|whether|if|check)\b[^.;]{0,40}$|不|未"
            r"|旨在|目标|目的|是否|意在",
            sentence[:at],
            re.IGNORECASE,
        )
    )
