"""Sentences that name a file and nothing else of the commit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.analysis.grounding.figures.tallies import opens_tests
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.texts import words_in
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.grounding.whereabouts.things import is_referred_to
from workers.analysis.paths import Role, role_of
from workers.model import Statement

_TOUCHES = re.compile(
    r"\b(?:touch\w*|changes?|changed|updates?|updated|together with|alongside|among|affect\w*|covers?"
    r"|extends?|restructur\w*|maintenance|sync\w*|regenerat\w*|refresh\w*|files?)\b"
    r"|涉及|同步|触及|改动|随之|等 ?\d+|影响|更新|调整|重构",
    re.IGNORECASE,
)
_TEST_WORD = re.compile(r"\btests?\b|\btest cases?\b|测试|用例", re.IGNORECASE)
_DOC_WORD = re.compile(r"\bdocument(?:s|ed|ation)\b|\bdocs\b|文档", re.IGNORECASE)


def is_wrong_alone(
    sentence: str, mark: str, files: Sequence[ChangedFile], statement: Statement, ground: Ground
) -> bool:
    """Whether what a sentence tells of files is told of others: by its evidence, its words, and what the files are for.

    `mark` is that of the files in the sentence.
    """
    before = sentence[: sentence.index(mark)]
    if _puts_tests(before, files, ground):
        return True
    if is_referred_to(before) or _TOUCHES.search(sentence):
        return False
    shown = {item.path for item in statement.evidence}
    if shown:
        return _wrong_role(sentence, files, ground) or not any(path in shown for file in files for path in file.paths)
    return _wrong_role(sentence, files, ground) or _words_elsewhere(sentence, files, ground)


_PUT_IN = re.compile(
    r"\btests?\b[^.;,]{0,50}\b(?:added|appended|put|placed|written|go|went|live|sit|reside)\b"
    r" (?:to|in|into|inside) (?:the )?$"
    r"|测试[^，。；]{0,14}(?:加|写|放|添加|新增|补充)(?:在|到|进|于)了?\s*$",
    re.IGNORECASE,
)


def _puts_tests(before: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether tests are said to be put in files that gain none, while others do."""
    if not _PUT_IN.search(before) or any(opens_tests(file.new) for file in files):
        return False
    return any(opens_tests(file.new) for file in ground.files)


def _wrong_role(sentence: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    for word, role, stem in ((_TEST_WORD, Role.TEST, "test"), (_DOC_WORD, Role.DOCS, "doc")):
        if word.search(sentence):
            fits = any(role_of(file.file.path) is role or stem in (file.new + file.old).lower() for file in files)
            others = any(role_of(file.file.path) is role for file in ground.files if file not in files)
            if others and not fits:
                return True
    return False


_DULL = frozenset(
    words_in(
        "that with from this when which into their them they then than have does also only code support"
        " handling logic file files adds added adding removes removed updates updated changes changed uses"
        " used fixes fixed makes made instead because now"
    )
)


def _words_elsewhere(sentence: str, files: Sequence[ChangedFile], ground: Ground) -> bool:
    """Whether the plain words of a sentence stand in the changed lines of other files and never in those it names."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z]{5,}", sentence.lower()) if word not in _DULL}
    if len(words) < 2:
        return False
    here = "\n".join(file.new + file.old + file.context for file in files).lower()
    there = "\n".join(file.new + file.old for file in ground.files if file not in files).lower()
    return not any(word in here for word in words) and sum(word in there for word in words) >= 2
