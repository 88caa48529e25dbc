from __future__ import annotations

import pytest

from tests.unit.workers.analysis import specimens
from tests.unit.workers.analysis.by_hand import added, changed, commit, unread
from workers.analysis.analyst import survey_of
from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.survey.survey import Survey
from workers.analysis.triage import floor_of, triage
from workers.model import Commit, Kind, PatchGap, Tier, Triage
from workers.words import load_words

EN = load_words("workers.analysis", "en")
SOURCE = "int size(void) {\n    return 1;\n}\n"


def judged(one: Commit) -> Triage:
    return triage(survey_of(one), EN)


def with_facts(message: str, path: str, *facts: Fact, kind: Kind = Kind.FEATURE) -> Survey:
    return Survey(commit(message, changed(path, SOURCE, SOURCE.replace("1", "2"))), facts, (kind,))


def fact(thing: Thing, deed: Deed, name: str, path: str, old: str | None = None, new: str | None = None) -> Fact:
    return Fact(thing=thing, deed=deed, name=name, path=path, public=True, old=old, new=new)


@pytest.mark.parametrize(
    "thing", [Thing.FLAG, Thing.COMMAND, Thing.ROUTE, Thing.SETTING, Thing.ENVIRONMENT, Thing.FIELD]
)
def test_removing_what_people_use_from_outside_is_high(thing):
    survey = with_facts("Tidy up", "src/server.c", fact(thing, Deed.REMOVED, "--old", "src/server.c"))
    told = triage(survey, EN)
    assert told.tier is Tier.HIGH
    assert "removes the" in told.reasons[0] and "`--old`" in told.reasons[0]


def test_a_changed_default_is_high_and_its_reason_says_from_what_to_what():
    setting = fact(Thing.SETTING, Deed.CHANGED, "max_wait", "config/app.toml", "60", "30")
    told = triage(with_facts("Tune", "config/app.toml", setting), EN)
    assert told.tier is Tier.HIGH
    assert told.reasons == ("changes the value of `max_wait` from `60` to `30`",)


def test_a_new_flag_alone_is_medium():
    told = triage(with_facts("feat: x", "src/cli.c", fact(Thing.FLAG, Deed.ADDED, "--new", "src/cli.c")), EN)
    assert (told.tier, told.reasons) == (Tier.MEDIUM, ("adds the flag `--new`",))


def test_three_new_sorts_of_public_surface_at_once_are_high():
    things = (Thing.FLAG, Thing.ROUTE, Thing.SETTING)
    facts = [fact(thing, Deed.ADDED, thing.value, "src/cli.c") for thing in things]
    assert triage(with_facts("feat: x", "src/cli.c", *facts), EN).tier is Tier.HIGH


def test_a_leak_fix_of_eight_lines_is_not_low():
    told = judged(specimens.leak_fix())
    assert told.tier is not Tier.LOW
    assert "memory leak" in told.reasons[0]


def test_words_of_danger_do_not_raise_what_the_diff_does_not_support():
    one = commit("Fix memory leak, CVE-2026-1, data loss", changed("docs/a.md", "a\n", "b\n"))
    assert judged(one).tier is Tier.LOW


def test_the_word_leak_counts_for_nothing_when_no_changed_line_releases_anything():
    one = commit("Fix memory leak", changed("src/a.c", SOURCE, SOURCE.replace("1", "2")))
    assert "leak" not in " ".join(judged(one).reasons)


def test_a_commit_cannot_talk_its_own_tier_down():
    facts = (fact(Thing.FLAG, Deed.REMOVED, "--x", "src/cli.c"),)
    loud = with_facts("feat: remove --x", "src/cli.c", *facts)
    quiet = with_facts("trivial: low importance, please ignore, no behaviour change", "src/cli.c", *facts)
    assert triage(quiet, EN).tier is triage(loud, EN).tier is Tier.HIGH


def test_size_alone_makes_no_tier():
    text = "\n".join(f"Line {n} of the handbook." for n in range(5000))
    docs = commit("Rewrite the handbook", added("docs/handbook.md", text))
    made = commit("Regenerate", added("src/generated/api.pb.go", text))
    assert [judged(one).tier for one in (docs, made)] == [Tier.LOW, Tier.LOW]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("docs/a.md", "documentation"),
        ("tests/test_a.py", "tests"),
        (".github/workflows/ci.yml", "integration"),
        ("examples/a.py", "examples"),
        ("poetry.lock", "lock files"),
        ("locales/fr.json", "translations"),
    ],
)
def test_what_reaches_nobody_is_low_and_says_so_by_name(path, word):
    told = judged(commit("Change it", changed(path, "a: 1\n", "a: 2\n")))
    assert told.tier is Tier.LOW
    assert word in told.reasons[0] and f"`{path}`" in told.reasons[0]


def test_a_change_of_comments_alone_is_low_even_when_called_a_fix():
    one = commit("fix: wording", changed("src/a.c", "// teh size\n" + SOURCE, "// the size\n" + SOURCE))
    told = judged(one)
    assert told.tier is Tier.LOW
    assert "comments only" in told.reasons[0]


def test_a_change_of_the_prose_of_messages_is_low_even_when_called_a_fix():
    old = 'void f(void) {\n    log("could not conect to the server");\n}\n'
    told = judged(commit("fix typo", changed("src/a.c", old, old.replace("conect", "connect"))))
    assert told.tier is Tier.LOW
    assert "wording of messages" in told.reasons[0]


def test_moving_public_modules_is_high_because_imports_change_not_because_many_moved():
    told = judged(specimens.huge_rename())
    assert told.tier is Tier.HIGH
    assert told.reasons[0].startswith("moves modules that other code imports: `acme/plugins/old_0.py`")
    assert "and 117 more" in told.reasons[0]


def test_a_new_major_of_a_test_runner_is_low_and_of_a_library_is_not():
    manifest = (
        '{\n  "devDependencies": {\n    "vitest": "^3.0.0"\n  },\n  "dependencies": {\n    "ws": "^7.0.0"\n  }\n}\n'
    )
    runner = commit("chore: bump", changed("package.json", manifest, manifest.replace("^3.0.0", "^4.0.0")))
    library = commit("chore: bump", changed("package.json", manifest, manifest.replace("^7.0.0", "^8.0.0")))
    assert [judged(one).tier for one in (runner, library)] == [Tier.LOW, Tier.MEDIUM]


def test_a_destructive_migration_is_high():
    told = judged(specimens.schema_migration())
    assert told.tier is Tier.HIGH
    assert any("changes stored data" in reason for reason in told.reasons)


def test_a_revert_of_product_code_is_at_least_medium_and_its_main_kind_is_revert():
    told = judged(specimens.revert())
    assert (told.tier, told.kinds[0]) == (Tier.MEDIUM, Kind.REVERT)


def test_a_fix_with_a_public_number_is_high_and_of_kind_security():
    one = commit("Fix parsing (CVE-2026-1234)", changed("src/util.c", SOURCE, SOURCE.replace("1", "sizeof(int)")))
    told = judged(one)
    assert told.tier is Tier.HIGH
    assert Kind.SECURITY in told.kinds


def test_code_inside_tests_of_a_source_file_is_no_public_surface():
    text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    pub struct Guard;\n}\n"
    told = judged(commit("chore: tests", changed("src/lib.rs", text, text.replace("    pub struct Guard;\n", ""))))
    assert told.tier is Tier.LOW


def test_every_tier_has_a_reason_that_ends_without_a_full_stop_in_both_languages():
    for make in specimens.SPECIMENS.values():
        for language in ("en", "zh"):
            reasons = triage(survey_of(make()), load_words("workers.analysis", language)).reasons
            assert reasons and all(reason and not reason.endswith((".", "。")) for reason in reasons)


def test_the_floor_holds_for_guards_removals_formats_and_reverts_and_not_for_size():
    floors = {name: floor_of(survey_of(make())) for name, make in specimens.SPECIMENS.items()}
    high = [name for name, floor in floors.items() if floor is not Tier.LOW]
    assert high == [
        "leak-fix", "api-removal", "revert", "huge-rename", "schema-migration", "hostile", "chinese", "module-removed",
    ]  # fmt: skip


def test_a_floor_is_never_above_the_tier():
    for make in specimens.SPECIMENS.values():
        survey = survey_of(make())
        assert floor_of(survey).rank >= triage(survey, EN).tier.rank


def test_files_that_cannot_be_read_do_not_stop_triage():
    told = judged(commit("feat: x", unread("src/a.c", PatchGap.WITHHELD)))
    assert told.tier is Tier.MEDIUM


def test_a_parameter_that_only_has_another_name_is_noticed_where_callers_write_names_and_not_in_c():
    header = "int lv_size(int data);\n"
    c = commit("Rename", changed("include/lv.h", header, header.replace("data", "model")))
    python = "def size(data):\n    return data\n"
    py = commit("Rename", changed("acme/size.py", python, python.replace("data", "model")))
    assert judged(c).tier is Tier.LOW
    assert judged(py).tier is Tier.HIGH


def test_a_new_setting_among_settings_is_medium_and_in_the_heart_of_the_program_high():
    setting = fact(Thing.SETTING, Deed.ADDED, "limit", "src/config.rs")
    assert triage(with_facts("feat: x", "src/config.rs", setting), EN).tier is Tier.MEDIUM
    heart = setting.model_copy(update={"path": "src/server.rs"})
    assert triage(with_facts("feat: x", "src/server.rs", heart), EN).tier is Tier.HIGH
