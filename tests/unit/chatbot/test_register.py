"""`register`: a line for each platform that is set up, and the command where a platform takes one."""

from __future__ import annotations

import pytest
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager

from chatbot.cli import main
from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET


def test_what_can_be_registered_is_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu() as feishu:
        keys = {"FEISHU_DOMAIN": feishu.url, "FEISHU_APP_ID": APP_ID, "FEISHU_APP_SECRET": APP_SECRET}
        for name, value in {**keys, "SLACK_BOT_TOKEN": "xoxb-1"}.items():
            monkeypatch.setenv(name, value)
        assert main(["register"]) == 0
        assert [one["command"] for one in feishu.tenant.commands] == ["digest"]
    slack, said = capsys.readouterr().out.splitlines()
    assert slack.startswith("Slack: nothing to do")
    assert "/digest is in the list" in said


def test_with_nothing_set_up_it_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register"]) == 3
    assert "FEISHU_APP_ID" in capsys.readouterr().err
