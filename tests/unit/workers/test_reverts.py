"""Which commits undo which."""

from datetime import UTC, datetime, timedelta

from tests.samples import sha_of
from workers.model import CommitHead, Person
from workers.reverts import link_reverts

NOON = datetime(2026, 2, 21, 12, tzinfo=UTC)
SOMEBODY = Person(name="Ada", email="ada@example.org")


def head(name: str, message: str, minutes: int = 0) -> CommitHead:
    at = NOON + timedelta(minutes=minutes)
    return CommitHead(
        sha=sha_of(name), author=SOMEBODY, committer=SOMEBODY, authored_at=at, committed_at=at, message=message
    )


def nowhere(_: CommitHead) -> None:
    return None


def test_a_revert_by_sha_links_both_commits():
    first = head("first", "Add a cache")
    undo = head("undo", f'Revert "Add a cache"\n\nThis reverts commit {first.sha}.', 1)
    links = link_reverts([undo, first], [], nowhere)
    assert links[undo.sha].reverts == (first.sha,)
    assert links[first.sha].reverted_by == (undo.sha,)


def test_a_shortened_sha_is_enough():
    first = head("first", "Add a cache")
    undo = head("undo", f"Undo\n\nThis reverts commit {first.sha[:9]}.", 1)
    assert link_reverts([undo, first], [], nowhere)[undo.sha].reverts == (first.sha,)


def test_a_revert_by_subject_means_the_newest_older_commit_of_that_subject():
    older = head("older", "Bump x (#1)", 0)
    newer = head("newer", "Bump x (#2)", 1)
    undo = head("undo", 'Revert "Bump x (#2)" (#3)', 2)
    later = head("later", "Bump x (#4)", 3)
    links = link_reverts([later, undo, newer, older], [], nowhere)
    assert links[undo.sha].reverts == (newer.sha,)


def test_a_quoted_pull_request_tells_commits_of_one_subject_apart():
    older = head("older", "Bump x (#1)", 0)
    newer = head("newer", "Bump x (#2)", 1)
    undo = head("undo", 'Revert "Bump x (#1)" (#3)', 2)
    assert link_reverts([undo, newer, older], [], nowhere)[undo.sha].reverts == (older.sha,)


def test_a_revert_that_names_only_the_pull_request_means_its_commit():
    first = head("first", "Add a cache (#41)")
    undo = head("undo", "Revert #41", 1)
    assert link_reverts([undo, first], [], nowhere)[undo.sha].reverts == (first.sha,)


def test_what_the_window_does_not_have_is_looked_for_elsewhere():
    undo = head("undo", 'Revert "Long ago"')
    assert link_reverts([undo], [], lambda _: sha_of("long ago"))[undo.sha].reverts == (sha_of("long ago"),)


def test_a_later_revert_outside_the_window_marks_the_commit_inside():
    first = head("first", "Add a cache")
    later = head("later", f"Undo\n\nThis reverts commit {first.sha}.", 99)
    links = link_reverts([first], [later], nowhere)
    assert links[first.sha].reverted_by == (later.sha,)
    assert later.sha not in links


def test_a_commit_that_only_speaks_of_reverting_links_nothing():
    first = head("first", "Add a cache")
    other = head("other", "Explain how to revert a cache", 1)
    assert link_reverts([other, first], [], nowhere) == {}


def test_a_revert_of_a_revert_links_to_the_revert():
    first = head("first", "Add a cache")
    undo = head("undo", 'Revert "Add a cache"', 1)
    redo = head("redo", 'Revert "Revert "Add a cache""', 2)
    links = link_reverts([redo, undo, first], [], nowhere)
    assert links[redo.sha].reverts == (undo.sha,)
    assert links[undo.sha].reverts == (first.sha,)
