"""What every table is made with: the one metadata, the names of constraints, and the column that says whose row it is."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData

from storage.types import IDENTIFIER, Keep, column

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    """Only these values may stand in the column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def person(purpose: str, keep: Keep, **options: Any) -> Column[Any]:
    """The learner whom a row is about; it goes with them, unless it `survives` without them."""
    ondelete = "SET NULL" if options.pop("survives", False) else "CASCADE"
    return column(
        "person_id", IDENTIFIER, purpose, keep, ForeignKey("persons.id", ondelete=ondelete), **options
    )
