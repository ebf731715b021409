"""The kinds of command about amendments and services. Numbers are stored and never reused."""

from teneur.accounts.amendments import commands as asked
from teneur.accounts.amendments.decisions.applying import ApplyAmendmentHandler, HoldTariffHandler
from teneur.accounts.amendments.decisions.planning import PlanAmendmentHandler, WithdrawAmendmentHandler
from teneur.accounts.amendments.decisions.services import ActivateServiceHandler
from teneur.accounts.amendments.decisions.telling import NotifyAmendmentHandler, ObjectToAmendmentHandler
from teneur.accounts.governing import Governing
from teneur.ledger.registry import Kind


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """30 to 39."""
    tell = NotifyAmendmentHandler(governing)
    return (
        Kind(30, "plan-amendment", asked.PlanAmendment, PlanAmendmentHandler(governing), plain=True),
        Kind(31, "withdraw-amendment", asked.WithdrawAmendment, WithdrawAmendmentHandler(), plain=True),
        Kind(32, "notify-amendment", asked.NotifyAmendment, tell, plain=True),
        Kind(33, "object-to-amendment", asked.ObjectToAmendment, ObjectToAmendmentHandler(governing)),
        Kind(34, "apply-amendment", asked.ApplyAmendment, ApplyAmendmentHandler(governing)),
        Kind(35, "hold-tariff", asked.HoldTariff, HoldTariffHandler(governing)),
        Kind(36, "activate-service", asked.ActivateService, ActivateServiceHandler(governing)),
    )
