"""What an operator sets, and what the app may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

from pipeline.errors import ConfigurationError

SCOPES = frozenset(
    "app_mentions:read channels:history chat:write commands files:read files:write groups:history "
    "im:history im:write users:read".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAccess:
    """Which app, and how its events come: with `app_token` through a socket that we open, with
    `signing_secret` to `http://host:port/slack/events`.

    With `client_id` and `client_secret` any workspace may install it at
    `http://host:port/slack/install`; tokens are kept behind `database_url`. Else it serves the one
    workspace of `bot_token`.
    """

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"
    host: str = "127.0.0.1"
    port: int = 3000

    def __post_init__(self) -> None:
        if not self.app_token and not self.signing_secret:
            raise ConfigurationError(
                problem="Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET "
                "(events over HTTP)."
            )

    @property
    def base_url(self) -> str:
        return self.api_url.rstrip("/") + "/"

    @property
    def has_many(self) -> bool:
        return bool(self.client_id and self.client_secret)


def manifest() -> str:
    """The app's manifest, to be pasted into Slack."""
    return files("adapters.slack").joinpath("manifest.yaml").read_text(encoding="utf-8")
