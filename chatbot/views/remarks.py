"""Remarks about an analysis: what of a commit was read, what was checked, and who judged."""

from __future__ import annotations

from chatbot.views.phrases import size_text
from chatbot.views.view import Block, Bullet, Bullets, Code, Fold, Paragraph, Runs, Text
from chatbot.views.visible import one_line
from workers.model import Coverage, Engine, Entry, Grounding, LeftOut, Provenance
from workers.words import Words


def remarks(entry: Entry, words: Words) -> tuple[Block, ...]:
    """What was read, what was checked, who judged; and the files left out with their reasons."""
    lines = [coverage_text(entry.coverage, words), grounding_text(entry.grounding, words)]
    lines.append(provenance_text(entry.provenance, entry.analysis.engine, words))
    remark = Paragraph((Text(words("mark.semicolon").join(filter(None, lines))),), role="note")
    left_out = entry.coverage.left_out
    return (remark, _left_out(left_out, words)) if left_out else (remark,)


def _left_out(files: tuple[LeftOut, ...], words: Words) -> Fold:
    """Every file that was not read, by its reason; the summary counts them."""
    by_reason: dict[str, list[Runs]] = {}
    for file in files:
        by_reason.setdefault(one_line(file.reason), []).append((Code(file.path),))
    counts = words("mark.comma").join(f"{reason} {len(paths):,}" for reason, paths in by_reason.items())
    items = tuple(Bullet((Text(reason),), tuple(paths)) for reason, paths in by_reason.items())
    return Fold((Text(words("coverage.left_out", n=len(files), reasons=counts)),), (Bullets(items),))


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
