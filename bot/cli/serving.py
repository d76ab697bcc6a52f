"""Runs the site, the reminders and the delivery in one event loop, and stops them cleanly."""

import asyncio
import socket

import uvicorn

from bot import bootstrap, timetable
from bot.application.services import Services
from bot.logs import configure
from bot.settings import load
from bot.web import site

GRACE = 5  # seconds that open requests have left when the process is asked to stop


def free(host: str, port: int) -> bool:
    """Whether nobody listens there yet."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve(what: str, port: int | None) -> None:
    """Serve with the settings of this process; a SQLite database is migrated on the way."""
    settings = load(port=port) if port is not None else load()
    services = bootstrap.build(settings, migrate=settings.database_url.startswith("sqlite"))
    serve_services(services, what)


def serve_services(services: Services, what: str) -> None:
    """Serve until asked to stop."""
    settings = services.settings
    configure(settings)
    try:
        asyncio.run(_run(services, what))
    finally:
        bootstrap.close(services)


async def _run(services: Services, what: str) -> None:
    ticking = timetable.start(services) if what in ("all", "worker") else None
    try:
        if what == "worker":
            await timetable.until_stopped()
            return
        config = uvicorn.Config(
            site.create(services),
            host=services.settings.host,
            port=services.settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=True,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        await uvicorn.Server(config).serve()
    finally:
        if ticking is not None:
            await ticking.stop()
