"""What a sentence claims of the sides of the diff, and whether the diff bears it out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground, Presence
from workers.analysis.grounding.prose.reading import Name, Sort
from workers.analysis.grounding.prose.texts import is_remark, stands, words_in
from workers.analysis.grounding.sides import Block
from workers.analysis.paths import Role, role_of
from workers.model import FileStatus


class Deed(StrEnum):
    """What is said to happen to a name.

    `added` and `removed` are said of the name itself; `new` and `old` of something that has to do with it: then it is
    only wrong when the name stands on the other side alone.
    """

    ADDED = "added"
    REMOVED = "removed"
    NEW = "new"
    OLD = "old"
    MOVED = "moved"


_CODES = {
    Deed.ADDED: "not_added",
    Deed.REMOVED: "not_removed",
    Deed.NEW: "not_new",
    Deed.OLD: "not_old",
    Deed.MOVED: "not_moved",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A name and what is said to happen to it.

    `near` says that the name follows its verb at once, or of `new` and `old` that a verb of adding or removing governs
    it, however loosely: then lines that stay are no excuse. `itself` says so of a name that is said to have come or
    gone as a whole ("`f` is gone"): then lines that stay speak against it.
    """

    deed: Deed
    name: Name
    near: bool = False
    itself: bool = False


def claim_faults(claims: Iterable[Claim], ground: Ground) -> Iterator[Fault]:
    """The claims that the diff does not bear out."""
    for claim in claims:
        if claim.name.sort in (Sort.LINK, Sort.MENTION, Sort.NUMBER) or claim.name.text in _FLOW:
            continue
        if not _holds(claim, ground):
            yield Fault(code=_CODES[claim.deed], details={"what": claim.name.text})


_FLOW = frozenset(words_in("if else for while try catch except finally return throw raise"))
"""What is told of these ("the `catch` binds no error") is told of what stands in them."""


def bare(text: str) -> str:
    """A name as it may stand on a line: without call brackets, line numbers and holes."""
    short = re.sub(r"(?<=\w)\((?:[^()]|\([^()]*\))*\)$|[*…]+$|\.\.\.$|(?::\d+)+$", "", text.strip()).strip()
    return short or text.strip()


def presence_of(text: str, ground: Ground) -> Presence:
    """Where a name stands, by its whole form, else by its last part."""
    if call := re.fullmatch(r"[\w.]+\(([\w$]+)\)", text.strip()):
        inner = _on_lines(text.strip()[: call.start(1) - 1], call[1], ground)
        if inner.changes:
            return inner
    exact = ground.presence(text.strip())
    if "(" in text and exact.changes:
        called = ground.presence(bare(text))
        return called if called.new and called.old else exact
    whole = ground.presence(ground.whole(bare(text)))
    if whole.changes or whole.context or whole.message:
        return whole
    parts = [part for part in re.split(r"::|->|\.|#", bare(text)) if part]
    if len(parts) > 1 and " " not in text and "/" not in text:
        last = ground.presence(parts[-1])
        if last.changes or last.context:
            return last
    tokens = re.findall(r"[A-Za-z_$][\w$]{2,}", text)
    if len(tokens) > 1:
        found = [ground.presence(token) for token in dict.fromkeys(tokens)]
        new, old = min(one.new for one in found), min(one.old for one in found)
        return Presence(new, old, all(one.context or one.changes for one in found), False)
    return whole


def _on_lines(head: str, inner: str, ground: Ground) -> Presence:
    """On how many lines of each side a parameter stands together with its function, else where it stands at all."""
    last = re.split(r"\.", head)[-1]
    new, old = (
        sum(
            stands(inner, line)
            for file in ground.files
            for line in file.side(side).split("\n")
            if inner in line and stands(last, line)
        )
        for side in ("new", "old")
    )
    return Presence(new, old, False, False) if new or old else ground.presence(inner)


def _holds(claim: Claim, ground: Ground) -> bool:
    text = claim.name.text
    if ("/" in text and ground.files_named(text)) or _is_file(text, ground):
        return _path_holds(claim, ground)
    if text.startswith("--") and not ground.has(text) and ground.has(text.lstrip("-")):
        return _holds(replace(claim, name=replace(claim.name, text=text.lstrip("-"))), ground)  # as code defines it
    found = presence_of(text, ground)
    if _is_within_patches(bare(text), ground):
        return True
    if claim.deed is Deed.MOVED and (not claim.near or claim.name.sort is Sort.TERM):
        return True
    if claim.deed is Deed.MOVED:
        return bool((found.new and found.old) or not found.changes or found.context)
    return _side_holds(claim, found, ground)


def _is_within_patches(name: str, ground: Ground) -> bool:
    """Whether patches that are kept as files are all that changes of a name: what they add may be that it goes."""
    having = [file for file in ground.files if name in file.new or name in file.old]
    return bool(having) and all(file.file.path.endswith((".patch", ".diff")) for file in having)


def _side_holds(claim: Claim, found: Presence, ground: Ground) -> bool:
    """Whether a name that is said to come or to go stands on that side."""
    text, comes = claim.name.text, claim.deed in (Deed.ADDED, Deed.NEW)
    here, there = (found.new, found.old) if comes else (found.old, found.new)
    if (comes and here and there and _only_in_remarks(bare(text), ground)) or (
        claim.deed is Deed.OLD and not here and _only_spoken_of(bare(text), ground)
    ):
        return not comes
    if claim.itself and here <= there and (here or found.context):
        return (comes_somewhere if comes else goes_somewhere)(bare(text), ground)
    if "(" in text or not ground.has(ground.whole(bare(text))):
        return bool(here or not there)  # known by its parts alone: nothing is sure but the sides
    if claim.deed in (Deed.ADDED, Deed.REMOVED):
        return _added(claim, found, ground) if comes else _removed(claim, found, ground)
    if claim.near and there > here:
        return (comes_somewhere if comes else goes_somewhere)(bare(text), ground)
    return bool(here or not there or (found.context and not claim.near))


def _is_file(text: str, ground: Ground) -> bool:
    return "." in text and any(text.strip() == path.rsplit("/", 1)[-1] for path in ground.paths)


def _path_holds(claim: Claim, ground: Ground) -> bool:
    files = ground.files_named(claim.name.text)
    statuses = {file.file.status for file in files}
    if claim.deed is Deed.ADDED:
        return ground.added_path(claim.name.text) or not claim.near or _listed(claim, ground, new=True)
    if claim.deed is Deed.REMOVED:
        return ground.removed_path(claim.name.text) or not claim.near or _listed(claim, ground, new=False)
    if claim.deed is Deed.NEW:
        return statuses != {FileStatus.DELETED}
    if claim.deed is Deed.OLD:
        return statuses != {FileStatus.ADDED}
    if claim.deed is Deed.MOVED and claim.near:
        return bool(statuses & {FileStatus.RENAMED, FileStatus.COPIED, FileStatus.ADDED, FileStatus.DELETED})
    return True


def _listed(claim: Claim, ground: Ground, new: bool) -> bool:
    """Whether a path is itself put in or taken out of a file, as in an index or an ignore list."""
    found = ground.presence(claim.name.text)
    return found.new > found.old if new else found.old > found.new


def _added(claim: Claim, found: Presence, ground: Ground) -> bool:
    if found.new == 0:
        if found.old or (claim.near and found.context):
            return bool(found.message and not found.old) or ground.added_path(claim.name.text)
        return True
    return found.old <= found.new or comes_somewhere(bare(claim.name.text), ground)


def _removed(claim: Claim, found: Presence, ground: Ground) -> bool:
    if found.old and found.new >= found.old and _only_in_remarks(bare(claim.name.text), ground):
        return True
    if found.old == 0:
        if found.new or (claim.near and found.context):
            removed = bool(found.message and not found.new) or ground.removed_path(claim.name.text)
            return removed or is_taken_away([bare(claim.name.text)], ground)
        return True
    return found.new <= found.old or goes_somewhere(bare(claim.name.text), ground)


_TAKES_AWAY = re.compile(r"(?P<call>\w*(?:delet|remov|clear|purg|unlink|evict|destroy|discard)\w*)\s*\(", re.IGNORECASE)


def is_taken_away(names: Collection[str], ground: Ground) -> bool:
    """Whether new code takes any of some names away as it runs: "deletes `KEY`" of a new `store.delete(KEY)`."""
    lines = (line for block in ground.blocks if not block.old for line in block.new)
    named = (line for line in lines if any(stands(name, line) for name in names))
    return any(call["call"] not in names for line in named for call in _TAKES_AWAY.finditer(line))


def comes_somewhere(name: str, ground: Ground) -> bool:
    """Whether at some place of the diff a name stands on more lines than before."""
    return any(_gained(name, block) > 0 for block in ground.blocks)


def goes_somewhere(name: str, ground: Ground) -> bool:
    """Whether at some place of the diff a name stands on fewer lines than before."""
    return any(_gained(name, block) < 0 or _remains_as_remark(name, block) for block in ground.blocks)


def _remains_as_remark(name: str, block: Block) -> bool:
    """Whether code goes of which new lines speak in comments alone."""
    came = [line for line in block.new if stands(name, line)]
    gone = any(stands(name, line) and not is_remark(line) for line in block.old)
    return gone and bool(came) and all(is_remark(line) for line in came)


def _only_in_remarks(name: str, ground: Ground) -> bool:
    """Whether new lines speak of a name in comments alone, as of something that is no longer there."""
    lines = [line for block in ground.blocks for line in block.new if stands(name, line)]
    return bool(lines) and all(is_remark(line) for line in lines)


def _only_spoken_of(name: str, ground: Ground) -> bool:
    """Whether new lines have a name in comments and prose alone, as of something else than what they are."""
    having = [(file, line) for file in ground.files for line in file.new.split("\n") if stands(name, line)]
    return bool(having) and all(is_remark(line) or role_of(file.file.path) is Role.DOCS for file, line in having)


def _gained(name: str, block: Block) -> int:
    return sum(stands(name, line) for line in block.new) - sum(stands(name, line) for line in block.old)
