"""The tables of the centre's people: who they are, what they may do, how they come in, and the log of their acts."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from storage.table_base import metadata, one_of
from storage.types import BIG, HASH, IDENTIFIER, Keep, Utc, column, sealed

ROLES = ("mentor", "coach", "staff", "safeguarding", "admin")
LINK_PURPOSES = ("invite", "sign_in", "join")


def _staff(purpose: str, keep: Keep, **options: Any) -> Column[Any]:
    return column(
        "staff_id", IDENTIFIER, purpose, keep, ForeignKey("staff.id", ondelete="CASCADE"), **options
    )


staff = Table(
    "staff",
    metadata,
    column("id", IDENTIFIER, "random identifier of somebody of the centre", Keep.TEAM, primary_key=True),
    sealed("name", "text", "how colleagues call them", Keep.TEAM),
    column(
        "email_hash", HASH, "keyed hash by which the address is found", Keep.TEAM, nullable=True, unique=True
    ),
    sealed("email", "text", "where sign-in links may go", Keep.TEAM, nullable=True),
    sealed("password", "text", "argon2id hash of the password", Keep.TEAM, nullable=True),
    column("created_at", Utc, "when they were added", Keep.TEAM),
    column("seen_at", Utc, "last sign-in", Keep.TEAM, nullable=True),
    column("closed_at", Utc, "since when they may do nothing", Keep.TEAM, nullable=True),
    column("sample", Boolean, "made up for the demonstration", Keep.NOT_PERSONAL),
)

staff_roles = Table(
    "staff_roles",
    metadata,
    _staff("who has the role", Keep.TEAM),
    column("role", String(16), "what they may do", Keep.TEAM),
    column("granted_at", Utc, "since when", Keep.TEAM),
    PrimaryKeyConstraint("staff_id", "role"),
    one_of("role", ROLES),
)

staff_addresses = Table(
    "staff_addresses",
    metadata,
    column("channel", String(16), "the chat platform of the address", Keep.TEAM),
    column("address_hash", HASH, "keyed hash by which they are found", Keep.TEAM),
    sealed("address", "text", "where to write to them", Keep.TEAM),
    _staff("whose address it is", Keep.TEAM, index=True),
    column("created_at", Utc, "when it was joined", Keep.TEAM),
    PrimaryKeyConstraint("channel", "address_hash"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    column("token_hash", HASH, "hash of the browser's cookie", Keep.SHORT, primary_key=True),
    _staff("whose browser it is", Keep.SHORT, index=True),
    column("area", String(16), "equipe or mentorat: which part of the site", Keep.SHORT),
    column("created_at", Utc, "when it was opened", Keep.SHORT),
    column("seen_at", Utc, "last use", Keep.SHORT, index=True),
)

staff_links = Table(
    "staff_links",
    metadata,
    column("token_hash", HASH, "hash of a link that lets in once", Keep.SHORT, primary_key=True),
    _staff("whom it lets in", Keep.SHORT, index=True),
    column("purpose", String(16), "invite, sign_in or join (a chat address)", Keep.SHORT),
    column(
        "browser_hash", HASH, "hash of the browser that asked: the only one let in", Keep.SHORT, nullable=True
    ),
    column(
        "code_hash", HASH, "keyed hash of the figures typed instead of the link", Keep.SHORT, nullable=True
    ),
    column("tries", Integer, "how often wrong figures were typed", Keep.SHORT),
    column("created_at", Utc, "when it was made", Keep.SHORT),
    column("expires_at", Utc, "end of its use", Keep.SHORT, index=True),
    column("used_at", Utc, "when it was used", Keep.SHORT, nullable=True),
    one_of("purpose", LINK_PURPOSES),
)

staff_log = Table(
    "staff_log",
    metadata,
    column("id", BIG, "order of the acts", Keep.AUDIT, primary_key=True, autoincrement=True),
    column("at", Utc, "when", Keep.AUDIT),
    column(
        "staff_id", IDENTIFIER, "who; empty for whoever holds the command line", Keep.AUDIT, nullable=True
    ),
    column("act", String(40), "what was done", Keep.AUDIT),
    column("about", String(80), "identifier of what it was done to", Keep.AUDIT),
    sealed("detail", "json", "what changed, in facts", Keep.AUDIT),
    column("chain", HASH, "hash over this line and the one before: a missing line shows", Keep.AUDIT),
)
