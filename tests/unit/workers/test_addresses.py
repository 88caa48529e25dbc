"""Addresses of lines and pull requests."""

from __future__ import annotations

import hashlib

import pytest

from workers.addresses import lines_url, pull_request_url
from workers.model import Side

PAGE = "https://github.com/acme/engine"


@pytest.mark.parametrize(
    ("path", "start", "end", "url"),
    [
        ("src/a.py", 3, 3, f"{PAGE}/blob/abc/src/a.py#L3"),
        ("src/a.py", 3, 5, f"{PAGE}/blob/abc/src/a.py#L3-L5"),
        ("src/a.py", 0, 0, f"{PAGE}/blob/abc/src/a.py"),
        ("说明 #1?.md", 2, 2, f"{PAGE}/blob/abc/%E8%AF%B4%E6%98%8E%20%231%3F.md?plain=1#L2"),
    ],
)
def test_lines_are_in_the_file_at_the_commit(path: str, start: int, end: int, url: str) -> None:
    assert lines_url(PAGE, "abc", path, "new", start, end) == url


@pytest.mark.parametrize(("start", "end", "place"), [(3, 3, "L3"), (3, 5, "L3-L5"), (0, 0, "")])
def test_old_lines_are_in_the_diff(start: int, end: int, place: str) -> None:
    side: Side = "old"
    anchor = hashlib.sha256(b"src/a.py").hexdigest()
    assert lines_url(PAGE, "abc", "src/a.py", side, start, end) == f"{PAGE}/commit/abc#diff-{anchor}{place}"


def test_a_pull_request_has_a_page() -> None:
    assert pull_request_url(PAGE, 7) == f"{PAGE}/pull/7"
