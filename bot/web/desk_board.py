"""The live board of a fair: what is asked, grouped, for a wall screen or a phone; no names, nothing under ten people."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_words, fair_board
from bot.application.fair_board import Asked
from bot.application.rights import Act, Actor
from bot.web import desk_common as common
from bot.web import team
from bot.web.team import guarded
from storage.gatherings import Kind
from storage.unit_of_work import UnitOfWork

TOPICS = {  # the closed list of what can be asked; another key is shown as it stands
    "day": "Une journée normale",
    "level": "Le niveau : est-ce difficile ?",
    "cost": "Le coût",
    "help": "Les aides pendant les études",
    "gates": "Passerelles et plan B",
    "visit": "Venir voir",
    "jobs": "Les métiers après",
    "length": "La durée",
    "travel": "Le trajet, le logement",
    "language": "Les langues",
    "work": "Les stages, l’alternance",
    "other": "Autre chose",
}


def routes() -> list[Route]:
    """The board of each fair."""
    return [Route("/equipe/forum/{number:int}", guarded(Act.SEE_FAIR_BOARD)(show), methods=["GET"])]


async def show(request: Request, actor: Actor) -> Response:
    """What is asked; it draws itself anew, unless it was asked to stand still."""

    def look(uow: UnitOfWork) -> dict[str, Any] | None:
        held = common.held_in(uow, request)
        if held is None or held.details.kind is not Kind.FAIR:
            return None
        board = fair_board.of(uow, actor, held)
        return {
            "title": agenda_words.title(held),
            "when": agenda_words.when(held, common.today_of(uow)),
            "where": agenda_words.where(held),
            "number": held.number,
            "people": board.people,
            "topics": _said(board.topics),
            "stands": [
                {"name": name, "spot": spot, "topics": _said(asked)} for name, spot, asked in board.by_stand
            ],
            "at": common.clock(board.counted_at),
        }

    found = await common.writing(request, look)  # what was counted is kept for five minutes
    if found is None:
        return team.problem(request, 404, "Ce n’est pas un forum", "Seuls les forums ont un tableau.")
    return team.page(request, "equipe/board.html", still=request.query_params.get("fige") == "1", **found)


def _said(asked: tuple[Asked, ...]) -> list[dict[str, Any]]:
    most = max((one.people for one in asked), default=1)
    return [
        {
            "label": TOPICS.get(one.topic, one.topic.replace("_", " ").capitalize()),
            "people": one.people,
            "share": round(20 * one.people / most) * 5,
        }
        for one in asked
    ]
