"""What is shown while somebody waits."""

import pytest

from chatbot.views.progress import progress_text, stage_text
from workers.words import LANGUAGES, load_words

EN = load_words("chatbot.views", "en")


def test_progress_says_how_far_it_is_and_what_is_in_hand():
    assert progress_text("fetching", 12, 1_040, "Fix it", EN) == "Fetching commits: 12 of 1,040 · Fix it"


def test_progress_without_a_total_says_the_stage_alone():
    assert progress_text("listing", 0, None, "", EN) == "Listing commits"


def test_what_is_in_hand_cannot_act_in_the_terminal_or_fill_it():
    text = progress_text("analysing", 1, 2, "\x1b[2J\n" + "x" * 500, EN)
    assert text.isprintable()
    assert len(text) < 100


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["starting", "listing", "fetching", "analysing", "assembling", "done"])
def test_every_stage_has_its_words(stage, language):
    assert stage_text(stage, load_words("chatbot.views", language))
