from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import NOW
from tests.unit.workers.analysis.specimens import SPECIMENS
from workers.analysis.analyst import analyse
from workers.model import Analysis, Language, Statement


def shown(statement: Statement) -> str:
    places = "".join(
        f"\n      {place.path!r} {place.side} {place.start}-{place.end}: {place.quote!r}"
        for place in statement.evidence
    )
    return statement.text + (" [proposed]" if statement.proposed else "") + places


def rendered(analysis: Analysis) -> str:
    """The whole analysis as plain text, for eyes and for comparison."""
    judgement = analysis.judgement
    lines = [f"{analysis.tier.value}: {'; '.join(analysis.tier_reasons)}"]
    lines.append("kinds: " + ", ".join(analysis.kinds))
    lines += [f"summary: {shown(one)}" for one in judgement.summary]
    lines += [f"impact: {shown(one)}" for one in judgement.impact]
    for insight in judgement.insights:
        lines += [f"insight, {insight.dimension}: {shown(one)}" for one in insight.statements]
    lines += [f"risk: {shown(one)}" for one in judgement.risks]
    lines += [f"for {advice.audience}: {shown(advice.statement)}" for advice in judgement.recommendations]
    if judgement.conclusion:
        lines.append(f"conclusion: {shown(judgement.conclusion)}")
    lines.append(f"complete: {judgement.complete}; {analysis.grounding.model_dump()}")
    coverage = analysis.coverage
    lines.append(
        f"read: {coverage.files_seen} of {coverage.files} files, {coverage.bytes_seen} of {coverage.bytes} bytes"
    )
    lines += [f"left out: {left.path!r}: {left.reason}" for left in coverage.left_out]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SPECIMENS)
def test_the_whole_analysis_reads_as_it_was_approved(name, language: Language, golden):
    analysis = analyse(SPECIMENS[name](), language, NOW)
    golden(f"offline/{name}.{language}.txt", rendered(analysis))
