"""A script that answers like a strong model: it writes each statement from the diff it is shown, in either language.

Nothing is kept for any one commit, and no model is behind it: it reads added, removed and changed definitions and says
so in plain sentences, each with the line that proves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.model_protocol import Asked

_FILE = re.compile(r"= (?P<status>\w+)(?: \+(?P<added>\d+) -(?P<deleted>\d+))? (?P<path>\S+)$")
_DEFINED = re.compile(
    r"\s*(?:export |default |public |private |static |async |pub )*"
    r"(?:def|class|function|func|fn|interface|struct|enum|trait)\s+(?P<name>[A-Za-z]\w{2,})"
)
_CONSTANT = re.compile(r"\s*(?P<name>[A-Z][A-Z_\d]{3,})\s*[:=]\s*(?P<value>\d[\w.]*)\s*,?$")
_NOTED = re.compile(r"^• .*\[(\S+) (new|old): (.+)\]$", re.MULTILINE)
_NAMED_MOST = 3

_EN = {
    "value": "`{name}` in `{path}` goes from `{old}` to `{new}`.",
    "gone": "{names} no longer stand in `{path}`.",
    "gone_one": "{names} no longer stands in `{path}`.",
    "come": "`{path}` now has {names}.",
    "new_file": "`{path}` is new, with {added}.",
    "line": "1 line",
    "lines_of": "{count} lines",
    "old_file": "`{path}` is deleted.",
    "test": "New tests in `{path}`: {names}.",
    "lines": "`{path}` changes, with {added} added and {deleted} deleted.",
    "more": "`{path}` changes, with {added} added.",
    "less": "`{path}` changes, with {deleted} deleted.",
    "reach": "Whoever calls {names} in `{path}` meets code that is new.",
    "miss": "Code elsewhere that still refers to {names} from `{path}` would fail.",
    "read": "Begin the review with `{path}`: it has the most changed lines of the files shown.",
    "search": "Search for remaining uses of {names} before taking this up.",
    "tested": "Run the tests of `{path}` before taking this up.",
    "reason": "{names} come or go",
    "small": "`{path}` changes",
    "and": " and ",
    "comma": ", ",
}
_ZH = {
    "value": "`{path}` 中的 `{name}` 由 `{old}` 改为 `{new}`。",
    "gone": "`{path}` 中移除了 {names}。",
    "gone_one": "`{path}` 中移除了 {names}。",
    "come": "`{path}` 新增了 {names}。",
    "new_file": "新增文件 `{path}`，共 {added}。",
    "line": "1 行",
    "lines_of": "{count} 行",
    "old_file": "删除了文件 `{path}`。",
    "test": "`{path}` 新增测试：{names}。",
    "lines": "`{path}` 有改动：新增 {added}，删除 {deleted}。",
    "more": "`{path}` 有改动：新增 {added}。",
    "less": "`{path}` 有改动：删除 {deleted}。",
    "reach": "凡是调用 `{path}` 中 {names} 的代码，都会用到这次新写的实现。",
    "miss": "其他代码若仍引用 `{path}` 中的 {names}，将会出错。",
    "read": "建议从 `{path}` 开始评审：在展示的文件中，它改动的行数最多。",
    "search": "升级前请搜索 {names} 是否还有其他使用之处。",
    "tested": "升级前请运行 `{path}` 的测试。",
    "reason": "{names} 有增减",
    "small": "`{path}` 有改动",
    "and": " 和 ",
    "comma": "、",
}


@dataclass
class Shown:
    """One file as it is shown: what was done to it, and its changed lines."""

    path: str
    status: str
    added: int
    deleted: int
    lines: dict[str, list[str]] = field(default_factory=lambda: {"+": [], "-": []})

    @property
    def is_test(self) -> bool:
        return "test" in self.path.lower()

    def definitions(self, sign: str) -> dict[str, str]:
        """The names that lines of a side define, with the line."""
        return {found["name"]: line for line in self.lines[sign] if (found := _DEFINED.match(line))}

    def only(self, sign: str) -> dict[str, str]:
        """What is defined on this side and stands nowhere on the other."""
        other = "\n".join(self.lines["-" if sign == "+" else "+"])
        return {name: line for name, line in self.definitions(sign).items() if name not in other}

    def values(self) -> Iterator[tuple[str, str, str, str]]:
        """Constants whose number changes: name, old, new, and the new line."""
        olds = {found["name"]: found["value"] for line in self.lines["-"] if (found := _CONSTANT.match(line))}
        for line in self.lines["+"]:
            found = _CONSTANT.match(line)
            if found and olds.get(found["name"], found["value"]) != found["value"]:
                yield found["name"], olds[found["name"]], found["value"], line


def shown_files(content: str) -> list[Shown]:
    """The files of what a model is shown, those with most changed lines first."""
    files: list[Shown] = []
    for line in content.split("\n"):
        if begun := _FILE.match(line):
            files.append(Shown(begun["path"], begun["status"], int(begun["added"] or 0), int(begun["deleted"] or 0)))
        elif files and line[:1] in files[-1].lines and line[1:].strip():
            files[-1].lines[line[0]].append(line[1:])
    return sorted(files, key=lambda file: (file.is_test, -file.added - file.deleted))


def noted_files(content: str) -> list[Shown]:
    """The files that notes on parts of a commit quote lines of, where those are shown in place of the diff."""
    files: dict[str, Shown] = {}
    for path, side, quote in _NOTED.findall(content):
        file = files.setdefault(path, Shown(path, "modified", 0, 0))
        file.lines["+" if side == "new" else "-"].append(quote)
    return list(files.values())


class Reader:
    """What can be said of one request's files in one language."""

    def __init__(self, asked: Asked) -> None:
        self._words = _ZH if "简体中文" in asked.system else _EN
        self._asked = asked
        self.files = shown_files(asked.content) or noted_files(asked.content)

    def section(self, name: str) -> Any:
        """The value of one property of the reply."""
        about = list(self._about())
        tier = re.search(r"^tier: (\w+)", self._asked.content, re.MULTILINE)
        kinds = re.search(r"kinds by rules: ([\w ]*)", self._asked.content)
        made: Mapping[str, Any] = {
            "tier": tier[1] if tier else "low",
            "tier_reasons": [self._reason()],
            "kinds": kinds[1].split() if kinds else [],
            "summary": about[:3],
            "notes": about[:8],
            "impact": list(self._impact())[:2],
            "insights": self._insights(about[3:7]),
            "risks": list(self._risks())[:2],
            "recommendations": list(self._advice()),
            "conclusion": self._first_to_read() if self.files else None,
            "highlights": list(self._highlights())[:3],
            "repairs": [],
        }
        return made[name]

    def _about(self) -> Iterator[dict[str, Any]]:
        for file in self.files:
            for name, old, new, line in file.values():
                yield self._said("value", file, line, name=name, old=old, new=new)
        for file in self.files:
            yield from self._of_file(file)

    def _of_file(self, file: Shown) -> Iterator[dict[str, Any]]:
        come, gone = file.only("+"), file.only("-")
        if file.status == "deleted":
            yield self._said("old_file", file, next(iter(file.lines["-"]), ""), side="old")
            return
        if come:
            key = "test" if file.is_test and all(name.startswith("test") for name in come) else "come"
            yield self._said(key, file, next(iter(come.values())), names=self._names(come))
        if gone:
            key = "gone" if len(gone) > 1 else "gone_one"
            yield self._said(key, file, next(iter(gone.values())), side="old", names=self._names(gone))
        if not come and not gone and file.lines["+"] and file.added:
            key = "new_file" if file.status == "added" else "lines" if file.deleted else "more"
            yield self._said(key, file, file.lines["+"][0])
        elif not come and not gone and file.lines["-"] and file.deleted:
            yield self._said("less", file, file.lines["-"][0], side="old")

    def _impact(self) -> Iterator[dict[str, Any]]:
        for file in self.files:
            if not file.is_test and (come := file.only("+")):
                yield self._said("reach", file, next(iter(come.values())), names=self._names(come))

    def _insights(self, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"dimension": "maintainability", "statements": statements}] if statements else []

    def _risks(self) -> Iterator[dict[str, Any]]:
        for file in self.files:
            if not file.is_test and (gone := file.only("-")):
                yield self._said("miss", file, next(iter(gone.values())), side="old", names=self._names(gone))

    def _advice(self) -> Iterator[dict[str, Any]]:
        for file in self.files:
            if not file.is_test and (gone := file.only("-")):
                said = self._said("search", file, next(iter(gone.values())), side="old", names=self._names(gone))
                yield {"audience": "developers", "statement": said}
                break
        tested = next((file for file in self.files if file.is_test and file.lines["+"]), None)
        if tested:
            yield {"audience": "developers", "statement": self._said("tested", tested, tested.lines["+"][0])}
        if not tested and self.files:
            yield {"audience": "reviewers", "statement": self._first_to_read()}

    def _first_to_read(self) -> dict[str, Any] | None:
        if not any(file.added or file.deleted for file in self.files):
            return next(self._about(), None)
        first = max(self.files, key=lambda file: file.added + file.deleted)
        sign = "+" if first.lines["+"] else "-"
        return self._said("read", first, next(iter(first.lines[sign]), ""), side="new" if sign == "+" else "old")

    def _highlights(self) -> Iterator[dict[str, Any]]:
        for block in re.split(r"^= ", self._asked.content, flags=re.MULTILINE)[1:]:
            told = re.search(r"^• (.+[.。])$", block, re.MULTILINE)
            if told:
                yield {"text": told[1], "commits": [block.split()[0]]}

    def _reason(self) -> str:
        names = {name for file in self.files for sign in "+-" for name in file.only(sign)}
        if names:
            return self._words["reason"].format(names=self._names(dict.fromkeys(sorted(names), "")))
        return self._words["small"].format(path=self.files[0].path) if self.files else ""

    def _names(self, names: Mapping[str, str]) -> str:
        told = [f"`{name}`" for name in names][:_NAMED_MOST]
        return self._words["and"].join([self._words["comma"].join(told[:-1]), told[-1]] if len(told) > 1 else told)

    def _lines(self, count: int) -> str:
        return self._words["line" if count == 1 else "lines_of"].format(count=count)

    def _said(self, key: str, file: Shown, quote: str, side: str = "new", **names: Any) -> dict[str, Any]:
        sizes = {"added": self._lines(file.added), "deleted": self._lines(file.deleted)}
        text = self._words[key].format(path=file.path, **sizes, **names)
        places = [{"path": file.path, "side": side, "quote": quote.strip()}] if quote.strip() else []
        return {"text": text, "evidence": places, "proposed": False}


def reading_the_diff(asked: Asked) -> str:
    """The reply: every section that is asked for."""
    reader = Reader(asked)
    return json.dumps({name: reader.section(name) for name in asked.schema["properties"]}, ensure_ascii=False)
