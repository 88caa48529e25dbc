"""Facts about a commit's files as such: added, removed, renamed, moved, their modes, submodules."""

from __future__ import annotations

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.hunks import hunks_of
from workers.analysis.symbols.sides import QUOTE_LIMIT
from workers.model import Evidence, FileChange, FileStatus, Side

NO_MODE = "000000"
_SUBPROJECT = "Subproject commit "


def tree_facts(file: FileChange) -> list[Fact]:
    """What happened to the file itself; nothing for a file whose text alone was modified."""
    if file.is_submodule:
        return [_submodule(file)]
    facts = [fact] if (fact := _file(file)) is not None else []
    if _mode_changed(file):
        facts.append(
            Fact(
                thing=Thing.MODE,
                deed=Deed.CHANGED,
                name=file.path,
                path=file.path,
                old=file.old_mode,
                new=file.new_mode,
            )
        )
    return facts


def _file(file: FileChange) -> Fact | None:
    if file.status is FileStatus.ADDED or file.status is FileStatus.COPIED:
        deed, old = Deed.ADDED, file.old_path
    elif file.status is FileStatus.DELETED:
        deed, old = Deed.REMOVED, None
    elif file.status is FileStatus.RENAMED and file.old_path:
        same_name = file.old_path.rpartition("/")[2] == file.path.rpartition("/")[2]
        deed, old = (Deed.MOVED if same_name else Deed.RENAMED), file.old_path
    else:
        return None
    return Fact(thing=Thing.FILE, deed=deed, name=file.path, path=file.path, old=old, evidence=_first_line(file, deed))


def _first_line(file: FileChange, deed: Deed) -> tuple[Evidence, ...]:
    """The first line of an added or removed file; renames have nothing to quote."""
    if deed not in (Deed.ADDED, Deed.REMOVED) or not file.patch:
        return ()
    side: Side = "new" if deed is Deed.ADDED else "old"
    hunk = next(hunks_of(file.patch), None)
    line = next((line for line in hunk.lines() if line.mark in "+-"), None) if hunk else None
    number = None if line is None else line.new_no if side == "new" else line.old_no
    if line is None or number is None:
        return ()
    return (Evidence(path=file.path, side=side, start=number, end=number, quote=line.text[:QUOTE_LIMIT]),)


def _mode_changed(file: FileChange) -> bool:
    modes = (file.old_mode, file.new_mode)
    return None not in modes and NO_MODE not in modes and modes[0] != modes[1]


def _submodule(file: FileChange) -> Fact:
    shas: dict[str, str] = {}
    evidence: list[Evidence] = []
    for hunk in hunks_of(file.patch or ""):
        for line in hunk.lines():
            if line.mark != " " and line.text.startswith(_SUBPROJECT):
                side: Side = "old" if line.mark == "-" else "new"
                number = line.old_no or line.new_no or 1
                shas[side] = line.text.removeprefix(_SUBPROJECT).strip()
                evidence.append(
                    Evidence(path=file.path, side=side, start=number, end=number, quote=line.text[:QUOTE_LIMIT])
                )
    deeds = {FileStatus.ADDED: Deed.ADDED, FileStatus.DELETED: Deed.REMOVED}
    return Fact(
        thing=Thing.SUBMODULE,
        deed=deeds.get(file.status, Deed.CHANGED),
        name=file.path,
        path=file.path,
        old=shas.get("old"),
        new=shas.get("new"),
        evidence=tuple(evidence),
    )
