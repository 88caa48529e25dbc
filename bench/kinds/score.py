"""The score of the whole way, message and diff to main kind, on the repositories that training did not see.

    python -m bench.kinds.score --weights WEIGHTS --fold N KINDS.jsonl.gz...

WEIGHTS are what `train --without-fold N` wrote. Beside it stands the yardstick: a dozen lines of path and word rules.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, recall_score

from bench.kinds.dataset import Row, fold_of, is_consistent, rows
from workers.analysis.kinds import kinds
from workers.analysis.kinds.model import unpacked
from workers.analysis.paths import Role, role_of
from workers.model import Kind

LABELS = ("feature", "fix", "refactor", "test", "docs", "build", "ci")
WORDS = (
    (
        "fix",
        r"fix(e[sd])?|bug|issue|crash|error|wrong|incorrect|avoid|prevent|handle|correct|missing|broken|ensure|修复",
    ),
    (
        "refactor",
        r"refactor|rename|move|clean|cleanup|simplify|extract|remove|replace|reuse|unify|reorganize|split|重构",
    ),
    ("docs", r"docs?|readme|documentation|typo|comments?|文档"),
    ("test", r"tests?|测试"),
    ("ci", r"ci|workflow|github actions?|pipeline"),
    ("build", r"bump|upgrade|deps?|dependenc\w+|build|version"),
)


def by_rules(row: Row) -> str:
    """The yardstick: the role of all files, else the first word that says something, else a feature."""
    roles = {role_of(file.path) for file in row.files}
    for label, known in (("ci", {Role.CI}), ("docs", {Role.DOCS}), ("test", {Role.TEST})):
        if roles <= known:
            return label
    if roles <= {Role.BUILD, Role.MANIFEST, Role.LOCK}:
        return "build"
    subject = row.message.partition("\n")[0].lower()
    return next((label for label, words in WORDS if re.search(rf"\b({words})\b", subject)), "feature")


def by_kinds(row: Row) -> str:
    main = kinds.kinds_of(row.message, row.files)[0]
    return "test" if main is Kind.TESTS else str(main)


def table(name: str, labels: Sequence[str], told: Sequence[str]) -> None:
    natural, balanced = accuracy_score(labels, told), _balanced(labels, told)
    print(f"\n{name}: {len(labels)} commits, natural {natural:.4f}, balanced {balanced:.4f}")


def _balanced(labels: Sequence[str], told: Sequence[str]) -> float:
    return float(recall_score(labels, told, labels=LABELS, average="macro", zero_division=0))


def details(labels: Sequence[str], told: Sequence[str]) -> None:
    print(classification_report(labels, told, labels=LABELS, digits=3, zero_division=0))
    extra = sorted(set(told) - set(LABELS))
    print("columns:", *LABELS, *extra)
    print(confusion_matrix(labels, told, labels=[*LABELS, *extra])[: len(LABELS)])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sets", nargs="+", type=Path)
    arguments.add_argument("--weights", type=Path, required=True)
    arguments.add_argument("--fold", type=int, default=0)
    given = arguments.parse_args()
    weights = unpacked(given.weights.read_bytes())
    kinds.shipped_weights = lambda: weights
    held = [row for row in rows(given.sets) if fold_of(row.repo) == given.fold and row.label in LABELS]
    print("repositories:", dict(Counter(row.repo for row in held)))
    start = time.perf_counter()
    told = [by_kinds(row) for row in held]
    print(f"{1000 * (time.perf_counter() - start) / len(held):.2f} ms per commit")
    score(held, told)


def score(held: Sequence[Row], told: Sequence[str]) -> None:
    labels, quick = [row.label for row in held], [by_rules(row) for row in held]
    sure = [at for at, row in enumerate(held) if is_consistent(row)]
    borne, told_sure = [labels[at] for at in sure], [told[at] for at in sure]
    table("rules alone, all", labels, quick)
    table("rules alone, borne out", borne, [quick[at] for at in sure])
    table("kinds_of, all", labels, told)
    details(labels, told)
    table("kinds_of, borne out", borne, told_sure)
    details(borne, told_sure)


if __name__ == "__main__":
    main()
