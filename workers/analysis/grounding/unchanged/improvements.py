"""Claims that something gets better by much, faster or safer: the commit has to say something of the kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading

_COSTS = (
    r"(?:throughput|performance|speed|latency|memory|cpu|efficiency|(?:bundle|binary|image|package) size|build time"
    r"|start-?up(?: time)?|response time|capacity)"
)
_COSTS_ZH = r"(?:性能|吞吐量?|速度|延迟|内存|耗时|体积|效率|时间|容量|占用)"
_BETTER = re.compile(
    rf"\b{_COSTS}\b[^.;,]{{0,20}}?\b(?:doubl|tripl|halv|quadrupl)\w*"
    rf"|\b(?:doubl|tripl|halv|quadrupl)\w* (?:the )?{_COSTS}"
    rf"|{_COSTS_ZH}[^。；，]{{0,8}}?(?:翻倍|翻番|减半|翻了?[一两几]番|成倍)|"
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
_LESS = (
    r"(?:(?:reduc|lower|decreas|shrink|halv|minimi[sz]|diminish)\w*|cuts?|cutting|shrank|half|sav(?:es?|ed|ing)|trim(?:s|med)?"
    r"|falls?|fell|fallen|drops?|dropped|less|smaller|negligible|down)"
)
_MORE = (
    r"(?:(?:improv|boost|increas|enhanc|optimi[sz]|rais|doubl|tripl|quadrupl|benefit|strengthen)\w*|better|grows?|grew|up"
    r"|higher|greater)"
)
_LESS_ZH = r"(?:降低|减少|缩短|缩小|节省|节约|下降|减小|减半|减轻|压缩|更低|更小|更少|更短)"
_MORE_ZH = r"(?:提升|提高|改善|优化|加快|增强|加强|更快|更高|更强|更好|更稳|翻倍|翻番|快了)"


_IS = (
    r"(?:\s+(?:is|are|was|were|be|been|has|have|gets?|goes|go|going|went|becomes?|became|can|will|may|should|now|also|then"
    r"|further|to|by|\w+ly))*"
)
"""What may stand between a thing and what becomes of it: "memory use is greatly reduced", not "memory checks are"."""


class _Aspect(NamedTuple):
    """A way in which things get better: how that is said, and what a commit speaks of that does it.

    `in_code`: the lines of the commit may speak of it too, not the author alone.
    """

    said: re.Pattern[str]
    talk: re.Pattern[str]
    in_code: bool = False


def _aspect(costs: str, goods: str, talk: str, *more: str, in_code: bool = False) -> _Aspect:
    """An aspect by what it is to have less of and more of; each is English and Chinese, parted by "/"; `more` as is."""
    ways = list(more)
    for nouns, (english, chinese) in ((costs, (_LESS, _LESS_ZH)), (goods, (_MORE, _MORE_ZH))):
        if nouns:
            noun, noun_zh = nouns.split("/")
            ways += [
                rf"\b{english}\b[^.;,]{{0,25}}?\b(?:{noun})\b|\b(?:{noun}){_IS}\s+{english}\b",
                rf"{chinese}[^。；，]{{0,10}}?(?:{noun_zh})|(?:{noun_zh})[^。；，]{{0,10}}?{chinese}",
            ]
    said = re.compile("|".join(ways), re.IGNORECASE)
    return _Aspect(said, re.compile(talk, re.IGNORECASE), in_code)


_ASPECTS = (
    _aspect(
        r"latency|overhead|(?:response|load(?:ing)?|start-?up|build|execution|processing) times?"
        r"/延迟|开销|耗时|响应时间|(?:加载|启动|构建|执行|处理)时间",
        r"performance|speed|throughput|efficiency|scalability|responsiveness|(?:cache )?hit rates?|start-?up(?: time)?"
        r"/性能|速度|吞吐量?|效率|命中率|可?扩展性|并发能力",
        r"perf|speed|faster|fast\b|slow|optimi[sz]|latency|throughput|(?<!t)cache|caching|overhead"
        r"|efficien|lookup|expensive|cheap|benchmark|lazy|redundant|copies|clone|ops/sec|cpu"
        r"|avoid\w* [\w ]*alloc|性能|优化|更快|缓存|延迟|开销",
        r"\b(?:twice|thrice|\d+ times|\w+fold) as (?:fast|quick)\w*|\bhalf the time\b"
        r"|\b(?:faster|quicker|speeds? up|accelerat\w+|smoother|more efficient(?:ly)?"
        r"|performance (?:gain|improvement|boost)s?)\b",
        r"(?:启动|运行|渲染|加载|响应|构建|查询|编译)[^。；，]{0,6}?(?:加快|变快|提速|流畅)|改善[^。；，]{0,4}响应",
        r"更快|加速|快了?[一二两三数几\d.]+ ?倍|快了?(?:大?约|近)? ?\d+ ?%|更(?:加|为)?流畅",
    ),
    _aspect(
        r"memory(?: usage| use| footprint| consumption| pressure)|allocations?|footprint|ram usage"
        r"/内存(?:占用|消耗|使用量?|开销|压力|分配)",
        "",
        r"memor|alloc|heap|leak|\brss\b|footprint|\boom\b|copies|clone|buffer|size|bytes|内存|泄漏",
        r"\bhalf the memory\b",
    ),
    _aspect(
        r"cpu(?: usage| load| time| consumption)|power consumption/CPU ?(?:占用|负载|开销|消耗|使用)?|功耗",
        r"battery(?: life)?/续航",
        r"perf|cpu|busy|poll|spin|expensive|optimi[sz]|efficien|load|battery|power|性能|占用|负载|耗电",
    ),
    _aspect(
        r"disk (?:usage|space)|(?:bundle|binary|package|image|download) sizes?|bandwidth|(?:network )?traffic"
        r"|storage costs?"
        r"/磁盘(?:占用|空间|使用)|(?:打包|安装包|镜像|二进制)?体积|带宽|流量|存储成本",
        "",
        r"\bsize|disk|space|bandwidth|traffic|compress|gzip|bundle|smaller|strip|tree.?shak|storage|download|lean|slim"
        r"|体积|磁盘|带宽|流量|压缩|精简|瘦身",
        in_code=True,
    ),
    _aspect(
        "",
        r"security|protection against \w+/安全性?|防护",
        r"secur|inject|vulnerab|cve|xss|csrf|ssrf|sanitiz|escap(?:e|ing)|auth(?!or)|permission|attack|harden|malicious"
        r"|untrusted|leak|credential|secret|token|tls|安全|漏洞|注入",
        r"\bharden(?:s|ed|ing)?\b[^.;,]{0,40}\bagainst\b|\bmore secure\b",
        r"\b(?:clos|fix|plug|patch|remov|prevent|mitigat|block|avoid|eliminat)\w*[^.;,]{0,30}\b(?:security (?:hole"
        r"|issue|bug|flaw"
        r"|risk)s?|vulnerabilit(?:y|ies)|attacks?|(?:sql|code|command|script) injections?)\b"
        r"|\b(?:vulnerabilit(?:y|ies)|security (?:hole|issue|flaw)s?)\b[^.;,]{0,20}\b(?:fixed|closed|patched"
        r"|resolved)\b",
        r"(?:修复|堵住|消除|防止|避免|缓解|抵御|阻止)[^。；，]{0,12}?(?:安全(?:漏洞|问题|隐患|风险)|漏洞|注入(?:攻击)?|攻击)",
    ),
    _aspect(
        "",
        r"reliability|stability|robustness|resilience|availability/可靠性|稳定性|健壮性|鲁棒性|可用性",
        r"\bfix|crash|panic|error|exception|fail|hang|retr(?:y|ies)|timeout|time-?out|null|nil\b|undefined|robust|stab"
        r"|reliab|\bbug|issue|flak|race|lock|leak|recover|graceful|guard|safe|invalid|wrong|avoid|prevent|ensur|handle"
        r"|修复|崩溃|异常|错误|失败|重试|超时|稳定|可靠|健壮",
        in_code=True,
    ),
    _aspect(
        "",
        "",
        r"leak|clos(?:e|ing)|free|releas|dispos|destroy|clean|unsubscri|remov|weak|cancel|stop|deinit|泄漏|释放|关闭|清理",
        r"\b(?:fix|prevent|eliminat|avoid|plug|stop|resolv|remov)\w*[^.;,]{0,25}\b(?:memory|resource|connection|handle"
        r"|goroutine"
        r")?\s?leaks?\b",
        r"(?:修复|消除|避免|防止|解决)[^。；，]{0,12}?(?:内存|资源|连接|句柄)?泄[漏露]",
        in_code=True,
    ),
    _aspect(
        "",
        "",
        r"\brac(?:e|y|ing)|concurren|thread|lock|mutex|atomic|synchron|parallel|async|await|volatile|barrier|signal"
        r"|goroutine|channel|transaction|flak|timing|order|竞态|并发|线程|锁|同步|原子|时序",
        r"\b(?:fix|prevent|eliminat|avoid|resolv|remov)\w*[^.;,]{0,25}\b(?:race(?: condition)?s?|data races?"
        r"|deadlocks?)\b",
        r"(?:修复|消除|避免|防止|解决)[^。；，]{0,12}?(?:竞态|竞争条件|数据竞争|死锁)",
        in_code=True,
    ),
)
_MUCH = re.compile(
    r"significant|substantial|dramatic|massive|considerabl|huge|great|\bmuch\b|markedl|noticeabl|\d ?%"
    r"|\d ?x\b|\d ?×|faster|\btwice\b|\bhal(?:f|ves?)\b|\bdoubl|\btripl|fold\b|times as"
    r"|显著|大幅|极大|明显|[一二两三数几\d] ?倍|减半",
    re.IGNORECASE,
)


def improvement_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Claims that something gets better by much, faster or safer, of which the commit says nothing."""
    for sentence in reading.sentences:
        much = _BETTER.search(sentence)
        if much and not _MUCH.search(ground.told):
            yield Fault(code="improvement_unproven", details={"what": reading.told(much[0])})
            continue
        for aspect in _ASPECTS:
            found = aspect.said.search(sentence)
            if found and not _hedged(sentence, found.start()) and not _is_spoken_of(aspect, ground):
                yield Fault(code="improvement_unproven", details={"what": reading.told(found[0])})


def _is_spoken_of(aspect: _Aspect, ground: Ground) -> bool:
    text = f"{ground.told}\n{ground.lowered_new}\n{ground.lowered_old}" if aspect.in_code else ground.told
    return aspect.talk.search(text) is not None


def _hedged(sentence: str, at: int) -> bool:
    return bool(
        re.search(
            r"\b(?:not|no|without|aims?|intend\w*|meant|goal|measure|whether|if|check)\b[^.;]{0,40}$|不|未"
            r"|旨在|目标|目的|是否|意在",
            sentence[:at],
            re.IGNORECASE,
        )
    )
