"""One person on several channels: a code that joins another one, leaving one, and where the bot writes first."""

import re

from bot.application import channels
from bot.application.scene import Scene
from bot.application.services import Services
from dialogues.understand import fold
from storage import conversations, link_codes, people, returns, throttles
from storage.errors import Conflict

PREFIX = "lien_"  # of the payload behind a start link
_LETTER = "[2-9A-HJKMNP-Za-hjkmnp-z]"
_CODE = re.compile(rf"\s*(?:lien_)?({_LETTER}{{4}})[- ]?({_LETTER}{{4}})\s*")
JOIN = frozenset(
    {"relier", "relier un compte", "relier mon compte", "lier mon compte", "autre appli", "code de liaison"}
)
LEAVE = frozenset({"delier", "detacher", "delier mon compte", "delier ce compte"})
HERE = frozenset({"ecris moi ici", "ecrire ici", "ecris ici", "m ecrire ici"})
TRIES = 5  # of one address, in a quarter of an hour


def obey(scene: Scene, text: str) -> bool:
    """Do what the words ask, if they are about channels; whether they were."""
    said = fold(text)
    for words, act in ((JOIN, _give), (LEAVE, _leave), (HERE, _here)):
        if said in words:
            act(scene)
            return True
    return False


def _give(scene: Scene) -> None:
    """A code for another chat platform, and from a platform the way to the site."""
    if scene.uow is None or scene.person is None:
        scene.say("link_visit")
        return
    code = link_codes.give(scene.uow, scene.person)
    scene.say("link_code", code=code)
    if scene.channel != channels.WEB:
        given = returns.give(scene.uow, scene.person)
        scene.add("link", {"label": scene.micro("link_site"), "url": f"/retour/{given.token}"})


def _leave(scene: Scene) -> None:
    if scene.uow is None or scene.person is None:
        scene.say("link_visit")
    elif scene.channel == channels.WEB:
        gone = [one.channel for one in people.addresses_of(scene.uow, scene.person)]
        for channel in gone:
            people.detach(scene.uow, scene.person, channel)
        people.choose(scene.uow, scene.person, channels.WEB)
        scene.say("unlink_all" if gone else "unlink_none")
    else:
        given = returns.give(scene.uow, scene.person)
        scene.say("unlink_here")
        scene.add("link", {"label": scene.micro("link_site"), "url": f"/retour/{given.token}"})
        scene.detach = True


def _here(scene: Scene) -> None:
    if scene.uow is None or scene.person is None:
        scene.say("link_visit")
        return
    people.choose(scene.uow, scene.person, scene.channel)
    scene.say("write_here")


def code_in(text: str) -> str | None:
    """The code that a text is, if it is nothing else: a figure in it, or capitals with a hyphen (« Jean-Paul » is a name)."""
    found = _CODE.fullmatch(text)
    plain = text.strip()
    looks = sure(plain) or (plain.isupper() and "-" in plain)
    return f"{found[1]}-{found[2]}".upper() if found and looks else None


def sure(text: str) -> bool:
    """Whether such a text can be nothing but a code; nine codes in a hundred have no figure, and might be words."""
    return text.startswith(PREFIX) or any(letter.isdigit() for letter in text)


def payload_code(payload: str) -> str | None:
    """The code behind a start link; any other payload is a group's invitation."""
    return code_in(payload) if payload.startswith(PREFIX) else None


def join(services: Services, code: str, channel: str, address: str) -> str:
    """Join an address to whoever asked for the code: joined, unknown, too_many, taken or too_young."""
    with services.database.begin() as uow:
        if not throttles.allow(uow, "link", f"{channel} {address}", TRIES):
            return "too_many"
    try:
        with services.database.begin() as uow:
            person_id = link_codes.join(uow, code, channel, address)
            if person_id is None:
                return "unknown"
            band = conversations.profile(uow, person_id).get("user.age_band")
            if not channels.admits(band, channel, services.settings.min_age(channel)):
                people.detach(uow, person_id, channel)
                return "too_young"
            return "joined"
    except Conflict:
        return "taken"
