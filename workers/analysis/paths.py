"""What a file is for, told from its path alone."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a file is for."""

    SOURCE = "source"
    TEST = "test"  # tests, fixtures, snapshots, test data
    DOCS = "docs"  # prose, examples of documentation sites, changelogs, licences
    EXAMPLE = "example"
    CI = "ci"  # pipelines of continuous integration and their scripts
    BUILD = "build"  # build scripts, compilers' and packagers' settings, containers
    MANIFEST = "manifest"  # names dependencies: pyproject.toml, package.json, go.mod, Cargo.toml, pom.xml
    LOCK = "lock"  # resolved dependencies, written by a tool
    CONFIG = "config"  # settings of the product or of tools (linters, editors), not of its build
    SCHEMA = "schema"  # stored or exchanged formats: .proto, .sql, migrations, GraphQL, OpenAPI
    GENERATED = "generated"  # written by a tool, minified, source maps
    VENDORED = "vendored"  # third-party code kept in the tree
    ASSET = "asset"  # images, fonts, audio, models, other binary data
    LOCALE = "locale"  # translations
