"""The centre of the demonstration: its own folder, made-up people marked as such, links to open."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import bootstrap
from bot.application import sample
from bot.application.clock import Clock
from bot.channels import push_key
from bot.cli import serving
from bot.cli.say import fail, say
from bot.settings import Settings, load, make_keys

FOLDER = "demo"  # inside the data folder


def folder() -> Path:
    """Where the demonstration keeps what is said in it."""
    return load().data_dir / FOLDER


def settings(port: int | None = None) -> Settings:
    """The settings of the demonstration: the operator's, on a folder and a key of its own."""
    home = folder()
    given: dict[str, Any] = {
        "demo": True,
        "data_dir": home,
        "database_url": f"sqlite:///{(home / 'boussole.sqlite3').absolute()}",
        "keys": (),
        "keys_file": home.with_name(".demo-keys"),
        "push_key": "",
        "push_key_file": home.with_name(".demo-keys-push"),
        "centre_name": "la Fabrique (exemple)",
        "forum_name": "le forum de la Fabrique (exemple)",
        "centre_contact": "l’accueil de la Fabrique (centre d’exemple : personne n’y répond)",
    }
    if port is not None:
        given["port"] = port
    given["base_url"] = ""
    return load(**given)


def run(port: int | None, *, reset: bool) -> None:
    """Make what is missing, say what to open, and serve."""
    given = settings(port)
    why = serving.refusal(given.host, given.port)
    if why is not None:
        fail(f"{why} Essayez : PORT={given.port + 1} make demo (ou arrêtez l’autre programme).")
    make_keys(given.keys_file)
    push_key.make(given.push_key_file)
    with running(given.data_dir, alone=reset):
        if reset and given.data_dir.exists():
            shutil.rmtree(given.data_dir)
            say("La démonstration recommence à zéro.")
        _serve(given)


@contextmanager
def running(home: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the folder while the site serves it: it is not taken away from under a running site."""
    with home.with_name(".demo-running").open("w") as mark:
        try:
            fcntl.flock(mark, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(
                "La démonstration tourne déjà : arrêtez-la (Ctrl+C) avant de recommencer à zéro."
                if alone
                else "La démonstration recommence à zéro dans un autre terminal."
            )
        yield


def _serve(given: Settings) -> None:
    services = bootstrap.build(given, migrate=True, clock=Clock(bootstrap.real_now))
    links = sample.ready(services)
    say()
    say(f"Boussole, centre d’exemple — {given.base_url}")
    say()
    for link in links:
        say(f"  {link.who}")
        say(f"    {link.url}")
    say()
    say(
        "Les personnes et les dates sont inventées ; chaque lien s’ouvre à côté des autres dans un même navigateur."
    )
    say("Dans un autre terminal : .venv/bin/boussole clock +2d avance l’horloge. Ctrl+C arrête.")
    try:
        serving.serve_services(services, "all")
    except KeyboardInterrupt:
        say()
        say("Arrêté. Ce qui a été dit est gardé : make demo reprend, make demo-reset recommence à zéro.")
