"""The one dialogue worth proposing now (content §7.5): rules in order, never a refusal, never a score."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.application.next_gatherings import PAGES, Around, looked_back
from dialogues.events import Context
from dialogues.library import Library

TASKS = ("exploration", "crystallization", "specification", "realization")
UNFINISHED = timedelta(days=14)
SOON = timedelta(days=7)
SELF_IN_A_ROW = 3
MONTH = timedelta(days=30)
SURPRISE = "job_discovery"
SHORTLIST = "job_shortlist"
BANDS = {"12": 12, "13-15": 13, "16-18": 16}
_OLDER_STAGES = ("s3", "s4", "s5", "s6_s7")  # from the third year on, 13-15 counts as 14 or more
_MATERIAL = (  # what somebody has found so far: sorting and planning start from it
    "interest.highlights", "interest.self_correction", "job.seen", "pride.stories", "project.kept", "book.entries",
    "value.kept", "action.list",
)  # fmt: skip
_OF_ITS_OWN = {"book_entry": "book"}  # pages whose reason is not that of their task
OLDER = 14  # years from which specification may be proposed
_JOBS_SEEN, _LIVED = 6, 2  # before anything of specification is proposed


@dataclass(frozen=True, slots=True)
class Proposal:
    """A page and the key (with values) of the sentence that says why."""

    page: str
    why: str
    what: str = ""


def propose(
    profile: Mapping[str, Any], library: Library, context: Context, around: Around | None = None
) -> Proposal | None:
    """The first rule that gives a page which exists here and fits the learner's age. `around`: their own gatherings."""
    for proposal in _rules(profile, library, context, around or Around()):
        if _may(proposal.page, profile, library, context):
            return proposal
    return None


def _rules(
    profile: Mapping[str, Any], library: Library, context: Context, around: Around
) -> Iterator[Proposal]:
    yield from _unfinished(profile, context)
    yield from (Proposal(one.page, one.why, one.what) for one in around.coming)
    yield from _dated(profile, context)
    yield from _monthly(profile, context)
    yield from (Proposal(one.page, one.why, one.what) for one in around.lived)
    done = [str(one.get("page")) for one in _records(profile.get("progress.done"))]
    fields = [library.pages[page].field for page in done if page in library.pages]
    if len(fields) > SELF_IN_A_ROW and set(fields[-SELF_IN_A_ROW - 1 :]) == {"self"}:
        yield from (
            Proposal(page.id, "balance")
            for page in _not_lived(library, done)
            if page.field != "self" and page.id not in PAGES
        )
    if not done:
        yield Proposal("interest_explorer", "first")
    yield from _by_task(library, done, profile)
    yield Proposal(SURPRISE, "surprise")


def _unfinished(profile: Mapping[str, Any], context: Context) -> Iterator[Proposal]:
    opened = profile.get("progress.open")
    left = opened.items() if isinstance(opened, Mapping) else ()
    fresh = [(page, at) for page, about in left if (at := _instant(about)) and context.now - at < UNFINISHED]
    for page, _at in sorted(fresh, key=lambda one: one[1], reverse=True):
        yield Proposal(str(page), "unfinished")


def _dated(profile: Mapping[str, Any], context: Context) -> Iterator[Proposal]:
    """A step whose day comes and whose outcome is not known yet; not on the day it was planned, when it is fresh."""
    today = context.now.date()
    if any(
        one.get("page") == "action_plan" and str(one.get("at"))[:10] == today.isoformat()
        for one in _records(profile.get("progress.done"))
    ):
        return
    for step in reversed(_records(profile.get("action.list"))):
        due = _day(step.get("due"))
        if due and not step.get("status") and timedelta(0) <= due - today <= SOON and step.get("first_step"):
            yield Proposal("action_plan", "dated", str(step["first_step"]))


def _monthly(profile: Mapping[str, Any], context: Context) -> Iterator[Proposal]:
    """The shortlist says « on en reparle dans un mois »: it is proposed then, for two weeks."""
    days = [
        _day(one.get("at")) for one in _records(profile.get("progress.done")) if one.get("page") == SHORTLIST
    ]
    last = days[-1] if days else None
    if profile.get("job.shortlist") and last and MONTH <= context.now.date() - last < MONTH + UNFINISHED:
        yield Proposal(SHORTLIST, "month")


def _by_task(library: Library, done: list[str], profile: Mapping[str, Any]) -> Iterator[Proposal]:
    """Pages never lived, of the task lived least, in the order of the four tasks."""
    lived = {task: sum(library.pages[p].task == task for p in done if p in library.pages) for task in TASKS}
    if not any(profile.get(name) for name in _MATERIAL):
        lived[TASKS[0]] = 0  # nothing to sort or to plan yet: go on exploring
    for task in sorted(TASKS, key=lambda one: (lived[one], TASKS.index(one))):
        for page in _not_lived(library, done):
            if page.task == task and page.id not in PAGES:
                yield Proposal(page.id, _why(page.id, task, profile))


def _why(page_id: str, task: str, profile: Mapping[str, Any]) -> str:
    if page_id == "project_nearby" and profile.get("book.entries"):
        return "project"
    return _OF_ITS_OWN.get(page_id, task)


def _not_lived(library: Library, done: list[str]) -> list[Any]:
    return [page for page in library.pages.values() if page.id not in done]


def _may(page_id: str, profile: Mapping[str, Any], library: Library, context: Context) -> bool:
    page = library.pages.get(page_id)
    if page is None or page_id not in context.pages or page.task == "frame":
        return False
    age = age_at_least(profile)
    if age is not None and not page.ages[0] <= age:
        return False
    return page.task != "specification" or _ready_for_specification(profile, age)


def _ready_for_specification(profile: Mapping[str, Any], age: int | None) -> bool:
    seen = profile.get("job.seen") or []
    return (
        (age or 0) >= OLDER
        and len(seen) >= _JOBS_SEEN
        and looked_back(profile) >= _LIVED
        and bool(profile.get("value.ranking"))
    )


def age_at_least(profile: Mapping[str, Any]) -> int | None:
    """The youngest age that the learner's band allows; 13-15 counts as 14 from the third year on."""
    age = BANDS.get(str(profile.get("user.age_band")))
    if age == BANDS["13-15"] and profile.get("user.school_stage") in _OLDER_STAGES:
        return OLDER
    return age


def _records(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _instant(about: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(about["at"]))
    except (KeyError, TypeError, ValueError):
        return None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
