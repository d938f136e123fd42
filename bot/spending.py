"""What servers cost: prices, the month's ceiling, and who is told when it is reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.ports import Cost, Ledger
from pipeline.ports import Tell, Usage

log = structlog.get_logger()
MICRO = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens, or for a million characters spoken."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0
    characters: float = 0.0


# As OpenAI listed them in 2026; PRICES overrides. A minute of speech is about 1000 characters.
USUAL_PRICES: Mapping[str, Price] = {
    "gpt-4.1": Price(tokens_in=2.0, tokens_out=8.0),
    "gpt-4.1-mini": Price(tokens_in=0.4, tokens_out=1.6),
    "gpt-4.1-nano": Price(tokens_in=0.1, tokens_out=0.4),
    "gpt-4o": Price(tokens_in=2.5, tokens_out=10.0),
    "gpt-4o-mini": Price(tokens_in=0.15, tokens_out=0.6),
    "gpt-5": Price(tokens_in=1.25, tokens_out=10.0),
    "gpt-5-mini": Price(tokens_in=0.25, tokens_out=2.0),
    "gpt-5-nano": Price(tokens_in=0.05, tokens_out=0.4),
    "gpt-4o-mini-tts": Price(characters=15.0),
    "tts-1": Price(characters=15.0),
    "tts-1-hd": Price(characters=30.0),
}


def prices_from(text: str) -> dict[str, Price]:
    """`gpt-4.1-mini=0.4/1.6 llama3.2=0/0 kokoro=0`: two figures for tokens in and out, one for
    characters. Raises `ValueError` for anything else."""
    prices = {}
    for entry in text.split():
        model, sign, figures = entry.rpartition("=")
        amounts = [float(figure) for figure in figures.split("/")]
        if not sign or not model or not all(0 <= amount < math.inf for amount in amounts):
            raise ValueError(entry)
        match amounts:
            case [tokens_in, tokens_out]:
                prices[model] = Price(tokens_in=tokens_in, tokens_out=tokens_out)
            case [characters]:
                prices[model] = Price(characters=characters)
            case _:
                raise ValueError(entry)
    return prices


class MonthlyPurse:
    """`pipeline.ports.Purse` over the library's ledger. `ceiling_usd` 0: no ceiling.

    Under a ceiling, a model without a price is not used: what cannot be counted cannot be kept
    under it.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        prices: Mapping[str, Price],
        ceiling_usd: float,
        tell: Tell,
    ) -> None:
        self._ledger = ledger
        self._prices = prices
        self._ceiling = round(ceiling_usd * MICRO)
        self._tell = tell

    async def allows(self, usage: Usage) -> bool:
        price = self._prices.get(usage.model)
        estimate = _micro_usd(usage, price or Price())
        log.info("estimate", document=usage.document[:12], model=usage.model, usd=estimate / MICRO)
        if not self._ceiling:
            return True
        if price is None:
            await self._tell(
                f"MONTHLY_BUDGET is set, but PRICES has no price for {usage.model}: "
                "it is not used until it has one."
            )
            return False
        if not estimate:
            return True
        spent = await self._ledger.cost_of(_month())
        if spent + estimate <= self._ceiling:
            return True
        await self._tell(
            f"The budget of this month is used up ({spent / MICRO:.2f} of "
            f"{self._ceiling / MICRO:.2f} US dollars): {usage.model} is not used until the next."
        )
        return False

    async def pay(self, usage: Usage) -> None:
        price = self._prices.get(usage.model, Price())
        cost = Cost(usage=usage, month=_month(), micro_usd=_micro_usd(usage, price))
        await self._ledger.record_cost(cost)
        log.info(
            "server used",
            document=usage.document[:12],
            model=usage.model,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            characters=usage.characters,
            usd=cost.micro_usd / MICRO,
        )


def _micro_usd(usage: Usage, price: Price) -> int:
    """A price for a million is the price of one in millionths."""
    return round(
        usage.tokens_in * price.tokens_in
        + usage.tokens_out * price.tokens_out
        + usage.characters * price.characters
    )


def _month() -> str:
    return datetime.now(UTC).strftime("%Y-%m")
