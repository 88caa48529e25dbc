"""A GitHub on loopback: its REST API over real repositories, with its limits, its keys, and faults on demand.

`python -m tests.fakes.github PATH [owner/name]` serves one repository and prints the GITHUB_API_URL to try it with.
"""

from __future__ import annotations

import hashlib
import re
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlencode

from tests.fakes.github_http import Dropped, Handler, Query, Reply, Request, Server, Trouble
from tests.fakes.github_repository import ApiError, RestRepository

PER_PAGE, MOST_PER_PAGE = 30, 100
COMPARED_AT_ONCE = 250
RIGHT_TOKEN = "ghp_right"
INSTALLATION = 77
INSTALLATION_TOKEN = "ghs_of_the_installation"


@dataclass
class _Plan:
    trouble: Trouble
    on: str
    times: int | None


class FakeGitHub:
    """Serves `repositories` (by `owner/name`) while the context lasts.

    `token`: the one that is accepted; others are refused, and private repositories are hidden without it.
    `app_key`: the public key (PEM) of the GitHub App that is installed on every repository.
    """

    def __init__(
        self,
        repositories: Mapping[str, Path],
        *,
        token: str = RIGHT_TOKEN,
        private: bool = False,
        app_key: str | None = None,
    ) -> None:
        self.token = token
        self.private = private
        self.app_key = app_key
        self.moved: dict[str, str] = {}
        self.requests: list[Request] = []
        self.most_at_once = 0
        self.limit = self.remaining = 5_000
        self.reset = int(time.time()) + 3_600
        self._plans: list[_Plan] = []
        self._faults: list[Exception] = []
        self._lock = threading.Lock()
        self._at_once = 0
        self.released = threading.Event()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.answer = self._answer
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.repositories = {
            name.casefold(): RestRepository(path, name, self.url, number)
            for number, (name, path) in enumerate(repositories.items(), 1)
        }
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        if self._faults and error is None:
            raise self._faults[0]

    def trouble(self, trouble: Trouble, on: str = "", times: int | None = 1) -> None:
        """Lets `trouble` befall the next `times` requests (None: all) whose path and query match the pattern `on`."""
        self._plans.append(_Plan(trouble, on, times))

    def calm(self) -> None:
        """Forgets the troubles that are still to come, and the requests that have been."""
        self._plans.clear()
        self.requests.clear()

    def asked(self, on: str = "") -> list[Request]:
        """The requests so far whose path and query match the pattern."""
        return [one for one in self.requests if re.search(on, one.target)]

    # --- one request ----------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Reply | None:
        """The answer to a request, after the troubles planned for it; None to drop the connection."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        reply: Reply | None = None
        try:
            reply = self._after_troubles(request, self._right_answer(request))
        except Dropped:
            pass
        except Exception as fault:
            self._faults.append(fault)
        finally:
            with self._lock:
                self._at_once -= 1
                self.requests.append(replace(request, status=reply.status if reply else 0))
        return reply

    def _after_troubles(self, request: Request, reply: Reply) -> Reply:
        for plan in self._plans:
            with self._lock:
                due = plan.times != 0 and re.search(plan.on, request.target) is not None
                if due and plan.times is not None:
                    plan.times -= 1
            if due:
                return plan.trouble(reply)
        return reply

    def _right_answer(self, request: Request) -> Reply:
        try:
            self._check_key(request)
            if request.path != "/rate_limit":
                self._check_limit()
            reply = self._route(request)
        except ApiError as error:
            reply = Reply.ok({"message": error.message, "documentation_url": "https://docs.github.com"}, error.status)
        return self._with_limit(_conditional(request, reply))

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "").partition(" ")[2]
        if given and given not in (self.token, INSTALLATION_TOKEN) and not self._is_app(given):
            raise ApiError(401, "Bad credentials")
        if not given and self.private:
            raise ApiError(404, "Not Found")

    def _is_app(self, given: str) -> bool:
        import jwt  # noqa: PLC0415 - 40 ms that most tests need not pay

        if self.app_key is None:
            return False
        try:
            jwt.decode(given, self.app_key, algorithms=["RS256"])
        except jwt.PyJWTError:
            return False
        return True

    def _check_limit(self) -> None:
        with self._lock:
            if self.remaining <= 0:
                raise ApiError(403, "API rate limit exceeded for user ID 1. If you reach out to GitHub Support ...")
            self.remaining -= 1

    def _with_limit(self, reply: Reply) -> Reply:
        with self._lock:
            self.remaining += reply.status == 304
            limits = {"limit": self.limit, "remaining": self.remaining, "reset": self.reset, "resource": "core"}
        return replace(reply, headers={**reply.headers, **{f"x-ratelimit-{key}": str(limits[key]) for key in limits}})

    # --- routes ---------------------------------------------------------------------------------------------------

    def _route(self, request: Request) -> Reply:
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        match parts:
            case ["rate_limit"]:
                rate = {"limit": self.limit, "remaining": self.remaining, "reset": self.reset, "used": 0}
                return Reply.ok({"resources": {"core": rate}, "rate": rate})
            case ["app", "installations", number, "access_tokens"] if int(number) == INSTALLATION:
                expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3_600))
                return Reply.ok({"token": INSTALLATION_TOKEN, "expires_at": expires}, 201)
            case ["repos", owner, name, *rest]:
                return self._of_repository(f"{owner}/{name}", rest, request)
            case ["repositories", number, *rest]:
                names = [repository.name for repository in self.repositories.values()]
                return self._of_repository(names[int(number) - 1], rest, request)
        raise ApiError(404, "Not Found")

    def _of_repository(self, name: str, rest: list[str], request: Request) -> Reply:
        moved = self.moved.get(name.casefold())
        repository = self.repositories.get((moved or name).casefold())
        if repository is None:
            raise ApiError(404, "Not Found")
        if moved:
            query = f"?{urlencode(request.query)}" if request.query else ""
            location = "/".join([f"{self.url}/repositories/{repository.number}", *rest]) + query
            return replace(Reply.ok({"message": "Moved Permanently"}, 301), headers={"location": location})
        return self._below(repository, rest, request)

    def _below(self, repository: RestRepository, rest: list[str], request: Request) -> Reply:
        match rest:
            case ["installation"] if self.app_key:
                return Reply.ok({"id": INSTALLATION, "app_id": 1, "target_type": "User"})
            case ["branches"]:
                return self._paged(repository, "branches", repository.branches(), request.query)
            case ["commits"]:
                return self._commits(repository, request.query)
            case ["commits", *ref]:
                return self._commit(repository, "/".join(ref), request.query)
            case ["compare", *ends]:
                return self._compare(repository, "/".join(ends), request.query)
        return Reply.ok(_object(repository, rest, request.query))

    def _commits(self, repository: RestRepository, query: Query) -> Reply:
        shas = repository.listed(query)
        reply = self._paged(repository, "commits", shas, query)
        return reply.with_json(repository.summaries(reply.json()))

    def _commit(self, repository: RestRepository, ref: str, query: Query) -> Reply:
        page = int(query.get("page", "1"))
        commit, more = repository.commit(ref, page)
        links = {"next": {**query, "page": str(page + 1)}} if more else {}
        return self._linked(Reply.ok(commit), repository, f"commits/{ref}", links)

    def _compare(self, repository: RestRepository, ends: str, query: Query) -> Reply:
        base, dots, head = ends.partition("...")
        if not dots:
            raise ApiError(404, "Not Found")
        shas = repository.compared(base, head)
        if "page" not in query and "per_page" not in query:
            return Reply.ok(repository.comparison(base, head, shas[-COMPARED_AT_ONCE:], len(shas), with_files=True))
        reply = self._paged(repository, f"compare/{ends}", shas, query)
        first = query.get("page", "1") == "1"
        return reply.with_json(repository.comparison(base, head, reply.json(), len(shas), with_files=first))

    def _paged(self, repository: RestRepository, below: str, items: list[Any], query: Query) -> Reply:
        size = min(int(query.get("per_page", PER_PAGE)), MOST_PER_PAGE)
        page = int(query.get("page", "1"))
        last = max(1, -(-len(items) // size))
        links = {"next": page + 1, "last": last} if page < last else {}
        links |= {"prev": page - 1, "first": 1} if page > 1 else {}
        reply = Reply.ok(items[(page - 1) * size : page * size])
        return self._linked(reply, repository, below, {rel: {**query, "page": str(at)} for rel, at in links.items()})

    def _linked(self, reply: Reply, repository: RestRepository, below: str, links: Mapping[str, Query]) -> Reply:
        """GitHub's links name the repository by its number."""
        base = f"{self.url}/repositories/{repository.number}/{below}"
        text = ", ".join(f'<{base}?{urlencode(query)}>; rel="{rel}"' for rel, query in links.items())
        return replace(reply, headers={"link": text}) if text else reply


def _object(repository: RestRepository, rest: list[str], query: Query) -> dict[str, Any]:
    """The repository itself, and what is known by a sha or a number."""
    match rest:
        case []:
            return repository.about()
        case ["git", "trees", ref]:
            return repository.tree(ref, recursive="recursive" in query)
        case ["git", "blobs", sha]:
            return repository.blob(sha)
        case ["pulls", number]:
            return repository.pull_request(int(number))
    raise ApiError(404, "Not Found")


def _conditional(request: Request, reply: Reply) -> Reply:
    if request.method != "GET" or reply.status != 200:
        return reply
    tag = f'W/"{hashlib.sha256(reply.body).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Reply(304, b"", {"etag": tag})
    return replace(reply, headers={**reply.headers, "etag": tag})


def main() -> None:
    path, name = Path(sys.argv[1]).resolve(), (sys.argv[2:] or ["acme/engine"])[0]
    with FakeGitHub({name: path}) as hub:
        sys.stdout.write(f"GITHUB_API_URL={hub.url} commit-digest report {name}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
