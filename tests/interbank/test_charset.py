"""The SEPA character set: what is in it, and how other text is put into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.interbank import charset
from teneur.interbank.messages import Address, Party, Remittance
from teneur.kernel.money import EUR, Money
from tests.interbank.test_between_banks import transfer


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Société Générale", "Societe Generale"),
        ("ÉÈÊËÀÂÎÏÔÙÛÜŸÇ", "EEEEAAIIOUUUYC"),
        ("Œuvre & Cœur", "OEuvre + Coeur"),
        ("Straße Ærø Łódź", "Strasse AEro Lodz"),
        ("l’été « doux »", "l'ete ' doux '"),
        ("a\u202fb\u00a0c", "a b c"),
        ("12 € – 5%", "12 E - 5."),
        ("a_b@c;d", "a-b.c,d"),
        ("Ελλάδα България", "Ellada Balgariya"),
        ("e\u0301", "e"),
        ("王 №5", ". No5"),
        ("ﬁn", "fin"),
        ("zero\u200bwidth", "zerowidth"),
        ("already/fine-?:().,'+ 0", "already/fine-?:().,'+ 0"),
    ],
)
def test_how_text_is_written_between_banks(text: str, written: str) -> None:
    assert charset.transliterate(text) == written


@given(st.text(max_size=200), st.integers(0, 140))
def test_whatever_goes_in_only_the_set_comes_out_and_no_longer_than_asked(text: str, most: int) -> None:
    written = charset.transliterate(text, most)
    assert charset.is_basic(written)
    assert len(written) <= most
    assert charset.transliterate(charset.transliterate(text)) == charset.transliterate(text)


@given(st.text(alphabet=sorted(charset.BASIC), max_size=140))
def test_text_of_the_set_stays_as_it_is(text: str) -> None:
    assert charset.transliterate(text) == text


def test_the_set_has_seventy_three_characters() -> None:
    assert len(charset.BASIC) == 26 + 26 + 10 + 11


def test_a_transfer_leaves_with_its_texts_in_the_set_and_its_references_untouched() -> None:
    before = transfer(
        debtor=Party(
            name="Zoë Ünal", address=Address(town="Nîmes", country="FR", lines=("Résidence « Été »",))
        ),
        end_to_end_id="réf-1",
        remittance=Remittance(unstructured=("Œ" * 100,)),
    )
    after = charset.for_interbank(before)
    assert after.debtor.name == "Zoe Unal"
    assert after.debtor.address == Address(town="Nimes", country="FR", lines=("Residence ' Ete '",))
    assert after.end_to_end_id == "réf-1"
    assert after.remittance is not None
    assert after.remittance.unstructured == ("OE" * 70,)
    assert after.amount == Money(1000, EUR)
    assert charset.for_interbank(after) is after
