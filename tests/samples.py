"""Hand-made digests that tests show people: a busy day, an empty one, a hostile one, one with problems, several."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workers.model import (
    Coverage,
    Digest,
    Entry,
    Evidence,
    Grounding,
    Highlight,
    Insight,
    Judgement,
    Kind,
    Language,
    LeftOut,
    Problem,
    Provenance,
    Recommendation,
    RepositoryDigest,
    Statement,
    Statistics,
    Tier,
    Window,
)

ZONE = "Asia/Shanghai"
DAY = datetime(2026, 2, 21, tzinfo=ZoneInfo(ZONE))
JUDGED_AT = datetime(2026, 2, 22, 1, 0, tzinfo=UTC)
WINDOW = Window(start=DAY, end=DAY + timedelta(days=1), timezone=ZONE)
URL = "https://github.com/acme/engine"


def sha_of(name: str) -> str:
    """A sha that is always the same for a name."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


def said(text: str, *places: tuple[str, int, int, str], proposed: bool = False, side: str = "new") -> Statement:
    """A statement with its evidence, given as (path, start, end, quote)."""
    evidence = tuple(Evidence(path=p, side=side, start=s, end=e, quote=q) for p, s, e, q in places)
    return Statement(text=text, evidence=evidence, proposed=proposed)


def entry(subject: str, at: str, **given: Any) -> Entry:
    """A commit of the day at a time such as `21:41`, judged offline, of low tier unless told otherwise."""
    hour, minute = map(int, at.split(":"))
    moment = DAY + timedelta(hours=hour, minutes=minute)
    sha = given.pop("sha", sha_of(subject + at))
    fields: dict[str, Any] = {
        "sha": sha,
        "url": f"{URL}/commit/{sha}",
        "author": "Wenqi Luo",
        "committed_at": moment,
        "authored_at": moment,
        "subject": subject,
        "message": "",
        "pull_request": None,
        "reverts": (),
        "reverted_by": (),
        "files": 1,
        "additions": 3,
        "deletions": 1,
        "tier": Tier.LOW,
        "tier_reasons": (),
        "kinds": (Kind.CHORE,),
        "analysis": Judgement(engine="offline", complete=True),
        "grounding": Grounding(),
        "coverage": Coverage(files=1, files_seen=1, bytes=420, bytes_seen=420),
        "provenance": Provenance(prompt="rules-1", at=JUDGED_AT),
    }
    return Entry(**{**fields, **given})


def repository(
    entries: Sequence[Entry], name: str = "acme/engine", url: str | None = URL, **given: Any
) -> RepositoryDigest:
    """A repository's part with the statistics that its entries come to."""
    tiers = [one.tier for one in entries]
    counted = {
        "commits": len(entries),
        "high": tiers.count(Tier.HIGH),
        "medium": tiers.count(Tier.MEDIUM),
        "low": tiers.count(Tier.LOW),
        "merges_left_out": given.pop("merges_left_out", 0),
        "authors": len({one.author for one in entries}),
        "additions": sum(one.additions for one in entries),
        "deletions": sum(one.deletions for one in entries),
    }
    counted.update(given.pop("counted", {}))
    return RepositoryDigest(
        name=name,
        url=url,
        statistics=Statistics(**counted),
        highlights=given.pop("highlights", ()),
        commits=tuple(entries),
    )


def digest(*repositories: RepositoryDigest, language: Language = "en", **given: Any) -> Digest:
    """A digest of the day."""
    title = "每日更新报告（2026-02-21）" if language == "zh" else "Daily update report (2026-02-21)"
    fields: dict[str, Any] = {"language": language, "title": title, "window": WINDOW, "repositories": repositories}
    return Digest(**{**fields, **given})


# --- an ordinary busy day ---------------------------------------------------------------------------------------

_EXPORTS = "from ._base import HeightSampler\nfrom ._factory import get_sampler\n__all__ = ['get_sampler']"
_SAMPLING = {
    "en": Judgement(
        engine="model",
        complete=True,
        summary=(
            said(
                "The module `terrain/height_sampling.py` becomes the package `terrain/height_sampling/`.",
                (
                    "terrain/height_sampling/__init__.py",
                    1,
                    3,
                    _EXPORTS,
                ),
            ),
            said(
                "`get_sampler` keeps its results with `functools.lru_cache`.",
                ("terrain/height_sampling/_factory.py", 12, 12, "@functools.lru_cache(maxsize=16)"),
            ),
        ),
        impact=(said("Every import of `terrain.height_sampling` resolves to the package."),),
        insights=(
            Insight(
                dimension="Architecture",
                statements=(
                    said("One file is split into four modules."),
                    said("`__all__` names the public interface."),
                ),
            ),
            Insight(
                dimension="Compatibility",
                statements=(
                    said(
                        "The file path `terrain/height_sampling.py` is gone.",
                        ("terrain/height_sampling.py", 1, 2, "import numpy\nimport math"),
                        side="old",
                    ),
                ),
            ),
        ),
        risks=(said("Code that loads the old file by its path fails with `ModuleNotFoundError`."),),
        recommendations=(
            Recommendation(audience="Users", statement=said("Import `get_sampler` from the package.")),
            Recommendation(
                audience="Developers",
                statement=said("A shim `height_sampling_compat.py` would ease the move.", proposed=True),
            ),
        ),
        conclusion=said("A refactoring whose one visible effect is the import path."),
    ),
    "zh": Judgement(
        engine="model",
        complete=True,
        summary=(
            said(
                "模块 `terrain/height_sampling.py` 拆分为包 `terrain/height_sampling/`。",
                (
                    "terrain/height_sampling/__init__.py",
                    1,
                    3,
                    _EXPORTS,
                ),
            ),
            said(
                "`get_sampler` 用 `functools.lru_cache` 缓存结果。",
                ("terrain/height_sampling/_factory.py", 12, 12, "@functools.lru_cache(maxsize=16)"),
            ),
        ),
        impact=(said("所有对 `terrain.height_sampling` 的导入都指向新的包。"),),
        insights=(
            Insight(
                dimension="架构", statements=(said("一个文件拆分为四个模块。"), said("公共接口由 `__all__` 列出。"))
            ),
            Insight(
                dimension="兼容性",
                statements=(
                    said(
                        "文件路径 `terrain/height_sampling.py` 不复存在。",
                        ("terrain/height_sampling.py", 1, 2, "import numpy\nimport math"),
                        side="old",
                    ),
                ),
            ),
        ),
        risks=(said("按旧文件路径加载的代码会抛出 `ModuleNotFoundError`。"),),
        recommendations=(
            Recommendation(audience="使用者", statement=said("改为从包中导入 `get_sampler`。")),
            Recommendation(
                audience="开发者", statement=said("可增加兼容模块 `height_sampling_compat.py`。", proposed=True)
            ),
        ),
        conclusion=said("这次重构唯一可见的影响是导入路径。"),
    ),
}
_SUMMARY = {
    "sampling": _SAMPLING,
    "leak": {
        "en": "`view` no longer keeps its atlas alive: `copy()` is called first.",
        "zh": "`view` 不再持有整个图集：先调用 `copy()`。",
    },
    "flag": {"en": "Adds the command-line option `--plugin-paths`.", "zh": "新增命令行选项 `--plugin-paths`。"},
    "revert": {
        "en": "Undoes the change of the default of `tile_pool_mb`.",
        "zh": "撤销对 `tile_pool_mb` 默认值的修改。",
    },
}
_REASONS = {
    "sampling": {
        "en": ("removes the module `height_sampling.py`", "touches 2 public functions"),
        "zh": ("删除模块 `height_sampling.py`", "涉及 2 个公共函数"),
    },
    "leak": {"en": ("mends a memory leak",), "zh": ("修复内存泄漏",)},
    "flag": {"en": ("adds the option `--plugin-paths`",), "zh": ("新增选项 `--plugin-paths`",)},
    "revert": {"en": ("reverts a commit of the same day",), "zh": ("回退同一天的提交",)},
}
_LEFT_OUT = {"en": "binary", "zh": "二进制文件"}


def _offline(key: str, language: Language) -> Judgement:
    text = _SUMMARY[key][language]
    return Judgement(
        engine="offline",
        complete=True,
        summary=(said(text, ("engine/server_args.py", 88, 90, "parser.add_argument(")),),
    )


def busy(language: Language = "en") -> Digest:
    """Nine commits of all tiers, two authors with Chinese names, a revert, a file left out, a model and the rules."""
    default = entry(
        "Fix wrong default of the tile pool pre-allocation (#4182)",
        "11:51",
        pull_request=4182,
        kinds=(Kind.FIX,),
        author="Marta Lindqvist",
    )
    undo = entry(
        'Revert "Fix wrong default of the tile pool pre-allocation (#4182)" (#4230)',
        "22:13",
        pull_request=4230,
        tier=Tier.MEDIUM,
        tier_reasons=_REASONS["revert"][language],
        kinds=(Kind.REVERT, Kind.FIX),
        reverts=(default.sha,),
        analysis=_offline("revert", language),
        grounding=Grounding(checked=1, supported=1),
        author="Marta Lindqvist",
    )
    default = default.model_copy(update={"reverted_by": (undo.sha,)})
    sampling = entry(
        "[Terrain] Restructure and clean terrain height sampling (#4164)",
        "21:41",
        pull_request=4164,
        author="周予安",
        message="The module had grown to 1,400 lines.\n\n- split it\n- cache `get_sampler`\n",
        tier=Tier.HIGH,
        tier_reasons=_REASONS["sampling"][language],
        kinds=(Kind.REFACTOR, Kind.ARCHITECTURE),
        files=6,
        additions=1412,
        deletions=1398,
        analysis=_SAMPLING[language],
        grounding=Grounding(checked=10, supported=8, repaired=1, removed=1),
        coverage=Coverage(
            files=6,
            files_seen=5,
            bytes=61_200,
            bytes_seen=48_900,
            left_out=(LeftOut(path="docs/sampling.png", reason=_LEFT_OUT[language]),),
        ),
        provenance=Provenance(
            model="gpt-5-mini", prompt="judge-3", input_tokens=14_210, output_tokens=1_036, at=JUDGED_AT
        ),
    )
    leak = entry(
        "[core] a cached view could keep a whole atlas of tiles in memory for too long (#4209)",
        "23:40",
        pull_request=4209,
        author="Yu Qiao",
        tier=Tier.HIGH,
        tier_reasons=_REASONS["leak"][language],
        kinds=(Kind.FIX, Kind.PERFORMANCE),
        additions=8,
        deletions=2,
        analysis=_offline("leak", language),
        grounding=Grounding(checked=1, supported=1),
    )
    flag = entry(
        "[render] feat: support passing plugin path via server args (#4208)",
        "21:22",
        pull_request=4208,
        author="Pip",
        tier=Tier.MEDIUM,
        tier_reasons=_REASONS["flag"][language],
        kinds=(Kind.FEATURE,),
        files=4,
        additions=61,
        deletions=9,
        analysis=_offline("flag", language),
        grounding=Grounding(checked=1, supported=1),
        provenance=Provenance(prompt="rules-1", cached=True, at=JUDGED_AT),
    )
    lows = (
        entry(
            "Tiny update of the issues permission in nightly-tag.yml (#4221)",
            "20:14",
            pull_request=4221,
            kinds=(Kind.CI,),
            author="Haoran Deng",
        ),
        default,
        entry("Upd: MAINTAINERS (#4155)", "07:51", pull_request=4155, kinds=(Kind.CONFIG,), author="NOVA"),
        entry("Remove wrong terrain and shader docs in basic_usage", "07:28", kinds=(Kind.DOCS,), author="周予安"),
    )
    return digest(
        repository(
            [leak, undo, sampling, flag, *lows], merges_left_out=2, highlights=_highlights((leak, sampling), language)
        ),
        language=language,
    )


def _highlights(entries: Sequence[Entry], language: Language) -> tuple[Highlight, ...]:
    colon = "：" if language == "zh" else ": "
    return tuple(Highlight(text=f"{one.subject}{colon}{one.tier_reasons[0]}", commits=(one.sha,)) for one in entries)


# --- other days -------------------------------------------------------------------------------------------------


def empty(language: Language = "en") -> Digest:
    """A day on which nothing but one merge happened."""
    return digest(repository([], merges_left_out=1), language=language)


HOSTILE = (
    "| a | b | `x` ``y`` <script>alert(1)</script> ![i](http://evil.test/i.png) [l](javascript:alert(1))",
    "# heading @everyone @octocat #1 GH-2 acme/engine#3 :bomb: www.evil.test https://evil.test/?a=1&b=2",
    "\x1b[31mred\x1b]8;;http://evil.test\x07link\x1b]8;;\x07 \x9b2J \u202egnp.exe\u202c \u200b\u2066x\u2069 \rover",
    "- [ ] 1. > __init__ *bold* ~~gone~~ $x$ &copy; &#64;name \\| \\` <!-- --> </details></summary>",
    "x" * 300,
    "",
    "hidden \U000e0041 tag\U000e0042",
)


def hostile(language: Language = "en") -> Digest:
    """Commits whose every text tries to be something else than text."""
    entries = [
        entry(
            text,
            f"{20 - number}:00",
            author=f"{text[:40]}\nCo",
            message=f"```\n{text}\n````\n</details>\n# not a heading",
            tier=list(Tier)[number % 3],
            tier_reasons=(text,),
            kinds=(Kind.SECURITY,),
            pull_request=number or None,
            analysis=Judgement(
                engine="model",
                complete=True,
                summary=(
                    said(
                        f"{text} and `{text.replace('`', '')}` and ` alone",
                        (f"a|b`c/{text[:20]}.py", 3, 2, f"```\n{text}"),
                    ),
                ),
                insights=(Insight(dimension=text, statements=(said(text), said(""))),),
                recommendations=(Recommendation(audience=text, statement=said(text)),),
                conclusion=said(text),
            ),
            coverage=Coverage(
                files=2, files_seen=1, bytes=10, bytes_seen=5, left_out=(LeftOut(path=text, reason=text),)
            ),
            provenance=Provenance(model=text, prompt="judge-3", at=JUDGED_AT),
        )
        for number, text in enumerate(HOSTILE)
    ]
    highlights = tuple(Highlight(text=text, commits=("f" * 40,)) for text in HOSTILE)
    problems = tuple(Problem(what=text, where=text) for text in HOSTILE)
    part = repository(entries, name=HOSTILE[0], url=None, highlights=highlights)
    return digest(part, language=language, problems=problems)


def with_problems(language: Language = "en") -> Digest:
    """One commit that could not be judged, a clone that is shallow, and a model that did not answer for another."""
    what = {
        "en": "this commit could not be analysed; it stands here with its triage",
        "zh": "未能分析该提交，此处只列出初步判定",
    }
    shallow = {
        "en": "this clone is shallow; run `git fetch --unshallow`",
        "zh": "该克隆为浅克隆；请执行 `git fetch --unshallow`",
    }
    late = {
        "en": "the model did not answer in time; 1 commit was judged by rules instead",
        "zh": "模型未能及时回答；1 个提交已改由规则分析",
    }
    lost = entry(
        "Merge the new scheduler",
        "09:00",
        tier=Tier.MEDIUM,
        tier_reasons=_REASONS["flag"][language],
        kinds=(Kind.FEATURE,),
        analysis=Judgement(engine="offline", complete=False),
        coverage=Coverage(files=3, bytes=9_000),
    )
    fine = entry("Fix a typo", "10:00", kinds=(Kind.DOCS,))
    problems = (
        Problem(what=what[language], where=f"acme/engine@{lost.sha[:7]}"),
        Problem(what=shallow[language], where="acme/engine"),
        Problem(what=late[language], where="acme/engine", by_rules=1),
    )
    return digest(repository([fine, lost]), language=language, problems=problems)


def several(language: Language = "en") -> Digest:
    """Three repositories: one on GitHub, one on disk whose commits are partly hidden, one without commits."""
    shared = entry("Upd: MAINTAINERS (#4155)", "07:51", pull_request=4155, kinds=(Kind.CONFIG,))
    local = [
        shared.model_copy(update={"url": None}),
        entry("feat: 支持中文文件名", "08:10", url=None, kinds=(Kind.FEATURE,), tier=Tier.MEDIUM),
    ]
    return digest(
        busy(language).repositories[0],
        repository(local, name="tools", url=None, counted={"commits": 5, "low": 4}),
        repository([], name="acme/quiet", url="https://github.com/acme/quiet"),
        language=language,
    )


def month(commits: int = 1_000, language: Language = "en") -> Digest:
    """A month of many commits, each analysed, to measure with."""
    patterns = busy(language).repositories[0].commits
    entries = [
        patterns[number % len(patterns)].model_copy(
            update={
                "sha": sha_of(str(number)),
                "committed_at": DAY + timedelta(minutes=43 * number),
                "reverts": (),
                "reverted_by": (),
            }
        )
        for number in reversed(range(commits))
    ]
    window = Window(start=DAY, end=DAY + timedelta(days=31), timezone=ZONE)
    return digest(repository(entries), language=language, window=window)
