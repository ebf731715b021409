"""Answering another bank's verification of payee: the bytes of a request in, status and bytes out.

Whoever ends TLS in front of this (and checks the other bank's certificate) says which bank it is; any server
can carry it. Every answer from the books is recorded with its question: with the account it is about, or in
book 0 if it is about none of this bank. A question that is refused for its form, asked too often or put to
another bank is answered without looking at the books, and leaves no record.
"""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

import msgspec
import psycopg

from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Channel, Outcome
from teneur.ledger.account import load_by_iban
from teneur.ledger.errors import LedgerError
from teneur.payments.verification.commands import AnswerPayeeCheck
from teneur.payments.verification.decisions import NOBODY
from teneur.payments.verification.limits import Rate
from teneur.payments.verification.rules import Told
from teneur.payments.verification.wire import (
    JSON,
    PATH,
    PROBLEM_JSON,
    REQUEST_ID,
    REQUEST_TIME,
    RESPONSE_TIME,
    Code,
    Identification,
    Problem,
    ProblemCode,
    VerificationRequest,
    VerificationResponse,
    WrongMessage,
    is_moment,
    moment,
    read_id,
    read_request,
    write,
)

LOG = logging.getLogger(__name__)
PATHS: Final = frozenset({PATH, f"/vop{PATH}"})
_BANK_LETTERS: Final = 8  # of a BIC; the rest is a branch

# The scheme sets none. A bank sends many; a guesser needs many about one account.
REQUESTS_A_MINUTE: Final = 600
MISSES_AN_HOUR: Final = 60


class Request(msgspec.Struct, frozen=True):
    """What came in. headers: names in small letters. requester: the bank's BIC, as its certificate proves;
    None: nobody has checked, and the request is believed.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    requester: str | None = None


class Response(msgspec.Struct, frozen=True):
    """What goes out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Refused(Exception):
    def __init__(self, status: int, title: str, code: ProblemCode | None = None) -> None:
        super().__init__(title)
        self.problem = Problem(
            type="about:blank" if code is None else f"urn:teneur:vop:{code.lower().replace('_', '-')}",
            code=str(code or ""),
            title=title,
            status=status,
        )


class Answerer:
    """Answers from one bank's books. Threads may share it; they take turns."""

    def __init__(
        self,
        bank: Bank,
        *,
        requests: Rate | None = None,
        misses: Rate | None = None,
    ) -> None:
        """requests: how often a bank may ask. misses: how often it may ask about one account in vain."""
        self._bank = bank
        self._requests = requests or Rate(REQUESTS_A_MINUTE, timedelta(minutes=1))
        self._misses = misses or Rate(MISSES_AN_HOUR, timedelta(hours=1))
        self._own = {agreement.bank.bic.value[:_BANK_LETTERS] for agreement in bank.agreements}
        self._turn = Lock()

    def handle(self, request: Request) -> Response:
        """The answer to any request, whatever is wrong with it."""
        now = self._bank.clock.now()
        told_id = request.headers.get(REQUEST_ID.lower(), "")
        headers = {RESPONSE_TIME: moment(now), "Cache-Control": "no-store"}
        if read_id(told_id) is not None:
            headers[REQUEST_ID] = told_id
        try:
            with self._turn:
                result = self._result(request, now)
        except _Refused as refused:
            problem = refused.problem
            return Response(problem.status, {**headers, "Content-Type": PROBLEM_JSON}, write(problem))
        except (LedgerError, psycopg.Error, OSError) as error:
            LOG.warning(
                "verification of payee %s: not answered: %s", headers.get(REQUEST_ID), type(error).__name__
            )
            broken = _Refused(500, "no answer now").problem
            return Response(500, {**headers, "Content-Type": PROBLEM_JSON}, write(broken))
        return Response(200, {**headers, "Content-Type": JSON}, write(result))

    def _result(self, request: Request, now: datetime) -> VerificationResponse:
        asked = _read(request)
        requester = asked.requesting_agent.financial_institution_id.bicfi
        bank = requester[:_BANK_LETTERS]
        if request.requester is not None and request.requester[:_BANK_LETTERS] != bank:
            raise _Refused(403, "the certificate is another bank's", ProblemCode.CLIENT_INCONSISTENT)
        if not self._requests.allows(bank, now):
            raise _Refused(429, "too many requests")
        self._requests.count(bank, now)
        iban = asked.party_account.iban
        ours = asked.party_agent.financial_institution_id.bicfi[:_BANK_LETTERS] in self._own
        told = Told(Code.NOT_POSSIBLE)
        if ours and self._misses.allows((bank, iban), now):
            told = self._told(asked, requester, request.headers[REQUEST_ID.lower()])
            if told.code is not Code.MATCH:
                self._misses.count((bank, iban), now)
        if asked.party.name is None:
            return VerificationResponse(party_id_match=told.code)
        return VerificationResponse(party_name_match=told.code, matched_name=told.matched_name or None)

    def _told(self, asked: VerificationRequest, requester: str, request_id: str) -> Told:
        ask = AnswerPayeeCheck(
            iban=asked.party_account.iban,
            requesting_bic=requester,
            request_id=request_id.lower(),
            name=asked.party.name or "",
            identifier=_identifier(asked.party.identification),
            remittance=" ".join(asked.unstructured_remittance_information),
        )
        subject = self._account(ask.iban)
        # The other bank's id of the question makes a question that comes twice one question.
        key = hashlib.sha256(f"vop {requester[:_BANK_LETTERS]} {ask.request_id}".encode()).digest()[:16]
        answer = self._bank.ask(ask, subject, channel=Channel.INTERBANK, key=key)
        if answer.outcome is not Outcome.ACCEPTED:
            known = answer.reason == "key-reused"
            reason = "this id is another question's" if known else "who asks is no bank"
            raise _Refused(400, reason, ProblemCode.CLIENT_INVALID)
        return msgspec.convert(self._bank.decided(answer), Told)

    def _account(self, iban: str) -> AccountId:
        with self._bank.read() as connection:
            return load_by_iban(connection, [iban]).get(iban, NOBODY)


def _read(request: Request) -> VerificationRequest:
    """The question, if the request is one. Raises _Refused."""
    if request.path not in PATHS:
        raise _Refused(404, "there is nothing here")
    if request.method != "POST":
        raise _Refused(405, "only POST")
    headers = request.headers
    if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise _Refused(415, "only JSON", ProblemCode.FORMAT_ERROR)
    if read_id(headers.get(REQUEST_ID.lower(), "")) is None:
        raise _Refused(400, f"{REQUEST_ID}: a UUID is needed", ProblemCode.FORMAT_ERROR)
    if not is_moment(headers.get(REQUEST_TIME.lower(), "")):
        raise _Refused(400, f"{REQUEST_TIME}: an instant is needed", ProblemCode.TIMESTAMP_INVALID)
    try:
        return read_request(request.body)
    except WrongMessage as error:
        raise _Refused(400, str(error), ProblemCode.FORMAT_ERROR) from error


def _identifier(of: Identification | None) -> str:
    """What identifies the payee, as the evidence keeps it: the scheme's words and values."""
    if of is None:
        return ""
    plain: dict[str, Any] = msgspec.to_builtins(of)
    return msgspec.json.encode(plain).decode()
