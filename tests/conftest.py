"""What all tests share: no network but loopback, a fresh home, small PDFs that the tests draw."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
import structlog
from pytest_socket import socket_allow_hosts

from tests.drawing import a_paper
from tests.rewriting import rewrite_for_workers

pytest.register_assert_rewrite("tests.lives")
pytest_plugins = ["tests.postgres", "tests.libraries", "tests.engines", "tests.bench", "tests.warm"]

_OURS = ("LISTENDOCK_", "TELEGRAM_", "SLACK_", "OPENAI_", "SPEECH_", "SUMMARY_", "OFFLINE",
         "MONTHLY_BUDGET", "PRICES", "ADMINS", "ALLOWED", "DAILY_MINUTES", "VOICE")  # fmt: skip
for _name in list(os.environ):  # a developer's own settings and tokens stay out of the tests
    if _name.startswith(_OURS):
        del os.environ[_name]

# Else an exception in a log would be drawn with all values, which takes half a second.
structlog.get_config()["processors"][-1].exception_formatter = structlog.dev.plain_traceback


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: a test of a conversation waits as long as it works."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    rewrite_for_workers(config)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: a twentieth of all tests' time went into looking through it for
    what nobody needs any more."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty LISTENDOCK_HOME, set in the environment; no `.env` is near."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "home"
    monkeypatch.setenv("LISTENDOCK_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A three-page paper with six headings, running heads, page numbers and references."""
    return a_paper(tmp_path_factory.mktemp("paper") / "paper.pdf")
