"""IBAN, RIB, BIC: only valid ones pass, and what we make is valid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.kernel.identifiers import (
    IdentifierError,
    IdentifierProblem,
    bic_fits_iban,
    compact,
    format_iban,
    iban_problem,
    is_valid_iban,
    make_rib,
    parse_bic,
    parse_iban,
    rib_key,
    rib_of,
)

GOOD = "FR1420041010050500013M02606"
digits = st.integers(0, 99999).map("{:05d}".format)
accounts = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=11)


@pytest.mark.parametrize(
    "iban", [GOOD, "FR7630006000011234567890189", "DE89370400440532013000", "GB82WEST12345698765432"]
)
def test_published_ibans_are_valid(iban: str) -> None:
    assert is_valid_iban(iban)


@pytest.mark.parametrize(
    ("iban", "problem"),
    [
        ("FR7630006000011234567890188", IdentifierProblem.CHECK_DIGITS),
        ("FR2420020202260600024M02606", IdentifierProblem.CHECK_DIGITS),
        ("FR763000600001123456789018", IdentifierProblem.LENGTH),
        ("FR76 3000 6000 0112 3456 7890 189", IdentifierProblem.CHARACTERS),
        (GOOD.lower(), IdentifierProblem.CHARACTERS),
        ("", IdentifierProblem.CHARACTERS),
        ("FR1420041O10050500013M02606", IdentifierProblem.STRUCTURE),
    ],
)
def test_a_wrong_iban_is_told_what_is_wrong(iban: str, problem: IdentifierProblem) -> None:
    assert iban_problem(iban) is problem
    with pytest.raises(IdentifierError) as raised:
        parse_iban(iban)
    assert raised.value.problem is problem


def test_a_french_iban_with_good_check_digits_and_a_wrong_rib_key_is_invalid() -> None:
    rib = make_rib("30006", "00001", "12345678901")
    wrong = f"{rib.bank_code}{rib.branch_code}{rib.account_number}{int(rib.key) - 1:02d}"
    check = 98 - int("".join(str(int(c, 36)) for c in f"{wrong}FR00")) % 97
    assert iban_problem(f"FR{check:02d}{wrong}") is IdentifierProblem.RIB_KEY


def test_the_parts_of_an_iban_are_read() -> None:
    iban = parse_iban(GOOD)
    assert (iban.country, iban.bank_code, iban.branch_code, iban.account_number) == (
        "FR",
        "20041",
        "01005",
        "0500013M026",
    )
    assert rib_of(iban).key == "06"


def test_a_foreign_iban_has_no_rib() -> None:
    with pytest.raises(IdentifierError, match="no RIB"):
        rib_of(parse_iban("DE89370400440532013000"))


def test_letters_in_the_account_number_count_in_the_key() -> None:
    assert rib_key("20041", "01005", "0500013M026") == "06"
    assert rib_key("30006", "00001", "12345678901") == "89"


@given(digits, digits, accounts)
def test_every_rib_we_make_is_valid_and_read_back(bank: str, branch: str, account: str) -> None:
    rib = make_rib(bank, branch, account)
    assert is_valid_iban(rib.iban)
    assert rib_of(parse_iban(rib.iban)) == rib
    assert rib.account_number == account.rjust(11, "0")


@given(digits, digits, accounts, st.integers(4, 26), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(bank: str, branch: str, account: str, at: int, digit: str) -> None:
    iban = make_rib(bank, branch, account).iban
    changed = f"{iban[:at]}{digit}{iban[at + 1 :]}"
    assert changed == iban or not is_valid_iban(changed)


@pytest.mark.parametrize(
    ("bank", "branch", "account"),
    [("1234", "00001", "1"), ("10107", "0000A", "1"), ("10107", "00001", "1" * 12), ("10107", "00001", "a")],
)
def test_a_rib_is_not_made_of_wrong_parts(bank: str, branch: str, account: str) -> None:
    with pytest.raises(IdentifierError):
        make_rib(bank, branch, account)


def test_an_iban_is_printed_in_groups_of_four_and_typed_in_any_grouping() -> None:
    printed = format_iban(GOOD)
    assert printed == "FR14 2004 1010 0505 0001 3M02 606"
    assert compact(f" {printed.lower()}\u00a0") == GOOD


@pytest.mark.parametrize(
    ("text", "country", "full"),
    [
        ("BREDFRPPXXX", "FR", "BREDFRPPXXX"),
        ("BREDFRPP", "FR", "BREDFRPPXXX"),
        ("CEPANCNM", "NC", "CEPANCNMXXX"),
    ],
)
def test_a_bic_names_its_country_and_head_office(text: str, country: str, full: str) -> None:
    bic = parse_bic(text)
    assert (bic.country, bic.full) == (country, full)


@pytest.mark.parametrize("text", ["", "BRED", "BREDFRP", "BREDXXPP", "bredfrpp", "BREDFRPP XXX", "1REDFR-P"])
def test_what_is_no_bic_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_bic(text)


@pytest.mark.parametrize(
    ("bic", "iban", "fits"),
    [
        ("BREDFRPP", GOOD, True),
        ("CEPANCNM", GOOD, True),
        ("DEUTDEFF", GOOD, False),
        ("BREDFRPP", "DE89370400440532013000", False),
    ],
)
def test_a_bank_of_noumea_keeps_french_ibans_and_a_german_one_does_not(
    bic: str, iban: str, fits: bool
) -> None:
    assert bic_fits_iban(parse_bic(bic), parse_iban(iban)) is fits
