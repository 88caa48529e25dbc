"""The many ways to say one thing: each is believed of what the diff shows, and of nothing else."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "plan = oldBackoffPlan(5)\nkept()\nmax_idle = 30\nrest()\n"
NEW = "plan = newBackoffPlan(5)\nkept()\nmax_idle = 45\nrest()\n"
GROUND = Ground([commit("Plan anew", changed("src/wait.py", OLD, NEW), changed("src/other.py", "a()\n", "b()\n"))])
COMES, GOES = "newBackoffPlan", "oldBackoffPlan"
COMING = (
    "Adds `{}`.",
    "`{}` is added.",
    "The commit introduces `{}`.",
    "`{}` is introduced.",
    "A new `{}` is created.",
    "It now uses `{}`.",
    "The code now calls `{}`.",
    "`{}` is now used.",
    "`{}` comes into play.",
    "The change brings in `{}`.",
    "`{}` is a new addition.",
    "Support for `{}` is added.",
    "There is now a `{}`.",
    "`{}` has been put in place.",
    "The implementation gains `{}`.",
    "It starts using `{}`.",
    "`{}` joins the code.",
    "Newly added: `{}`.",
    "The patch wires in `{}`.",
    "`{}` makes its first appearance.",
    "`{}` was added to handle this case.",
    "Usage of `{}` was added.",
    "`{}` is now part of the code.",
    "We now rely on `{}`.",
    "It adds handling via `{}`.",
    "新增 `{}`。",
    "新增了 `{}`。",
    "引入 `{}`。",
    "引入了 `{}`。",
    "添加了 `{}`。",
    "增加 `{}`。",
    "增加了对 `{}` 的支持。",
    "加入 `{}`。",
    "现在使用 `{}`。",
    "现在会调用 `{}`。",
    "开始使用 `{}`。",
    "改用 `{}`。",
    "`{}` 被加入代码。",
    "`{}` 是新增的。",
    "代码中多了 `{}`。",
    "补充了 `{}`。",
    "本次提交加上了 `{}`。",
    "`{}` 为新引入的内容。",
    "新建了 `{}`。",
    "启用了 `{}`。",
    "接入了 `{}`。",
    "通过新的 `{}` 实现。",
    "代码里出现了 `{}`。",
    "转而依赖 `{}`。",
    "改为调用 `{}`。",
)
GOING = (
    "Removes `{}`.",
    "`{}` is removed.",
    "The commit drops `{}`.",
    "`{}` is dropped.",
    "`{}` is deleted.",
    "It no longer uses `{}`.",
    "The code no longer calls `{}`.",
    "`{}` is no longer used.",
    "`{}` is gone.",
    "The change gets rid of `{}`.",
    "`{}` has been taken out.",
    "Support for `{}` is removed.",
    "There is no `{}` any more.",
    "`{}` disappears.",
    "The implementation loses `{}`.",
    "It stops using `{}`.",
    "`{}` was eliminated.",
    "Removed: `{}`.",
    "The patch strips out `{}`.",
    "Usage of `{}` was removed.",
    "`{}` has been retired.",
    "We stop relying on `{}`.",
    "`{}` is not needed any longer.",
    "The old `{}` was replaced.",
    "删除 `{}`。",
    "删除了 `{}`。",
    "移除 `{}`。",
    "移除了 `{}`。",
    "去掉了 `{}`。",
    "去除 `{}`。",
    "取消了对 `{}` 的支持。",
    "不再使用 `{}`。",
    "不再调用 `{}`。",
    "停止使用 `{}`。",
    "弃用 `{}`。",
    "`{}` 被移除。",
    "`{}` 已被删除。",
    "`{}` 不再使用。",
    "代码中少了 `{}`。",
    "清理了 `{}`。",
    "本次提交砍掉了 `{}`。",
    "`{}` 不复存在。",
    "摆脱了 `{}`。",
    "废弃了 `{}`。",
    "剔除了 `{}`。",
    "不再依赖 `{}`。",
    "代码里没有了 `{}`。",
    "抛弃了 `{}`。",
    "`{}` 已经不见了。",
)
TAKING_THE_PLACE = (
    "Replaces `{a}` with `{b}`.",
    "`{a}` is replaced by `{b}`.",
    "Switches from `{a}` to `{b}`.",
    "Uses `{b}` instead of `{a}`.",
    "`{b}` is used in place of `{a}`.",
    "`{a}` becomes `{b}`.",
    "`{a}` was renamed to `{b}`.",
    "`{b}` supersedes `{a}`.",
    "`{a}` gives way to `{b}`.",
    "Changes `{a}` to `{b}`.",
    "It now reads `{b}` rather than `{a}`.",
    "Where it said `{a}`, it now says `{b}`.",
    "The code used `{a}` before and uses `{b}` now.",
    "`{b}` takes over from `{a}`.",
    "`{a}` has been swapped out for `{b}`.",
    "Formerly `{a}`, now `{b}`.",
    "`{b}` (formerly `{a}`) is used.",
    "Moves from `{a}` over to `{b}`.",
    "`{a}` is dropped in favour of `{b}`.",
    "Instead of `{a}`, `{b}` is used.",
    "`{b}`, not `{a}`, is what the code uses now.",
    "The call to `{a}` is exchanged for `{b}`.",
    "Converts `{a}` into `{b}`.",
    "`{a}` -> `{b}`",
    "The previous `{a}` was traded for `{b}`.",
    "将 `{a}` 替换为 `{b}`。",
    "`{a}` 被 `{b}` 取代。",
    "从 `{a}` 切换到 `{b}`。",
    "使用 `{b}` 代替 `{a}`。",
    "用 `{b}` 取代 `{a}`。",
    "`{a}` 变成了 `{b}`。",
    "`{a}` 重命名为 `{b}`。",
    "`{b}` 取代了 `{a}`。",
    "把 `{a}` 改成 `{b}`。",
    "现在用的是 `{b}` 而不是 `{a}`。",
    "原来写的是 `{a}`，现在写的是 `{b}`。",
    "之前使用 `{a}`，现在使用 `{b}`。",
    "由 `{a}` 改用 `{b}`。",
    "不再使用 `{a}`，改用 `{b}`。",
    "`{a}` 换成了 `{b}`。",
    "`{b}`（原为 `{a}`）。",
    "弃用 `{a}`，转而使用 `{b}`。",
    "以 `{b}` 替代 `{a}`。",
    "`{a}` 让位于 `{b}`。",
    "`{a}` → `{b}`",
    "改用 `{b}`，去掉 `{a}`。",
    "`{a}` 已更名为 `{b}`。",
    "旧的 `{a}` 由新的 `{b}` 接替。",
    "改为 `{b}`，此前是 `{a}`。",
)
PLACED = (
    "In `{p}`, `{n}` is added.",
    "`{n}` is added in `{p}`.",
    "`{n}` is added to `{p}`.",
    "`{p}` gains `{n}`.",
    "`{p}` now uses `{n}`.",
    "The file `{p}` introduces `{n}`.",
    "Adds `{n}` (`{p}`).",
    "`{n}` now lives in `{p}`.",
    "`{n}` is defined in `{p}`.",
    "`{p}`: adds `{n}`.",
    "`{p}` is updated to use `{n}`.",
    "The new `{n}` can be found in `{p}`.",
    "Within `{p}`, the code now calls `{n}`.",
    "See `{p}` for the new `{n}`.",
    "`{p}` adds support for `{n}`.",
    "Introduces `{n}` inside `{p}`.",
    "在 `{p}` 中新增 `{n}`。",
    "`{p}` 新增了 `{n}`。",
    "`{n}` 新增于 `{p}`。",
    "`{p}` 中加入 `{n}`。",
    "`{p}` 现在使用 `{n}`。",
    "`{p}` 引入 `{n}`。",
    "新增 `{n}`（`{p}`）。",
    "`{n}` 位于 `{p}`。",
    "`{n}` 定义在 `{p}` 中。",
    "`{p}`：新增 `{n}`。",
    "`{p}` 更新为使用 `{n}`。",
    "新的 `{n}` 放在 `{p}` 里。",
    "`{p}` 里改为调用 `{n}`。",
    "详见 `{p}` 中新增的 `{n}`。",
    "为 `{p}` 添加了 `{n}`。",
    "`{n}` 被加到了 `{p}`。",
)
RISING = (
    "Raises `{k}` from {a} to {b}.",
    "`{k}` goes up from {a} to {b}.",
    "`{k}` is increased to {b}.",
    "`{k}` was raised to {b}.",
    "Bumps `{k}` from {a} to {b}.",
    "`{k}` grows to {b}.",
    "The value of `{k}` is higher now.",
    "`{k}` is now larger.",
    "`{k}` 从 {a} 提高到 {b}。",
    "`{k}` 由 {a} 升至 {b}。",
    "将 `{k}` 上调到 {b}。",
    "`{k}` 增大到 {b}。",
    "提高了 `{k}`。",
    "`{k}` 的值变大了。",
    "`{k}` 从 {a} 升级到 {b}。",
    "调高 `{k}`。",
)
FALLING = (
    "Lowers `{k}` from {a} to {b}.",
    "`{k}` goes down from {a} to {b}.",
    "`{k}` is decreased to {b}.",
    "`{k}` was lowered to {b}.",
    "Reduces `{k}` from {a} to {b}.",
    "`{k}` shrinks to {b}.",
    "The value of `{k}` is lower now.",
    "`{k}` is now smaller.",
    "`{k}` 从 {a} 降低到 {b}。",
    "`{k}` 由 {a} 降至 {b}。",
    "将 `{k}` 下调到 {b}。",
    "`{k}` 减小到 {b}。",
    "降低了 `{k}`。",
    "`{k}` 的值变小了。",
    "`{k}` 从 {a} 降级到 {b}。",
    "调低 `{k}`。",
)
CHANGING = (
    "`{k}` changes from {a} to {b}.",
    "`{k}` is now {b} instead of {a}.",
    "`{k}`: {a} -> {b}.",
    "`{k}` is set to {b} (was {a}).",
    "{b} replaces {a} for `{k}`.",
    "`{k}` used to be {a} and is now {b}.",
    "The value {a} of `{k}` becomes {b}.",
    "Changes `{k}` to {b}, previously {a}.",
    "`{k}` is {b} rather than {a}.",
    "`{k}` 从 {a} 改为 {b}。",
    "`{k}` 由 {a} 变为 {b}。",
    "`{k}` 现在是 {b}，此前为 {a}。",
    "`{k}` 原为 {a}，现改成 {b}。",
    "把 `{k}` 从 {a} 调整为 {b}。",
    "`{k}`：{a} → {b}。",
    "`{k}` 用 {b} 取代 {a}。",
    "`{k}` 的值由 {a} 更新为 {b}。",
    "`{k}` 之前是 {a}，现在是 {b}。",
)


def is_refused(text: str) -> bool:
    return bool(faults_of(Statement(text=text), GROUND))


@pytest.mark.parametrize("said", COMING)
def test_what_comes_is_believed_to_and_what_goes_is_not(said: str) -> None:
    assert not is_refused(said.format(COMES))
    assert is_refused(said.format(GOES))


@pytest.mark.parametrize("said", GOING)
def test_what_goes_is_believed_to_and_what_comes_is_not(said: str) -> None:
    assert not is_refused(said.format(GOES))
    assert is_refused(said.format(COMES))


@pytest.mark.parametrize("said", TAKING_THE_PLACE)
def test_what_takes_the_place_of_another_is_not_told_the_other_way_round(said: str) -> None:
    assert not is_refused(said.format(a=GOES, b=COMES))
    assert is_refused(said.format(a=COMES, b=GOES))


@pytest.mark.parametrize("said", PLACED)
def test_what_is_placed_in_a_file_stands_there(said: str) -> None:
    assert not is_refused(said.format(n=COMES, p="src/wait.py"))
    assert is_refused(said.format(n=COMES, p="src/other.py"))


@pytest.mark.parametrize("said", RISING)
def test_what_rises_is_believed_to(said: str) -> None:
    assert not is_refused(said.format(k="max_idle", a=30, b=45))


@pytest.mark.parametrize("said", FALLING)
def test_what_rises_is_not_said_to_fall(said: str) -> None:
    assert is_refused(said.format(k="max_idle", a=30, b=45))


@pytest.mark.parametrize("said", CHANGING)
def test_a_value_is_not_told_as_what_it_was(said: str) -> None:
    assert not is_refused(said.format(k="max_idle", a=30, b=45))
    assert is_refused(said.format(k="max_idle", a=45, b=30))
