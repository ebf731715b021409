"""The kinds of command about overdrafts. Numbers are stored and never reused."""

from teneur.accounts.commands import SetOverdraft
from teneur.accounts.governing import Governing
from teneur.ledger.registry import Kind
from teneur.pricing.overdraft import commands as asked
from teneur.pricing.overdraft.decisions import changing, ending, granting, indebtedness, use


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """200 to 219; 21 is the older, short way to set a limit."""
    close = indebtedness.CloseOverIndebtednessHandler(governing)
    return (
        Kind(21, "set-overdraft", SetOverdraft, granting.SetOverdraftHandler(governing)),
        Kind(200, "grant-overdraft", asked.GrantOverdraft, granting.GrantOverdraftHandler(governing)),
        Kind(201, "change-overdraft", asked.ChangeOverdraft, changing.ChangeOverdraftHandler(governing)),
        Kind(202, "raise-overdraft", asked.RaiseOverdraft, changing.RaiseOverdraftHandler(governing)),
        Kind(203, "reduce-overdraft", asked.ReduceOverdraft, ending.ReduceOverdraftHandler(governing)),
        Kind(204, "end-overdraft", asked.EndOverdraft, ending.EndOverdraftHandler(governing)),
        Kind(205, "overdraft-event", asked.EndOverdraftByEvent, ending.EndOverdraftByEventHandler(governing)),
        Kind(206, "review-overdraft", asked.ReviewOverdraft, use.ReviewOverdraftHandler(governing)),
        Kind(207, "allow-excess", asked.AllowExcess, use.AllowExcessHandler(governing)),
        Kind(208, "demand-repayment", asked.DemandRepayment, use.DemandRepaymentHandler(governing)),
        Kind(
            209, "repay-in-instalments", asked.RepayInInstalments, ending.RepayInInstalmentsHandler(governing)
        ),
        Kind(
            210,
            "record-admissibility",
            asked.RecordAdmissibility,
            indebtedness.RecordAdmissibilityHandler(governing),
        ),
        Kind(211, "check-old-debt", asked.CheckOldDebt, indebtedness.CheckOldDebtHandler(governing)),
        Kind(212, "close-over-indebtedness", asked.CloseOverIndebtedness, close),
    )
