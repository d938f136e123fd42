"""What was spent and answered, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.ports import Cost


@dataclass(slots=True)
class MemoryLedger:
    answers: dict[str, str] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)

    async def recall(self, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.answers[key] for key in keys if key in self.answers}

    async def remember(self, answers: Mapping[str, str], *, document: str) -> None:
        self.answers |= answers

    async def record_cost(self, cost: Cost) -> None:
        self.costs.append(cost)

    async def cost_of(self, month: str) -> int:
        return sum(cost.micro_usd for cost in self.costs if cost.month == month)

    async def forget_costs(self, before: str) -> None:
        self.costs = [cost for cost in self.costs if cost.month >= before]
