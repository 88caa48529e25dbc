"""What a message and a diff show of a commit's kind: named signs, in groups, from a bounded look at both."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workers.analysis.paths import Role, role_of
from workers.model import FileChange, FileStatus

# Bounds of the look, so that a commit of any size costs about the same.
FILES_SEEN = 60
LINES_SEEN_PER_FILE = 120
CHARACTERS_SEEN_PER_FILE = 16_000
LINES_SEEN = 600
SUBJECT_SEEN = 300
BODY_SEEN = 1_500

_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}|[\u4e00-\u9fff]+|\d+(?:\.\d+)+")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_CODE_WORD = re.compile(r"[A-Za-z_@#][A-Za-z_]{1,24}|=>|[!=<>]=+|&&|\|\||\?\?|\?\.|\s[<>+-]\s|[+-]1\b|!(?=\w)")
_COMMENT = re.compile(r"^\s*(//|#(?!\[|include|define|if|endif|else|pragma)|/?\*|\*/|--\s|;;|<!--|%|\"\"\"|''')")
_DEFINITION = re.compile(
    r"^\s*(?:@\w+\s+)?(?:export\s+|default\s+|pub(?:\([a-z]+\))?\s+|public\s+|private\s+|protected\s+|internal\s+|static\s+"
    r"|async\s+|abstract\s+|final\s+|override\s+|unsafe\s+|virtual\s+|inline\s+)*"
    r"(?:def|func|fn|function|class|struct|interface|trait|enum|type|impl|module|object|protocol|extension)\s+[*\w(]"
)
_EXPORT = re.compile(r"^\s*(export\b|pub\s|public\s|func\s+(\(\w+ \*?\w+\)\s+)?[A-Z]|module\.exports|__all__)")
_TEST_CODE = re.compile(
    r"#\[(tokio::)?test|#\[cfg\(test\)|\b(it|describe|test|expect|assert\w*|should)\s*\(|def test_|func Test[A-Z]"
    r"|@Test\b|\bassert"
)
_NUMBERS = re.compile(r"\d+")
_VERSION = re.compile(r"\d+\.\d+")
_ISSUE = re.compile(r"\b(fix(e[sd])?|close[sd]?|resolve[sd]?)\b:?\s+([\w./-]*#|https?://|[A-Z]+-)\d*", re.I)
_CHANGELOG = re.compile(r"(^|/)(\.changeset/|changelog|changes|news|history|release[-_]?notes)", re.I)


@dataclass
class _Look:
    """What was seen of a diff: files with their roles, and the changed lines of the sources."""

    files: list[tuple[FileChange, Role]]
    added: dict[Role, list[str]] = field(default_factory=dict)
    removed: dict[Role, list[str]] = field(default_factory=dict)
    hunks: list[str] = field(default_factory=list)


def signs_of(subject: str, body: str, files: Sequence[FileChange], scope: str = "") -> dict[str, list[str]]:
    """The signs of a commit by group. The subject, body and scope are as `kinds_message` gives them.

    Signs are plain strings, the same for the same commit; how much each says is the weights' business.
    """
    look = _look_at(files)
    roles = list(_role_signs(look, len(files)))
    words = list(_subject_signs(subject))
    return {
        "subject": words,
        "scope": [f"sc:{word}" for word in words_of(scope[:100])],
        "body": list(_body_signs(body)),
        "roles": roles,
        "paths": sorted(set(_path_signs(look))),
        "shape": list(_shape_signs(look)),
        "code": _code_signs(look),
        "cross": list(_cross_signs(words, look)),
    }


def _look_at(files: Sequence[FileChange]) -> _Look:
    look = _Look([(file, role_of(file.path)) for file in files[:FILES_SEEN]])
    left = LINES_SEEN
    for file, role in look.files:
        if left <= 0:
            break
        if file.patch:
            left -= _read_patch(look, role, file.patch[:CHARACTERS_SEEN_PER_FILE], min(left, LINES_SEEN_PER_FILE))
    return look


def _read_patch(look: _Look, role: Role, patch: str, most: int) -> int:
    lines = patch.split("\n", most)[:most]
    added, removed = look.added.setdefault(role, []), look.removed.setdefault(role, [])
    for line in lines:
        if line.startswith("+"):
            added.append(line[1:300])
        elif line.startswith("-"):
            removed.append(line[1:300])
        elif line.startswith("@@"):
            look.hunks.append(line.rpartition("@@")[2][:120])
    return len(lines)


def _stem(word: str) -> str:
    word = word.lower()
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word


# Chinese words that say a kind, as the stems whose weights English commits have taught.
_CHINESE = (
    *((word, "fix") for word in ("修复", "修正", "解决")),
    *((word, "add") for word in ("新增", "添加", "增加")),
    *((word, "refactor") for word in ("重构", "整理")),
    *((word, "remov") for word in ("删除", "移除", "去除")),
    ("升级", "upgrad"),
    ("支持", "support"),
    ("抽取", "extract"),
    ("提取", "extract"),
    ("简化", "simplify"),
    ("重命名", "renam"),
    ("文档", "doc"),
    ("测试", "test"),
    ("依赖", "dependenci"),
    ("构建", "build"),
    ("流水线", "workflow"),
)


def words_of(text: str) -> list[str]:
    """Stems of the words in order; Chinese as pairs of characters and what they say; versions as one word."""
    found: list[str] = []
    for word in _WORD.findall(text):
        if _CJK.match(word):
            found += [stem for chinese, stem in _CHINESE if chinese in word]
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif word[0].isdigit():
            found.append("<version>")
        else:
            found.append(_stem(word))
    return found


def _subject_signs(subject: str) -> Iterator[str]:
    words = words_of(subject[:SUBJECT_SEEN])
    yield "s0"
    yield from {f"s:{word}" for word in words}
    yield from {f"s2:{one} {two}" for one, two in pairwise(words)}
    yield from {f"s-:{one} {two}" for one, two in zip(words, words[2:], strict=False)}
    if words:
        yield f"s^^:{_WORD.findall(subject)[0].lower()}"
        yield f"s^3:{' '.join(words[:3])}"
        yield f"s^:{words[0]}"
        yield f"s^2:{' '.join(words[:2])}"
        yield f"s$:{words[-1]}"
    yield f"s#:{min(len(words), 12) // 2}"
    for name, mark in (("tick", "`"), ("issue", "#"), ("path", "/"), ("arrow", "->"), ("quote", '"'), ("call", "()")):
        if mark in subject:
            yield f"s!{name}"


def _body_signs(body: str) -> Iterator[str]:
    body = body[:BODY_SEEN]
    words = words_of(body)[:120]
    yield f"b#:{min(len(words), 100) // 12}"
    yield from {f"b:{word}" for word in words}
    yield from {f"b2:{one} {two}" for one, two in pairwise(words)}
    if words:
        yield f"b^:{words[0]}"
    if _ISSUE.search(body):
        yield "b!issue"


def _share(part: float, whole: float) -> str:
    """A share as a word: the steps are finer where they mean more."""
    if not whole or not part:
        return "none"
    share = part / whole
    return (
        "all"
        if share >= 0.999
        else "most"
        if share > 0.8
        else "half"
        if share > 0.4
        else "some"
        if share > 0.1
        else "few"
    )


def _role_signs(look: _Look, files: int) -> Iterator[str]:
    plain = [(file, role) for file, role in look.files if not _CHANGELOG.search(file.path)] or look.files
    counts = Counter(role for _, role in plain)
    churn = Counter[Role]()
    for file, role in plain:
        churn[role] += file.additions + file.deletions
    for role in Role:
        yield f"r:{role}:{_share(counts[role], len(plain))}"
        yield f"rc:{role}:{_share(churn[role], churn.total())}"
    yield "rs:" + "+".join(sorted(counts))
    yield "r1:" + main_role(look.files)
    yield f"n:{min(files.bit_length(), 8)}"
    if len(plain) < len(look.files):
        yield "changelog"
    for file, role in plain:
        if file.status is not FileStatus.MODIFIED:
            yield f"st:{file.status}:{role}"


def main_role(files: Iterable[tuple[FileChange, Role]]) -> str:
    """The role that most of the changed lines have; a tie goes to the first; "none" for no files."""
    churn = Counter[Role]()
    for file, role in files:
        churn[role] += min(file.additions + file.deletions, 400) + 1
    return str(churn.most_common(1)[0][0]) if churn else "none"


def _path_signs(look: _Look) -> Iterator[str]:
    for file, role in look.files[:30]:
        *folders, name = file.path.lower().split("/")
        stem, _, suffix = name.rpartition(".")
        yield f"pn:{name}"
        yield f"px:{suffix}"
        yield f"pr:{role}:{suffix}"
        yield f"p0:{folders[0] if folders else ''}"
        yield from (f"pf:{folder}" for folder in folders[:6])
        yield from (f"pw:{word}" for word in words_of(stem)[:4])


def _shape_signs(look: _Look) -> Iterator[str]:
    additions = sum(file.additions for file, _ in look.files)
    deletions = sum(file.deletions for file, _ in look.files)
    yield f"a:{additions.bit_length()}"
    yield f"d:{deletions.bit_length()}"
    yield f"ad:{_share(additions, additions + deletions)}:{min((additions + deletions).bit_length(), 10)}"
    yield f"h:{min(len(look.hunks).bit_length(), 6)}"
    source_added = [line for role in _CODE_ROLES for line in look.added.get(role, ())]
    source_removed = [line for role in _CODE_ROLES for line in look.removed.get(role, ())]
    yield from _line_signs(source_added, source_removed)
    everything = [*_all(look.added), *_all(look.removed)]
    if 0 < len(everything) <= 12 and all(_VERSION.search(line) for line in everything):
        yield "versions-only"
    if {_NUMBERS.sub("0", line) for line in _all(look.added)} == {
        _NUMBERS.sub("0", line) for line in _all(look.removed)
    }:
        yield "numbers-only"
    yield from {f"hk:{_stem(word)}" for hunk in look.hunks[:20] for word in _WORD.findall(hunk)[:6]}


_CODE_ROLES = (Role.SOURCE, Role.EXAMPLE, Role.SCHEMA)


def _all(lines: dict[Role, list[str]]) -> Iterator[str]:
    for some in lines.values():
        yield from some


def _line_signs(added: list[str], removed: list[str]) -> Iterator[str]:
    """Signs of the changed lines of sources: how alike both sides are, comments, definitions, exports, tests."""
    new, old = {line.strip() for line in added} - _TRIVIAL, {line.strip() for line in removed} - _TRIVIAL
    total = len(added) + len(removed)
    yield f"la:{_share(len(added), total)}:{min(total.bit_length(), 8)}"
    yield f"moved:{_share(2 * len(new & old), len(new) + len(old))}"
    squeezed = {re.sub(r"\W", "", line) for line in new}, {re.sub(r"\W", "", line) for line in old}
    yield f"squeezed:{_share(2 * len(squeezed[0] & squeezed[1]), len(squeezed[0]) + len(squeezed[1]))}"
    comments = sum(bool(_COMMENT.match(line)) for line in [*added, *removed] if line.strip())
    yield f"comment:{_share(comments, sum(bool(line.strip()) for line in [*added, *removed]))}"
    for name, pattern in (("def", _DEFINITION), ("export", _EXPORT), ("test", _TEST_CODE)):
        more, less = (
            sum(bool(pattern.search(line)) for line in added),
            sum(bool(pattern.search(line)) for line in removed),
        )
        yield f"{name}+:{min(more.bit_length(), 4)}"
        yield f"{name}-:{min(less.bit_length(), 4)}"
        yield f"{name}:{max(-4, min(4, more - less))}"
        yield f"{name}%:{_share(more, len(added))}"


_TRIVIAL = frozenset(("", "{", "}", "(", ")", "});", "};", "],", "},", "]", "end", ");", "*/", "/**", "else {"))


def _code_signs(look: _Look) -> list[str]:
    """Words and shapes of lines that stand only on one side of the diff; words apart for sources and all else."""
    found: set[str] = set()
    new_lines, old_lines = (
        {line.strip() for role in _CODE_ROLES for line in side.get(role, ())} - _TRIVIAL
        for side in (look.added, look.removed)
    )
    found |= {f"+l{_form(line)}" for line in sorted(new_lines - old_lines)[:80]}
    found |= {f"-l{_form(line)}" for line in sorted(old_lines - new_lines)[:80]}
    for mark, roles in (("", _CODE_ROLES), ("o", tuple(set(Role) - set(_CODE_ROLES) - {Role.LOCK, Role.VENDORED}))):
        new = {word.lower() for role in roles for line in look.added.get(role, ()) for word in _CODE_WORD.findall(line)}
        old = {
            word.lower() for role in roles for line in look.removed.get(role, ()) for word in _CODE_WORD.findall(line)
        }
        found |= {f"{mark}+{word}" for word in sorted(new - old)[:250]}
        found |= {f"{mark}-{word}" for word in sorted(old - new)[:250]}
    return sorted(found)


def _form(line: str) -> str:
    """The shape of a line of code: strings, numbers and names but for common keywords each become one letter."""
    line = _NAME.sub(lambda match: match[0] if match[0].lower() in _KEYWORDS else "i", _STRING.sub("s", line[:160]))
    return _SPACE.sub("", _NUMBERS.sub("n", line))[:40]


_STRING = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_SPACE = re.compile(r"\s+")
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "if else elif return for while null none nil true false not in is undefined throw throws raise try catch except"
        " finally new await async const let var val self this fn func def function pub export import from use class"
        " public private static void string bool err error ok some match case break continue default and or mut type"
        " struct interface enum impl override final unsafe defer switch when with as assert panic unwrap expect log"
        " warn debug deprecated",
    )
)


def _cross_signs(words: list[str], look: _Look) -> Iterator[str]:
    """Words of the subject together with what the diff is mostly about: `add` means another thing in a test."""
    role = main_role(look.files)
    roles = frozenset(role for _, role in look.files)
    plain = "only" if len(roles) == 1 else "with-test" if Role.TEST in roles else "mixed"
    for word in words:
        if word.startswith(("s:", "s^:")):
            yield f"x:{role}:{word}"
            yield f"xp:{role}:{plain}:{word}"
    added = sum(file.additions for file, _ in look.files)
    deleted = sum(file.deletions for file, _ in look.files)
    size = min((added + deleted).bit_length(), 9) // 2
    yield f"xs:{role}:{plain}:{_share(added, added + deleted)}:{size}"
    new = any(file.status is FileStatus.ADDED for file, _ in look.files)
    yield f"xn:{role}:{plain}:{new}:{size}"
