"""Names in the environment and in `.env` that are no setting and look like one: most likely
somebody meant the setting. Of values it is only looked at whether there are any."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from dotenv import dotenv_values

from bot.schema import called
from bot.settings import ENV_FILE, Settings

OUR_PREFIX = "LISTENDOCK_"
ALIKE_WORDS = 0.8  # TELEGRAMM and TELEGRAM, TOKENS and TOKEN
ALIKE_NAMES = 0.87  # one wrong letter of eight; OPENAI_API_TYPE and OPENAI_API_KEY have 0.8
SHORTEST_WORD = 4  # letters; of shorter ones half are alike
LONG_NAME = 3  # words: SLACK_BOT_USER_OAUTH_TOKEN is near, DATABASE_PRIVATE_URL is not


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """`meant`: the settings that it looks like."""

    name: str
    meant: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} is no setting; did you mean {' or '.join(self.meant)}?"


def near_misses(
    settings: Settings,
    environment: Mapping[str, str] = os.environ,
    env_file: Path = ENV_FILE,
) -> list[NearMiss]:
    """In the order of their names. A setting that is set is not what another name meant."""
    fields = type(settings).model_fields
    missing = {name.upper() for name in set(fields) - settings.model_fields_set}
    elsewhere = {other: name.upper() for name, field in fields.items() for other in called(field)}
    ours = {name.upper() for name in fields}
    in_file = _given(dotenv_values(env_file, interpolate=False), ours)
    names = sorted(in_file | _given(environment, ours))
    meant = {
        name: missing & {elsewhere[name.upper()]}
        if name.upper() in elsewhere
        else _meant(name.upper(), missing, is_ours=name in in_file)
        for name in names
    }
    return [NearMiss(name=name, meant=tuple(sorted(meant[name]))) for name in meant if meant[name]]


def _given(values: Mapping[str, str | None], ours: Set[str]) -> set[str]:
    """Names with a value that are no setting of ours."""
    return {name for name, value in values.items() if value and name.upper() not in ours}


def _meant(name: str, missing: Set[str], *, is_ours: bool) -> Iterable[str]:
    """`is_ours`: it stands in our `.env`, so BOT_TOKEN may be ours too; in the environment it is
    anybody's."""
    if name.startswith(OUR_PREFIX):
        return missing & {name.removeprefix(OUR_PREFIX)} or missing & {"LISTENDOCK_HOME"}
    return (
        _said_for_one(name, missing)
        or _misspelt(name, missing)
        or {
            setting
            for setting in missing
            if (is_ours or _has_its_first_word(name, setting)) and _is_part(name, setting)
        }
    )


def _said_for_one(name: str, missing: Set[str]) -> Set[str]:
    """TELEGRAM_ADMINS: what is said for all chats together."""
    one, _, rest = name.partition("_")
    is_known = any(setting.startswith(f"{one}_") for setting in missing)
    return missing & {rest} if is_known else set()


def _misspelt(name: str, missing: Set[str]) -> set[str]:
    """The setting that it is a slip of the pen away from."""
    letters = name.replace("_", "")
    likeness = {setting: _likeness(letters, setting.replace("_", "")) for setting in missing}
    nearest = max(likeness, key=likeness.__getitem__, default="")
    return {nearest} if likeness.get(nearest, 0.0) >= ALIKE_NAMES else set()


def _has_its_first_word(name: str, setting: str) -> bool:
    return _are_alike(name.partition("_")[0], setting.partition("_")[0])


def _is_part(name: str, setting: str) -> bool:
    """Whether all words of one stand in the other."""
    words, of = name.split("_"), setting.split("_")
    if len(words) <= len(of):
        return len(words) > 1 and _are_among(words, of)
    return len(of) >= LONG_NAME and _are_among(of, words)


def _are_among(words: list[str], others: list[str]) -> bool:
    return all(any(_are_alike(word, other) for other in others) for word in words)


def _are_alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) < SHORTEST_WORD:
        return word == other
    return _likeness(word, other) >= ALIKE_WORDS


def _likeness(text: str, other: str) -> float:
    """Between 0 and 1."""
    return SequenceMatcher(None, text, other, autojunk=False).ratio()
