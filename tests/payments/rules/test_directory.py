"""From IBAN and BIC to the bank."""

import pytest

from teneur.kernel.identifiers import make_rib
from teneur.payments.transfers.rules.directory import Directory, DirectoryError, read_directory
from teneur.payments.transfers.rules.geography import Bank

HEADER = "country,bank_code,bic,place,com_pacific,instant"
ROWS = [
    HEADER,
    "FR,99901,NOUMNCN1,NC,yes,no",
    "FR,99902,PARIFRP1,FR,yes,yes",
    "FR,99903,TAHIPFT1,PF,no,no",
]


def iban(bank_code: str) -> str:
    return make_rib(bank_code, "00001", "1").iban


def test_the_directory_says_where_a_french_iban_is_kept() -> None:
    directory = read_directory(ROWS, own_codes=[("FR", "99901")])
    assert directory.bank_of(iban("99901")) == Bank("NC", own=True, com_pacific=True)
    assert directory.bank_of(iban("99902")) == Bank("FR", com_pacific=True, instant=True)
    assert directory.bank_of(iban("99903")) == Bank("PF")


def test_an_unknown_bank_is_where_its_bic_says_else_where_its_iban_says_and_reachable_by_nothing() -> None:
    directory = Directory()
    assert directory.bank_of(iban("11111"), "ABCDNCNM") == Bank("NC")
    assert directory.bank_of(iban("11111")) == Bank("FR")
    assert directory.bank_of("DE89370400440532013000") == Bank("DE")
    assert directory.bank_of("DE89370400440532013000", "ABCDNCNM") == Bank("DE")
    assert directory.bank_of(iban("11111"), "not a bic") == Bank("FR")


def test_two_banks_of_one_country_are_not_mixed_up_in_what_is_remembered() -> None:
    directory = read_directory(ROWS)
    assert directory.bank_of(iban("99901")).place == "NC"
    assert directory.bank_of(iban("99902")).place == "FR"
    assert directory.bank_of(iban("99901"), "PARIFRP1").place == "NC"


def test_a_bic_alone_names_a_place() -> None:
    assert Directory().bank_without_iban("DEUTDEFF") == Bank("DE")
    assert Directory().bank_without_iban("wrong") is None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["bank_code,place"], "header"),
        ([HEADER, "FR,99901,X,NC,maybe,no"], "line 2: 'maybe' is neither yes nor no"),
        ([HEADER, "FR,,X,NC,yes,no"], "line 2"),
        ([HEADER, "FR,99901,X,Nouméa,yes,no"], "two letters"),
        ([HEADER, "FR,99901,X"], "line 2"),
    ],
)
def test_a_wrong_row_is_refused_and_named(lines: list[str], says: str) -> None:
    with pytest.raises(DirectoryError, match=says):
        read_directory(lines)
