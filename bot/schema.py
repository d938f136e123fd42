"""Fields of settings: each says in one line what it means. `.env.example` and the table in
`docs/settings.md` are made of these lines (`bot.reference`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator
from pydantic.fields import FieldInfo


def setting(
    meaning: str,
    default: Any = "",
    *,
    otherwise: str = "",
    elsewhere: tuple[str, ...] = (),
    **limits: Any,
) -> Any:
    """A field. `otherwise`: what holds where it is not set, in words; empty: the default says it.
    `elsewhere`: what other programs, and the vendor's own pages, call it. `limits`: as pydantic's
    `Field` has them (`ge`, `default_factory` …)."""
    if "default_factory" not in limits:
        limits["default"] = default
    told: dict[str, Any] = {"otherwise": otherwise, "elsewhere": list(elsewhere)}
    return Field(description=meaning, json_schema_extra=told, **limits)


def called(field: FieldInfo) -> list[str]:
    """What it is called elsewhere."""
    return list(_told(field)["elsewhere"])


def default_of(field: FieldInfo) -> str:
    """What holds where it is not set, in a word or two."""
    return str(_told(field)["otherwise"]) or f"`{_as_written(field.default)}`"


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(field: FieldInfo) -> dict[str, Any]:
    told = field.json_schema_extra
    assert isinstance(told, dict), "a setting is made with `setting`"
    return told


class PublicAddress(BaseModel):
    """For whoever must know where others reach the page."""

    public_url: str = setting(
        "where others reach the page's port: for a webhook, and to open the page with its key",
        otherwise="none",
    )

    @field_validator("public_url")
    @classmethod
    def _is_a_pages_address(cls, value: str) -> str:
        if value and not _names_a_host(value):
            raise ValueError(
                "must begin with http:// or https:// and name a host, like "
                "https://listen.example.org"
            )
        return value


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_port = parts.port != 0
    except ValueError:  # a bracket that stays open, a port that is none
        return False
    is_plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return is_plain and is_port and bool(parts.hostname)
