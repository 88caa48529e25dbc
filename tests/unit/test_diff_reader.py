from __future__ import annotations

from typing import Any

import pytest

from tests.diff_reader import Reader
from tests.fakes.model_protocol import Asked
from tests.unit.workers.analysis.by_hand import added, changed, commit
from workers.analysis.analyst import survey_of
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.analysis.packing.packing import pack
from workers.model import Statement, Tier
from workers.words import load_words

ONE = commit(
    "Retry with a plan",
    changed(
        "net/client.py",
        "TIMEOUT = 30\n\n\ndef fetch(url):\n    return url\n",
        "TIMEOUT = 60\n\n\ndef load(url):\n    return url\n",
    ),
    added("tests/test_client.py", "def test_load():\n    assert load(1) == 1\n"),
)


def said(language: str) -> list[dict[str, Any]]:
    """What the script says of the commit."""
    content = pack(survey_of(ONE), Tier.HIGH, load_words("workers.analysis", "en")).parts[0]
    messages = [{"role": "system", "content": language}, {"role": "user", "content": content}]
    reader = Reader(Asked(0.0, {"messages": messages}, None))
    return [*reader.section("notes"), *reader.section("impact"), *reader.section("risks"), reader.section("conclusion")]


@pytest.mark.parametrize("language", ["plain English", "简体中文"])
def test_all_that_the_script_says_of_a_commit_holds(language: str):
    for statement in said(language):
        places = [{**place, "start": 0, "end": 0} for place in statement["evidence"]]
        found = Statement.model_validate({**statement, "evidence": places})
        assert not faults_of(found, Ground([ONE])), found.text


def test_the_script_tells_what_comes_what_goes_and_what_changes():
    told = " ".join(statement["text"] for statement in said("plain English"))
    assert "`TIMEOUT` in `net/client.py` goes from `30` to `60`." in told
    assert "`net/client.py` now has `load`." in told
    assert "`fetch` no longer stands in `net/client.py`." in told
