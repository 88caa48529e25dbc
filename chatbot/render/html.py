"""A view as one self-contained page: no script, nothing loaded from anywhere, light and dark, for screen and paper."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from chatbot.render.addresses import web_address
from chatbot.render.spark import bar_line, chart_lines
from chatbot.views.view import (
    Actions,
    Badge,
    Bar,
    Block,
    Bullets,
    Chart,
    Code,
    Contents,
    ContentsEntry,
    Emphasis,
    Excerpt,
    Facts,
    Feedback,
    Fold,
    Foot,
    Heading,
    Jump,
    Link,
    Menu,
    Meter,
    Paragraph,
    Quote,
    Run,
    Runs,
    Section,
    Strong,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line, visible

LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


def html(view: View) -> str:
    """The whole page. Its policy allows its own style sheet, by hash, and nothing else: no script, image, or frame."""
    return "".join(html_pieces(view))


def html_pieces(view: View) -> Iterator[str]:
    """The same bit by bit."""
    yield _head(view)
    yield from _blocks(view.blocks)
    yield "</main>\n</body>\n</html>\n"


@cache
def page_policy() -> str:
    """What a page may load and do, as a Content-Security-Policy: its own style sheet, by hash, and nothing else."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def broken_off(text: str) -> str:
    """What ends a page whose next piece could not be had, in view of who reads it."""
    return f'<p class="warning">{_text(text)}</p>\n</main>\n</body>\n</html>\n'


def _head(view: View) -> str:
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE_TAGS[view.language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{page_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="description" content="{_text(view.summary)}">\n'
        f"<title>{_text(view.title)}</title>\n<style>{_style()}</style>\n</head>\n"
        "<body>\n<main>\n"
    )


@cache
def _style() -> str:
    return (files("chatbot.render") / "page.css").read_text("utf-8")


# --- inline -----------------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    return escape(one_line(text))


def _inline(runs: Runs) -> str:
    return "".join(_RUNS[type(run)](run) for run in runs)


def _tag(name: str) -> Callable[[Run], str]:
    return lambda run: f"<{name}>{_text('' if isinstance(run, Badge) else run.text)}</{name}>"


def _labelled(run: Link | Jump) -> str:
    return f"<code>{_text(run.text)}</code>" if run.code else _text(run.text)


def _link(run: Link) -> str:
    address = web_address(run.url)
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{_labelled(run)}</a>' if address else _labelled(run)


def _jump(run: Jump) -> str:
    return f'<a href="#{escape(run.anchor)}">{_labelled(run)}</a>' if run.anchor else _labelled(run)


def _badge(run: Badge) -> str:
    return f'<span class="badge {run.tier}">{_text(run.label)}</span>'


_RUNS: dict[type, Callable[..., str]] = {
    Text: lambda run: _text(run.text),
    Code: _tag("code"),
    Strong: _tag("strong"),
    Emphasis: _tag("em"),
    Link: _link,
    Jump: _jump,
    Badge: _badge,
}


# --- blocks -----------------------------------------------------------------------------------------------------


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if type(block) in _IN_PIECES:
            yield from _IN_PIECES[type(block)](block)
        else:
            yield _WHOLE[type(block)](block)


def _heading(block: Heading) -> str:
    level = min(block.level, 6)
    anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
    return f"<h{level}{anchor}>{_inline(block.runs)}</h{level}>\n"


def _section(block: Section) -> Iterator[str]:
    name = "article" if block.role == "commit" else "section"
    kind = f"{block.role} {block.tier}" if block.tier else block.role
    yield f'<{name} class="{kind}">\n{_heading(block.heading)}'
    yield from _blocks(block.blocks)
    yield f"</{name}>\n"


def _paragraph(block: Paragraph) -> str:
    kind = "" if block.role == "text" else f' class="{block.role}"'
    return f"<p{kind}>{_inline(block.runs)}</p>\n"


def _bullets(block: Bullets) -> Iterator[str]:
    yield "<ul>\n"
    for item in block.items:
        children = "".join(f"<li>{_inline(child)}</li>" for child in item.children)
        yield f"<li>{_inline(item.runs)}{f'<ul>{children}</ul>' if children else ''}</li>\n"
    yield "</ul>\n"


def _facts(block: Facts) -> str:
    pairs = (f"<div><dt>{_text(name)}</dt><dd>{_inline(runs)}</dd></div>\n" for name, runs in block.pairs)
    return f"<dl>\n{''.join(pairs)}</dl>\n"


def _table(block: Table) -> Iterator[str]:
    head = "".join(f'<th scope="col"{_cell_kind(block, n)}>{_inline(cell)}</th>' for n, cell in enumerate(block.head))
    top = f"<thead><tr>{head}</tr></thead>\n" if head else ""
    kind = "" if block.numbers else ' class="rows"'
    yield f'<div class="scroll" tabindex="0"><table{kind}>\n{top}<tbody>\n'
    for row in block.rows:
        cells = "".join(f"<td{_cell_kind(block, n)}>{_inline(cell)}</td>" for n, cell in enumerate(row))
        yield f"<tr>{cells}</tr>\n"
    yield "</tbody>\n</table></div>\n"


def _cell_kind(block: Table, column: int) -> str:
    if column in block.numbers:
        return ' class="number"'
    return ' class="wide"' if column == block.wide else ""


def _quote(block: Quote) -> str:
    return f"<blockquote>{_inline(block.runs)}</blockquote>\n"


def _excerpt(block: Excerpt) -> str:
    lines = f"<pre>{escape(visible(block.text))}</pre>"
    if not block.caption:
        return f"{lines}\n"
    return f"<figure><figcaption>{_inline(block.caption)}</figcaption>{lines}</figure>\n"


def _contents(block: Contents) -> Iterator[str]:
    yield '<nav class="contents"><ol>'
    yield from map(_entry, block.entries)
    yield "</ol></nav>\n"


def _entry(entry: ContentsEntry) -> str:
    text = _inline(tuple(Text(run.text) if isinstance(run, Link | Jump) else run for run in entry.runs))
    return f'<li class="level-{min(entry.level, 3)}"><a href="#{escape(entry.anchor)}">{text}</a></li>\n'


def _meter(block: Meter) -> str:
    """A bar for each count, drawn as SVG: the picture is described by its label and note, and each bar by its title."""
    most = max(point.count for point in block.points)
    bars = "".join(
        f'<rect x="{n * 10 + 1}" y="{44 - height:g}" width="8" height="{height:g}" rx="1">'
        f"<title>{_text(point.label)}: {point.count:,}</title></rect>"
        for n, point in enumerate(block.points)
        if (height := 40 * point.count / most if most else 0)
    )
    step = max(1, len(block.points) // 8)
    marks = "".join(
        f'<text x="{n * 10 + 5}" y="55">{_text(point.short)}</text>'
        for n, point in enumerate(block.points)
        if n % step == 0
    )
    width = len(block.points) * 10
    base = f'<line x1="0" y1="44.5" x2="{width}" y2="44.5"/>'
    name = _text(f"{block.label} · {block.note}")
    picture = f'<svg viewBox="-4 0 {width + 8} 58" role="img" aria-label="{name}">{base}{bars}{marks}</svg>'
    return f'<figure class="meter">{picture}<figcaption>{name}</figcaption></figure>\n'


def _actions(block: Actions) -> str:
    links = "".join(_link(Link(action.label, action.url)) for action in block.actions if web_address(action.url))
    return f'<p class="actions">{links}</p>\n' if links else ""


def _chart(block: Chart) -> str:
    return f"<p>{'<br>'.join(map(_text, chart_lines(block)))}</p>\n"


def _bar(block: Bar) -> str:
    return f"<p>{_text(bar_line(block))}</p>\n"


def _foot(block: Foot) -> Iterator[str]:
    return _blocks(block.blocks)


def _nothing(block: Menu | Feedback) -> str:
    """Nothing can be sent back from a page."""
    del block
    return ""


def _fold(block: Fold) -> Iterator[str]:
    state = " open" if block.open else ""
    yield f"<details{state}><summary>{_inline(block.summary)}</summary>\n"
    yield from _blocks(block.blocks)
    yield "</details>\n"


_IN_PIECES: dict[type, Callable[..., Iterator[str]]] = {
    Section: _section,
    Bullets: _bullets,
    Table: _table,
    Contents: _contents,
    Fold: _fold,
    Foot: _foot,
}
_WHOLE: dict[type, Callable[..., str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Facts: _facts,
    Quote: _quote,
    Excerpt: _excerpt,
    Meter: _meter,
    Actions: _actions,
    Chart: _chart,
    Bar: _bar,
    Menu: _nothing,
    Feedback: _nothing,
}
