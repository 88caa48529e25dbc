"""Text in the Markdown of Feishu's cards is shown as it is, whatever it tries, and is cut where sentences end."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot.render.cards_text import (
    bold_leaves,
    card_bytes,
    clip,
    escape,
    json_text,
    leaves,
    markdown,
    split_leaves,
    split_text,
    text_bytes,
)
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.views.view import Badge, Code, Emphasis, Jump, Link, Strong, Text
from chatbot.views.visible import one_line
from tests.fakes.feishu_markup import links_in, mentions_in
from tests.unit.chatbot.render.views import URL, hostile_text, letters, some_runs
from workers.model import Tier

READER = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
TRICKS = [
    "<at id=all></at>",
    '<at user_id="all">everybody</at>',
    "<at ids=ou_1,all></at> <AT ID='all'/>",
    "&lt;at id=all&gt;&lt;/at&gt;",
    "&#60;at id=all&#62; &#x3c;at id=all&#x3e; &amp;lt;",
    "`<at id=all></at>`",
    "``` \n<at id=all></at>\n```\n<at id=all></at>",
    "[click](https://evil.test) [ref] [ref]: https://evil.test",
    "](https://evil.test)[",
    "![picture](img_v2_1) ![x](https://evil.test/a.png)",
    "<https://evil.test> https://evil.test www.evil.test me@evil.test",
    "<a href='https://evil.test'>click</a> <link url='https://evil.test'>x</link>",
    "<font color='red'>red</font> <text_tag color='red'>tag</text_tag> <person id='ou_1'></person> <br><hr>",
    ":OK: :DONE: :THUMBSUP: :smile:",
    "*a* **b** _c_ __d__ ~~e~~ ~f~ `g` ``h``",
    "# heading",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12345. item",
    "> quote",
    "---",
    "===",
    "    code",
    "| a | b |\n|---|---|\n| c | d |",
    "\\<at id=all\\> \\*a\\* \\",
    "$x$ $$y$$ {a} ^b^ @all @everyone",
    "a*b_c`d[e](f)#g:h~i<j>k&l|m",
    "std::vector::iterator and a::b",
]
KINDS = [
    Text,
    Code,
    Strong,
    Emphasis,
    lambda text: Link(text, URL),
    lambda text: Link(text, URL, code=True),
    lambda text: Link(text, "javascript:alert(1)"),
    lambda text: Jump(text, "here"),
    lambda text: Badge(Tier.LOW, text),
]
STYLES = {"strong_open", "strong_close", "em_open", "em_close", "code_inline", "link_open", "link_close"}


def read(written: str) -> tuple[str, set[str], set[str]]:
    """What a reader of CommonMark shows, the kinds of its blocks, and those of what stands in them."""
    tokens = READER.parse(written)
    inside = [child for token in tokens for child in token.children or []]
    shown = "".join(child.content for child in inside if child.type in ("text", "text_special", "code_inline"))
    return shown, {token.type for token in tokens}, {child.type for child in inside}


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_trick_does_anything_in_any_run(trick, kind):
    written = markdown(leaves((kind(trick),)))
    shown, blocks, inside = read(written)
    mark = "🟢 " if isinstance(kind(trick), Badge) else ""
    assert shown.split() == (mark + one_line(trick)).split()
    assert blocks == {"paragraph_open", "inline", "paragraph_close"}
    assert inside <= {"text", "text_special", *STYLES}
    assert list(mentions_in({"tag": "markdown", "content": written})) == []
    assert set(links_in({"tag": "markdown", "content": written})) <= {URL}
    assert "<" not in written
    assert not re.search(r"(?<!:):\w+:(?!:)", written)


@pytest.mark.parametrize("before", [Text("see "), Code("code"), Strong("bold"), Text("1"), Text("- "), Text("&")])
@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_does_anything_beside_other_runs(before, trick):
    written = markdown(leaves((before, Code(trick), Text(trick), Strong(trick), Text("end"))))
    shown, blocks, _ = read(written)
    text = one_line(trick)
    assert letters(shown) == letters(f"{before.text}{text}{text}{text}end")
    assert blocks == {"paragraph_open", "inline", "paragraph_close"}
    assert list(mentions_in({"tag": "markdown", "content": written})) == []


@settings(max_examples=150, deadline=None)
@given(some_runs)
def test_any_runs_are_shown_as_they_are(runs):
    written = markdown(leaves(runs))
    shown, blocks, inside = read(written)
    texts = (f"{TIER_MARKS[run.tier]} {run.label}" if isinstance(run, Badge) else run.text for run in runs)
    assert letters(shown) == letters("".join(map(one_line, texts)))
    assert blocks <= {"paragraph_open", "inline", "paragraph_close"}
    assert inside <= {"text", "text_special", *STYLES}


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from("<>&*_`[]()#:~|\\$!-+=. \t12"), st.characters()), max_size=60))
def test_any_text_is_shown_as_it_is(text):
    shown, blocks, inside = read(markdown(leaves((Text(text),))))
    assert letters(shown) == letters(one_line(text))
    assert blocks <= {"paragraph_open", "inline", "paragraph_close"}
    assert inside <= {"text", "text_special"}


# --- what is styled ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "written"),
    [
        ((Text("plain text, 1.5 & more"),), "plain text, 1.5 &#38; more"),
        ((Code("get_sampler(*args)[0]"), Text(" is gone")), "`get_sampler(*args)[0]` is gone"),
        ((Code("a"), Code("b")), "`a`b"),
        ((Code("std::vec::Vec"),), "`std::vec::Vec`"),
        ((Strong("提交"), Text("：已合并")), "**提交**：已合并"),
        ((Strong("Fix it:"), Text(" now")), "**Fix it&#58;** now"),
        ((Strong("Fix it:"), Text("now")), "Fix it&#58;now"),
        ((Strong("a"), Strong("b")), "**a**b"),
        ((Emphasis("softly"),), "*softly*"),
        ((Badge(Tier.HIGH, "高"), Text(" 3")), "🔴 **高** 3"),
        ((Link("#4164", "https://a.test/x?a=1&b=2"),), "[&#35;4164](https://a.test/x?a=1&amp;b=2)"),
        ((Link("x", "https://a.test/)](y"),), "[x](https://a.test/%29%5D%28y)"),
        ((Link("x", "https://a.test/" + "y" * 3_000),), "x"),
        ((Text("- no list"),), "&#45; no list"),
        ((Text("2. no list"),), "2&#46; no list"),
        ((Text("v2. a - b"),), "v2. a - b"),
    ],
)
def test_runs_have_the_styles_that_can_be_shown(runs, written):
    assert markdown(leaves(runs)) == written


def test_a_headline_is_bold_throughout_and_names_its_tier():
    assert (
        markdown(bold_leaves((Badge(Tier.HIGH, "High"), Text(" importance (2)"))))
        == "**🔴 High importance &#40;2&#41;**"
    )


# --- sizes and cuts ---------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(hostile_text)
def test_what_is_counted_is_what_a_request_takes(text):
    card = {"content": one_line(text)}
    body = json.dumps({"content": json_text(card)}, ensure_ascii=False).encode()
    assert card_bytes(card) == len(body) - len('{"content": ""}')
    assert text_bytes(one_line(text)) == card_bytes(card) - card_bytes({"content": ""})


@settings(max_examples=80, deadline=None)
@given(hostile_text, st.integers(60, 3_000))
def test_a_text_in_parts_is_the_same_text(text, most):
    parts = split_text(one_line(text), most)
    assert "".join(parts) == one_line(text)
    assert all(text_bytes(part) <= most for part in parts)


@settings(max_examples=60, deadline=None)
@given(some_runs)
def test_leaves_in_parts_are_the_same_leaves(runs):
    whole = leaves(runs)
    parts = list(split_leaves(whole))
    assert "".join(leaf.text for part in parts for leaf in part) == "".join(leaf.text for leaf in whole)
    assert all(text_bytes(markdown(part)) <= Feishu.TEXT for part in parts)


def test_a_text_is_cut_where_a_sentence_ends_by_the_bytes_of_the_request():
    assert split_text("一句。两句！三句。", 18) == ["一句。两句！", "三句。"]
    assert split_text('say "a". say "b".', 15) == ['say "a". ', 'say "b".']
    assert clip("一二三四五", 12) == "一二三…"
    assert escape("a_b") == "a&#95;b"
