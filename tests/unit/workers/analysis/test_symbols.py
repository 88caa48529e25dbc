"""Facts of commits: what patches add, remove, rename, move and change."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.symbols.symbols import FACTS_PER_FILE, facts_of
from workers.model import Commit, FileChange, FileStatus, Person

THEN = datetime(2026, 2, 21, tzinfo=UTC)


def change(path: str, patch: str, **fields: Any) -> FileChange:
    return FileChange(path=path, patch=patch.strip("\n"), **{"status": FileStatus.MODIFIED, **fields})


def commit(*files: FileChange) -> Commit:
    who = Person(name="A")
    return Commit(sha="0" * 40, author=who, committer=who, authored_at=THEN, committed_at=THEN, message="", files=files)


def told(*files: FileChange) -> list[tuple[str, str, str]]:
    """Thing, deed and name of every fact but mere touches."""
    return [(fact.thing, fact.deed, fact.name) for fact in facts_of(commit(*files)) if fact.deed is not Deed.TOUCHED]


def only(thing: Thing, *files: FileChange) -> list[Fact]:
    return [fact for fact in facts_of(commit(*files)) if fact.thing is thing]


def added(path: str, text: str) -> FileChange:
    lines = text.strip("\n").split("\n")
    return change(path, f"@@ -1,0 +1,{len(lines)} @@\n" + "\n".join("+" + line for line in lines))


def test_an_added_function_is_quoted_where_it_stands() -> None:
    file = change(
        "app/router.py",
        """
@@ -10,2 +10,6 @@ class Router:
     def get(self):
         return 1
+
+    def add_route(self, path: str,
+                  name: str | None = None) -> None:
+        self.routes.append(path)
""",
    )
    (fact,) = only(Thing.FUNCTION, file)
    assert (fact.deed, fact.name, fact.public) == (Deed.ADDED, "Router.add_route", True)
    assert fact.new == "def add_route(self, path: str, name: str | None = None) -> None"
    (evidence,) = fact.evidence
    assert (evidence.path, evidence.side, evidence.start, evidence.end) == ("app/router.py", "new", 13, 14)
    assert evidence.quote == "    def add_route(self, path: str,\n                  name: str | None = None) -> None:"


def test_a_function_that_only_moved_within_its_file_is_no_fact() -> None:
    file = change(
        "a.py",
        """
@@ -1,4 +1,1 @@
-def one(a):
-    return a + 1
-
 x = 1
@@ -9,1 +6,4 @@
 y = 1
+
+def one(a):
+    return a + 1
""",
    )
    assert told(file) == []


def test_a_function_that_was_only_indented_is_no_fact() -> None:
    file = change("a.py", "@@ -1,2 +1,3 @@\n-def one(a):\n-    return a\n+if x:\n+    def one(a):\n+        return a\n")
    assert told(file) == []


def test_a_changed_signature_tells_its_parameters_and_defaults() -> None:
    file = change(
        "a.py",
        """
@@ -1,2 +1,2 @@
-def fetch(url, timeout=10, retries=3):
+def fetch(url, timeout=30, proxy=None):
     return url
""",
    )
    assert told(file) == [
        ("function", "changed", "fetch"),
        ("parameter", "changed", "fetch(timeout)"),
        ("parameter", "removed", "fetch(retries)"),
        ("parameter", "added", "fetch(proxy)"),
    ]
    timeout = only(Thing.PARAMETER, file)[0]
    assert (timeout.old, timeout.new, len(timeout.evidence)) == ("10", "30", 2)


def test_a_signature_that_was_only_reformatted_is_no_change() -> None:
    file = change("a.py", "@@ -1,2 +1,5 @@\n-def f(a, b=1):\n+def f(\n+    a,\n+    b=1,\n+):\n     return a\n")
    assert told(file) == []


def test_a_changed_line_of_a_signature_whose_head_is_context_is_a_change() -> None:
    file = change(
        "a.go", "@@ -1,4 +1,4 @@\n func Run(\n-\tname string,\n+\tname, kind string,\n ) error {\n \treturn nil\n"
    )
    assert ("function", "changed", "Run") in told(file)


def test_a_removed_and_an_added_function_of_one_body_are_a_rename() -> None:
    file = change(
        "a.py",
        """
@@ -1,4 +1,4 @@
-def load_all(path):
+def read_everything(path):
     rows = open(path)
     rows = [row.strip() for row in rows]
     return rows
""",
    )
    (fact,) = only(Thing.FUNCTION, file)
    assert (fact.deed, fact.old, fact.name) == (Deed.RENAMED, "load_all", "read_everything")
    assert [evidence.side for evidence in fact.evidence] == ["old", "new"]


def test_a_function_removed_from_one_file_and_added_in_another_has_moved() -> None:
    body = "def parse_header(text):\n    key, value = text.split(':')\n    return key, value"
    minus = "\n".join("-" + line for line in body.split("\n"))
    facts = facts_of(commit(change("old.py", f"@@ -1,3 +0,0 @@\n{minus}"), added("new.py", body)))
    assert [(fact.deed, fact.name, fact.path, fact.old) for fact in facts] == [
        (Deed.MOVED, "parse_header", "new.py", "old.py")
    ]


def test_functions_of_one_common_name_in_two_files_have_not_moved() -> None:
    removed = change("old.py", "@@ -1,2 +0,0 @@\n-def main():\n-    serve()")
    assert told(removed, added("new.py", "def main():\n    parse()")) == [
        ("function", "removed", "main"),
        ("function", "added", "main"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.ts", "export async function run(a: string): Promise<void> {\n}", [("function", "run", True)]),
        ("a.ts", "export const run = async (\n  a: string,\n): Promise<void> => {\n}", [("function", "run", True)]),
        ("a.ts", "export const LIMIT = 5", [("constant", "LIMIT", True)]),
        (
            "a.ts",
            "export interface Box {\n  open(key: string): void\n}",
            [("type", "Box", True), ("function", "Box.open", True)],
        ),
        ("a.js", "if (x) {\n}\nfoo(bar)\nreturn baz(1)", []),
        (
            "a.vue",
            "<template>\n  <p>{{ open() }}</p>\n</template>\n<script setup>\nfunction open() {\n}\n</script>",
            [("function", "open", False)],
        ),
        ("a.go", "func (s *Server) Start(ctx context.Context) error {", [("function", "Server.Start", True)]),
        ("a.go", "func helper() {", [("function", "helper", False)]),
        ("a.rs", "pub fn open<P: AsRef<Path>>(path: P) -> io::Result<File> {", [("function", "open", True)]),
        (
            "a.rs",
            "impl<T> Iterator for Walk<T> {\n    fn next(&mut self) -> Option<T> {",
            [("function", "Walk.next", False)],
        ),
        ("a.rs", "mod tests;\npub(crate) fn inner() {}", [("function", "inner", False)]),
        (
            "A.java",
            "public class A {\n    public <T> List<T> all(Map<String, T> m) throws X {\n        call(m);\n    }\n}",
            [("type", "A", True), ("function", "A.all", True)],
        ),
        ("A.java", "        return new Thing(a);\n        other.call(b);\n        int x = compute(y);", []),
        ("a.c", "static int\nparse(char *s)\n{\n    if (s) {\n    }\n}", [("function", "parse", False)]),
        ("a.c", "int later(void);\nx = call(y);", []),
        ("include/a.h", "int later(void);", [("function", "later", True)]),
        ("a.c", "typedef struct node {\n    int a;\n} node_t;", [("type", "node", False), ("type", "node_t", False)]),
        (
            "a.cpp",
            "Node::Node(int a)\n    : a_(a), b_(1) {\n}\nvoid Node::run() const {\n}",
            [("function", "Node::Node", False), ("function", "Node::run", False)],
        ),
        ("A.cs", "    public async Task<int> ReadAsync(string path)\n    {", [("function", "ReadAsync", True)]),
        (
            "a.kt",
            "internal fun interface F\nfun <T> List<T>.second(): T = this[1]",
            [("type", "F", False), ("function", "second", True)],
        ),
        ("a.rb", "class A\n  def self.make(x)\n  end\nend", [("type", "A", True), ("function", "A.make", True)]),
        ("a.php", "    private function load(string $a): void\n    {", [("function", "load", False)]),
        ("a.swift", "public func open(_ url: URL) -> Bool {", [("function", "open", True)]),
        ("a.scala", "  private def load(a: Int): Int = a", [("function", "load", False)]),
        (
            "a.lua",
            "local function helper(a)\nend\nfunction M.open(b)\nend",
            [("function", "helper", False), ("function", "M.open", True)],
        ),
        ("a.sh", "build() {\n  cat <<EOF\nfake() {\nEOF\n}", [("function", "build", False)]),
        (
            "a.ex",
            "defmodule A.B do\n  def run(x), do: x\n  defp hide(x), do: x\nend",
            [("type", "A.B", True), ("function", "A.B.run", True), ("function", "A.B.hide", False)],
        ),
        ("a.dart", "Widget build(BuildContext context) {", [("function", "build", True)]),
        ("a.R", "fit <- function(x, y = 1) {", [("function", "fit", True)]),
        ("a.m", "- (void)open:(NSURL *)url {", [("function", "open", True)]),
        (
            "a.py",
            "class _Hidden:\n    def run(self):\n        def inner():\n            pass",
            [("type", "_Hidden", False), ("function", "_Hidden.run", False), ("function", "inner", False)],
        ),
    ],
)
def test_declarations_of_a_language(path: str, text: str, expected: list[tuple[str, str, bool]]) -> None:
    facts = [fact for fact in facts_of(commit(added(path, text))) if fact.deed is Deed.ADDED]
    assert sorted((fact.thing.value, fact.name, fact.public) for fact in facts) == sorted(expected)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 's = """\ndef fake():\n    pass\n"""'),
        ("a.py", '    text.\n    """\n)\n# def fake(): pass\nx = "def fake():"'),
        ("a.ts", "const s = `\nfunction fake() {\n}\n`"),
        ("a.ts", " * function fake() {\n */\n// function fake() {"),
        ("a.java", "/**\n public void fake() {\n */\n"),
        ("a.rb", "x = <<~RUBY\n  def fake\n  end\nRUBY"),
        ("a.rs", 'let s = r#"\nfn fake() {}\n"#;'),
    ],
)
def test_what_looks_like_a_declaration_in_strings_and_comments_is_none(path: str, text: str) -> None:
    assert told(added(path, text)) == []


def test_a_hunk_that_begins_inside_a_docstring_is_read_as_such() -> None:
    file = change(
        "a.py", '@@ -5,3 +5,5 @@ def real():\n     and more.\n+\n+    def fake(): nothing\n     """\n     return 1\n'
    )
    assert told(file) == []


def test_a_touched_function_is_told_by_the_hunk_header() -> None:
    file = change(
        "a.c", "@@ -40,3 +40,3 @@ int serve(client *c) {\n     int a;\n-    a = 1;\n+    a = 2;\n     return a;\n"
    )
    (fact,) = facts_of(commit(file))
    assert (fact.deed, fact.thing, fact.name) == (Deed.TOUCHED, Thing.FUNCTION, "serve")
    assert (fact.evidence[0].side, fact.evidence[0].start, fact.evidence[0].quote) == ("new", 41, "    a = 2;")


def test_a_header_names_nothing_after_its_function_has_ended() -> None:
    file = change(
        "a.c",
        "@@ -40,4 +40,5 @@ int serve(client *c) {\n }\n \n int next(void) {\n+    work();\n     return 1;\n",
    )
    assert [fact.name for fact in facts_of(commit(file))] == ["next"]


def test_a_prototype_and_its_definition_are_one_public_fact() -> None:
    files = (added("src/a.h", "int open_it(void);"), added("src/a.c", "int open_it(void) {\n    return 1;\n}"))
    assert [(fact.name, fact.path, fact.public) for fact in facts_of(commit(*files))] == [("open_it", "src/a.c", True)]


def test_tests_have_no_public_facts() -> None:
    assert [fact.public for fact in facts_of(commit(added("tests/test_a.py", "def test_a():\n    pass")))] == [False]


@pytest.mark.parametrize("path", ["vendor/a.py", "package-lock.json", "dist/app.min.js"])
def test_what_nobody_wrote_here_is_not_read(path: str) -> None:
    assert facts_of(commit(added(path, "def f(): pass\nfunction g() {}"))) == ()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("cli.py", 'p.add_argument(\n    "-v", "--verbose",\n    default=False)', ("flag", "--verbose", "False")),
        ("cli.py", '@click.option("--port", default=8080)', ("flag", "--port", "8080")),
        ("cli.ts", "program.option('-p, --port <port>', 'the port')", ("flag", "--port", None)),
        ("main.go", 'flag.String("listen", ":80", "where")', ("flag", "--listen", '":80"')),
        (
            "main.rs",
            '    #[arg(short, long, default_value = "x")]\n    out_dir: PathBuf,',
            ("flag", "--out-dir", '"x"'),
        ),
        ("main.c", "    {\"verbose\", no_argument, 0, 'v'},", ("flag", "--verbose", None)),
        ("cli.py", 'sub.add_parser("serve")', ("command", "serve", None)),
        ("a.py", 'x = os.environ.get("APP_HOME", "/tmp")', ("environment", "APP_HOME", '"/tmp"')),
        ("a.ts", "const t = process.env.API_TOKEN", ("environment", "API_TOKEN", None)),
        ("a.go", 'os.Getenv("HOME_DIR")', ("environment", "HOME_DIR", None)),
        ("a.rs", 'env::var("LOG_LEVEL")', ("environment", "LOG_LEVEL", None)),
        ("api.py", '@app.get("/items/{id}")', ("route", "GET /items/{id}", None)),
        ("api.py", '@app.route("/login", methods=["POST"])', ("route", "POST /login", None)),
        ("srv.js", "app.delete('/users/:id', handler)", ("route", "DELETE /users/:id", None)),
        ("C.java", '    @PostMapping("/orders")', ("route", "POST /orders", None)),
        ("r.go", 'r.GET("/health", h)', ("route", "GET /health", None)),
        ("r.rs", '    .route("/v1/x", post(create))', ("route", "POST /v1/x", None)),
        ("app/urls.py", '    path("users/", views.users),', ("route", "ANY /users/", None)),
        (
            "conf.c",
            '    createBoolConfig("lazyfree", NULL, MODIFIABLE, server.lazy, 0, NULL, NULL),',
            ("setting", "lazyfree", "0"),
        ),
        ("cfg.py", "class AppSettings(Base):\n    retries: int = 3", ("setting", "AppSettings.retries", "3")),
        ("cfg.ts", "export interface BuildOptions {\n  minify?: boolean\n}", ("setting", "BuildOptions.minify", None)),
        ("cfg.rs", "pub struct CacheConfig {\n    pub ttl: u64,\n}", ("setting", "CacheConfig.ttl", None)),
        ("a.proto", "message User {\n  optional string email = 4;\n}", ("field", "User.email", "optional string = 4")),
        ("a.graphql", "type User {\n  email: String!\n}", ("field", "User.email", "String!")),
        (
            "schema.sql",
            "CREATE TABLE users (\n  email varchar(20) NOT NULL,\n);",
            ("field", "users.email", "varchar(20) NOT NULL"),
        ),
    ],
)
def test_what_people_meet_outside_the_code(path: str, text: str, expected: tuple[str, str, str | None]) -> None:
    facts = [fact for fact in facts_of(commit(added(path, text))) if fact.thing == expected[0]]
    assert [(fact.thing.value, fact.name, fact.new) for fact in facts] == [expected]
    assert facts[0].deed is Deed.ADDED
    assert facts[0].evidence[0].quote in text


def test_a_changed_default_of_a_flag_is_told_with_both_values() -> None:
    file = change("cli.py", '@@ -1 +1 @@\n-p.add_argument("--jobs", default=2)\n+p.add_argument("--jobs", default=8)')
    (fact,) = only(Thing.FLAG, file)
    assert (fact.deed, fact.old, fact.new) == (Deed.CHANGED, "2", "8")


def test_an_option_in_a_comment_is_none() -> None:
    assert told(added("cli.py", '# p.add_argument("--jobs")\n# os.getenv("X_Y")')) == []


def test_an_environment_variable_that_moved_between_files_is_not_news() -> None:
    removed = change("a.py", '@@ -1 +0,0 @@\n-x = os.getenv("APP_HOME")')
    assert only(Thing.ENVIRONMENT, removed, added("b.py", 'x = os.getenv("APP_HOME")')) == []


def test_settings_of_files_are_dotted_and_tell_their_values() -> None:
    yaml = change("config/app.yaml", "@@ -1,3 +1,3 @@\n server:\n   http:\n-    port: 80  # plain\n+    port: 8080\n")
    conf = change("redis.conf", "@@ -1 +1 @@\n-maxmemory 1gb\n+maxmemory 2gb")
    toml = change("settings.toml", "@@ -1,2 +1,3 @@\n [cache]\n ttl = 1\n+size = 2\n")
    assert [(fact.name, fact.deed.value, fact.old, fact.new) for fact in only(Thing.SETTING, yaml, conf, toml)] == [
        ("server.http.port", "changed", "80", "8080"),
        ("maxmemory", "changed", "1gb", "2gb"),
        ("cache.size", "added", None, "2"),
    ]


def test_a_dependency_tells_its_versions() -> None:
    file = change(
        "package.json", '@@ -9,3 +9,3 @@\n   "dependencies": {\n-    "vite": "^7.1.0"\n+    "vite": "^8.0.0"\n   }\n'
    )
    (fact,) = facts_of(commit(file))
    assert (fact.thing, fact.deed, fact.name, fact.old, fact.new) == (
        "dependency",
        "changed",
        "vite",
        "^7.1.0",
        "^8.0.0",
    )


def test_an_added_drop_in_a_migration_removes_a_field() -> None:
    up = added("migrations/2.sql", "ALTER TABLE users DROP COLUMN email;\nALTER TABLE users ADD COLUMN phone text;")
    python = added(
        "migrations/3.py",
        "def upgrade():\n    op.add_column('users', sa.Column('age', sa.Integer))\n"
        "def downgrade():\n    op.drop_column('users', 'age')",
    )
    fields = [(fact.deed.value, fact.name) for fact in only(Thing.FIELD, up, python)]
    assert fields == [("removed", "users.email"), ("added", "users.phone"), ("added", "users.age")]


def test_files_tell_what_became_of_them() -> None:
    facts = facts_of(
        commit(
            change("a.bin", "", status=FileStatus.ADDED),
            change("b/c.txt", "", status=FileStatus.RENAMED, old_path="a/c.txt"),
            change("b/new.txt", "", status=FileStatus.RENAMED, old_path="b/old.txt"),
            change("gone.txt", "@@ -1 +0,0 @@\n-first\n", status=FileStatus.DELETED),
            change("run.sh", "", old_mode="100644", new_mode="100755"),
        )
    )
    assert [(fact.thing.value, fact.deed.value, fact.name, fact.old) for fact in facts] == [
        ("file", "added", "a.bin", None),
        ("file", "moved", "b/c.txt", "a/c.txt"),
        ("file", "renamed", "b/new.txt", "b/old.txt"),
        ("file", "removed", "gone.txt", None),
        ("mode", "changed", "run.sh", "100644"),
    ]
    assert facts[3].evidence[0].quote == "first"


def test_a_submodule_tells_its_shas() -> None:
    old, new = "a" * 40, "b" * 40
    patch = f"@@ -1 +1 @@\n-Subproject commit {old}\n+Subproject commit {new}\n"
    (fact,) = facts_of(commit(change("lib", patch, old_mode="160000", new_mode="160000")))
    assert (fact.thing, fact.deed, fact.old, fact.new) == (Thing.SUBMODULE, Deed.CHANGED, old, new)


def test_facts_beyond_the_cap_are_summed_up() -> None:
    text = "\n".join(f"def function_{number}(): pass" for number in range(FACTS_PER_FILE + 50))
    facts = facts_of(commit(added("a.py", text)))
    assert len(facts) == FACTS_PER_FILE + 1
    assert (facts[-1].name, facts[-1].count, facts[-1].deed) == ("a.py", 50, Deed.ADDED)


@pytest.mark.parametrize(
    "path", ["a.py", "a.ts", "a.rs", "a.java", "a.cpp", "a.cs", "a.rb", "a.sh", "c.json", "pom.xml"]
)
@pytest.mark.parametrize("line", ["a<b> " * 400, "(" * 2000, '"' * 1999, "#[arg(long)] " * 150, " " * 2000, "x(" * 900])
def test_hostile_lines_do_not_stall(path: str, line: str) -> None:
    started = time.process_time()
    facts_of(commit(added(path, "\n".join([line[:1900]] * 20))))
    assert time.process_time() - started < 1.0


ENDINGS = (
    "py",
    "ts",
    "vue",
    "go",
    "rs",
    "java",
    "c",
    "cpp",
    "cs",
    "rb",
    "sh",
    "sql",
    "proto",
    "yaml",
    "toml",
    "json",
    "conf",
)
PIECES = st.sampled_from(
    [
        "@@ -1 +1 @@\n",
        "+",
        "-",
        " ",
        "\n",
        "def f(",
        "):",
        "class A:",
        '"""',
        "{",
        "}",
        "`",
        "/*",
        "*/",
        "fn f(",
        "->",
        "\r",
        "\u2028",
        "x = 1",
        "<",
        ">",
        "#",
        "impl A for B {",
        "=>",
        "public void f(int a) {",
        "typedef",
        "\x00",
        "\ud800",
        '"a": {',
        "- b: c",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    patch=st.lists(PIECES, max_size=60).map("".join),
    ending=st.sampled_from(ENDINGS),
)
def test_no_patch_raises_and_every_quote_is_on_its_lines(patch: str, ending: str) -> None:
    whole = "@@ -1 +1 @@\n" + patch
    for fact in facts_of(commit(change(f"src/config/x.{ending}", whole))):
        for evidence in fact.evidence:
            assert 1 <= evidence.start <= evidence.end
            assert all(any(line in row for row in whole.split("\n")) for line in evidence.quote.split("\n"))
