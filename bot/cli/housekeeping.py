"""Settings, keys, migrations, the clock of the demonstration, backups, and what has had its time."""

import os
import re
from datetime import timedelta
from pathlib import Path

from bot import bootstrap
from bot.application import planning, quiet
from bot.application.clock import Clock
from bot.cli.say import fail, say
from bot.settings import Settings, as_markdown, load, variable
from bot.settings import make_keys as write_keys
from storage import agenda, meta, people, retention, rotation
from storage import backup as copies
from storage.database import Database

_STEP = re.compile(r"\+?(\d{1,4})\s*([dhmj])")
_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")  # in the address of a database server
_UNITS = {"d": "days", "j": "days", "h": "hours", "m": "minutes"}


def database(settings: Settings | None = None) -> Database:
    """The database of the settings."""
    return bootstrap.open_database(settings or load(), Clock(bootstrap.real_now))


def show_settings(*, markdown: bool) -> None:
    """Every setting with its value and its sentence; secrets only as « donnée » or « absente »."""
    if markdown:
        say(as_markdown().rstrip("\n"))
        return
    given = load()
    for name, field in Settings.model_fields.items():
        value = getattr(given, name)
        secret = not field.repr  # a token, a key, an address with a password in it: never on a screen
        shown = ("donnée" if value else "absente") if secret else _PASSWORD.sub(r"\1…@", str(value))
        say(f"{variable(name)} = {shown}\n    {field.description}")


def migrate() -> None:
    """Bring the database up to date."""
    base = database()
    base.migrate()
    say("La base de données est à jour.")


def move_clock(by: str) -> None:
    """Move the clock of a sample database forward."""
    found = _STEP.fullmatch(by.strip().lower())
    if found is None:
        fail("Écrivez par exemple : boussole clock +2d (jours), +3h (heures) ou +30m (minutes).")
    amount, unit = found.groups()
    base = database(_of_the_demonstration() or load())
    with base.begin() as uow:
        ahead = meta.move_clock(uow, timedelta(**{_UNITS[unit]: int(amount)}))
    days, rest = divmod(int(ahead.total_seconds()), 86_400)
    say(f"L’horloge de la démonstration avance de {days} jour(s) et {rest // 3600} heure(s) sur la vraie.")
    say("Le site s’en aperçoit dans les secondes qui suivent.")
    _say_next_reminder(base)


def _say_next_reminder(base: Database) -> None:
    """When the next reminder of the sample learner comes, since the bot keeps quiet at night and during school."""
    clock = Clock(bootstrap.real_now)
    clock.follow(base)
    with base.read() as uow:
        closed = planning.holidays(uow)
        rows = [one for person in people.samples(uow) for one in agenda.of_person(uow, person.id)]
    waiting = [one.local_at for one in rows if one.status in (agenda.Status.PLANNED, agenda.Status.SNOOZED)]
    now = planning.wall(clock())
    if not waiting:
        return
    when = quiet.later(max(now, min(waiting)), closed)
    if when <= now:
        say("Un rappel est à l’heure : il arrive dans la conversation.")
        return
    hours = int((when - now).total_seconds() // 3600) + 1
    say(
        f"Prochain rappel le {when:%d/%m à %H:%M} (le bot se tait la nuit et pendant l’école) : boussole clock +{hours}h"
    )


def _of_the_demonstration() -> Settings | None:
    """Its settings, once it has been started."""
    from bot.cli import demonstration  # noqa: PLC0415 -- only where the demonstration is concerned

    return demonstration.settings() if demonstration.folder().exists() else None


def make_keys() -> None:
    """Write a key file unless there is one."""
    settings = load()
    if write_keys(settings.keys_file):
        say(
            f"Clé faite : {settings.keys_file} (mode 0600). Gardez-en une copie ailleurs que les sauvegardes."
        )
    elif settings.keys_file.expanduser().stat().st_size == 0:
        fail(
            f"Le fichier de clés {settings.keys_file} est vide : supprimez-le, puis relancez cette commande."
        )
    else:
        say(f"Le fichier de clés existe déjà : {settings.keys_file}. Rien n’a changé.")


def rotate_keys() -> None:
    """Put a new key first in the file, then seal everything with it."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 -- heavy

    settings = load()
    if settings.keys:
        fail(
            "Les clés viennent de BOUSSOLE_KEYS : ajoutez-y une clé en tête, puis relancez cette commande sans elle."
        )
    old = settings.load_keys()
    path = settings.keys_file
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join([Fernet.generate_key().decode(), *old]) + "\n")
    fresh.replace(path)
    changed = rotation.rotate(database(load()))
    say(
        f"{sum(changed.values())} ligne(s) chiffrée(s) avec la nouvelle clé. Les anciennes clés restent dans {path} : "
        "elles ouvrent encore les sauvegardes d’avant. Redémarrez le bot."
    )


def backup(target: str) -> None:
    """Copy the SQLite database to a file."""
    path = Path(target)
    if path.exists():
        fail(f"{target} existe déjà : choisissez un autre nom. Rien n’a été copié.")
    base = database()
    if base.path is None:
        fail("Cette commande copie un fichier SQLite ; pour PostgreSQL, utilisez pg_dump.")
    copies.save(base, path)
    say(f"Copie faite : {target}. Les clés n’y sont pas.")


def sweep() -> None:
    """Remove what has had its time, now."""
    settings = load()
    month, day = settings.season_end.split("-")
    base = database(settings)
    removed = retention.sweep(base, retention.Limits(season_end=(int(month), int(day))))
    total = sum(removed.values())
    say(f"{total} ligne(s) effacée(s)." if total else "Rien n’avait fait son temps.")
