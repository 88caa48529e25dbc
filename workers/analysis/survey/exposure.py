"""How far a file reaches, told from its path: into other people's code, to the heart of the program, to its gates."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

_INNER = re.compile(
    r"(?:^|/)(?:_[^/]*|internal|internals|private|impl|detail|details|scripts?|tools?|tooling|bench(?:es|marks?)?|"
    r"playground|hack|dev|contrib|misc|xtask|utils?_internal)(?:/|$)|(?:^|/)[^/]*(?:internal|[._-]impl)\.\w+$|Impl\.\w+$",
    re.IGNORECASE,
)
_API_PLACES = re.compile(
    r"(?:^|/)(?:include|apis?|public|sdk)/|(?:^|/)(?:[\w.-]*-api|[\w.-]*-sdk)/|(?:^|/)types/[^/]+\.ts$|"
    r"(?:^|/)(?:public|api|lib|exports?|publicUtils|[a-z]*module)\.\w+$|(?:^|src/|packages/[^/]+/)index\.\w+$"
)
_ENTRIES = re.compile(
    r"(?:^|/)(?:__init__|__main__|index|main|lib|app|application|server|core|kernel|engine|runtime|router|scheduler|"
    r"api|client|exports?|public|renderer|compiler|parser|bootstrap|networking|replication|cluster|db)\.\w+$",
    re.IGNORECASE,
)
_SENSITIVE = re.compile(
    r"(?:^|[/_.-])(?:auth|authn|authz|oauth2?|oidc|saml|jwt|jws|acl|rbac|permissions?|security|"
    r"crypto|crypt|cipher|tls|ssl|certs?|certificates?|secrets?|passwords?|credentials?|sandbox|csrf|cors|sanitiz\w*|"
    r"login|signing|keystore)(?=[/_.-]|$)",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MIGRATION = re.compile(
    r"(?:^|/)(?:migrations?|migrate|alembic|flyway|changelog|db/changes)/|(?:^|/)V\d+__", re.IGNORECASE
)
_TOOL_SETTINGS = re.compile(
    r"(?:^|/)\.[^/]+$|(?:^|/)(?:\.[^/]+/)|(?:^|/)[^/]*(?:eslint|prettier|tsconfig|babel|jest|vitest|rollup|vite|webpack|"
    r"biome|lint|ruff|mypy|clippy|rustfmt|typos|knip|renovate|cspell|checkstyle|codecov|deny|rust-toolchain|turbo|nx|"
    r"lerna|netlify|vercel|dprint|taplo|tox|licenserc|audit|tsdown|bunfig|pnpm-workspace)[^/]*\."
    r"(?:json5?|jsonc|ya?ml|toml|ini|cfg|xml|[cm]?[jt]s)$"
)
_PATH_IS_API = frozenset({".py", ".pyi", ".java", ".kt", ".go", ".h", ".hpp", ".hh", ".rs", ".php", ".rb"})


@cache
def is_exposed(path: str) -> bool:
    """Whether other people's code refers to what this file declares.

    Headers under `include/`, entry files, `api` folders, and Python modules without a leading underscore; nothing
    under internal, private or tooling folders. A guess from names: it decides how loud a removal is, not that it is.
    """
    if _INNER.search(path):
        return False
    return path.endswith(".py") or bool(_API_PLACES.search(path))


@cache
def is_central(path: str) -> bool:
    """Whether much of the program goes through this file: entry files, servers, cores, public headers."""
    return not _INNER.search(path) and (bool(_ENTRIES.search(path)) or "/include/" in f"/{path}")


@cache
def is_sensitive(path: str) -> bool:
    """Whether the file guards something: authentication, permissions, cryptography, sandboxes."""
    return bool(_SENSITIVE.search("_".join(_CAMEL.split(path))))


@cache
def is_migration(path: str) -> bool:
    """Whether the file changes data that is already stored."""
    return bool(_MIGRATION.search(path))


@cache
def is_tool_setting(path: str) -> bool:
    """Whether a settings file steers the project's own tools (linters, bundlers) and not the product."""
    return bool(_TOOL_SETTINGS.search(path))


_ASIDE = re.compile(
    r"(?:^|/)(?:[\w-]+-)?(?:playgrounds?|examples?|samples?|demos?|tests?|tests?[_-]apps?|__tests__|testing|fixtures|e2e|bench(?:es|marks?)?)(?:/|$)"
)
_DEVELOPMENT = re.compile(
    r"^(?:@types/|@?eslint|@typescript-eslint/|@?prettier|@?stylelint|@?vitest|jest|@jest/|typescript$|tslib$|jsdom|ts-|tsx$|esbuild$|"
    r"rollup|vite$|webpack|conventional-changelog|husky|lint-staged|simple-git-hooks|ox(?:fmt|lint)|@?babel|@?swc|"
    r"playwright|@playwright|cypress|puppeteer|mocha|chai|sinon|nyc$|c8$|cspell|knip|publint|markdownlint|"
    r"pytest|ruff$|mypy|black$|flake8|isort$|coverage$|hypothesis$|pre-commit|tox$|nox$|sphinx|mkdocs|furo$|"
    r"criterion$|proptest|rstest|insta$|mockall|tempfile$|junit|org\.junit|mockito|org\.mockito|assertj|testcontainers|"
    r"maven-|spotless|checkstyle|jacoco|surefire|failsafe|actions/|[\w-]+/[\w-]+-action$|.*-plugin$|monaco-editor$)",
    re.IGNORECASE,
)


@cache
def is_aside(path: str) -> bool:
    """Whether the file belongs to examples, tests or benchmarks, whatever it is in itself (a manifest, a script)."""
    return bool(_ASIDE.search(path))


def is_development(dependency: str) -> bool:
    """Whether a package is, by its name, a tool of those who develop: test runners, linters, bundlers, type stubs."""
    return bool(_DEVELOPMENT.search(dependency.rsplit(":", 1)[-1]) or _DEVELOPMENT.search(dependency))


def path_is_api(path: str) -> bool:
    """Whether moving the file changes what others write to import it."""
    return PurePosixPath(path).suffix.lower() in _PATH_IS_API and is_exposed(path)
