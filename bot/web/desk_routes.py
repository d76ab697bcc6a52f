"""Every route of the team's agenda pages, and what the team's home shows of them."""

from starlette.routing import Route

from bot.application.rights import Act
from bot.web import (
    desk,
    desk_add,
    desk_board,
    desk_cancel,
    desk_change,
    desk_holidays,
    desk_import,
    desk_people,
    team_pages,
)
from bot.web.team_pages import Link

team_pages.LINKS += [
    Link("Agenda", "/equipe/agenda", Act.SEE_AGENDA, "ce qui vient, qui vient, déplacer, annuler, présences"),
    Link("Ajouter un rendez-vous", "/equipe/agenda/nouveau", Act.WRITE_AGENDA, "une fois, ou chaque semaine"),
    Link("Importer un calendrier", "/equipe/agenda/importer", Act.WRITE_AGENDA, "un fichier CSV ou ICS"),
    Link("Congés scolaires", "/equipe/conges", Act.WRITE_HOLIDAYS, "les jours où les séries s’arrêtent"),
]


def routes() -> list[Route]:
    """What is typed before what is numbered, so that « nouveau » is no number."""
    parts = (
        desk_add,
        desk_import,
        desk,
        desk_change,
        desk_cancel,
        desk_people,
        desk_holidays,
        desk_board,
    )
    return [route for part in parts for route in part.routes()]
