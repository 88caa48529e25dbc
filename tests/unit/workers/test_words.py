"""Catalogues: places, plurals, and both languages saying the same things."""

from string import Formatter

import pytest

from workers.words import LANGUAGES, Words, load_words

PACKAGES = ("workers", "workers.analysis", "chatbot", "chatbot.views")
OTHERWISE_SAID = {"date.day", "list.more", "list.more_places"}
"""What the languages put together from other parts: the Chinese date is the ISO one, and 等 counts all of a list."""
WORDS = Words("en", {"a": {"b": "{n} of {m}"}, "commits": {"one": "{n} commit", "other": "{n} commits"}})


def test_a_dotted_key_gives_the_text_with_its_places_filled():
    assert WORDS("a.b", n=1, m=2) == "1 of 2"


@pytest.mark.parametrize(("n", "text"), [(0, "0 commits"), (1, "1 commit"), (2, "2 commits")])
def test_a_plural_entry_goes_by_n(n, text):
    assert WORDS("commits", n=n) == text


@pytest.mark.parametrize("key", ["x", "a.x", "a.b.c"])
def test_a_key_that_is_not_there_is_refused(key):
    assert not WORDS.has(key)
    with pytest.raises(KeyError):
        WORDS(key)


def test_a_place_that_is_not_filled_is_refused():
    with pytest.raises(KeyError):
        WORDS("a.b", n=1)


def test_untrusted_values_are_not_read_as_places():
    assert WORDS("a.b", n="{m}", m="{0.__class__}") == "{m} of {0.__class__}"


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_have_the_same_keys_and_places(package):
    chinese, english = (load_words(package, language) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    for key in english.keys() - OTHERWISE_SAID:
        assert _places(chinese, key) == _places(english, key), key


def _places(words: Words, key: str) -> set[str]:
    entry = words._find(key)
    texts = [entry["other"]] if isinstance(entry, dict) else [str(entry)]
    return {name.removeprefix("a_") for text in texts for _, name, _, _ in Formatter().parse(text) if name}
