"""Asking other banks whether a name fits an account of theirs, before the payer's consent.

Whatever goes wrong, the payer is told that the check is not available and may go on; why is logged without
name or account, and kept with the order.
"""

import logging
import ssl
from functools import cached_property
from threading import BoundedSemaphore
from typing import Final, Protocol
from uuid import uuid4

import msgspec

from teneur.kernel.clock import Clock
from teneur.payments.transfers.rules.payee import PayeeCheck, Verification
from teneur.payments.verification.connection import Cause, NoAnswer, post, trusting
from teneur.payments.verification.endpoints import Endpoint, Endpoints
from teneur.payments.verification.wire import (
    JSON,
    MATCHED_NAME_LETTERS,
    PATH,
    PROBLEM_JSON,
    REQUEST_ID,
    REQUEST_TIME,
    Code,
    WrongMessage,
    moment,
    read_response,
    request_of,
    write,
)

LOG = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 32
_OUTCOMES: Final = {
    Code.MATCH: PayeeCheck.MATCH,
    Code.CLOSE_MATCH: PayeeCheck.CLOSE_MATCH,
    Code.NO_MATCH: PayeeCheck.NO_MATCH,
    Code.NOT_POSSIBLE: PayeeCheck.NOT_AVAILABLE,
}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the payer says of the payee. bic: of the payee's bank, if given. lei: asked about instead of the
    name. requesting_bic: of the bank that asks.
    """

    iban: str
    name: str
    requesting_bic: str
    bic: str = ""
    lei: str = ""
    remittance: str = ""


class PayeeVerification(Protocol):
    """Who answers for accounts of other banks."""

    def verify(self, question: Question) -> Verification:
        """Whether the name fits the account; NOT_AVAILABLE where nobody answers."""
        ...


class NobodyAnswers:
    """No connection to other banks, and why."""

    def __init__(self, cause: Cause = Cause.NO_ENDPOINT) -> None:
        self._cause = cause

    def verify(self, question: Question) -> Verification:
        """Not available."""
        return _unavailable(question, self._cause)


class OtherBanks:
    """The banks of a file of endpoints, asked over HTTPS. Threads may share it."""

    def __init__(self, endpoints: Endpoints, clock: Clock) -> None:
        self._endpoints = endpoints
        self._clock = clock
        self._places = BoundedSemaphore(MOST_AT_ONCE)

    def verify(self, question: Question) -> Verification:
        """The other bank's answer, within `answer_within_seconds`; NOT_AVAILABLE with the cause otherwise."""
        if not (question.lei or question.name.strip()):
            return _unavailable(question, Cause.NOTHING_ASKED)
        endpoint = self._endpoints.find(question.iban, question.bic)
        if endpoint is None:
            return _unavailable(question, Cause.NO_ENDPOINT)
        request_id = str(uuid4())
        try:
            found = self._ask(endpoint, question, request_id)
        except NoAnswer as failure:
            LOG.warning("verification of payee %s: %s gave no answer: %s", request_id, endpoint.bic, failure)
            found = _unavailable(question, failure.cause)
        return msgspec.structs.replace(found, request_id=request_id, answered_by=endpoint.bic)

    def _ask(self, endpoint: Endpoint, question: Question, request_id: str) -> Verification:
        body = write(
            request_of(
                iban=question.iban,
                responding_bic=endpoint.bic,
                requesting_bic=question.requesting_bic,
                name=question.name[:MATCHED_NAME_LETTERS],
                lei=question.lei,
                remittance=question.remittance[:MATCHED_NAME_LETTERS],
            )
        )
        headers = {
            "Content-Type": JSON,
            "Accept": f"{JSON}, {PROBLEM_JSON}",
            REQUEST_ID: request_id,
            REQUEST_TIME: moment(self._clock.now()),
        }
        url = endpoint.url.rstrip("/") + PATH
        context = self._context if url.startswith("https:") else None
        wait_seconds = self._endpoints.answer_within_seconds
        reply = post(url, body, headers, context, wait_seconds=wait_seconds, places=self._places)
        if reply.headers.get(REQUEST_ID.lower(), "").lower() != request_id:
            raise NoAnswer(Cause.WRONG_ANSWER, "to another question")
        return _told(reply.body, question)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        of = self._endpoints
        try:
            return trusting(of.ca_file, of.client_certificate, of.client_key)
        except (OSError, ValueError) as error:
            raise NoAnswer(Cause.WRONG_SETTINGS, type(error).__name__) from error


def _told(body: bytes, question: Question) -> Verification:
    try:
        response = read_response(body, by_name=not question.lei)
    except WrongMessage as error:
        raise NoAnswer(Cause.WRONG_ANSWER, str(error)) from error
    code = response.party_id_match if question.lei else response.party_name_match
    assert code is not None, "read_response lets no answer pass that does not answer"
    cause = str(Cause.NOT_POSSIBLE) if code is Code.NOT_POSSIBLE else ""
    return Verification(_OUTCOMES[code], question.name, response.matched_name or "", cause=cause)


def _unavailable(question: Question, cause: Cause) -> Verification:
    return Verification(PayeeCheck.NOT_AVAILABLE, question.name, cause=str(cause))
