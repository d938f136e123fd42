"""What whoever runs the program sets."""

from __future__ import annotations

import ipaddress

from pydantic import SecretStr, field_validator

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
    web_proxies: str = setting(
        "addresses or networks of proxies before the page, as `10.0.0.2 172.18.0.0/16`; of them "
        "alone `X-Forwarded-For` and `X-Forwarded-Proto` are believed",
        otherwise="this machine where `PUBLIC_URL` is set, else none",
    )

    @field_validator("web_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for named in value.split():
            try:
                ipaddress.ip_network(named)
            except ValueError:
                problem = "must be addresses or networks, like 10.0.0.2 172.18.0.0/16"
                raise ValueError(problem) from None
        return value
