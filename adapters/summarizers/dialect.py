"""How one server and model want to be spoken to, learned by trying and remembered.

Servers that call themselves compatible differ: in how an answer is held to a form, in the name of
the limit on its length, in how much text they take, and in whether they say so or cut in silence.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

import openai
import structlog
from pydantic import BaseModel, ValidationError

from adapters.compatible import (
    FIRST_PAUSE_S,
    NotLikeThis,
    ServerRefused,
    ServerUnreachable,
    patiently,
)
from adapters.summarizers.prompts import Prompt

log = structlog.get_logger()
Form = TypeVar("Form", bound=BaseModel)
CHARACTERS_A_TOKEN = 3.5
UNCUT_SHARE = 0.6  # of the tokens expected: a server that counts fewer has cut the text
MOST_ATTEMPTS = 8  # to find a server's dialect
LIMIT_NAMES = ("max_completion_tokens", "max_tokens")
_TOO_LONG = (
    "413 ",
    "context",
    "too long",
    "maximum length",
    "too many tokens",
    "n_ctx",
    "exceeds the",
)
_FILTERED = ("content_filter", "content management", "moderation")
_FORM = ("response_format", "json_schema", "json_object", "structured", "grammar", "schema")


class TooLong(Exception):
    """Text or answer did not fit."""


class Nonsense(Exception):
    """An answer that is none in any form we can ask for."""


class Rung(IntEnum):
    """How the answer is held to its form, strictest first."""

    SCHEMA = 0
    OBJECT = 1
    TEXT = 2


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Details(BaseModel):
    reasoning_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    completion_tokens_details: _Details | None = None


class _Completion(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(slots=True, kw_only=True)
class Spent:
    """Tokens of all calls of one prompt, the useless ones too: they are paid as well."""

    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(slots=True, kw_only=True)
class Dialect:
    """One model on one server."""

    client: openai.AsyncOpenAI
    model: str
    rung: Rung = Rung.SCHEMA
    limit_name: str = LIMIT_NAMES[0]
    token_factor: int = 1  # models that think aloud need more room for the same answer
    has_swapped: bool = False
    first_pause_s: float = FIRST_PAUSE_S
    calls: int = 0
    _learning: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_known: bool = False

    async def ask(self, prompt: Prompt, spent: Spent) -> Any:
        """The answer, an instance of the prompt's form.

        Raises `ServerRefused`, `ServerUnreachable`, `TooLong`, `Nonsense`.
        """
        if self.is_known:
            return await self._ask_once(prompt, spent)
        async with self._learning:  # one call finds out what the others then know
            answer = await self._ask_once(prompt, spent)
            self.is_known = True
            return answer

    async def _ask_once(self, prompt: Prompt, spent: Spent) -> Any:
        for _ in range(MOST_ATTEMPTS):
            rung = self.rung
            try:
                completion = await self._call(prompt, rung)
            except NotLikeThis as err:
                self._adapt(err.complaint, rung)
                continue
            self._count(completion, prompt, spent)
            answer = _answer_in(completion, prompt.form)
            if answer is not None:
                return answer
            if self._needs_more_room(completion):
                self.token_factor *= 4
            else:
                self._descend(rung)
        raise Nonsense

    async def _call(self, prompt: Prompt, rung: Rung) -> _Completion:
        self.calls += 1
        options: dict[str, Any] = {self.limit_name: prompt.max_tokens * self.token_factor}
        if rung is Rung.SCHEMA:
            options["response_format"] = prompt.form
        elif rung is Rung.OBJECT:
            options["response_format"] = {"type": "json_object"}
        messages: Any = [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.material},
        ]
        completions = self.client.chat.completions.with_raw_response
        ask = completions.parse if rung is Rung.SCHEMA else completions.create
        raw = await patiently(
            lambda: ask(model=self.model, messages=messages, **options),
            first_pause_s=self.first_pause_s,
        )
        try:
            return _Completion.model_validate_json(raw.text)
        except ValidationError:  # a page of HTML, an error with status 200
            raise ServerUnreachable("no completion") from None

    def _adapt(self, complaint: str, rung: Rung) -> None:
        """Change what the server dislikes. Raises `TooLong`, `Nonsense`, `ServerRefused`."""
        if any(word in complaint for word in _FILTERED):
            raise Nonsense
        is_about_form = any(word in complaint for word in _FORM)
        is_about_limit = any(name in complaint for name in LIMIT_NAMES)
        if any(word in complaint for word in _TOO_LONG) and not is_about_form:
            raise TooLong
        if is_about_limit or (not is_about_form and not self.has_swapped):
            if self.has_swapped:
                raise ServerRefused("the request was not accepted")
            self.has_swapped = True
            self.limit_name = next(name for name in LIMIT_NAMES if name != self.limit_name)
        elif rung is Rung.TEXT:
            raise ServerRefused("the request was not accepted")
        else:
            self._descend(rung)

    def _descend(self, rung: Rung) -> None:
        """To a looser form, unless another call has gone there already. Raises `Nonsense`."""
        if rung is Rung.TEXT:
            raise Nonsense
        self.rung = max(self.rung, Rung(rung + 1))
        log.info("model answers in another form", model=self.model, form=self.rung.name.lower())

    def _count(self, completion: _Completion, prompt: Prompt, spent: Spent) -> None:
        """Put down what it took. Raises `TooLong` if the server has cut the text or the answer."""
        usage = completion.usage or _Usage()
        spent.tokens_in += usage.prompt_tokens
        spent.tokens_out += usage.completion_tokens
        expected = prompt.characters / CHARACTERS_A_TOKEN
        if 0 < usage.prompt_tokens < UNCUT_SHARE * expected:
            raise TooLong
        is_cut = any(choice.finish_reason == "length" for choice in completion.choices)
        if is_cut and not self._needs_more_room(completion):
            raise TooLong

    def _needs_more_room(self, completion: _Completion) -> bool:
        """Whether the model spent its room on thinking."""
        details = completion.usage.completion_tokens_details if completion.usage else None
        return bool(details and details.reasoning_tokens) and self.token_factor < 16


def _answer_in(completion: _Completion, form: type[Form]) -> Form | None:
    """The first JSON object of the answer that has the form."""
    content = completion.choices[0].message.content if completion.choices else None
    decoder = json.JSONDecoder()
    at = (content or "").find("{")
    while content and at >= 0:
        try:
            value, _ = decoder.raw_decode(content, at)
            return form.model_validate(value)
        except (ValueError, RecursionError):  # pydantic's error is a ValueError
            at = content.find("{", at + 1)
    return None
