"""Trains the weights of signs: python -m bench.kinds.train SIGNS.npz --output workers/analysis/kinds/kinds.bin

With `--without-fold N` a fifth of the repositories is left out, for `score.py` to be asked about.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.kinds.dataset import fold_of
from bench.kinds.matrix import Signs, load, matrix_of, repositories_with
from workers.analysis.kinds.model import packed

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


def wanted_rows(signs: Signs, without: int | None) -> np.ndarray:
    """Which rows to train on: those of the seven labels outside the fold that is left out."""
    outside = np.array([fold_of(repo) != without for repo in signs.repos])
    return np.isin(signs.labels, LABELS) & outside


def ship(signs: Signs, path: Path, without: int | None) -> None:
    wanted = wanted_rows(signs, without)
    matrix, keys, _ = matrix_of(signs)
    matrix = matrix[np.flatnonzero(wanted)]
    columns = np.flatnonzero(repositories_with(matrix, signs.repos[wanted]) >= FEWEST_REPOSITORIES)
    matrix, keys = matrix[:, columns], keys[columns]
    labels = signs.labels[wanted]
    coefficients, bias = trained(matrix, labels, sample_weights(labels, signs.consistent[wanted]))
    kept = pruned(coefficients, matrix)
    write(path, keys[kept], coefficients[:, kept], bias)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("signs", type=Path)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--without-fold", type=int)
    given = arguments.parse_args()
    ship(load(given.signs), given.output, given.without_fold)


if __name__ == "__main__":
    main()
