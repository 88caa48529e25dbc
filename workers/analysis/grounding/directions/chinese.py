"""What Chinese sentences claim: which names a verb such as 新增 or 移除 governs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.directions.claims import Claim, Deed
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading

_ADD = "新增|增添|增补|新添|新加|添加|增加|引入|加入|新建|创建|增设|新设|补充|补上|补回|追加|加上|多出|多了|恢复"
_REMOVE = (
    "废除|裁掉|摘除|抹去|下线|删除|移除|去掉|去除|删去|删掉|剔除|清除|拿掉|取消|移去|清理|撤掉|撤下|砍掉"
    "|移走|拿走|撤走|摘掉|丢弃|抛弃|废弃掉"
)
_MOVE = "移动|迁移|挪动|移至|移到|移回|搬到|搬回|迁至|迁到|迁回"
_VERB = re.compile(rf"(?P<add>{_ADD})|(?P<remove>{_REMOVE})|(?P<move>{_MOVE})")
_DEEDS = {"add": Deed.ADDED, "remove": Deed.REMOVED, "move": Deed.MOVED}
_WEAK = {Deed.ADDED: Deed.NEW, Deed.REMOVED: Deed.OLD, Deed.MOVED: Deed.MOVED}
_CLAUSE = re.compile(r"[，,；;。！？]")
_STOP = re.compile(r"至|到|给|以便|以|从而|使|让|并|后|时|之前|再|来|用于|作为|为了|代替|替代|替换|取代|，")
_SET = re.compile(rf"(?:将|把)(?P<names>[^，。；]*?{N}[^，。；]*?)(?:均|都|一并|也)?(?:从[^，。；]*?中?)?(?:{_REMOVE})")
_PASSIVE = re.compile(
    rf"(?P<names>{N}(?:\s*[、和与及]\s*{N})*)[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,6}}?(?<!会)(?:已|被|均被|都被"
    rf"|已被|也被|一并|一起|随之|同步)(?:一并|彻底|完全|整个|整段)?(?P<verb>{_REMOVE}|{_ADD})"
)
_LOCATIVE = re.compile(r"^\s*(?:文件|模块|包|类|函数|方法|配置)?\s*(?:的|中|里|内|下|上|处|之中|间)")
_INSIDE = re.compile(r"^\s*(?:文件|模块|包|类|函数|方法|配置)?\s*(?:中|里|内|下|上|处|之中|间)")
_SAME_THING = re.compile(r"\s*(?:和|与|及|以|等|函数|方法|文件|类|参数|选项|字段|常量|变量|配置|依赖|测试|脚本|模块)")
_PLACED = re.compile(rf"^\s*了?\s*(?:于|在)\s*$|{N}\s*[（(]\s*(?:位于|在|见)?\s*$")
"""What stands before the place of a thing: “新增于 FILE”, “新增 NAME（FILE）”."""
_OBJECT_OF = re.compile(
    r"^\s*的\s*(?:导入|引用|引入|调用|依赖|支持|使用|声明|定义|实现|检查|判断|校验|测试|断言|别名|注册|导出|封装|包装"
    r"|包含|订阅|监听|读取)"
)
_NEGATED = re.compile(r"(?:没有|未|不|无需|无须|不会|避免|而非|而不是|不再|防止)\s*$")
_RUNTIME = re.compile(
    r"(?:断言|尝试|模拟|执行|允许|关于|与|和|及|或|会|时|可|可以|能|自动|负责|用于|来|应|需|将会|可能)\s*$"
)


_NO_DEED = re.compile(
    r"的|后|了?\s*的|(?<=[清删移][理除])(?:逻辑|函数|任务|步骤|流程|工作|操作)(?=[^，。；]{0,4}(?:放|在|位于|由|会|走))"
)
"""What follows a verb that tells no deed: "the cleaning-up is in `f`"."""


def chinese_claims(sentence: str, reading: Reading) -> Iterator[Claim]:
    """The claims of one sentence of prose in which each name is one private character."""
    taken: set[int] = set()
    for match in _PASSIVE.finditer(sentence):
        deed = Deed.ADDED if re.fullmatch(_ADD, match["verb"]) else Deed.REMOVED
        taken.update(range(*match.span()))
        yield from (Claim(_WEAK[deed], reading.name(char), near=True) for char in re.findall(N, match["names"]))
    for match in _SET.finditer(sentence):
        taken.update(range(*match.span()))
        yield from _objects(match["names"], Deed.REMOVED, reading)
    start = 0
    for part in _CLAUSE.split(sentence):
        yield from _active(part, start, taken, reading)
        start += len(part) + 1


def _active(clause: str, start: int, taken: set[int], reading: Reading) -> Iterator[Claim]:
    verbs = [match for match in _VERB.finditer(clause) if start + match.start() not in taken]
    for number, match in enumerate(verbs):
        end = verbs[number + 1].start() if number + 1 < len(verbs) else len(clause)
        before = clause[: match.start()]
        later = before.endswith("在") and "时" in clause[match.end() :]
        has_run = before.endswith("时") and clause.startswith("了", match.end())
        runs = later or (_RUNTIME.search(before) and not has_run)
        if _NEGATED.search(before) or runs or _NO_DEED.match(clause, match.end()):
            continue
        deed = _DEEDS[match.lastgroup or "add"]
        if deed is Deed.MOVED:
            continue  # a move names two places: read as a pair
        yield from _objects(clause[match.end() : end], deed, reading)


def _objects(rest: str, deed: Deed, reading: Reading) -> Iterator[Claim]:
    """The names that a verb governs in what follows it, up to where something else begins."""
    about = re.match(r"\s*了?\s*(?:对|针对|关于|与|和|基于|使用|用于|面向|支持)", rest)
    cut = _STOP.search(rest)
    governed = rest[: cut.start()] if cut and not about else rest
    for match in re.finditer(N, governed):
        rest_of_it = governed[match.end() :]
        whose = _OBJECT_OF.match(rest_of_it)
        by_means = re.search(r"(?:基于|使用|借助|通过|依赖|依靠|调用|针对|采用)\s*$", governed[: match.start()])
        if _PLACED.search(governed[: match.start()]):
            continue
        if not whose and not by_means and (_INSIDE if about else _LOCATIVE).match(rest_of_it):
            continue
        gap = re.sub(
            rf"[\s、和与及了（）(){chr(FIRST)}-{chr(LAST)}]|一个|两个|名为|函数|方法|参数|选项|字段|类型?"
            rf"|文件|依赖|常量|配置项?|变量|属性|接口|模块|导入|宏|命令",
            "",
            re.split("[：:]", governed[: match.start()])[-1],
        )
        if about or whose or by_means or len(gap) > 8:
            yield Claim(_WEAK[deed], reading.name(match[0]), near=bool(about or whose or by_means))
        else:
            goes_on = re.match(r"\s*[\u4e00-\u9fff]", rest_of_it) and not _SAME_THING.match(rest_of_it)
            yield Claim(deed, reading.name(match[0]), near=not goes_on)


_NO_MORE_OF = re.compile(
    rf"不再(?:使用|调用|导入|引入|包含|发送|输出)\s*({N})(?=\s*(?:[，。；]|$))"
    rf"|({N})\s*(?:已|已经)?(?:被\s*{N}\s*(?:所)?(?:取代|替换|代替|替代)|(?:已|已经|已被)(?:移除|删除|去除|去掉))"
)
"""Names that are said to be gone, without a condition."""

_HAPPENS = (
    "(?!会?(?:继承|触发|匹配|影响|覆盖|忽略|跳过|丢弃|吞掉|阻塞|泄漏|报错|崩溃|争|抢|冲突|抛|误|被|等待|失败|显示))"
)
"""Verbs of what happens to somebody, which needs no line of its own: “不再因 `x` 崩溃”."""
_KIND = "测试|用例|测试用例|函数|方法|字段|参数|选项|类|常量|变量|配置|配置项|依赖|文件|脚本|接口|属性|命令|工作流|模块"
_TURNS = (
    (
        re.compile(rf"不再{_HAPPENS}[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,10}}?({N})"),
        Deed.OLD,
    ),
    (
        re.compile(
            rf"(?:不再(?:使用|调用|引用|导入|依赖|包含|引入|需要|接受|导出|读取)?|而不是|而非|取代了?"
            rf"|代替了?|替代了?|弃用)\s*(?:原有的?|旧的?|原来的?|此前的?)?\s*({N})"
        ),
        Deed.OLD,
    ),
    (
        re.compile(
            rf"(?:此前|原先|原来|之前|以前|过去|旧的|原有的?|原本)(?:是|为|使用|用的是|采用|调用|通过|依赖)?\s*({N})"
        ),
        Deed.OLD,
    ),
    (
        re.compile(
            rf"(?:改用|改为通过|改成通过|改为借助|改为依靠|改为使用|改成使用|转而使用|改为调用|改调用?|改由|换用|现在使用|现使用|现在调用)\s*"
            rf"(?:新的?)?\s*({N})"
        ),
        Deed.NEW,
    ),
    (re.compile(rf"(?:少了|失去了?|缺了)[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,8}}?({N})"), Deed.OLD),
    (
        re.compile(
            rf"({N})\s*(?:已经|已|也|都|便)?(?:不再(?:被)?(?:使用|需要|存在|调用|引用|导出|支持|出现)(?=[，。；]|$)|不复存在|不见了|消失了"
            r"|不存在了|已不存在)"
        ),
        Deed.OLD,
    ),
    (re.compile(rf"(?:没有了|没了|停止(?:使用|调用|依赖|导出|加载)|摆脱了?|废弃了?|告别了?)\s*({N})"), Deed.OLD),
    (re.compile(rf"(?:出现了|接入了?|转而(?:依赖|使用|调用|采用)|(?:通过|借助)新的|启用了)\s*({N})"), Deed.NEW),
    (
        re.compile(
            rf"({N})\s*(?:是|为|属于)(?:本次|此次|这次)?(?:新增|新加|新引入|新添加|新建|全新|新)(?:的(?=[，。；内]|$)|文件|内容)"
        ),
        Deed.ADDED,
    ),
    (re.compile(rf"(?:^|[，；：、])\s*(?:本次|这次)?被?(?:移除|删除|删掉|去掉)的(?:{_KIND})?\s*({N})"), Deed.OLD),
    (
        re.compile(
            rf"(?:^|[，；：、])\s*(?:本次|这次)?(?:新增|新加|新建|添加|引入|加上|补上)的(?:{_KIND})?\s*({N})(?!\s*(?:调用|引用|导入|检查|依赖))"
        ),
        Deed.ADDED,
    ),
    (re.compile(rf"新(?:增|建)?的?[\u4e00-\u9fff]{{0,2}}文件\s*({N})"), Deed.ADDED),
    (re.compile(rf"开始(?:使用|导入|调用|支持|依赖|记录|引用|包含|采用)\s*({N})"), Deed.NEW),
    (re.compile(rf"而是(?:改为|改用|直接)?[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,8}}?({N})"), Deed.NEW),
    (
        re.compile(
            rf"(?<!用户)(?<!有人)(?<!用方)(?<!团队)(?:此前|以前|原先|原本|过去)(?!不|没|未|也|都|会?(?:落到|退回|回退))[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,10}}?({N})"
        ),
        Deed.OLD,
    ),
    (
        re.compile(
            rf"现在(?!不|没|未|也|仍|都)(?:会|将|可以|需要|要|改)?[^，。；不没未无{chr(FIRST)}-{chr(LAST)}]{{0,8}}?({N})"
        ),
        Deed.NEW,
    ),
    (
        re.compile(rf"(?:从|由)空(?:字符串|值|串|列表|对象|白)?\s*(?:改|变|换|调整|设置?)[为成到]了?\s*({N})"),
        Deed.ADDED,
    ),
    (re.compile(rf"({N})\s*(?:改|变|换|调整)[为成]了?空(?:字符串|值|串|列表|对象|白)?"), Deed.OLD),
    (re.compile(rf"({N})\s*(?:从此|此后|今后|往后)不再"), Deed.OLD),
    (re.compile(rf"(?:从|由)\s*({N})[^，。；{chr(FIRST)}-{chr(LAST)}]{{0,10}}?(?:改|变|换|调|升|降|收|放)"), Deed.OLD),
)


_NO_MORE_AT_ALL = re.compile(rf"不再{_HAPPENS}(?P<rest>[^，。；：]*)")
"""What is said not to be so any more: what is new altogether cannot be among it."""


def chinese_turns(sentence: str, reading: Reading) -> Iterator[Claim]:
    """Names that are told as what was before, or as what is now."""
    for match in _NO_MORE_OF.finditer(sentence):
        yield Claim(Deed.OLD, reading.name(match[1] or match[2]), near=True, itself=True)
    for match in _NO_MORE_AT_ALL.finditer(sentence):
        yield from (Claim(Deed.OLD, name) for name in reading.names_in(match["rest"]))
    for pattern, deed in _TURNS:
        for match in pattern.finditer(sentence):
            name = reading.name(match[1])
            if name.is_marked or deed is Deed.ADDED:
                yield Claim(deed, name, near=deed is Deed.ADDED)
