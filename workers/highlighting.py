"""The highlights of a digest that a model judged: from the store, else asked for, else those of the rules stand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workers.analysis.llm.values import ModelFault
from workers.analysis.versions import highlights_prompt
from workers.model import Entry, Highlighting, Provenance
from workers.request import DigestRequest
from workers.store.highlights import Highlights, HighlightsKey
from workers.wiring import Tools, open_llm, repository_key

if TYPE_CHECKING:
    from workers.analysis.llm.llm import Llm

log = logging.getLogger(__name__)

FEWEST = 2
"""Commits of which a model is asked what matters most; of one its own summary tells."""


def find_highlights(tools: Tools, request: DigestRequest, source: str, news: Sequence[Entry]) -> Highlights | None:
    """What a model says of the most important commits, `news`; None where it is not asked, or could not answer."""
    key = _key(tools, request, source, news)
    if key is None:
        return None
    claim = tools.claims.wait_or_take(key.name, lambda: tools.highlights.get(key) is not None, tools.owner)
    if claim is None:
        return _marked_cached(tools.highlights.get(key), request)
    try:
        return asyncio.run(_open_and_ask(tools, source, news, key))
    except ModelFault as fault:
        log.warning("no highlights from the model: %s", fault.code)
        return None
    finally:
        tools.claims.release(claim)


async def ask_early(llm: Llm, tools: Tools, request: DigestRequest, source: str, news: Sequence[Entry]) -> None:
    """Has a model find the highlights that `find_highlights` will want, unless somebody else does."""
    key = _key(tools, request, source, news)
    if key is None or tools.highlights.get(key) is not None:
        return
    claim = tools.claims.take(key.name, tools.owner)
    if claim is not None:
        try:
            await _ask(llm, tools, source, news, key)
        except ModelFault as fault:
            log.warning("no early highlights from the model: %s", fault.code)
        finally:
            tools.claims.release(claim)


def _key(tools: Tools, request: DigestRequest, source: str, news: Sequence[Entry]) -> HighlightsKey | None:
    """Under which key the highlights are kept; None where a model is not asked."""
    models = tools.analysis_key(source, request).model
    if models is None or len(news) < FEWEST or all(entry.analysis.engine == "offline" for entry in news):
        return None
    told = tuple(f"{entry.sha} {entry.tier} {entry.provenance.at.isoformat()}" for entry in news)
    return HighlightsKey(prompt=highlights_prompt(), model=models, language=request.language, commits=told)


async def _open_and_ask(tools: Tools, source: str, news: Sequence[Entry], key: HighlightsKey) -> Highlights:
    async with open_llm(tools.settings, tools.redis) as llm:
        return await _ask(llm, tools, source, news, key)


async def _ask(llm: Llm, tools: Tools, source: str, news: Sequence[Entry], key: HighlightsKey) -> Highlights:
    from workers.analysis.model_highlights import model_highlights  # noqa: PLC0415 - takes 0.3 s; a warm digest asks none

    repository = repository_key(source)
    found = await model_highlights(llm, key.language, news, lambda sha: tools.commits.get(repository, sha))
    provenance = Provenance(
        model=found.model,
        prompt=key.prompt,
        input_tokens=found.usage.input_tokens,
        output_tokens=found.usage.output_tokens,
        at=tools.now(),
    )
    highlighting = Highlighting(grounding=found.grounding, provenance=provenance)
    kept = Highlights(highlights=found.highlights, highlighting=highlighting)
    tools.highlights.put(key, kept)
    return kept


def _marked_cached(found: Highlights | None, request: DigestRequest) -> Highlights | None:
    """The highlights, saying of themselves that they are from an earlier digest where they are."""
    if found is None or found.highlighting is None or found.highlighting.provenance.at >= request.asked_at:
        return found
    provenance = found.highlighting.provenance.model_copy(update={"cached": True})
    return found.model_copy(update={"highlighting": found.highlighting.model_copy(update={"provenance": provenance})})
