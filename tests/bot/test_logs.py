import io
import logging

import pytest
import structlog

from bot import logs
from bot.settings import Settings

CANARY = "CANARI je m'appelle Zoé"


@pytest.fixture
def log():
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    logs.configure(Settings(log_format="text"), stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], level = before
    root.setLevel(level)


def test_words_under_an_unknown_key_are_never_written(log):
    logs.get_logger("x").info("turn", text=CANARY, profile={"name": CANARY}, channel="web", ms=3.5)

    assert "CANARI" not in log.getvalue()
    assert "channel=web" in log.getvalue()
    assert "ms=3.5" in log.getvalue()


def test_an_exception_is_written_without_its_words(log):
    try:
        int(CANARY)
    except ValueError:
        logs.get_logger("x").error("failed", exc_info=True)

    assert "CANARI" not in log.getvalue()
    assert "error=ValueError" in log.getvalue()
    assert "test_logs.py:" in log.getvalue()


def test_lines_of_libraries_come_without_their_words(log):
    logging.getLogger("uvicorn").error("request %s", CANARY)

    assert "CANARI" not in log.getvalue()
    assert "uvicorn" in log.getvalue()


def test_a_person_cannot_forge_a_line(log):
    logs.get_logger("x").info("turn", channel="web\nlevel=error event=fake")

    assert log.getvalue().count("\n") == 1


def test_json_is_one_object_a_line():
    stream = io.StringIO()
    logs.configure(Settings(log_format="json"), stream)
    logs.get_logger("x").info("tick", count=2)
    structlog.reset_defaults()

    assert '"event": "tick"' in stream.getvalue()
