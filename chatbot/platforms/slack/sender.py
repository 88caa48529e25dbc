"""The way out: views as Slack's messages, sent, changed, said to one person, and found again by their keys."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from chatbot.messaging import (
    Capabilities,
    Channel,
    MessageRefusedError,
    Part,
    Person,
    Receipt,
    Stream,
)
from chatbot.platforms.slack.calls import Json
from chatbot.platforms.slack.facts import PLATFORM, Facts
from chatbot.platforms.slack.paces import Paces
from chatbot.platforms.slack.replies import ReplyUrls
from chatbot.platforms.slack.streams import begin
from chatbot.platforms.slack.workspaces import Workspaces
from chatbot.render.blocks import PART_EVENT, slack_messages
from chatbot.render.blocks_parts import told
from chatbot.views.view import Chart, View, walk
from workers.errors import DigestError
from workers.store.notes import Notes

log = logging.getLogger(__name__)

CHART = "data_visualization"
NO_CHARTS_LIFE = timedelta(days=7)
"""After how long a workspace that refused a chart is offered one again: Slack brings them to all, little by little."""
PAGE = 200
"""Messages that are looked through in one call."""

_SILENT: Json = {"unfurl_links": False, "unfurl_media": False}


class SlackPlatform:
    """See Platform. A part's payload has `text` and `blocks`, and `without_charts` where those have a chart in them."""

    def __init__(self, workspaces: Workspaces, notes: Notes, replies: ReplyUrls, paces: Paces) -> None:
        self._workspaces = workspaces
        self._notes = notes
        self._facts = Facts(workspaces, notes)
        self._replies = replies
        self._paces = paces

    @property
    def name(self) -> str:
        """See Platform."""
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        """See Platform. Slack knows no keys: what may have arrived is looked up."""
        return Capabilities()

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        """See Platform. Charts are told in text where the workspace refused one lately."""
        del key
        charts = self._takes_charts(channel.workspace)
        return tuple(_part(message, view) for message in slack_messages(view, charts=charts))

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        """See Platform. Slack answers in the channel itself where a thread is gone: that is taken back."""
        team, client = channel.workspace, self._workspaces.client(channel.workspace)
        metadata = {"event_type": PART_EVENT, "event_payload": {"key": key}}
        place = _place(under)
        about = {"channel": channel.id, "metadata": metadata, **place, **_SILENT}
        answer = self._with_charts(
            part, team, lambda said: self._paces.ask(team, client.chat_postMessage, **about, **said)
        )
        sent = Receipt(channel=channel, id=answer["ts"], thread=place.get("thread_ts") or answer["ts"])
        if place and not answer.get("message", {}).get("thread_ts"):
            with suppress(DigestError):
                self._paces.ask(team, client.chat_delete, channel=channel.id, ts=sent.id)
            raise MessageRefusedError("gone")
        return sent

    def edit(self, receipt: Receipt, part: Part) -> None:
        """See Platform."""
        team = receipt.channel.workspace
        client = self._workspaces.client(team)
        place = {"channel": receipt.channel.id, "ts": receipt.id}
        self._with_charts(part, team, lambda said: self._paces.ask(team, client.chat_update, **place, **said))

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        """See Platform. Where we may not write, by the address that Slack gave with the person's last words there."""
        try:
            self._tell_there(channel, person, part, under)
        except MessageRefusedError as refusal:
            said = _said(part)
            if self._replies.say(channel, person, said):
                return
            if channel.is_direct:
                raise
            log.info("%s is told directly: %s", channel.key, refusal)
            self._tell_directly(channel, person, said, refusal)

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        """See Platform."""
        place = _place(under)
        for message in self._since(channel, since, place.get("thread_ts")):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == PART_EVENT and metadata.get("event_payload", {}).get("key") == key:
                return Receipt(channel=channel, id=message["ts"], thread=place.get("thread_ts") or message["ts"])
        return None

    def is_shared(self, channel: Channel) -> bool:
        """See Platform."""
        return not channel.is_direct and self._facts.is_shared(channel.workspace, channel.id)

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        """See Platform."""
        del key
        client = self._workspaces.client(channel.workspace)
        return begin(client, self._paces, self._since, person, text, under)

    def address(self, receipt: Receipt) -> str | None:
        """See Platform."""
        team = receipt.channel.workspace
        method = self._workspaces.client(team).chat_getPermalink
        answer = self._paces.ask(team, method, channel=receipt.channel.id, message_ts=receipt.id)
        return str(answer.get("permalink", "")) or None

    # ------------------------------------------------------------------------------------------------------------------

    def _takes_charts(self, team: str) -> bool:
        """Whether it has refused none lately; in doubt not: what is said in words is always taken."""
        try:
            return self._notes.get(PLATFORM, team, "no-charts") is None
        except DigestError:
            return False

    def _tell_there(self, channel: Channel, person: Person, part: Part, under: Receipt | None) -> None:
        team, client = channel.workspace, self._workspaces.client(channel.workspace)
        about = {"channel": channel.id, **_place(under), **_said(part)}
        if channel.is_direct:
            self._paces.ask(team, client.chat_postMessage, **about, **_SILENT)
        else:
            self._paces.ask(team, client.chat_postEphemeral, user=person.id, **about)

    def _tell_directly(self, channel: Channel, person: Person, said: Json, refusal: MessageRefusedError) -> None:
        """In the talk that the person has with us, with the name of the channel that it is about."""
        where = {"type": "rich_text_section", "elements": [{"type": "channel", "channel_id": channel.id}]}
        blocks = [{"type": "rich_text", "elements": [where]}, *said["blocks"]]
        team, client = channel.workspace, self._workspaces.client(channel.workspace)
        said = {"channel": person.id, "text": said["text"], "blocks": blocks, **_SILENT}
        try:
            self._paces.ask(team, client.chat_postMessage, **said)
        except MessageRefusedError:
            raise refusal from None

    def _since(self, channel: Channel, since: datetime, thread: str | None) -> Iterator[Json]:
        """The messages of a channel, or of a thread, since a time."""
        team, client = channel.workspace, self._workspaces.client(channel.workspace)
        method = client.conversations_history if thread is None else client.conversations_replies
        asked: Json = {"channel": channel.id, "oldest": f"{since.timestamp():.6f}", "limit": PAGE, "ts": thread}
        cursor = None
        while cursor != "":
            answer = self._paces.ask(team, method, **asked, include_all_metadata=True, cursor=cursor)
            yield from answer.get("messages", [])
            cursor = answer.get("response_metadata", {}).get("next_cursor") or ""

    def _with_charts(self, part: Part, team: str, say: Callable[[Json], Json]) -> Json:
        """Says a part; where the workspace refuses its chart, once more with the chart in words, as from then on."""
        plain = part.payload.get("without_charts")
        try:
            answer = say(_said(part))
        except MessageRefusedError as error:
            if plain is None or error.details.get("problem") != "invalid_blocks":
                raise
            log.info("workspace %s refuses charts", team)
            answer = say({**_said(part), "blocks": plain})
            self._notes.put("refused", NO_CHARTS_LIFE, PLATFORM, team, "no-charts")
        return answer


def _part(message: Json, view: View) -> Part:
    payload: Json = {"text": message["text"], "blocks": message["blocks"]}
    if any(block["type"] == CHART for block in message["blocks"]):
        payload["without_charts"] = _in_words(message["blocks"], view)
    return Part(payload=payload, in_thread=message["thread"])


def _in_words(blocks: list[Json], view: View) -> list[Json]:
    """The blocks with each chart of the view, in order, in words."""
    charts = (block for block in walk(view.blocks) if isinstance(block, Chart))
    words = ([*unit.blocks] for chart in charts for unit in told(chart))
    return [one for block in blocks for one in (next(words, []) if block["type"] == CHART else [block])]


def _said(part: Part) -> Json:
    return {"text": part.payload["text"], "blocks": part.payload["blocks"]}


def _place(under: Receipt | None) -> Json:
    return {"thread_ts": under.thread or under.id} if under else {}
