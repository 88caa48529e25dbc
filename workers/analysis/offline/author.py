"""An author's own words in a commit message: the explanation or the list in its body, quoted and marked as theirs."""

from __future__ import annotations

import re

from workers.analysis.wording.phrases import plain
from workers.messages import Message
from workers.words import Words

AUTHOR_LIMIT = 280
"""Longest quotation of an author's explanation in characters; a longer one ends at a sentence and says so."""

ITEM_LIMIT = 140
"""Longest item of an author's list in characters that is quoted; longer ones are passed over."""

_NOISE = re.compile(
    r"^\s*(?:[*+#>|-]|\d+[.)]\s|```|~~~|<|\[[^\]]*\](?!\()|https?://|bumps\b|bump\b|this reverts commit|"
    r"(?:feat|fix|chore|docs|test|refactor|perf|style|build|ci)(?:\([^)]*\))?!?:|"
    r"(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|ref(?:s|erences)?|see|related(?: to)?|part of|follow[- ]?up(?: to| of)?|"
    r"relates to|issue|pr|cc|backport(?: of)?|port of|introduced (?:by|in))\b[:\s]*(?:#|https?://|\w+/\w+#|[A-Z]+-\d|@))",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|```.*?(?:```|\Z)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_WORDY = re.compile(r"(?<!\S)[A-Za-z'’-]{2,}(?=[\s.,;:)!?]|\Z)")


def author_says(message: Message, words: Words) -> str | None:
    """The first paragraph of prose of a message's body, marked as its author's words; None without one.

    Lists, headings, tables, code, HTML, bare references to issues and the subject said again are no explanation and
    are passed over.
    """
    body = message.body
    texts = [text for paragraph in re.split(r"\n\s*\n", _COMMENT.sub("", body)) if (text := _prose_of(paragraph))]
    found = [text for text in texts if _is_prose(_complete(text)) and adds_to(message.subject, text)]
    if not found:
        return None
    return quoted(_complete(found[0]), words, more=len(texts) > 1 or _complete(found[0]) != found[0] or "```" in body)


_ITEM = re.compile(r"(?:[*+-]|\d{1,2}[.)])\s+(\S.*)")
_KIND_MARK = re.compile(r"^(?:feat|fix|bugfix|perf|refactor)(?:\([^)]*\))?!?:\s*", re.IGNORECASE)
_WAY = re.compile(
    r"(?:tests?|docs?|style|chore|ci|build|fmt|lint)(?:\([^)]*\))?:|"
    r"(?:fix(?:ed|es)?\b.{0,16}\b)?(?:typos?|clippy|lint(?:s|ers?)?|fmt|format(?:s|ting)?|style|ci|licen[cs]e|imports?|"
    r"conflicts?|reviews?|comments?|suggestions?|wip|tests?|uts?|docs?|merge|rebase|clean ?up|nits?|changelog|chore)\b|"
    r"(?:address|apply)\b.*(?:review|suggestion|comment)|"
    r"(?:add|update|improve|modify|more|revert|address|apply|resolve|remove|simplify|co-authored-by)\b.{0,24}$",
    re.IGNORECASE,
)
"""Items that tell of the way to a change (review, lint, tests) and not of the change."""

ITEMS_TOLD = 3


def author_lists(message: Message, words: Words) -> str | None:
    """The first items of a list in the message's body that say more than the subject; None where it has hardly any."""
    rows = (_ITEM.match(row) for row in _COMMENT.sub("", message.body).splitlines())
    texts = [plain(row[1]).rstrip(".。;；") for row in rows if row]
    items = [_KIND_MARK.sub("", text) for text in dict.fromkeys(texts) if not _WAY.match(text)]
    told = [text for text in items if _is_item(text, message.subject)]
    if len(told) < min(2, len(texts)) or not told:
        return None
    listed_items = words("list.clauses").join(words("author.item", text=_closed(text)) for text in told[:ITEMS_TOLD])
    return words("author.lists" if len(texts) <= ITEMS_TOLD else "author.lists_more", items=listed_items)


def _is_item(text: str, subject: str) -> bool:
    fits = len(text) <= ITEM_LIMIT and not _WAY.match(text) and _is_prose(text) and adds_to(subject, text)
    return fits and not _steers(text)


_WORD = re.compile(r"[a-z0-9_]{3,}|[\u4e00-\u9fff]")


def adds_to(subject: str, text: str) -> bool:
    """Whether a text has three words of its own and more of them than it shares with the subject."""
    own, known = set(_WORD.findall(text.casefold())), set(_WORD.findall(subject.casefold()))
    return len(own - known) >= max(3, len(own & known) + 1)


def first_sentence(body: str, limit: int) -> str | None:
    """The first sentence of the explanation in a message's body; None without one of at most `limit` characters."""
    texts = (_prose_of(paragraph) for paragraph in re.split(r"\n\s*\n", _COMMENT.sub("", body)))
    found = next((text for text in map(_complete, texts) if _is_prose(text)), "")
    sentence = _SENTENCE_END.split(found, maxsplit=1)[0]
    return _closed(sentence) if sentence and len(sentence) <= limit and _is_prose(sentence) else None


def _prose_of(paragraph: str) -> str:
    """A paragraph's sentences on one line; "" for one that begins as a list, a heading, a table or code.

    Nor is one repeated that would steer whoever judges the commit.
    """
    lines = [line for line in paragraph.splitlines() if line.strip() and not line.startswith(("    ", "\t"))]
    if not lines or _NOISE.match(lines[0]):
        return ""
    text = plain(_LINK.sub(r"\1", " ".join(line for line in lines if not _NOISE.match(line))))
    return "" if _steers(text) else text


def _steers(text: str) -> bool:
    from workers.analysis.injection import addresses  # noqa: PLC0415 - 10 ms that a digest of known commits is spared

    return addresses(text)


def _is_prose(text: str) -> bool:
    return len(_WORDY.findall(text)) >= 4 or (len(text) >= 10 and any("\u4e00" <= char <= "\u9fff" for char in text))


def _complete(text: str) -> str:
    """Text without a last sentence that only announces a list or code which is not quoted."""
    while text.endswith((":", "：")):
        ends = [match.start() for match in _SENTENCE_END.finditer(text)]
        text = text[: ends[-1]].rstrip() if ends else ""
    return text


def quoted(text: str, words: Words, more: bool = False) -> str:
    """An author's words between quotation marks, ended at a sentence within `AUTHOR_LIMIT`, with a note if cut.

    `more` says that the author goes on after this text.
    """
    shown = clipped(text, AUTHOR_LIMIT)
    key = "author.cut" if more or shown != text else "author.says"
    return words(key, text=_closed(shown))


def clipped(text: str, limit: int) -> str:
    """The longest run of whole sentences within `limit` characters; without one, whole words and `…`."""
    if len(text) <= limit:
        return text
    ends = [match.start() for match in _SENTENCE_END.finditer(text, 0, limit + 1)]
    if ends and ends[-1] >= limit // 4:
        return text[: ends[-1]].rstrip()
    head = text[:limit]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip() + "…"


def _closed(text: str) -> str:
    """Text whose code spans are closed: an odd number of backticks would swallow the sentence after it."""
    return text if text.count("`") % 2 == 0 else text.replace("`", "'")
