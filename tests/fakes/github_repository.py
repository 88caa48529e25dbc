"""A git repository told as GitHub's REST API tells it: commits, files, comparisons, branches. Runs git to answer."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

FILES_A_PAGE = 300
MOST_FILES = 3_000
"""What the reference of "Get a commit" tells: pages of 300 files, 3,000 at most."""
FILE_LIMITS = (500_000, 20_000)
"""Bytes and lines of one file's patch above which there is none, as "Repository limits" tells."""
_FIELDS = "%H%x00%P%x00%T%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"
_SHA = re.compile(r"[0-9a-f]{40}")
_STATUSES = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


class ApiError(Exception):
    """An answer with an error status; its message is GitHub's own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class _Entry(NamedTuple):
    """One changed file from `--raw` and `--numstat`; without counts it is binary."""

    letter: str
    blob: str
    path: bytes
    old_path: bytes
    additions: int | None
    deletions: int | None


class RestRepository:
    """Answers about the repository at `path` under the name `owner/name`; `api` is the address of the API."""

    def __init__(self, path: Path, name: str, api: str, number: int) -> None:
        self.path = path
        self.name = name
        self.number = number
        self.file_limits = FILE_LIMITS
        self.listed_most = 100_000
        self._url = f"{api}/repos/{name}"
        self._page = f"{api}/{name}"
        self.pull_requests: dict[int, Json] = {}
        self._listed: set[str] = set()
        self._whole_commit = lru_cache(maxsize=2_000)(self._read_commit)

    def about(self) -> Json:
        """The repository itself."""
        branch = self._git("symbolic-ref", "--short", "HEAD").decode().strip()
        return {"id": self.number, "full_name": self.name, "url": self._url, "default_branch": branch}

    def branches(self) -> list[Json]:
        found = self._git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads").decode().split("\n")
        pairs = (line.rpartition(" ") for line in found if line)
        return [{"name": name, "protected": False, "commit": {"sha": sha, "url": ""}} for name, _, sha in pairs]

    def tree(self, ref: str, recursive: bool) -> Json:
        """One folder, by the sha of a commit or a tree, or with all that is below it."""
        sha = self._resolve_tree(ref)
        options = ("-r", "-t") if recursive else ()
        lines = self._git("ls-tree", "-z", "--long", *options, sha).split(b"\0")
        entries = [_tree_entry(line) for line in lines if line]
        cut = recursive and len(entries) > self.listed_most
        return {"sha": sha, "url": "", "truncated": cut, "tree": entries[: self.listed_most] if cut else entries}

    def blob(self, sha: str) -> Json:
        """A file's content by its sha."""
        if not self._git_ok("cat-file", "-e", f"{sha}^{{blob}}"):
            raise ApiError(404, "Not Found")
        data = self._git("cat-file", "blob", sha)
        content = base64.encodebytes(data).decode()
        return {"sha": sha, "node_id": "", "size": len(data), "url": "", "content": content, "encoding": "base64"}

    def pull_request(self, number: int) -> Json:
        """One of `pull_requests`."""
        if number not in self.pull_requests:
            raise ApiError(404, "Not Found")
        return {"number": number, "state": "closed", "user": {"login": "ada"}, **self.pull_requests[number]}

    def _resolve_tree(self, ref: str) -> str:
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{tree}}")
        if found.returncode:
            raise ApiError(404, "Not Found")
        return found.stdout.decode().split()[-1]

    def listed(self, query: Mapping[str, str]) -> list[str]:
        """The shas that a listing has, over all of its pages."""
        if not self._git("for-each-ref", "--count=1", "refs/heads"):
            raise ApiError(409, "Git Repository is empty.")
        start = self._resolve(query.get("sha", "HEAD"))
        if start is None:
            raise ApiError(404, "Not Found")
        options = [f"--max-age={_seconds(query['since'])}"] if "since" in query else []
        options += [f"--min-age={_seconds(query['until'])}"] if "until" in query else []
        options += ["--fixed-strings", f"--author={query['author']}"] if "author" in query else []
        paths = ["--", f":(literal){query['path']}"] if "path" in query else ["--"]
        return self._git("rev-list", *options, start, *paths).decode().split()

    def compared(self, base: str, head: str) -> list[str]:
        """The shas of `git log base..head`, oldest first as the API has them."""
        ends = [self._resolve(base), self._resolve(head)]
        if None in ends:
            raise ApiError(404, "Not Found")
        return self._git("rev-list", "--reverse", f"{ends[0]}..{ends[1]}", "--").decode().split()

    def comparison(self, base: str, head: str, shas: Sequence[str], total: int, with_files: bool) -> Json:
        """What "Compare two commits" answers with one page's commits; files stand on the first page only."""
        if not self._git_ok("merge-base", base, head):
            raise ApiError(404, f"No common ancestor between {base} and {head}.")
        answer: Json = {
            "url": f"{self._url}/compare/{base}...{head}",
            "html_url": f"{self._page}/compare/{base}...{head}",
            "base_commit": self.summaries([str(self._resolve(base))])[0],
            "status": "ahead" if total else "identical",
            "ahead_by": total,
            "total_commits": total,
            "commits": self.summaries(shas),
        }
        return answer | ({"files": []} if with_files else {})

    def summaries(self, shas: Sequence[str]) -> list[Json]:
        """The commits without their files, as lists have them."""
        if not shas:
            return []
        options = ("-z", "--no-walk=unsorted", f"--format=tformat:{_FIELDS}", "--stdin")
        texts = self._git("log", *options, given="\n".join(shas).encode()).decode("utf-8", "replace").split("\0")
        self._listed.update(shas)
        return [self._summary(texts[at : at + 10]) for at in range(0, len(texts) - 1, 10)]

    def commit(self, ref: str, page: int) -> tuple[Json, bool]:
        """One commit with one page of its files, and whether there is another page."""
        sha = ref if ref in self._listed else self._resolve(ref)
        if sha is None:
            raise ApiError(422, f"No commit found for SHA: {ref}")
        summary, files = self._whole_commit(sha)
        given = files[:MOST_FILES]
        last = page * FILES_A_PAGE
        counts = [sum(file[key] for file in files) for key in ("additions", "deletions")]
        stats = {"total": sum(counts), "additions": counts[0], "deletions": counts[1]}
        return {**summary, "stats": stats, "files": given[last - FILES_A_PAGE : last]}, last < len(given)

    def _summary(self, texts: Sequence[str]) -> Json:
        sha, parents, tree, *people, message = texts
        author, committer = (_person(*people[at : at + 3]) for at in (0, 3))
        url = f"{self._url}/commits/{sha}"
        return {
            "sha": sha,
            "node_id": f"C_{sha}",
            "url": url,
            "html_url": f"{self._page}/commit/{sha}",
            "comments_url": f"{url}/comments",
            "commit": {
                "author": author,
                "committer": committer,
                "message": message.rstrip("\n"),
                "tree": {"sha": tree, "url": f"{self._url}/git/trees/{tree}"},
                "url": f"{self._url}/git/commits/{sha}",
                "comment_count": 0,
                "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None},
            },
            "author": None,
            "committer": None,
            "parents": [{"sha": one, "url": f"{self._url}/commits/{one}"} for one in parents.split()],
        }

    def _read_commit(self, sha: str) -> tuple[Json, list[Json]]:
        summary = self.summaries([sha])[0]
        parents = [parent["sha"] for parent in summary["parents"]]
        between = [parents[0], sha] if parents else ["--root", sha]
        options = ("-r", "-M", "--no-commit-id", "--no-abbrev", "--submodule=short", "-z", "--raw", "--numstat", "-p")
        told, _, patch = self._git("diff-tree", *options, *between).partition(b"\0\0")
        entries, patches = _entries(told), iter(_pieces(patch))
        # A change of type is two patches: the old file's end and the new one's beginning.
        texts = [[next(patches) for _ in range(1 + (entry.letter == "T"))][-1] for entry in entries]
        return summary, [self._file(sha, entry, text) for entry, text in zip(entries, texts, strict=True)]

    def _file(self, sha: str, entry: _Entry, piece: bytes) -> Json:
        path = entry.path.decode("utf-8", "replace")
        additions, deletions = entry.additions or 0, entry.deletions or 0
        file: Json = {
            "sha": entry.blob,
            "filename": path,
            "status": _STATUSES[entry.letter],
            "additions": additions,
            "deletions": deletions,
            "changes": additions + deletions,
            "blob_url": f"{self._page}/blob/{sha}/{path}",
            "raw_url": f"{self._page}/raw/{sha}/{path}",
            "contents_url": f"{self._url}/contents/{path}?ref={sha}",
        }
        if entry.old_path:
            file["previous_filename"] = entry.old_path.decode("utf-8", "replace")
        hunks = piece[piece.find(b"\n@@ ") + 1 :] if b"\n@@ " in piece else b""
        if hunks and len(hunks) <= self.file_limits[0] and hunks.count(b"\n") <= self.file_limits[1]:
            file["patch"] = hunks.decode("utf-8", "replace").removesuffix("\n")
        return file

    def _resolve(self, ref: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return None if found.returncode else found.stdout.decode().split()[-1]

    def _git_ok(self, *arguments: str) -> bool:
        return self._run(*arguments).returncode == 0

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self._run(*arguments, given=given)
        if done.returncode:
            raise ApiError(500, done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def _run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        settings = ("-c", "core.quotePath=false", "-c", "i18n.logOutputEncoding=UTF-8")
        command = ["git", "-C", str(self.path), *settings, *arguments]
        environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        return subprocess.run(command, input=given, capture_output=True, env=environment, check=False)


def _tree_entry(line: bytes) -> Json:
    head, _, path = line.partition(b"\t")
    mode, kind, sha, size = head.decode().split()
    entry = {"path": path.decode("utf-8", "replace"), "mode": mode, "type": kind, "sha": sha, "url": ""}
    return {**entry, "size": int(size)} if size.isdigit() else entry


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _person(name: str, email: str, seconds: str) -> Json:
    date = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": name, "email": email, "date": date}


def _entries(printed: bytes) -> list[_Entry]:
    """Reads `-z --raw --numstat`: first all raw lines, then the counts in the same order."""
    tokens = iter(printed.split(b"\0") if printed else [])
    raw: list[tuple[str, str, bytes, bytes]] = []
    counts: list[tuple[int | None, int | None]] = []
    for token in tokens:
        if token.startswith(b":"):
            _, _, old, new, letter = token.decode().split(" ")
            first = next(tokens)
            moved = letter[0] in "RC"
            path = next(tokens) if moved else first
            raw.append((letter[0], old if letter[0] == "D" else new, path, first if moved else b""))
        else:
            additions, deletions, path = token.split(b"\t", 2)
            if not path:
                next(tokens), next(tokens)
            counts.append((None, None) if additions == b"-" else (int(additions), int(deletions)))
    return [_Entry(*one, *count) for one, count in zip(raw, counts, strict=True)]


def _pieces(printed: bytes) -> list[bytes]:
    """The patch cut at each file's first line; no line of content begins like that."""
    return re.split(rb"^(?=diff --git )", printed, flags=re.MULTILINE)[1:]
