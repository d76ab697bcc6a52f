"""Every kind of step and of message on a page of its own, for tests that look at them one by one."""

from playwright.sync_api import ViewportSize
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application.messages import Message, Screen
from bot.web import pages, views
from dialogues.events import Asked, Option
from dialogues.model import StepKind

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
DRIVES = ("make", "understand", "create", "support", "launch", "organize")
NAMES = ("Fabriquer", "Comprendre", "Créer", "Accompagner", "Lancer", "Organiser")
LONG = "Installer la lumière et le son d'un spectacle dans la cour de l'école"


def options(*labels: str, shapes: bool = False) -> tuple[Option, ...]:
    return tuple(Option(str(n), label, DRIVES[n] if shapes else None) for n, label in enumerate(labels))


STEPS: dict[str, Asked] = {
    "choice": Asked(StepKind.CHOICE, "Et maintenant ?", options("Oui", "Non", "Je ne sais pas")),
    "six": Asked(StepKind.CHOICE, "Quel élan ?", options(*NAMES, shapes=True), current=("2",)),
    "long": Asked(StepKind.CHOICE, "Laquelle ?", options(LONG, LONG.upper(), "Rien")),
    "suite": Asked(StepKind.SUITE, "On continue ?", options("Voir des métiers", "Mes moments forts", "C'est bon")),
    "multi": Asked(
        StepKind.MULTI, "Lesquelles comptent ?", options("Liberté", "Rire", "Aider", "Créer", "Calme", "Équipe"),
        minimum=1, maximum=3, current=("1",),
    ),
    "scale": Asked(
        StepKind.SCALE, "À quel point ?", options("Pas du tout", "Un peu", "Moyen", "Beaucoup", "À fond")
    ),
    "text": Asked(StepKind.TEXT, "Ton nom ?", max_chars=20, accepts_text=True, current=("Lou",)),
    "list": Asked(
        StepKind.LIST, "Qui t'aide ?", options("C'est bon"), maximum=5, max_chars=40, accepts_text=True, position=(2, 5)
    ),
    "reactions": Asked(
        StepKind.REACTIONS, "Ça te dirait de…",
        options("Trop bien", "Pourquoi pas", "Bof", "Pas pour moi", "Connais pas"), position=(3, 18),
    ),
    "duels": Asked(
        StepKind.DUELS, "Laquelle te tente ?",
        options("Installer la scène", "Convaincre des artistes de venir", "Les deux", "Aucun"), position=(4, 15),
    ),
    "sort": Asked(
        StepKind.SORT, "Dans quelle pile ?", options("J'aime", "À voir", "Pas moi"), max_chars=40, accepts_text=True,
        position=(1, 6),
    ),
    "rank": Asked(StepKind.RANK, "Dans quel ordre ?", options("Liberté", "Rire", "Aider"), minimum=3, maximum=3),
    "date": Asked(
        StepKind.DATE, "Quel jour ?",
        options("Ce soir", "Mercredi", "Samedi", "Dans deux semaines", "Une autre date"), accepts_text=True,
    ),
    "media": Asked(StepKind.MEDIA, "Une image ou un lien ?", accepts_text=True, accepts_media=True),
    "private": Asked(StepKind.TEXT, "Ce qui pèse ?", max_chars=300, accepts_text=True, private=True),
}  # fmt: skip

MESSAGES: tuple[Message, ...] = (
    Message("bot", "text", {"text": "Salut ! Je suis un robot. Le lien : https://exemple.be/page"}, 1),
    Message("me", "text", {"text": "Salut\nça va ?"}, 2),
    Message("bot", "card", {
        "id": "a", "title": LONG, "kind": "activity", "lines": [], "reasons": [], "doubt": "", "source": "", "url": "",
        "position": [3, 18]}, 3),
    Message("bot", "card", {
        "id": "b", "title": "Bachelier : techniques graphiques", "kind": "programme",
        "lines": ["Haute École, Liège, 3 ans"],
        "reasons": ["Tu as dit « trop bien » à dessiner une affiche.", "C'est à 8 km de Herstal."],
        "doubt": "Il y a une épreuve à l'entrée.", "source": "Vu le 3 octobre 2026. Source : le site de l'école.",
        "url": "https://exemple.be/etudes", "position": None}, 4),
    Message("bot", "lines", {"title": "Pour parler à quelqu'un", "lines": [
        {"name": "Écoute-Enfants", "number": "103", "hours": "tous les jours, 10 h à minuit", "url": ""},
        {"name": "Centre de prévention du suicide", "number": "0800 32 123", "hours": "jour et nuit", "url": ""}]}, 5),
    Message("bot", "product", {
        "name": "interest_card", "title": "Mes élans du moment", "product_id": "", "sealed": "",
        "text": "Créer, comprendre.\nCe n'est pas une note."}, 6),
    Message("bot", "link", {"label": "Ma page « mes données »", "url": "/mes-donnees"}, 7),
)  # fmt: skip


def beside(app: Starlette) -> Starlette:
    """The same site with the gallery."""
    app.router.routes.insert(0, Route("/essai/{name}", _show))
    return app


async def _show(request: Request) -> Response:
    name = request.path_params["name"]
    asked = STEPS.get(name, STEPS["choice"])
    shown = MESSAGES if name == "messages" else (Message("bot", "text", {"text": asked.prompt}, 1),)
    return pages.page(
        request, "chat.html", messages=[views.message(one) for one in shown], screen=views.screen(Screen("essai", asked)),
        seq=len(shown), visit="", notice="", draft="", max_text=4_000, key="clé", code=None, ask_shared=False, stream=False,
    )  # fmt: skip
