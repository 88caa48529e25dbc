"""Dependencies: what manifests name, in which version, and how far a version went."""

from __future__ import annotations

import pytest

from workers.analysis.hunks import hunks_of
from workers.analysis.symbols.dependencies import dependencies_in, is_manifest, version_step
from workers.analysis.symbols.sides import side_of


def named(path: str, *lines: str) -> list[tuple[str, str | None]]:
    """Names and versions on the new side of a patch that adds these lines."""
    hunk = next(hunks_of("@@ -0,0 +1 @@\n" + "\n".join("+" + line for line in lines)))
    return [(one.name, one.value) for one in dependencies_in(side_of(hunk, "new"), path)]


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("^1.2.3", "^2.0.0", "major"),
        ("1.2.3", "1.3.0", "minor"),
        ("~1.2.3", "1.2.4", "patch"),
        ("0.4.1", "0.5.0", "major"),
        ("0.4.1", "0.4.2", "minor"),
        (">=3.10", ">=3.11", "minor"),
        ("v6", "v7", "major"),
        ("1.2", "1.2.0", None),
        ("2.0", "1.9", "major"),
        ("workspace:*", "1.0", None),
        (None, "1.0", None),
        ("1.0", None, None),
    ],
)
def test_a_step_is_told_by_the_first_number_that_differs(old: str | None, new: str | None, step: str | None) -> None:
    assert version_step(old, new) == step


def test_endless_digits_are_no_trouble() -> None:
    assert version_step("1" * 5000, "2" * 5000) == "major"


def test_pyproject_names_what_its_lists_hold_and_nothing_else() -> None:
    assert named(
        "pyproject.toml",
        "[project]",
        'name = "thing"',
        'version = "1.2.3"',
        'requires-python = ">=3.11"',
        'classifiers = ["Development Status :: 4 - Beta"]',
        "dependencies = [",
        '  "click>=8.1,<9",',
        "  \"redis[hiredis]>=6; sys_platform != 'win32'\",",
        '  "plain",',
        "]",
        "[tool.poetry.dependencies]",
        'requests = "^2.31"',
        'rich = { version = "13.9", optional = true }',
        "[tool.ruff]",
        'select = ["E501>=1"]',
    ) == [
        ("python", ">=3.11"),
        ("click", ">=8.1,<9"),
        ("redis", ">=6"),
        ("plain", None),
        ("requests", "^2.31"),
        ("rich", "13.9"),
    ]


def test_strings_of_a_list_that_the_hunk_does_not_name_need_a_version() -> None:
    assert named("pyproject.toml", '  "click>=8.1",', '  "src",') == [("click", ">=8.1")]


@pytest.mark.parametrize(
    ("path", "lines", "expected"),
    [
        (
            "requirements/dev.txt",
            ["# a note", "-r base.txt", "flask==3.0.1", "httpx[http2]>=0.27  # why"],
            [("flask", "==3.0.1"), ("httpx", ">=0.27")],
        ),
        (
            "go.mod",
            [
                "module example.com/me",
                "go 1.22",
                "\tgithub.com/spf13/cobra v1.8.0",
                "\tgolang.org/x/sys v0.1.0 // indirect",
            ],
            [("go", "1.22"), ("github.com/spf13/cobra", "v1.8.0")],
        ),
        (
            "crates/a/Cargo.toml",
            [
                "[package]",
                'version = "0.3.0"',
                'rust-version = "1.78"',
                "[dependencies]",
                'serde = { version = "1.0", features = ["derive"] }',
                'log = "0.4"',
            ],
            [("rust", "1.78"), ("serde", "1.0"), ("log", "0.4")],
        ),
        ("Gemfile", ["gem 'rails', '~> 7.1'", "# gem 'old', '1'"], [("rails", "~> 7.1")]),
        (
            "build.gradle",
            ["    implementation 'com.squareup.okio:okio:3.9.0'", '    id("java") version "1.2"'],
            [("com.squareup.okio:okio", "3.9.0"), ("java", "1.2")],
        ),
        ("gradle/libs.versions.toml", ['kotlin = "2.0.0"'], [("kotlin", "2.0.0")]),
        ("App.csproj", ['    <PackageReference Include="Serilog" Version="4.0.0" />'], [("Serilog", "4.0.0")]),
        ("mix.exs", ['      {:phoenix, "~> 1.7"},'], [("phoenix", "~> 1.7")]),
        (
            ".github/workflows/ci.yml",
            ["      - uses: actions/checkout@v4", "        uses: a/b@0123456789abcdef # v5.1.0"],
            [("actions/checkout", "v4"), ("a/b", "v5.1.0")],
        ),
        ("Dockerfile", ["FROM python:3.12-slim AS base", "RUN true"], [("python", "3.12-slim")]),
    ],
)
def test_manifests_of_other_languages(path: str, lines: list[str], expected: list[tuple[str, str | None]]) -> None:
    assert is_manifest(path)
    assert named(path, *lines) == expected


def test_package_json_names_only_what_is_a_dependency() -> None:
    assert named(
        "package.json",
        "{",
        '  "version": "1.0.0",',
        '  "scripts": {',
        '    "build": "1.0 tool"',
        "  },",
        '  "engines": {',
        '    "node": ">=20"',
        "  },",
        '  "devDependencies": {',
        '    "vite": "^8.0.0"',
        "  }",
        "}",
    ) == [("node", ">=20"), ("vite", "^8.0.0")]


def test_a_package_json_hunk_without_its_section_is_told_by_the_value() -> None:
    assert named("package.json", '    "vite": "^8.0.0",', '    "lint": "eslint ."') == [("vite", "^8.0.0")]


def test_a_pom_names_dependencies_and_version_properties_but_not_itself() -> None:
    assert named(
        "pom.xml",
        "    <artifactId>me</artifactId>",
        "    <version>1.0-SNAPSHOT</version>",
        "    <properties>",
        "        <netty.version>4.1.100</netty.version>",
        "    </properties>",
        "        <dependency>",
        "            <groupId>io.netty</groupId>",
        "            <artifactId>netty-all</artifactId>",
        "            <version>${netty.version}</version>",
        "        </dependency>",
    ) == [("netty.version", "4.1.100"), ("netty-all", "${netty.version}")]


def test_another_file_names_none() -> None:
    assert not is_manifest("src/main.py")
    assert named("src/main.py", "flask==3.0") == []
