"""The SDK is imported where Feishu is used, and nowhere else; and only what is used of it."""

from __future__ import annotations

import subprocess
import sys

from tests.processes import ROOT

LIGHT = "chatbot.app chatbot.doors chatbot.delivery.opening chatbot.platforms.feishu chatbot.platforms.feishu.webhook"


def test_without_feishus_keys_its_sdk_is_not_imported() -> None:
    code = f"import sys, importlib\nfor name in {LIGHT.split()}: importlib.import_module(name)\n"
    code += "sys.exit('lark_oapi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_of_the_sdk_is_imported_what_is_used() -> None:
    code = "import sys, chatbot.platforms.feishu.door\n"
    code += "names = [name for name in sys.modules if name.startswith('lark_oapi.')]\n"
    code += "sys.exit(len(names) > 800 or any(name.startswith('lark_oapi.api.hire') for name in names))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_whoever_wants_what_is_left_out_gets_it_by_its_own_name() -> None:
    code = "import chatbot.platforms.feishu.door\n"
    code += "from lark_oapi.event.dispatcher_handler import EventDispatcherHandler\n"
    code += "EventDispatcherHandler.builder('', '')"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
