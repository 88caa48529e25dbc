"""A card of Feishu grows by its end, is changed by its card's id afterwards, and nothing in it acts."""

from __future__ import annotations

import pytest

from chatbot.messaging import Channel, MessageRefusedError, Part, Person, Receipt, Stream, UnknownOutcomeError
from chatbot.platforms.feishu.facts import PLATFORM
from chatbot.platforms.feishu.sender import FeishuPlatform
from chatbot.views.view import Paragraph, Text, View
from tests.fakes.feishu import FakeFeishu
from tests.fakes.slack_http import dropped

GROUP = Channel(platform=PLATFORM, workspace="t1", id="oc_1")
ADA = Person(id="ou_1")


def part(platform: FeishuPlatform, text: str) -> Part:
    return platform.render(View("en", text, text, (Paragraph((Text(text),)),)), "key", GROUP)[0]


@pytest.fixture
def root(platform: FeishuPlatform) -> Receipt:
    return platform.send(GROUP, part(platform, "digest"), "digest")


def begun(platform: FeishuPlatform, root: Receipt) -> Stream:
    stream = platform.stream(GROUP, ADA, "Thinking…", "key", root)
    assert stream is not None
    return stream


def test_it_grows_in_its_thread_and_becomes_the_whole_answer(
    feishu: FakeFeishu, platform: FeishuPlatform, root: Receipt
) -> None:
    stream = begun(platform, root)
    stream.add("\n\nFirst.")
    stream.add("\n\nSecond.")
    (card,) = feishu.tenant.cards.values()
    assert card.element("answer")["content"] == "Thinking…\n\nFirst.\n\nSecond."  # type: ignore[index]
    stream.end()
    assert not card.streaming
    platform.edit(stream.receipt, part(platform, "whole answer"))
    assert "whole answer" in str(card.card)


def test_an_answer_that_was_lost_makes_no_second_message(
    feishu: FakeFeishu, platform: FeishuPlatform, root: Receipt
) -> None:
    feishu.trouble(dropped(after=True), on="message.reply")
    begun(platform, root)
    assert len(feishu.thread(root.id)) == 1
    assert len(feishu.asked("message.reply")) == 2


def test_one_that_feishu_has_ended_is_refused(feishu: FakeFeishu, platform: FeishuPlatform, root: Receipt) -> None:
    stream = begun(platform, root)
    (card,) = feishu.tenant.cards.values()
    card.streaming = False
    with pytest.raises((MessageRefusedError, UnknownOutcomeError)):
        stream.add("more")
    stream.end()


def test_nothing_in_it_acts(feishu: FakeFeishu, platform: FeishuPlatform, root: Receipt) -> None:
    stream = begun(platform, root)
    stream.add("<at id=all></at> [here](https://evil.example) **b**")
    (card,) = feishu.tenant.cards.values()
    content = card.element("answer")["content"]  # type: ignore[index]
    assert "<at" not in content
    assert "](" not in content
