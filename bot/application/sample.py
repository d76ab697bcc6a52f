"""The sample centre of the demonstration: a group, job offers and one learner, made up and marked as such."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.application import sample_agenda, turns, visits
from bot.application.messages import Answer, Body, Hello, Incoming, Press, Text, Visit
from bot.application.services import Services
from careers.sources.sample import sample_vacancies
from storage import groups, meta, people, returns, staff, staff_links, vacancies
from storage.unit_of_work import UnitOfWork

NAME = "Lou (exemple)"
GROUP = "Groupe du mercredi (exemple)"
GROUP_CODE = "EXEMPLE1"
BATCH = "sample"
# Two, each under a name of the machine of its own, so that both fit in one browser beside a learner.
TEAM = (("Coach d’exemple", ("coach",)), ("Équipe d’exemple", ("staff", "admin")))

# What Lou does: a label to press where it is on show, else words to type. What does not fit any more is passed over.
HELLO = ("13 à 15 ans", NAME, "Sans préciser", "Textes normaux", "3e", "D'accord", "Mes cartes finies",
         "Moi, avec de l'aide", "Mercredi après-midi", "Ce qui m'allume", "C'est parti")  # fmt: skip
PLAN = ("Finir mon jeu et le montrer à quelqu'un", "Que des gens y jouent", "Je repousse toujours",
        "je fais juste dix minutes", "Dessiner le premier niveau sur papier", "Un ami, une amie", "dans 2 jours", "Oui")  # fmt: skip
PROJECT = ("J'ai codé un petit jeu avec des zombies sur Scratch, avec ma cousine. J'ai aussi fait les dessins.", "passer",
           "C'est ça", "Un peu", "Pas du tout", "4000", "Ça me parle", "Trop loin")  # fmt: skip
LIKES = {"create": "Trop bien", "understand": "Trop bien", "make": "Pourquoi pas", "support": "Bof",
         "launch": "Pas pour moi", "organize": "Bof"}  # fmt: skip
MOST_STEPS = 60
FOR_EVER = timedelta(days=3_650)  # however far the clock of the demonstration is moved


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open, and as whom."""

    who: str
    url: str


def ready(services: Services) -> list[Link]:
    """Make the sample centre if it is not there, and give the links to open. StorageError on a real database."""
    with services.database.begin() as uow:
        meta.mark_sample(uow)
        group = groups.by_code(uow, GROUP_CODE) or groups.create(uow, GROUP, code=GROUP_CODE, sample=True)
        samples = people.samples(uow)
        sample_agenda.ready(uow)
    today = services.local_now().date()
    vacancies.import_all(services.database, sample_vacancies(today), f"{BATCH} {today}")
    person = samples[0].id if samples else _lou(services)
    with services.database.begin() as uow:
        token = returns.give(uow, person).token
        colleagues = [(name, _colleague(uow, name, roles)) for name, roles in TEAM]
    base = services.settings.base_url
    # Another name of the same machine keeps other cookies: both people fit in one browser.
    other = base.replace("127.0.0.1", "localhost")
    return [
        Link("Une personne qui arrive (12 à 18 ans, à toi de jouer)", f"{base}/"),
        Link("La même, invitée dans un groupe", f"{base}/rejoindre/{group.code}"),
        Link(f"{NAME}, au milieu de ses découvertes", f"{other}/retour/{token}"),
        *(
            Link(name, f"{where}/equipe/bienvenue/{link}")
            for (name, link), where in zip(colleagues, (base, other), strict=True)
        ),
    ]


def _colleague(uow: UnitOfWork, name: str, roles: Sequence[str]) -> str:
    """A made-up colleague, and the token of a link that lets in again and again (`activating.try_sample`)."""
    found = next((one for one in staff.everyone(uow) if one.sample and one.name == name and one.active), None)
    member = found or staff.add(uow, name, sample=True)
    for role in roles:
        staff.grant(uow, member.id, role)
    return staff_links.invite(uow, member.id, FOR_EVER)


class _Player:
    """Plays a sample learner through the real conversation."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.person: str | None = None
        self.visit: Visit | None = None
        self.answer: Answer | None = None
        self.sent = 0

    def send(self, body: Body) -> None:
        self.sent += 1
        incoming = Incoming("web", self.person or "", f"sample-{self.sent}", body)
        if self.person is None:
            self.answer = visits.handle(self.services, self.visit, incoming)
        else:
            self.answer = turns.handle(self.services, incoming)
        self.person, self.visit = self.answer.person, self.answer.visit

    def say(self, words: str) -> None:
        """Press the button of that label, else type the words where words are asked for."""
        screen = self.answer.view.screen if self.answer else None
        labels = [option.label for option in screen.asked.options] if screen else []
        if screen and words in labels:
            self.send(Press(screen.id, (labels.index(words),)))
        elif screen and (not labels or screen.asked.accepts_text):
            self.send(Text(words))

    def react(self) -> bool:
        """React to the activity on show by its drive. False when there is none."""
        screen = self.answer.view.screen if self.answer else None
        card = screen.asked.card if screen else None
        if card is None:
            return False
        drive = card.id.rpartition("_")[0]
        dice = zlib.crc32(card.id.encode()) % 4
        self.say(LIKES.get(drive, "Bof") if dice else "Pourquoi pas")
        return True


def _lou(services: Services) -> str:
    player = _Player(services)
    player.send(Hello())
    _follow(player, HELLO)
    for _ in range(MOST_STEPS):
        if not player.react() and not _press_first(player, ("Oui", "Un peu")):
            break
    _follow(player, ("Un dimanche, j'ai monté une vidéo de mon chien avec ma cousine.", "Non"))
    for page, steps in (
        ("Mon prochain pas", PLAN),
        ("De mon projet à chez moi", ("Je le raconte", *PROJECT)),
    ):
        player.send(Text("menu"))
        player.say(page)
        _follow(player, steps)
    if player.person is None:
        raise LookupError("the sample learner could not agree: the first conversation has changed")
    with services.database.begin() as uow:
        people.set_sample(uow, player.person)
    return player.person


def _follow(player: _Player, steps: Sequence[str]) -> None:
    for step in steps:
        player.say(step)


def _press_first(player: _Player, labels: Sequence[str]) -> bool:
    screen = player.answer.view.screen if player.answer else None
    shown = [option.label for option in screen.asked.options] if screen else []
    for label in labels:
        if label in shown:
            player.say(label)
            return True
    return False
