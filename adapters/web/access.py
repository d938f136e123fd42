"""What whoever runs the program sets."""

from __future__ import annotations

from pydantic import SecretStr

from bot.schema import PublicAddress, setting

OWNER = "local"  # the account of whoever runs the program


class WebSettings(PublicAddress):
    """The page's host and port are said on the command line."""

    web_key: SecretStr = setting(
        "what opens a page that others reach (`PUBLIC_URL`, `--host`), and yours too if it is set; "
        "at least 16 characters",
        SecretStr(""),
        otherwise="`serve` makes one and shows its link once",
    )
