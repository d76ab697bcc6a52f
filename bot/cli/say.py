"""What the command line says: plain sentences, errors without tracebacks."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

# What storage reports, in words for the person who runs the bot, with the way out.
STORAGE = {
    "DatabaseBusy": "La base de données est occupée par un autre programme. Réessayez dans un instant.",
    "DiskFull": "Le disque est plein : rien n’a été gardé de cette action. Faites de la place, puis recommencez.",
    "Unreachable": "La base de données ne s’ouvre pas. Un fichier SQLite se crée par « boussole migrate » ; "
    "pour un serveur, vérifiez BOUSSOLE_DATABASE_URL et qu’il tourne.",
    "NotWritable": "La base de données est en lecture seule. Vérifiez les droits du dossier de données.",
    "Damaged": "Le fichier n’est pas une base de données, ou il est abîmé. Remettez une sauvegarde.",
    "NotMigrated": "La base de données n’est pas à jour : lancez « boussole migrate ».",
    "Conflict": "Quelque chose a changé entre-temps. Recommencez.",
    "KeyMissing": "Aucune clé de chiffrement utilisable. « boussole keys make » en fait une ; "
    "si des données existent déjà, remettez plutôt l’ancien fichier.",
    "CannotDecrypt": "Ces clés n’ouvrent pas ce qui est gardé : remettez le fichier de clés d’origine.",
    "NotASample": "L’horloge ne bouge que dans la démonstration : cette base contient de vraies personnes.",
}


_FILES = {
    errno.EACCES: "ne se lit ou ne s’écrit pas : vérifiez les droits",
    errno.EPERM: "ne se lit ou ne s’écrit pas : vérifiez les droits",
    errno.EROFS: "est sur un disque en lecture seule",
    errno.ENOENT: "manque, ou son dossier n’existe pas",
    errno.ENOTDIR: "demande un dossier là où il y a un fichier",
    errno.EISDIR: "est un dossier : il faut un fichier",
    errno.ENOSPC: "ne s’écrit pas : le disque est plein",
}


def say(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fail(text: str) -> NoReturn:
    """One sentence on standard error, and exit status 1."""
    sys.stderr.write(text + "\n")
    raise SystemExit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn the errors that a person can mend into their sentence."""
    from bot.settings import SettingsError  # noqa: PLC0415 -- heavy

    try:
        yield
    except SettingsError as error:
        fail("\n".join(error.problems))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 -- what is not known is raised again
        fail(_sentence(error))


def _sentence(error: Exception) -> str:
    from careers.sources.protocol import SourceError  # noqa: PLC0415 -- heavy
    from dialogues.library import LibraryError  # noqa: PLC0415 -- heavy
    from storage.errors import StorageError, translate  # noqa: PLC0415 -- heavy

    error = translate(error) or error
    if isinstance(error, LibraryError):
        lines = [f"  {problem}" for problem in error.problems]
        return "\n".join(["Des pages de dialogue sont abîmées ; rien ne démarre avec elles :", *lines])
    if isinstance(error, SourceError):
        return str(error)
    if isinstance(error, StorageError):
        return STORAGE.get(type(error).__name__, f"La base de données a refusé : {error}.")
    if isinstance(error, OSError) and error.filename is not None:
        why = _FILES.get(error.errno or 0, "ne peut pas servir ici")
        return f"{error.filename} {why}."
    raise error
