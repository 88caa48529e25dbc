"""Names and paths: each must stand in the commit in some form, or, told as context, in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.names.expansions import expansions_in
from workers.analysis.grounding.prose.everyday import (
    EVERYDAY_CAPITALS,
    EVERYDAY_NAMES,
    EVERYDAY_WORDS,
    LITERALS,
    VALUES,
)
from workers.analysis.grounding.prose.reading import FILE_NAME, FIRST, LAST, N, Name, Reading, Sort
from workers.analysis.grounding.prose.texts import folded, stands
from workers.analysis.grounding.sides import ChangedFile

_LINE = re.compile(r"(?:#L|:)\d+(?:[-–:]L?\d+)*$")
_CALL = re.compile(r"\(.*\)!?$|\(.*$", re.DOTALL)
_HOLE = re.compile(r"\.\.\.|…|\*+|<(?!\d+>)[\w ,.|-]*>|\[(?!['\":]|\d+\])[^\]]*\]|\{[^}]*\}|\?$")
_TOKEN = re.compile(r"[A-Za-z_$][\w$]*|\d[\w.]*")
_JOINT = re.compile(r"::|->|\.|#")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_FLAG = re.compile(r"--([a-z][\w-]+)")
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")
_PATHLIKE = re.compile(r"^[\w.@+~-]*(?:/[\w.@+~*{}\[\]()-]+)+/?$")

_CONTEXT = re.compile(
    r"\b(?:still|existing|already|other|elsewhere|also (?:used|called)|same|similar\w*|unlike|remains?|may"
    r"|might|could|should|would"
    r"|depends?|relies|rely|neither|nor|verify|make sure|consider|needs? to|outside|mirrors?|consistent|analogous)\b"
    r"|仍|现有|已有|其他|其它|调用方|调用者|使用方|同样|类似|一样|可能|应当|应该|需要|依赖|一致|建议|请|参照|沿用|别处|未触及|不涉及",
    re.IGNORECASE,
)

_KIND = re.compile(
    r"-(?:only|based|like|style|aware|free|specific|side|backed|first|compatible|wide|level|bound|safe|capable|enabled|related)$"
)
"""Ends of words that tell a kind ("IPv6-only"), which is no name."""
_PLACE = re.compile(r"\s*(?:函数|方法|类)?\s*(?:中|里|内)")
_PLACED = re.compile(r"\b(?:in|inside|within)\s+(?:the\s+)?$", re.IGNORECASE)
"""What makes a name the place of a change."""
_SUM = re.compile(r"[\d\s()]+[+*/<>=][\d\s+*/()<>=-]+")
"""An expression of numbers alone, which somebody might write."""
_ABSENT = re.compile(
    r"(?:也没有|没有|并无|没有?(?:写|用|加|调用|使用|设置|传入?|提供|实现|定义|出现|提到)|未(?:写|用|加|调用|使用|设置|传入"
    r"|提供|实现|定义|出现|提及))\s*$"
    r"|\b(?:has|have|is|are|there (?:is|are)|with) no\s$|\b(?:without|lacks?|lacking|nowhere|absent)\s(?:an? |any )?$"
    r"|\b(?:does|do|is|are)(?: not|n['’]t) (?:call|use|set|have|define|mention|handle|import)(?:s|ed)?\s"
    r"(?:an? |any )?$",
    re.IGNORECASE,
)
"""What a name is said to be missing from: then it may well stand nowhere."""
_NEWS = re.compile(r"\bnow\b[^,;:，；：]*$|现在[^，；：]*$", re.IGNORECASE)
"""What is told of a name as news is in the commit; the rest of the repository is no place for it."""


def name_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Faults of names that are marked as code, or are plainly code or proper names without a mark."""
    for at, char in enumerate(reading.prose):
        if FIRST <= ord(char) <= LAST:
            name = reading.name(char)
            if name.sort is Sort.BARE and _KIND.search(name.text):
                continue
            if name.sort in (Sort.CODE, Sort.BARE) and not _is_known(name, at, reading, ground):
                code = "path_unknown" if _PATHLIKE.match(name.text) else "name_unknown"
                yield Fault(code=code, details={"what": name.text})
    spelled = " ".join(expansion.long for expansion in expansions_in(reading)).split()
    for word in proper_names(reading):
        if word in spelled or _KIND.search(word):
            continue
        directly = re.search(rf"{_DEED}[^,.;，。；]{{0,20}}{re.escape(word)}", reading.prose)
        if not _is_proper_known(word, ground, with_tree=not directly):
            yield Fault(code="name_unknown", details={"what": word})


def _is_known(name: Name, at: int, reading: Reading, ground: Ground) -> bool:
    if known(name.text, ground):
        return True
    if name.sort is Sort.BARE and (ground.has(name.text.rstrip("s")) or _loosely(name.text, ground)):
        return True
    is_place = _PLACE.match(reading.prose[at + 1 :]) or _PLACED.search(reading.prose[:at])
    if is_place and any(_is_above(name.text, file, ground) for file in ground.files):
        return True
    before = re.split(r"[。；;.!?\n]", reading.prose[:at])[-1]
    if _SUM.fullmatch(name.text) or _ABSENT.search(before):
        return True
    return bool(_CONTEXT.search(before)) and not _NEWS.search(before) and in_tree(name.text, ground)


def _is_above(name: str, file: ChangedFile, ground: Ground) -> bool:
    """Whether a file has a name not far above one of its hunks: there may stand what the change is in."""
    lines = ground.tree_lines(_CALL.sub("", name.strip()), file.file.path, "new") if file.hunks else ()
    return any(0 < hunk.new_start - line < FAR for hunk in file.hunks for line in lines)


FAR = 120
"""Lines that something may reach which a hunk does not show the beginning of."""


def _loosely(name: str, ground: Ground) -> bool:
    """Whether a product's name such as AppImage stands in the commit in another case."""
    return name.isalnum() and name[:1].isupper() and name.lower() in ground.lowered


def in_tree(name: str, ground: Ground) -> bool:
    """Whether the repository has a name or path."""
    bare = _CALL.sub("", _LINE.sub("", name.strip()))
    if "/" in bare and " " not in bare:
        return ground.tree_has_path(bare.rstrip("/")) or ground.tree_holds(bare)
    return ground.tree_holds(bare)


def known(text: str, ground: Ground) -> bool:
    """Whether a name stands in the commits in any of the forms in which people write names."""
    name = text.strip().strip("'\"").strip() or text.strip()
    if not name or name.casefold() in VALUES or (name.casefold() in LITERALS and name.casefold() in ground.lowered):
        return True
    if not any(char.isalnum() for char in name):
        return True
    if _NUMBERED.fullmatch(name):
        return name in ground.text
    return any(_known_form(form, ground) for form in _forms(name, ground))


_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


def _forms(name: str, ground: Ground) -> Iterator[str]:
    if variable := _VARIABLE.fullmatch(name):
        yield variable[1]
        return
    if (flag := _FLAG.fullmatch(name)) and ground.has(f'"{flag[1]}"'):
        yield flag[1]  # as a command registers it
    if "\\" in name:
        yield _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), name)
    yield name
    trimmed = name.rstrip(",.;:!?")
    if trimmed != name:
        yield trimmed
    lineless = _LINE.sub("", trimmed)
    if lineless != trimmed:
        yield lineless


def _known_form(name: str, ground: Ground) -> bool:
    if ground.has(ground.whole(name)) or ground.files_named(name):
        return True
    if _SHA.fullmatch(name) and any(commit.sha.startswith(name) for commit in ground.commits):
        return True
    if name in ground.moments():
        return True
    if route := re.fullmatch(r"[A-Z]+ (/\S*)", name):
        return ground.has(route[1]) or ground.has(f"{route[1]}/")
    if _PATHLIKE.match(name) and not _HOLE.search(name) and "(" not in name:
        return _known_path(name, ground)
    return _is_constant(name, ground) or _known_parts(name, ground)


def _is_constant(name: str, ground: Ground) -> bool:
    """Whether a word is what a constant stands for: `created` of StateCreated or STATE_CREATED, or a part of a name."""
    if _HUMP.fullmatch(name) and re.search(rf"(?<=[a-z0-9]){name}(?![a-z])|(?<![A-Za-z]){name}(?=[A-Z])", ground.text):
        return True
    if not _WORD.fullmatch(name):
        return False
    return bool(
        re.search(rf"[a-z0-9]{name.capitalize()}(?![A-Za-z0-9_])|[A-Z0-9]_{name.upper()}(?![A-Z0-9_])", ground.text)
    )


def _known_path(name: str, ground: Ground) -> bool:
    """A path below a folder that a diff names otherwise, such as `a/src/x.py`; a test of a file, `x.py::test_x`."""
    path = name.rstrip("/").removeprefix("./")
    if path.startswith(("a/", "b/")) and ground.files_named(path[2:]):
        return True
    return name.endswith("/") and (stands(path, ground.text) or ground.has(f"{path}/"))


def _known_parts(name: str, ground: Ground) -> bool:
    """A name with holes, a call with its arguments, a qualified name, a piece of code."""
    if " " in name and (folded(name) in ground.folded_text or _is_command(name, ground)):
        return True
    if _HOLE.search(name):
        return _holed(name, ground)
    if "(" in name and not name.startswith("("):
        return _called(name, ground)
    if " " not in name and _JOINT.search(name) and not FILE_NAME.fullmatch(name):
        return _qualified(name, ground)
    tokens = _TOKEN.findall(name)
    if _COMPARED.search(name):
        tokens = [token for token in tokens if token.casefold() not in LITERALS]
        return bool(tokens) and _together(tokens, ground)
    return len(tokens) > 1 and not re.fullmatch(r"[\w$.@/+-]+", name) and _together(tokens, ground)


_WORD = re.compile(r"[a-z]{4,}")
_HUMP = re.compile(r"[A-Z][a-z]{4,}")
_NUMBERED = re.compile(r"[\w.$>-]+(?:\[\d+\]|<\d+>)")
"""An element by its number: another number is another element."""
_COMPARED = re.compile(r"\s[!=]==?\s")
_COMMAND = re.compile(r"[a-z][\w-]*(?: [a-z][\w-]*){1,3}")


def _is_command(name: str, ground: Ground) -> bool:
    """Whether the words of a command are the parts of one path: `tool create user` of cmd/tool/create_user.go."""
    words = set(name.split())
    return bool(_COMMAND.fullmatch(name)) and any(words <= set(re.split(r"[/_.-]", path)) for path in ground.paths)


def _called(name: str, ground: Ground) -> bool:
    head = _CALL.sub("", name)
    inner = _TOKEN.findall(name[len(head) :])
    if not known(head, ground) or not all(_known_token(token, ground) for token in inner):
        return False
    numbers = [token for token in inner if token[:1].isdigit()]
    return not numbers or _together([*_TOKEN.findall(head)[-1:], *numbers], ground)


def _qualified(name: str, ground: Ground) -> bool:
    parts = [part.rstrip("!") for part in _JOINT.split(name) if part]
    if len(parts) == 1:
        return ground.has(parts[0])
    if any(path.rsplit("/", 1)[-1] == parts[0] for path in ground.paths):
        return False  # another file that is named after one of the commit
    if ground.has(parts[-1]) and all(_known_token(part, ground) or _is_module(part, ground) for part in parts[:-1]):
        return True
    return bool(ground.files_named("/".join(parts)))


def _known_token(token: str, ground: Ground) -> bool:
    return token.casefold() in LITERALS or token[:1].isdigit() or ground.has(token)


def _is_module(part: str, ground: Ground) -> bool:
    """Whether a part of a qualified name is a file or folder of the commit without its ending."""
    return any(f"/{part}." in f"/{path}" or f"/{part}/" in f"/{path}" for path in ground.paths)


def _holed(name: str, ground: Ground) -> bool:
    """Whether the literal parts of a name such as `foo_*` stand in the commit, in order, on one line or in one path."""
    inner = [token for hole in _HOLE.findall(name) for token in _TOKEN.findall(hole) if len(token) > 2]
    parts = [part for part in _HOLE.split(name) if any(char.isalnum() for char in part)]
    if not parts:
        return all(_known_token(token, ground) for token in inner)
    pattern = r"[^\n]{0,200}?".join(re.escape(part) for part in parts)
    if len(pattern) > 400 or len(parts) > 4:
        return False
    if re.search(pattern, ground.text):
        return all(_known_token(token, ground) for token in inner if "{" in name)
    return "/" not in name and all(_known_token(token, ground) for token in _TOKEN.findall(name))


def _together(tokens: Sequence[str], ground: Ground) -> bool:
    """Whether all words of a piece of code stand close together in the commit: on lines that change or stand as one."""
    if not all(ground.has(token) for token in tokens):
        return False
    rarest = max(tokens, key=len)
    reach = 0 if len(tokens) < 4 else 2
    rows = ground.text.split("\n")
    for number, row in enumerate(rows):
        if rarest in row:
            near = "\n".join(rows[max(number - reach, 0) : number + reach + 1])
            if all(stands(token, near) for token in tokens):
                return True
    return False


_CAPITAL = re.compile(r"(?<![A-Za-z0-9_.'’-])([A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)(?![A-Za-z0-9_])")
_LATIN = re.compile(r"(?<![A-Za-z0-9_.-])([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+)(?![A-Za-z0-9_])")
_BUMPED = re.compile(
    r"\b(?:bump|updat|upgrad|downgrad|pin)\w*\s+(?:the\s+)?([a-z][\w.-]+)(?=\s+(?:version\s+)?(?:from|to)\s+v?\d)",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:^|[.!?:;。！？：；“”‘’(（\n—–]|\d[.)])\s*[*_]*$")


_DEED = (
    r"(?:\b(?:[Aa]dd|[Rr]emov|[Dd]elet|[Dd]rop|[Ii]ntroduc|[Rr]eplac|[Uu]pdat|[Uu]pgrad|[Bb]ump)\w*"
    r"|新增|添加|移除|删除|去掉|替换|升级|引入)"
)


def proper_names(reading: Reading) -> Iterator[str]:
    """Words written with a capital inside a sentence, and hyphenated Latin words inside Chinese."""
    found: dict[str, None] = {}
    for match in _CAPITAL.finditer(reading.prose):
        opens = _STARTS.search(reading.prose[: match.start()])
        if not (opens and not reading.is_chinese and not any(char.isupper() for char in match[1][1:])):
            found[match[1]] = None
    if reading.is_chinese:
        found |= {match[1]: None for match in _LATIN.finditer(reading.prose)}
    found |= {match[1]: None for match in _BUMPED.finditer(reading.prose)}
    yield from found


def _is_proper_known(word: str, ground: Ground, with_tree: bool) -> bool:
    low = word.casefold()
    if word in EVERYDAY_CAPITALS or low in EVERYDAY_WORDS or low in EVERYDAY_NAMES:
        return True
    parts = [part for part in re.split(r"-", low) if part]
    if low in ground.lowered or all(_bare(part) in ground.lowered for part in parts):
        return True
    if low.replace("-", "") in re.sub(r"[-_ ]", "", ground.lowered):
        return True
    if low in ground.people.lower():
        return True
    if not with_tree or (word.isupper() and len(word) > 4):
        return False  # a constant, a command, an error code: no word of prose
    return any(ground.tree_holds(form) for form in dict.fromkeys((word, low)))


def _bare(part: str) -> str:
    return part.removesuffix("s") if len(part) > 3 else part


__all__ = ["N", "in_tree", "known", "name_faults", "proper_names"]
