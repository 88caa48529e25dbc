"""What an answer looks like: proposals are told from facts, and why there is none is said."""

from __future__ import annotations

import pytest

from chatbot.render.plain import plain_text
from chatbot.views.answer import Draft, answer_view, grown_text
from chatbot.views.view import Feedback
from tests import samples
from workers.questions.values import About, Answer, CommitRef, Finished, Passage, Said
from workers.words import load_words

EN = load_words("chatbot.views", "en")
REF = CommitRef(source="acme/api", sha="1" * 40)
FOUND = About(how="found", commits=(REF,))
FACT, IDEA = Said(text="It waits longer."), Said(text="Use `turbo`.", proposed=True)
PASSAGE = Passage(commit=REF, path="a.py", side="new", start=1, end=1, text="+x = 1", score=1.0)


def draft_of(*said: Said, about: About = FOUND, **given: object) -> Draft:
    answer = Answer.model_validate({"engine": "model", "about": about, "said": said, **given})
    return Draft(["acme/api"], samples.busy()).with_event(Finished(answer=answer))


def shown(draft: Draft) -> str:
    return plain_text(answer_view(draft, "q", EN))


def test_a_proposal_is_marked_as_one_and_not_counted_as_checked() -> None:
    draft = draft_of(FACT, IDEA)
    mark = "(proposed; not in this commit)"
    assert shown(draft).count(mark) == 1
    assert "turbo. (proposed" in shown(draft).replace("`", "")
    assert "1 sentence, checked" in shown(draft)
    assert grown_text(None, draft, EN).count(mark) == 1
    assert "checked" not in shown(draft_of(IDEA))


@pytest.mark.parametrize(
    ("problems", "lead", "else_"),
    [
        ((), "No model has answered.", "The model answered"),
        (("nothing_held",), "nothing of it is supported", "No model has answered."),
        (("model_timeout",), "The model has not answered.", "No model has answered."),
    ],
)
def test_why_there_are_only_passages_is_told_once(problems: tuple[str, ...], lead: str, else_: str) -> None:
    draft = draft_of(engine="passages", passages=(PASSAGE,), problems=problems)
    assert shown(draft).count(lead) == 1
    assert else_ not in shown(draft)


def test_passages_can_be_told_to_have_helped_and_nothing_cannot() -> None:
    assert isinstance(answer_view(draft_of(passages=(PASSAGE,)), "q", EN).blocks[-1], Feedback)
    assert not any(isinstance(block, Feedback) for block in answer_view(draft_of(), "q", EN).blocks)


def test_where_no_commit_was_found_nothing_is_said_of_commits() -> None:
    assert "which commit is meant" in shown(draft_of(about=About(how="none")))
    assert "do not say" in shown(draft_of())
