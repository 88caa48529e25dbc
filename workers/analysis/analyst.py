"""The order of an analysis: facts -> kinds -> triage -> judge -> grounding. No commit can make it fail."""

from __future__ import annotations

from datetime import datetime

from workers.analysis.coverage import coverage_of
from workers.analysis.grounding.grounding import Ground, check
from workers.analysis.kinds.kinds import kinds_of
from workers.analysis.offline.offline import judge
from workers.analysis.survey.survey import Survey
from workers.analysis.symbols.symbols import facts_of
from workers.analysis.triage import triage
from workers.analysis.versions import OFFLINE_PROMPT
from workers.model import (
    Analysis,
    Commit,
    CommitHead,
    Coverage,
    Engine,
    Grounding,
    Judgement,
    Language,
    PatchGap,
    Provenance,
    Size,
    Statement,
)
from workers.words import load_words

ENGINE: Engine = "offline"


def analyse(commit: Commit, language: Language, now: datetime) -> Analysis:
    """The whole analysis of a commit by rules alone. `now` (aware) is kept as the time of the analysis."""
    words = load_words("workers.analysis", language)
    survey = survey_of(commit)
    least = triage(survey, words)
    checked = check(judge(survey, least, words), Ground([commit]))
    return Analysis(
        sha=commit.sha,
        size=Size(files=len(commit.files), additions=commit.additions, deletions=commit.deletions),
        tier=least.tier,
        tier_reasons=least.reasons,
        kinds=least.kinds,
        judgement=checked.judgement,
        grounding=checked.grounding,
        coverage=coverage_of(commit, words),
        provenance=Provenance(prompt=OFFLINE_PROMPT, at=now),
    )


def survey_of(commit: Commit) -> Survey:
    """A commit with its facts and kinds."""
    return Survey(commit, facts_of(commit), kinds_of(commit.message, commit.files))


def triage_only(head: CommitHead, reason: str, language: Language, now: datetime) -> Analysis:
    """What can be said of a commit that could not be fetched or analysed: its triage, and why there is no more.

    `head` may be a whole Commit; of its files only names and numbers are used, since their text may be what made the
    analysis fail. `reason` is a sentence in the language. The judgement is not `complete`, and nothing counts as seen.
    """
    words = load_words("workers.analysis", language)
    files = head.files if isinstance(head, Commit) else ()
    bare = Commit(
        **{name: getattr(head, name) for name in CommitHead.model_fields},
        files=tuple(file.model_copy(update={"patch": None, "gap": PatchGap.WITHHELD}) for file in files),
    )
    least = triage(Survey(bare, (), kinds_of(bare.message, bare.files)), words)
    return Analysis(
        sha=head.sha,
        size=Size(files=len(files), additions=bare.additions, deletions=bare.deletions),
        tier=least.tier,
        tier_reasons=least.reasons if files else (words("triage_only.reason"),),
        kinds=least.kinds,
        judgement=Judgement(engine=ENGINE, complete=False, summary=(Statement(text=reason),)),
        grounding=Grounding(),
        coverage=Coverage(files=len(files), bytes=sum(file.patch_bytes for file in files)),
        provenance=Provenance(prompt=OFFLINE_PROMPT, at=now),
    )
