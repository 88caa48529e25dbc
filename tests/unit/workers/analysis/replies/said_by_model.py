"""Replies as a model writes them."""

from __future__ import annotations

import json
from typing import Any


def said(text: str, quote: str = "max_wait = 30", **more: Any) -> dict[str, Any]:
    """A statement with one place."""
    evidence = [{"path": "config/server.toml", "side": "new", "quote": quote}]
    return {"text": text, "evidence": evidence, "proposed": False, **more}


def high() -> dict[str, Any]:
    """A whole judgement of a high commit."""
    return {
        "kinds": ["config", "fix"],
        "tier_reasons": ["the default of `max_wait` falls"],
        "tier": "high",
        "summary": [said("`max_wait` falls from 60 to 30."), said("The comment stays.")],
        "impact": [said("Operators without the setting are affected.")],
        "insights": [
            {"dimension": "compatibility", "statements": [said("Old values are read."), said("No key is gone.")]},
            {"dimension": "operation", "statements": [said("Balancers see fewer idle connections.")]},
        ],
        "risks": [said("Slow uploads end after 30 seconds.")],
        "recommendations": [{"audience": "operators", "statement": said("Set `max_wait` where uploads are slow.")}],
        "conclusion": said("Check upload times first."),
    }


def as_json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False)
