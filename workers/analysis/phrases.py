"""Names and quotations inside sentences: code in backticks, lists with an exact rest, an author's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from workers.messages import Message
from workers.words import Words

NAMES_SHOWN = 4
"""How many names a sentence lists before it counts the rest."""

NAME_LIMIT = 96
"""Longest name in characters; a longer one is cut with `…`."""

PATH_LIMIT = 240
"""Longest path in characters: the end of a path tells more than its beginning, so paths are hardly ever cut."""

AUTHOR_LIMIT = 280
"""Longest quotation of an author's explanation in characters; a longer one ends at a sentence and says so."""

ITEM_LIMIT = 140
"""Longest item of an author's list in characters that is quoted; longer ones are passed over."""

_TICKS = re.compile(r"`+")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def plain(text: str) -> str:
    """Text on one line: white space folded, characters that control or reorder text written as `\\xNN` or `\\uNNNN`."""
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return "".join(char if _is_shown(char) else _escaped(char) for char in folded)


def _is_shown(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


def code(name: str) -> str:
    """A name as a Markdown code span. A name with backticks gets a longer fence, as CommonMark asks."""
    text = "".join(char if _is_shown(char) else _escaped(char) for char in name.replace("\t", " "))
    limit = PATH_LIMIT if "/" in text and " " not in text else NAME_LIMIT
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (1 + max(len(run) for run in _TICKS.findall(text)))
    return f"{fence} {text} {fence}"


def code_spans(text: str) -> tuple[str, ...]:
    """The names that stand in code spans of a sentence, in order, without their fences."""
    return tuple(_unfenced(fence, body) for fence, body in _SPAN.findall(text))


def _unfenced(fence: str, body: str) -> str:
    return body[1:-1] if len(fence) > 1 and body.startswith(" ") and body.endswith(" ") else body


def names(found: Sequence[str], words: Words, shown: int = NAMES_SHOWN, more: str = "list.more") -> str:
    """Names as code, joined as the language does it; above `shown` names the exact rest or total is said.

    One name more than `shown` is listed rather than counted: "and 1 more" is no shorter than a name. `more` is the
    key of the sentence part that counts.
    """
    if len(found) <= shown + 1:
        return listed([code(name) for name in found], words)
    some = words("list.comma").join(code(name) for name in found[:shown])
    return words(more, names=some, rest=len(found) - shown, total=len(found))


def listed(parts: Sequence[str], words: Words, last: str = "list.last") -> str:
    """Parts joined by commas and the language's last joint, whose key is `last`; "" for none."""
    if len(parts) < 2:
        return "".join(parts)
    return words(last, before=words("list.comma").join(parts[:-1]), last=parts[-1])


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that holds all paths, with a slash at its end; "" when they share none."""
    parts = [PurePosixPath(path).parts[:-1] for path in paths]
    shared = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return "/".join(shared) + "/" if shared else ""


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
    return len(text) <= ITEM_LIMIT and not _WAY.match(text) and _is_prose(text) and adds_to(subject, text)


_WORD = re.compile(r"[a-z0-9_]{4,}|[\u4e00-\u9fff]")


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
    """A paragraph's sentences on one line; "" for one that begins as a list, a heading, a table or code."""
    lines = [line for line in paragraph.splitlines() if line.strip() and not line.startswith(("    ", "\t"))]
    if not lines or _NOISE.match(lines[0]):
        return ""
    return plain(_LINK.sub(r"\1", " ".join(line for line in lines if not _NOISE.match(line))))


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


_HAN = r"[\u4e00-\u9fff]"
_TIGHT_BEFORE = re.compile(rf"(?<={_HAN})(?=\0)")
_TIGHT_AFTER = re.compile(rf"(?<=\0)(?={_HAN})")
_LOOSE = re.compile(r"(?<=[\u4e00-\u9fff）]) (?=[\u4e00-\u9fff（])")
_KEPT = re.compile(rf"“.*”|{_SPAN.pattern}", re.DOTALL)


def spaced(text: str) -> str:
    """Chinese text with one blank between a Chinese character and code, and none between two Chinese characters.

    Quotations and code stay as they are. Other languages pass through unchanged.
    """
    if not re.search(_HAN, text) or "\0" in text or "\1" in text:
        return text
    kept = [match[0] for match in _KEPT.finditer(text)]
    bare = _KEPT.sub(lambda match: "\1" if match[0].startswith("“") else "\0", text)
    bare = _LOOSE.sub("", _TIGHT_AFTER.sub(" ", _TIGHT_BEFORE.sub(" ", bare)))
    found = iter(kept)
    return re.sub("[\0\1]", lambda _: next(found), bare)


def _closed(text: str) -> str:
    """Text whose code spans are closed: an odd number of backticks would swallow the sentence after it."""
    return text if text.count("`") % 2 == 0 else text.replace("`", "'")
