"""Addresses and anchors."""

import hashlib

from chatbot.views.links import Anchors, brief_label, evidence_label, evidence_url, lines_label
from workers.model import Evidence

URL = "https://github.com/acme/engine"


def evidence(path: str, start: int = 3, end: int = 5, side: str = "new") -> Evidence:
    return Evidence(path=path, side=side, start=start, end=end, quote="")


def test_an_anchor_is_never_given_twice_and_is_the_same_each_time():
    for _ in range(2):
        anchors = Anchors()
        assert [anchors.of("commit", "AB/c") for _ in range(3)] == ["commit-ab-c", "commit-ab-c-2", "commit-ab-c-3"]


def test_an_anchor_of_any_text_can_stand_in_an_address():
    assert Anchors().of("x", '"><script>\u202e 中文 ' + "y" * 500) == "x-script-" + "y" * 52


def test_lines_after_the_change_are_found_in_the_file_at_the_commit():
    assert evidence_url(evidence("src/a b#.py"), "abc", URL) == f"{URL}/blob/abc/src/a%20b%23.py#L3-L5"


def test_lines_of_a_file_that_is_shown_as_a_page_are_found_in_its_source():
    assert evidence_url(evidence("README.md", 3, 3), "abc", URL) == f"{URL}/blob/abc/README.md?plain=1#L3"


def test_lines_before_the_change_are_found_in_the_diff_of_the_commit():
    name = hashlib.sha256("中.py".encode()).hexdigest()
    assert evidence_url(evidence("中.py", side="old"), "abc", URL) == f"{URL}/commit/abc#diff-{name}L3-L5"


def test_a_label_says_the_lines_only_where_there_are_some():
    assert [evidence_label(evidence("a", *lines)) for lines in ((3, 5), (3, 3), (0, 0))] == ["a:3-5", "a:3", "a"]


def test_a_long_path_beside_a_sentence_is_told_by_its_end():
    path = "modules/engine/src/main/java/org/example/engine/internal/Reader.java"
    assert brief_label(evidence(path)) == "…/internal/Reader.java:3-5"
    assert brief_label(evidence("src/reader.c")) == "src/reader.c:3-5"


def test_where_the_sentence_names_the_file_its_lines_are_enough():
    assert lines_label(evidence("src/a.c", 3, 3)) == "L3"
    assert lines_label(evidence("src/a.c", 0, 0)) == "src/a.c"
