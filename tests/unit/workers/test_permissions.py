"""Patterns of who may see what: nothing is allowed that no rule allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import WordsError
from workers.permissions import Permission, place_matches, read_people, read_permissions, repository_matches
from workers.settings import load_settings


@pytest.mark.parametrize(
    ("pattern", "repository"),
    [
        ("acme/api", "acme/api"),
        ("acme/api", "Acme/API"),
        ("ACME/*", "acme/api.v2"),
        ("acme/web-*", "acme/web-shop"),
        ("acme/*-web", "acme/shop-web"),
        ("*/api", "acme/api"),
        ("*/*", "acme/api"),
        ("/srv/git/a", "/srv/git/a"),
        ("/srv/git/*", "/srv/git/a"),
        ("/srv/*/a", "/srv/git/a"),
        ("/srv/git/**", "/srv/git/a"),
        ("/srv/git/**", "/srv/git/team/a.git"),
        ("/srv/*/**", "/srv/git/team/a.git"),
    ],
)
def test_a_pattern_means_its_repositories(pattern, repository):
    assert repository_matches(pattern, repository)


@pytest.mark.parametrize(
    ("pattern", "repository"),
    [
        ("acme/api", "acme/api2"),
        ("acme/api", "xacme/api"),
        ("acme/*", "acme2/api"),
        ("acme/*", "acme/a/b"),
        ("acme/a.i", "acme/abi"),
        ("*/*", "/acme/api"),
        ("*/*", "/srv"),
        ("/srv/git/*", "/srv/git/a/b"),
        ("/srv/git/*", "/srv/git"),
        ("/srv/git/**", "/srv/git"),
        ("/srv/git/**", "/srv/github/a"),
        ("/srv/git/**", "srv/git"),
        ("/srv/Git/**", "/srv/git/a"),
    ],
)
def test_a_pattern_means_no_other_repository(pattern, repository):
    assert not repository_matches(pattern, repository)


@pytest.mark.parametrize("pattern", ["*", "slack", "slack:T1", "slack:T1:C1", "slack:*:C1", "sl*", "slack:T1:C*"])
def test_a_place_is_meant_by_its_parts(pattern):
    assert place_matches(pattern, "slack:T1:C1")


@pytest.mark.parametrize(
    "pattern", ["feishu", "slac", "slack:T", "slack:T2", "slack:T1:C", "slack:T1:C2", "slack:T1:c1", "*:T2", "sl:T1:C1"]
)
def test_a_place_is_meant_by_no_other_parts(pattern):
    assert not place_matches(pattern, "slack:T1:C1")


def test_rules_are_parted_by_commas_blanks_and_lines():
    assert read_permissions(" a/b@slack , c/*@*\n/srv/**@console\t") == (
        Permission(repository="a/b", place="slack"),
        Permission(repository="c/*", place="*"),
        Permission(repository="/srv/**", place="console"),
    )
    assert read_permissions(" \n") == ()


@pytest.mark.parametrize(
    "text",
    [
        *("acme/api", "acme/*", "/srv/**", "*@*", "acme@*", "@slack", "acme/api@", "acme/api@@slack", "a/b/c@*"),
        *("/@*", "/srv/../etc@*", "/srv/**/x@*", "/srv/***@*", "acme/[ab]@*", "acme/a?@*", "-a/b@*", "acme /api@*"),
        *("acme/api@slack:T1:C1:x", "acme/api@Slack:T1", "acme/api@slack::C1", "acme/api@slack:T1:", "acme/api@:T1"),
        *("acme/api@slack:T[12]", "acme/api@slack:T?", "https://github.com/a/b@*", "a/b@slack;c/d@slack"),
    ],
)
def test_a_rule_that_could_mean_too_much_or_nothing_is_refused(text):
    with pytest.raises(ValueError, match="write it as"):
        read_permissions(text)


@pytest.mark.parametrize("text", ["slack", "slack:T1", "*", "slack:T1:U1:x", "slack:T1:", "U1", "@slack:T1:U1"])
def test_people_are_named_whole(text):
    with pytest.raises(ValueError, match="write it as"):
        read_people(text)


def test_people_may_be_all_of_a_workspace_where_that_is_said():
    assert read_people("slack:T1:U1, feishu:*:*") == ("slack:T1:U1", "feishu:*:*")


PARTS = st.text(st.sampled_from("abC1-_."), min_size=1, max_size=5)


@given(PARTS, PARTS, PARTS, PARTS)
def test_a_pattern_without_wildcards_means_one_repository_alone(owner, name, other_owner, other_name):
    one, other = f"{owner}/{name}", f"{other_owner}/{other_name}"
    assert repository_matches(one, other) == (one.casefold() == other.casefold())


@given(st.text(max_size=20), st.text(st.sampled_from("a/:*@,b *"), max_size=20))
def test_any_text_is_read_or_refused_in_words(text, likely):
    for given_text in (text, likely):
        try:
            rules = read_permissions(given_text)
        except ValueError as error:
            assert "write it as" in str(error)
        else:
            assert all(not rule.allows("acme/secret", "") for rule in rules)


def test_rules_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOWED_REPOSITORIES", "acme/*@slack:T1, /srv/**@console")
    monkeypatch.setenv("ADMINS", "slack:T1:U1")
    settings = load_settings()
    assert settings.allowed_repositories == (
        Permission(repository="acme/*", place="slack:T1"),
        Permission(repository="/srv/**", place="console"),
    )
    assert settings.admins == ("slack:T1:U1",)


def test_without_rules_nothing_is_allowed_and_nobody_is_an_administrator():
    settings = load_settings()
    assert settings.allowed_repositories == ()
    assert settings.admins == ()
    assert (settings.chat_language, settings.chat_timezone) == ("en", "UTC")


def test_rules_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "rules").write_text("acme/api@slack:T1:C1\nacme/web@slack:T1:C2\n")
    monkeypatch.setenv("ALLOWED_REPOSITORIES_FILE", str(tmp_path / "rules"))
    assert [rule.repository for rule in load_settings().allowed_repositories] == ["acme/api", "acme/web"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALLOWED_REPOSITORIES", "acme/*"), ("ADMINS", "slack"), ("CHAT_TIMEZONE", "Mars/One"), ("CHAT_LANGUAGE", "fr")],
)
def test_a_wrong_rule_is_told_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(WordsError) as wrong:
        load_settings()
    assert wrong.value.code == "bad_setting"
    assert wrong.value.details["name"] == name
    assert not str(wrong.value.details["problem"]).startswith("Value error")
