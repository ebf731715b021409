"""Values of one branch and one customer beside the agreement's own, in the order that the documents state."""

from datetime import date

import pytest

from teneur.agreements.agreement import Agreement, Agreements, Layer
from teneur.agreements.errors import AgreementError
from teneur.agreements.rules import winning_layer
from tests.support.asserts import asserts

FEE = "statements.fee_minor"


@asserts("BRED-PREAMB-4")
def test_a_specific_agreement_wins_over_the_general_conditions_of_bred(bred: Agreement) -> None:
    assert bred.statements.fee_minor.value == 0
    special = bred.with_overrides([Layer("specific-agreement", "REMOTE-7", {FEE: 150})])
    assert special.statements.fee_minor.value == 150
    assert special.statements.fee_minor.layer == "specific-agreement REMOTE-7"
    assert special.statements.fee_minor.clauses == ("BRED-5.3-1", "BRED-PREAMB-4")
    assert bred.statements.fee_minor.value == 0


@asserts("BNC-SCOPE-4")
def test_the_particular_terms_win_over_product_terms_and_general_terms_of_bnc(bnc: Agreement) -> None:
    product = Layer("product-terms", "PRODUCT-2", {FEE: 100, "cash.value_offset_days": 1})
    particular = Layer("particular-terms", "CP-2026-17", {FEE: 200})
    for layers in ([product, particular], [particular, product]):
        account = bnc.with_overrides(layers)
        assert account.statements.fee_minor.value == 200
        assert account.statements.fee_minor.layer == "particular-terms CP-2026-17"
        assert account.cash.value_offset_days.value == 1
        assert account.cash.value_offset_days.layer == "product-terms PRODUCT-2"
        assert account.cash.revocable.layer == ""
        assert "BNC-SCOPE-4" in account.statements.fee_minor.clauses


@asserts("BRED-PREAMB-4", "BNC-SCOPE-4")
def test_without_any_layer_the_agreement_itself_holds(agreements: Agreements) -> None:
    for agreement in agreements:
        ranks = agreement.about.precedence.value
        assert winning_layer(ranks, ()) == ranks[-1]
        assert winning_layer(ranks, (ranks[-1], ranks[0])) == ranks[0]


def test_the_branch_gives_way_to_what_the_customer_agreed(bred: Agreement) -> None:
    branch = Layer("branch", "00001", {FEE: 1, "transfers.ceilings.per_operation_minor": 1_000})
    customer = Layer("special-conditions", "CP-1", {FEE: 2})
    account = bred.with_overrides([branch, customer])
    assert account.statements.fee_minor.value == 2
    assert account.transfers.ceilings.per_operation_minor.value == 1_000


def test_the_same_layers_give_the_same_agreement(bred: Agreement) -> None:
    layers = [Layer("branch", "00001", {"cash.accepted": ["banknotes"]})]
    again = [Layer("branch", "00001", {"cash.accepted": ["banknotes"]})]
    assert bred.with_overrides(layers) is bred.with_overrides(again)
    assert bred.with_overrides([]) is bred
    other = [Layer("branch", "00001", {"cash.accepted": ["coins"]})]
    assert bred.with_overrides(other) is not bred.with_overrides(layers)


def test_true_and_one_are_different_values(bred: Agreement) -> None:
    one = bred.with_overrides([Layer("branch", "1", {FEE: 1})])
    assert one.statements.fee_minor.value == 1
    with pytest.raises(AgreementError, match="True is not a whole number"):
        bred.with_overrides([Layer("branch", "1", {FEE: True})])


def test_a_named_branch_and_open_tables_are_reached_by_path(bred: Agreement) -> None:
    renamed = bred.with_overrides([Layer("branch", "1", {"bank.branches.main.name": "Paris Rapée"})])
    assert renamed.bank.branches["main"].name.value == "Paris Rapée"
    assert bred.bank.branches["main"].name.value == "Agence principale"


def test_every_wrong_override_is_named_at_once(bred: Agreement) -> None:
    layers = [
        Layer("king", "ROYAL-1", {FEE: 1}),
        Layer("branch", "B-2", {"cash.revokable": True, "statements.period": "week"}),
        Layer("general-conditions", "GC", {"cash.revocable": True}),
        Layer("branch", "B-3", {"agreement.currency": "XPF", "nowhere": 1, "cash": 1, "statements.rib": 1}),
    ]
    with pytest.raises(AgreementError) as caught:
        bred.with_overrides(layers)
    found = {(p.file, p.path, p.what.split(":")[0].split(" ")[0]) for p in caught.value.problems}
    assert found == {
        ("ROYAL-1", "", "unknown"),
        ("GC", "", "unknown"),
        ("B-2", "cash.revokable", "no"),
        ("B-2", "statements.period", "wrong"),
        ("B-3", "agreement.currency", "no"),
        ("B-3", "nowhere", "no"),
        ("B-3", "cash", "no"),
        ("B-3", "statements.rib", "no"),
    }


def test_two_layers_of_one_rank_may_not_contradict(bred: Agreement) -> None:
    layers = [Layer("branch", "B-1", {FEE: 1}), Layer("branch", "B-2", {FEE: 2})]
    with pytest.raises(AgreementError, match="B-1 has the same rank"):
        bred.with_overrides(layers)


def test_what_is_not_overridden_is_shared(bred: Agreement) -> None:
    account = bred.with_overrides([Layer("branch", "1", {FEE: 1})])
    assert account.transfers is bred.transfers
    assert account.statements.rib is bred.statements.rib
    assert account.about.effective_from.value == date(2022, 6, 1)
