"""The commands of school holidays; without the name of one, as before: periods to add, or nothing to see them all."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.french import Group, Typer
from bot.cli.say import plainly


class _Holidays(Group):
    """Takes periods without the word « add », and nothing at all for « list »."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the missing word in front."""
        if not args:
            args = ["list"]
        elif args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["add", *args]
        return super().parse_args(ctx, args)


holidays_app = Typer(help="Les congés scolaires ; aucun n’est inventé.")
holidays_app.info.cls = _Holidays
holidays_app.info.no_args_is_help = False

Yes = Annotated[bool, typer.Option("--yes", help="Ne pas demander avant d’agir.")]
Source = Annotated[str, typer.Option(metavar="TEXTE", help="Où les jours ont été lus.")]
Replace = Annotated[bool, typer.Option("--replace", help="Remplacer ce qui était encodé.")]
Periods = Annotated[
    list[str],
    typer.Argument(metavar="PÉRIODES", help="Premier:dernier jour, par exemple 2026-12-21:2027-01-03."),
]


@holidays_app.command("list")
def listed() -> None:
    """Montrer les congés."""
    with plainly():
        from bot.cli import holidays_desk  # noqa: PLC0415 -- heavy

        holidays_desk.listed()


@holidays_app.command("add")
def added(
    periods: Periods,
    name: Annotated[str, typer.Option(metavar="NOM", help="Comment ils s’appellent.")] = "",
    source: Source = "",
    replace: Replace = False,  # noqa: FBT002 -- an option of the command line
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Encoder des congés ; les séries de l’agenda suivent."""
    with plainly():
        from bot.cli import holidays_desk  # noqa: PLC0415 -- heavy

        holidays_desk.added(periods, name, source, replace=replace, yes=yes)


@holidays_app.command("remove")
def removed(periods: Periods, yes: Yes = False) -> None:  # noqa: FBT002 -- an option of the command line
    """Enlever des congés ; les dates qu’ils fermaient reviennent."""
    with plainly():
        from bot.cli import holidays_desk  # noqa: PLC0415 -- heavy

        holidays_desk.removed(periods, yes=yes)


@holidays_app.command("import")
def imported(
    file: Annotated[
        Path, typer.Argument(metavar="FICHIER", help="Un tableau (du ; au ; nom) ou un calendrier (ICS).")
    ],
    source: Source = "",
    write: Annotated[bool, typer.Option("--apply/--dry-run", help="Écrire ; d’office, montrer.")] = False,  # noqa: FBT002 -- an option of the command line
    replace: Replace = False,  # noqa: FBT002 -- an option of the command line
    yes: Yes = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Importer un calendrier scolaire : montre d’abord ce qui changerait."""
    with plainly():
        from bot.cli import holidays_desk  # noqa: PLC0415 -- heavy

        holidays_desk.imported(file, source, write=write, replace=replace, yes=yes)
