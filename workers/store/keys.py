"""Every Redis key of ours: what it is called, its type, how long it lives, who writes it and what.

    key                                           type    life           writer, content
    cd:1:commit:<repository>:<sha>                string  commit_life    CommitStore: a commit with its patches
    cd:1:analysis:<name>:<sha>                    string  analysis_life  AnalysisStore: an analysis; its name is
        <name> = <repository>:<prompt>:<model>:<language>                `analysis_name`, without a model: model empty
    cd:1:claim:<name>                             string  claim_life     Claims: the fence of the job that holds a name
    cd:1:claim-history:<name>                     hash    a day          Claims: `last` fence given out and its `owner`,
                                                                         `attempts` since somebody came to an end
    cd:1:fence                                    string  for ever       Claims: the counter of fences
    cd:1:run:<run>                                hash    run_life       RunStore: request, progress, outcome
    cd:1:run:<run>:listings                       hash    run_life       RunStore: source -> listing
    cd:1:run:<run>:problems                       list    run_life       RunStore: what could not be had or judged
    cd:1:run:<run>:end                            list    run_life       RunStore: one element once it has ended
    cd:1:digest:<digest>                          string  digest_life    DigestStore: a finished digest
    cd:1:response:<hash>                          string  commit_life    ResponseMemory: an answer with its ETag

Lives are settings. `1` is the version of this scheme: another scheme gets another number, and the old keys die by
their lives. Parts are percent-encoded, so that no repository, model or branch name can pass for two parts. The keys
`rq:...` are RQ's.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

PREFIX = "cd:1"

FENCE = f"{PREFIX}:fence"


def commit(repository: str, sha: str) -> str:
    """Key of one commit."""
    return _key("commit", repository, sha)


def analysis(name: str, sha: str) -> str:
    """Key of one analysis; `name` is an `analysis_name`."""
    return f"{PREFIX}:analysis:{name}:{sha}"


def analysis_name(repository: str, prompt: str, model: str | None, language: str) -> str:
    """What all analyses made in the same way have in common in their keys."""
    return ":".join(_quoted(part) for part in (repository, prompt, model or "", language))


def claim(name: str) -> str:
    """Key of a claim on a name."""
    return _key("claim", name)


def claim_history(name: str) -> str:
    """Key of what is remembered of a name's claims beyond their lives."""
    return _key("claim-history", name)


def run(run_id: str) -> str:
    """Key of a run."""
    return _key("run", run_id)


def run_listings(run_id: str) -> str:
    """Key of a run's listings."""
    return f"{run(run_id)}:listings"


def run_problems(run_id: str) -> str:
    """Key of a run's problems."""
    return f"{run(run_id)}:problems"


def run_end(run_id: str) -> str:
    """Key of the mark that a run has ended."""
    return f"{run(run_id)}:end"


def digest(digest_id: str) -> str:
    """Key of a digest."""
    return _key("digest", digest_id)


def response(name: str) -> str:
    """Key of a remembered response; `name` may be long, such as an address with its query."""
    return f"{PREFIX}:response:{sha256(name.encode()).hexdigest()}"


def _key(*parts: str) -> str:
    return ":".join((PREFIX, *(_quoted(part) for part in parts)))


def _quoted(part: str) -> str:
    return quote(part, safe="/@")
