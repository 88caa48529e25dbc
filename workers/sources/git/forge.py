"""What the address of a remote tells: the repository's name, and its page where the forge is known."""

from __future__ import annotations

import re
from typing import NamedTuple

FORGES = ("github.com", "gitlab.com", "gitee.com", "gitcode.com", "codeberg.org", "bitbucket.org")
"""Hosts whose pages stand at `https://<host>/<owner>/<name>`."""

_ADDRESS = re.compile(r"(?:https?|ssh|git|git\+ssh)://(?:[^/]*@)?([^/@:]+)(?::[0-9]*)?/+(.+)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]+@)?([^/@:]{2,}):(?!//)/*(.+)")
_SEGMENT = re.compile(r"[\w.~+-]+")


class Home(NamedTuple):
    """`owner/name` (a group may have further levels) and the page, None for a forge we do not know."""

    name: str
    url: str | None


def read_remote(address: str) -> Home | None:
    """The home that a remote's address names, without user, password or query; None for a folder or anything else."""
    match = _ADDRESS.fullmatch(address) or (None if "://" in address else _SCP.fullmatch(address))
    if not match:
        return None
    path = re.split(r"[?#]", match[2])[0].strip("/").removesuffix(".git")
    segments = path.split("/")
    if len(segments) < 2 or not all(_SEGMENT.fullmatch(segment) and segment.strip(".") for segment in segments):
        return None
    host = match[1].lower().removeprefix("www.").replace("ssh.github.com", "github.com")
    return Home(path, f"https://{host}/{path}" if host in FORGES else None)
