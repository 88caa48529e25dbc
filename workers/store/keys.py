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
    cd:1:run:<run>:listings                       hash    run_life       RunStore: source -> listing without its heads
    cd:1:run:<run>:heads:<draft>                  shelf   run_life       RunStore: the heads of one listing
    cd:1:run:<run>:problems                       list    run_life       RunStore: what could not be had or judged
    cd:1:run:<run>:end                            list    run_life       RunStore: one element once it has ended
    cd:1:digest:<digest>                          string  digest_life    DigestStore: a digest without its commits
    cd:1:digest:<digest>:<draft>:<repository>     shelf   digest_life    DigestStore: the commits of one repository
    cd:1:highlights:<hash>                        string  analysis_life  HighlightStore: what a model made of a window
    cd:1:part-reading:<hash>                      string  analysis_life  PartReadingStore: notes on a part of a commit
    cd:1:response:<hash>                          string  commit_life    ResponseMemory: an answer with its ETag
    cd:1:slots:<name>                             hash    10 minutes     RedisSlots: `limit` of calls at once to an
                                                                         endpoint, and when it was `cut` last (ms)
    cd:1:slots:<name>:leases                      zset    30 seconds     RedisSlots: process -> end of its lease (ms)
    cd:1:slots:<name>:shares                      hash    30 seconds     RedisSlots: process -> slots that it holds and
                                                                         wants, and when it got its first (ms)
    cd:1:usage:<day>                              hash    100 days       UsageStore: `calls:<model>`, its tokens, cost
    cd:1:usage:total                              hash    for ever       UsageStore: the same of all days together
    cd:1:counts                                   hash    for ever       Counts: what happened how often, for metrics
    cd:1:seen:<hash>                              string  as asked       Seen: what came in from outside, by its names
    cd:1:channel:<platform>:<workspace>:<id>      hash    for ever       ChannelStore: language, time zone, granted
                                                                         repositories of a channel
    cd:1:note:<name>                              string  as asked       Notes: what platforms are asked often or once
    cd:1:pace:<name>                              list    seconds        Pace: milliseconds of the last turns taken
    cd:1:feedback:<name>:<sha>                    hash    analysis_life  FeedbackStore: person -> up or down
    cd:1:history:<repository>:<zone>:<day>        hash    digest_life    HistoryStore: piece of a day (seconds since
                                                                         1970) -> its commits by tier
    cd:1:watched                                  set     for ever       Watched: runs whose progress is shown
    cd:1:watcher                                  string  seconds        Watched: the process that shows it
    cd:1:orders:<digest>                          hash    digest_life    OrderStore: channel -> who wants the digest
    cd:1:subscription:<id>                        hash    for ever       SubscriptionStore: a subscription; Schedule:
                                                                         marker, the run in hand, failures
    cd:1:subscriptions                            set     for ever       SubscriptionStore: ids of all
    cd:1:numbers:<platform>:<workspace>:<id>      hash    for ever       SubscriptionStore: of a channel: number -> id,
                                                                         `=<identity>` -> id, `last` number given out
    cd:1:subscriptions:to:<source>                set     for ever       SubscriptionStore: ids of those of a source
    cd:1:schedule                                 zset    for ever       Schedule: id of a subscription -> second at
                                                                         which a scheduler turns to it
    cd:1:told:<repository>:<sha>                  hash    digest_life    ToldStore: channel and delivery -> the digest
                                                                         that told of this commit there
    cd:1:delivery:<name>                          hash    digest_life    Ledger: who delivers, until when; of each part
                                                                         its state, and where it stands
    cd:1:delivery:<name>:parts                    list    digest_life    Ledger: the parts as they are sent
    cd:1:thread:<channel>:<message>               string  digest_life    Topics: what the thread under it is about
    cd:1:thread:<channel>:<message>:turns         list    a week         Turns: what was asked and answered in it, each
                                                                         behind its question's id and a line's end
    cd:1:thread:<channel>:<message>:line          list    a day          Line: its questions that wait for an answer
    cd:1:thread:<channel>:<message>:stop          string  10 minutes     Line: somebody had the answer end
    cd:1:answers:<day>                            hash    100 days       AnswerCounts: questions answered, their cost
    cd:1:warm                                     zset    for ever       Schedule: source -> second of its warm-up

A shelf is a hash, sha -> value, with a list `<key>:order` of all its shas in order and a list `<key>:order:<group>`
of those of each group (in digests the tier). What stands in a draft is seen once the value is written that names it:
a job that runs twice writes two drafts, and one of them is named.

Lives are settings. `1` is the version of this scheme: another scheme gets another number, and the old keys die by
their lives. Parts are percent-encoded, so that no repository, model or branch name can pass for two parts. The keys
`rq:...` are RQ's.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from urllib.parse import quote

PREFIX = "cd:1"

FENCE = f"{PREFIX}:fence"
WATCHED = f"{PREFIX}:watched"
WATCHER = f"{PREFIX}:watcher"
SUBSCRIPTIONS = f"{PREFIX}:subscriptions"
SCHEDULE = f"{PREFIX}:schedule"
WARM = f"{PREFIX}:warm"
USAGE_TOTAL = f"{PREFIX}:usage:total"
COUNTS = f"{PREFIX}:counts"


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


def run_heads(run_id: str, draft: str) -> str:
    """Key of the shelf with the heads of a listing."""
    return f"{run(run_id)}:heads:{_quoted(draft)}"


def run_problems(run_id: str) -> str:
    """Key of a run's problems."""
    return f"{run(run_id)}:problems"


def run_end(run_id: str) -> str:
    """Key of the mark that a run has ended."""
    return f"{run(run_id)}:end"


def digest(digest_id: str) -> str:
    """Key of a digest."""
    return _key("digest", digest_id)


def digest_commits(digest_id: str, draft: str, repository: int) -> str:
    """Key of the shelf with the commits of a repository, which is named by its place in the digest."""
    return f"{digest(digest_id)}:{_quoted(draft)}:{repository}"


def shelf_order(shelf: str, group: str | None = None) -> str:
    """Key of the order of a shelf's values, or of those of a group."""
    return f"{shelf}:order" if group is None else f"{shelf}:order:{_quoted(group)}"


def highlights(name: str) -> str:
    """Key of highlights; `name` may be long."""
    return f"{PREFIX}:highlights:{sha256(name.encode()).hexdigest()}"


def part_reading(name: str) -> str:
    """Key of the notes on a part of a commit; `name` may be long."""
    return f"{PREFIX}:part-reading:{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def response(name: str) -> str:
    """Key of a remembered response; `name` may be long, such as an address with its query."""
    return f"{PREFIX}:response:{sha256(name.encode()).hexdigest()}"


def slots(name: str) -> str:
    """Key of the limit of calls to an endpoint."""
    return _key("slots", name)


def slots_leases(name: str) -> str:
    """Key of the leases of those who call an endpoint."""
    return f"{slots(name)}:leases"


def slots_shares(name: str) -> str:
    """Key of the shares of those who call an endpoint."""
    return f"{slots(name)}:shares"


def usage(day: date) -> str:
    """Key of what models were used for on a day."""
    return _key("usage", day.isoformat())


def seen(name: str) -> str:
    """Key of the mark that something came in; `name` may be long, and is not ours."""
    return f"{PREFIX}:seen:{sha256(name.encode()).hexdigest()}"


def channel(name: str) -> str:
    """Key of a channel's settings; `name` is `platform:workspace:id`, its parts percent-encoded."""
    return f"{PREFIX}:channel:{name}"


def note(name: str) -> str:
    """Key of a note; `name` is made of parts that are percent-encoded."""
    return f"{PREFIX}:note:{name}"


def pace(name: str) -> str:
    """Key of the turns taken under a name."""
    return _key("pace", name)


def feedback(name: str, sha: str) -> str:
    """Key of the votes on an analysis; `name` is an `analysis_name`."""
    return f"{PREFIX}:feedback:{name}:{sha}"


def orders(digest_id: str) -> str:
    """Key of what is known of those who want a digest."""
    return _key("orders", digest_id)


def history(repository: str, timezone: str, day: date) -> str:
    """Key of what is known of a repository's day in a zone."""
    return _key("history", repository, timezone, day.isoformat())


def subscription(subscription_id: str) -> str:
    """Key of a subscription."""
    return _key("subscription", subscription_id)


def subscriptions_of(channel_name: str) -> str:
    """Key of a channel's numbers; `channel_name` is `platform:workspace:id`, its parts percent-encoded."""
    return f"{PREFIX}:numbers:{channel_name}"


def subscriptions_to(source: str) -> str:
    """Key of the ids of the subscriptions to a source."""
    return f"{SUBSCRIPTIONS}:to:{_quoted(source)}"


def told(repository: str, sha: str) -> str:
    """Key of the deliveries that told of a commit."""
    return _key("told", repository, sha)


def delivery(name: str) -> str:
    """Key of the rows of a delivery."""
    return _key("delivery", name)


def delivery_parts(name: str) -> str:
    """Key of the parts of a delivery."""
    return f"{delivery(name)}:parts"


def thread(channel_name: str, root: str) -> str:
    """Key of what the thread under a message is about; `channel_name` as in `channel`."""
    return f"{PREFIX}:thread:{channel_name}:{_quoted(root)}"


def thread_turns(channel_name: str, root: str) -> str:
    """Key of what was asked and answered in a thread."""
    return f"{thread(channel_name, root)}:turns"


def thread_line(channel_name: str, root: str) -> str:
    """Key of the questions that wait in a thread."""
    return f"{thread(channel_name, root)}:line"


def thread_stop(channel_name: str, root: str) -> str:
    """Key of the mark that the answer which is being made in a thread is to end."""
    return f"{thread(channel_name, root)}:stop"


def answers(day: date) -> str:
    """Key of how many questions were answered on a day, and what they cost."""
    return _key("answers", day.isoformat())


def _key(*parts: str) -> str:
    return ":".join((PREFIX, *(_quoted(part) for part in parts)))


def _quoted(part: str) -> str:
    return quote(part, safe="/@")
