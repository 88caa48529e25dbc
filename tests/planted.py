"""Secrets of every family, and the lines that they may stand in.

They are written in pieces, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import base64

from workers.analysis.redaction.rule import Family

MIXED = "Zq7Rk2Wm9Xc4Vb8Nt3Hs6Jd1Lf5Gp0Ye" * 5  # letters and digits as chance makes them
HEX = "9f3b7c21d8e64a05b1f2c97d3e8a6450" * 3
KEY_LINES = tuple(base64.b64encode(bytes((7 * n + 13 * line) % 256 for n in range(48))).decode() for line in range(4))


def b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


PLANTED: list[tuple[Family, str, str]] = [
    (Family.AWS_KEY, 'key_id = "{}"', "AKIA" + "J7Q2X9RT4WZ8K3LM"),
    (Family.AWS_KEY, "aws_secret_access_key = {}", MIXED[:38] + "/+"),
    (Family.GITHUB_TOKEN, "git clone with {}", "gh" + "p_" + MIXED[:36]),
    (Family.GITHUB_TOKEN, "GH={}", "gh" + "s_" + MIXED[:36]),
    (Family.GITHUB_TOKEN, "use({})", "github" + "_pat_" + MIXED[:22] + "_" + MIXED[:59]),
    (Family.GITLAB_TOKEN, "header {}", "gl" + "pat-" + MIXED[:20]),
    (Family.SLACK_TOKEN, "slack: {}", "xo" + "xb-123456789012-1234567890123-" + MIXED[:24]),
    (Family.SLACK_TOKEN, "slack: {}", "xa" + "pp-1-A0123456789-1234567890123-" + HEX[:64]),
    (Family.WEBHOOK, '"https://hooks.slack.com/services/{}"', "T01ABCDE2/B02FGHIJ3/" + MIXED[:24]),
    (Family.WEBHOOK, '"https://open.feishu.cn/open-apis/bot/v2/hook/{}"', "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    (Family.WEBHOOK, '"https://open.larksuite.com/open-apis/bot/v2/hook/{}"', "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    (Family.WEBHOOK, "https://oapi.dingtalk.com/robot/send?access_token={}", HEX[:64]),
    (Family.WEBHOOK, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={}", "693a91f6-7f7c-4bc4-97a0-0ec2sifa5aaa"),
    (Family.WEBHOOK, "https://discord.com/api/webhooks/123456789012345678/{}", MIXED[:68]),
    (Family.FEISHU_SECRET, 'FEISHU_APP_SECRET = "{}"', MIXED[:32]),
    (Family.FEISHU_SECRET, "lark_encrypt_key: '{}'", MIXED[:32]),
    (Family.BOT_TOKEN, "telegram {}", "1234567890:A" + "A" + MIXED[:33]),
    (Family.BOT_TOKEN, "login('{}')", b64("198622483471925248") + ".Cl2FMQ." + MIXED[:27]),
    (Family.AI_KEY, "openai = '{}'", "sk-" + "proj-" + MIXED[:74]),
    (Family.AI_KEY, "openai = '{}'", "sk-" + MIXED[:20] + "T3Blbk" + "FJ" + MIXED[:20]),
    (Family.AI_KEY, "claude({})", "sk-" + "ant-api03-" + MIXED[:80] + "-_AA"),
    (Family.AI_KEY, "deepseek={}", "sk-" + HEX[:32]),
    (Family.AI_KEY, "groq={}", "gs" + "k_" + MIXED[:52]),
    (Family.GOOGLE_KEY, "maps.load('{}')", "AI" + "za" + MIXED[:35]),
    (Family.GOOGLE_KEY, "client {}", "GOC" + "SPX-" + MIXED[:28]),
    (Family.CLOUD_KEY, "id: {}", "LT" + "AI5t" + MIXED[:18]),
    (Family.CLOUD_KEY, "id: {}", "AK" + "ID" + MIXED[:32]),
    (Family.CLOUD_KEY, "AccountName=x;AccountKey={};", MIXED[:86] + "=="),
    (Family.PACKAGE_TOKEN, "publish with {}", "np" + "m_" + MIXED[:36]),
    (Family.PACKAGE_TOKEN, "//packages.example.org/:_authToken={}", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
    (Family.PACKAGE_TOKEN, "twine {}", "py" + "pi-AgEIcHlwaS5vcmc" + MIXED[:80]),
    (Family.PAYMENT_KEY, "pay({})", "sk_" + "live_" + MIXED[:24]),
    (Family.MESSAGING_KEY, "mail({})", "S" + "G." + MIXED[:22] + "." + MIXED[:43]),
    (Family.MESSAGING_KEY, "mail({})", HEX[:32] + "-us12"),
    (Family.JWT, "session {}", b64('{"alg":"HS256"}') + "." + b64('{"sub":"1234567890"}') + "." + MIXED[:43]),
    (Family.AUTHORIZATION, "curl -H 'Authorization: Bearer {}'", MIXED[:40]),
    (Family.AUTHORIZATION, "Authorization: Basic {}", b64("admin:S3cr3tP4ss")),
    (Family.AUTHORIZATION, "curl -u admin:{} https://x.org", "Xk29dkLq"),
    (Family.URL_PASSWORD, "postgres://app:{}@db.internal:5432/shop", "Tr0ub4dor&3"),
    (Family.URL_PASSWORD, "redis://:{}@cache:6379", "zgzuKhIQMpsgbzbL"),
    (Family.CONNECTION_STRING, "Server=db;User Id=sa;Password={};", "Str0ng!Passw0rd"),
    (Family.CONNECTION_STRING, "jdbc:mysql://h/x?user=root&password={}", "Xk29dkLq"),
    (Family.PASSWORD, 'password = "{}"', "hunter2"),
    (Family.PASSWORD, 'password: "{}",', "Winter2024!"),
    (Family.PASSWORD, "密码：'{}'", "Zx8#kLm2"),
    (Family.PASSWORD, '#define WIFI_PASSWORD "{}"', "Pr0d-9fK2!x"),
    (Family.PASSWORD, "<password>{}</password>", "P4ss-9fK2!x"),
    (Family.TOKEN, 'API_KEY = "{}"', HEX[:32]),
    (Family.TOKEN, 'client_secret: "{}"', MIXED[:40]),
    (Family.PRIVATE_KEY, '"-----BEGIN RSA PRIVATE ' + 'KEY-----\\n{}"', "\\n".join(KEY_LINES)),
]
"""A family, a line with a place for the secret, and the secret."""
