"""Every table and, beside each column, why it is kept and for how long; nothing here touches a database."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage import tables_agenda as tables_agenda  # noqa: PLC0414 -- their tables belong to the same metadata
from storage import tables_team as tables_team  # noqa: PLC0414
from storage.table_base import metadata as metadata  # noqa: PLC0414
from storage.table_base import one_of, person
from storage.types import BIG, HASH, IDENTIFIER, Keep, Utc, column, sealed

OUTBOX_STATES = ("queued", "sending", "sent", "retry", "unknown", "failed", "cancelled", "expired")
REMINDER_STATES = ("planned", "sent", "cancelled", "expired", "snoozed")
REQUEST_STATES = ("open", "agreed", "confirmed", "refused")
CASE_STATES = ("open", "taken", "closed")


meta = Table(
    "meta",
    metadata,
    column("key", String(64), "name of a fact about this database", Keep.NOT_PERSONAL, primary_key=True),
    column("value", Text, "the fact: sample flag, clock offset, key check, last runs", Keep.NOT_PERSONAL),
)

# ---------------------------------------------------------------- people and how they come back

persons = Table(
    "persons",
    metadata,
    column("id", IDENTIFIER, "random identifier of the person", Keep.PROFILE, primary_key=True),
    column(
        "channel",
        String(16),
        "where the bot writes first: where the person agreed, or asked for later",
        Keep.PROFILE,
    ),
    column("seq", Integer, "number of the last message of the person's list", Keep.PROFILE),
    column("created_at", Utc, "when the person agreed", Keep.PROFILE),
    column("seen_at", Utc, "last exchange, from which retention is counted", Keep.PROFILE),
    column("sample", Boolean, "made up for the demonstration", Keep.NOT_PERSONAL),
    column("silent", Boolean, "asked for no message on the bot's own initiative", Keep.PROFILE),
    column(
        "noted",
        Integer,
        "how often the answers changed, so that kept ones are known to be current",
        Keep.PROFILE,
        server_default="0",
    ),
)

addresses = Table(
    "addresses",
    metadata,
    column("channel", String(16), "the channel of the address", Keep.PROFILE),
    column("address_hash", HASH, "keyed hash by which the person is found", Keep.PROFILE),
    sealed("address", "text", "where to send answers", Keep.PROFILE),
    person("whose address it is", Keep.PROFILE, index=True),
    column("created_at", Utc, "when it was joined", Keep.PROFILE),
    column(
        "unreachable_at",
        Utc,
        "the channel refused for good: nothing more until the person writes",
        Keep.PROFILE,
        nullable=True,
    ),
    column(
        "last_read",
        String(40),
        "the platform's number of the last message read, so that none is missed after a break",
        Keep.PROFILE,
        nullable=True,
    ),
    PrimaryKeyConstraint("channel", "address_hash"),
)

sessions = Table(
    "sessions",
    metadata,
    column("token_hash", HASH, "hash of the browser's cookie", Keep.PROFILE, primary_key=True),
    person("whose browser it is", Keep.PROFILE, index=True),
    column("shared_device", Boolean, "ends by itself after a short idle time", Keep.PROFILE),
    column("created_at", Utc, "when it was opened", Keep.PROFILE),
    column("seen_at", Utc, "last use", Keep.PROFILE, index=True),
)

return_codes = Table(
    "return_codes",
    metadata,
    person("who comes back with it", Keep.PROFILE, primary_key=True),
    column("token_hash", HASH, "hash of the return link", Keep.PROFILE, unique=True),
    column("words_hash", HASH, "keyed hash of the slow hash of the four words", Keep.PROFILE, unique=True),
    sealed("words_stretch", "text", "slow hash of the four words, so that keys can change", Keep.PROFILE),
    column("created_at", Utc, "when it was given", Keep.PROFILE),
    column("used_at", Utc, "when it was last used", Keep.PROFILE, nullable=True),
)

link_codes = Table(
    "link_codes",
    metadata,
    column(
        "code_hash", HASH, "keyed hash of a code that joins a second address", Keep.SHORT, primary_key=True
    ),
    person("who asked for it", Keep.SHORT, index=True),
    column("expires_at", Utc, "end of its use", Keep.SHORT, index=True),
)

throttles = Table(
    "throttles",
    metadata,
    column(
        "bucket",
        HASH,
        "keyed hash of what is counted (an action and where it comes from)",
        Keep.SHORT,
        primary_key=True,
    ),
    column("tries", Integer, "how many in the current window", Keep.SHORT),
    column("since", Utc, "start of the window", Keep.SHORT, index=True),
)

groups = Table(
    "groups",
    metadata,
    column("id", IDENTIFIER, "random identifier of the group", Keep.NOT_PERSONAL, primary_key=True),
    column("name", String(120), "name that staff gave to the group", Keep.NOT_PERSONAL),
    column("code_hash", HASH, "keyed hash of the invitation code", Keep.NOT_PERSONAL, unique=True),
    sealed("code", "text", "the invitation code, for staff to show again", Keep.NOT_PERSONAL),
    column("created_at", Utc, "when it was made", Keep.NOT_PERSONAL),
    column("closed_at", Utc, "no more invitations since", Keep.NOT_PERSONAL, nullable=True),
    column("sample", Boolean, "made up for the demonstration", Keep.NOT_PERSONAL),
)

memberships = Table(
    "memberships",
    metadata,
    person("the member", Keep.PROFILE),
    column(
        "group_id",
        IDENTIFIER,
        "the group",
        Keep.PROFILE,
        ForeignKey("groups.id", ondelete="CASCADE"),
        index=True,
    ),
    column("joined_at", Utc, "since when", Keep.PROFILE),
    PrimaryKeyConstraint("person_id", "group_id"),
)

requests = Table(
    "requests",
    metadata,
    column("id", IDENTIFIER, "random identifier of the request", Keep.REQUEST, primary_key=True),
    column("token_hash", HASH, "hash of the link that the adult opens", Keep.REQUEST, unique=True),
    sealed("return_to", "json", "where the learner waits", Keep.REQUEST),
    sealed("adult", "json", "who the adult says they are", Keep.REQUEST, nullable=True),
    person("the learner, once agreed", Keep.REQUEST, nullable=True, index=True),
    column("state", String(16), "open, agreed, confirmed or refused", Keep.REQUEST),
    column("created_at", Utc, "when it was asked", Keep.REQUEST),
    column("answered_at", Utc, "when the adult answered", Keep.REQUEST, nullable=True),
    column("expires_at", Utc, "end of its use", Keep.REQUEST, index=True),
    one_of("state", REQUEST_STATES),
)

# ---------------------------------------------------------------- conversations

conversations = Table(
    "conversations",
    metadata,
    person("whose conversation it is", Keep.PROFILE, primary_key=True),
    column("version", Integer, "grows with each change, so that two tabs do not overwrite", Keep.PROFILE),
    sealed(
        "body",
        "json",
        "dialogue state, paused dialogues and the application's memo",
        Keep.PROFILE,
        nullable=True,
    ),
    column("misunderstood", Integer, "how many times in a row the words fitted nothing", Keep.PROFILE),
    column("paused_at", Utc, "since when it rests", Keep.PROFILE, nullable=True),
    column("updated_at", Utc, "last change", Keep.PROFILE),
)

facts = Table(
    "facts",
    metadata,
    person("who answered", Keep.PROFILE),
    column("variable", String(80), "which variable of the profile", Keep.PROFILE),
    sealed("value", "json", "the answer", Keep.PROFILE),
    column("updated_at", Utc, "when it was last given", Keep.PROFILE),
    PrimaryKeyConstraint("person_id", "variable"),
    sqlite_with_rowid=False,
)

messages = Table(
    "messages",
    metadata,
    person("whose list it is in", Keep.TEXTS),
    column("seq", Integer, "place in the list, from 1, without gap", Keep.TEXTS),
    column("side", String(8), "bot or me", Keep.TEXTS),
    column("kind", String(16), "text, card, product, picture, lines or link", Keep.TEXTS),
    sealed("body", "json", "what was said or shown", Keep.TEXTS),
    column("at", Utc, "when", Keep.TEXTS),
    PrimaryKeyConstraint("person_id", "seq"),
    sqlite_with_rowid=False,
)

page_versions = Table(
    "page_versions",
    metadata,
    column("digest", HASH, "SHA-256 of a dialogue page", Keep.NOT_PERSONAL, primary_key=True),
    column("page", String(80), "which page", Keep.NOT_PERSONAL),
    column("source", Text, "the page as it was when somebody started it", Keep.NOT_PERSONAL),
    column("kept_at", Utc, "since when", Keep.NOT_PERSONAL),
)

inbound_keys = Table(
    "inbound_keys",
    metadata,
    column("channel", String(16), "where the message came from", Keep.EIGHT_DAYS),
    column("key_hash", HASH, "keyed hash of the message's own key, against replays", Keep.EIGHT_DAYS),
    column("seen_at", Utc, "when", Keep.EIGHT_DAYS),
    column("visit", Boolean, "from somebody who has not consented", Keep.EIGHT_DAYS),
    PrimaryKeyConstraint("channel", "key_hash"),
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    column("id", BIG, "order in which updates came", Keep.EIGHT_DAYS, primary_key=True, autoincrement=True),
    column("channel", String(16), "which platform", Keep.EIGHT_DAYS),
    column("key_hash", HASH, "keyed hash of the platform's number of the update", Keep.EIGHT_DAYS),
    person("who sent it", Keep.EIGHT_DAYS, index=True),
    sealed("body", "json", "the update as it came", Keep.EIGHT_DAYS),
    column("came_at", Utc, "when", Keep.EIGHT_DAYS),
    column("tries", Integer, "how often handling it failed", Keep.EIGHT_DAYS),
    UniqueConstraint("channel", "key_hash"),
)

uploads = Table(
    "uploads",
    metadata,
    column("id", IDENTIFIER, "random identifier of the picture", Keep.PROFILE, primary_key=True),
    person("who sent it", Keep.PROFILE, index=True),
    column("used_by", String(80), "the page or product that it belongs to and goes with", Keep.PROFILE),
    column("media_type", String(32), "image/jpeg, image/png or image/webp", Keep.PROFILE),
    sealed("content", "bytes", "the re-encoded picture", Keep.PROFILE),
    sealed("alt", "text", "the learner's own words about it", Keep.PROFILE),
    column("size", Integer, "bytes before sealing", Keep.PROFILE),
    column("created_at", Utc, "when", Keep.PROFILE),
)

products = Table(
    "products",
    metadata,
    column("id", IDENTIFIER, "random identifier of the card or sheet", Keep.PROFILE, primary_key=True),
    person("who made it", Keep.PROFILE, index=True),
    column("name", String(80), "which product of which page", Keep.PROFILE),
    sealed("content", "json", "its title, its text and the values it was made from", Keep.PROFILE),
    column("created_at", Utc, "when", Keep.PROFILE),
)

cases = Table(
    "cases",
    metadata,
    column("id", IDENTIFIER, "random identifier of the case", Keep.CASE, primary_key=True),
    person(
        "about whom; emptied when a held case outlives the profile",
        Keep.CASE,
        survives=True,
        nullable=True,
        index=True,
    ),
    column("level", String(8), "L1, L2 or L3", Keep.CASE),
    column("rule", String(80), "which rule of the safety file", Keep.CASE),
    sealed("content", "json", "the words that raised it and what was answered", Keep.CASE),
    column("state", String(16), "open, taken or closed", Keep.CASE, index=True),
    column("held", Boolean, "the centre must keep it (safeguarding)", Keep.CASE),
    column("opened_at", Utc, "when", Keep.CASE),
    column("closed_at", Utc, "when it ended", Keep.CASE, nullable=True),
    one_of("state", CASE_STATES),
)

# ---------------------------------------------------------------- what goes out, and when

_WAITING = text("state IN ('queued', 'retry')")
_RUNNING = text("state IN ('queued', 'retry', 'sending')")

outbox = Table(
    "outbox",
    metadata,
    column("id", BIG, "order in which rows were made", Keep.LOGS, primary_key=True, autoincrement=True),
    column("kind", String(32), "what is sent; declares its policy", Keep.LOGS),
    column("source", String(80), "what caused it", Keep.LOGS),
    column("recipient", String(80), "who gets it: a person's id or a staff name", Keep.LOGS),
    column("occurrence", String(40), "which time, for what comes again", Keep.LOGS),
    column("part", Integer, "part of a long message, from 0", Keep.LOGS),
    person("the learner concerned", Keep.LOGS, nullable=True, index=True),
    column("channel", String(16), "by which channel", Keep.LOGS),
    column("lane", Integer, "0 safety, 1 reply, 2 relay, 3 reminder, 4 broadcast", Keep.LOGS),
    column("policy", String(16), "at_most_once or at_least_once", Keep.LOGS),
    column("state", String(16), "where it is", Keep.LOGS),
    sealed("body", "json", "what is said", Keep.LOGS),
    column("not_before", Utc, "earliest sending", Keep.LOGS),
    column("expires_at", Utc, "of no use after", Keep.LOGS, nullable=True),
    column("attempts", Integer, "how many were made", Keep.LOGS),
    column("holder", String(64), "which worker has it in hand", Keep.LOGS, nullable=True),
    column("reason", String(200), "why it failed or is unknown", Keep.LOGS),
    column("platform_id", String(80), "the platform's own number of the message", Keep.LOGS),
    column("created_at", Utc, "when it was made", Keep.LOGS),
    column("settled_at", Utc, "when it reached its end", Keep.LOGS, nullable=True, index=True),
    UniqueConstraint("kind", "source", "recipient", "occurrence", "part", name="uq_outbox_once"),
    one_of("state", OUTBOX_STATES),
    CheckConstraint("policy IN ('at_most_once', 'at_least_once')", name="policy"),
    CheckConstraint("(state = 'sending') = (holder IS NOT NULL)", name="held_while_sending"),
    Index("ix_outbox_waiting", "channel", "lane", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    Index(
        "ix_outbox_running",
        "channel",
        "recipient",
        "lane",
        "id",
        postgresql_where=_RUNNING,
        sqlite_where=_RUNNING,
    ),
)

outbox_attempts = Table(
    "outbox_attempts",
    metadata,
    column("outbox_id", BIG, "which row", Keep.LOGS, ForeignKey("outbox.id", ondelete="CASCADE")),
    column("number", Integer, "which attempt, from 1", Keep.LOGS),
    column("holder", String(64), "which worker made it", Keep.LOGS),
    column("started_at", Utc, "committed before the network is touched", Keep.LOGS),
    column("ended_at", Utc, "when the answer was known", Keep.LOGS, nullable=True),
    column("outcome", String(16), "sent, retry, unknown or failed", Keep.LOGS),
    PrimaryKeyConstraint("outbox_id", "number"),
)

reminders = Table(
    "reminders",
    metadata,
    column("id", IDENTIFIER, "random identifier of the reminder", Keep.PROFILE, primary_key=True),
    column("kind", String(32), "what kind of reminder", Keep.PROFILE),
    column("source", String(80), "the step or gathering that it is about", Keep.PROFILE),
    person("who is reminded", Keep.PROFILE, index=True),
    column("occurrence", String(40), "which time", Keep.PROFILE),
    column("local_at", DateTime(), "wall time at the centre", Keep.PROFILE),
    column("zone", String(64), "zone of that wall time", Keep.PROFILE),
    column("due_at", Utc, "the same as an instant", Keep.PROFILE),
    column("status", String(16), "where it is", Keep.PROFILE),
    sealed("body", "json", "what it says", Keep.PROFILE),
    column("settled_at", Utc, "when it was sent, cancelled or expired", Keep.PROFILE, nullable=True),
    UniqueConstraint("kind", "source", "person_id", "occurrence", name="uq_reminders_once"),
    one_of("status", REMINDER_STATES),
    Index(
        "ix_reminders_source",
        "source",
        postgresql_where=text("status IN ('planned', 'snoozed')"),
        sqlite_where=text("status IN ('planned', 'snoozed')"),
    ),
    Index(
        "ix_reminders_due",
        "due_at",
        postgresql_where=text("status IN ('planned', 'snoozed')"),
        sqlite_where=text("status IN ('planned', 'snoozed')"),
    ),
)

leases = Table(
    "leases",
    metadata,
    column("name", String(80), "what only one process may do", Keep.NOT_PERSONAL, primary_key=True),
    column("holder", String(64), "which process does it", Keep.NOT_PERSONAL, index=True),
    column("acquired_at", Utc, "since when", Keep.NOT_PERSONAL),
    column("beat_at", Utc, "last sign of life", Keep.NOT_PERSONAL),
    column("expires_at", Utc, "until when without another", Keep.NOT_PERSONAL),
)

vacancies = Table(
    "vacancies",
    metadata,
    column("id", String(64), "number of the job offer", Keep.NOT_PERSONAL, primary_key=True),
    column("dimeco", String(16), "occupation code", Keep.NOT_PERSONAL, index=True),
    column("latitude", Float, "where the work is", Keep.NOT_PERSONAL, nullable=True),
    column("longitude", Float, "where the work is", Keep.NOT_PERSONAL, nullable=True),
    column("published", Date, "first day", Keep.NOT_PERSONAL, nullable=True),
    column("closes", Date, "last day on which it may be shown", Keep.NOT_PERSONAL, nullable=True, index=True),
    column("sample", Boolean, "made up for the demonstration", Keep.NOT_PERSONAL),
    column("batch", String(40), "import that last saw it", Keep.NOT_PERSONAL),
    column("record", Text, "the whole offer as JSON", Keep.NOT_PERSONAL),
)

# ---------------------------------------------------------------- what staff change in the catalogue

corrections = Table(
    "corrections",
    metadata,
    column(
        "id",
        BIG,
        "number of the correction, the last one wins",
        Keep.STAFF,
        primary_key=True,
        autoincrement=True,
    ),
    column("kind", String(16), "table of the catalogue", Keep.NOT_PERSONAL),
    column("item", String(80), "row of that table", Keep.NOT_PERSONAL),
    column("changes", Text, "fields and values as JSON, facts of the catalogue", Keep.NOT_PERSONAL),
    column("source", String(600), "where the fact was read", Keep.NOT_PERSONAL),
    column("day", Date, "day at the centre, shown on the card", Keep.NOT_PERSONAL),
    sealed("author", "text", "who of the team corrected it", Keep.STAFF),
    sealed("why", "text", "why it was changed", Keep.STAFF),
    column("at", Utc, "when", Keep.STAFF),
    column("undone_at", Utc, "when it was taken back", Keep.STAFF, nullable=True),
    sealed("undone_by", "text", "who took it back", Keep.STAFF, nullable=True),
)

shortages = Table(
    "shortages",
    metadata,
    column("year", Integer, "year of the list", Keep.NOT_PERSONAL),
    column("code", String(16), "DIMECO or ROME code of the occupation", Keep.NOT_PERSONAL),
    column("label", String(200), "its name in the list", Keep.NOT_PERSONAL),
    column("kind", String(16), "pénurie or critique", Keep.NOT_PERSONAL),
    column("source", String(600), "where the list was published", Keep.NOT_PERSONAL),
    column("imported_at", Utc, "when staff imported the list", Keep.NOT_PERSONAL),
    PrimaryKeyConstraint("year", "code"),
)
