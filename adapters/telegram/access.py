"""What whoever runs the program sets, and which bot that is. Loads nothing of Telegram's
library."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.schema import PublicAddress, setting
from pipeline.errors import ConfigurationError

DOWNLOAD_LIMIT = 20 * 1024 * 1024
FILE_LIMIT, LOCAL_FILE_LIMIT = 50 * 1024 * 1024, 2000 * 1024 * 1024


class TelegramSettings(PublicAddress):
    telegram_bot_token: SecretStr = setting(
        "from @BotFather",
        SecretStr(""),
        otherwise="no Telegram",
        elsewhere=("TELEGRAM_API_KEY", "TELEGRAM_API_TOKEN"),
    )
    telegram_api_url: str = setting("a Bot API server of your own", "https://api.telegram.org")
    telegram_local: bool = setting(
        "`true`: that server runs on this machine with `--local`; lifts Telegram's 20 MB limit",
        False,
    )
    telegram_webhook: bool = setting(
        "`true`: Telegram posts to `PUBLIC_URL` (https) instead of being asked for what is new",
        False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramAccess:
    """Which bot, at which Bot API server. `is_local`: that server runs on this machine with
    `--local`, hands over files by path and knows no 20 MB limit. `public_url`: Telegram posts its
    updates below this https address; empty: we ask for them."""

    token: str = field(repr=False)
    api_url: str
    is_local: bool = False
    public_url: str = ""

    @property
    def size_limit(self) -> int | None:
        """Bytes of the largest file that the server hands out; None: any."""
        return None if self.is_local else DOWNLOAD_LIMIT

    @property
    def file_limit(self) -> int:
        """Bytes of the largest file that the server takes from us."""
        return LOCAL_FILE_LIMIT if self.is_local else FILE_LIMIT


def access_from(settings: TelegramSettings) -> TelegramAccess:
    """Raises `ConfigurationError` for a webhook that Telegram could not reach."""
    if settings.telegram_webhook and not settings.public_url.startswith("https://"):
        raise ConfigurationError(
            problem="TELEGRAM_WEBHOOK needs PUBLIC_URL, an https address at which Telegram reaches "
            "this program. Without one leave it out: Telegram is asked for what is new then."
        )
    return TelegramAccess(
        token=settings.telegram_bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        is_local=settings.telegram_local,
        public_url=settings.public_url if settings.telegram_webhook else "",
    )
