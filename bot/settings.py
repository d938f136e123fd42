"""One frozen Settings, read once from the environment and from `.env`. Every key stands in
`.env.example`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.spending import prices_from
from pipeline.errors import ConfigurationError
from pipeline.ports import remote_voice_id

EMBEDDED_VOICE = "hibari:heart"
OPENAI_URL = "https://api.openai.com/v1"
ENV_FILE = Path(".env")  # where the program is started


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "") or str(Path.home() / ".local" / "share")
    return Path(base) / "listendock"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    listendock_home: Path = Field(default_factory=_default_home)
    database_url: SecretStr = SecretStr("")
    audio_url: str = ""

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_local: bool = False
    telegram_webhook: bool = False

    public_url: str = ""
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    slack_port: int = Field(default=3000, ge=0, le=65535)

    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    summary_model: str = "gpt-4.1-mini"
    summary_language: str = ""
    speech_api_key: SecretStr = SecretStr("")
    speech_base_url: str = ""
    speech_model: str = "gpt-4o-mini-tts"
    speech_voice: str = "alloy"
    speech_per_minute: int = Field(default=300, ge=1)
    monthly_budget: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    prices: str = ""
    offline: bool = False

    voice: str = EMBEDDED_VOICE
    lexicon: Path | None = None
    recognise: bool = True
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=64)

    admins: str = ""
    allowed: str = ""
    daily_minutes: int = Field(default=0, ge=0)

    max_pdf_mb: int = Field(default=100, ge=1)
    max_pages: int = Field(default=2000, ge=1)

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        """`INFO` is how others write it."""
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("openai_api_key", "speech_api_key", mode="after")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        """A line break in a header would end up in an error that shows it."""
        key = value.get_secret_value().strip()
        if not all("!" <= sign <= "~" for sign in key):
            raise ValueError("holds signs that no key has")
        return SecretStr(key)

    @field_validator("openai_base_url", "speech_base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("summary_language")
    @classmethod
    def _is_a_language(cls, value: str) -> str:
        if value and not (len(value) == 2 and value.isascii() and value.islower()):
            raise ValueError("must be two letters, for example de")
        return value

    @field_validator("prices")
    @classmethod
    def _are_prices(cls, value: str) -> str:
        try:
            prices_from(value)
        except ValueError:
            raise ValueError("must be like gpt-4.1-mini=0.4/1.6 kokoro=0") from None
        return value

    @property
    def uses_model(self) -> bool:
        """Whether text may go to a server that writes takeaways."""
        has_server = bool(self.openai_api_key.get_secret_value() or self.openai_base_url)
        return has_server and not self.offline

    @property
    def uses_speech_server(self) -> bool:
        """Whether text may go to a server that speaks: only where it was asked for by name, for
        the voice inside is good and costs nothing."""
        named = {"speech_api_key", "speech_base_url", "speech_model", "speech_voice"}
        is_named = bool(named & self.model_fields_set) or self.voice.startswith("openai:")
        has_key = bool(self.speech_key.get_secret_value() or self.speech_url)
        return is_named and has_key and not self.offline

    @property
    def default_voice(self) -> str:
        """VOICE; where that is not set, the speech server's if there is one. Without a server,
        one behind it is stood in for."""
        if self.uses_speech_server and "voice" not in self.model_fields_set:
            return remote_voice_id(self.speaker)
        if self.voice.startswith("openai:") and not self.uses_speech_server:
            return EMBEDDED_VOICE
        return self.voice

    @property
    def speaker(self) -> str:
        """What the speech server calls its voice: VOICE may name it too."""
        if self.voice.startswith("openai:") and "speech_voice" not in self.model_fields_set:
            return self.voice.partition(":")[2]
        return self.speech_voice

    @property
    def speech_key(self) -> SecretStr:
        """Its own; else OpenAI's, unless speech goes to another server."""
        if self.speech_api_key.get_secret_value() or self.speech_base_url:
            return self.speech_api_key
        return self.openai_api_key

    @property
    def speech_url(self) -> str:
        return self.speech_base_url or self.openai_base_url

    @property
    def model_host(self) -> str:
        """Where text goes to be summed up; empty: nowhere."""
        return _host(self.openai_base_url) if self.uses_model else ""

    @property
    def voice_host(self) -> str:
        """Where text goes to be spoken; empty: nowhere."""
        return _host(self.speech_url) if self.uses_speech_server else ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never reach a log: tokens, and a database URL with its password."""
        values = (
            self.telegram_bot_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
            self.database_url,
            self.openai_api_key,
            self.speech_api_key,
        )
        return tuple(value.get_secret_value() for value in values if value.get_secret_value())

    @property
    def has_slack(self) -> bool:
        is_installable = self.slack_client_id and self.slack_client_secret.get_secret_value()
        return bool(is_installable or self.slack_bot_token.get_secret_value())

    @property
    def app_database_url(self) -> str:
        """SQLAlchemy's URL of the app's database. Holds a password: never log it."""
        url = self.database_url.get_secret_value()
        return url or f"sqlite+aiosqlite:///{self.listendock_home / 'app.db'}"

    @property
    def is_postgres(self) -> bool:
        return self.app_database_url.startswith("postgresql")

    @property
    def file_store_url(self) -> str:
        return self.audio_url or (self.listendock_home / "files").as_uri()


def _host(url: str) -> str:
    return urlsplit(url or OPENAI_URL).hostname or ""


def read_settings() -> Settings:
    """The settings. Raises `ConfigurationError` naming every key that is off, never its value."""
    try:
        return Settings()
    except ValidationError as err:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in err.errors()
        )
        raise ConfigurationError(problem=problems) from None
