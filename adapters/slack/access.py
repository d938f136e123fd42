"""What whoever runs the program sets, and what the app may do. Loads nothing of Slack's
libraries."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel, SecretStr

from bot.schema import setting
from pipeline.errors import ConfigurationError

SCOPES = frozenset(
    "app_mentions:read channels:history chat:write commands files:read files:write groups:history "
    "im:history im:write users:read".split()
)


class SlackSettings(BaseModel):
    slack_bot_token: SecretStr = setting(
        "`xoxb-…`, from your app's page",
        SecretStr(""),
        otherwise="no Slack",
        elsewhere=("SLACK_API_TOKEN", "SLACK_OAUTH_TOKEN"),
    )
    slack_app_token: SecretStr = setting(
        "`xapp-…` with `connections:write`: Socket Mode, needs no public address",
        SecretStr(""),
        otherwise="events over HTTP",
    )
    slack_signing_secret: SecretStr = setting(
        "instead of it: events over HTTP at `/slack/events`", SecretStr(""), otherwise="none"
    )
    slack_port: int = setting("port for `/slack/…`, on the page's host", 3000, ge=0, le=65535)
    slack_client_id: str = setting(
        "with the secret below: any workspace may install the app, at `/slack/install`",
        otherwise="one workspace",
    )
    slack_client_secret: SecretStr = setting(
        "the app's client secret; with both, `SLACK_BOT_TOKEN` is not needed",
        SecretStr(""),
        otherwise="one workspace",
    )
    slack_api_url: str = setting("another base of the Web API", "https://slack.com/api/")

    @property
    def is_configured(self) -> bool:
        is_installable = self.slack_client_id and self.slack_client_secret.get_secret_value()
        return bool(is_installable or self.slack_bot_token.get_secret_value())


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


def access_from(
    settings: SlackSettings, *, host: str = "127.0.0.1", database_url: str = ""
) -> SlackAccess:
    """Raises `ConfigurationError` where there is no way for events to come."""
    return SlackAccess(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        database_url=database_url,
        api_url=settings.slack_api_url,
        host=host,
        port=settings.slack_port,
    )


def manifest() -> str:
    """The app's manifest, to be pasted into Slack."""
    from importlib.resources import files  # no other command needs it

    return files("adapters.slack").joinpath("manifest.yaml").read_text(encoding="utf-8")
