"""Which commits a question is about: those it names, else those the talk is about, else those whose words fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workers.questions.corpus import Corpus
from workers.questions.naming import (
    Named,
    asks_which,
    chosen_place,
    named_in,
    points_back,
    without_digest,
    without_names,
)
from workers.questions.ranking import Ranked
from workers.questions.terms import sought_in
from workers.questions.values import About, Asked, CommitRef

MOST = 5
"""Commits that an answer may be about."""
NEAR = 0.55
"""Share of the best commit's score from which another one belongs to the answer too."""
EQUAL = 0.995
"""Share of the best commit's score from which nobody can say which of the two was meant."""


def about(asked: Asked, corpus: Corpus) -> About:
    """The commits that a question is about, best first.

    A sha, pull request or title in the question comes before the drill-down that it follows, or else what was talked
    about, where the question points back or says nothing else; this before what the words find. Where these fit the
    commit of the drill-down nearly as well as the best one, it is meant. Without any telling word, or only with such as
    "important", a question is about the window: the most important commits. Names that are not here are told besides.
    """
    named = named_in(asked.text, corpus.titles())
    if named.numbers:
        return _named(named, corpus)
    if not named.unknown:
        return _meant(asked, asked.text, corpus)
    text = without_names(asked.text)
    says_more = points_back(text) or sought_in(text).concepts
    found = _meant(asked, text, corpus) if says_more else About(how="none")
    return found.model_copy(update={"unknown": named.unknown})


def taken_up(asked: Asked, corpus: Corpus) -> Asked:
    """A question as it is; where it only chooses among the rivals of the last turn, that turn's with its sha."""
    last = asked.turns[-1] if asked.turns else None
    chosen = _chosen(asked.text, last.rivals, corpus) if last is not None else None
    if last is None or chosen is None:
        return asked
    return asked.model_copy(update={"text": f"{last.question} ({chosen})"})


def _chosen(text: str, rivals: Sequence[str], corpus: Corpus) -> str | None:
    """Which of the rivals a text stands for and nothing else, by its place, sha or pull request."""
    place = chosen_place(text)
    if place is not None:
        return rivals[place] if rivals and place < len(rivals) else None
    named = named_in(text, corpus.titles()) if rivals else Named((), ())
    shas = {corpus.refs[number].sha for number in named.numbers} & set(rivals)
    return shas.pop() if len(shas) == 1 and not sought_in(without_names(text)).concepts else None


def _named(named: Named, corpus: Corpus) -> About:
    refs = tuple(corpus.refs[number] for number in named.numbers[:MOST])
    return About(how="named", commits=refs, rivals=refs if named.is_shared else (), unknown=named.unknown)


def _meant(asked: Asked, text: str, corpus: Corpus) -> About:
    """What a question that names no commit is about. `text` is what it says besides names that are not here."""
    back, tells = points_back(text), bool(sought_in(text).concepts)
    if asked.focus is None:
        before = _talked_about(asked, corpus)
        return About(how="focus", commits=before) if before and (back or not tells) else _found(text, corpus)
    focus = About(how="focus", commits=(asked.focus,))
    bare = without_digest(text)
    if asks_which(text) or (bare != text and not back):
        return _found(bare, corpus)
    return focus if back or not tells or _fits(asked.focus, text, corpus) else _found(text, corpus)


def _fits(focus: CommitRef, text: str, corpus: Corpus) -> bool:
    """Whether the words fit a commit nearly as well as the best one. Of the whole window they fit none."""
    if sought_in(text).is_of_window:
        return False
    ranked = corpus.index().commits(text)
    return not ranked or any(
        corpus.refs[item.commit] == focus and item.score >= NEAR * ranked[0].score for item in ranked
    )


def _talked_about(asked: Asked, corpus: Corpus) -> tuple[CommitRef, ...]:
    """What the last turn that was about commits of this digest was about."""
    for turn in reversed(asked.turns):
        known = tuple(ref for ref in corpus.refs if ref.sha in turn.commits)
        if known:
            return known[:MOST]
    return ()


def _found(question: str, corpus: Corpus) -> About:
    ranked = corpus.index().commits(question)
    if sought_in(question).is_of_window:
        return About(how="window", commits=_gravest(corpus, {item.commit for item in ranked}))
    if not ranked:
        return About(how="none")
    near = tuple(corpus.refs[item.commit] for item in ranked[:MOST] if item.score >= NEAR * ranked[0].score)
    return About(how="found", commits=near, rivals=_rivals(ranked, corpus))


def _rivals(ranked: Sequence[Ranked], corpus: Corpus) -> tuple[CommitRef, ...]:
    """The best commits where two or more fit equally well; one change that was made twice is no rival of itself."""
    equal = tuple(corpus.refs[item.commit] for item in ranked[:MOST] if item.score >= EQUAL * ranked[0].score)
    return equal if len({_change(ref, corpus) for ref in equal}) > 1 else ()


def _change(ref: CommitRef, corpus: Corpus) -> tuple[str, ...]:
    """The subject of a commit and the rows that it changes, as a backport has them too."""
    entry, commit = corpus.entry(ref), corpus.commit(ref)
    patches = (file.patch or file.path for file in commit.files) if commit else (ref.sha,)
    rows = (row for patch in patches for row in patch.split("\n") if row[:1] != "@" and row[:1] != " ")
    return (entry.subject if entry else "", *rows)


def _gravest(corpus: Corpus, fitting: Collection[int]) -> tuple[CommitRef, ...]:
    """The most important commits: of those of one tier the `fitting` ones first, else in the order of the digest."""
    tiers = [item.entry.tier.rank for item in corpus.items()]
    numbers = sorted(range(len(tiers)), key=lambda number: (tiers[number], number not in fitting, number))
    return tuple(corpus.refs[number] for number in numbers[:MOST])
