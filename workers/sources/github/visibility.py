"""Whether everybody may read a repository, for those who may see no other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from workers.sources.github.access import GitHubAccess
from workers.sources.github.answers import Answer, error_of_answer, reading
from workers.sources.github.client import Client
from workers.sources.github.patience import Patience

_NOT_FOUND = json.dumps({"message": "Not Found"})


def ensure_public(
    repository: str,
    access: GitHubAccess,
    *,
    sleep: Callable[[float], object] | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """RefusedError("repository_not_found") for a repository that is not public: the error of one that is not there.

    The two cannot be told apart by what the error says. One request, never from memory: what was public may be so no
    longer. What GitHub does not call public (internal ones of an Enterprise too) counts as private. `sleep` and `clock`
    are those of Patience; other errors are those of GitHubSource.
    """
    client = Client(repository, access, None, Patience(access.max_wait, access.attempts, sleep, clock))
    try:
        answer = client.get("")
        with reading(answer.asked):
            is_public = answer.json["private"] is False
        if not is_public:
            raise error_of_answer(Answer(f"/repos/{repository}", 404, {}, _NOT_FOUND), repository, clock())
    finally:
        client.close()
