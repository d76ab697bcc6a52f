import pytest

from careers import places


@pytest.mark.parametrize(
    ("said", "postcode", "name"),
    [
        ("Liège", "4000", "Liège"),
        ("LIEGE", "4000", "Liège"),
        ("4000", "4000", "Liège"),
        ("herstal", "4040", "Herstal"),
        ("j'habite à Seraing", "4100", "Seraing"),
        ("4000 Rocourt", "4000", "Rocourt"),
        ("hertsal", "4040", "Herstal"),
        ("vervier", "4800", "Verviers"),
        ("st nicolas", "4420", "Saint-Nicolas"),
        ("bxl", "1000", "Bruxelles"),
        ("outremeuse", "4020", "Liège"),
        ("Chênée", "4032", "Chênée"),
        ("Ans", "4430", "Ans"),
        ("Flémalle", "4400", "Flémalle"),
    ],
)
def test_a_place_is_found_as_people_write_it(said, postcode, name):
    place = places.find(said)

    assert place is not None
    assert (place.postcode, place.name) == (postcode, name)


@pytest.mark.parametrize("said", ["", "je sais pas", "paris", "9999", "xyz", "chez moi", "😂"])
def test_what_is_no_place_here_is_none(said):
    assert places.find(said) is None


def test_all_rows_are_shipped_and_inside_the_region():
    rows = places._all()

    assert len(rows) == 1599
    assert all(49.4 < row.latitude < 51.0 and 2.8 < row.longitude < 6.5 for row in rows)


@pytest.mark.parametrize(
    ("a", "b", "km"), [("Liège", "Namur", 52), ("Liège", "Herstal", 5), ("Liège", "Bruxelles", 89)]
)
def test_distance_is_as_the_crow_flies(a, b, km):
    one, other = places.find(a), places.find(b)

    assert one
    assert other
    assert places.distance_km(one, other) == pytest.approx(km, abs=4)
    assert places.distance_km(one, one) == 0


def test_no_postcode_means_no_place():
    assert places.of_postcode("") is None
