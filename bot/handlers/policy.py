"""What the operator decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.handlers.operating import EVERYBODY, Admission
from bot.handlers.privacy import ModelHosts
from bot.ports import Links
from bot.quota import UNLIMITED, Quota
from pipeline.domain import Narration

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator decided, and what there is beside the stores."""

    narration: Narration  # the default
    max_pdf_mb: int
    can_translate: bool = False
    admission: Admission = EVERYBODY
    quota: Quota = UNLIMITED
    model_hosts: ModelHosts = ModelHosts()  # noqa: RUF009 - frozen
    carriers: Mapping[str, str] = field(default_factory=dict)  # chats that words pass through
    links: Links | None = None
    free_bytes: Callable[[], int] = lambda: 0

    @property
    def max_bytes(self) -> int:
        return self.max_pdf_mb * MEGABYTE
