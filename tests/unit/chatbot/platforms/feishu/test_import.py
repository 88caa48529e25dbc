"""The SDK is imported where Feishu is used, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

from tests.processes import ROOT

LIGHT = "chatbot.app chatbot.doors chatbot.delivery.opening chatbot.platforms.feishu chatbot.platforms.feishu.webhook"


def test_without_feishus_keys_its_sdk_is_not_imported() -> None:
    code = f"import sys, importlib\nfor name in {LIGHT.split()}: importlib.import_module(name)\n"
    code += "sys.exit('lark_oapi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
