"""Usage rules of SEPA and XPF transfers, on files of third-party writers and one rule at a time."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from teneur.interbank import pain001, usage
from teneur.interbank.faults import Fault
from teneur.interbank.messages import (
    Account,
    Address,
    Agent,
    Coded,
    OtherId,
    Party,
    Remittance,
    StructuredRemittance,
)
from teneur.interbank.payments import CustomerTransferFile, PaymentBatch, TransferInstruction
from teneur.kernel.identifiers import make_rib, rib_of
from teneur.kernel.money import EUR, XPF, Money, currency
from tests.interbank.files import (
    FRENCH_IBAN,
    NOUMEA_BIC,
    OTHER_IBAN,
    UNSTRUCTURED,
    euro_file,
    franc_file,
    noumea_iban,
)
from tests.interbank.schemas import assert_valid

EVE, DAY = date(2026, 11, 14), date(2026, 11, 15)
SEPA = usage.sepa(
    bic_countries=frozenset({"FR", "GP", "RE", "DE", "BE", "GB", "MC"}),
    iban_countries=frozenset({"FR", "DE", "BE", "GB", "MC"}),
)
LOCAL = usage.local_xpf(bic_countries=frozenset({"NC"}))


def first_of(source: bytes) -> tuple[TransferInstruction, PaymentBatch]:
    """The first transfer of a file and its batch."""
    read = pain001.read(source)
    assert isinstance(read, CustomerTransferFile), read
    batch = read.batches[0]
    transfer = batch.transfers[0]
    assert isinstance(transfer, TransferInstruction), transfer
    return transfer, batch


def codes(
    transfer: TransferInstruction, batch: PaymentBatch, rules: usage.UsageRules, day: date = DAY
) -> list[str]:
    """The codes of the rules broken."""
    return [item.code for item in usage.check(transfer, batch, rules, day)]


def euro(**changes: Any) -> tuple[TransferInstruction, PaymentBatch]:
    """A good SEPA transfer with some fields changed."""
    transfer, batch = first_of(euro_file(1))
    return replace(transfer, **changes), batch


def code(found: Fault | None) -> str | None:
    """The code of a rule's answer."""
    return found.code if found else None


# ---------------------------------------------------------------- third-party files


def test_a_file_of_sepaxml_with_structured_addresses_breaks_no_rule() -> None:
    assert codes(*first_of(euro_file(1)), SEPA) == []


def test_the_trap_schema_valid_address_lines_are_refused_since_15_november_2026() -> None:
    source = euro_file(1, address=UNSTRUCTURED)
    assert_valid("pain.001.001.09", source)
    transfer, batch = first_of(source)
    assert codes(transfer, batch, SEPA, EVE) == []
    [found] = usage.check(transfer, batch, SEPA, DAY)
    assert (found.code, found.iso) == ("usage-address-unstructured", "BE04")
    assert "15/11/2026" in found.french
    assert "2026-11-15" in found.english


def test_a_file_of_pacific_francs_breaks_no_local_rule_and_is_no_sepa_file() -> None:
    transfer, batch = first_of(franc_file(("15000",)))
    assert codes(transfer, batch, LOCAL) == []
    assert codes(transfer, batch, SEPA) == ["usage-currency", "usage-area", "usage-charges"]


def test_a_local_transfer_to_a_bank_of_another_territory_is_refused() -> None:
    transfer, batch = first_of(franc_file(("15000",), creditor_agent_BIC="BREDFRPP"))
    assert codes(transfer, batch, LOCAL) == ["usage-area"]


# ---------------------------------------------------------------- one rule at a time


def test_only_euro_is_sepa() -> None:
    assert codes(*euro(amount=Money(1000, currency("USD"))), SEPA) == ["usage-currency"]


@pytest.mark.parametrize(
    ("minor", "expected"),
    [(0, "usage-amount"), (1, None), (99_999_999_999, None), (100_000_000_000, "usage-amount")],
)
def test_a_sepa_amount_goes_from_one_cent_to_a_cent_below_a_billion(minor: int, expected: str | None) -> None:
    assert code(usage.amount_within_bounds(Money(minor, EUR), SEPA)) == expected


@pytest.mark.parametrize(
    ("address", "eve", "day"),
    [
        (None, None, None),
        (Address(town="Paris", country="FR"), None, None),
        (Address(town="Paris", country="FR", lines=("a", "b")), None, None),
        (
            Address(town="Paris", country="FR", lines=("a", "b", "c")),
            "usage-address-lines",
            "usage-address-lines",
        ),
        (Address(lines=("a",)), None, "usage-address-unstructured"),
        (Address(country="FR", lines=("a", "b")), None, "usage-address-unstructured"),
        (Address(town="Paris", lines=("a", "b")), None, "usage-address-unstructured"),
        (Address(street="Rue", country="FR"), None, "usage-address-incomplete"),
        (Address(street="Rue", town="Paris"), None, "usage-address-incomplete"),
    ],
)
def test_addresses_before_and_since_the_day(
    address: Address | None, eve: str | None, day: str | None
) -> None:
    assert code(usage.address_acceptable(address, "Cdtr", EVE, SEPA)) == eve
    assert code(usage.address_acceptable(address, "Cdtr", DAY, SEPA)) == day


def test_the_payers_address_has_its_own_reason() -> None:
    found = usage.address_acceptable(Address(lines=("a",)), "Dbtr", DAY, SEPA)
    assert found is not None
    assert found.iso == "BE07"


def test_local_transfers_take_an_address_in_lines_on_any_day() -> None:
    lines = Address(lines=("BP 12", "98800 Nouméa"))
    assert usage.address_acceptable(lines, "Cdtr", date(2030, 1, 1), LOCAL) is None


@pytest.mark.parametrize(
    ("iban", "wrong"),
    [
        ("FR1420041010050500013M02606", None),
        ("FR7630006000011234567890189", None),
        ("FR7630006000011234567890188", "usage-iban"),
        (
            "FR2420020202260600024M02606",
            "usage-iban",
        ),  # a misprint that a bank's site showed: the check digits lie
        ("FR763000600001123456789018", "usage-iban"),
        ("XX1420041010050500013M02606", "usage-iban"),
        ("fr7630006000011234567890189", "usage-iban"),
        ("DE89370400440532013000", None),
    ],
)
def test_an_iban_is_checked_with_its_rib_key(iban: str, wrong: str | None) -> None:
    assert code(usage.account_valid(Account(iban=iban), "Cdtr", SEPA)) == wrong


def test_the_reason_tells_the_payees_account_from_the_payers() -> None:
    wrong = Account(iban="FR7630006000011234567890188")
    payee, payer = usage.account_valid(wrong, "Cdtr", SEPA), usage.account_valid(wrong, "Dbtr", SEPA)
    assert payee is not None
    assert payer is not None
    assert (payee.iso, payer.iso) == ("AC03", "AC01")


def test_a_rib_names_a_local_account_and_no_sepa_account() -> None:
    rib = make_rib("14889", "00081", "1")
    text = f"{rib.bank_code}{rib.branch_code}{rib.account_number}{rib.key}"
    account = Account(other=OtherId(id=text))
    assert usage.account_valid(account, "Cdtr", LOCAL) is None
    assert code(usage.account_valid(account, "Cdtr", SEPA)) == "usage-iban-only"
    for bad in (text[:-1], text[:-1] + str((int(text[-1]) + 1) % 10), text[:-2] + "XX", "", "é" * 23):
        assert code(usage.account_valid(Account(other=OtherId(id=bad)), "Cdtr", LOCAL)) == "usage-rib"


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.from_regex(r"[0-9A-Z]{11}", fullmatch=True))
def test_every_rib_that_we_make_is_a_rib(bank: str, account: str) -> None:
    rib = make_rib(bank, "00001", account)
    assert rib_of_text(rib.iban)
    assert usage.is_rib(rib.iban[4:])


def rib_of_text(iban: str) -> bool:
    """Whether the IBAN holds a RIB with the key that it says."""
    from teneur.kernel.identifiers import parse_iban

    return rib_of(parse_iban(iban)).iban == iban


@pytest.mark.parametrize(
    ("iban", "bic", "wrong"),
    [
        (FRENCH_IBAN, "BREDFRPPXXX", None),
        (FRENCH_IBAN, "BFBKGPGX", None),  # Guadeloupe
        (FRENCH_IBAN, "BREDRERX", None),  # Réunion
        (noumea_iban("00000000001"), NOUMEA_BIC, None),
        (noumea_iban("00000000001"), "SOGEPFTP", None),  # Polynesia
        (FRENCH_IBAN, "COBADEFF", "usage-bic-iban"),
        ("DE89370400440532013000", "COBADEFF", None),
        ("DE89370400440532013000", NOUMEA_BIC, "usage-bic-iban"),
        (FRENCH_IBAN, "", None),
    ],
)
def test_bic_and_iban_must_be_of_one_country_save_for_the_overseas(
    iban: str, bic: str, wrong: str | None
) -> None:
    assert code(usage.bic_and_iban_agree(Account(iban=iban), Agent(bic=bic), "Cdtr")) == wrong


def test_a_bank_overseas_in_the_pacific_is_no_sepa_bank_even_with_a_french_iban() -> None:
    found = usage.bank_in_area(Agent(bic=NOUMEA_BIC), SEPA)
    assert code(found) == "usage-area"
    assert code(usage.bank_in_area(Agent(bic=NOUMEA_BIC), LOCAL)) is None


def test_an_account_outside_the_area_is_refused() -> None:
    swiss = Account(iban="CH9300762011623852957")
    assert code(usage.account_in_area(swiss, SEPA)) == "usage-area"
    assert code(usage.account_in_area(Account(iban=OTHER_IBAN), SEPA)) is None


@pytest.mark.parametrize(
    ("agent", "wrong"),
    [
        (None, None),
        (Agent(), None),
        (Agent(bic="BREDFRPP"), None),
        (Agent(other=OtherId(id="NOTPROVIDED")), None),
        (Agent(bic="BREDZZPP"), "usage-bic"),
        (Agent(other=OtherId(id="30004")), "usage-bic-only"),
        (Agent(name="Ma banque"), "usage-bic-only"),
        (Agent(clearing_member="12345"), "usage-bic-only"),
    ],
)
def test_a_sepa_bank_is_named_by_bic_or_not_provided(agent: Agent | None, wrong: str | None) -> None:
    assert code(usage.bank_named(agent, "Cdtr", SEPA)) == wrong


@pytest.mark.parametrize(
    ("bearer", "in_sepa", "local"),
    [
        ("SLEV", None, None),
        ("", None, None),
        ("SHAR", "usage-charges", None),
        ("DEBT", "usage-charges", "usage-charges"),
        ("CRED", "usage-charges", "usage-charges"),
    ],
)
def test_who_may_bear_the_charges(bearer: str, in_sepa: str | None, local: str | None) -> None:
    assert code(usage.charges_allowed(bearer, SEPA)) == in_sepa
    assert code(usage.charges_allowed(bearer, LOCAL)) == local


@pytest.mark.parametrize(
    ("reference", "wrong"),
    [
        ("NOTPROVIDED", False),
        ("A/B", False),
        ("/A", True),
        ("A/", True),
        ("A//B", True),
        ("/", True),
        ("Réf", True),
        ("A&B", True),
        ("", False),
    ],
)
def test_a_reference_must_be_able_to_travel_unchanged(reference: str, wrong: bool) -> None:
    assert (usage.reference_writable(reference, "PmtId/EndToEndId") is not None) is wrong


def test_a_name_with_accents_is_welcome_and_one_without_latin_letters_is_not() -> None:
    assert usage.name_writable(Party(name="Zoë Châtelain-Özgür"), "Cdtr", SEPA) is None
    assert code(usage.name_writable(Party(name="王秀英"), "Cdtr", SEPA)) == "usage-characters"


@pytest.mark.parametrize(
    ("name", "wrong"), [("x" * 70, None), ("x" * 71, "usage-name-length"), ("ß" * 36, "usage-name-length")]
)
def test_a_name_has_seventy_characters_once_written(name: str, wrong: str | None) -> None:
    assert code(usage.name_writable(Party(name=name), "Cdtr", SEPA)) == wrong


def structured(reference: str, issuer: str = "", *additional: str) -> StructuredRemittance:
    """A creditor reference."""
    return StructuredRemittance(
        reference=reference,
        reference_kind=Coded(code="SCOR"),
        reference_issuer=issuer,
        additional=additional,
    )


@pytest.mark.parametrize(
    ("remittance", "wrong"),
    [
        (None, None),
        (Remittance(), None),
        (Remittance(unstructured=("x" * 140,)), None),
        (Remittance(unstructured=("œ" * 71,)), "usage-remittance-length"),
        (Remittance(unstructured=("a", "b")), "usage-remittance-several"),
        (
            Remittance(unstructured=("a",), structured=(structured("RF18539007547034"),)),
            "usage-remittance-several",
        ),
        (Remittance(structured=(structured("RF18539007547034"),)), None),
        (Remittance(structured=(structured("x" * 35, "", "y" * 106),)), "usage-remittance-length"),
    ],
)
def test_one_remittance_of_a_hundred_and_forty_characters(
    remittance: Remittance | None, wrong: str | None
) -> None:
    assert code(usage.remittance_allowed(remittance, SEPA)) == wrong


@pytest.mark.parametrize(
    ("reference", "issuer", "wrong"),
    [
        ("RF18539007547034", "", False),
        ("RF19539007547034", "", True),
        ("RF18539007547034", "ISO", False),
        ("539007547034", "ISO", True),
        ("539007547034", "", False),  # a reference of another standard
        ("RF18", "", True),
        ("RF" + "1" * 24, "", True),
        ("", "ISO", False),
    ],
)
def test_a_creditor_reference_of_iso_11649_is_checked(reference: str, issuer: str, wrong: bool) -> None:
    found = usage.creditor_reference_valid(Remittance(structured=(structured(reference, issuer),)))
    assert (found is not None) is wrong


def test_every_broken_rule_is_told_with_the_line_of_the_transfer() -> None:
    transfer, batch = euro(
        amount=Money(100_000_000_000, EUR),
        charge_bearer="DEBT",
        end_to_end_id="/x",
        creditor=Party(name="王", address=Address(lines=("a",))),
        line=7,
    )
    found = usage.check(transfer, batch, SEPA, DAY)
    assert [item.code for item in found] == [
        "usage-amount",
        "usage-charges",
        "usage-reference",
        "usage-characters",
        "usage-address-unstructured",
    ]
    assert {item.line for item in found} == {7}
    assert all(item.french and item.english and item.iso for item in found)


def test_a_transfer_of_another_bank_is_held_to_the_same_rules() -> None:
    from tests.interbank.test_between_banks import transfer

    assert usage.check_interbank(transfer(), SEPA, DAY) == ()
    wrong = transfer(amount=Money(1, XPF), charge_bearer="SHAR", transaction_id="//")
    assert [item.code for item in usage.check_interbank(wrong, SEPA, DAY)] == [
        "usage-currency",
        "usage-charges",
        "usage-reference",
    ]
