"""What protects a good copy: downloads that survive a stop, a swap as a whole, and the sense of proportion."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careers.sources.forem import ForemSource
from careers.sources.protocol import (
    BadFileError,
    DataSource,
    LastGood,
    MissingFieldError,
    ShrunkError,
    SourceError,
    check_share,
)
from careers.sources.staging import KEPT, Staging

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    made = Staging(tmp_path / "sources", "forem")
    yield made
    made.close()


def test_a_download_goes_on_where_it_was(staging: Staging, tmp_path: Path):
    assert not staging.begin("k", NOW)
    for number in range(700):
        staging.add(b"%d" % number)
    staging.close()
    again = Staging(tmp_path / "sources", "forem")

    assert again.begin("k", NOW + KEPT)
    assert list(again.rows()) == [b"%d" % number for number in range(700)]
    again.add(b"700")
    assert list(again.rows())[-1] == b"700"
    before = again.complete
    again.finish()
    assert (before, again.complete) == (False, True)
    again.drop()
    assert list((tmp_path / "sources").iterdir()) == []


@pytest.mark.parametrize("half", [b"half", b"x" * 200_000])
def test_half_a_row_is_cut_away(staging: Staging, tmp_path: Path, half: bytes):
    staging.begin("k", NOW)
    staging.add(b"one")
    staging.close()
    with (tmp_path / "sources" / "forem.part.jsonl").open("ab") as file:
        file.write(half)
    staging.begin("k", NOW)
    staging.add(b"two")

    assert list(staging.rows()) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("key", "now"),
    [("other", NOW), ("k", NOW + KEPT + timedelta(seconds=1)), ("k", NOW - timedelta(seconds=1))],
)
def test_another_or_an_old_download_is_begun_afresh(staging: Staging, key: str, now: datetime):
    staging.begin("k", NOW)
    staging.add(b"one")
    staging.close()

    assert not staging.begin(key, now)
    assert list(staging.rows()) == []


@pytest.mark.parametrize("card", [b"", b"{", b"[]", b'{"key": "k", "began": 5}', b"\xff"])
def test_a_damaged_card_means_afresh(staging: Staging, tmp_path: Path, card: bytes):
    staging.begin("k", NOW)
    staging.add(b"one")
    staging.close()
    (tmp_path / "sources" / "forem.part.json").write_bytes(card)

    assert not staging.begin("k", NOW)
    assert list(staging.rows()) == []


def test_a_full_disk_is_a_sentence(staging: Staging):
    class Full:
        """A file on a full disk."""

        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            raise OSError(28, "No space left on device")

    staging.begin("k", NOW)
    staging.close()
    full: Any = Full()
    staging._file = full
    with pytest.raises(SourceError, match=r"forem\.part\.jsonl ne s’écrit pas .No space left"):
        staging.add(b"one")
    staging.close()


# ---------------------------------------------------------------- the protocol


def _broken(good: LastGood) -> None:
    with good.replacing() as beside:
        beside.write_text("half")
        raise BadFileError(beside, 1, "wrong")


def test_a_copy_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path):
    good = LastGood(tmp_path / "deep" / "index.bin")
    with good.replacing() as beside:
        beside.write_text("first")
    with pytest.raises(BadFileError):
        _broken(good)
    with pytest.raises(FileNotFoundError), good.replacing():
        pass  # nothing was written

    assert good.path.read_text() == "first"
    assert [path.name for path in good.path.parent.iterdir()] == ["index.bin"]
    with good.replacing() as beside:
        beside.write_text("second")
    assert good.path.read_text() == "second"


@pytest.mark.parametrize(
    ("before", "after", "well"), [(0, 0, True), (100, 60, True), (100, 59, False), (10, 500, True)]
)
def test_a_fall_is_noticed(before: int, after: int, well: bool):  # noqa: FBT001 -- a case
    if well:
        check_share("Offres", before, after)
        return
    with pytest.raises(ShrunkError, match="59 lignes, il y en avait 100"):
        check_share("Offres", before, after)


def test_errors_name_file_line_and_field():
    assert str(BadFileError("a.csv", 3, "pas du CSV")) == "a.csv, ligne 3 : pas du CSV"
    assert str(BadFileError("a.csv", 0, "vide")) == "a.csv : vide"
    assert "« libelle » n’existe pas" in str(MissingFieldError("a.csv", "libelle", "label"))
    assert "« label »" in str(MissingFieldError("a.csv", "libelle", "label"))


def test_the_offers_say_who_they_are():
    source: DataSource = ForemSource.__new__(ForemSource)

    assert source.origin.name == "forem"
    assert source.origin.licence in source.origin.notice
    assert source.origin.address.startswith("https://")
