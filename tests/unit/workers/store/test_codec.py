"""Values to bytes and back."""

from __future__ import annotations

import pytest

from workers.errors import BrokenError
from workers.model import LeftOut, Person
from workers.store.codec import (
    COMPRESS_OVER,
    UnreadableError,
    decode,
    decode_or_broken,
    decode_or_none,
    encode,
    raw,
)

VALUE = Person(name="赵晨阳", email="zhao@example.org")
LARGE = Person(name="名" * COMPRESS_OVER)
UNREADABLE = [
    b"",
    b"1",
    b"1j",
    b"1j{",
    b"1z",
    encode(LARGE)[:-1],
    b"2j{}",
    b'1j{"name": 1}',
    encode(LeftOut(path="", reason="")),
]


@pytest.mark.parametrize("value", [VALUE, LARGE, Person(name="\0\n\u2028")])
def test_a_value_comes_back_as_it_was(value: Person) -> None:
    assert decode(Person, encode(value)) == value


def test_only_what_is_large_is_compressed() -> None:
    assert encode(VALUE).startswith(b'1j{"name"')
    assert len(encode(LARGE)) < COMPRESS_OVER / 10


@pytest.mark.parametrize("data", UNREADABLE)
def test_what_this_version_did_not_write_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(Person, data)


def test_what_is_unreadable_counts_as_absent_and_the_log_says_where(caplog: pytest.LogCaptureFixture) -> None:
    assert decode_or_none(Person, b"9?", "cd:1:place") is None
    assert "cd:1:place" in caplog.text


@pytest.mark.parametrize("data", [None, b"9?"])
def test_where_absence_cannot_be_made_good_it_is_a_defect(data: bytes | None) -> None:
    with pytest.raises(BrokenError, match="store_lost"):
        decode_or_broken(Person, data, "cd:1:place")


def test_a_client_that_decodes_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        raw("text")
