"""The commands, one sentence each; what they do is in the modules beside."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.agenda_commands import agenda_app
from bot.cli.catalogue_commands import catalogue_app
from bot.cli.french import Typer
from bot.cli.holidays_commands import holidays_app
from bot.cli.say import fail, plainly, say
from bot.cli.team_commands import staff_app

app = Typer(
    name="boussole",
    help="Boussole, le robot d’orientation des 12-18 ans. « boussole check » dit si tout est prêt.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
keys_app = Typer(help="Les clés de chiffrement : en faire, en changer.")
offers_app = Typer(help="Les offres d’emploi du Forem.")
group_app = Typer(help="Les groupes de jeunes et leurs liens d’invitation.")
consent_app = Typer(help="Les accords d’adultes pour les jeunes de 12 ans.")
careers_app = Typer(help="Essayer le lien entre des mots et des métiers.")
for part, name in (
    (keys_app, "keys"),
    (catalogue_app, "catalogue"),
    (agenda_app, "agenda"),
    (holidays_app, "holidays"),
    (offers_app, "offers"),
    (group_app, "group"),
    (consent_app, "accords"),
    (staff_app, "staff"),
    (careers_app, "careers"),
):
    app.add_typer(part, name=name)


@app.command()
def serve(
    what: Annotated[
        str,
        typer.Argument(
            metavar="PARTIE", help="all (tout), web (le site), worker (rappels), telegram ou discord."
        ),
    ] = "all",
    port: Annotated[int | None, typer.Option(help="Port du site ; sinon PORT, sinon 8000.")] = None,
) -> None:
    """Faire tourner le bot : site, rappels et livraison dans un seul processus, ou une partie."""
    if what not in ("all", "web", "worker", "telegram", "discord"):
        fail("boussole serve : all, web, worker, telegram ou discord.")
    with plainly():
        from bot.cli import serving  # noqa: PLC0415 -- heavy

        serving.serve(what, port)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Port du site ; sinon PORT, sinon 8000.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Oublier ce qui a été dit et recommencer.")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Démarrer le centre d’exemple, sans jeton ni serveur de base de données."""
    with plainly():
        from bot.cli import demonstration  # noqa: PLC0415 -- heavy

        demonstration.run(port, reset=reset)


@app.command()
def chat() -> None:
    """Jouer la conversation dans ce terminal (« /quitter » pour sortir)."""
    with plainly():
        from bot.cli import chatting  # noqa: PLC0415 -- heavy

        chatting.run()


@app.command()
def check() -> None:
    """Regarder réglages, base, clés, pages et catalogue, et dire comment mettre en ordre ce qui ne l’est pas."""
    from bot.cli import checking  # noqa: PLC0415 -- heavy

    raise SystemExit(checking.run())


@app.command()
def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="La page docs/reglages.md.")] = False,  # noqa: FBT002 -- an option of the command line
) -> None:
    """Montrer tous les réglages, leur valeur et à quoi ils servent."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.show_settings(markdown=markdown)


@app.command()
def migrate() -> None:
    """Mettre la base de données à jour."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.migrate()


@app.command(context_settings={"ignore_unknown_options": True})
def clock(
    by: Annotated[str, typer.Argument(metavar="DURÉE", help="+2d, +3h, +30m : de combien avancer.")],
) -> None:
    """Avancer l’horloge de la démonstration (et d’elle seule)."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.move_clock(by)


@app.command()
def backup(target: Annotated[str, typer.Argument(metavar="FICHIER", help="Fichier à écrire.")]) -> None:
    """Copier la base SQLite pendant qu’elle sert (les clés n’y sont pas)."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.backup(target)


@app.command()
def sweep() -> None:
    """Effacer maintenant ce qui a fait son temps (le bot le fait aussi chaque nuit)."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.sweep()


@keys_app.command("make")
def keys_make() -> None:
    """Faire un fichier de clés, s’il n’y en a pas."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.make_keys()


@keys_app.command("rotate")
def keys_rotate() -> None:
    """Ajouter une clé en tête et tout chiffrer avec elle."""
    with plainly():
        from bot.cli import housekeeping  # noqa: PLC0415 -- heavy

        housekeeping.rotate_keys()


@keys_app.command("push")
def keys_push() -> None:
    """Faire la clé des signes du site (Web Push) s’il n’y en a pas, et montrer sa partie publique."""
    with plainly():
        from bot.cli import push_desk  # noqa: PLC0415 -- heavy

        push_desk.key()


@offers_app.command("sync")
def offers_sync(
    full: Annotated[bool, typer.Option("--full", help="Tout relire, pas seulement les nouveautés.")] = False,  # noqa: FBT002 -- an option of the command line
    force: Annotated[  # noqa: FBT002 -- an option of the command line
        bool, typer.Option("--force", help="Accepter même une chute soudaine du nombre d’offres.")
    ] = False,
) -> None:
    """Lire les offres dans les données ouvertes (BOUSSOLE_FOREM=odwb)."""
    with plainly():
        from bot.cli import offers_desk  # noqa: PLC0415 -- heavy

        offers_desk.sync(whole=full, force=force)


@offers_app.command("status")
def offers_status() -> None:
    """Dire combien d’offres il y a, de quand, d’où, et quand vient la prochaine lecture."""
    with plainly():
        from bot.cli import offers_desk  # noqa: PLC0415 -- heavy

        offers_desk.status()


Folder = Annotated[Path | None, typer.Option(metavar="DOSSIER", help="Dossier des fichiers officiels.")]


@careers_app.command("link")
def careers_link(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="MOTS", help="Les mots d’un jeune ; sinon, des lignes « identifiant<TAB>texte »."
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Réponses par ligne.")] = 3,
    index: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Index fait par « careers index ».")
    ] = None,
) -> None:
    """Montrer à quels métiers des mots font penser, et si le bot ose le dire."""
    with plainly():
        from bot.cli import reference_desk  # noqa: PLC0415 -- heavy

        if text is None:
            reference_desk.link_lines(top, index)
        else:
            reference_desk.show(text, index)


@careers_app.command("suggest")
def careers_suggest(
    profile: Annotated[
        Path,
        typer.Option(
            metavar="FICHIER", help="Le profil en JSON : interest.scores, value.ranking…, town, age, project."
        ),
    ],
    index: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Un index fait par « careers index ».")
    ] = None,
    top: Annotated[int, typer.Option(help="Combien de métiers.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Une liste JSON.")] = False,  # noqa: FBT002 -- an option of the command line
    why: Annotated[
        str,
        typer.Option("--explain", metavar="MÉTIER", help="Les règles qui jouent pour ce métier (son id)."),
    ] = "",
) -> None:
    """Proposer des métiers, des études et des offres pour un profil, avec les raisons et un doute."""
    with plainly():
        from bot.cli import suggesting  # noqa: PLC0415 -- heavy

        suggesting.run(profile, index, top, why, as_json=as_json)


@careers_app.command("index")
def careers_index(
    out: Annotated[Path, typer.Option(metavar="FICHIER", help="Fichier à écrire.")],
    esco: Folder = None,
    rome: Folder = None,
    onet: Folder = None,
) -> None:
    """Faire un index de tout un vocabulaire officiel, pour « careers link --index »."""
    with plainly():
        from bot.cli import reference_desk  # noqa: PLC0415 -- heavy

        reference_desk.build_index(out, esco, rome, onet)


@careers_app.command("import")
def careers_import(
    esco: Folder = None,
    rome: Folder = None,
    onet: Folder = None,
    force: Annotated[  # noqa: FBT002 -- an option of the command line
        bool, typer.Option("--force", help="Accepter même une chute soudaine du nombre d’intitulés.")
    ] = False,
) -> None:
    """Importer ESCO, ROME et O*NET, téléchargés des sites officiels, pour que le bot les connaisse."""
    with plainly():
        from bot.cli import reference_desk  # noqa: PLC0415 -- heavy

        reference_desk.import_vocabularies(esco, rome, onet, force=force)


@group_app.command("add")
def group_add(name: Annotated[str, typer.Argument(metavar="NOM", help="Nom du groupe.")]) -> None:
    """Créer un groupe et montrer son lien et son QR."""
    with plainly():
        from bot.cli import people_desk  # noqa: PLC0415 -- heavy

        people_desk.add_group(name)


@group_app.command("list")
def group_list() -> None:
    """Montrer les groupes et leurs liens."""
    with plainly():
        from bot.cli import people_desk  # noqa: PLC0415 -- heavy

        people_desk.list_groups()


@consent_app.command("list")
def consent_list() -> None:
    """Montrer les accords qu’un ou une coach doit confirmer."""
    with plainly():
        from bot.cli import people_desk  # noqa: PLC0415 -- heavy

        people_desk.list_agreements()


@consent_app.command("confirm")
def consent_confirm(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Numéro donné par « accords list ».")],
) -> None:
    """Confirmer un accord, après avoir vu ou appelé l’adulte."""
    with plainly():
        from bot.cli import people_desk  # noqa: PLC0415 -- heavy

        people_desk.confirm_agreement(number, confirmed=True)


@consent_app.command("refuse")
def consent_refuse(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="Numéro donné par « accords list ».")],
) -> None:
    """Refuser un accord qui ne vient pas de la bonne personne."""
    with plainly():
        from bot.cli import people_desk  # noqa: PLC0415 -- heavy

        people_desk.confirm_agreement(number, confirmed=False)


def main() -> None:
    """Where `boussole` begins. Whatever it writes is for its owner alone: young people's words are in there."""
    os.umask(0o077)
    try:
        app()
    except KeyboardInterrupt:
        say()
        sys.exit(130)
