"""Which commits a question is about: those it names, else those the talk is about, else those whose words fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workers.questions.corpus import Corpus
from workers.questions.naming import Named, named_in, points_back
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

    A sha, pull request or title in the question comes before the drill-down that it follows, this before what was
    talked about (where the question points back, or says nothing else), this before what the words find. Where it
    has no telling word at all, or only such as "important", it is about the window: the most important commits.
    """
    named = named_in(asked.text, corpus.titles())
    if named.numbers or named.unknown:
        return _named(named, corpus)
    if asked.focus is not None:
        return About(how="focus", commits=(asked.focus,))
    before = _talked_about(asked, corpus)
    if before and (points_back(asked.text) or not sought_in(asked.text).concepts):
        return About(how="focus", commits=before)
    return _found(asked.text, corpus)


def _named(named: Named, corpus: Corpus) -> About:
    refs = tuple(corpus.refs[number] for number in named.numbers[:MOST])
    return About(how="named", commits=refs, unknown=named.unknown) if refs else About(how="none", unknown=named.unknown)


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
    """The best commits where two or more fit equally well."""
    equal = tuple(corpus.refs[item.commit] for item in ranked[:MOST] if item.score >= EQUAL * ranked[0].score)
    return equal if len(equal) > 1 else ()


def _gravest(corpus: Corpus, fitting: Collection[int]) -> tuple[CommitRef, ...]:
    """The most important commits: of those of one tier the `fitting` ones first, else in the order of the digest."""
    tiers = [item.entry.tier.rank for item in corpus.items()]
    numbers = sorted(range(len(tiers)), key=lambda number: (tiers[number], number not in fitting, number))
    return tuple(corpus.refs[number] for number in numbers[:MOST])
