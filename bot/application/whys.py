"""« Pourquoi je vois ça ? » while a card is shown: the rules that fired for it, in plain words."""

import re

from bot.application import recommendations
from bot.application.recommendations import said
from bot.application.scene import Scene
from careers import explain, places
from careers.model import Interests, Programme, Reason, Vacancy
from dialogues.events import Card
from dialogues.understand import fold
from storage import vacancies

_SHOWS = r"(je vois|tu me (montres?|proposes?|dis|donnes?|conseilles?)|tu (montres?|proposes?)|on me (montre|propose)|j ai)"
_THIS = r"(ca|cela|ceci|celui ci|celle ci|ce metier|cette (carte|idee|formation|ecole|offre|proposition)|cet emploi|lui|elle)"
_ALONE = re.compile(
    r"(mais |et |euh )*(pourquoi|pk|pq|pourkoi|pour quoi|c est quoi la raison)( (ca|lui|elle))?"
)
_WHOLE = re.compile(
    rf"(mais |et |euh )*(pourquoi|pk|pq|pourkoi|pour quoi)( est ce que)? ({_SHOWS} )?{_THIS}|(mais |et )*(pourquoi|pk|pq) {_SHOWS}( {_THIS})?"
)
_LONGEST = 80  # characters


def answer(scene: Scene, text: str) -> bool:
    """Answer when the text asks why; False when it does not, or when a bare "pourquoi" has no card to speak of."""
    folded = fold(text) if len(text) <= _LONGEST else ""
    whole = bool(_WHOLE.fullmatch(folded))
    if not whole and not _ALONE.fullmatch(folded):
        return False
    card = scene.desk.screen.asked.card if scene.desk.screen else None
    rules = _rules(scene, card) if card is not None else ()
    if card is None or not rules:
        if whole:
            scene.say("why.nothing")
        return whole
    lines = [f"- {said('rule', rule, scene.services.library)}" for rule in rules]
    scene.add("text", {"text": "\n".join([scene.micro("why.title", title=card.title), *lines])})
    return True


def _rules(scene: Scene, card: Card) -> tuple[Reason, ...]:
    """The rules behind a card; none for one that the matcher has nothing to do with."""
    services = scene.services
    _, _, item_id = card.id.rpartition(":")
    known = _interests(scene)
    if card.kind == "occupation" and item_id in services.catalogue.occupations:
        return explain.occupation(item_id, known, services.catalogue, scene.seed, services.linker)
    found = _item(scene, card.kind, item_id)
    if found is None:
        return ()
    kept = tuple(str(one) for one in scene.profile.get("project.kept") or ())
    age = recommendations.age_from(scene.profile.get("user.age_band"))
    return explain.item(found, kept, known, services.catalogue, age)


def _interests(scene: Scene) -> Interests:
    asked = str(scene.profile.get("near.place") or "")
    place = places.find(asked) if asked else None
    return recommendations.interests(scene.profile, scene.services.library, place=place)


def _item(scene: Scene, kind: str, item_id: str) -> Programme | Vacancy | None:
    if kind == "programme":
        return scene.services.catalogue.programmes.get(item_id)
    if kind != "vacancy":
        return None
    if scene.uow is not None:
        return vacancies.get(scene.uow, item_id)
    with scene.services.database.read() as reading:
        return vacancies.get(reading, item_id)
