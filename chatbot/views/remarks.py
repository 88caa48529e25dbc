"""Remarks about an analysis: what of a commit was read, what was checked, and who judged."""

from __future__ import annotations

from chatbot.views.phrases import size_text
from chatbot.views.view import Block, Bullet, Bullets, Code, Fold, Paragraph, Runs, Text
from chatbot.views.visible import one_line
from workers.model import Coverage, Engine, Entry, Grounding, Judgement, Provenance
from workers.words import Words


def remarks(entry: Entry, words: Words) -> tuple[Block, ...]:
    """What was read, what was checked, who judged; and the files left out with their reasons."""
    lines = [coverage_text(entry.coverage, words), grounding_text(entry.grounding, words)]
    lines.append(provenance_text(entry.provenance, entry.analysis.engine, words))
    remark = Paragraph((Text(words("mark.semicolon").join(filter(None, lines))),), role="note")
    return (remark, _left_out(entry.coverage, words)) if entry.coverage.left_out else (remark,)


def incomplete_text(analysis: Judgement, words: Words) -> str:
    """That an analysis is not whole, and by name what of it is missing; "" for one that is."""
    if analysis.complete:
        return ""
    if not analysis.missing:
        return words("commit.incomplete")
    names = words("mark.comma").join(words(f"aspect.{section}") for section in analysis.missing)
    return words("commit.missing", sections=names)


NO_PATH = "…"
"""The path of an entry that speaks of files without naming them; such an entry is not one file."""


def _left_out(coverage: Coverage, words: Words) -> Fold:
    """Every file that was not read, by its reason; the summary counts those that are named."""
    by_reason: dict[str, list[Runs]] = {}
    for file in coverage.left_out:
        paths = by_reason.setdefault(one_line(file.reason), [])
        paths += [(Code(file.path),)] if file.path != NO_PATH else []
    counts = (f"{reason} {len(paths):,}" if paths else reason for reason, paths in by_reason.items())
    reasons, unread = words("mark.comma").join(counts), coverage.files - coverage.files_seen
    items = tuple(Bullet((Text(reason),), tuple(paths)) for reason, paths in by_reason.items())
    text = words("coverage.left_out", n=unread, reasons=reasons) if unread else reasons
    return Fold((Text(text),), (Bullets(items),))


def coverage_text(coverage: Coverage, words: Words) -> str:
    """How many files and how much of the changed text were read; "" for a commit without files."""
    if coverage.files == 0:
        return ""
    text = words("coverage.files", seen=coverage.files_seen, n=coverage.files)
    if coverage.bytes_seen >= coverage.bytes:
        return text
    sizes = {"seen": size_text(coverage.bytes_seen, words), "all": size_text(coverage.bytes, words)}
    return text + words("coverage.bytes", **sizes)


def grounding_text(grounding: Grounding, words: Words) -> str:
    """How many statements were checked, repaired and removed; "" when there was nothing to check."""
    if grounding.checked == 0:
        return ""
    counts = {"repaired": grounding.repaired, "removed": grounding.removed}
    return words("grounding.line", n=grounding.checked, **counts)


def provenance_text(provenance: Provenance, engine: Engine, words: Words) -> str:
    """Who judged: the rules of the offline judge or a model, at what cost, and whether it was known already."""
    if engine == "offline" or provenance.model is None:
        text = words("provenance.offline", prompt=provenance.prompt)
    else:
        tokens = {"input": provenance.input_tokens, "output": provenance.output_tokens}
        text = words("provenance.model", model=one_line(provenance.model), prompt=provenance.prompt, **tokens)
    return text + words("provenance.cached") if provenance.cached else text
