"""How a name is said to be declared."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

NEW = """interface Options {
  firstParent?: boolean
}
class Client {
  private readCache: Map
  public async fetchRaw(url: string) {
  }
}
fn pipe(end: Option<NotificationEnd>) {}
"""
GROUND = Ground([commit("Let a client fetch", changed("client.ts", "// nothing yet\n", NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "`Options` gains a required `firstParent` setting.",
        "The new field `readCache` is public.",
        "It adds a public member, `readCache`.",
        "A private method `fetchRaw` is added.",
        "It adds a synchronous method `fetchRaw`.",
        "新增必填的 `firstParent` 选项。",
        "新增了公开的 `readCache` 字段。",
    ],
)
def test_a_name_is_not_declared_as_the_contrary(text: str) -> None:
    assert "quality_wrong" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "`Options` gains an optional `firstParent` setting.",
        "It adds a private member, `readCache`.",
        "A public method `fetchRaw` is added.",
        "It adds an asynchronous method `fetchRaw`.",
        "新增可选的 `firstParent` 选项。",
        "新增了私有的 `readCache` 字段。",
        "The end of a pipe is required to be given as `None` or `NotificationEnd`.",
    ],
)
def test_a_name_may_be_called_as_it_is_declared(text: str) -> None:
    assert "quality_wrong" not in codes(text)
