"""A sentence that would do for any commit is none on this one."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground
from workers.analysis.replies.bearing import bearing, bears, bears_of
from workers.model import Insight, Judgement, Recommendation, Statement

FILE = changed("src/limits.py", 'MAX_WAIT = 60\nname = "string"\n', 'MAX_WAIT = 30\nname = "string"\n')
ENGLISH = Ground([commit("fix: give up sooner\n\nUsers waited for too long.", FILE)])
CHINESE = Ground([commit("修复：缩短等待时间", FILE)])


@pytest.mark.parametrize(
    "text",
    ["string", "fine", "ok", "OK.", "N/A", "", "…", "This is fine.", "It changes the code.", "没问题", "很好。", "无"],
)
def test_what_has_no_word_of_the_commit_is_no_sentence_on_it(text: str):
    assert not bears(text, ENGLISH)
    assert not bears(text, CHINESE)


@pytest.mark.parametrize(
    "text",
    [
        "`MAX_WAIT` falls.",
        "Whoever calls `elsewhere` fails.",  # whether the name is right is another question
        "It now waits half as long.",
        "A user waits less.",
        "It is 30 now.",
        "等待时间由六十秒改为三十秒。",
    ],
)
def test_a_name_a_figure_or_a_telling_word_makes_one(text: str):
    assert bears(text, ENGLISH)


def test_chinese_on_a_chinese_commit_needs_a_word_of_it():
    assert bears("现在等待得更短了。", CHINESE)
    assert not bears("这里一切都十分令人满意。", CHINESE)


def test_of_a_sentence_with_names_a_commit_bears_one_of_these():
    assert bears_of("`MAX_WAIT` is new.", ENGLISH)
    assert not bears_of("`max_size` is what users wait for.", ENGLISH)
    assert bears_of("Users wait less.", ENGLISH)


def test_a_judgement_keeps_what_bears_something_and_counts_the_rest():
    sound, idle = Statement(text="`MAX_WAIT` falls."), Statement(text="string")
    said = Judgement(
        engine="model",
        complete=True,
        summary=(sound, idle),
        impact=(idle,),
        insights=(Insight(dimension="x", statements=(idle,)), Insight(dimension="y", statements=(sound, idle))),
        risks=(sound,),
        recommendations=(
            Recommendation(audience="users", statement=idle),
            Recommendation(audience="all", statement=sound),
        ),
        conclusion=idle,
    )
    kept, removed = bearing(said, ENGLISH)
    assert set(kept.statements()) == {sound}
    assert len(kept.statements()) == 4
    assert removed == 6
    assert [insight.dimension for insight in kept.insights] == ["y"]
    assert kept.conclusion is None
