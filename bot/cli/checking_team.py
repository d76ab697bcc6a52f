"""What `boussole check` says about the people of the centre: whether there are any, and how links reach them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.application.rights import Role
from bot.settings import Settings
from storage import staff, staff_addresses, staff_log
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TeamState:
    """The team as it stands."""

    active: int
    admins: int
    joined: bool  # somebody has a chat address
    log: staff_log.Verdict

    @classmethod
    def read(cls, uow: UnitOfWork) -> "TeamState":
        """Look at the database."""
        people = [one for one in staff.everyone(uow) if one.active and one.roles]
        admins = sum(Role.ADMIN.value in one.roles for one in people)
        return cls(len(people), admins, staff_addresses.anybody_joined(uow), staff_log.verify(uow))


def looks(state: TeamState, settings: Settings) -> Iterator[tuple[bool, str]]:
    """(well, sentence) for each thing looked at."""
    if not state.active:
        yield False, "Personne de l’équipe n’a de compte : « boussole staff add NOM --role coach --email … »."
    elif not state.admins:
        yield False, f"{state.active} compte(s) d’équipe, mais personne n’a le rôle admin : « boussole staff role add NOM admin »."  # fmt: skip
    else:
        yield True, f"{state.active} compte(s) d’équipe, dont {state.admins} admin."
    if not settings.smtp_url and not state.joined:
        yield (
            False,
            (
                "Aucun lien ne peut être envoyé à l’équipe : ni e-mail (BOUSSOLE_SMTP_URL), ni conversation jointe. "
                "On n’entre qu’avec un mot de passe, et on n’est prévenu de rien."
            ),
        )
    if not state.log.sound:
        yield (
            False,
            f"Le journal de l’équipe a été touché à la ligne {state.log.wrong} : « boussole staff log ».",
        )
