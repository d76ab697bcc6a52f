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


_LAB = (
    "lab.id",
    "lab.day",
    "lab.kind",
    "lab.domain",
    "lab.title",
    "lab.ton",
    "lab.seance",
    "lab.good",
    "lab.gathering",
)

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
                "job.next",
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
            "propose_shortlist",
            (
                "job.seen",
                "job.reactions",
                "project.kept",
                "near.reactions",
                "interest.scores",
                "value.ranking",
            ),
            ("some", "fresh"),
            (
                "shortlist.offered",
                "shortlist.unseen",
                "shortlist.wild_id",
                "shortlist.wild",
                "shortlist.wild_line",
            ),
            "occupations to choose from (a deck), met or new, and one that the learner would not have taken",
        ),
        Port(
            "link_track",
            ("shortlist.own_word",),
            ("found", "unknown"),
            ("shortlist.linked",),
            "occupations that the learner's own word makes one think of (a deck), to be confirmed",
        ),
        Port(
            "gather_tracks",
            (
                "shortlist.picked",
                "shortlist.joker",
                "shortlist.owns",
                "shortlist.dropped",
                "shortlist.asked_many",
                "shortlist.wild_id",
            ),
            ("tracks", "many", "none"),
            ("shortlist.tracks", "shortlist.count"),
            "what was picked, three at most (a deck); a fourth asks which one waits",
        ),
        Port(
            "next_track",
            ("shortlist.tracks", "job.shortlist", "shortlist.before", "shortlist.blank_said"),
            ("track", "blank", "all"),
            ("track.job", "track.name", "track.before"),
            "the next of the tracks to speak of; `blank` once, after a track of which nothing was said",
        ),
        Port(
            "keep_shortlist",
            ("job.shortlist", "shortlist.tracks", "shortlist.order", "shortlist.before"),
            ("three", "two", "one", "none"),
            ("shortlist.kept", "shortlist.list", "shortlist.checks", "shortlist.pressed"),
            "puts the tracks in the learner's order, with what was said of them before where nothing new was",
        ),
        Port(
            "offer_programmes",
            (
                "job.shortlist",
                "project.kept",
                "job.reactions",
                "near.reactions",
                "near.place",
                "user.school_stage",
            ),
            ("some", "none"),
            ("compare.offered", "compare.about"),
            "programmes that lead towards the occupations kept, around the learner's place (a deck)",
        ),
        Port(
            "find_programme",
            ("compare.word", "near.place"),
            ("found", "unknown"),
            ("compare.found",),
            "programmes whose title, school or occupation the learner's words name (a deck)",
        ),
        Port(
            "gather_programmes",
            ("compare.chosen", "compare.owns", "compare.few", "compare.asked_many", "programme.compared"),
            ("ready", "many", "none"),
            ("compare.kept", "compare.all", "compare.alone"),
            "the programmes to compare, three at most, with the ratings given earlier",
        ),
        Port(
            "next_rating",
            (
                "programme.compared",
                "programme.criteria",
                "near.place",
                "compare.programme_id",
                "compare.criterion_id",
                "compare.rating",
            ),
            ("rate", "rated"),
            (
                "compare.kept",
                "compare.programme_id",
                "compare.criterion_id",
                "compare.programme",
                "compare.criterion",
                "compare.fact",
                "compare.gaps",
                "compare.source",
                "compare.money_hard",
                "compare.names",
                "compare.p1",
                "compare.p2",
                "compare.p3",
            ),
            "the next programme and criterion to rate, with the fact known, its source and its date",
        ),
        Port(
            "keep_comparison",
            ("programme.compared", "programme.criteria", "programme.notes", "near.place"),
            ("questions", "clear"),
            ("compare.notes", "compare.questions", "compare.table"),
            "the table of facts side by side and the questions to ask, without a verdict",
        ),
        Port(
            "next_lab",
            ("lab.soonest", "lab.asked", "lab.picked", "session.log"),
            ("soon", "several", "none"),
            (*_LAB, "lab.choices", "lab.themes"),
            "the learner's next lab within a week; several to choose from (a deck), else themes (a deck)",
        ),
        Port(
            "past_lab",
            ("lab.soonest", "lab.asked", "lab.picked", "session.log"),
            ("one", "several", "none"),
            (*_LAB, "lab.choices", "lab.themes"),
            "the lab to look back on, of the last three (a deck) that the learner took part in, else themes (a deck)",
        ),
        Port(
            "open_lab",
            ("session.log", "lab.id", "lab.day", "lab.kind", "lab.domain", "lab.title"),
            ("open",),
            (
                "lab.others",
                "lab.log",
                "lab.job_a",
                "lab.job_b",
                "lab.job_c",
                "lab.job_a_id",
                "lab.job_b_id",
                "lab.job_c_id",
            ),
            "the log with the record of this lab at its end, and three occupations that practise its theme",
        ),
        Port(
            "pick_watch",
            ("session.log",),
            ("energy", "place", "annoy", "hidden"),
            (),
            "chooses for the learner what to observe, another thing from lab to lab",
        ),
        Port(
            "keep_trace",
            ("session.log", "lab.id"),
            ("whole", "part", "bare"),
            ("lab.lived", "lab.learned", "lab.self", "lab.parts", "lab.felt"),
            "what the trace of a lab says, and what was felt in each theme",
        ),
        Port(
            "plan_look_back",
            ("look.gathering",),
            ("planned", "unplanned"),
            ("look.when",),
            "plans one reminder for when a gathering is over, because the learner said yes",
        ),
        Port(
            "open_meeting",
            ("meet.phase", "meeting.notes"),
            ("known", "new"),
            ("meet.others", "meet.notes", "meet.about", "meet.gathering"),
            "the notes with the record of this meeting at their end: the next one, or the last without a look back",
        ),
        Port(
            "gather_questions",
            ("meet.bank", "meet.own", "meeting.notes"),
            ("some", "none"),
            ("meet.asks",),
            "the learner's questions for a meeting (a deck): their own, those taken, else one for each thing they want to know",
        ),
        Port(
            "keep_questions",
            ("meet.asks", "meet.order", "meeting.questions"),
            ("kept",),
            ("meet.asked", "meet.questions", "meet.list"),
            "the questions in the learner's order, before those kept earlier",
        ),
        Port(
            "word_thanks",
            ("meeting.notes", "user.first_name"),
            ("line", "plain"),
            ("meet.keep", "meet.name"),
            "what a word of thanks says: the line that the learner keeps, and their first name",
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
