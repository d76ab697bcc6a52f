"""The commands about people of the centre, one sentence each; what they do is in `team_desk`."""

from typing import Annotated

import typer

from bot.cli.french import Typer
from bot.cli.say import plainly

staff_app = Typer(help="Les personnes du centre : équipe, coachs, mentors, et leurs rôles.")
role_app = Typer(help="Donner ou retirer un rôle.")
staff_app.add_typer(role_app, name="role")

Who = Annotated[
    str, typer.Argument(metavar="PERSONNE", help="Nom, adresse e-mail, ou identifiant de « staff list ».")
]
RoleName = Annotated[str, typer.Argument(metavar="RÔLE", help="mentor, coach, staff, safeguarding ou admin.")]


@staff_app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NOM", help="Comment les collègues l’appellent.")],
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="RÔLE", help="mentor, coach, staff, safeguarding ou admin ; peut se répéter."),
    ] = None,
    email: Annotated[str, typer.Option(metavar="ADRESSE", help="Où envoyer ses liens pour entrer.")] = "",
) -> None:
    """Ajouter quelqu’un, et montrer le lien par lequel cette personne entre."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.add(name, role or [], email)


@staff_app.command("list")
def list_people() -> None:
    """Montrer tout le monde, avec ses rôles."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.list_people()


@staff_app.command("link")
def link(who: Who) -> None:
    """Donner un nouveau lien à quelqu’un (mot de passe oublié, lien trop vieux)."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.link(who)


@staff_app.command("close")
def close(who: Who) -> None:
    """Fermer un compte : tout de suite, cette personne ne peut plus rien."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.close(who)


@staff_app.command("log")
def show_log(
    limit: Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Combien de lignes.")] = 30,
    verify: Annotated[bool, typer.Option("--verify", help="Dire si le journal est intact.")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Montrer le journal : qui de l’équipe a fait quoi."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.show_log(limit, verify=verify)


@role_app.command("add")
def add_role(who: Who, role: RoleName) -> None:
    """Donner un rôle."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.change_role(who, role, give=True)


@role_app.command("remove")
def remove_role(who: Who, role: RoleName) -> None:
    """Retirer un rôle ; ses sessions finissent aussitôt."""
    with plainly():
        from bot.cli import team_desk  # noqa: PLC0415 -- heavy

        team_desk.change_role(who, role, give=False)
