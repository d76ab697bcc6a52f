"""Who may do what: one table of acts and roles, and the one place that says no."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ALLOWED", "OPERATOR", "Act", "Actor", "NotAllowed", "Role", "learner", "may", "require"]


class Role(StrEnum):
    """What somebody is here. A person of the centre may be several things; a learner is only that."""

    LEARNER = "learner"
    MENTOR = "mentor"
    COACH = "coach"
    STAFF = "staff"
    SAFEGUARDING = "safeguarding"
    ADMIN = "admin"


class Act(StrEnum):
    """Everything that needs a right, on the site, in a chat or on the command line."""

    TAKE_PART = "take_part"  # sign up, leave, one's own calendar and reminders
    SEE_TEAM_PAGES = "see_team_pages"  # the area « /equipe », and one's own account there
    SEE_MENTOR_PAGES = "see_mentor_pages"  # the area « /mentorat », and one's own account there
    SEE_AGENDA = "see_agenda"  # with places taken, not with names
    WRITE_AGENDA = "write_agenda"  # add, import, repeat, confirm
    MOVE_GATHERING = "move_gathering"
    CANCEL_GATHERING = "cancel_gathering"
    SEE_PARTICIPANTS = "see_participants"  # first names, and why they would like to come
    CHOOSE_PARTICIPANTS = "choose_participants"
    NOTE_ATTENDANCE = "note_attendance"
    WRITE_HOLIDAYS = "write_holidays"
    WRITE_STANDS = "write_stands"
    SEE_FAIR_BOARD = "see_fair_board"  # grouped, ten people at least, no names
    WRITE_GROUPS = "write_groups"
    CONFIRM_AGREEMENTS = "confirm_agreements"
    CORRECT_CATALOGUE = "correct_catalogue"
    SEE_TEAM = "see_team"
    ADD_STAFF = "add_staff"
    CLOSE_STAFF = "close_staff"
    GRANT_ROLES = "grant_roles"
    SEE_LOG = "see_log"
    READ_CASES = "read_cases"  # safeguarding: need to know, and nobody else
    ANSWER_QUESTIONS = "answer_questions"
    REVIEW_ANSWERS = "review_answers"


_TEAM = frozenset({Role.COACH, Role.STAFF, Role.ADMIN})
_DESK = frozenset({Role.STAFF, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})

ALLOWED: dict[Act, frozenset[Role]] = {
    Act.TAKE_PART: frozenset({Role.LEARNER}),
    Act.SEE_TEAM_PAGES: _TEAM | {Role.SAFEGUARDING},
    Act.SEE_MENTOR_PAGES: frozenset({Role.MENTOR}),
    Act.SEE_AGENDA: _TEAM | {Role.SAFEGUARDING},
    Act.WRITE_AGENDA: _TEAM,
    Act.MOVE_GATHERING: _TEAM,
    Act.CANCEL_GATHERING: _TEAM,
    Act.SEE_PARTICIPANTS: _TEAM,
    Act.CHOOSE_PARTICIPANTS: _TEAM,
    Act.NOTE_ATTENDANCE: _TEAM,
    Act.WRITE_HOLIDAYS: _DESK,
    Act.WRITE_STANDS: _TEAM,
    Act.SEE_FAIR_BOARD: _TEAM,
    Act.WRITE_GROUPS: _TEAM,
    Act.CONFIRM_AGREEMENTS: _TEAM,
    Act.CORRECT_CATALOGUE: _DESK,
    Act.SEE_TEAM: _DESK,
    Act.ADD_STAFF: _ADMIN,
    Act.CLOSE_STAFF: _ADMIN,
    Act.GRANT_ROLES: _ADMIN,
    Act.SEE_LOG: _ADMIN,
    Act.READ_CASES: frozenset({Role.SAFEGUARDING}),
    Act.ANSWER_QUESTIONS: frozenset({Role.MENTOR}),
    Act.REVIEW_ANSWERS: _TEAM,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts. `id` is that of a member of staff or of a learner; empty for the command line."""

    id: str
    roles: frozenset[Role]
    label: str = ""  # how colleagues call them, for the log; never shown to a learner


OPERATOR = Actor("", frozenset({Role.ADMIN}), "ligne de commande")  # whoever holds the machine


class NotAllowed(PermissionError):  # noqa: N818 -- says what happened, like the others
    """The roles of this actor do not let them do this."""

    def __init__(self, act: Act) -> None:
        super().__init__(f"not allowed: {act}")
        self.act = act


def learner(person_id: str) -> Actor:
    """The actor that a learner is."""
    return Actor(person_id, frozenset({Role.LEARNER}))


def may(actor: Actor, act: Act) -> bool:
    """Whether the actor may do it."""
    return bool(actor.roles & ALLOWED[act])


def require(actor: Actor, act: Act) -> None:
    """Raise NotAllowed unless the actor may do it."""
    if not may(actor, act):
        raise NotAllowed(act)
