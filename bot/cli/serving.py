"""Runs the site, the reminders and the delivery in one event loop, and stops them cleanly."""

import asyncio
import errno
import gc
import socket

import uvicorn

from bot import bootstrap, platforms, timetable
from bot.application import catalogues
from bot.application.services import Services
from bot.channels.trouble import PlatformError
from bot.cli.say import fail, say
from bot.logs import configure
from bot.settings import load
from bot.web import site

WITH_A_SITE = ("all", "web")
PLATFORMS = ("telegram", "discord")
GRACE = 5  # seconds that open requests have left when the process is asked to stop


def refusal(host: str, port: int) -> str | None:
    """Why nothing can listen there, in one sentence; None when it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return _refused(error, host, port)
    return None


def _refused(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Le port {port} est déjà pris."
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé : choisissez-en un au-dessus de 1024."
    return f"{host} n’est pas une adresse de cette machine : corrigez BOUSSOLE_HOST."


def serve(what: str, port: int | None) -> None:
    """Serve with the settings of this process; a SQLite database is migrated on the way."""
    gc.disable()  # nothing that is loaded now can go; `settle` begins to collect
    settings = load(port=port) if port is not None else load()
    if what in PLATFORMS and what not in settings.platforms():
        fail(f"BOUSSOLE_{what.upper()}_TOKEN est vide : sans jeton, il n’y a rien à servir là.")
    why = refusal(settings.host, settings.port) if what in WITH_A_SITE else None
    if why is not None:
        fail(f"{why} Rien n’a démarré.")
    services = bootstrap.build(settings, migrate=settings.database_url.startswith("sqlite"))
    if settings.log_format == "text":  # else each line is JSON for a machine
        where = "" if what not in WITH_A_SITE else f" sur http://{settings.host}:{settings.port}"
        say(f"Boussole tourne{where} ({what}). Ctrl+C arrête.")
    serve_services(services, what)


def serve_services(services: Services, what: str) -> None:
    """Serve until asked to stop."""
    settings = services.settings
    configure(settings)
    try:
        asyncio.run(_run(services, what))
    except PlatformError as error:
        fail(str(error))
    finally:
        bootstrap.close(services)


async def _run(services: Services, what: str) -> None:
    ticking = timetable.start(services) if what in ("all", "worker") else None
    try:
        async with catalogues.watched(services), platforms.serving(services, what) as running:
            bootstrap.settle()
            await _serve(services, what, running)
    finally:
        if ticking is not None:
            await ticking.stop()


async def _serve(services: Services, what: str, running: platforms.Running) -> None:
    if what not in WITH_A_SITE:
        await timetable.until_stopped()
        return
    app = site.create(services)
    app.state.telegram = running.telegram
    config = uvicorn.Config(
        app,
        host=services.settings.host,
        port=services.settings.port,
        log_config=None,
        access_log=False,
        proxy_headers=True,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    await uvicorn.Server(config).serve()
