"""The kinds of command about fees."""

from teneur.accounts.governing import Governing
from teneur.ledger.registry import Kind
from teneur.payments.transfers.context import TransferContext
from teneur.pricing.fees.commands import (
    AnnounceFees,
    ChargePeriod,
    CollectFee,
    DeliverRequest,
    GivePriorInformation,
    NoteSummary,
    RefundFee,
    RequestCopy,
    RequestResearch,
    SettleFees,
    WaiveFee,
)
from teneur.pricing.fees.decisions.collecting import (
    AnnounceHandler,
    ChargePeriodHandler,
    CollectHandler,
    SettleHandler,
)
from teneur.pricing.fees.decisions.preview import PreviewHandler
from teneur.pricing.fees.decisions.requests import (
    CopyHandler,
    DeliverHandler,
    ResearchHandler,
    SummaryHandler,
)
from teneur.pricing.fees.decisions.staff import RefundHandler, WaiveHandler


def kinds(governing: Governing, transfers: TransferContext) -> tuple[Kind, ...]:
    """All of them: 240 to 269."""
    return (
        Kind(240, "fees-announced", AnnounceFees, AnnounceHandler(governing), plain=True),
        Kind(241, "fee-collected", CollectFee, CollectHandler(governing), plain=True),
        Kind(242, "fee-waived", WaiveFee, WaiveHandler(governing), plain=True),
        Kind(243, "fee-refunded", RefundFee, RefundHandler(governing), plain=True),
        Kind(244, "fee-for-period", ChargePeriod, ChargePeriodHandler(governing), plain=True),
        Kind(245, "fees-settled", SettleFees, SettleHandler(governing), plain=True),
        Kind(246, "research-requested", RequestResearch, ResearchHandler(governing), plain=True),
        Kind(247, "copy-requested", RequestCopy, CopyHandler(governing), plain=True),
        Kind(248, "request-delivered", DeliverRequest, DeliverHandler(governing), plain=True),
        Kind(
            249, "prior-information", GivePriorInformation, PreviewHandler(governing, transfers), plain=True
        ),
        Kind(250, "fee-summary-made", NoteSummary, SummaryHandler(governing), plain=True),
    )
