"""Trains the weights of signs and writes them: python -m bench.kinds.train SIGNS.npz --output workers/analysis/kinds.bin

Without `--output` it trains on four fifths of the repositories and prints the score on the others (`--fold`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, recall_score

from bench.kinds.matrix import Signs, load, matrix_of, repositories_with
from workers.analysis.kinds_model import packed

LABELS = ("feature", "fix", "refactor", "test", "docs", "build", "ci")  # in the order of kinds_model.CLASSES
FEWEST_REPOSITORIES = 3  # a sign that fewer have is theirs, not the world's
STRENGTH = 0.01  # C of the regression: lower is smoother
TRUST = 0.25  # weight of a row whose diff does not bear its label out
MOST_SIGNS = 60_000  # shipped; eleven bytes each


def sample_weights(labels: np.ndarray, consistent: np.ndarray) -> np.ndarray:
    """Weights that make the classes equally heavy."""
    weights = np.where(consistent, 1.0, TRUST)
    for label in LABELS:
        weights[labels == label] /= weights[labels == label].sum()
    return weights * len(labels) / len(LABELS)


def trained(matrix: sparse.csr_matrix, labels: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (classes by columns) and biases, classes in the order of LABELS."""
    numbers = np.array([LABELS.index(label) for label in labels])
    model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(matrix, numbers, sample_weight=weights)
    return model.coef_, model.intercept_


def pruned(coefficients: np.ndarray, matrix: sparse.csr_matrix) -> np.ndarray:
    """The columns that matter most, by spread over the classes times how often they occur."""
    often = np.sqrt(np.asarray((matrix != 0).sum(axis=0)).ravel())
    spread = coefficients.std(axis=0) * often
    return np.sort(np.argsort(spread)[-MOST_SIGNS:])


def write(path: Path, keys: np.ndarray, coefficients: np.ndarray, bias: np.ndarray) -> None:
    factor = float(np.abs(coefficients).max() / 127)
    table = np.round(coefficients.T / factor).astype(np.int8)
    path.write_bytes(packed(keys.tolist(), table.tobytes(), factor, bias.tolist()))


def report(name: str, labels: np.ndarray, told: np.ndarray) -> None:
    micro, macro = accuracy_score(labels, told), recall_score(labels, told, average="macro")
    print(f"{name}: {len(labels)} commits, natural {micro:.4f}, balanced over classes {macro:.4f}")
    print(classification_report(labels, told, digits=3, zero_division=0))
    print(LABELS)
    print(confusion_matrix(labels, told, labels=LABELS))


def score(signs: Signs, fold: int) -> None:
    known = np.isin(signs.labels, LABELS)
    matrix, labels, repos, consistent = _chosen(signs, known)
    held = np.array([crc32(repo.encode()) % 5 == fold for repo in repos])
    columns = np.flatnonzero(repositories_with(matrix[~held], repos[~held]) >= FEWEST_REPOSITORIES)
    matrix = matrix[:, columns]
    coefficients, bias = trained(matrix[~held], labels[~held], sample_weights(labels[~held], consistent[~held]))
    told = np.array(LABELS)[np.argmax(matrix[held] @ coefficients.T + bias, axis=1)]
    report("all held out", labels[held], told)
    sure = consistent[held]
    report("consistent", labels[held][sure], told[sure])


def _chosen(signs: Signs, known: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray, np.ndarray]:
    matrix, _, _ = matrix_of(signs)
    return matrix[np.flatnonzero(known)], signs.labels[known], signs.repos[known], signs.consistent[known]


def ship(signs: Signs, path: Path) -> None:
    known = np.isin(signs.labels, LABELS)
    matrix, keys, _ = matrix_of(signs)
    matrix = matrix[np.flatnonzero(known)]
    columns = np.flatnonzero(repositories_with(matrix, signs.repos[known]) >= FEWEST_REPOSITORIES)
    matrix, keys = matrix[:, columns], keys[columns]
    weights = sample_weights(signs.labels[known], signs.consistent[known])
    coefficients, bias = trained(matrix, signs.labels[known], weights)
    kept = pruned(coefficients, matrix)
    write(path, keys[kept], coefficients[:, kept], bias)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("signs", type=Path)
    arguments.add_argument("--output", type=Path)
    arguments.add_argument("--fold", type=int, default=0)
    given = arguments.parse_args()
    signs = load(given.signs)
    if given.output:
        ship(signs, given.output)
    else:
        score(signs, given.fold)


if __name__ == "__main__":
    main()
