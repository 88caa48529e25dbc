"""Keeps what people say of an analysis under the analysis itself, which other digests may show as well."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.commands.scene import Scene
from chatbot.presses import AnswerPress, FeedbackPress, find_commit
from workers.errors import WordsError
from workers.model import Digest, Entry
from workers.store import keys
from workers.store.digests import DigestStore
from workers.store.feedback import FeedbackStore

ANSWERS = "answers"
"""The name that votes on answers are kept under, each by the id of its question."""


@dataclass(frozen=True)
class KeptFeedback:
    """See `chatbot.conversation.FeedbackBox`."""

    digests: DigestStore
    store: FeedbackStore

    def put(self, feedback: FeedbackPress | AnswerPress, scene: Scene) -> None:
        """See FeedbackBox. WordsError("press_expired") where the digest is no longer kept."""
        person = scene.channel.model_copy(update={"id": scene.person.id}).key
        if isinstance(feedback, AnswerPress):
            self.store.put(ANSWERS, feedback.question_id, person, feedback.helped)
            return
        pressed = feedback.commit
        digest = self.digests.get(pressed.digest_id)
        if digest is None:
            raise WordsError("press_expired")
        part, entry = find_commit(digest, pressed.repository, pressed.sha)
        self.store.put(analysis_of(digest, part.name, entry), entry.sha, person, feedback.helped)


def analysis_of(digest: Digest, repository: str, entry: Entry) -> str:
    """The name that the analysis of a commit has votes under: by which prompt and model it was made."""
    told = entry.provenance
    return keys.analysis_name(repository, told.prompt, told.model, digest.language)
