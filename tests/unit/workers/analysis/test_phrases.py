from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.wording.phrases import code, code_spans, names, spaced
from workers.words import load_words

EN = load_words("workers.analysis", "en")
ZH = load_words("workers.analysis", "zh")


def test_a_plain_name_stands_in_single_backticks():
    assert code("max_wait") == "`max_wait`"


def test_a_name_with_backticks_gets_a_longer_fence():
    assert code("a`b``c") == "``` a`b``c ```"


def test_control_characters_and_reordering_are_written_out():
    assert code("a\x1b[31m\n\u202eb") == "`a\\x1b[31m\\x0a\\u202eb`"


def test_a_very_long_name_is_cut_visibly_and_a_path_hardly_ever():
    assert code("x" * 500).endswith("…`") and len(code("x" * 500)) < 110
    path = "/".join(["folder"] * 20) + "/file.py"
    assert code(path) == f"`{path}`"


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60))
def test_what_is_put_in_code_is_read_back_from_the_sentence(name):
    assert code_spans(f"Removes {code(name)} and `other`.") == (name, "other")


def test_a_list_joins_names_as_the_language_does():
    assert names(["a", "b", "c"], EN) == "`a`, `b` and `c`"
    assert names(["a", "b", "c"], ZH) == "`a`、`b`、`c`"


def test_a_long_list_says_the_exact_number_of_the_rest_or_of_all():
    many = [str(n) for n in range(18)]
    assert names(many, EN) == "`0`, `1`, `2`, `3` and 14 more"
    assert names(many, ZH) == "`0`、`1`、`2`、`3` 等 18 个"


def test_one_name_too_many_is_named_and_not_counted():
    assert names(["a", "b", "c", "d", "e"], EN).endswith("and `e`")


def test_chinese_and_code_have_one_blank_between_them_and_quotations_stay():
    assert spaced("新增选项`--x`的说明 “原文`a`不变” 下的 3 个文件 中的`b`。") == (
        "新增选项 `--x` 的说明 “原文`a`不变” 下的 3 个文件中的 `b`。"
    )


@given(st.text(max_size=200))
def test_spacing_loses_nothing_but_blanks(text):
    assert spaced(text).replace(" ", "") == text.replace(" ", "")
