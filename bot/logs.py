"""The log: key and value lines (or JSON) on standard error, never a person's words."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Protocol

import structlog

from bot.settings import Settings

# The only keys whose text is written as it is: names that we chose, counts, ids. Other texts are replaced by their length.
PLAIN = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "module",
        "why",
        "kind",
        "channel",
        "page",
        "moment",
        "errand",
        "rule",
        "rules",
        "category",
        "level_found",
        "state",
        "outcome",
        "row",
        "rows",
        "count",
        "ms",
        "port",
        "host",
        "url",
        "status",
        "method",
        "path",
        "route",
        "job",
        "holder",
        "product",
        "fault",
        "setting",
        "revision",
        "lane",
        "reason",
        "where",
        "error",
    ]
)
LONGEST = 200  # characters of a plain text
HIDDEN = "…"


def configure(settings: Settings, stream: Any = None) -> None:
    """Set the log up for this process. Called once, before serving."""
    level = getattr(logging, settings.log_level.upper())
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], bool_as_flag=False
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            faults,
            discreet,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    _capture_others(level)


class Log(Protocol):
    """What modules use of a logger: an event's name and keys."""

    def debug(self, event: str, **values: Any) -> Any: ...
    def info(self, event: str, **values: Any) -> Any: ...
    def warning(self, event: str, **values: Any) -> Any: ...
    def error(self, event: str, **values: Any) -> Any: ...


def get_logger(name: str) -> Log:
    """A logger whose lines name the module that they come from."""
    logger: Log = structlog.get_logger(module=name)
    return logger


def discreet(_logger: object, _method: str, values: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace every text under a key that is not known to be ours by its length."""
    return {key: _shown(key, value) for key, value in values.items()}


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if key in PLAIN or key.endswith("_id"):
        return str(value).replace("\n", " ")[:LONGEST]
    return f"{HIDDEN}({len(str(value))})"


def faults(_logger: object, _method: str, values: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the places it went through: its own words may quote a person."""
    info = values.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info if isinstance(info, BaseException) else None
    if isinstance(info, tuple):
        error = info[1]
    if error is not None:
        values["error"] = type(error).__name__
        values["where"] = _places(error.__traceback__)
    return values


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


class _Others(logging.Handler):
    """Lines of libraries (uvicorn, APScheduler): who spoke and how grave, without their words."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(module=record.name)
        log.log(
            record.levelno,
            "library",
            exc_info=record.exc_info or None,
            where=f"{record.module}:{record.lineno}",
        )


def _capture_others(level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [_Others(max(level, logging.WARNING))]
    root.setLevel(max(level, logging.WARNING))
