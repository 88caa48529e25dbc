"""Rows of the collected set as signs, kept in a file between runs of training.

python -m bench.kinds.matrix KINDS.jsonl.gz... --output SIGNS.npz
"""

from __future__ import annotations

import argparse
from array import array
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy import sparse

from bench.kinds.dataset import is_consistent, rows
from workers.analysis.kinds.features import signs_of
from workers.analysis.kinds.message import wording_of
from workers.analysis.kinds.model import value_of

GROUPS = ("subject", "scope", "body", "roles", "paths", "shape", "code", "cross")


@dataclass
class Signs:
    """Keys and values of every row's signs, end to end; `ends` is where each row ends."""

    keys: np.ndarray
    values: np.ndarray
    groups: np.ndarray
    ends: np.ndarray
    labels: np.ndarray
    repos: np.ndarray
    consistent: np.ndarray


def signs_of_file(path: Path) -> Signs:
    keys, values, groups, ends = array("I"), array("f"), array("B"), array("Q")
    labels, repos, consistent = [], [], []
    for row in rows([path]):
        wording = wording_of(row.message)
        for group, some in signs_of(wording.subject, wording.body, row.files, wording.scope).items():
            keys.extend(crc32(sign.encode("utf-8", "surrogatepass")) for sign in some)
            values.extend([value_of(group, len(some))] * len(some))
            groups.extend([GROUPS.index(group)] * len(some))
        ends.append(len(keys))
        labels.append(row.label)
        repos.append(row.repo)
        consistent.append(is_consistent(row))
    return Signs(*(np.array(column) for column in (keys, values, groups, ends, labels, repos, consistent)))


def collected(paths: Sequence[Path]) -> Signs:
    with ProcessPoolExecutor(max_workers=2) as pool:
        parts = list(pool.map(signs_of_file, paths))
    starts = np.cumsum([0, *(len(part.keys) for part in parts)])
    return Signs(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.ends + start for part, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.repos for part in parts]),
        np.concatenate([part.consistent for part in parts]),
    )


def save(signs: Signs, path: Path) -> None:
    np.savez(path, **vars(signs))


def load(path: Path) -> Signs:
    with np.load(path) as data:
        return Signs(**{name: data[name] for name in data.files})


def matrix_of(signs: Signs) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Rows by distinct keys; the keys of the columns; the group of each column."""
    keys, first, columns = np.unique(signs.keys, return_index=True, return_inverse=True)
    pointers = np.concatenate([[0], signs.ends])
    matrix = sparse.csr_matrix((signs.values, columns.astype(np.int32), pointers), shape=(len(signs.ends), len(keys)))
    return matrix, keys, signs.groups[first]


def repositories_with(matrix: sparse.csr_matrix, repos: np.ndarray) -> np.ndarray:
    """In how many repositories each column occurs."""
    _, numbers = np.unique(repos, return_inverse=True)
    by_repo = sparse.csr_matrix((np.ones(len(numbers)), (numbers, np.arange(len(numbers)))))
    return np.asarray(((by_repo @ (matrix != 0)) != 0).sum(axis=0)).ravel()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sets", nargs="+", type=Path)
    arguments.add_argument("--output", type=Path, required=True)
    given = arguments.parse_args()
    save(collected(given.sets), given.output)


if __name__ == "__main__":
    main()
