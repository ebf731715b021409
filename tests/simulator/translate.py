"""From a request of the model to a command of the engine, field by field."""

from collections.abc import Callable
from typing import Any

from teneur.accounts.commands import OpenAccount, SetOverdraft, SetUnavailable
from teneur.agreements.terms.cash import CashForm
from teneur.agreements.terms.transfers import Service
from teneur.cash.commands import CancelCashDeposit, CashDeposit, Pieces
from teneur.kernel.commands import Ask, Channel, Command
from teneur.ledger.account import AccountKind
from teneur.ledger.commands import Move, PlaceHold, ReleaseHold, ReverseOperation, TakeHold
from teneur.obligations.commands import NoticeSent
from teneur.payments.transfers.commands import (
    AskCeiling,
    ConfirmInstant,
    DecideCeiling,
    ExecuteTransfer,
    PayeeAccount,
    PlaceTransfer,
    ReceiveTransfer,
    Repeat,
    ReviewScreening,
    RevokeTransfer,
    SettleTransfer,
)
from teneur.payments.transfers.rules.standing import Frequency
from tests.simulator.model import Request

CHANNELS = {channel.name.lower().replace("_", "-"): channel for channel in Channel}


def _open_account(ask: dict[str, Any]) -> Ask:
    kinds = {"individual": AccountKind.INDIVIDUAL, "joint": AccountKind.JOINT}
    return OpenAccount(**{**ask, "kind": kinds[ask["kind"]]})


def _deposit(ask: dict[str, Any]) -> Ask:
    pieces = tuple(Pieces(CashForm(form), value, count) for form, value, count in ask["pieces"])
    return CashDeposit(**{**ask, "pieces": pieces})


def _transfer(ask: dict[str, Any]) -> Ask:
    fields = dict(ask)
    names = ("name", "iban", "bic")
    payee = PayeeAccount(**{name: fields.pop(f"payee_{name}") for name in names})
    repeat = fields.pop("repeat")
    if repeat is not None:
        repeat = Repeat(**{**repeat, "frequency": Frequency(repeat["frequency"])})
    service = Service(fields.pop("service"))
    return PlaceTransfer(payee=payee, repeat=repeat, service=service, **fields)


ASKS: dict[str, Callable[[dict[str, Any]], Ask]] = {
    "move": lambda ask: Move(**ask),
    "place-hold": lambda ask: PlaceHold(**ask),
    "take-hold": lambda ask: TakeHold(**ask),
    "release-hold": lambda ask: ReleaseHold(**ask),
    "reverse": lambda ask: ReverseOperation(**ask),
    "open-account": _open_account,
    "overdraft": lambda ask: SetOverdraft(**ask),
    "unavailable": lambda ask: SetUnavailable(**ask),
    "deposit": _deposit,
    "cancel-deposit": lambda ask: CancelCashDeposit(**ask),
    "notice": lambda ask: NoticeSent(**ask),
    "transfer": _transfer,
    "due": lambda ask: ExecuteTransfer(**ask),
    "revoke": lambda ask: RevokeTransfer(**ask),
    "settle": lambda ask: SettleTransfer(**ask),
    "confirm": lambda ask: ConfirmInstant(**ask),
    "review": lambda ask: ReviewScreening(**ask),
    "receive": lambda ask: ReceiveTransfer(**ask),
    "ask-ceiling": lambda ask: AskCeiling(**ask),
    "decide-ceiling": lambda ask: DecideCeiling(**ask),
}


def command(request: Request) -> Command:
    """The command that asks this."""
    return Command(
        key=request.key,
        subject=request.subject,
        received_at=request.at,
        ask=ASKS[request.kind](request.ask),
        actor=request.actor,
        channel=CHANNELS[request.channel],
    )
