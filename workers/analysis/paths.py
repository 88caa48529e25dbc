"""What a file is for, told from its path alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache


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


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# Every table is matched against the lower-cased path; a longer name wins over a folder, a folder over a suffix.
_VENDORED_FOLDERS = _names(
    "vendor vendors vendored third_party thirdparty third-party 3rdparty 3rd-party node_modules bower_components"
    " godeps external_libs subprojects"
)
_VENDORED_PATHS = _any(r"(^|/)\.yarn/(releases|plugins|versions|cache)/", r"(^|/)(gradle|maven)-wrapper\.jar$")

_LOCK_NAMES = _names(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb cargo.lock go.sum"
    " go.work.sum poetry.lock pdm.lock uv.lock pipfile.lock pixi.lock pylock.toml composer.lock gemfile.lock"
    " podfile.lock mix.lock pubspec.lock flake.lock deno.lock packages.lock.json paket.lock conan.lock"
    " package.resolved chart.lock requirements.lock cabal.project.freeze module.bazel.lock gradle.lockfile"
    " cartfile.resolved rebar.lock manifest.toml.lock .terraform.lock.hcl maven_install.json conda-lock.yml"
    " stack.yaml.lock shard.lock"
)

_MANIFEST_NAMES = _names(
    "package.json pyproject.toml setup.py setup.cfg pipfile go.mod go.work cargo.toml pom.xml build.gradle"
    " build.gradle.kts libs.versions.toml composer.json gemfile podfile mix.exs pubspec.yaml deno.json deno.jsonc"
    " jsr.json environment.yml environment.yaml vcpkg.json conanfile.txt conanfile.py packages.config"
    " directory.packages.props paket.dependencies package.swift chart.yaml pnpm-workspace.yaml project.clj"
    " deps.edn build.sbt stack.yaml rebar.config cartfile bower.json lerna.json module.bazel workspace.bazel"
    " repositories.bzl build.zig.zon shard.yml dune-project flake.nix cpanfile description.in manifest.in"
    " melos.yaml idf_component.yml library.json"
)
_MANIFEST_PATHS = _any(
    r"(^|/)[^/]*requirements[^/]*\.(txt|in|pip)$",
    r"(^|/)requirements/[^/]+\.(txt|in|pip)$",
    r"(^|/)constraints[^/]*\.txt$",
    r"\.(gemspec|podspec|csproj|fsproj|vbproj|nuspec|cabal|rockspec|opam)$",
    r"(^|/)dependencies/[^/]*pom\.xml$",
)

_CI_FOLDERS = _names(
    ".circleci .buildkite .woodpecker .semaphore .azure-pipelines .teamcity .gitlab .tekton .concourse .prow .ci"
)
_CI_NAMES = _names(
    ".travis.yml .travis.yaml .gitlab-ci.yml .gitlab-ci.yaml .appveyor.yml appveyor.yml .appveyor.yaml"
    " azure-pipelines.yml azure-pipelines.yaml jenkinsfile .cirrus.yml .cirrus.star .drone.yml .drone.star"
    " .drone.jsonnet bitbucket-pipelines.yml codecov.yml .codecov.yml codecov.yaml .codecov.yaml .coveralls.yml"
    " .mergify.yml .mergify.yaml mergify.yml renovate.json renovate.json5 .renovaterc .renovaterc.json"
    " dependabot.yml dependabot.yaml .lgtm.yml .packit.yaml .zuul.yaml circle.yml shippable.yml wercker.yml"
    " sonar-project.properties .pullapprove.yml .deepsource.toml .tekton.yaml release-please-config.json"
    " .release-please-manifest.json .sauce.yml netlify.toml vercel.json buildkite.yml .asf.yaml .ng-dev"
    " .scrutinizer.yml .kodiak.toml .bulldozer.yml kokoro.sh"
)
_CI_PATHS = _any(
    r"(^|/)\.(github|gitea|forgejo)/(workflows|actions|scripts|ci|mergify|renovate|configs?)/",
    r"(^|/)\.github/[^/]*(renovate|dependabot|label|stale|codecov|release|mergify|actionlint|settings)[^/]*"
    r"\.(ya?ml|json5?|toml)$",
    r"(^|/)ci/",
    r"(^|/)(script|scripts|tools|build|etc|hack|dev|test|tests|docker)/(ci|travis|circleci|appveyor|jenkins|github-actions)/",
    r"(^|/)[^/]*\.(jenkinsfile|gitlab-ci\.ya?ml)$",
    r"(^|/)(jenkinsfile|azure-pipelines)[^/]*$",
)

_DOCS_NAMES = _names(
    "license licence copying notice authors contributors maintainers codeowners owners owners_aliases funding.yml"
    " .all-contributorsrc .all-contributors.json changelog changes news history readme todo security.txt"
    " citation.cff readthedocs.yml .readthedocs.yml .readthedocs.yaml mkdocs.yml mkdocs.yaml docusaurus.config.js"
    " docusaurus.config.ts typedoc.json doxyfile adopters book.toml sidebars.js sidebars.ts humans.txt roadmap"
    " _config.yml jsdoc.json"
)
_DOCS_FOLDERS = _names(
    "docs doc documentation documents website web-docs docs-site docusaurus mkdocs wiki man manual manpages rfcs"
    " rfc adr .vitepress .vuepress apidocs api-docs guides tutorials cookbook blog javadoc user_guide userguide"
    " community sphinx storybook-docs"
)
_DOCS_SUFFIXES = _names("md mdx markdown rst adoc asciidoc txt texi texinfo tex pod org rdoc textile qmd")
_DOCS_PATHS = _any(
    r"(^|/)\.github/((issue|pull_request)_template|[^/]*\.md|discussion_template|funding)",
    r"(^|/)(readme|changelog|changes|license|licence|contributing|authors|security|code_of_conduct|copying|notice)[._-][^/]*$",
    r"(^|/)docs?[-_](site|src|app|web|shared)/",
    r"(^|/)(site|www)/(content|docs|src/pages|data)/",
)

_TEST_FOLDERS = _names(
    "test tests testing spec specs __tests__ __test__ testdata test-data test_data fixtures __fixtures__"
    " __snapshots__ snapshots e2e e2e-tests integration-tests integration_tests unit-tests unittest unittests"
    " unit_tests testsuite test-suite testcases testlib fixture mocks __mocks__ cypress playwright acceptance"
    " androidtest unit_test testcase jvmtest commontest iostest functionaltest functional_tests goldens golden"
    " regress regression conformance fuzz fuzzing testutil testutils test-utils test_utils testkit"
    " __testfixtures__ benches-test test-fixtures test_fixtures tests_e2e selftest selftests autotest gtest"
    " ref_imgs test_driver integrationtest integrationtests"
)
_TEST_NAMES = _any(
    r"[._-](test|tests|spec|specs|e2e|cy|test-d|spec-d|unit|unit-test|unit-spec|integration|snap)\.[a-z0-9]+(\.snap|\.md)?$",
    r"^(test|tests|spec)[_-][^/]*\.[a-z0-9]+$",
    r"^(test|tests|conftest|spec_helper|test_helper|rails_helper|spec)\.[a-z0-9]+$",
    r"[_-](test|tests|spec|unittest|testcase)\.[a-z0-9]+$",
    r"\.(snap|feature|golden|approved\.txt|snapshot|ambr|stderr|phpt|snap\.new)$",
    r"^(jest|vitest|karma|cypress|playwright|mocha|wdio|ava|nightwatch|protractor)[.-]?[^/]*\.(conf|config|setup|workspace|preset)[^/]*$",
    r"^(pytest\.ini|tox\.ini|\.?mocharc[^/]*|phpunit[^/]*\.xml(\.dist)?|\.?nycrc[^/]*|\.coveragerc|noxfile\.py)$",
)
_TEST_ENDINGS = (".tests", ".test", "-tests", "_tests", "-test", "_test")
# `FooTest.java`, `FooSpec.scala`, `FooTests.cs`: told by their capital, so matched against the path as it is written.
_TEST_CAMEL = re.compile(
    r"[a-z0-9](Tests?|TestCase|TestBase|Spec|IT|TestSuite)\.(java|kt|kts|scala|groovy|cs|swift|php|mm?|cpp|hs|fs|vb)$"
)

_EXAMPLE_FOLDERS = _names(
    "example examples sample samples demo demos playground playgrounds quickstart starter starters showcase"
    " tutorial-code sandbox"
)

_BUILD_NAMES = _names(
    "makefile gnumakefile cmakelists.txt meson.build meson_options.txt meson.options sconstruct sconscript"
    " build.bazel build buck build.zig build.rs workspace workspace.bazel bazelversion .bazelversion .bazelrc"
    " .bazelignore configure configure.ac configure.in rakefile gulpfile.js gruntfile.js justfile .justfile"
    " taskfile.yml taskfile.yaml earthfile jakefile dockerfile containerfile .dockerignore docker-compose.yml"
    " docker-compose.yaml compose.yml compose.yaml gradlew gradlew.bat mvnw mvnw.cmd gradle.properties"
    " settings.gradle settings.gradle.kts build.xml rollup.config.js tsup.config.ts nx.json turbo.json"
    " .goreleaser.yml .goreleaser.yaml .npmrc .yarnrc .yarnrc.yml .nvmrc .node-version .python-version"
    " .ruby-version .java-version .tool-versions rust-toolchain rust-toolchain.toml .swcrc .babelrc cross.toml"
    " kconfig procfile snapcraft.yaml shell.nix default.nix .npmignore global.json nuget.config"
    " directory.build.props directory.build.targets build.cake tsconfig.json project.json angular.json makefile.am"
    " makefile.in .releaserc .releaserc.json release.config.js mise.toml .mise.toml project.toml"
    " dist-workspace.toml dist.toml release.toml build.sh build.ps1 build.bat build.js build.mjs"
    " build.ts install.sh hatch.toml hatch_build.py knope.toml cliff.toml .changeset vercel.ts publish.sh"
    " release.sh module.json component.mk wscript"
)
_BUILD_FOLDERS = _names(
    "cmake bazel docker packaging debian rpm buildsrc build-logic nix snap flatpak gradle .cargo .mvn dockerfiles"
)
_BUILD_PATHS = _any(
    r"\.(cmake|mk|mak|bzl|bazel|gradle|gn|gni|gyp|gypi|nix|dockerfile|spec|m4|ninja|props|targets|sln|vcxproj|pbxproj|xcconfig|in|am)$",
    r"(^|/)(dockerfile|makefile|containerfile|docker-compose|kconfig|rakefile)[^/]*$",
    r"(^|/)(webpack|rollup|vite|babel|esbuild|tsup|gulpfile|gruntfile|postcss|metro|rspack|rolldown|swc|unbuild|build|tsdown|release)"
    r"(\.[a-z0-9-]+)*\.?config\.[a-z]+$",
    r"(^|/)(gulpfile|gruntfile|webpack|babel|rollup)[^/]*\.([cm]?[jt]s|json)$",
    r"(^|/)tsconfig[^/]*\.json$",
    r"^(docker|scripts?|build)/",
)

_CONFIG_NAMES = _names(
    ".editorconfig .gitignore .gitattributes .gitmodules .eslintignore .prettierignore .eslintrc .prettierrc"
    " .stylelintrc .pylintrc .flake8 .clang-format .clang-tidy .rubocop.yml .golangci.yml .golangci.yaml"
    " .pre-commit-config.yaml rustfmt.toml .rustfmt.toml clippy.toml .clippy.toml biome.json biome.jsonc"
    " .oxlintrc.json dprint.json .swiftlint.yml .markdownlint.json .markdownlint.yaml .markdownlint.yml .yamllint"
    " .yamllint.yml .yamllint.yaml .env .env.example .commitlintrc .commitlintrc.json .cspell.json cspell.json"
    " .lintstagedrc .git-blame-ignore-revs analysis_options.yaml .jshintrc .jscsrc mypy.ini ruff.toml .ruff.toml"
    " pyrightconfig.json tslint.json deny.toml typos.toml _typos.toml .typos.toml .codespellrc .mailmap"
    " .hadolint.yaml .licenserc.yaml checkstyle.xml .scalafmt.conf .browserslistrc knip.json .cz.toml .taplo.toml"
    " taplo.toml .remarkrc .luacheckrc .gitpod.yml .gitpod.dockerfile .watchmanconfig .shellcheckrc .oxfmtrc.jsonc"
)
_CONFIG_FOLDERS = _names(".vscode .idea .devcontainer .husky .config .fleet .zed")
_CONFIG_PATHS = _any(
    r"(^|/)\.?(eslint|prettier|stylelint|commitlint|lint-staged|tailwind|oxlint)(rc)?([.-][a-z0-9-]+)*\.([cm]?[jt]s|json5?|ya?ml|toml)$",
    r"\.(toml|ini|cfg|conf|properties|env|ya?ml|editorconfig|cnf|plist|hcl|tfvars|json|json5|jsonc)$",
)

_SCHEMA_PATHS = _any(
    r"\.(proto|sql|graphqls?|gql|avsc|avdl|thrift|fbs|xsd|prisma|capnp|wit|smithy|raml|openapi)$",
    r"(^|/)(migrations?|alembic|flyway|db/changelog)/",
    r"(^|/)[^/]*(openapi|swagger)[^/]*\.(ya?ml|json)$",
    r"\.schema\.json$",
)

_GENERATED_FOLDERS = _names("dist generated __generated__ gen .generated codegen-out build-output")
_GENERATED_PATHS = _any(
    r"\.min\.(js|css|mjs)$",
    r"\.(map|pb\.go|pb\.cc|pb\.h|pb\.gw\.go|g\.dart|freezed\.dart|designer\.cs|snap\.orig)$",
    r"_pb2(_grpc)?\.pyi?$",
    r"(^|/)zz_generated[^/]*$",
    r"[._-](generated|gen|autogen)\.[a-z0-9]+$",
    r"(^|/)(generated|autogenerated)[._-][^/]*$",
)

_ASSET_SUFFIXES = _names(
    "png jpg jpeg gif svg webp ico icns bmp tiff avif ttf otf woff woff2 eot mp3 mp4 wav ogg webm mov avi pdf zip"
    " gz tgz bz2 xz zst 7z jar war wasm bin exe dll so dylib a o class pyc psd ai sketch fig glb gltf obj fbx onnx"
    " pt safetensors parquet arrow npy npz pkl db sqlite tape cast drawio excalidraw flac m4a whl dat raw"
)

_LOCALE_FOLDERS = _names("locale locales i18n l10n translations translation lproj po _locales")
# Grammars of programming languages are kept in these too, so only data counts as translation there.
_LOOSE_LOCALE_FOLDERS = _names("lang langs languages")
_LOCALE_SUFFIXES = _names("po pot mo xliff xlf arb strings resx ftl")
_LOCALE_FORMATS = _names("json yml yaml ts js php toml xml ini")
_LOOSE_LOCALE_FORMATS = _names("json yml yaml php properties xml")

_CODE_SUFFIXES = _names(
    "py pyi pyx js mjs cjs jsx ts mts cts tsx vue svelte astro go rs java kt kts scala groovy clj cljs c h cc cpp"
    " cxx hpp hh hxx inl cu cuh m mm swift cs fs vb php rb erl ex exs hs ml mli lua pl pm r jl dart zig nim d f90"
    " v sv vhd sh bash zsh fish ps1 bat cmd asm s css scss sass less styl html htm xml jsp ejs hbs pug tmpl tpl"
    " jinja j2 erb haml slim coffee el vim tf sol cairo move glsl hlsl wgsl metal shader ipynb cr gd razor cshtml"
    " xaml ui qml y l g4 pest awk sed tcl rkt scm"
)

_PROSE_NAME = re.compile(r"^(readme|changelog|license|licence|contributing)\b")
_DATA_FOLDERS = _names("fixtures fixture __fixtures__ testdata test-data test_data snapshots __snapshots__")

# What code and prose may lie beside packaging: a folder alone does not make these BUILD.
_NOT_PACKAGING = _CODE_SUFFIXES | _DOCS_SUFFIXES | _ASSET_SUFFIXES


@lru_cache(maxsize=8192)
def role_of(path: str) -> Role:
    """The role of a file, from its path as git writes it (with `/`); a path that says nothing is SOURCE.

    What decides first: vendored, CI, prose by name, tests, locks, manifests, then folders of documentation, examples,
    translations, build and suffixes. So a fixture's `package.json` is TEST and a website's is MANIFEST.
    """
    place = _Place(path)
    for role, holds in _RULES:
        if holds(place):
            return role
    return Role.SOURCE


class _Place:
    """A path taken apart once, lower-cased but for `path`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lowered = path.lower().strip("/")
        *folders, self.name = self.lowered.split("/")
        self.folders = frozenset(folders)
        self.suffix = self.name.rpartition(".")[2] if "." in self.name else ""


def _is_vendored(place: _Place) -> bool:
    return bool(place.folders & _VENDORED_FOLDERS or _VENDORED_PATHS.search(place.lowered))


def _is_pipeline(place: _Place) -> bool:
    known = place.name in _CI_NAMES or place.folders & _CI_FOLDERS or _CI_PATHS.search(place.lowered)
    return bool(known) and place.suffix not in _DOCS_SUFFIXES


def _is_named_prose(place: _Place) -> bool:
    prose = place.suffix in _DOCS_SUFFIXES or not place.suffix
    return prose and bool(_PROSE_NAME.match(place.name)) and not place.folders & _DATA_FOLDERS


def _is_test(place: _Place) -> bool:
    if place.folders & _TEST_FOLDERS or any(folder.endswith(_TEST_ENDINGS) for folder in place.folders):
        return True
    return bool(_TEST_NAMES.search(place.name) or _TEST_CAMEL.search(place.path))


def _is_lock(place: _Place) -> bool:
    return place.name in _LOCK_NAMES or place.suffix == "lock"


def _is_manifest(place: _Place) -> bool:
    return place.name in _MANIFEST_NAMES or bool(_MANIFEST_PATHS.search(place.lowered))


def _is_documentation(place: _Place) -> bool:
    known = place.name in _DOCS_NAMES or place.folders & _DOCS_FOLDERS or _DOCS_PATHS.search(place.lowered)
    return bool(known)


def _is_example(place: _Place) -> bool:
    return bool(place.folders & _EXAMPLE_FOLDERS)


def _is_locale(place: _Place) -> bool:
    strict = place.folders & _LOCALE_FOLDERS and place.suffix in _LOCALE_FORMATS
    loose = place.folders & _LOOSE_LOCALE_FOLDERS and place.suffix in _LOOSE_LOCALE_FORMATS
    return bool(strict or loose) or place.suffix in _LOCALE_SUFFIXES


def _is_build(place: _Place) -> bool:
    if place.name in _BUILD_NAMES or _BUILD_PATHS.search(place.lowered):
        return True
    return bool(place.folders & _BUILD_FOLDERS) and place.suffix not in _NOT_PACKAGING


def _is_prose(place: _Place) -> bool:
    return place.suffix in _DOCS_SUFFIXES


def _is_schema(place: _Place) -> bool:
    return bool(_SCHEMA_PATHS.search(place.lowered))


def _is_generated(place: _Place) -> bool:
    return bool(place.folders & _GENERATED_FOLDERS or _GENERATED_PATHS.search(place.lowered))


def _is_asset(place: _Place) -> bool:
    return place.suffix in _ASSET_SUFFIXES


def _is_config(place: _Place) -> bool:
    known = place.name in _CONFIG_NAMES or place.folders & _CONFIG_FOLDERS or _CONFIG_PATHS.search(place.lowered)
    return bool(known)


_RULES: tuple[tuple[Role, Callable[[_Place], bool]], ...] = (
    (Role.VENDORED, _is_vendored),
    (Role.CI, _is_pipeline),
    (Role.DOCS, _is_named_prose),
    (Role.TEST, _is_test),
    (Role.LOCK, _is_lock),
    (Role.MANIFEST, _is_manifest),
    (Role.DOCS, _is_documentation),
    (Role.EXAMPLE, _is_example),
    (Role.LOCALE, _is_locale),
    (Role.GENERATED, _is_generated),
    (Role.SCHEMA, _is_schema),
    (Role.BUILD, _is_build),
    (Role.DOCS, _is_prose),
    (Role.ASSET, _is_asset),
    (Role.CONFIG, _is_config),
)
