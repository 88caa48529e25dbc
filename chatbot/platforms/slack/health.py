"""What `doctor` says of Slack: whether the tokens are good, which permissions are missing, how Slack reaches us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slack_sdk.errors import SlackApiError

from chatbot.doctor import Finding, Health
from chatbot.platforms.slack.calls import ask, new_client, refusal_of
from chatbot.platforms.slack.installing import SCOPES
from workers.errors import RefusedError, TransientError
from workers.settings import Settings
from workers.words import Words, load_words


def look(settings: Settings, person: Words) -> Finding:
    """Asks Slack with each token that is set. DigestError where it cannot be reached."""
    found = list(_findings(settings, person))
    health = Health.BAD if any(one is Health.BAD for one, _ in found) else Health.OK
    separator = load_words("chatbot.views", person.language)("mark.semicolon")
    return health, separator.join(text for _, text in found)


def _findings(settings: Settings, person: Words) -> Iterator[Finding]:
    if settings.slack_bot_token is not None:
        yield _bot(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, person)
    elif settings.secret_key is None or settings.public_url is None:
        yield Health.BAD, person("doctor.slack_oauth_lacks")
    else:
        yield Health.OK, person("doctor.slack_oauth", url=f"{settings.public_url.rstrip('/')}/slack/install")
    if settings.slack_app_token is not None:
        yield _socket(settings.slack_app_token.get_secret_value(), settings.slack_api_url, person)
    if settings.slack_signing_secret is not None:
        yield Health.OK, person("doctor.slack_http")
    elif settings.slack_app_token is None:
        yield Health.BAD, person("doctor.slack_deaf")


def _bot(token: str, api_url: str, person: Words) -> Finding:
    client = new_client(token, api_url)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        refused = refusal_of(error)
        if isinstance(refused, TransientError):
            raise refused from None
        return Health.BAD, person("doctor.slack_bot_refused", problem=str(error.response.get("error", "")))
    except OSError:
        raise TransientError("platform_unreachable") from None
    missing = sorted(set(SCOPES) - _scopes(answer.headers))
    if missing:
        return Health.BAD, person("doctor.slack_scopes", scopes=", ".join(missing))
    return Health.OK, person("doctor.slack_fine", user=str(answer["user"]), team=str(answer["team"]))


def _socket(token: str, api_url: str, person: Words) -> Finding:
    client = new_client(None, api_url)
    try:
        ask(client.apps_connections_open, app_token=token)
    except RefusedError:
        return Health.BAD, person("doctor.slack_socket_refused")
    return Health.OK, person("doctor.slack_socket")


def _scopes(headers: Mapping[str, str]) -> set[str]:
    """What the token may do, as Slack tells with every answer; all where it does not tell."""
    told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    return set(SCOPES) if told is None else {scope.strip() for scope in told.split(",")}
