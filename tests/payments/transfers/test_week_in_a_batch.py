"""The weekly ceiling counts the same, whatever orders and revocations share a batch."""

from datetime import datetime

import pytest
from tests.support.bank import BNC, open_account, open_bank

from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Command, Outcome
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, RevokeTransfer
from teneur.storage.database import Dsn

LATE = instant("2026-05-05T16:00:00+11:00")  # after the cut-off: kept for the next day, revocable until then


@pytest.mark.parametrize("together", [False, True])
def test_what_is_revoked_no_longer_counts_for_the_next_order(database: Dsn, together: bool) -> None:
    with open_bank(database) as bank:
        payer, payee = open_account(bank, BNC, funds_minor=5_000_000), open_account(bank, BNC)
        holder, iban = bank.account(payer).holders[0], bank.account(payee).iban
        order = PlaceTransfer(amount_minor=500_000, currency="XPF", payee=PayeeAccount(name="P", iban=iban))
        first, _ = bank.post([_command(payer, holder, order, n) for n in (1, 2)])
        assert isinstance(first, Answer)
        commands = [
            _command(payer, holder, order, 3),
            _command(payer, holder, RevokeTransfer(transfer=first.position), 4),
            _command(payer, holder, order, 5),
            _command(payer, holder, order, 6),
        ]
        answers = bank.post(commands) if together else [bank.post([c])[0] for c in commands]
        found = [(a.outcome, a.reason) for a in answers if isinstance(a, Answer)]
        accepted, refused = (Outcome.ACCEPTED, ""), (Outcome.REFUSED, "ceiling-weekly")
        assert found == [refused, accepted, accepted, refused]


def _command(account: AccountId, actor: int, ask: Ask, number: int, at: datetime = LATE) -> Command:
    return Command(
        key=bytes(15) + bytes([number]),
        subject=account,
        received_at=at,
        ask=ask,
        actor=actor,
        channel=Channel.REMOTE,
    )
