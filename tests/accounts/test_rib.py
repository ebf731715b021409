"""The RIB as a page, as text and as a record."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import pytest
import rfc8785

from teneur.accounts.rib import WORDS, RibSlip, RibSlipError, build_rib_slip, rib_json, rib_pdf, rib_text
from teneur.agreements.agreement import Agreement
from teneur.agreements.loader import load_agreements
from teneur.documents.identity import BankIdentity
from teneur.kernel.identifiers import IdentifierError, make_rib
from teneur.kernel.money import Language, MoneyError
from tests.support import pdf
from tests.support.asserts import asserts

IBAN = "FR7610107001180001234567822"
HOSTILE = '#import "x": * $y$ *z* \U0001f600 \u202e' + "W" * 90


@cache
def agreement(agreement_id: str) -> Agreement:
    return load_agreements()[agreement_id]


def slip(agreement_id: str = "bred-2022-06", **changes: Any) -> RibSlip:
    fields: dict[str, Any] = {
        "iban": IBAN,
        "bic": "BREDFRPPXXX",
        "holders": ("Mme Jeanne Martin",),
        "bank": BankIdentity(name="Banque du Récif", bic="BREDFRPPXXX"),
        "agreement": agreement(agreement_id),
        "currency_code": "EUR",
        "domiciliation": "Agence Paris Nation",
        "issued_at": datetime(2026, 8, 1, 2, tzinfo=UTC),
        "address": ("12 rue des Acacias", "75011 Paris"),
    }
    return build_rib_slip(**(fields | changes))


@asserts("BRED-5.1-1")
def test_a_bred_rib_states_the_iban_and_the_bic_in_every_form() -> None:
    made = slip()
    for shown in (pdf.text(rib_pdf(made)), rib_text(made)):
        assert "FR76 1010 7001 1800 0123 4567 822" in shown
        assert "BREDFRPPXXX" in shown
    assert msgspec.json.decode(rib_json(made))["identifiers"] == {"iban": IBAN, "bic": "BREDFRPPXXX"}
    assert made.citations == ("BRED-5.1-1",)


@asserts("BNC-3.3-1")
def test_a_bnc_rib_states_the_iban_and_the_bic_in_every_form() -> None:
    iban = make_rib("14889", "00001", "1234567890").iban
    made = slip("bnc-2026-04", iban=iban, bic="CEPANCNMXXX", currency_code="XPF")
    for shown in (pdf.text(rib_pdf(made)), rib_text(made)):
        assert iban[:4] + " " + iban[4:8] in shown
        assert "CEPANCNMXXX" in shown
        assert "Franc CFP (XPF)" in shown
    assert msgspec.json.decode(rib_json(made))["identifiers"] == {"iban": iban, "bic": "CEPANCNMXXX"}
    assert made.citations == ("BNC-3.3-1",)


def test_the_parts_of_the_national_number_stand_on_the_rib() -> None:
    assert "10107 00118 00012345678 22" in pdf.text(rib_pdf(slip()))
    lines = dict(line.split("  ", 1) for line in rib_text(slip()).splitlines() if "  " in line)
    assert {name: value.strip() for name, value in lines.items()} == {
        "Titulaire du compte": "Mme Jeanne Martin",
        "IBAN": "FR76 1010 7001 1800 0123 4567 822",
        "BIC": "BREDFRPPXXX",
        "Code banque": "10107",
        "Code guichet": "00118",
        "Numéro de compte": "00012345678",
        "Clé RIB": "22",
        "Domiciliation": "Agence Paris Nation, Banque du Récif",
        "Monnaie du compte": "Euro (EUR)",
    }


@pytest.mark.parametrize(("language", "code"), [(Language.FRENCH, "fr"), (Language.ENGLISH, "en")])
def test_the_rib_is_one_accessible_page_with_a_tagged_table(language: Language, code: str) -> None:
    page = rib_pdf(slip(), language)
    pdf.assert_accessible(page, code)
    tags = pdf.tags(page)
    assert (tags["/Table"], tags["/TH"], tags["/TD"], tags["/H1"]) == (1, 4, 4, 1)
    assert len(pdf.read(page).pages) == 1


def test_all_holders_of_a_joint_account_stand_on_its_rib() -> None:
    made = slip(holders=("M. Jean Kaddour", "Mme Louise Wamytan"))
    assert "Titulaires du compte M. Jean Kaddour Mme Louise Wamytan" in pdf.text(rib_pdf(made))
    assert "M. Jean Kaddour, Mme Louise Wamytan" in rib_text(made)


def test_names_are_shown_and_never_obeyed() -> None:
    made = slip(holders=(HOSTILE,), domiciliation=HOSTILE, address=(HOSTILE,))
    shown = pdf.text(rib_pdf(made))
    assert shown.count('#import "x": * $y$ *z* \ufffd \ufffd') == 3
    assert "W" * 90 in shown.replace(" ", "")


def test_the_same_slip_gives_the_same_bytes_and_canonical_json() -> None:
    assert rib_pdf(slip()) == rib_pdf(slip())
    data = rib_json(slip())
    assert data == rfc8785.dumps(msgspec.json.decode(data))


def test_the_day_of_issue_is_that_of_the_banks_own_zone() -> None:
    late = datetime(2026, 7, 31, 13, 30, tzinfo=UTC)
    assert "Document établi le 31 juillet 2026" in pdf.text(rib_pdf(slip(issued_at=late)))
    assert "Document établi le 1er août 2026" in pdf.text(rib_pdf(slip("bnc-2026-04", issued_at=late)))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iban": IBAN[:-1] + "3"}, IdentifierError),
        ({"iban": "DE89370400440532013000"}, IdentifierError),
        ({"bic": "BRED"}, IdentifierError),
        ({"currency_code": "FRF"}, MoneyError),
        ({"holders": ()}, RibSlipError),
        ({"issued_at": datetime(2026, 8, 1)}, RibSlipError),  # noqa: DTZ001 - that is the fault
    ],
)
def test_a_slip_that_nobody_could_use_is_a_broken_program(
    changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        slip(**changes)


def test_both_languages_have_the_same_words() -> None:
    assert WORDS[Language.FRENCH].keys() == WORDS[Language.ENGLISH].keys()
