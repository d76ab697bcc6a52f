"""Column types and the register that each column carries: what it holds, why, and how long it stays."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine


class Utc(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite has no zones: there it is stored bare and given back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """ValueError for a naive instant: nobody could tell what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Keep(StrEnum):
    """How long a value stays. `storage.retention` does it; the sentences are for the data register."""

    PROFILE = "until erased, else the end of the season of the last visit (31 August) plus 12 months"
    TEXTS = "90 days"
    LOGS = "30 days after the message reached its end"
    EIGHT_DAYS = "8 days; 1 hour for a visit"
    REQUEST = "14 days while unanswered; with the profile once agreed"
    SHORT = "a day at most; three days for an invitation of the team"
    CASE = "with the profile, unless the centre holds the case"
    TEAM = "while somebody works with the centre, then 12 months"
    AUDIT = "24 months: who of the team did what"
    STAFF = "as long as the catalogue: who of the team changed what"
    NOT_PERSONAL = "not about a person"


IDENTIFIER: TypeEngine[str] = String(32)
HASH: TypeEngine[str] = String(64)
BIG: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


def column(
    name: str,
    type_: TypeEngine[Any] | type[TypeEngine[Any]],
    purpose: str,
    keep: Keep,
    *parts: Any,
    **options: Any,
) -> Column[Any]:
    """A column with its line of the register; not null unless told otherwise."""
    options.setdefault("nullable", False)
    return Column(name, type_, *parts, info={"purpose": purpose, "keep": keep, "sealed": ""}, **options)


def sealed(name: str, form: str, purpose: str, keep: Keep, **options: Any) -> Column[Any]:
    """An encrypted column; `form` says what is inside: json, text or bytes."""
    made = column(name, LargeBinary, purpose, keep, **options)
    made.info["sealed"] = form
    return made
