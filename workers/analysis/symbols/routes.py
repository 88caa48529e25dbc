"""HTTP routes that code declares, in the ways of the common frameworks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.facts import Thing
from workers.analysis.symbols.mentions import Mention, mention
from workers.analysis.symbols.sides import SideText

_METHODS = r"get|post|put|delete|patch|head|options"
_ROUTE = re.compile(
    # decorators: Flask, FastAPI, Starlette, Litestar
    rf"^[ \t]*@(?:[\w.]+\.)?(?P<a_method>{_METHODS}|route|websocket)\(\s*(?:path\s*=\s*)?[\"'](?P<a>[^\"'\n]*)[\"']"
    # Express, Koa, Fastify and their like
    rf"|\b(?:app|router|server|api|fastify|routes?)\.(?P<b_method>{_METHODS}|all)\(\s*['\"`](?P<b>/[^'\"`\n]*)['\"`]"
    # Spring, JAX-RS
    r"|@(?P<c_method>Get|Post|Put|Delete|Patch|Request)Mapping\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*\"(?P<c>[^\"\n]*)\""
    r"|@Path\(\s*\"(?P<d>[^\"\n]*)\"\s*\)"
    # Gin, Echo, net/http
    r"|\.(?P<e_method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|HandleFunc|Handle)\(\s*\"(?P<e>[^\"\n]+)\"\s*,"
    # axum, actix, Rocket
    rf"|\.route\(\s*\"(?P<f>/[^\"\n]*)\"\s*,\s*(?:[\w:]+::)?(?P<f_method>{_METHODS}|any)\b"
    rf"|^[ \t]*#\[(?P<g_method>{_METHODS})\(\s*\"(?P<g>/[^\"\n]*)\""
    # Laravel, ASP.NET
    rf"|Route::(?P<h_method>{_METHODS}|any)\(\s*['\"](?P<h>[^'\"\n]*)['\"]"
    r"|\[Http(?P<i_method>Get|Post|Put|Delete|Patch)\(\s*\"(?P<i>[^\"\n]*)\"|\.Map(?P<j_method>Get|Post|Put|Delete|Patch)\(\s*\"(?P<j>[^\"\n]*)\"",
    re.MULTILINE,
)
_DJANGO = re.compile(r"\b(?:path|re_path)\(\s*r?[\"']([^\"'\n]*)[\"']\s*,\s*[\w.]+")
_RAILS = re.compile(rf"^[ \t]*({_METHODS})[ \t]+['\"]([^'\"\n]+)['\"]", re.MULTILINE)
_CALLS = [f".{verb}(" for method in (*_METHODS.split("|"), "all") for verb in (method, method.upper())]
_HINTS = ("@", "oute", "Mapping", "Handle", "#[", "[Http", ".Map", *_CALLS)
_ANY = frozenset(("route", "all", "any", "request", "handlefunc", "handle"))
_METHODS_GIVEN = re.compile(r"[^\n)]*methods\s*=\s*[\[(]([^\])\n]*)")


def routes_in(side: SideText, path: str) -> Iterator[Mention]:
    """The routes of one side: `METHOD /path`, ANY where every method is served or the method stands elsewhere."""
    name = path.rpartition("/")[2]
    if name == "urls.py":
        for found in _DJANGO.finditer(side.text):
            yield mention(side, path, Thing.ROUTE, "ANY /" + found[1].lstrip("/"), found.span())
    elif name == "routes.rb":
        for found in _RAILS.finditer(side.text):
            yield mention(side, path, Thing.ROUTE, f"{found[1].upper()} /{found[2].lstrip('/')}", found.span())
    elif any(word in side.masked for word in _HINTS):
        yield from _declared(side, path)


def _declared(side: SideText, path: str) -> Iterator[Mention]:
    for found in _ROUTE.finditer(side.text):
        group = next(name for name in "abcdefghij" if found[name] is not None)
        if not side.masked[found.start() : found.start(group) - 1].strip():
            continue
        method = found.groupdict().get(f"{group}_method") or "any"
        route = found[group]
        for verb in _verbs(method.lower(), side.text, found.end()):
            name = route if " /" in route else f"{verb} {route}"
            yield mention(side, path, Thing.ROUTE, name, (found.start(group), found.end()))


def _verbs(method: str, text: str, at: int) -> list[str]:
    if method not in _ANY:
        return [method.upper()]
    given = _METHODS_GIVEN.match(text, at)
    return re.findall(r"\w+", given[1].upper()) if given else ["ANY"]
