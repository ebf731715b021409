"""The contract is a set of documents, each in the version that applies to the account on the day."""

from datetime import date

from teneur.accounts.amendments.commands import ActivateService
from teneur.accounts.commands import MoveToAgreement, OpenAccount
from teneur.agreements.terms.amendments import ComponentKind
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Channel, account_id
from teneur.ledger.account import AccountKind
from tests.accounts.amendments.making import (
    NEW,
    OLD,
    PLANNED,
    documents,
    on,
    open_day,
    planned,
    planned_tariff,
    told,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BOOK, BRED, MAIN_BRANCH, accepted, add_person, open_account

OPENED = date(2026, 10, 15)
EVE = date(2027, 1, 14)


def kinds(bank: Bank, account: AccountId, day: date) -> list[str]:
    return [str(document.kind) for document in documents(bank, account, day)]


def signed_account(bank: Bank, series: str, currency: str) -> AccountId:
    """An account with particular terms and an authentication agreement."""
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency=currency,
        series=series,
        branch=MAIN_BRANCH,
        authentication="sol-cap-2020-10",
        particular={"cash.accepted": ["banknotes"]},
    )
    answer = accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH))
    account: AccountId = bank.decided(answer)["account"]
    return account


@asserts("BRED-PREAMB-3")
def test_at_bred_the_contract_is_general_terms_annexes_particular_terms_and_tariff(bank: Bank) -> None:
    amendment = planned(bank)
    account = signed_account(bank, BRED, "EUR")
    told(bank, account, amendment)
    first = documents(bank, account, OPENED)
    assert kinds(bank, account, OPENED) == [
        "general-terms", *["annexes"] * 6, "particular-terms", "tariff", "authentication",
    ]  # fmt: skip
    general, particular, tariff = first[0], first[7], first[8]
    assert (general.id, general.version, general.since, general.why) == (
        OLD[BRED],
        "06/2022",
        OPENED,
        "opening",
    )
    assert (particular.since, particular.details) == (OPENED, ("cash.accepted = banknotes",))
    assert (tariff.version, tariff.since, tariff.why) == ("2022-06-01", OPENED, "opening")
    assert first[9].id == "sol-cap-2020-10"
    open_day(bank, PLANNED)
    assert documents(bank, account, EVE) == first
    later = documents(bank, account, PLANNED)
    assert (later[0].id, later[0].since, later[0].why, later[0].amendment) == (
        NEW[BRED],
        PLANNED,
        "amendment",
        amendment,
    )
    assert {d.since for d in later if d.kind is ComponentKind.ANNEXES} == {PLANNED}
    assert later[7:] == first[7:]


@asserts("BNC-SCOPE-3")
def test_at_bnc_the_contract_is_general_and_particular_terms_tariff_and_product_terms(bank: Bank) -> None:
    amendment = planned_tariff(bank, BNC)
    account = open_account(bank, BNC)
    told(bank, account, amendment)
    assert kinds(bank, account, date(2026, 10, 20)) == ["general-terms", "particular-terms", "tariff"]
    on(bank, date(2026, 11, 2), BNC)
    ask = ActivateService(
        service="file-transmission",
        requested_by=bank.account(account).holders[0],
        document="Convention de télétransmission TT-8",
    )
    accepted(bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH))
    product = documents(bank, account, date(2026, 11, 2))[-1]
    assert (product.kind, product.id, product.version, product.since) == (
        ComponentKind.PRODUCT,
        "file-transmission",
        "Convention de télétransmission TT-8",
        date(2026, 11, 2),
    )
    assert len(documents(bank, account, date(2026, 11, 1))) == 3
    open_day(bank, date(2027, 2, 1), BNC)
    before, after = (documents(bank, account, day)[2] for day in (date(2027, 1, 31), date(2027, 2, 1)))
    assert (before.version, before.why) == ("2026-04-01", "opening")
    assert (after.version, after.since, after.why, after.amendment) == (
        "2027-02-01",
        date(2027, 2, 1),
        "amendment",
        amendment,
    )


@asserts("BNC-SCOPE-3", "BRED-PREAMB-3")
def test_an_opening_records_each_document_with_its_version(bank: Bank) -> None:
    for series, clause, currency in ((BRED, "BRED-PREAMB-3", "EUR"), (BNC, "BNC-SCOPE-3", "XPF")):
        ask = OpenAccount(
            kind=AccountKind.INDIVIDUAL,
            holders=(add_person(bank),),
            currency=currency,
            series=series,
            branch=MAIN_BRANCH,
        )
        answer = accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH))
        assert clause in answer.citations
        recorded = [tuple(row) for row in bank.decided(answer)["contract"]]
        account: AccountId = bank.decided(answer)["account"]
        day = bank.account(account).opened_on
        assert recorded == [(str(d.kind), d.id, d.version) for d in documents(bank, account, day)]
        assert recorded[0][:2] == ("general-terms", OLD[series])


def test_a_tariff_that_is_held_says_so_and_what_is_agreed_later_has_its_own_day(bank: Bank) -> None:
    account = open_account(bank)
    move = MoveToAgreement(
        agreement=OLD[BRED], valid_from=date(2026, 12, 1), particular={"cash.accepted": ["coins"]}
    )
    accepted(bank.ask(move, account, actor=ADVISER))
    open_day(bank, date(2027, 2, 1))
    found = {d.kind: d for d in documents(bank, account, date(2027, 2, 1))}
    particular, tariff = found[ComponentKind.PARTICULAR], found[ComponentKind.TARIFF]
    assert (particular.since, particular.why, particular.details) == (
        date(2026, 12, 1),
        "agreed",
        ("cash.accepted = coins",),
    )
    assert (tariff.version, tariff.why) == ("2022-06-01", "held")
    assert found[ComponentKind.GENERAL].since == bank.account(account).opened_on
