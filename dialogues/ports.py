"""Errands that pages may ask of the application: their inputs, outcomes and what they bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    """One errand (`faire NAME`). `brings` are variables filled for this page only, never stored."""

    name: str
    inputs: tuple[str, ...]
    outcomes: tuple[str, ...]
    brings: tuple[str, ...]
    purpose: str


PORTS: dict[str, Port] = {
    port.name: port
    for port in (
        Port(
            "ask_parent",
            ("consent.parent",),
            ("sent", "coach"),
            ("parent.link",),
            "opens a request for an adult's agreement (12-year-olds) and brings the link to pass on",
        ),
        Port(
            "offer_domains",
            (),
            ("some",),
            ("domain_a", "domain_b", "domain_c"),
            "three domains of the centre, one of them a surprise",
        ),
        Port(
            "pick_occupation",
            (
                "job.entry",
                "job.domain",
                "job.drive",
                "job.word",
                "job.seen",
                "job.reactions",
                "interest.scores",
            ),
            ("found", "unsure", "unknown"),
            (
                "job.id",
                "job.name",
                "job.one_line",
                "job.day",
                "job.people",
                "job.plus",
                "job.minus",
                "job.path_a",
                "job.path_b",
                "job.model",
                "job.shown_today",
            ),
            "one occupation to meet, from a domain, a drive, a word, a saved card or by surprise",
        ),
        Port(
            "link_project",
            ("project.words", "project.title", "project.link", "book.entries"),
            ("found", "unsure", "unknown"),
            ("project.occupations", "project.first"),
            "occupations that the learner's own project makes one think of (a deck of cards)",
        ),
        Port(
            "suggest_near",
            (
                "project.kept",
                "near.reactions",
                "near.place",
                "interest.scores",
                "interest.item_ratings",
                "value.ranking",
                "pride.skills",
                "job.reactions",
            ),
            ("some", "few", "none"),
            ("near.cards", "near.place_name", "near.changed"),
            "programmes, jobs and occupations around the learner's place, each with its reasons (a deck)",
        ),
        Port(
            "plan_step",
            ("action.list",),
            ("planned", "undated"),
            ("action.due_text", "action.ics"),
            "plans the reminder of the step on its day",
        ),
        Port(
            "next_best",
            (),
            ("page", "none"),
            ("next.page", "next.title", "next.why"),
            "the one dialogue worth proposing now, and why",
        ),
    )
}
