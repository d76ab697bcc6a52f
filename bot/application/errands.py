"""Errands that pages ask of the application (`faire NAME`): one function for each port of `dialogues/ports.py`."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.application import (
    agreements,
    comparison,
    errands_agenda,
    errands_compare,
    errands_fair,
    errands_fair_notes,
    errands_jobs,
    errands_meeting,
    errands_near,
    errands_remind,
    errands_session,
    errands_shortlist,
    lab_records,
    look_back,
    next_best,
    next_gatherings,
    planning,
)
from bot.application.services import Services
from dialogues.events import Brought, Context
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Run:
    """What an errand is handed. In a visit `uow` and `person_id` are None: nothing may be stored.

    `inputs` are those of `Requested` (variables of the port, page variables included).
    """

    services: Services
    uow: UnitOfWork | None
    person_id: str | None
    profile: Mapping[str, Any]
    inputs: Mapping[str, Any]
    context: Context

    def known(self) -> Mapping[str, Any]:
        """The profile with the page's own variables on top."""
        inputs = {name: value for name, value in self.inputs.items() if value is not None}
        return ChainMap(inputs, self.profile)  # type: ignore[arg-type]  # never written to


Errand = Callable[[Run], Brought]


def run(name: str, job: Run) -> Brought:
    """Do the errand. KeyError for a name without a port."""
    return ERRANDS[name](job)


def _ask_parent(job: Run) -> Brought:
    if job.inputs.get("consent.parent") == "coach" or job.profile.get("consent.parent") == "coach":
        return Brought("coach", {"parent.link": agreements.link(job.services)})
    return Brought("sent", {"parent.link": agreements.link(job.services)})


def _offer_domains(job: Run) -> Brought:
    labels = errands_jobs.domains(job.known(), job.services.catalogue, job.context)
    return Brought("some", dict(zip(("domain_a", "domain_b", "domain_c"), labels, strict=True)))


def _pick_occupation(job: Run) -> Brought:
    outcome, values = errands_jobs.pick(job.known(), job.services, job.context)
    return Brought(outcome, values)


def _link_project(job: Run) -> Brought:
    outcome, values = errands_near.link_project(job.known(), job.services)
    return Brought(outcome, values)


def _suggest_near(job: Run) -> Brought:
    outcome, values = errands_near.suggest(job.known(), job.services, job.uow, job.context)
    return Brought(outcome, values)


def _plan_step(job: Run) -> Brought:
    outcome, values = planning.plan_step(job.known(), job.uow, job.person_id, job.context)
    return Brought(outcome, values)


def _propose_shortlist(job: Run) -> Brought:
    outcome, values = errands_shortlist.propose(job.known(), job.services, job.context)
    return Brought(outcome, values)


def _next_track(job: Run) -> Brought:
    outcome, values = errands_shortlist.following(job.known())
    return Brought(outcome, values)


def _of(do: Callable[[Mapping[str, Any], Services], tuple[str, dict[str, Any]]]) -> Errand:
    """An errand that needs what is known of the learner and the parts of the bot, nothing else."""

    def errand(job: Run) -> Brought:
        outcome, values = do(job.known(), job.services)
        return Brought(outcome, values)

    return errand


def _agenda(
    do: Callable[
        [Mapping[str, Any], Services, UnitOfWork | None, str | None, Context], tuple[str, dict[str, Any]]
    ],
) -> Errand:
    """An errand that also looks at what the person takes part in."""

    def errand(job: Run) -> Brought:
        outcome, values = do(job.known(), job.services, job.uow, job.person_id, job.context)
        return Brought(outcome, values)

    return errand


def _now(
    do: Callable[[Mapping[str, Any], Services, Context], tuple[str, dict[str, Any]]],
) -> Errand:
    """An errand that also needs the day and the learner's own chance."""

    def errand(job: Run) -> Brought:
        outcome, values = do(job.known(), job.services, job.context)
        return Brought(outcome, values)

    return errand


def _keep_trace(job: Run) -> Brought:
    outcome, values = lab_records.trace(job.known(), job.services)
    looked_back = lab_records.looked_back_on(job.known())
    if job.uow is not None and job.person_id is not None and looked_back:
        look_back.forget(job.uow, job.person_id, looked_back)
    return Brought(outcome, values)


def _next_best(job: Run) -> Brought:
    library = job.services.library
    near = None
    if job.uow is not None and job.person_id is not None:
        near = next_gatherings.around(job.uow, job.person_id, job.profile, job.context.now)
    found = next_best.propose(job.profile, library, job.context, near)
    if found is None:
        return Brought("none", {})
    why = library.microcopy.say(f"next_why.{found.why}", seed=job.context.seed, what=found.what)
    return Brought(
        "page", {"next.page": found.page, "next.title": library.pages[found.page].title, "next.why": why}
    )


ERRANDS: dict[str, Errand] = {
    "ask_parent": _ask_parent,
    "offer_domains": _offer_domains,
    "pick_occupation": _pick_occupation,
    "link_project": _link_project,
    "suggest_near": _suggest_near,
    "plan_step": _plan_step,
    "propose_shortlist": _propose_shortlist,
    "link_track": _of(errands_shortlist.link),
    "gather_tracks": _of(errands_shortlist.gather),
    "next_track": _next_track,
    "keep_shortlist": _of(errands_shortlist.keep),
    "offer_programmes": _of(errands_compare.offer),
    "find_programme": _of(errands_compare.find),
    "gather_programmes": _of(errands_compare.gather),
    "next_rating": _of(comparison.rate),
    "keep_comparison": _of(comparison.keep),
    "next_lab": _agenda(errands_session.coming),
    "past_lab": _agenda(errands_session.past),
    "open_lab": _now(lab_records.begin),
    "pick_watch": _now(lab_records.watch),
    "keep_trace": _keep_trace,
    "plan_look_back": _agenda(look_back.asked),
    "open_meeting": _agenda(errands_meeting.begin),
    "gather_questions": _of(errands_meeting.gather),
    "keep_questions": _of(errands_meeting.keep),
    "word_thanks": _of(errands_meeting.thanks),
    "open_fair": _agenda(errands_fair.begin),
    "match_stands": _agenda(errands_fair.match),
    "keep_fair": _agenda(errands_fair.keep),
    "fair_stops": _of(errands_fair_notes.stops),
    "open_stop": _now(errands_fair_notes.stop),
    "keep_shown": _of(errands_fair_notes.shown),
    "open_day": _now(errands_fair_notes.after),
    "close_day": _of(errands_fair_notes.close),
    "track_aside": _of(errands_fair_notes.aside),
    "fair_tracks": _agenda(errands_fair_notes.tracks),
    "keep_tracks": _of(errands_fair_notes.keep_tracks),
    "list_agenda": _agenda(errands_agenda.listed),
    "see_gathering": _agenda(errands_agenda.see),
    "take_part": _agenda(errands_agenda.take_part),
    "not_coming": _agenda(errands_agenda.not_coming),
    "remind_me": _agenda(errands_remind.remind),
    "allow_reminders": _agenda(errands_remind.allow),
    "next_best": _next_best,
}
