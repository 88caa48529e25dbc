"""Files that are said to be of a sort that they are not: a header that is none, prose that computes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import N, Reading
from workers.analysis.paths import Role, role_of


class _Sort(NamedTuple):
    """What is said before a file's name, and whether a path in lower case may be of that sort."""

    said: re.Pattern[str]
    fits: Callable[[str], bool]


def _sort(english: str, chinese: str, fits: Callable[[str], bool]) -> _Sort:
    return _Sort(re.compile(rf"(?:\b(?:{english}),?\s+|(?:{chinese})\s*)({N})", re.IGNORECASE), fits)


def _ends(*endings: str) -> Callable[[str], bool]:
    return lambda path: path.endswith(endings)


def _has(*parts: str) -> Callable[[str], bool]:
    return lambda path: any(part in path for part in parts)


_SORTS = (
    _sort(r"headers?(?: files?)?", "头文件", _ends(".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".in", ".cuh", ".pch")),
    _sort(
        r"images?|pictures?|screenshots?",
        "图片|图像|截图",
        _ends(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".bmp", ".avif", ".icns", ".tiff", ".drawio"),
    ),
    _sort(r"style ?sheets?", "样式表|样式文件", _ends("ss", ".styl", ".stylus")),
    _sort(
        r"(?:existing|new|further|more) (?:unit |integration )?tests? in",
        "测试(?:用例)?(?:位于|写在|放在|都在)",
        _has("test", "spec", "mock", "fixture", "e2e", "bench", ".rs", ".zig", "example"),
    ),
    _sort(r"(?:unit |dedicated )?test files?", "测试文件", _has("test", "spec", "mock", "fixture", "e2e", "bench")),
    _sort(
        r"(?:type )?declaration files?|typings(?: files?)?",
        "类型(?:声明|定义)(?:文件)?",
        _ends("ts", ".pyi", ".tsx", ".flow", ".vue", ".rbi", ".rbs", ".h", ".py", ".proto"),
    ),
    _sort(r"snapshots?(?: files?)?", "快照(?:文件)?", _has("snap", "golden", "approved", "expected", "baseline")),
    _sort(r"lock ?files?", "锁文件|锁定文件", lambda path: role_of(path) is Role.LOCK or "lock" in path),
    _sort(
        r"(?:shell|bash|boot) scripts?", "[Ss]hell ?脚本", lambda path: _ending(path) in {"", "sh", "bash", "zsh", "in"}
    ),
    _sort(r"workflows?(?: files?)?", "工作流(?:文件)?", _ends(".yml", ".yaml", ".md")),
    _sort(
        r"change ?logs?",
        "更新日志|变更日志|变更记录",
        _has("change", "history", "news", "release", "upgrad", "version", "log"),
    ),
)
_COMPUTES = re.compile(
    rf"({N})\s+(?:now |also |then |will |first )*(?:calls|invokes|returns|throws|raises|computes|sends|parses|evaluates"
    rf"|executes|dispatches|allocates|removes the file)\b"
    rf"|({N})\s*(?:文件)?(?:现在|会|则|将|先|再|也|在[^，。；]{{1,12}}?)*(?:调用|返回|抛出|发送|计算|解析|求值|执行|分配)"
    rf"|由\s*({N})\s*(?:通知|负责|处理|调用|执行|触发)"
)
"""What only code does."""
_NO_CODE = frozenset({Role.DOCS, Role.LOCK, Role.ASSET, Role.LOCALE})


def sort_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Files of the commit that cannot be what a sentence calls them, or do what it says of them."""
    for sentence in reading.sentences:
        for sort in _SORTS:
            for match in sort.said.finditer(sentence):
                paths = _paths(reading.name(match[1]).text, ground)
                if paths and not any(sort.fits(path.lower()) for path in paths):
                    yield _wrong(reading.name(match[1]).text)
        for match in _COMPUTES.finditer(sentence):
            name = reading.name(match[match.lastindex or 1]).text
            paths = _paths(name, ground)
            if paths and all(role_of(path) in _NO_CODE for path in paths):
                yield _wrong(name)


def _paths(name: str, ground: Ground) -> list[str]:
    """The paths of the one changed file that a name stands for; [] where it is a folder, or no file."""
    if "." not in name.rsplit("/", 1)[-1]:
        return []
    files = ground.files_named(name)
    return [files[0].file.path] if len(files) == 1 else []


def _ending(path: str) -> str:
    return path.rsplit("/", 1)[-1].rpartition(".")[2] if "." in path.rsplit("/", 1)[-1] else ""


def _wrong(name: str) -> Fault:
    return Fault(code="wrong_file", details={"what": name})
