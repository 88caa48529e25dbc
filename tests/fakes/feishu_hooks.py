"""The custom bots of the fake Feishu: an address to post to, signed, for groups that cannot have an app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.fakes.feishu_cards import CardError, check_card
from tests.fakes.feishu_http import Call, FeishuError
from tests.fakes.feishu_markup import tagged
from tests.fakes.feishu_tenant import Tenant

Json = dict[str, Any]

MOST = 20 * 1_024
"""Bytes of the request's body."""
SIGNED_SECONDS = 3_600


class Hooks:
    """Posts what comes to the addresses of a tenant's custom bots."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def __call__(self, call: Call) -> Json:
        """The answer; FeishuError for what is refused, all with HTTP 200 but for what is no request at all."""
        key = call.parts["hook"]
        if key not in self.tenant.hooks:
            raise FeishuError(19001, "param invalid: incoming webhook access token invalid", 200)
        bot = self.tenant.hooks[key]
        if not bot.lets_in:
            raise FeishuError(19022, "Ip Not Allowed", 200)
        self._check_signature(call, bot.secret)
        if call.size > MOST:
            raise FeishuError(9499, "Bad Request: body too large", 200)
        kind = call.text("msg_type")
        content = call.body.get("card" if kind == "interactive" else "content")
        self._check(kind, content)
        if bot.keyword not in json.dumps(content, ensure_ascii=False):
            raise FeishuError(19024, "Key Words Not Found", 200)
        self.tenant.post(bot.chat, f"cli_hook_{key}", kind, content if isinstance(content, dict) else {})
        return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}

    def _check_signature(self, call: Call, secret: str) -> None:
        if not secret:
            return
        stamp = str(call.body.get("timestamp", ""))
        right = base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), digestmod=hashlib.sha256).digest()).decode()
        fresh = stamp.isdigit() and abs(self.tenant.clock() - int(stamp)) < SIGNED_SECONDS
        if not fresh or not hmac.compare_digest(call.text("sign"), right):
            raise FeishuError(19021, "sign match fail or timestamp is not within one hour from current time", 200)

    def _check(self, kind: str, content: object) -> None:
        if kind == "interactive":
            try:
                check_card(content)
            except CardError as error:
                raise FeishuError(11246, f"parse card json err, {'; '.join(error.faults)}", 200) from None
            if any(one.get("type") == "callback" for node in tagged(content) for one in node.get("behaviors", [])):
                raise FeishuError(11246, "a custom bot has no callbacks", 200)
        elif kind not in ("text", "post") or not isinstance(content, dict):
            raise FeishuError(19002, "params error, msg_type need", 200)
