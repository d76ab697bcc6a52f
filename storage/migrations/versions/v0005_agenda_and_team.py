"""The centre's people and what happens there: staff, gatherings, who takes part, holidays, stands, feeds and push."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holidays",
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_holidays_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("first", "last", name=op.f("pk_holidays")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("in_holidays", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.String(length=600), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("every BETWEEN 1 AND 8", name=op.f("ck_series_every")),
        sa.CheckConstraint("until >= first", name=op.f("ck_series_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_staff_email_hash")),
    )
    op.create_table(
        "staff_log",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_log")),
    )
    op.create_table(
        "feeds",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_feeds_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_feeds")),
        sa.UniqueConstraint("person_id", name=op.f("uq_feeds_person_id")),
    )
    op.create_table(
        "gatherings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=600), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("bands", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=True),
        sa.Column("local_starts", sa.DateTime(), nullable=False),
        sa.Column("local_ends", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=600), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.Column("seen", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=True),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=True),
        sa.Column("checkin_hash", sa.String(length=64), nullable=False),
        sa.Column("checkin", sa.LargeBinary(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'cancelled')", name=op.f("ck_gatherings_state")),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_gatherings_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_gatherings_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_gatherings_group_id_groups"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_gatherings_series_id_series"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gatherings")),
        sa.UniqueConstraint("checkin_hash", name=op.f("uq_gatherings_checkin_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_gatherings_number")),
        sa.UniqueConstraint("series_id", "slot", name=op.f("uq_gatherings_series_id_slot")),
        sa.UniqueConstraint("uid", name=op.f("uq_gatherings_uid")),
    )
    op.create_index(op.f("ix_gatherings_group_id"), "gatherings", ["group_id"], unique=False)
    op.create_index(op.f("ix_gatherings_starts_at"), "gatherings", ["starts_at"], unique=False)
    op.create_table(
        "push_subscriptions",
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("endpoint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_push_subscriptions_person_id_persons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("endpoint_hash", name=op.f("pk_push_subscriptions")),
    )
    op.create_index(
        op.f("ix_push_subscriptions_person_id"), "push_subscriptions", ["person_id"], unique=False
    )
    op.create_table(
        "staff_addresses",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_addresses_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel", "address_hash", name=op.f("pk_staff_addresses")),
    )
    op.create_index(op.f("ix_staff_addresses_staff_id"), "staff_addresses", ["staff_id"], unique=False)
    op.create_table(
        "staff_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invite', 'sign_in', 'join')", name=op.f("ck_staff_links_purpose")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_links_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_links")),
    )
    op.create_index(op.f("ix_staff_links_expires_at"), "staff_links", ["expires_at"], unique=False)
    op.create_index(op.f("ix_staff_links_staff_id"), "staff_links", ["staff_id"], unique=False)
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('mentor', 'coach', 'staff', 'safeguarding', 'admin')", name=op.f("ck_staff_roles_role")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index(op.f("ix_staff_sessions_seen_at"), "staff_sessions", ["seen_at"], unique=False)
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "fair_asks",
        sa.Column("gathering_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("stand_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_fair_asks_gathering_id_gatherings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_fair_asks_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", "topic", "stand_id", name=op.f("pk_fair_asks")),
    )
    op.create_index(op.f("ix_fair_asks_person_id"), "fair_asks", ["person_id"], unique=False)
    op.create_table(
        "participations",
        sa.Column("gathering_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.String(length=8), nullable=False),
        sa.Column("motivation", sa.LargeBinary(), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('going', 'waiting', 'offered', 'asked', 'declined', 'left', 'came', 'missed')",
            name=op.f("ck_participations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_participations_gathering_id_gatherings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["persons.id"],
            name=op.f("fk_participations_person_id_persons"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name=op.f("pk_participations")),
    )
    op.create_index("ix_participations_offers", "participations", ["offer_until"], unique=False)
    op.create_index(op.f("ix_participations_person_id"), "participations", ["person_id"], unique=False)
    op.create_table(
        "stands",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("gathering_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("spot", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("institution", sa.String(length=80), nullable=False),
        sa.Column("occupations", sa.String(length=400), nullable=False),
        sa.Column("domains", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=600), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_stands_gathering_id_gatherings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stands")),
        sa.UniqueConstraint("gathering_id", "name", name=op.f("uq_stands_gathering_id_name")),
    )
    op.drop_column("persons", "shared_device")
    _move_holidays()
    op.create_index(
        "ix_reminders_source",
        "reminders",
        ["source"],
        unique=False,
        postgresql_where=sa.text("status IN ('planned', 'snoozed')"),
        sqlite_where=sa.text("status IN ('planned', 'snoozed')"),
    )


def _move_holidays() -> None:
    """They were one line of `meta` until now."""
    bind = op.get_bind()
    raw = bind.execute(sa.text("SELECT value FROM meta WHERE key = 'holidays'")).scalar()
    made = sa.table(
        "holidays",
        sa.column("first", sa.Date),
        sa.column("last", sa.Date),
        sa.column("name"),
        sa.column("source"),
    )
    for first, last in sorted({(a, b) for a, b in json.loads(raw or "[]")}):
        days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
        bind.execute(made.insert().values(**days, name="", source=""))
    bind.execute(sa.text("DELETE FROM meta WHERE key = 'holidays'"))


def downgrade() -> None:
    op.drop_index(
        "ix_reminders_source",
        table_name="reminders",
        postgresql_where=sa.text("status IN ('planned', 'snoozed')"),
        sqlite_where=sa.text("status IN ('planned', 'snoozed')"),
    )
    op.add_column(
        "persons", sa.Column("shared_device", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.drop_table("stands")
    op.drop_index(op.f("ix_participations_person_id"), table_name="participations")
    op.drop_index("ix_participations_offers", table_name="participations")
    op.drop_table("participations")
    op.drop_index(op.f("ix_fair_asks_person_id"), table_name="fair_asks")
    op.drop_table("fair_asks")
    op.drop_index(op.f("ix_staff_sessions_staff_id"), table_name="staff_sessions")
    op.drop_index(op.f("ix_staff_sessions_seen_at"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_table("staff_roles")
    op.drop_index(op.f("ix_staff_links_staff_id"), table_name="staff_links")
    op.drop_index(op.f("ix_staff_links_expires_at"), table_name="staff_links")
    op.drop_table("staff_links")
    op.drop_index(op.f("ix_staff_addresses_staff_id"), table_name="staff_addresses")
    op.drop_table("staff_addresses")
    op.drop_index(op.f("ix_push_subscriptions_person_id"), table_name="push_subscriptions")
    op.drop_table("push_subscriptions")
    op.drop_index(op.f("ix_gatherings_starts_at"), table_name="gatherings")
    op.drop_index(op.f("ix_gatherings_group_id"), table_name="gatherings")
    op.drop_table("gatherings")
    op.drop_table("feeds")
    op.drop_table("staff_log")
    op.drop_table("staff")
    op.drop_table("series")
    op.drop_table("holidays")
