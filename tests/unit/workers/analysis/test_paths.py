"""Roles of paths."""

from __future__ import annotations

import pytest

from workers.analysis.paths import Role, role_of

ROLES = {
    Role.SOURCE: "src/a.py lib/Contest.java crates/x/src/lib.rs src/languages/python.js api/docker/client.go"
    " src/karmaService.js",
    Role.TEST: "tests/test_a.py src/a.test.ts pkg/a_test.go src/FooTest.java fixtures/a/package.json"
    " karma.conf.js karma.unit.conf.js"
    " __snapshots__/a.snap spec/models/user_spec.rb e2e/login.ts vitest.config.ts conftest.py"
    " Tests/FooTests.cs",
    Role.DOCS: "README.md docs/guide/index.ts CHANGELOG LICENSE .github/ISSUE_TEMPLATE/bug.yml .github/CODEOWNERS"
    " man/a.1 tests/README.md mkdocs.yml README_zh.md",
    Role.EXAMPLE: "examples/a.py playground/vue/App.vue samples/Program.cs",
    Role.CI: ".github/workflows/ci.yml .gitlab-ci.yml .travis.yml Jenkinsfile .circleci/config.yml"
    " .github/dependabot.yml azure-pipelines.yml ci/run.sh renovate.json",
    Role.BUILD: "Dockerfile CMakeLists.txt Makefile vite.config.ts tsconfig.base.json build.rs scripts/release.py"
    " docker/entrypoint.sh .npmrc cmake/FindX.cmake",
    Role.MANIFEST: "package.json docs/package.json go.mod Cargo.toml pom.xml requirements-dev.txt pyproject.toml",
    Role.LOCK: "yarn.lock package-lock.json go.sum Cargo.lock deep/poetry.lock",
    Role.CONFIG: ".eslintrc.js .editorconfig .gitignore src/config/settings.yaml .vscode/settings.json ruff.toml",
    Role.SCHEMA: "api/v1/x.proto db/migrations/001_init.sql schema.graphql",
    Role.GENERATED: "a/b.min.js api/x.pb.go dist/index.js",
    Role.VENDORED: "vendor/a/b.go third_party/zlib/inflate.c",
    Role.ASSET: "logo.png fonts/a.woff2",
    Role.LOCALE: "locales/en.json i18n/zh-CN.ts po/de.po lang/fr.json",
}


@pytest.mark.parametrize(("path", "role"), [(path, role) for role, paths in ROLES.items() for path in paths.split()])
def test_a_path_tells_its_role(path: str, role: Role) -> None:
    assert role_of(path) is role


def test_every_role_is_told_by_some_path() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("path", ["", "/", "a//b", "\\x00\\xff", "..", "a" * 100_000, "读我/文件"])
def test_a_path_that_says_nothing_is_source(path: str) -> None:
    assert role_of(path) is Role.SOURCE
