"""The tables of what happens at the centre: gatherings and their series, holidays, who takes part, stands, feeds, push."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.table_base import metadata, one_of, person
from storage.types import HASH, IDENTIFIER, Keep, Utc, column, sealed

GATHERING_STATES = ("planned", "cancelled")
PART_STATES = ("going", "waiting", "offered", "asked", "declined", "left", "came", "missed")

series = Table(
    "series",
    metadata,
    column(
        "id", IDENTIFIER, "random identifier of what comes every week", Keep.NOT_PERSONAL, primary_key=True
    ),
    column("first", Date, "first day", Keep.NOT_PERSONAL),
    column("until", Date, "last possible day", Keep.NOT_PERSONAL),
    column("every", Integer, "weeks from one to the next", Keep.NOT_PERSONAL),
    column("in_holidays", Boolean, "also takes place in school holidays", Keep.NOT_PERSONAL),
    column("skipped", String(600), "days on which it does not, as ISO dates", Keep.NOT_PERSONAL),
    column("template", Text, "what each of them is, as JSON: kind, title, place, hours", Keep.NOT_PERSONAL),
    column("created_at", Utc, "when staff entered it", Keep.NOT_PERSONAL),
    CheckConstraint("until >= first", name="ends_after_it_begins"),
    CheckConstraint("every BETWEEN 1 AND 8", name="every"),
)

gatherings = Table(
    "gatherings",
    metadata,
    column("id", IDENTIFIER, "random identifier of the gathering", Keep.NOT_PERSONAL, primary_key=True),
    column("number", Integer, "short number that staff type", Keep.NOT_PERSONAL, unique=True),
    column(
        "kind", String(16), "lab, session, masterlab, meeting, fair, open_day or other", Keep.NOT_PERSONAL
    ),
    column("domain", String(40), "theme of the centre, or empty", Keep.NOT_PERSONAL),
    column("title", String(120), "its name", Keep.NOT_PERSONAL),
    column("about", String(600), "what happens there", Keep.NOT_PERSONAL),
    column("place", String(160), "where", Keep.NOT_PERSONAL),
    column("route", String(300), "how to get there", Keep.NOT_PERSONAL),
    column("bands", String(40), "age bands it is for; empty for all", Keep.NOT_PERSONAL),
    column(
        "group_id",
        IDENTIFIER,
        "the group it is for; empty for all",
        Keep.NOT_PERSONAL,
        ForeignKey("groups.id", ondelete="SET NULL"),
        nullable=True,
        index=True,
    ),
    column("local_starts", DateTime(), "wall time at which it begins", Keep.NOT_PERSONAL),
    column("local_ends", DateTime(), "wall time at which it ends", Keep.NOT_PERSONAL),
    column("zone", String(64), "zone of those wall times", Keep.NOT_PERSONAL),
    column("starts_at", Utc, "the beginning as an instant", Keep.NOT_PERSONAL, index=True),
    column("ends_at", Utc, "the end as an instant", Keep.NOT_PERSONAL),
    column("capacity", Integer, "places; empty for as many as come", Keep.NOT_PERSONAL, nullable=True),
    column("waiting", Boolean, "has a waiting list", Keep.NOT_PERSONAL),
    column("chosen", Boolean, "staff choose among those who say why they come", Keep.NOT_PERSONAL),
    column("link", String(600), "page about it", Keep.NOT_PERSONAL),
    column("source", String(600), "where its date was read", Keep.NOT_PERSONAL),
    column("seen", Date, "day on which the source was read", Keep.NOT_PERSONAL, nullable=True),
    column(
        "confirmed_at",
        Utc,
        "when somebody confirmed it; to be checked before",
        Keep.NOT_PERSONAL,
        nullable=True,
    ),
    column("state", String(16), "planned or cancelled", Keep.NOT_PERSONAL),
    column("why", String(200), "why it was moved or cancelled, as learners read it", Keep.NOT_PERSONAL),
    column("version", Integer, "grows with each change", Keep.NOT_PERSONAL),
    column(
        "series_id",
        IDENTIFIER,
        "the series it comes from",
        Keep.NOT_PERSONAL,
        ForeignKey("series.id", ondelete="SET NULL"),
        nullable=True,
    ),
    column("slot", String(10), "day that the series gave it, whatever became of it", Keep.NOT_PERSONAL),
    column(
        "uid",
        String(255),
        "its number in the calendar it was imported from",
        Keep.NOT_PERSONAL,
        nullable=True,
        unique=True,
    ),
    column("checkin_hash", HASH, "hash of what the attendance QR code holds", Keep.NOT_PERSONAL, unique=True),
    sealed("checkin", "text", "what the attendance QR code holds, for staff to show", Keep.NOT_PERSONAL),
    column("sample", Boolean, "made up for the demonstration", Keep.NOT_PERSONAL),
    column("created_at", Utc, "when it was entered", Keep.NOT_PERSONAL),
    column("updated_at", Utc, "last change", Keep.NOT_PERSONAL),
    UniqueConstraint("series_id", "slot"),
    one_of("state", GATHERING_STATES),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
    CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
)

holidays = Table(
    "holidays",
    metadata,
    column("first", Date, "first day without school", Keep.NOT_PERSONAL),
    column("last", Date, "last day without school", Keep.NOT_PERSONAL),
    column("name", String(80), "how they are called", Keep.NOT_PERSONAL),
    column("source", String(600), "where the days were read", Keep.NOT_PERSONAL),
    PrimaryKeyConstraint("first", "last"),
    CheckConstraint("last >= first", name="ends_after_it_begins"),
)

participations = Table(
    "participations",
    metadata,
    column(
        "gathering_id",
        IDENTIFIER,
        "what they take part in",
        Keep.PROFILE,
        ForeignKey("gatherings.id", ondelete="CASCADE"),
    ),
    person("who takes part", Keep.PROFILE, index=True),
    column(
        "state", String(16), "going, waiting, offered, asked, declined, left, came or missed", Keep.PROFILE
    ),
    column("own", Boolean, "they asked for it themselves; else staff entered their group", Keep.PROFILE),
    column("reminders", String(8), "eve, more (also two hours before) or none", Keep.PROFILE),
    sealed(
        "motivation",
        "text",
        "why they would like to come, for staff who choose; a month after the end at most",
        Keep.PROFILE,
        nullable=True,
    ),
    column("offer_until", Utc, "until when a place is kept for them", Keep.PROFILE, nullable=True),
    column("asked_at", Utc, "when they asked: the order of the waiting list", Keep.PROFILE),
    column("updated_at", Utc, "last change", Keep.PROFILE),
    PrimaryKeyConstraint("gathering_id", "person_id"),
    one_of("state", PART_STATES),
    Index("ix_participations_offers", "offer_until"),
)

feeds = Table(
    "feeds",
    metadata,
    column("token_hash", HASH, "hash of the private address of a calendar", Keep.PROFILE, primary_key=True),
    person("whose calendar it is", Keep.PROFILE, unique=True),
    column("created_at", Utc, "when it was given", Keep.PROFILE),
    column("read_at", Utc, "last time a calendar asked for it", Keep.PROFILE, nullable=True),
)

stands = Table(
    "stands",
    metadata,
    column("id", IDENTIFIER, "random identifier of the stand", Keep.NOT_PERSONAL, primary_key=True),
    column(
        "gathering_id",
        IDENTIFIER,
        "the fair",
        Keep.NOT_PERSONAL,
        ForeignKey("gatherings.id", ondelete="CASCADE"),
    ),
    column("name", String(120), "who stands there", Keep.NOT_PERSONAL),
    column("spot", String(40), "where in the hall", Keep.NOT_PERSONAL),
    column("about", String(300), "what one finds there", Keep.NOT_PERSONAL),
    column("institution", String(80), "the school of our catalogue, or empty", Keep.NOT_PERSONAL),
    column(
        "occupations", String(400), "occupations of our catalogue, with spaces between", Keep.NOT_PERSONAL
    ),
    column("domains", String(200), "themes of the centre, with spaces between", Keep.NOT_PERSONAL),
    column("link", String(600), "page about it", Keep.NOT_PERSONAL),
    column("source", String(600), "where the list comes from", Keep.NOT_PERSONAL),
    UniqueConstraint("gathering_id", "name"),
)

fair_asks = Table(
    "fair_asks",
    metadata,
    column(
        "gathering_id",
        IDENTIFIER,
        "the fair",
        Keep.PROFILE,
        ForeignKey("gatherings.id", ondelete="CASCADE"),
    ),
    person("who wants to know; staff see numbers of ten and more only", Keep.PROFILE, index=True),
    column("topic", String(40), "what about: one of a closed list, never their words", Keep.PROFILE),
    column("stand_id", IDENTIFIER, "at which stand; empty for anywhere", Keep.PROFILE),
    column("at", Utc, "when", Keep.PROFILE),
    PrimaryKeyConstraint("gathering_id", "person_id", "topic", "stand_id"),
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    column("endpoint_hash", HASH, "hash of the browser's push address", Keep.PROFILE, primary_key=True),
    person("whose browser it is", Keep.PROFILE, index=True),
    sealed("endpoint", "text", "where a bare signal goes, without any content", Keep.PROFILE),
    column("created_at", Utc, "when they said yes", Keep.PROFILE),
    column("failures", Integer, "signals in a row that were refused", Keep.PROFILE),
)
