"""What `doctor` says of Feishu: whether it takes our app, and how it reaches us."""

from __future__ import annotations

from chatbot.doctor import Finding, Health
from chatbot.platforms.feishu.facts import bot_of
from chatbot.platforms.feishu.rooms import new_calls
from workers.settings import Settings
from workers.words import Words, load_words


def look(settings: Settings, person: Words) -> Finding:
    """Asks Feishu for the name of our bot. DigestError where it refuses us, or cannot be reached."""
    name = str(bot_of(new_calls(settings)).get("app_name", ""))
    way = "http" if settings.feishu_encrypt_key is not None else "connection"
    texts = (person("doctor.feishu_fine", name=name, url=settings.feishu_domain), person(f"doctor.feishu_{way}"))
    return Health.OK, load_words("chatbot.views", person.language)("mark.semicolon").join(texts)
