"""The kinds of command about transfers, with the context their decisions know."""

from teneur.ledger.registry import Kind
from teneur.payments.transfers.commands import (
    AnswerIdentityCheck,
    AskCeiling,
    ConfirmInstant,
    DecideCeiling,
    ExecuteTransfer,
    ExportMessages,
    PlaceTransfer,
    ReceiveRecall,
    ReceiveRecallAnswer,
    ReceiveReturn,
    ReceiveTransfer,
    RecordIdentityObjection,
    RequestRecall,
    ReviewScreening,
    RevokeTransfer,
    SendBackTransfer,
    SettleTransfer,
)
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.ceilings import AskCeilingHandler, DecideCeilingHandler
from teneur.payments.transfers.decisions.due import ExecuteHandler
from teneur.payments.transfers.decisions.export import ExportHandler
from teneur.payments.transfers.decisions.faulty import SendBackHandler
from teneur.payments.transfers.decisions.identity import (
    AnswerIdentityCheckHandler,
    RecordIdentityObjectionHandler,
)
from teneur.payments.transfers.decisions.incoming import ReceiveHandler
from teneur.payments.transfers.decisions.place import PlaceHandler
from teneur.payments.transfers.decisions.returns import (
    ReceiveRecallAnswerHandler,
    ReceiveRecallHandler,
    ReceiveReturnHandler,
    RequestRecallHandler,
)
from teneur.payments.transfers.decisions.revoke import RevokeHandler
from teneur.payments.transfers.decisions.settle import (
    ConfirmInstantHandler,
    ReviewScreeningHandler,
    SettleHandler,
)
from teneur.payments.transfers.message_files import (
    AnswerFile,
    AnswerFileHandler,
    FileWritten,
    FileWrittenHandler,
    ReceiveFile,
    ReceiveFileHandler,
)


def kinds(context: TransferContext) -> tuple[Kind, ...]:
    """All of them. 100 also stands in the SQL that counts the weekly ceiling."""
    return (
        Kind(100, "transfer", PlaceTransfer, PlaceHandler(context), plain=True),
        Kind(101, "transfer-due", ExecuteTransfer, ExecuteHandler(context), plain=True),
        Kind(102, "transfer-revoked", RevokeTransfer, RevokeHandler(context)),
        Kind(103, "transfer-settled", SettleTransfer, SettleHandler(context), plain=True),
        Kind(104, "instant-answered", ConfirmInstant, ConfirmInstantHandler(context)),
        Kind(105, "screening-reviewed", ReviewScreening, ReviewScreeningHandler(context)),
        Kind(106, "ceiling-asked", AskCeiling, AskCeilingHandler(context)),
        Kind(107, "ceiling-decided", DecideCeiling, DecideCeilingHandler(context)),
        Kind(108, "messages-exported", ExportMessages, ExportHandler()),
        Kind(109, "transfer-received", ReceiveTransfer, ReceiveHandler(context), plain=True),
        Kind(110, "transfer-returned", ReceiveReturn, ReceiveReturnHandler(context), plain=True),
        Kind(111, "recall-requested", RequestRecall, RequestRecallHandler(context), plain=True),
        Kind(112, "recall-received", ReceiveRecall, ReceiveRecallHandler(context), plain=True),
        Kind(113, "recall-answered", ReceiveRecallAnswer, ReceiveRecallAnswerHandler(context), plain=True),
        Kind(114, "file-received", ReceiveFile, ReceiveFileHandler(), plain=True),
        Kind(115, "file-answered", AnswerFile, AnswerFileHandler(), plain=True),
        Kind(116, "file-written", FileWritten, FileWrittenHandler(), plain=True),
        Kind(117, "identity-checked", AnswerIdentityCheck, AnswerIdentityCheckHandler(context), plain=True),
        Kind(
            118,
            "identity-objection",
            RecordIdentityObjection,
            RecordIdentityObjectionHandler(context),
            plain=True,
        ),
        Kind(119, "transfer-sent-back", SendBackTransfer, SendBackHandler(context), plain=True),
    )
