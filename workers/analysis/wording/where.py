"""Where a commit works, in words: functions, files, folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from workers.analysis.survey.survey import Survey
from workers.analysis.wording.phrases import code, common_folder, names
from workers.model import FileChange
from workers.words import Words

FUNCTIONS_SHOWN = 3
AREAS_SHOWN = 3

LONG_PATH = 64
"""Characters above which a sentence names a file by its last folder and its name."""


def place_of(survey: Survey, words: Words) -> str:
    """A place that is named in full elsewhere, in short: its functions, else the last part of its paths."""
    if survey.touched:
        return names([fact.name for fact in survey.touched], words, FUNCTIONS_SHOWN, "list.more_places")
    files = survey.source or survey.product or survey.commit.files
    if not 0 < len(files) <= 2:
        return of_files(files, words) if files else words("where.nowhere")
    return names([PurePosixPath(file.path).name for file in files], words)


def where(survey: Survey, words: Words) -> str:
    """The functions of product code that changed and their file, or the files with their common folder."""
    files = survey.source or survey.product or survey.commit.files
    if not files:
        return words("where.nowhere")
    inside = names([fact.name for fact in survey.touched], words, FUNCTIONS_SHOWN, "list.more_places")
    if not inside:
        return of_files(files, words)
    return words("where.inside", names=inside, files=of_files(files, words))


def of_files(files: Sequence[FileChange], words: Words) -> str:
    """Up to two files by name, more by their number and the folder they share."""
    paths = [file.path for file in files]
    if len(paths) <= 2:
        return names([brief_path(path) for path in paths], words)
    folder = common_folder(paths)
    first = code(brief_path(paths[0]))
    return words("where.files_below" if folder else "where.files", n=len(paths), folder=code(folder), first=first)


def brief_path(path: str) -> str:
    """A path, or of a long one the file and its folder."""
    return path if len(path) <= LONG_PATH else "/".join(PurePosixPath(path).parts[-2:])


def of_areas(survey: Survey, words: Words) -> str:
    """Folders with the number of files that changed in each, most first."""
    shown = survey.areas[:AREAS_SHOWN]
    told = [
        words("where.area", folder=code(f"{folder}/"), n=count) if folder else words("where.top", n=count)
        for folder, count in shown
    ]
    rest = sum(count for _, count in survey.areas[AREAS_SHOWN:])
    if rest:
        told.append(words("where.rest", n=rest))
    return words("list.comma").join(told)
