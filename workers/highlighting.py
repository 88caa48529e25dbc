"""The highlights of a digest that a model judged: from the store, else asked for, else those of the rules stand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from workers.analysis.llm.values import ModelFault
from workers.analysis.model_highlights import model_highlights
from workers.analysis.versions import highlights_prompt
from workers.model import Entry, Highlight
from workers.request import DigestRequest
from workers.store.highlights import HighlightsKey
from workers.wiring import Tools, open_llm, repository_key

log = logging.getLogger(__name__)

FEWEST = 2
"""Commits of which a model is asked what matters most; of one its own summary tells."""


def find_highlights(
    tools: Tools, request: DigestRequest, source: str, news: Sequence[Entry]
) -> tuple[Highlight, ...] | None:
    """What a model says of the most important commits, `news`; None where those of the rules are to stand."""
    models = tools.analysis_key(source, request).model
    if models is None or len(news) < FEWEST or all(entry.analysis.engine == "offline" for entry in news):
        return None
    told = tuple(f"{entry.sha} {entry.tier} {entry.provenance.at.isoformat()}" for entry in news)
    key = HighlightsKey(prompt=highlights_prompt(), model=models, language=request.language, commits=told)
    found = tools.highlights.get(key)
    if found is None:
        try:
            found = asyncio.run(_ask(tools, request, source, news))
        except ModelFault as fault:
            log.warning("no highlights from the model: %s", fault.code)
            return None
        tools.highlights.put(key, found)
    return found or None


async def _ask(tools: Tools, request: DigestRequest, source: str, news: Sequence[Entry]) -> tuple[Highlight, ...]:
    repository = repository_key(source)
    async with open_llm(tools.settings, tools.redis) as llm:
        return await model_highlights(llm, request.language, news, lambda sha: tools.commits.get(repository, sha))
