"""A model that answers in the manner of the specimen report: in Chinese, at length, with things that are not there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Command
from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.repositories import RepositoryBuilder
from tests.strong_model import judging, said
from workers.model import Digest, Entry

ROTARY = """import functools

_CACHE_SIZE = 16


class RotaryEmbedding:
    def __init__(self, dim, base=10000):
        self.dim = dim
        self.base = base

    def forward(self, positions):
        return positions


def get_rope(dim):
    return RotaryEmbedding(dim)


def apply_rope_inplace(query, key):
    return query, key
"""
BASE, FACTORY = ROTARY.split("def get_rope")
SUBJECT = "refactor: split rotary embedding into a package (#19064)"

TRUE = (
    "`layers/rotary_embedding.py` 被拆分为目录 `layers/rotary_embedding/`。",
    "新增 `layers/rotary_embedding/_base.py` 与 `layers/rotary_embedding/_factory.py`。",
    "`apply_rope_inplace` 移入 `layers/rotary_embedding/_factory.py`。",
)
INVENTED = {
    "file": "新增 `_mrope.py` 与 `_utils.py`，提供多维 RoPE 的实现。",
    "name": "`LinearScalingRotaryEmbedding` 负责线性缩放。",
    "cache": "缓存 `_ND_ROPE_CACHE` 最多保留 64 条记录。",
    "size": "原文件约 12 KB，拆分后总体积为 9 KB。",
    "faster": "长序列推理的吞吐量提升约 35%。",
    "latency": "首次调用的延迟从 8 ms 降至 2 ms。",
    "better": "缓存大幅降低了重复调用的开销。",
    "same": "只要更新导入路径，功能与之前完全一致。",
    "compatible": "全局缓存的结构保持不变，旧模型参数仍可复用，完全向后兼容。",
    "safe": "安全性不受影响，无需任何改动。",
    "direction": "`base` 的默认值由 5000 提高到 10000。",
    "expansion": "RoPE（Rotation Operator Positional Engine）仍是核心算法。",
}


@pytest.fixture
def entry(digest: Command, repository: RepositoryBuilder) -> Iterator[Entry]:
    """The commit as the digest has it."""
    repository.commit("Begin", {"layers/rotary_embedding.py": ROTARY})
    files = {"__init__": "from ._factory import get_rope\n", "_base": BASE, "_factory": f"def get_rope{FACTORY}"}
    repository.commit(
        SUBJECT,
        {f"layers/rotary_embedding/{name}.py": text for name, text in files.items()}
        | {"layers/rotary_embedding.py": None},
    )
    script = judging(
        summary=[*map(said, TRUE)],
        impact=[said(INVENTED[key]) for key in ("file", "name", "direction")],
        insights=[
            {"dimension": "performance", "statements": [said(INVENTED[key]) for key in ("cache", "faster", "latency")]},
            {"dimension": "compatibility", "statements": [said(INVENTED[key]) for key in ("same", "compatible")]},
            {"dimension": "architecture", "statements": [said(INVENTED[key]) for key in ("size", "better")]},
        ],
        risks=[said(INVENTED["safe"])],
        conclusion=said(INVENTED["expansion"]),
        recommendations=[],
        tier="high",
    )
    with FakeModel(script) as model:
        given = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": RIGHT_KEY, "OPENAI_MODEL": "small"}
        words = ["report", repository.path, "--format", "json", "--language", "zh", "--range", "HEAD~1..HEAD"]
        ended = digest(*words, **given)
    assert ended.code == 0, ended.err
    found = Digest.model_validate(json.loads(ended.out))
    yield found.repositories[0].commits[0]


def test_what_a_report_in_the_specimens_manner_invents_is_removed_and_counted_and_what_is_true_stays(entry: Entry):
    texts = [statement.text for statement in entry.analysis.statements()]
    assert [text for text in texts if text in TRUE] == list(TRUE)
    left = "\n".join(texts)
    for invented in ("_mrope.py", "LinearScaling", "_ND_ROPE_CACHE", "KB", "35%", "2 ms", "大幅", "完全一致"):
        assert invented not in left
    for invented in ("向后兼容", "不受影响", "5000", "Rotation Operator"):
        assert invented not in left
    counts = entry.grounding
    assert (counts.removed, counts.repaired) == (len(INVENTED) - 1, 1)  # the expansion is cut out of its sentence
    assert counts.checked == counts.supported + counts.repaired + counts.removed
