"""A message of Slack grows by its end, goes on in another one at its limit, and nothing in it acts."""

from __future__ import annotations

import pytest

from chatbot.messaging import Channel, MessageRefusedError, Person, Receipt, Stream, UnknownOutcomeError
from chatbot.platforms.slack.facts import PLATFORM
from chatbot.platforms.slack.rooms import Rooms
from chatbot.platforms.slack.streams import STREAM_BYTES, literal
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_http import dropped, refused

C1 = Channel(platform=PLATFORM, workspace="T1", id="C1")
ADA = Person(id="U1")


@pytest.fixture
def root(slack: FakeSlack) -> Receipt:
    parent = slack.workspace.post("C1", "digest")
    return Receipt(channel=C1, id=parent.ts, thread=parent.ts)


def begun(rooms: Rooms, root: Receipt, text: str = "Thinking…") -> Stream:
    stream = rooms.platform.stream(C1, ADA, text, "key", root)
    assert stream is not None
    return stream


def below(slack: FakeSlack, root: Receipt) -> list[str]:
    return [one.text for one in slack.thread(root.id)]


def test_it_grows_in_its_thread_and_is_edited_at_its_end(slack: FakeSlack, rooms: Rooms, root: Receipt) -> None:
    stream = begun(rooms, root)
    stream.add("\n\nFirst.")
    stream.add("\n\nSecond.")
    assert below(slack, root) == ["Thinking…\n\nFirst.\n\nSecond."]
    stream.end()
    assert not slack.thread(root.id)[0].streaming


def test_what_is_too_much_for_one_goes_on_in_another_until_its_end(
    slack: FakeSlack, rooms: Rooms, root: Receipt
) -> None:
    stream = begun(rooms, root)
    for _ in range(3):
        stream.add("字" * (STREAM_BYTES // 7))
    shown = below(slack, root)
    assert len(shown) == 2
    assert all(len(text.encode()) <= STREAM_BYTES + len("Thinking…".encode()) for text in shown)
    stream.end()
    assert [one.ts for one in slack.thread(root.id)] == [stream.receipt.id]


def test_one_that_slack_has_ended_is_refused(slack: FakeSlack, rooms: Rooms, root: Receipt) -> None:
    stream = begun(rooms, root)
    slack.trouble(refused("message_not_in_streaming_state"), on="chat.appendStream")
    with pytest.raises(MessageRefusedError):
        stream.add("more")
    stream.end()


def test_one_whose_answer_was_lost_is_found_by_its_words(slack: FakeSlack, rooms: Rooms, root: Receipt) -> None:
    slack.trouble(dropped(after=True), on="chat.startStream")
    stream = begun(rooms, root)
    stream.add(" more")
    assert below(slack, root) == ["Thinking… more"]
    assert len(slack.asked("chat.startStream")) == 1


def test_one_that_may_have_begun_and_cannot_be_seen_is_unknown(slack: FakeSlack, rooms: Rooms, root: Receipt) -> None:
    slack.trouble(dropped(), on="chat.startStream")
    with pytest.raises(UnknownOutcomeError):
        begun(rooms, root)


def test_nothing_in_it_acts() -> None:
    said = literal("<!channel> <@U1> [here](https://evil.example) *b* `max_n` _e_ <http://evil.example|x>")
    assert said == (
        "&lt;!channel&gt; &lt;@U1&gt; [here]\u2060(https: //evil.example) ∗b∗ ˋmax_nˋ ˍeˍ "
        "&lt;http: //evil.example|x&gt;"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2*3", "2∗3"), ("a[0]", "a[0]"), ("__init__", "ˍˍinitˍˍ"), ("ends here. [1]", "ends here. [1]"), ("~9", "∼9")],
)
def test_nothing_that_is_said_is_left_out(text: str, shown: str) -> None:
    assert literal(text) == shown


@pytest.mark.parametrize("text", ["[a]: x", "[a][b]", "# define", "- x", "1. x"])
def test_no_bracket_and_no_beginning_of_a_line_means_anything(text: str) -> None:
    said = literal(text)
    assert said.replace("\u2060", "") == text
    assert "\u2060" in said
