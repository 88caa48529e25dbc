"""What people do in the fake Slack, as the payloads that Slack sends of it."""

from __future__ import annotations

import itertools
from typing import Any

from tests.fakes.slack_workspace import Message, Workspace

Json = dict[str, Any]
Payload = tuple[str, Json]
"""The kind as Socket Mode names it (events_api, slash_commands, interactive) and what is sent."""

VERIFICATION = "not-used"
_numbers = itertools.count(1)


class People:
    """Makes the payloads of one workspace. `url` is where its response_urls lead to."""

    def __init__(self, workspace: Workspace, url: str) -> None:
        self.workspace = workspace
        self._url = url

    def command(self, text: str, user: str = "U1", channel: str = "C1", command: str = "/digest") -> Payload:
        """Somebody writes a slash command."""
        names = {"channel_name": self.workspace.channels[channel].name, "user_name": self.workspace.people[user].name}
        ids = {"team_id": self.workspace.team, "channel_id": channel, "user_id": user, "api_app_id": "A1"}
        said = {"command": command, "text": text, "is_enterprise_install": "false", "token": VERIFICATION}
        return "slash_commands", {**said, **ids, **names, **self._answers(user, channel)}

    def mention(self, text: str, user: str = "U1", channel: str = "C1", thread_ts: str | None = None) -> list[Payload]:
        """Somebody mentions the bot: Slack tells it twice, as a mention and as a message."""
        message = self.workspace.post(channel, f"<@{self.workspace.bot}> {text}", user, thread_ts)
        kind = "group" if self.workspace.channels[channel].private else "channel"
        return [
            self.event({"type": "app_mention", **self._said(message)}),
            self.event({"type": "message", "channel_type": kind, **self._said(message)}),
        ]

    def direct(self, text: str, user: str = "U1", thread_ts: str | None = None) -> Payload:
        """Somebody writes to the bot alone."""
        message = self.workspace.post(self.workspace.direct(user).id, text, user, thread_ts)
        return self.event({"type": "message", "channel_type": "im", **self._said(message)})

    def home(self, user: str = "U1") -> Payload:
        """Somebody opens the App Home."""
        return self.event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"})

    def uninstalled(self) -> list[Payload]:
        """The app was removed from the workspace; its token is dead."""
        self.workspace.token = ""
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot]}}
        return [self.event(revoked), self.event({"type": "app_uninstalled"})]

    def press(self, message: Message, action: str, user: str = "U1", value: str | None = None) -> Payload:
        """Somebody presses the first control whose action_id begins with `action`; `value`: what a menu or pair gives.

        KeyError where the message has no such control, ValueError where it does not offer that value.
        """
        element = message.element(action)
        ids = {"action_id": element["action_id"], "block_id": "b1", "action_ts": message.ts, "type": element["type"]}
        pressed = {**ids, **_chosen(element, value)}
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        container |= {"is_ephemeral": message.to is not None, "thread_ts": message.thread_ts}
        payload = self._interaction("block_actions", user, message.channel)
        told = {} if message.to else {"message": message.json()}
        return "interactive", {**payload, **told, "actions": [pressed], "container": container}

    def press_at_home(self, action: str, user: str = "U1") -> Payload:
        """Somebody presses a button of the App Home."""
        home = self.workspace.people[user].home or {}
        element = Message("0", "", "", "", home.get("blocks", [])).element(action)
        pressed = {
            "action_id": element["action_id"],
            "block_id": "b1",
            "type": element["type"],
            **_chosen(element, None),
        }
        payload = self._interaction("block_actions", user, None)
        return "interactive", {**payload, "actions": [pressed], "view": {"id": f"V{user}", **home}}

    def event(self, event: Json, **more: Any) -> Payload:
        """An event in its envelope, with an id of its own."""
        number = next(_numbers)
        ids = {"team_id": self.workspace.team, "api_app_id": "A1", "event_id": f"Ev{number:08}", "token": VERIFICATION}
        shared = self.workspace.channels.get(str(event.get("channel")))
        flags = {"is_ext_shared_channel": bool(shared and shared.shared)}
        body = {"event_ts": f"{1_771_718_400 + number}.000001", **event}
        return "events_api", {
            "type": "event_callback",
            **ids,
            **flags,
            "event": body,
            "event_time": 1_771_718_400,
            **more,
        }

    def _said(self, message: Message) -> Json:
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        said = {"user": message.user, "text": message.text, "ts": message.ts, "channel": message.channel}
        team = self.workspace.people[message.user].team or self.workspace.team
        return {**said, "team": team, "event_ts": message.ts, **thread}

    def _interaction(self, kind: str, user: str, channel: str | None) -> Json:
        who = {"id": user, "name": self.workspace.people[user].name, "team_id": self.workspace.team}
        place = {"channel": {"id": channel, "name": self.workspace.channels[channel].name}} if channel else {}
        team = {"id": self.workspace.team, "domain": "acme"}
        answers = self._answers(user, channel) if channel else {"trigger_id": f"{next(_numbers)}.1"}
        about = {"type": kind, "user": who, "team": team, "api_app_id": "A1", "token": VERIFICATION}
        return {**about, **place, "is_enterprise_install": False, "enterprise": None, **answers}

    def _answers(self, user: str, channel: str) -> Json:
        number = next(_numbers)
        url = f"{self._url}/respond/{self.workspace.team}/{channel}/{user}/{number}"
        return {"trigger_id": f"{number}.1", "response_url": url}


def _chosen(element: Json, value: str | None) -> Json:
    match element["type"]:
        case "static_select" | "overflow":
            option = next((one for one in element["options"] if one["value"] == value), None)
            if option is None:
                raise ValueError(value)
            return {"selected_option": option}
        case "feedback_buttons":
            sides = [element["positive_button"], element["negative_button"]]
            return next({"value": side["value"], "text": side["text"]} for side in sides if side["value"] == value)
    return {"value": element.get("value", ""), "text": element["text"]}
