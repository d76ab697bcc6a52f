import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import Box, fold, make_key, token_hash
from storage.errors import CannotDecrypt, KeyMissing

OLD, NEW = make_key(), make_key()


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens(content: bytes):
    box = Box([NEW, OLD])
    assert box.open(box.seal(content)) == content
    assert box.open(Box([OLD]).seal(content)) == content


def test_another_key_opens_nothing():
    sealed = Box([OLD]).seal_json({"a": "é"})
    with pytest.raises(CannotDecrypt):
        Box([NEW]).open(sealed)
    with pytest.raises(CannotDecrypt):
        Box([NEW]).rotate(sealed)
    with pytest.raises(CannotDecrypt):
        Box([OLD]).open(sealed[:-2] + b"xx")
    assert Box([NEW]).open_json(Box([NEW, OLD]).rotate(sealed)) == {"a": "é"}


@pytest.mark.parametrize("keys", [[], ["court"], ["é" * 44], [OLD, ""]])
def test_without_a_usable_key_nothing_starts(keys: list[str]):
    with pytest.raises(KeyMissing):
        Box(keys)


def test_hashes_depend_on_key_purpose_and_value():
    box = Box([NEW, OLD])
    assert box.address_hash("telegram", "1") == Box([NEW]).address_hash("telegram", "1")
    assert box.address_hashes("telegram", "1") == [
        box.address_hash("telegram", "1"),
        Box([OLD]).address_hash("telegram", "1"),
    ]
    assert (
        len({box.address_hash("telegram", "1"), box.address_hash("discord", "1"), box.keyed_hash("x", "1")})
        == 3
    )


def test_folding_forgets_case_accents_and_what_stands_between():
    assert fold("  Étoile-ŒUF, zoo_Crêpe ") == fold("etoile oeuf zoo crepe") == "etoile oeuf zoo crepe"


def test_a_token_is_not_kept_in_the_clear():
    assert token_hash("abc") != "abc"
    assert len(token_hash("abc")) == 64
