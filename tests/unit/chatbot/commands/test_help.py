"""Help shows by examples what can be written."""

import pytest

from chatbot.commands.command import COMMANDS
from chatbot.render.plain import plain_text
from chatbot.views.help import help_view
from workers.words import LANGUAGES, load_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_on_all_commands(golden, language):
    golden(f"commands/help.{language}.txt", plain_text(help_view(None, load_words("chatbot.views", language))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["digest", "subscribe"])
def test_help_on_a_command_with_many_words(golden, topic, language):
    golden(f"commands/help-{topic}.{language}.txt", plain_text(help_view(topic, load_words("chatbot.views", language))))


@pytest.mark.parametrize("topic", COMMANDS)
def test_there_is_help_on_every_command(topic):
    for language in LANGUAGES:
        text = plain_text(help_view(topic, load_words("chatbot.views", language)))
        assert "/digest" in text
