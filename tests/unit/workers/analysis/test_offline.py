from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import NOW, changed, commit
from tests.unit.workers.analysis.specimens import SPECIMENS
from workers.analysis.analyst import analyse
from workers.model import Analysis, Commit, Language, Statement


def shown(statement: Statement) -> str:
    places = "".join(
        f"\n      {place.path!r} {place.side} {place.start}-{place.end}: {place.quote!r}"
        for place in statement.evidence
    )
    return statement.text + (" [proposed]" if statement.proposed else "") + places


def rendered(analysis: Analysis) -> str:
    """The whole analysis as plain text, for eyes and for comparison."""
    judgement = analysis.judgement
    lines = [f"{analysis.tier.value}: {'; '.join(analysis.tier_reasons)}"]
    lines.append("kinds: " + ", ".join(analysis.kinds))
    lines += [f"summary: {shown(one)}" for one in judgement.summary]
    lines += [f"impact: {shown(one)}" for one in judgement.impact]
    for insight in judgement.insights:
        lines += [f"insight, {insight.dimension}: {shown(one)}" for one in insight.statements]
    lines += [f"risk: {shown(one)}" for one in judgement.risks]
    lines += [f"for {advice.audience}: {shown(advice.statement)}" for advice in judgement.recommendations]
    if judgement.conclusion:
        lines.append(f"conclusion: {shown(judgement.conclusion)}")
    lines.append(f"complete: {judgement.complete}; {analysis.grounding.model_dump()}")
    coverage = analysis.coverage
    lines.append(
        f"read: {coverage.files_seen} of {coverage.files} files, {coverage.bytes_seen} of {coverage.bytes} bytes"
    )
    lines += [f"left out: {left.path!r}: {left.reason}" for left in coverage.left_out]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SPECIMENS)
def test_the_whole_analysis_reads_as_it_was_approved(name, language: Language, golden):
    analysis = analyse(SPECIMENS[name](), language, NOW)
    golden(f"offline/{name}.{language}.txt", rendered(analysis))


def summary_of(one: Commit, language: Language = "en") -> str:
    return " ".join(statement.text for statement in analyse(one, language, NOW).judgement.summary)


C = "int size(void) {\n    return 1;\n}\n"


def test_a_fix_is_called_a_fix():
    assert summary_of(commit("Fix the size", changed("src/a.c", C, C.replace("1", "2")))).startswith(
        "Fixes a problem in"
    )


def test_what_its_message_does_not_call_a_fix_is_not_called_one():
    one = commit("Size", changed("src/a.c", C, C.replace("1", "2")))
    assert "ixes" not in summary_of(one) and "修复" not in summary_of(one, "zh")


def test_a_change_of_one_line_is_told_by_its_line():
    one = commit("Fix the size", changed("src/a.c", C, C.replace("1", "2")))
    assert "`return 1;` becomes `return 2;`." in summary_of(one)


def test_a_line_that_only_moves_is_not_told_as_a_change():
    old = "void f(void) {\n    a();\n    b();\n}\n"
    one = commit("Fix order", changed("src/a.c", old, "void f(void) {\n    b();\n    a();\n}\n"))
    assert "only changes its place" in summary_of(one)


def test_a_revert_of_a_revert_is_told_as_applied_again():
    one = commit('Revert "Revert "Use threads""', changed("src/a.c", C, C.replace("1", "2")))
    assert summary_of(one).startswith("Applies “Use threads” again")


def test_many_names_become_one_sentence_with_the_exact_rest():
    old = "x = 1\n"
    new = old + "".join(f"\n\ndef job_{n}():\n    pass\n" for n in range(18))
    assert "and 14 more" in summary_of(commit("feat: jobs", changed("acme/jobs.py", old, new)))


def test_a_release_is_told_by_its_versions():
    one = commit("release", changed("package.json", '{\n  "version": "8.1.0"\n}\n', '{\n  "version": "8.2.0"\n}\n'))
    assert "`8.1.0`" in summary_of(one) and "`8.2.0`" in summary_of(one)


def test_new_tests_are_named():
    old = "def test_a():\n    pass\n"
    one = commit("test: more", changed("tests/test_a.py", old, old + "\n\ndef test_b():\n    pass\n"))
    assert "New test case: `test_b`." in summary_of(one)


def test_an_action_of_a_pipeline_is_told_with_its_versions():
    old = "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n"
    one = commit("ci: bump", changed(".github/workflows/ci.yml", old, old.replace("v4", "v5")))
    assert "from `v4` to `v5`" in summary_of(one)


def test_dozens_of_folders_are_told_as_a_few():
    files = [changed(f"src/module{n}/impl/a.c", C, C.replace("1", "2")) for n in range(40)]
    impact = analyse(commit("fix: sizes", *files), "en", NOW).judgement.impact
    assert impact[0].text == "Product code in `src/` (40 files); no test changes with it."


def test_a_change_of_a_few_lines_alike_is_told_by_its_first_line():
    old = "int a = read_all(1);\nint c;\nint b = read_all(2);\n"
    one = commit("Fix reads", changed("src/a.c", old, old.replace("read_all", "read_some")))
    assert "`int a = read_all(1);` becomes `int a = read_some(1);`, and 1 more line in this way." in summary_of(one)


def test_calls_of_every_day_are_not_told():
    old = "void f(void) {\n    stop();\n}\n"
    new = "void f(void) {\n    if (ready()) {\n        items.push(1);\n        log_warning(2);\n    }\n    stop();\n}\n"
    assert "now call" not in summary_of(commit("Fix f", changed("src/a.c", old, new)))


def test_what_the_author_explains_stands_right_after_what_changed():
    one = commit("Fix the size\n\nEvery caller got one byte too few.", changed("src/a.c", C, C.replace("1", "2")))
    assert analyse(one, "en", NOW).judgement.summary[1].text == "The author says: “Every caller got one byte too few.”"


def test_several_updates_are_told_with_their_number_first():
    old = "".join(f'    "lib{n}": "^1.{n}.0",\n' for n in range(8))
    text = '{\n  "dependencies": {\n' + old + '    "z": "1"\n  }\n}\n'
    one = commit("chore: bump", changed("package.json", text, text.replace("^1.", "^1.9")))
    assert "Updates 8 dependencies, among them `lib0`, `lib1`" in summary_of(one)
    assert "更新 8 个依赖，包括 `lib0`、`lib1`" in summary_of(one, "zh")


def test_comments_of_a_configuration_are_told_as_comments():
    one = commit("Explain it", changed("app.conf", "# teh port\nport 1\n", "# the port\nport 1\n"))
    assert summary_of(one) == "Rewords comments in `app.conf`."


def test_a_route_inside_the_test_module_of_a_rust_file_is_no_public_surface():
    body = "fn serve() {\n    one();\n}\n\n#[cfg(test)]\nmod tests {\n    fn test_old() {}\n"
    new = (
        body.replace("one", "two")
        + '    fn test_new() {\n        app.route("/try", axum::routing::post(go));\n    }\n}\n'
    )
    one = commit("refactor: serve", changed("src/server.rs", body + "}\n", new))
    assert "/try" not in str(analyse(one, "en", NOW).judgement.summary)
    assert "/try" not in str(analyse(one, "en", NOW).tier_reasons)


def test_a_default_that_is_a_constant_of_the_code_is_no_value_to_write_down():
    line = 'parser.add_argument("--level", default={})\n'
    one = commit("Tune", changed("src/cli.py", line.format("LEVEL_ALL"), line.format("LEVEL_NONE")))
    told = [advice.statement.text for advice in analyse(one, "en", NOW).judgement.recommendations]
    assert "To stay with the old behaviour, set `--level` explicitly to what `LEVEL_ALL` stands for." in told


def test_a_commit_whose_files_were_cut_is_not_complete():
    one = commit("Fix the size", changed("src/a.c", C, C.replace("1", "2")))
    assert analyse(one, "en", NOW).judgement.complete
    assert not analyse(one.model_copy(update={"files_cut": True}), "en", NOW).judgement.complete


def test_a_medium_commit_says_of_its_tests_once():
    one = commit("Fix the size", changed("src/a.c", C, C.replace("1", "2")))
    judgement = analyse(one, "en", NOW).judgement
    assert [statement.text for statement in judgement.impact] == ["Product code in `src/a.c`; no test changes with it."]
    assert not judgement.recommendations
