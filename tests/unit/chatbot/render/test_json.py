"""The published JSON, written bit by bit."""

import json

import pytest

from chatbot.render.json import json_pieces
from tests import samples
from workers.model import Digest
from workers.words import LANGUAGES

MAKERS = [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several]
LIKE_A_MARK = 'x\n      "commits": []\n      "commits": ['


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_the_pieces_are_what_the_digest_is_as_json(make, language):
    digest = make(language)
    assert "".join(json_pieces(digest)) == digest.model_dump_json(indent=2) + "\n"


def test_no_text_can_pass_for_the_place_of_the_commits():
    part = samples.busy().repositories[0]
    entry = part.commits[0].model_copy(update={"subject": LIKE_A_MARK, "message": LIKE_A_MARK, "author": LIKE_A_MARK})
    highlight = part.highlights[0].model_copy(update={"text": LIKE_A_MARK, "commits": ()})
    parts = tuple(
        part.model_copy(update={"name": LIKE_A_MARK, "highlights": (highlight,), "commits": commits})
        for commits in ((entry, entry), ())
    )
    digest = samples.busy().model_copy(update={"title": LIKE_A_MARK, "repositories": parts})
    text = "".join(json_pieces(digest))
    assert text == digest.model_dump_json(indent=2) + "\n"
    assert Digest.model_validate_json(text) == digest


def test_a_digest_without_repositories_is_a_document_too():
    digest = samples.busy().model_copy(update={"repositories": ()})
    assert json.loads("".join(json_pieces(digest)))["repositories"] == []
