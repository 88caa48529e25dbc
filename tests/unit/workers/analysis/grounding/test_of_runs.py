"""What is told of runs, of before, of others and in other senses of a word is no claim of what the diff does."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

ADDS = Ground(
    [
        commit(
            "Handle lost connections of the journal\n\nThe evaluation compares images instead of the flag.",
            changed(
                "journal.py",
                "import log\n",
                "import log\n\n# Compared, instead of checking override_image.\nstore.put(late_posts)\nqueue.stop()\n",
            ),
        )
    ]
)
RELEASE = Ground([commit("Cut v1.0.14", changed("package.json", '"version": "1.0.13"\n', '"version": "1.0.14"\n'))])
IN_PATCH = Ground(
    [commit("Remove the define", changed("patches/build.patch", "- a\n", "- a\n+-    define CR_XCODE_BUILD\n"))]
)
LINES = Ground([commit("改为 200 条", changed("skill.md", "批量 500 条\n", "批量 200 条\n"))])
SPLIT = Ground([commit("Split the tests", changed("test_a.py", "def test_a(): ...\n", "async def test_b(): ...\n"))])
SYNC = Ground(
    [
        commit(
            "Rename the containers from addon_ to app_",
            changed("names.py", 'a = f"app_{x}"\nb = "addon_"\n', 'a = f"addon_{x}"\nb = "app_"\n'),
        )
    ]
)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Late posts are dropped once the queue has been stopped.", ADDS),
        ("Connections that were lost are handled gracefully.", ADDS),
        ("The journal ends when a connection is lost.", ADDS),
        ("Fix the issue where posts were deleted too early.", ADDS),
        ("The queue keeps what the loader drops if the log removes the first post.", ADDS),
        ("The log was added in an earlier release for another reason.", ADDS),
        ("It compares the images instead of checking the `override_image` flag.", ADDS),
        ("Cut v1.0.14 with reviewed release notes.", RELEASE),
        ("Remove the `CR_XCODE_BUILD` define.", IN_PATCH),
        ("第 1 行：批量单次改为 200 条。", LINES),
        ("It splits each test into a sync and an async variant.", SPLIT),
        ("Rename the containers from addon_ to app_.", SYNC),
    ],
)
def test_what_is_no_claim_of_the_diff_passes(text: str, ground: Ground) -> None:
    assert faults_of(Statement(text=text), ground) == ()


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("The log is dropped from the journal.", ADDS),
        ("The version is cut to an older one, from 1.0.14 to 1.0.13.", RELEASE),
        ("批量由 200 条改为 500 条。", LINES),
        ("The tests become synchronous.", SPLIT),
    ],
)
def test_what_is_one_is_held_against_it(text: str, ground: Ground) -> None:
    assert faults_of(Statement(text=text), ground)


def test_a_message_is_read_across_its_wrapped_rows() -> None:
    message = (
        "Scroll by lines\n\nThe new buffer is only read when the view is shown, so that it does not change the\n"
        "public behaviour of the view."
    )
    ground = Ground([commit(message, changed("view.go", "a\n", "b\n"))])
    assert faults_of(Statement(text="It does not change the public behaviour of the view."), ground) == ()


SIZES = Ground([commit("Shrink from 10MB to 1MB", changed("a.sql", "varchar(10000000)\n", "varchar(1000000)\n"))])
LOCKED = Ground([commit("Bump battery", changed("Cargo.toml", 'battery = "0.9"\n', 'battery = "0.10"\n'))])


@pytest.mark.parametrize(
    ("text", "ground", "passes"),
    [
        ("The column shrinks from 10MB to 1MB.", SIZES, True),
        ("Upgrades `battery` to 0.10.", LOCKED, True),
        ("Downgrades `battery` to 0.10.", LOCKED, False),
        ("The lexer is unchanged apart from the banner.", LOCKED, True),
        ("The lexer is unchanged.", LOCKED, False),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, ground: Ground, passes: bool) -> None:
    assert (faults_of(Statement(text=text), ground) == ()) == passes


WAIT = Ground(
    [
        commit(
            "Filter entries",
            changed(
                "watch.go",
                "watch(dir)\n",
                'start = env("INIT_BACKOFF_MS")\nskip(".txt")\nimport(WardleyGrammarModule)\n',
            ),
        )
    ]
)
ASSETS = Ground([commit("Attach the archive", changed(".github/workflows/release.yml", "files: a\n", "files: a b\n"))])


@pytest.mark.parametrize(
    ("text", "ground", "passes"),
    [
        ("A broken link, such as a `.txt` file, can no longer keep it from starting.", WAIT, True),
        ("It imports what has `Grammar` in its name.", WAIT, True),
        ("MS stands for milliseconds.", WAIT, True),
        ("MS stands for microseconds.", WAIT, False),
        ("The list of release assets is unchanged.", ASSETS, False),
        ("The behaviour at runtime is unchanged.", ASSETS, True),
    ],
)
def test_parts_of_names_signs_of_units_and_releases_are_known(text: str, ground: Ground, passes: bool) -> None:
    assert (faults_of(Statement(text=text), ground) == ()) == passes
