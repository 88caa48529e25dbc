"""Views that every renderer for a chat is tried with: whole days, what a thread says, and any runs at all."""

from __future__ import annotations

from hypothesis import strategies as st

from chatbot.views.chat_menu import menu_view
from chatbot.views.chat_thread import details_view, failure_view, progress_view
from chatbot.views.view import Badge, Block, Code, Jump, Link, Strong, Text, View
from tests import samples, samples_chat
from workers.model import Language, Tier
from workers.store.runs import Count, Progress
from workers.words import Words, load_words

MAKERS = [samples.busy, samples.empty, samples.with_problems, samples.several, samples.hostile, samples_chat.many]
URL = "https://github.com/acme/engine/blob/abc/a.py#L1"


def words_of(language: Language) -> Words:
    return load_words("chatbot.views", language)


def view(*blocks: Block) -> View:
    return View("en", "Title", "A summary.", blocks)


def thread_views(language: Language) -> list[View]:
    """Details of a commit that a model judged, progress, a failure with hostile details, a page of the menu."""
    words = words_of(language)
    part = samples.busy(language).repositories[0]
    entry = next(entry for entry in part.commits if entry.analysis.engine == "model")
    counts = {"collect": Count(done=9, total=9), "analyse": Count(done=2, total=9)}
    running = Progress(state="running", listed=1, current="<!channel>", **counts)
    return [
        details_view(entry, part, words, "d1:0:0"),
        progress_view(part.name, running, words),
        failure_view("unknown_branch", {"branch": "<!channel>`"}, words, "7f3a"),
        menu_view(samples.busy(language), words, "d1", 0),
    ]


def letters(text: str) -> str:
    """The text without blanks."""
    return "".join(text.split())


hostile_text = st.one_of(
    st.sampled_from([*samples.HOSTILE, *samples_chat.TEXTS]),
    st.text(st.one_of(st.sampled_from("<>&*_~`|.。 !\n"), st.characters()), max_size=40),
    st.integers(1, 9_000).map(lambda n: "word " * n),
    st.integers(1, 9_000).map(lambda n: "长句。" * n),
    st.just("x" * 9_000),
    st.just("😀" * 4_000),
)
some_runs = st.lists(
    st.one_of(
        st.builds(Text, hostile_text),
        st.builds(Code, hostile_text),
        st.builds(Strong, hostile_text),
        st.builds(Link, hostile_text, st.just(URL), st.booleans()),
        st.builds(Jump, hostile_text, st.just("here")),
        st.builds(Badge, st.sampled_from(Tier), hostile_text),
    ),
    max_size=3,
).map(tuple)
