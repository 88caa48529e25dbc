"""Asks GitHub's API about one repository: keys, waiting for limits, trying again, and our errors instead of others'."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from github import Auth, Github
from github.GithubException import BadAttributeException, GithubException
from github.Requester import Requester
from requests.exceptions import RequestException

from workers.errors import RefusedError, TransientError
from workers.sources.github.access import Clean, GitHubAccess, ResponseMemory, check_api_url
from workers.sources.github.answers import NOT_MODIFIED, OK, Answer, error_of_answer, reading
from workers.sources.github.patience import Patience

API_VERSION = "2022-11-28"
PER_PAGE = 100
"""Items of a page; the most that GitHub gives."""

_REPOSITORY_IN_URL = re.compile(r"/repos/([^/]+/[^/]+)(?:/|$)")


class Client:
    """The API below `/repos/owner/name` ("": for what concerns no repository). Usable from several threads.

    Raises only errors of `workers.errors`. PyGithub's own repeating is off: it would wait without bound where a header
    tells so, in every thread by itself, and in a sleep that nobody can end. `clean` is what a commit of a list has to
    go through before it is remembered.
    """

    def __init__(
        self,
        repository: str,
        access: GitHubAccess,
        memory: ResponseMemory | None,
        patience: Patience,
        clean: Clean = lambda head: head,
    ) -> None:
        check_api_url(access)
        self.repository = repository
        self.host = urlsplit(access.api_url).netloc
        self.memory = memory
        self.clean = clean
        self._access = access
        self._patience = patience
        self._connecting = threading.Lock()
        self._requester: Requester | None = None

    def get(self, below: str, query: Mapping[str, str] | None = None, tag: str | None = None) -> Answer:
        """The answer to a GET of `below` (such as "/commits"): status 200, or 304 where `tag`, an ETag, still holds.

        A repository that has another name now answers by its new one: GitHub redirects, but PyGithub follows without
        the query, so the request is made again under the name that the answer shows.
        """

        def ask() -> tuple[Answer, str | None]:
            answer = self._ask(self._path(below), query or {}, tag)
            return answer, _repository_of(answer)

        asked_of = self.repository
        answer, now_called = self._patience.with_retries(ask)
        if now_called is not None and now_called.casefold() != asked_of.casefold():
            self.repository = now_called
            answer, _ = self._patience.with_retries(ask)
        return answer

    def rate_limit(self) -> tuple[int, int]:
        """How many requests are left in this hour, and how many an hour has. Asking costs none."""
        answer = self._patience.with_retries(lambda: self._ask("/rate_limit", {}, None))
        with reading(answer.asked):
            core = answer.json["resources"]["core"]
            return int(core["remaining"]), int(core["limit"])

    def close(self) -> None:
        """Ends the waiting of all threads, and the connections."""
        self._patience.end()
        if self._requester is not None:
            self._requester.close()

    def _path(self, below: str) -> str:
        return f"/repos/{self.repository}{below}"

    def _ask(self, path: str, query: Mapping[str, str], tag: str | None) -> Answer:
        headers = {"Accept": "application/vnd.github+json"} | ({"If-None-Match": tag} if tag else {})
        answer = self._send(self._connected(), path, query, headers)
        if answer.status == OK or (tag and answer.status == NOT_MODIFIED):
            return answer
        raise error_of_answer(answer, self.repository, self._patience.clock())

    def _send(self, requester: Requester, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        try:
            with reading(path):
                status, told, body = requester.requestJson("GET", path, dict(query), dict(headers))
            return Answer(path, status, told, body)
        except RequestException as error:
            raise TransientError("source_unreachable", url=self._access.api_url, asked=path) from error
        except GithubException as error:  # what fetching an installation's token was answered with
            refused = Answer(path, error.status, _lower(error.headers), "")
            raise error_of_answer(refused, self.repository, self._patience.clock()) from error
        except (AssertionError, BadAttributeException, RuntimeError) as error:  # redirects, tokens that are none
            raise TransientError("source_misbehaves", asked=path) from error

    # --- connecting ----------------------------------------------------------------------------------------------

    def _connected(self) -> Requester:
        with self._connecting:
            if self._requester is None:
                self._requester = self._open(self._auth())
            return self._requester

    def _open(self, auth: Auth.Auth | None) -> Requester:
        return Github(
            auth=auth,
            base_url=self._access.api_url,
            timeout=self._access.timeout,
            user_agent="commit-digest",
            per_page=PER_PAGE,
            retry=None,
            pool_size=self._access.concurrency,
            seconds_between_requests=0,
            seconds_between_writes=0,
            lazy=True,
            api_version=API_VERSION,
        ).requester

    def _auth(self) -> Auth.Auth | None:
        access = self._access
        if access.token:
            return Auth.Token(access.token)
        if access.app_id is None:
            return None
        app = _app_auth(access.app_id, access.private_key or "")
        return app.get_installation_auth(self._installation(app)) if self.repository else app

    def _installation(self, app: Auth.AppAuth) -> int:
        """The number of the App's installation on the repository; RefusedError("repository_not_found") without one."""
        name = f"installation:{self._access.api_url}:{self._access.app_id}:{self.repository.casefold()}"
        known = self.memory.get(name) if self.memory is not None else None
        if known is not None and known.isdigit():
            return int(known)
        path = self._path("/installation")
        requester = self._open(app)
        try:
            answer = self._send(requester, path, {}, {})
        finally:
            requester.close()
        if answer.status != OK:
            raise error_of_answer(answer, self.repository, self._patience.clock())
        with reading(path):
            number = int(answer.json["id"])
        if self.memory is not None:
            self.memory.set(name, str(number).encode())
        return number


def _app_auth(app_id: int, private_key: str) -> Auth.AppAuth:
    try:
        app = Auth.AppAuth(app_id, private_key)
        app.create_jwt()
    except Exception as error:  # of PyJWT and of cryptography; none of them says more than that the key is none
        raise RefusedError("bad_credentials", status=0) from error
    return app


def _repository_of(answer: Answer) -> str | None:
    """The `owner/name` in the address of what was answered; None where there is none."""
    if answer.status != OK:
        return None
    content: Any = answer.json
    first = content[0] if isinstance(content, list) and content else content
    address = first.get("url") if isinstance(first, dict) else None
    match = _REPOSITORY_IN_URL.search(address) if isinstance(address, str) else None
    return match[1] if match else None


def _lower(headers: Mapping[str, Any] | None) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in (headers or {}).items()}
