"""What happens at the sample centre, from the day of the demonstration on: made up, and marked as such."""

from datetime import date, datetime, time, timedelta

from bot.application import happenings, planning
from bot.application.happenings import CannotPlan
from bot.application.rights import OPERATOR
from storage import gatherings, stands
from storage.gatherings import Details, Kind
from storage.stands import Stand
from storage.unit_of_work import UnitOfWork

WEDNESDAY, SATURDAY = 2, 5
WEEKS = 10  # of the weekly lab
PLACE = "la Fabrique (exemple), salle B"
STANDS = (
    Stand("Studio de jeux vidéo (exemple)", "A1", "Prendre la manette, puis ouvrir le moteur du jeu.", domains="game_development animation"),
    Stand("École de graphisme (exemple)", "A2", "Des carnets, des affiches, et qui les a faits.", domains="graphic_design"),
    Stand("Radio locale (exemple)", "A3", "Enregistrer trente secondes et les monter.", domains="music"),
    Stand("Atelier de robotique (exemple)", "B1", "Un bras à programmer sur place.", domains="robotics programming"),
    Stand("Haute école (exemple)", "B2", "Les études courtes et longues, les passerelles.", domains="programming"),
    Stand("Formation en alternance (exemple)", "B10", "Apprendre un métier en étant déjà dans l’entreprise."),
)  # fmt: skip


def ready(uow: UnitOfWork) -> int:
    """Enter the sample gatherings unless some are still to come; how many are new."""
    now = planning.wall(uow.now)
    held = gatherings.between(uow, uow.now, uow.now + timedelta(days=400))
    if any(one.details.sample for one in held):
        return 0
    lab = Details(
        Kind.LAB, "Lab animation (exemple)", _at(now, WEDNESDAY, 1, 14), _at(now, WEDNESDAY, 1, 16),
        domain="animation", about="On fait bouger un dessin, du premier croquis à la dernière image.", place=PLACE, capacity=12,
        sample=True,
    )  # fmt: skip
    try:
        made = happenings.repeat(
            uow, OPERATOR, lab, lab.local_starts.date() + timedelta(weeks=WEEKS), confirmed=True
        )
        new = len(made.gatherings)
    except CannotPlan:  # holidays everywhere: then there is no lab
        new = 0
    for details, confirmed in _others(now):
        one = happenings.add(uow, OPERATOR, details, confirmed=confirmed)
        if details.kind is Kind.FAIR:
            stands.put(uow, one.id, STANDS)
        new += 1
    return new


def _others(now: datetime) -> list[tuple[Details, bool]]:
    """A meeting where staff choose, a fair, and an open day that nobody confirmed yet."""
    meeting = Details(
        Kind.MEETING, "Elle fait le son des films (exemple)", _at(now, WEDNESDAY, 2, 16), _at(now, WEDNESDAY, 2, 17, 30),
        domain="music", about="Une ingénieure du son montre ses micros et répond à tout.", place=PLACE, capacity=30, chosen=True,
        sample=True,
    )  # fmt: skip
    fair = Details(
        Kind.FAIR, "Forum des métiers de la Fabrique (exemple)", _at(now, SATURDAY, 4, 10), _at(now, SATURDAY, 4, 17),
        about="Des écoles et des gens de métier, à qui tu peux tout demander.", place="Grande halle (exemple)",
        route="Bus 4, arrêt « Halle » (exemple)", sample=True,
    )  # fmt: skip
    open_day = Details(
        Kind.OPEN_DAY, "Portes ouvertes d’une haute école (exemple)", _at(now, SATURDAY, 3, 9), _at(now, SATURDAY, 3, 13),
        place="Campus (exemple)", source="https://exemple.be/portes-ouvertes", seen=now.date(), sample=True,
    )  # fmt: skip
    return [(meeting, True), (fair, True), (open_day, False)]


def _at(now: datetime, weekday: int, weeks: int, hour: int, minute: int = 0) -> datetime:
    """That weekday, after this many weeks at most, at this hour."""
    return datetime.combine(_day(now.date(), weekday, weeks), time(hour, minute))


def _day(today: date, weekday: int, weeks: int) -> date:
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead, weeks=weeks - 1)
