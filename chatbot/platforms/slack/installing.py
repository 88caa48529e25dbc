"""Installing our app in further workspaces: the page that leads to Slack, and the one that Slack leads back to."""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatbot.platforms.slack.calls import new_client
from chatbot.platforms.slack.http import headers_of, response_of
from chatbot.platforms.slack.installations import Installations, States
from chatbot.platforms.slack.rooms import Rooms
from workers.settings import Settings

INSTALL_PATH, CALLBACK_PATH = "/slack/install", "/slack/oauth_redirect"
SCOPES = (
    *("app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "groups:history"),
    *("groups:read", "im:history", "im:write", "users:read"),
)
"""What our bot may do in a workspace; `deploy/slack/manifest.yaml` has the same."""

_log = logging.getLogger(f"{__name__}.bolt")
_log.setLevel(logging.ERROR)


def install_routes(settings: Settings, rooms: Rooms) -> list[Route]:
    """The two pages; none where one workspace's token is set, or no client id."""
    client_id, secret = settings.slack_client_id, settings.slack_client_secret
    if not isinstance(rooms.installations, Installations) or client_id is None or secret is None:
        return []
    flow = OAuthFlow(
        client=new_client(None, settings.slack_api_url),
        logger=_log,
        settings=OAuthSettings(
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            scopes=list(SCOPES),
            redirect_uri=f"{settings.public_url.rstrip('/')}{CALLBACK_PATH}" if settings.public_url else None,
            authorization_url=settings.slack_api_url.rstrip("/").removesuffix("/api") + "/oauth/v2/authorize",
            installation_store=rooms.installations,
            installation_store_bot_only=True,
            state_store=States(rooms.notes),
            install_page_rendering_enabled=False,
            logger=_log,
        ),
    )
    return [_page(INSTALL_PATH, flow.handle_installation), _page(CALLBACK_PATH, flow.handle_callback)]


def _page(path: str, handle: Callable[[BoltRequest], BoltResponse]) -> Route:
    async def page(request: Request) -> Response:
        asked = BoltRequest(body="", query=request.url.query, headers=headers_of(request))
        return response_of(await run_in_threadpool(handle, asked))

    return Route(path, page, methods=["GET"])
