"""The weights of signs for the seven kinds, as bench/kinds/train.py wrote them, and the scores they give."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt
from zlib import crc32

from workers.model import Kind

CLASSES = (Kind.FEATURE, Kind.FIX, Kind.REFACTOR, Kind.TESTS, Kind.DOCS, Kind.BUILD, Kind.CI)
# A group with many signs must not drown the others: beyond this number its signs count for less.
FULL_SIGNS: Mapping[str, int] = {
    "subject": 16,
    "scope": 4,
    "body": 16,
    "roles": 64,
    "paths": 12,
    "shape": 40,
    "code": 16,
    "cross": 12,
}

_HEADER = struct.Struct("<4sII")  # magic, number of signs, number of classes
_MAGIC = b"CDK1"


@dataclass(frozen=True)
class Weights:
    """Rows of small integers by the CRC-32 of a sign, the factor that makes them weights, each class's bias."""

    rows: Mapping[int, int]
    table: memoryview
    factor: float
    bias: tuple[float, ...]


def value_of(group: str, signs: int) -> float:
    """How much each of so many signs of a group counts, at most 1."""
    return min(1.0, sqrt(FULL_SIGNS[group] / signs)) if signs else 1.0


def scores_of(signs: Mapping[str, Iterable[str]], weights: Weights) -> dict[Kind, float]:
    """Probability of each of the seven kinds."""
    totals = list(weights.bias)
    for group, some in signs.items():
        known = [crc32(sign.encode("utf-8", "surrogatepass")) for sign in some]
        value = value_of(group, len(known)) * weights.factor
        found = [weights.rows[key] for key in known if key in weights.rows]
        rows = [weights.table[at : at + len(totals)] for at in found]
        totals = (
            [total + value * sum(column) for total, column in zip(totals, zip(*rows, strict=True), strict=True)]
            if rows
            else totals
        )
    top = max(totals)
    shares = [exp(total - top) for total in totals]
    return {kind: share / sum(shares) for kind, share in zip(CLASSES, shares, strict=True)}


def packed(keys: Iterable[int], table: bytes, factor: float, bias: Iterable[float]) -> bytes:
    """The file's bytes: header, factor and biases, keys, then one row of signed bytes for each key."""
    numbers, values = array("I", keys), [factor, *bias]
    if sys.byteorder == "big":
        numbers.byteswap()
    head = _HEADER.pack(_MAGIC, len(numbers), len(values) - 1)
    return head + struct.pack(f"<{len(values)}d", *values) + numbers.tobytes() + table


def unpacked(data: bytes) -> Weights:
    """The weights in a file's bytes. ValueError for anything `packed` did not write."""
    magic, count, classes = _HEADER.unpack_from(data)
    values_at = _HEADER.size
    keys_at = values_at + 8 * (1 + classes)
    table_at = keys_at + 4 * count
    if magic != _MAGIC or len(data) != table_at + count * classes:
        raise ValueError("not a file of kind weights")
    factor, *bias = struct.unpack_from(f"<{1 + classes}d", data, values_at)
    keys = array("I", data[keys_at:table_at])
    if sys.byteorder == "big":
        keys.byteswap()
    rows = dict(zip(keys, range(0, count * classes, classes), strict=True))
    return Weights(rows, memoryview(data)[table_at:].cast("b"), factor, tuple(bias))


@cache
def shipped_weights() -> Weights:
    """The weights beside this module, read once per process (some milliseconds)."""
    return unpacked((files(__package__) / "kinds.bin").read_bytes())
