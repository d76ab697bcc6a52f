"""The commands of the agenda, one sentence each; what they do is in the desks beside."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.french import Typer
from bot.cli.say import fail, plainly

agenda_app = Typer(help="L’agenda : labs, séances, rencontres, forums ; ajouter, déplacer, importer.")
stands_app = Typer(help="Les stands d’un forum.")
agenda_app.add_typer(stands_app, name="stands")

Number = Annotated[int, typer.Argument(metavar="N", help="Le numéro donné par « agenda list ».")]
Yes = Annotated[bool, typer.Option("--yes", help="Ne pas demander avant d’agir.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXTE", help="La raison, que les jeunes liront.")]
Day = "Un jour : 2027-01-13, 13/1, « mercredi 13 janvier »."


@agenda_app.command("add")
def add(  # noqa: PLR0917 -- options of the command line
    kind: Annotated[str, typer.Option(metavar="SORTE", help="lab, séance, masterlab, rencontre, forum, « porte ouverte » ou autre.")],
    title: Annotated[str, typer.Option(metavar="TITRE", help="Son nom.")],
    start: Annotated[str, typer.Option(metavar="QUAND", help="« 2027-01-13 14:00 », « mer. 13 janvier 14h », « 13/1 14h-16h ».")],
    end: Annotated[str, typer.Option(metavar="HEURE", help="La fin : 16h, ou un jour et une heure.")] = "",
    length: Annotated[str, typer.Option(metavar="DURÉE", help="Au lieu de la fin : 2h, 1h30, 90 min.")] = "",
    about: Annotated[str, typer.Option(metavar="TEXTE", help="Ce qui s’y passe.")] = "",
    place: Annotated[str, typer.Option(metavar="LIEU", help="Où.")] = "",
    route: Annotated[str, typer.Option(metavar="TEXTE", help="Comment y venir.")] = "",
    domain: Annotated[str, typer.Option(metavar="THÈME", help="Un thème du catalogue.")] = "",
    places: Annotated[str, typer.Option(metavar="N", help="Nombre de places ; sans rien, sans limite.")] = "",
    waiting: Annotated[bool, typer.Option("--waiting/--no-waiting", help="Avec ou sans liste d’attente.")] = True,  # noqa: FBT002 -- an option of the command line
    chosen: Annotated[bool, typer.Option("--chosen", help="L’équipe choisit parmi ceux qui disent pourquoi.")] = False,  # noqa: FBT002 -- an option of the command line
    group: Annotated[str, typer.Option(metavar="NOM", help="Pour un groupe, dont les membres sont inscrits.")] = "",
    ages: Annotated[str, typer.Option(metavar="ÂGES", help="12, 13-15 ou 16-18 ; sans rien, tous.")] = "",
    link: Annotated[str, typer.Option(metavar="URL", help="La page qui en parle.")] = "",
    source: Annotated[str, typer.Option(metavar="TEXTE", help="Où la date a été lue.")] = "",
    seen: Annotated[str, typer.Option(metavar="JOUR", help="Quand elle a été lue ; sans rien, aujourd’hui.")] = "",
    until: Annotated[str, typer.Option("--repeat-until", metavar="JOUR", help="Répéter chaque semaine jusque-là.")] = "",
    every: Annotated[int, typer.Option(min=1, max=8, metavar="N", help="Toutes les N semaines.")] = 1,
    skipped: Annotated[list[str] | None, typer.Option("--except", metavar="JOUR", help="Un jour laissé ; plusieurs fois s’il le faut.")] = None,
    in_holidays: Annotated[bool, typer.Option("--in-holidays", help="Aussi pendant les congés.")] = False,  # noqa: FBT002 -- an option of the command line
    confirmed: Annotated[bool, typer.Option("--confirmed", help="La date est sûre ; sinon elle est « à vérifier ».")] = False,  # noqa: FBT002 -- an option of the command line
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:  # fmt: skip
    """Ajouter un rendez-vous, une fois ou chaque semaine (hors congés)."""
    with plainly():
        from bot.cli import agenda_desk, agenda_typed  # noqa: PLC0415 -- heavy

        new = agenda_typed.New(
            kind, title, start, end, length, about, place, route, domain, places, waiting, chosen, group, ages, link,
            source, seen, confirmed,
        )  # fmt: skip
        agenda_desk.add(new, agenda_typed.Weekly(until, every, skipped or (), in_holidays), yes=yes)


@agenda_app.command("list")
def listed(
    everything: Annotated[bool, typer.Option("--all", help="Aussi ce qui est passé.")] = False,  # noqa: FBT002 -- an option of the command line
    kind: Annotated[str, typer.Option(metavar="SORTE", help="Une seule sorte.")] = "",
) -> None:
    """Montrer ce qui vient, avec les places, l’attente et ce qui est à vérifier."""
    with plainly():
        from bot.cli import agenda_desk  # noqa: PLC0415 -- heavy

        agenda_desk.listed(kind, everything=everything)


@agenda_app.command("show")
def show(number: Number) -> None:
    """Montrer un rendez-vous."""
    with plainly():
        from bot.cli import agenda_desk  # noqa: PLC0415 -- heavy

        agenda_desk.show(number)


@agenda_app.command("move")
def move(
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="QUAND", help="« jeudi 14/1 15h », « 14/1 15h-17h », un jour seul.")] = "",
    end: Annotated[str, typer.Option(metavar="HEURE", help="Une autre fin.")] = "",
    place: Annotated[str, typer.Option(metavar="LIEU", help="Un autre lieu.")] = "",
    why: Why = "",
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:  # fmt: skip
    """Déplacer un rendez-vous ; dit d’abord combien de jeunes seront prévenus."""
    with plainly():
        from bot.cli import agenda_desk  # noqa: PLC0415 -- heavy

        agenda_desk.move(number, to, end, place, why, yes=yes)


@agenda_app.command("places")
def places(
    number: Number,
    many: Annotated[str, typer.Argument(metavar="PLACES", help="Un nombre, ou « illimité ».")],
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Changer le nombre de places."""
    with plainly():
        from bot.cli import agenda_desk  # noqa: PLC0415 -- heavy

        agenda_desk.places(number, many, yes=yes)


@agenda_app.command("cancel")
def cancel(
    number: Number,
    whole: Annotated[bool, typer.Option("--series", help="Toutes les dates à venir de sa série.")] = False,  # noqa: FBT002 -- an option of the command line
    onwards: Annotated[  # noqa: FBT002 -- an option of the command line
        bool, typer.Option("--from-here", help="Cette date et les suivantes de sa série.")
    ] = False,
    why: Why = "",
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Annuler un rendez-vous ; dit d’abord combien de jeunes seront prévenus."""
    with plainly():
        from bot.cli import agenda_series_desk  # noqa: PLC0415 -- heavy

        agenda_series_desk.cancel(number, why, whole=whole, onwards=onwards, yes=yes)


@agenda_app.command("restore")
def restore(number: Number, yes: Yes = False) -> None:  # noqa: FBT002 -- an option of the command line
    """Rétablir un rendez-vous annulé : chacun garde sa place."""
    with plainly():
        from bot.cli import agenda_series_desk  # noqa: PLC0415 -- heavy

        agenda_series_desk.restore(number, yes=yes)


@agenda_app.command("confirm")
def confirm(
    numbers: Annotated[list[int], typer.Argument(metavar="N…", help="Un numéro ou plusieurs.")],
    seen: Annotated[str, typer.Option(metavar="JOUR", help="Quand la date a été vérifiée.")] = "",
) -> None:
    """Dire que la date est vérifiée : « à vérifier » disparaît."""
    with plainly():
        from bot.cli import agenda_series_desk  # noqa: PLC0415 -- heavy

        agenda_series_desk.confirm(numbers, seen)


@agenda_app.command("series")
def change_series(
    number: Annotated[int, typer.Argument(metavar="N", help="Une date de la série.")],
    until: Annotated[str, typer.Option(metavar="JOUR", help="Le dernier jour possible.")] = "",
    skip: Annotated[
        list[str] | None, typer.Option("--except", metavar="JOUR", help="Laisser ce jour.")
    ] = None,
    again: Annotated[
        list[str] | None, typer.Option("--with", metavar="JOUR", help="Reprendre un jour laissé.")
    ] = None,
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Montrer une série, la finir plus tôt ou plus tard, laisser un jour."""
    with plainly():
        from bot.cli import agenda_series_desk  # noqa: PLC0415 -- heavy

        agenda_series_desk.change_series(number, until, skip or [], again or [], yes=yes)


@agenda_app.command("import")
def imported(  # noqa: PLR0917 -- options of the command line
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Un tableau (CSV) ou un calendrier (ICS).")],
    write: Annotated[bool, typer.Option("--apply/--dry-run", help="Écrire ; d’office, seulement montrer.")] = False,  # noqa: FBT002 -- an option of the command line
    kind: Annotated[str, typer.Option(metavar="SORTE", help="La sorte, quand le fichier ne la dit pas.")] = "",
    zone: Annotated[str, typer.Option(metavar="FUSEAU", help="Le fuseau, quand le fichier en dit un inconnu.")] = "",
    source: Annotated[str, typer.Option(metavar="TEXTE", help="D’où vient le fichier.")] = "",
    seen: Annotated[str, typer.Option(metavar="JOUR", help="Quand il a été lu ; sans rien, aujourd’hui.")] = "",
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Laisser les lignes fausses et prendre le reste.")] = False,  # noqa: FBT002 -- an option of the command line
    tell: Annotated[bool, typer.Option("--tell", help="Faire aussi les changements qui concernent des jeunes, et les prévenir.")] = False,  # noqa: FBT002 -- an option of the command line
    confirmed: Annotated[bool, typer.Option("--confirmed", help="Les dates sont sûres ; sinon elles sont « à vérifier ».")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:  # fmt: skip
    """Importer des rendez-vous : montre d’abord ce qui changerait."""
    with plainly():
        from bot.cli import agenda_files as files  # noqa: PLC0415 -- heavy

        about = files.given(kind, zone, source, seen, file.name)
        files.imported(file, about, write=write, skip_bad=skip_bad, tell=tell, confirmed=confirmed)


@agenda_app.command("export")
def exported(
    words: Annotated[
        list[str], typer.Argument(metavar="[N] FICHIER", help="Un numéro, puis un fichier .ics ou .csv.")
    ],
    everything: Annotated[bool, typer.Option("--all", help="Tout l’agenda.")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Écrire un rendez-vous, ou tout l’agenda (--all), dans un fichier."""
    *first, file = words
    if everything == bool(first) or len(first) > 1 or (first and not first[0].isdecimal()):
        fail("Écrivez « agenda export 12 fichier.ics », ou « agenda export --all fichier.csv ».")
    with plainly():
        from bot.cli import agenda_files  # noqa: PLC0415 -- heavy

        agenda_files.exported(int(first[0]) if first else None, Path(file))


@agenda_app.command("programme")
def programme(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier .pdf à écrire.")],
) -> None:
    """Faire le programme d’un forum à imprimer : stands par endroit, place pour des notes."""
    with plainly():
        from bot.cli import stands_desk  # noqa: PLC0415 -- heavy

        stands_desk.programme(number, file)


@stands_app.command("import")
def stands_import(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Un tableau : nom, endroit, description…")],
    write: Annotated[  # noqa: FBT002 -- an option of the command line
        bool, typer.Option("--apply/--dry-run", help="Écrire ; d’office, seulement montrer.")
    ] = False,
) -> None:
    """Importer les stands d’un forum : montre d’abord ce qui changerait."""
    with plainly():
        from bot.cli import stands_desk  # noqa: PLC0415 -- heavy

        stands_desk.imported(number, file, write=write)


@stands_app.command("list")
def stands_list(number: Number) -> None:
    """Montrer les stands d’un forum."""
    with plainly():
        from bot.cli import stands_desk  # noqa: PLC0415 -- heavy

        stands_desk.listed(number)
