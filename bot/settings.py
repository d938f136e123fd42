"""One frozen Settings, read once from the environment and from `.env`. Each chat adds the keys of
its schema (`settings_with`) and gets those alone (`Settings.part`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError, create_model, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.schema import PublicAddress, setting
from bot.spending import prices_from
from pipeline.errors import ConfigurationError
from pipeline.ports import remote_voice_id

EMBEDDED_VOICE = "hibari:heart"
OPENAI_URL = "https://api.openai.com/v1"
ENV_FILE = Path(".env")  # where the program is started
S = TypeVar("S", bound=BaseModel)


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "") or str(Path.home() / ".local" / "share")
    return Path(base) / "listendock"


class Settings(BaseSettings, PublicAddress):
    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    listendock_home: Path = setting(
        "folder for database and audio",
        default_factory=_default_home,
        otherwise="`~/.local/share/listendock`",
    )
    database_url: SecretStr = setting(
        "for many processes and hosts: `postgresql+psycopg://user:password@host/name`",
        SecretStr(""),
        otherwise="SQLite in the home",
    )
    audio_url: str = setting(
        "folder or bucket (`s3://bucket/prefix`) for PDFs and MP3s",
        otherwise="a folder in the home",
    )

    openai_api_key: SecretStr = setting(
        "a model writes takeaways, titles, summaries, brief versions, translations",
        SecretStr(""),
        otherwise="sentences of the text itself",
    )
    openai_base_url: str = setting(
        "any OpenAI-compatible server",
        otherwise=f"`{OPENAI_URL}`, where there is a key",
        elsewhere=("OPENAI_API_BASE", "OPENAI_API_URL", "OPENAI_HOST"),
    )
    summary_model: str = setting(
        "the model for all of these", "gpt-4.1-mini", elsewhere=("OPENAI_MODEL",)
    )
    summary_language: str = setting(
        "of takeaways, two letters", otherwise="each document's own, or its reader's"
    )
    speech_api_key: SecretStr = setting(
        "for voices behind `/v1/audio/speech`", SecretStr(""), otherwise="`OPENAI_API_KEY`"
    )
    speech_base_url: str = setting("their server", otherwise="`OPENAI_BASE_URL`")
    speech_model: str = setting(
        "their model; set one of these four to use such a voice", "gpt-4o-mini-tts"
    )
    speech_voice: str = setting("which of them", "alloy")
    speech_per_minute: int = setting("calls a minute to that server", 300, ge=1)
    monthly_budget: float = setting(
        "US dollars a month for both; over it all is as without a key",
        0.0,
        otherwise="no limit",
        ge=0,
        allow_inf_nan=False,
    )
    prices: str = setting(
        "of a million tokens in/out, or characters: `gpt-4.1-mini=0.4/1.6 tts-1=15`",
        otherwise="OpenAI's",
    )
    offline: bool = setting(
        "`true`: no call to anywhere: no model, no speech server, no chat but the local page", False
    )

    voice: str = setting("for whoever chose none", EMBEDDED_VOICE)
    lexicon: Path | None = setting(
        "file with `written = spoken` lines: how names and terms of yours are said",
        None,
        otherwise="none",
    )
    recognise: bool = setting(
        "`false`: scanned pages are not recognised, even if `listendock[ocr]` is installed "
        "(`make run OCR=1`)",
        True,
    )
    workers: int = setting(
        "chapters spoken side by side; at most as many children read a document",
        default_factory=lambda: os.cpu_count() or 1,
        otherwise="number of cores",
        ge=1,
        le=64,
    )

    admins: str = setting(
        "who may ask `/stats`, and is told what only you can mend: `{people}`",
        otherwise="no one",
    )
    allowed: str = setting(
        "who may use it, people or whole channels: `{people} {places}`",
        otherwise="everybody",
        elsewhere=("ALLOWED_USERS",),
    )
    daily_minutes: int = setting(
        "most minutes made for one listener a day; admins have no limit",
        0,
        otherwise="no limit",
        ge=0,
    )

    max_pdf_mb: int = setting("largest PDF taken", 100, ge=1)
    max_pages: int = setting("most pages taken", 2000, ge=1)

    require_sandbox: bool = setting(
        "`true`: do not start where children that read strangers' files cannot be locked up "
        "(`listendock doctor` tells)",
        False,
    )

    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "`debug`, `info`, `warning` or `error`", "info"
    )
    log_format: Literal["console", "json"] = setting("`console` or `json`", "console")

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
        """What must never reach a log: every field that is a secret, whoever asked for it."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = (value.get_secret_value() for value in values if isinstance(value, SecretStr))
        return tuple(secret for secret in found if secret)

    def admins_on(self, platform: str) -> list[str]:
        """Their accounts there."""
        named = (admin.partition(":") for admin in self.admins.split())
        return [account for name, _, account in named if name == platform]

    def part(self, schema: type[S]) -> S:
        """What a schema of `settings_with` asked for, and nothing else."""
        values = {name: getattr(self, name) for name in schema.model_fields}
        given = self.model_fields_set & set(values)
        return schema.model_construct(_fields_set=given, **values)

    @field_validator("listendock_home")
    @classmethod
    def _is_a_place(cls, value: Path) -> Path:
        """The same wherever the program is started."""
        try:
            return value.expanduser().absolute()
        except RuntimeError:
            raise ValueError(f"{value.parts[0]} is no user of this machine") from None

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


def settings_with(schemas: Iterable[type[BaseModel]]) -> type[Settings]:
    """Settings that hold the keys of these schemas too."""
    bases: Any = (Settings, *schemas)
    return cast(type[Settings], create_model("Settings", __base__=bases))


def read_settings(kind: type[Settings]) -> Settings:
    """The settings. Raises `ConfigurationError` naming every key that is off, never its value."""
    try:
        return kind()
    except ValidationError as err:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in err.errors()
        )
        raise ConfigurationError(problem=problems) from None
