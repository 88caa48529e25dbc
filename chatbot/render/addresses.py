"""Which addresses may be linked to, and how they are written so that nothing can end them early."""

from __future__ import annotations

from urllib.parse import quote

_SAFE = "/:?#@!$&'*+,;=%~"


def web_address(url: str) -> str | None:
    """The address with blanks, quotes, brackets and controls percent-encoded; None where it is not http(s)."""
    if not url.lower().startswith(("https://", "http://")):
        return None
    return quote(url.encode("utf-8", "replace"), safe=_SAFE)
