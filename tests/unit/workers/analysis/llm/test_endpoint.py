"""Where the model is, from the settings; and what it is called where its name must tell no secret."""

from __future__ import annotations

import pytest

from workers.analysis.llm.dialect import Dialects
from workers.analysis.llm.endpoint import Endpoint, endpoint_of
from workers.errors import WordsError
from workers.settings import load_settings


def test_a_key_alone_means_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    endpoint = endpoint_of(load_settings())
    assert endpoint.base_url == "https://api.openai.com/v1"
    assert endpoint.model_of(deep=True) == endpoint.model_of(deep=False) == "gpt-5-mini"
    assert (endpoint.concurrency, endpoint.timeout, endpoint.budget) == (32, 120, 300)


def test_an_address_alone_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1")
    monkeypatch.setenv("OPENAI_MODEL", "qwen3:8b")
    monkeypatch.setenv("OPENAI_MODEL_DEEP", "qwen3:32b")
    monkeypatch.setenv("OPENAI_TIMEOUT", "600")
    settings = load_settings()
    endpoint = endpoint_of(settings)
    assert settings.has_model
    assert endpoint.key is None
    assert (endpoint.model_of(deep=False), endpoint.model_of(deep=True)) == ("qwen3:8b", "qwen3:32b")
    assert endpoint.timeout == 600


@pytest.mark.parametrize("value", ["0", "2000", "many"])
def test_a_concurrency_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_CONCURRENCY", value)
    with pytest.raises(WordsError, match="OPENAI_CONCURRENCY"):
        load_settings()


@pytest.mark.parametrize(
    "url",
    ["https://me:secret@Model.example:8443/v1/", "https://model.example:8443/v1", "http://model.example:8443/v1?k=1"],
)
def test_a_name_tells_servers_apart_and_no_secret(url: str) -> None:
    assert Endpoint(base_url=url, model="m").name == "model.example:8443/v1"


@pytest.mark.parametrize(
    ("url", "limit"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://team.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("https://api.deepseek.com", "max_tokens"),
        ("http://localhost:11434/v1", "max_tokens"),
    ],
)
def test_the_limit_has_the_name_that_the_server_knows_best(url: str, limit: str) -> None:
    assert Dialects(Endpoint(base_url=url, model="m")).of("m").limit == limit


@pytest.mark.parametrize("value", ["localhost:8000/v1", "http://", "http://model:port/v1", "unix:///tmp/model"])
def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    with pytest.raises(WordsError, match="OPENAI_BASE_URL"):
        load_settings()
