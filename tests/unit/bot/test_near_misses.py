"""Names that look like a setting of ours are told, those of other programs are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.chats import settings_of
from bot.near_misses import near_misses
from bot.settings import Settings

NOWHERE = Path("no such file")


def settings(**given: object) -> Settings:
    return settings_of()(_env_file=None, **given)


def told(environment: dict[str, str], env_file: Path = NOWHERE, **given: object) -> list[str]:
    return [str(miss) for miss in near_misses(settings(**given), environment, env_file)]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAMM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("telegram_bottoken", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_API_KEY", "TELEGRAM_BOT_TOKEN"),
        ("SLACK_TOKEN", "SLACK_APP_TOKEN or SLACK_BOT_TOKEN"),
        ("SLACK_SECRET", "SLACK_CLIENT_SECRET or SLACK_SIGNING_SECRET"),
        ("SLACK_BOT_USER_OAUTH_TOKEN", "SLACK_BOT_TOKEN"),
        ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
        ("OPENAI_API_BASE_URL", "OPENAI_BASE_URL"),
        ("OPENAI_KEY", "OPENAI_API_KEY"),
        ("OPENAI_APIKEY", "OPENAI_API_KEY"),
        ("LISTENDOCK_DIR", "LISTENDOCK_HOME"),
        ("LISTENDOCK_VOICE", "VOICE"),
        ("ALLOWED_USERS", "ALLOWED"),
        ("ADMIN", "ADMINS"),
        ("TELEGRAM_ADMINS", "ADMINS"),
        ("AUDIO_URI", "AUDIO_URL"),
        ("MAX_MB", "MAX_PDF_MB"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("RECOGNIZE", "RECOGNISE"),
    ],
)
def test_a_near_miss_is_told_with_what_was_meant(name: str, meant: str) -> None:
    assert told({name: "1234:secret"}) == [f"{name} is no setting; did you mean {meant}?"]


OTHERS = """
PATH HOME SHELL USER LOGNAME LANG LANGUAGE LC_ALL TERM PWD OLDPWD SHLVL EDITOR VISUAL DISPLAY LESS
HOSTNAME HOST PORT TZ TMPDIR MAIL SSH_AUTH_SOCK XDG_DATA_HOME XDG_RUNTIME_DIR
VIRTUAL_ENV VIRTUAL_ENV_PROMPT PYTHONPATH PYTHONUNBUFFERED CONDA_PREFIX PIP_INDEX_URL UV_CACHE_DIR
CI GITHUB_TOKEN GITHUB_API_URL GITHUB_WORKSPACE RUNNER_OS GITLAB_TOKEN DOCKER_HOST COMPOSE_FILE
KUBERNETES_PORT KUBERNETES_SERVICE_HOST DYNO WEB_CONCURRENCY WORK WORKDIR WORKSPACE
WORKER_CLASS RAILWAY_PUBLIC_DOMAIN RENDER_EXTERNAL_URL FLY_APP_NAME
AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_ENDPOINT_URL S3_BUCKET
GOOGLE_APPLICATION_CREDENTIALS AZURE_OPENAI_API_KEY ANTHROPIC_API_KEY HF_TOKEN HF_HUB_OFFLINE
TRANSFORMERS_OFFLINE OPENAI_ORG OPENAI_ORG_ID OPENAI_ORGANIZATION OPENAI_PROJECT OPENAI_LOG
OPENAI_API_TYPE OPENAI_API_VERSION OPENAI_WEBHOOK_SECRET
SLACK_WEBHOOK_URL SLACK_CHANNEL SLACK_CHANNEL_ID SLACK_TEAM_ID SLACK_USER_TOKEN SLACK_APP_ID
DISCORD_TOKEN BOT_TOKEN BOT_NAME TELEGRAM_CHAT_ID TELEGRAM_API_ID TELEGRAM_API_HASH TELEGRAM_CHANNEL
POSTGRES_PASSWORD POSTGRES_USER PGHOST PGPORT DATABASE_HOST DATABASE_NAME DATABASE_PASSWORD
DATABASE_PRIVATE_URL DB_URL REDIS_URL PUBLIC_KEY PUBLIC_DIR PUBLIC_BASE_URL BASE_URL API_URL API_KEY
LOG_FILE LOG_DIR RUST_LOG DEBUG LEVEL AUDIODEV AUDIO_DRIVER SDL_AUDIODRIVER PULSE_SERVER
VOICE_ID VOICE_MODEL VOICE_API_KEY INVOICE DEVICE ADMIN_EMAIL ALLOWED_HOSTS ALLOWED_ORIGINS
MAX_THREADS MAX_JOBS MAX_AGE OMP_NUM_THREADS SPEECH_REGION SUMMARY HTTP_PROXY HTTPS_PROXY NO_PROXY
"""


def test_names_of_other_programs_are_left_alone() -> None:
    assert told(dict.fromkeys(OTHERS.split(), "something")) == []


def test_settings_themselves_are_no_near_misses() -> None:
    ours = {name.upper(): "x" for name in settings_of().model_fields}
    assert told(ours | {name.lower(): "x" for name in ours}) == []


def test_what_is_set_already_is_not_what_another_name_meant() -> None:
    environment = {"TELEGRAM_TOKEN": "of another program", "SLACK_TOKEN": "too"}
    assert told(environment, telegram_bot_token="1:a", slack_bot_token="xoxb-1") == [
        "SLACK_TOKEN is no setting; did you mean SLACK_APP_TOKEN?"
    ]


def test_an_empty_name_means_nothing() -> None:
    assert told({"TELEGRAM_TOKEN": ""}) == []


def test_a_file_of_our_own_is_read_with_less_distrust(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "# TELEGRAM_TOKEN=1\nBOT_TOKEN=1234:secret\nexport API_KEY='sk-$HOME'\nCOMPOSE_FILE=a.yml\n"
        "MAX_PAGES=7\nOPENAI_ORG=me\nLOGLEVEL=\n",
        encoding="utf-8",
    )
    assert told({}, env_file) == [
        "API_KEY is no setting; did you mean OPENAI_API_KEY or SPEECH_API_KEY?",
        "BOT_TOKEN is no setting; did you mean SLACK_BOT_TOKEN or TELEGRAM_BOT_TOKEN?",
    ]
