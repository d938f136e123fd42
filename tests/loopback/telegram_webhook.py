"""Telegram's side of a webhook: what it accepts as one, and how it posts updates to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.loopback.telegram_html import bad

PORTS = (None, 80, 88, 443, 8443)


@dataclass(frozen=True, slots=True)
class Hook:
    url: str
    secret: str


def hook_of(params: Mapping[str, str]) -> Hook:
    """What `setWebhook` asks for."""
    url, secret = urlsplit(params.get("url", "")), params.get("secret_token", "")
    if url.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if url.port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    return Hook(url.geturl(), secret)


@dataclass(slots=True)
class Postman:
    """`roads`: where public names lead to on this machine. `statuses`: what it was answered."""

    roads: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)

    async def posts(self, hook: Hook, update: dict[str, Any], *, secret: str | None = None) -> int:
        """The status; 0 if nobody answers."""
        url = urlsplit(hook.url)
        headers = {"host": url.netloc}
        if said := hook.secret if secret is None else secret:
            headers["x-telegram-bot-api-secret-token"] = said
        try:
            async with httpx.AsyncClient(timeout=None, verify=False) as client:
                address = self.roads[url.netloc] + url.path
                answer = await client.post(address, json=update, headers=headers)
        except (httpx.HTTPError, KeyError):
            self.statuses.append(0)
            return 0
        self.statuses.append(answer.status_code)
        return answer.status_code
