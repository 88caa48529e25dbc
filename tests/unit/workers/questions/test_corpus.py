"""The commits of a digest as a question looks at them."""

from __future__ import annotations

import pytest

from tests.samples_questions import changed, corpus_of, patch, ref_of
from workers.model import Tier
from workers.questions import corpus as module
from workers.questions.passages import passages
from workers.questions.values import CommitRef

BIG = changed("Import data", {"data.py": patch("+turbine = 1")})
GRAVE = changed("Drop the engine", {"engine.py": patch("-engine = 1")}, tier=Tier.HIGH, pull_request=7)


def test_commits_keep_the_order_of_the_digest() -> None:
    with corpus_of(BIG, GRAVE) as corpus:
        assert corpus.refs == (ref_of(BIG), ref_of(GRAVE))
        assert [item.ref for item in corpus.items()] == list(corpus.refs)


def test_a_title_has_what_names_its_commit() -> None:
    with corpus_of(BIG, GRAVE) as corpus:
        assert corpus.titles()[1] == (1, GRAVE[1].sha, "Drop the engine", 7)


def test_what_is_not_in_the_digest_is_none() -> None:
    with corpus_of(BIG) as corpus:
        assert corpus.entry(ref_of(GRAVE)) is None
        assert corpus.entry(CommitRef(source="acme/other", sha=BIG[1].sha)) is None
        assert corpus.commit(ref_of(GRAVE)) is None


def test_a_commit_that_is_not_at_hand_is_found_by_what_is_told_of_it() -> None:
    with corpus_of(BIG, GRAVE, at_hand=[]) as corpus:
        assert [item.commit for item in corpus.index().commits("engine")] == [1]


def test_the_most_important_patches_are_indexed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INDEXED", 0)
    with corpus_of(BIG, GRAVE) as corpus:
        assert corpus.index().hunks("turbine", [0]) == []
        assert corpus.index().hunks("engine", [1])


def test_patches_beyond_the_index_are_quoted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INDEXED", 0)
    with corpus_of(BIG, GRAVE) as corpus:
        assert [one.path for one in passages("turbine", [ref_of(BIG)], corpus)] == ["data.py"]


def test_the_index_is_made_once() -> None:
    with corpus_of(BIG) as corpus:
        assert corpus.index() is corpus.index()


def test_an_empty_digest_has_nothing() -> None:
    with corpus_of() as corpus:
        assert corpus.refs == ()
        assert corpus.titles() == []
        assert corpus.index().commits("anything") == []
