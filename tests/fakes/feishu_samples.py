"""Messages and small cards for tests of Feishu."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"text": words}


def plain(words: str) -> Json:
    return {"tag": "plain_text", "content": words}


def card(*elements: Json, title: str = "日报") -> Json:
    config = {"update_multi": True, "summary": {"content": title}}
    return {"schema": "2.0", "config": config, "header": {"title": plain(title)}, "body": {"elements": [*elements]}}


def button(value: object, **more: Any) -> Json:
    return {"tag": "button", "text": plain("详情"), "behaviors": [{"type": "callback", "value": value}], **more}


def table(**more: Any) -> Json:
    columns = [{"name": "sha", "data_type": "text", "display_name": "提交"}, {"name": "files", "data_type": "number"}]
    return {"tag": "table", "page_size": 10, "columns": columns, "rows": [{"sha": "abc", "files": 3}], **more}


def chart(**more: Any) -> Json:
    return {"tag": "chart", "chart_spec": {"type": "bar", "data": {"values": []}}, **more}


def panel(*elements: Json, **more: Any) -> Json:
    return {"tag": "collapsible_panel", "header": {"title": plain("分析")}, "elements": [*elements], **more}


def markdown(words: str, **more: Any) -> Json:
    return {"tag": "markdown", "content": words, **more}


DIV: Json = {"tag": "div", "text": plain("x")}


def nested(levels: int) -> Json:
    """An element within panels, so many levels deep in all."""
    return DIV if levels == 1 else panel(nested(levels - 1))
