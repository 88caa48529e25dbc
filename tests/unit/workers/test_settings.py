"""Settings from the environment and from files that it names."""

from datetime import timedelta
from pathlib import Path

import pytest

from workers.errors import RefusedError, WordsError
from workers.settings import load_settings


def test_without_any_variable_there_is_no_redis_no_key_and_no_model():
    settings = load_settings()
    assert settings.redis_url is None
    assert settings.github_token is None
    assert not settings.has_model
    assert settings.commit_life == timedelta(days=30)


def test_a_secret_does_not_show_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    settings = load_settings()
    assert "ghp_secret" not in repr(settings)
    assert settings.github_token is not None
    assert settings.github_token.get_secret_value() == "ghp_secret"


def test_a_secret_may_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("ghp_from_file\n")
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings().github_token
    assert token is not None
    assert token.get_secret_value() == "ghp_from_file"


def test_the_variable_itself_wins_over_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "url").write_text("redis://file")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("REDIS_URL", "redis://variable")
    url = load_settings().redis_url
    assert url is not None
    assert url.get_secret_value() == "redis://variable"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(RefusedError) as refused:
        load_settings()
    assert refused.value.code == "setting_file_unreadable"
    assert refused.value.details["name"] == "GITHUB_TOKEN_FILE"


@pytest.mark.parametrize(("name", "value"), [("WORKER_PROCESSES", "0"), ("WORKER_PROCESSES", "many")])
def test_a_wrong_value_is_named_and_never_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(WordsError) as wrong:
        load_settings()
    assert wrong.value.code == "bad_setting"
    assert wrong.value.details["name"] == name


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90", timedelta(seconds=90)),
        ("1.5", timedelta(seconds=1.5)),
        ("P3D", timedelta(days=3)),
        ("pt2m", timedelta(minutes=2)),
        ("2 minutes", timedelta(minutes=2)),
        ("1 Minute", timedelta(minutes=1)),
        ("3s", timedelta(seconds=3)),
        ("500ms", timedelta(milliseconds=500)),
        ("1.5 h", timedelta(minutes=90)),
        ("30 days", timedelta(days=30)),
        (" 2 weeks ", timedelta(weeks=2)),
        ("2 分钟", timedelta(minutes=2)),
    ],
)
def test_a_span_of_time_is_seconds_or_a_number_with_its_unit_or_iso_8601(
    monkeypatch: pytest.MonkeyPatch, text: str, span: timedelta
):
    monkeypatch.setenv("COMMIT_LIFE", text)
    assert load_settings().commit_life == span


@pytest.mark.parametrize(
    "text", ["a while", "2 fortnights", "-3s", "1 2", "P", "PT", "PTX", "3 s s", "9" * 20, "999999999 weeks", "²"]
)
def test_what_is_no_span_of_time_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("OPENAI_TIMEOUT", text)
    with pytest.raises(WordsError) as wrong:
        load_settings()
    assert (wrong.value.code, wrong.value.details) == ("bad_span", {"name": "OPENAI_TIMEOUT"})


def test_an_empty_file_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("\n")
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings().github_token is None


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REDIS_URL", "")
    assert load_settings().redis_url is None
