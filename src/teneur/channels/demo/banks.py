"""The other banks of the story: the ISO 20022 files that they send, imported like those of any bank."""

from collections.abc import Sequence
from datetime import date, datetime

from teneur.channels.demo import world
from teneur.interbank import camt056, pacs002, pacs008
from teneur.interbank.answers import (
    Case,
    InterbankStatusReport,
    OriginalGroup,
    OriginalIds,
    OriginalTransaction,
    Recall,
    Recalls,
    TransactionStatus,
)
from teneur.interbank.messages import Account, Agent, Coded, Party, PaymentType, Reason, Remittance
from teneur.interbank.payments import InterbankTransfer, InterbankTransfers, Settlement
from teneur.kernel.money import EUR, Money

LUMIERE = Agent(bic=world.LUMIERE[1])
US = Agent(bic="BREDFRPPXXX")
_SEPA = PaymentType(service_levels=(Coded(code="SEPA"),))


def transfer(payee: str, iban: str, amount_minor: int, reference: str, on: date) -> InterbankTransfer:
    """A transfer of a customer of the bank Lumière, settled on a day."""
    return InterbankTransfer(
        end_to_end_id=reference,
        transaction_id=reference,
        amount=Money(amount_minor, EUR),
        charge_bearer="SLEV",
        payment_type=_SEPA,
        settlement_on=on,
        debtor=Party(name="Studio Lumiere"),
        debtor_account=Account(iban=world.iban_at(world.LUMIERE, 3)),
        debtor_agent=LUMIERE,
        creditor_agent=US,
        creditor=Party(name=payee),
        creditor_account=Account(iban=iban),
        remittance=Remittance(unstructured=("Paie decembre",)),
    )


def transfers_file(message_id: str, at: datetime, transfers: Sequence[InterbankTransfer]) -> bytes:
    """A pacs.008 of the bank Lumière."""
    return pacs008.write(
        InterbankTransfers(
            message_id=message_id,
            created_at=at,
            settlement=Settlement(method="CLRG"),
            settlement_on=transfers[0].settlement_on,
            payment_type=_SEPA,
            instructing_agent=LUMIERE,
            transfers=tuple(transfers),
        )
    )


def recall_file(
    case: str, at: datetime, message_id: str, sent: InterbankTransfer, reason: str, originator: Party
) -> bytes:
    """A camt.056 that asks a transfer of the bank Lumière back. reason: an ISO code of recalls."""
    recall = Recall(
        recall_id=case,
        case=Case(id=case, creator=Party(bic=LUMIERE.bic)),
        group=OriginalGroup(message_id=message_id, name=pacs008.SCHEMA.name),
        ids=OriginalIds(end_to_end_id=sent.end_to_end_id, transaction_id=sent.transaction_id),
        original_amount=sent.amount,
        original_settled_on=sent.settlement_on,
        reasons=(Reason(reason=Coded(code=reason), originator=originator),),
        original=OriginalTransaction(debtor_agent=LUMIERE),
    )
    return camt056.write(
        Recalls(id=f"R-{case}", assigner=LUMIERE, assignee=US, created_at=at, recalls=(recall,))
    )


def answer_file(message_id: str, at: datetime, reference: str, reason: str = "") -> bytes:
    """A pacs.002 about an instant transfer of ours: yes, or no with its reason. reference: our number."""
    said = Reason(reason=Coded(code=reason), originator=Party(bic=LUMIERE.bic))
    status = TransactionStatus(
        status="RJCT" if reason else "ACCP",
        ids=OriginalIds(transaction_id=reference),
        reasons=(said,) if reason else (),
        accepted_at=None if reason else at,
    )
    return pacs002.write(
        InterbankStatusReport(
            message_id=message_id, created_at=at, instructing_agent=LUMIERE, statuses=(status,)
        )
    )
