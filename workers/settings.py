"""Every setting: name, type, meaning, default. Read from the environment, or from a file named by `<NAME>_FILE`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from workers.errors import RefusedError, WordsError
from workers.model import Language
from workers.permissions import Permission, read_people, read_permissions

_UNITS = {
    "milliseconds": ("ms", "msec", "millisecond", "毫秒"),
    "seconds": ("", "s", "sec", "secs", "second", "秒", "秒钟"),
    "minutes": ("m", "min", "mins", "minute", "分", "分钟"),
    "hours": ("h", "hr", "hrs", "hour", "时", "小时"),
    "days": ("d", "day", "天", "日"),
    "weeks": ("w", "wk", "week", "周"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in (*words, unit)}
_NUMBER_AND_UNIT = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)\s*([^\W\d]*)")
_ISO = re.compile(r"P[\dT]", re.IGNORECASE)


def _span(value: object) -> object:
    """Text as a span of time; anything else, and what pydantic reads itself, as it is."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or _ISO.match(text):
        return text.upper() or value
    found = _NUMBER_AND_UNIT.fullmatch(text)
    unit = _UNIT_OF.get(found[2].casefold()) if found else None
    try:
        return timedelta(**{unit: float(found[1])}) if found and unit else _no_span()
    except OverflowError:
        return _no_span()


def _no_span() -> NoReturn:
    raise PydanticCustomError(BAD_SPAN, "it is no span of time")


BAD_SPAN = "bad_span"
Span = Annotated[timedelta, BeforeValidator(_span)]
"""A span of time: seconds (`90`), a number with its unit (`3s`, `2 minutes`, `30 days`) or ISO 8601 (`PT2M`)."""


def _read_by(read: Callable[[str], object]) -> BeforeValidator:
    """Values that are text are read; all others are what they are."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, KeyError, OSError):
        raise ValueError(f"there is no time zone {name}") from None


def _address(value: str) -> str:
    """An address stays as it was written: a path at its end counts."""
    try:
        AnyHttpUrl(value)
    except ValidationError:
        raise ValueError("write an address such as http://localhost:8000/v1") from None
    return value


Address = Annotated[str, AfterValidator(_address)]
"""The address of a server: http or https."""


FEISHU_DOMAINS = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}


def _feishu_domain(value: object) -> object:
    """`feishu`, `lark`, or an address, without the slash at its end."""
    return FEISHU_DOMAINS.get(value.strip().casefold(), value.rstrip("/")) if isinstance(value, str) else value


def _read_webhooks(text: str) -> dict[str, str]:
    """`name=address` or `name=address#secret`, parted by commas or blanks."""
    found = {}
    for rule in text.replace(",", " ").split():
        name, equals, address = rule.partition("=")
        if not name or not equals:
            raise ValueError("write name=address#secret")
        found[name] = _address(address)
    return found


class Settings(BaseSettings):
    """What an operator may set. An empty variable counts as not set. Unknown variables are not ours and are ignored."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=False)

    redis_url: SecretStr | None = Field(
        default=None,
        description="redis://, rediss://, unix:// or redis+sentinel://; none: an embedded server under DATA_DIR",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("commit-digest", appauthor=False),
        description="where embedded data lives",
    )
    github_token: SecretStr | None = Field(default=None, description="a token that may read the repositories")
    github_app_id: int | None = Field(default=None, description="a GitHub App, instead of a token")
    github_app_private_key: SecretStr | None = Field(default=None, description="the App's private key (PEM)")
    github_api_url: str = Field(default="https://api.github.com", description="the API of GitHub or GitHub Enterprise")
    github_max_wait: Span = Field(
        default=timedelta(seconds=60), description="how long a rate limit is waited for before the digest is given up"
    )
    github_webhook_secret: SecretStr | None = Field(
        default=None, description="secret of GitHub's webhooks: with it pushes are taken at /github/events"
    )
    openai_api_key: SecretStr | None = Field(default=None, description="key of an OpenAI-compatible server")
    openai_base_url: Address | None = Field(default=None, description="address of an OpenAI-compatible server")
    openai_model: str = Field(default="gpt-5-mini", description="the model that judges")
    openai_model_deep: str | None = Field(
        default=None, description="the model for commits of high tier and for questions; none: the same as for the rest"
    )
    openai_concurrency: int = Field(
        default=32,
        ge=1,
        le=1024,
        description="calls to the model at once, of all processes; up to twice as many while all succeed; 1 stays",
    )
    openai_timeout: Span = Field(default=timedelta(minutes=2), description="how long one call to the model may take")
    openai_budget: Span = Field(
        default=timedelta(minutes=5), description="how long all tries and pauses of one question may take together"
    )
    openai_input_price: float | None = Field(
        default=None, ge=0, description="price of a million tokens that the model reads, in any currency"
    )
    openai_output_price: float | None = Field(
        default=None, ge=0, description="price of a million tokens that the model writes, in the same currency"
    )
    allowed_repositories: Annotated[tuple[Permission, ...], NoDecode, _read_by(read_permissions)] = Field(
        default=(), description="private repositories and paths that may be read, and where: see workers.permissions"
    )
    admins: Annotated[tuple[str, ...], NoDecode, _read_by(read_people)] = Field(
        default=(), description="who may let a channel read a private repository: see workers.permissions"
    )
    chat_language: Language = Field(
        default="en", description="language in channels that have set none, for people whose language is not known"
    )
    chat_timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="time zone in channels that have set none"
    )
    question_replies: bool = Field(
        default=False, description="whether a plain reply in the thread of a digest is a question, too"
    )
    slack_bot_token: SecretStr | None = Field(default=None, description="token of the Slack app's bot (xoxb-...)")
    slack_app_token: SecretStr | None = Field(
        default=None, description="app-level token of the Slack app (xapp-...), for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="signing secret of the Slack app, for requests over HTTP"
    )
    slack_client_id: str | None = Field(default=None, description="client id of the Slack app, for several workspaces")
    slack_client_secret: SecretStr | None = Field(default=None, description="client secret of the Slack app")
    slack_api_url: Address = Field(default="https://slack.com/api/", description="the API of Slack")
    feishu_app_id: str | None = Field(default=None, description="id of the Feishu or Lark app (cli_...)")
    feishu_app_secret: SecretStr | None = Field(default=None, description="secret of the Feishu app")
    feishu_verification_token: SecretStr | None = Field(
        default=None, description="verification token of the Feishu app, compared in callbacks over HTTP"
    )
    feishu_encrypt_key: SecretStr | None = Field(
        default=None,
        description="encrypt key of the Feishu app: with it callbacks come over HTTP, else by a connection",
    )
    feishu_domain: Annotated[Address, BeforeValidator(_feishu_domain)] = Field(
        default="https://open.feishu.cn", description="feishu, lark, or the address of the Open API"
    )
    feishu_webhooks: Annotated[Mapping[str, SecretStr], NoDecode, _read_by(_read_webhooks)] = Field(
        default_factory=dict, description="custom bots, `name=address#secret`, for groups that cannot have an app"
    )
    public_url: Address | None = Field(default=None, description="where people and platforms reach the web server")
    secret_key: SecretStr | None = Field(
        default=None, description="a long random text: signs links and encrypts tokens of workspaces in the store"
    )
    web_host: str = Field(default="127.0.0.1", description="the address that the web server listens on")
    web_port: int = Field(default=8080, ge=0, le=65535, description="the port that the web server listens on")
    metrics_token: SecretStr | None = Field(
        default=None,
        description="what whoever asks for /metrics has to show (`Authorization: Bearer ...`), if anything",
    )
    warm_every: Span = Field(
        default=timedelta(hours=1),
        ge=timedelta(),
        description="how often commits of subscribed repositories are fetched and judged ahead; 0: never",
    )
    worker_processes: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1),
        ge=1,
        le=64,
        description="worker processes that a command starts; the number of processors, at most 4",
    )
    commit_life: Span = Field(default=timedelta(days=30), description="how long fetched commits are kept")
    analysis_life: Span = Field(default=timedelta(days=180), description="how long analyses are kept")
    digest_life: Span = Field(default=timedelta(days=90), description="how long finished digests are kept")
    claim_life: Span = Field(
        default=timedelta(minutes=2), description="after how long a commit that a dead worker was judging is taken over"
    )
    run_life: Span = Field(default=timedelta(days=2), description="how long the state of a run is kept")

    @property
    def has_model(self) -> bool:
        """Whether a model server is configured: a key, or the address of a server that needs none."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def has_slack(self) -> bool:
        """Whether Slack is configured: the token of one workspace's bot, or an app that workspaces install."""
        return self.slack_bot_token is not None or (
            self.slack_client_id is not None and self.slack_client_secret is not None
        )

    @property
    def has_feishu(self) -> bool:
        """Whether an app of Feishu or Lark is configured."""
        return self.feishu_app_id is not None and self.feishu_app_secret is not None

    @property
    def has_feishu_webhook(self) -> bool:
        """Whether custom bots of Feishu or Lark are named."""
        return bool(self.feishu_webhooks)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins over the environment, and that over `<NAME>_FILE`; no other place is read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, FileNamedSource(settings_cls)


class FileNamedSource(PydanticBaseSettingsSource):
    """Reads a setting from the file that `<NAME>_FILE` names, as container platforms hand out secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The file's text without the newline at its end; None where no file is named, or where it is empty."""
        del field
        path = os.environ.get(f"{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text("utf-8").rstrip("\n") or None, field_name, False
        except (OSError, UnicodeDecodeError) as error:
            name = f"{field_name.upper()}_FILE"
            raise RefusedError("setting_file_unreadable", name=name, path=path) from error

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def load_settings() -> Settings:
    """The settings of this process's environment.

    WordsError("bad_span" | "bad_setting") names the variable that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "?"
        if first["type"] in (BAD_SPAN, "time_delta_parsing"):
            raise WordsError("bad_span", name=name) from None
        raise WordsError("bad_setting", name=name, problem=first["msg"].removeprefix("Value error, ")) from None
