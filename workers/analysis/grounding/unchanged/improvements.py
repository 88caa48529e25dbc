"""Claims that something gets better by much, faster or safer: the commit has to say something of the kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading

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
