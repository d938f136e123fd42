"""One frozen Settings, read once from the environment and from `.env`. Every key stands in
`.env.example`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import ConfigurationError


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "") or str(Path.home() / ".local" / "share")
    return Path(base) / "listendock"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env",
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

    voice: str = "hibari:heart"
    lexicon: Path | None = None
    recognise: bool = True
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=64)

    max_pdf_mb: int = Field(default=100, ge=1)
    max_pages: int = Field(default=2000, ge=1)

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

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


def read_settings() -> Settings:
    """The settings. Raises `ConfigurationError` naming every key that is off, never its value."""
    try:
        return Settings()
    except ValidationError as err:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in err.errors()
        )
        raise ConfigurationError(problem=problems) from None
