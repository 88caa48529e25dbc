"""What sort of change a commit is, from its message and its diff alone, with the declared type or without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workers.analysis.kinds.features import FILES_SEEN, signs_of
from workers.analysis.kinds.message import Wording, wording_of
from workers.analysis.kinds.model import CLASSES, scores_of, shipped_weights
from workers.analysis.paths import Role, role_of
from workers.model import FileChange, FileStatus, Kind

MOST_KINDS = 3

_REVERT = re.compile(r"^(this\s+)?reverts?\b[ :]+(\"|'|“|commit|pr\b|#\d|[0-9a-f]{7})|^(回滚|撤销提交)", re.I)
_REVERTED = re.compile(r"This reverts commit [0-9a-f]{7,}")
_FAST = re.compile(
    r"^(speed(ing)?[ -]?up|optimi[sz]e\s+(the\s+)?(performance|speed)"
    r"|(improve|increase|boost)\s+(\S+\s+){0,3}performance"
    r"|(reduce|avoid|lower|fewer|less)\s+(\w+\s+)?(allocations?|memory usage|cpu usage))"
    r"|\b(speed-?up|perf(ormance)? (improvement|optimi[sz]ation)s?)\b|性能优化|(优化|提升)\S{0,8}性能|(?<!增)加快|提速",
    re.I,
)
_PERFORMANCE = re.compile(
    r"\b(speed(s|ed)?\s?up|faster|perf(ormance)?|optimi[sz](e[sd]?|ing|ations?)|throughput|latency|allocations?)\b|性能|提速|加速",
    re.I,
)
_SECURITY = re.compile(
    r"\bCVE-\d{4}-\d+|\bGHSA-\w{4}-\w{4}-\w{4}|\b(xss|csrf|ssrf|rce|security|vulnerabilit(y|ies)"
    r"|(sql|command|code|prompt) injection|path traversal|prototype pollution|redos|privilege escalation"
    r"|(authentication|authorization|auth) bypass)\b|安全漏洞|漏洞|越权|注入攻击",
    re.I,
)
_ROLE_KINDS = {Role.TEST: Kind.TESTS, Role.DOCS: Kind.DOCS, Role.CI: Kind.CI}
_VERSION_LINE = re.compile(r"^[+-](?![+-]).*\d+\.\d+|^[+-](?![+-]).*\b[0-9a-f]{40}\b", re.M)
_MANY_MOVED = 8  # files moved to another folder
_CHARACTERS_SEEN = 20_000


def kinds_of(message: str, files: Sequence[FileChange]) -> tuple[Kind, ...]:
    """The kinds of a commit, at most three; the first is the main one.

    A type that the message declares (`feat:`, `[Fix]`, `修复：`) decides, with one exception: where every file is
    documentation, a test or CI, nothing of the product can be new or faster, so a declared feature or performance
    comes second. A declared chore is named by what it is, and chore second. Without a type, plain rules find reverts
    and outright performance work, and the weights choose among feature, fix, refactor, tests, docs, build and ci.
    Looks at a bounded part of both, so any commit takes about a millisecond.
    """
    wording = wording_of(message)
    mains = _mains(wording, message, files)
    found = dict.fromkeys([*mains, *_secondary(mains[0], wording, files)])
    return tuple(found)[:MOST_KINDS]


def likely_kinds(message: str, files: Sequence[FileChange]) -> Mapping[Kind, float]:
    """The probability of each of the seven kinds that have weights, whatever type the message declares."""
    wording = wording_of(message)
    signs = signs_of(wording.subject, wording.body, files, wording.scope)
    return scores_of(signs, shipped_weights())


def _mains(wording: Wording, message: str, files: Sequence[FileChange]) -> tuple[Kind, ...]:
    if wording.declared:
        return _declared(wording.declared, message, files)
    if _REVERT.search(wording.subject) or _REVERTED.match(wording.body):
        return (Kind.REVERT,)
    if _FAST.search(wording.subject) and _only_role(files) is None:
        return (Kind.PERFORMANCE,)
    return (_likeliest(message, files),)


def _likeliest(message: str, files: Sequence[FileChange], among: Sequence[Kind] = CLASSES) -> Kind:
    scores = likely_kinds(message, files)
    return max(among, key=lambda kind: scores[kind])


def _declared(declared: tuple[Kind, ...], message: str, files: Sequence[FileChange]) -> tuple[Kind, ...]:
    if declared[0] is Kind.CHORE:
        # A chore is declared to be neither a feature nor a fix; what it is says more than "chore".
        return (_likeliest(message, files, _KINDS_OF_CHORES), *declared)
    only = _only_role(files)
    if only is not None and declared[0] in _KINDS_OF_PRODUCTS:
        return (_ROLE_KINDS[only], *declared)
    return declared


_KINDS_OF_CHORES = (Kind.BUILD, Kind.CI, Kind.DOCS, Kind.TESTS, Kind.REFACTOR)
_KINDS_OF_PRODUCTS = (Kind.FEATURE, Kind.PERFORMANCE)


def _only_role(files: Sequence[FileChange]) -> Role | None:
    """The role of documentation, tests or CI that every file has; None if there is no such."""
    roles = {role_of(file.path) for file in files[:FILES_SEEN]}
    return next((role for role in _ROLE_KINDS if roles == {role}), None)


def _secondary(main: Kind, wording: Wording, files: Sequence[FileChange]) -> Iterator[Kind]:
    text = f"{wording.subject}\n{wording.body}"
    seen = [(file, role_of(file.path)) for file in files[:FILES_SEEN]]
    roles = Counter(role for _, role in seen)
    if _SECURITY.search(text):
        yield Kind.SECURITY
    if _changes_versions(seen):
        yield Kind.DEPENDENCIES
    if main in (Kind.FEATURE, Kind.FIX, Kind.REFACTOR) and _PERFORMANCE.search(wording.subject):
        yield Kind.PERFORMANCE
    if main in (Kind.REFACTOR, Kind.FEATURE) and _moves_modules(files):
        yield Kind.ARCHITECTURE
    yield from _by_share(main, seen, roles)


def _by_share(main: Kind, seen: Sequence[tuple[FileChange, Role]], roles: Counter[Role]) -> Iterator[Kind]:
    """Tests, documentation, CI and configuration that are a real part of a commit about something else."""
    churn = Counter[Role]()
    for file, role in seen:
        churn[role] += file.additions + file.deletions
    for role, kind, least in _SHARES:
        if kind is not main and roles[role] and churn[role] >= least * churn.total() > 0:
            yield kind


# The share of changed lines from which a reader would want the kind named.
_SHARES = (
    (Role.TEST, Kind.TESTS, 0.4),
    (Role.DOCS, Kind.DOCS, 0.4),
    (Role.CI, Kind.CI, 0.3),
    (Role.CONFIG, Kind.CONFIG, 0.4),
)


def _changes_versions(seen: Sequence[tuple[FileChange, Role]]) -> bool:
    roles = {role for _, role in seen}
    if not roles & {Role.MANIFEST, Role.LOCK}:
        return False
    manifests = [file for file, role in seen if role is Role.MANIFEST]
    if not manifests:
        return True
    patches = [file.patch[:_CHARACTERS_SEEN] for file in manifests if file.patch]
    return any(len(_VERSION_LINE.findall(patch)) >= 2 for patch in patches)


def _moves_modules(files: Sequence[FileChange]) -> bool:
    moved = sum(
        file.status is FileStatus.RENAMED and _folder(file.old_path or file.path) != _folder(file.path)
        for file in files
    )
    born = {_folder(file.path) for file in files if file.status is FileStatus.ADDED}
    died = {_folder(file.path) for file in files if file.status is FileStatus.DELETED}
    return moved >= _MANY_MOVED or (len(born - died) >= 2 and len(died - born) >= 2)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
