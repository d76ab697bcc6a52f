"""The commands that keep the catalogue true, one sentence each; what they do is in `catalogue_desk`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.french import Typer
from bot.cli.say import plainly

catalogue_app = Typer(help="Le catalogue des métiers et des études : vérifier, corriger, compléter.")

_KIND = "programme, etablissement, campus, cout, metier, theme, regle ou adresse."
By = Annotated[str, typer.Option("--by", metavar="NOM", help="Qui le fait.")]


@catalogue_app.command("check")
def check(
    links: Annotated[bool, typer.Option("--links", help="Essayer aussi chaque adresse (réseau).")] = False,  # noqa: FBT002 -- an option of the command line
    institution: Annotated[
        str, typer.Option(metavar="ID", help="Avec --links : un seul établissement.")
    ] = "",
    pause: Annotated[float, typer.Option(help="Avec --links : secondes entre deux demandes.")] = 1.0,
) -> None:
    """Trouver les renvois cassés, les sources qui manquent et ce qui est à revoir."""
    with plainly():
        from bot.cli import catalogue_desk, catalogue_links  # noqa: PLC0415 -- heavy

        raise SystemExit(catalogue_links.run(institution, pause) if links else catalogue_desk.check())


@catalogue_app.command("show")
def show(
    words: Annotated[list[str], typer.Argument(metavar="MOTS", help="Un id, ou des mots du titre.")],
) -> None:
    """Trouver une ligne et montrer ses champs."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.show(" ".join(words))


@catalogue_app.command("correct")
def correct(
    kind: Annotated[str, typer.Argument(metavar="SORTE", help=_KIND)],
    row: Annotated[str, typer.Argument(metavar="ID", help="L’id de la ligne ; plusieurs avec des virgules.")],
    changes: Annotated[
        list[str], typer.Argument(metavar="CHAMP=VALEUR…", help="Ce qui change ; hidden=oui cache la ligne.")
    ],
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="TEXTE", help="Pourquoi.")],
    source: Annotated[str, typer.Option(metavar="URL", help="La page où vous l’avez lu.")] = "",
    new: Annotated[bool, typer.Option("--new", help="Ajouter une ligne.")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Corriger une ligne, la cacher ou en ajouter une ; le bot la reprend sans redémarrer."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.correct(kind, row, changes, author=by, why=why, source=source, new=new)


@catalogue_app.command("corrections")
def corrections() -> None:
    """Montrer tout ce qui a été corrigé, par qui et pourquoi."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.corrections()


@catalogue_app.command("undo")
def undo(
    number: Annotated[int, typer.Argument(metavar="NUMÉRO", help="Donné par « catalogue corrections ».")],
    by: By,
) -> None:
    """Reprendre une correction : ce qu’il y avait avant revient."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.undo(number, author=by)


@catalogue_app.command("shortage")
def shortage(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="CSV : annee;code;intitule;type;source.")],
    skip_unknown: Annotated[  # noqa: FBT002 -- an option of the command line
        bool, typer.Option("--skip-unknown", help="Laisser de côté les codes qu’aucun métier d’ici n’a.")
    ] = False,
) -> None:
    """Prendre la liste d’une année des métiers en pénurie (une information, jamais un conseil)."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.shortage(file, skip_unknown=skip_unknown)


@catalogue_app.command("domains")
def domains(
    act: Annotated[str, typer.Argument(metavar="[open|close]", help="Rien : montrer les thèmes.")] = "",
    themes: Annotated[list[str] | None, typer.Argument(metavar="THÈMES", help="Leurs id.")] = None,
    by: By = "l’équipe",
) -> None:
    """Montrer les douze thèmes, dire lesquels sont ouverts au centre."""
    with plainly():
        from bot.cli import catalogue_desk  # noqa: PLC0415 -- heavy

        catalogue_desk.domains(act, themes or [], author=by)
