"""When the bot may write first: planning, moving out of quiet hours, and sending what is due."""

from datetime import datetime

from bot.application.services import Services


def send_due(services: Services) -> int:
    """Send what is due now, one transaction a person; the number of messages written. Called by the timetable."""
    raise NotImplementedError


def stop_all(services: Services, uow: object, person_id: str) -> None:
    """The word `stop`: cancel everything planned for this person."""
    raise NotImplementedError


def next_weekly(slot: str, after: datetime) -> datetime | None:
    """The next wall time (naive, Brussels) of a learner's weekly slot, or None for `none`."""
    raise NotImplementedError
