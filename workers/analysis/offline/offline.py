"""The judge without a model: statements built from facts of the diff, each with where to see it."""

from __future__ import annotations

from workers.analysis.offline.advice import recommendations_of
from workers.analysis.offline.impact import impact_of
from workers.analysis.offline.insights import insights_of
from workers.analysis.offline.risks import hazard_words, lost_groups, risks_of, standing_risks
from workers.analysis.offline.summary import summary_of
from workers.analysis.survey.signals import Signal, secret_places, signals_of
from workers.analysis.survey.survey import Survey
from workers.analysis.wording.clauses import clause, evidence_of
from workers.analysis.wording.leaks import secret_kinds
from workers.analysis.wording.phrases import spaced
from workers.model import Judgement, PatchGap, Statement, Tier, Triage
from workers.words import Words


def judge(survey: Survey, least: Triage, words: Words) -> Judgement:
    """The judgement by rules: all sections for high, the essential ones for medium, one or two sentences for low.

    `complete` is False when the source would not give the text of a file that has one, or left files out.
    """
    return _polished(_judge(survey, least, words))


def _judge(survey: Survey, least: Triage, words: Words) -> Judgement:
    summary = summary_of(survey, words, brief=least.tier is Tier.LOW)
    readable = all(file.gap in (None, PatchGap.BINARY) for file in survey.commit.files)
    complete = readable and not survey.commit.files_cut
    if least.tier is Tier.LOW:
        return Judgement(engine="offline", complete=complete, summary=summary, risks=standing_risks(survey, words))
    signals = signals_of(survey)
    high = least.tier is Tier.HIGH
    return Judgement(
        engine="offline",
        complete=complete,
        summary=summary,
        impact=impact_of(survey, words, with_tests=not high),
        insights=insights_of(survey, signals, words) if high else (),
        risks=risks_of(survey, signals, words),
        recommendations=recommendations_of(survey, signals, words),
        conclusion=_conclusion(survey, least, signals, words) if high else None,
    )


def _conclusion(survey: Survey, least: Triage, signals: tuple[Signal, ...], words: Words) -> Statement:
    """What to remember: what must be handled before upgrading, else what the commit is high for."""
    if survey.secrets:
        kinds = secret_kinds(survey.secrets, words)
        return Statement(text=words("conclusion.secret", kinds=kinds), evidence=secret_places(survey.secrets))
    lost = lost_groups(survey)
    danger = next((signal.danger for signal in signals if signal.danger), None)
    if lost:
        clauses = words("list.clauses").join(clause(group, words) for group in lost[:2])
        text = words("conclusion.lost", clauses=clauses)
        return Statement(text=text, evidence=evidence_of(lost[:2]))
    if danger:
        text = words("conclusion.danger", **hazard_words(danger, words))
        return Statement(text=text, evidence=danger.evidence)
    return Statement(text=words("conclusion.reasons", reason=least.reasons[0]))


def _polished(judgement: Judgement) -> Judgement:
    """The judgement with the blanks of its sentences set right."""
    return judgement.model_copy(
        update={
            "summary": tuple(map(_spaced, judgement.summary)),
            "impact": tuple(map(_spaced, judgement.impact)),
            "insights": tuple(
                insight.model_copy(update={"statements": tuple(map(_spaced, insight.statements))})
                for insight in judgement.insights
            ),
            "risks": tuple(map(_spaced, judgement.risks)),
            "recommendations": tuple(
                advice.model_copy(update={"statement": _spaced(advice.statement)})
                for advice in judgement.recommendations
            ),
            "conclusion": _spaced(judgement.conclusion) if judgement.conclusion else None,
        }
    )


def _spaced(statement: Statement) -> Statement:
    return statement.model_copy(update={"text": spaced(statement.text)})
