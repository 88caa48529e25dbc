"""What `doctor` says of custom bots: whether their addresses are such, and can be reached."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from chatbot.doctor import Finding, Health
from chatbot.platforms.feishu.webhook import TIMEOUT_SECONDS
from workers.errors import TransientError
from workers.settings import Settings
from workers.words import Words, load_words

PATH = "/open-apis/bot/v2/hook/"


def look(settings: Settings, person: Words) -> Finding:
    """Reads each address, which posts nothing: what a bot refuses shows only when a digest is due.

    TransientError("platform_unreachable").
    """
    for name, secret in settings.feishu_webhooks.items():
        address = secret.get_secret_value().partition("#")[0]
        if not urlsplit(address).path.startswith(PATH):
            return Health.BAD, person("doctor.feishu_webhook_wrong", name=name)
        try:
            requests.get(address, timeout=TIMEOUT_SECONDS)
        except requests.RequestException:
            raise TransientError("platform_unreachable") from None
    comma = load_words("chatbot.views", person.language)("mark.comma")
    return Health.OK, person("doctor.feishu_webhook_fine", names=comma.join(settings.feishu_webhooks))
