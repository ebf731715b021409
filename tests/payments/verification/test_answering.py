"""Answering another bank from the books: what it is told, what is kept, and what it may not do."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.conftest import Databases
from tests.payments.verification.test_wire import question
from tests.support.asserts import asserts
from tests.support.bank import BNC, BOOK, BRED, accepted, add_person, open_account, open_bank
from tests.support.transfers import ELSEWHERE, refused

from teneur.bank import Bank
from teneur.channels.explain import explain
from teneur.channels.verification.answering import Answerer, Request, Response
from teneur.kernel.commands import AccountId, Channel
from teneur.ledger.chart import Role, own_account
from teneur.payments.verification.commands import AnswerPayeeCheck
from teneur.payments.verification.decisions import NOBODY
from teneur.payments.verification.limits import Rate
from teneur.payments.verification.rules import Told, told_to_bank
from teneur.payments.verification.wire import Code

HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "x-request-timestamp": "2026-05-05T08:00:00.000Z",
}


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file."""
    dsn = databases.create()
    with open_bank(dsn) as opened:
        yield opened
    databases.drop(dsn)


@pytest.fixture(scope="module")
def account(bank: Bank) -> AccountId:
    """An account of Marie Dupont."""
    return open_account(bank, BRED)


def asked(
    answerer: Answerer,
    iban: str,
    name: str = "Marie Dupont",
    *,
    request_id: str | UUID = "",
    requester: str | None = None,
    **changes: Any,
) -> Response:
    """The answer to a question about an account and a name."""
    fields = {"party": {"name": name}, "partyAccount": {"iban": iban}, **changes}
    body = json.dumps(question(**fields)).encode()
    headers = {**HEADERS, "x-request-id": str(request_id or uuid4())}
    return answerer.handle(Request("POST", "/vop/v1/payee-verifications", headers, body, requester))


def told(bank: Bank, account: AccountId, name: str, **more: Any) -> dict[str, Any]:
    """The body of the answer, which must be one."""
    response = asked(Answerer(bank), bank.account(account).iban, name, **more)
    assert (response.status, response.headers["Content-Type"]) == (200, "application/json"), response
    found: dict[str, Any] = json.loads(response.body)
    return found


def rows(bank: Bank, book: int) -> int:
    """How long a journal is."""
    with bank.read() as connection:
        row = connection.execute(
            "select coalesce(max(position), 0) from journal where book = %s", [book]
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_name_is_told_on_a_close_match_and_never_else(bank: Bank, account: AccountId) -> None:
    assert told(bank, account, "DUPONT Marie") == {"partyNameMatch": "MTCH"}
    assert told(bank, account, "Marie Dupond") == {"partyNameMatch": "CMTC", "matchedName": "Marie Dupont"}
    assert told(bank, account, "Dupont") == {"partyNameMatch": "NMTC"}
    assert told(bank, account, "Marie") == {"partyNameMatch": "NMTC"}
    identified = {"identification": {"organisationId": {"anyBIC": "AGRIFRPP"}}}
    assert told(bank, account, "", party=identified) == {"partyIdMatch": "NOAP"}


def test_joint_holders_answer_each_and_together(bank: Bank) -> None:
    account = open_account(bank, BRED, add_person(bank), add_person(bank, "Martin", "Paul"))
    assert told(bank, account, "Paul Martin") == {"partyNameMatch": "MTCH"}
    assert told(bank, account, "Mme Marie Dupont ou M. Paul Martin") == {"partyNameMatch": "MTCH"}
    assert told(bank, account, "Marie Martin") == {"partyNameMatch": "NMTC"}


def test_accounts_of_nobody_of_another_bank_and_of_the_bank_itself_answer_alike(bank: Bank) -> None:
    answerer = Answerer(bank)
    own = bank.account(own_account(BOOK, Role.CASH, "EUR"))
    bodies = {asked(answerer, iban).body for iban in (ELSEWHERE, own.iban) if iban}
    closed = told_to_bank("Marie Dupont", [("Marie Dupont", "Dupont")], answers=False)
    assert bodies == {b'{"partyNameMatch":"NOAP"}'}
    assert closed == Told(Code.NOT_POSSIBLE)
    other = {"financialInstitutionId": {"bicfi": "COBADEFF"}}
    before = rows(bank, 0), rows(bank, BOOK)
    assert asked(answerer, ELSEWHERE, partyAgent=other).body in bodies
    assert (rows(bank, 0), rows(bank, BOOK)) == before


@asserts("BNC-6.1.3.1-9")
def test_question_and_answer_are_kept_with_the_account(bank: Bank) -> None:
    account = open_account(bank, BNC)
    id_ = str(uuid4())
    told(bank, account, "Marie Dupond", request_id=id_, unstructuredRemittanceInformation=["F-1"])
    with bank.read() as connection:
        row = connection.execute(
            "select kind, channel, subject from journal where book = %s order by position desc limit 1",
            [BOOK],
        ).fetchone()
    assert row == (130, Channel.INTERBANK, account & 0xFFFF_FFFF)
    ask = AnswerPayeeCheck(
        iban=bank.account(account).iban,
        requesting_bic="AGRIFRPP",
        request_id=str(uuid4()),
        name="Marie Dupond",
    )
    answer = accepted(bank.ask(ask, account, channel=Channel.INTERBANK))
    assert answer.citations == ("BNC-6.1.3.1-9",)
    record = bank.record(answer)
    assert record["decided"] == {"code": "CMTC", "matched_name": "Marie Dupont"}
    assert record["asked"]["requesting_bic"] == "AGRIFRPP"


def test_a_question_about_no_account_here_is_kept_in_book_0(bank: Bank) -> None:
    before = rows(bank, 0)
    assert asked(Answerer(bank), ELSEWHERE).status == 200
    assert rows(bank, 0) == before + 1


def test_whoever_looks_later_finds_the_question_explained(bank: Bank) -> None:
    told(bank, open_account(bank, BNC), "Marie Dupont")
    asked(Answerer(bank), ELSEWHERE)
    for book in (0, BOOK):
        found = explain(bank, book, rows(bank, book))
        assert found is not None
        assert found.title == "Vérification du bénéficiaire par une autre banque"
        assert all(step.text == "" for step in found.steps)


def test_a_question_that_comes_twice_is_answered_and_kept_once(bank: Bank, account: AccountId) -> None:
    answerer, iban, id_ = Answerer(bank), bank.account(account).iban, uuid4()
    first = asked(answerer, iban, "Marie Dupond", request_id=id_)
    before = rows(bank, BOOK)
    again = asked(answerer, iban, "Marie Dupond", request_id=str(id_).upper())
    assert (again.status, again.body) == (200, first.body)
    other = asked(answerer, iban, "Marie Durand", request_id=id_)
    assert (other.status, json.loads(other.body)["code"]) == (400, "CLIENT_INVALID")
    assert rows(bank, BOOK) == before
    agent = {"financialInstitutionId": {"bicfi": "LENTFRPP"}}  # another bank's ids are its own
    assert asked(answerer, iban, "Marie Durand", request_id=id_, requestingAgent=agent).status == 200


def test_the_certificate_says_who_asks(bank: Bank, account: AccountId) -> None:
    answerer, iban = Answerer(bank), bank.account(account).iban
    assert asked(answerer, iban, requester="AGRIFRPPXXX").status == 200
    before = rows(bank, BOOK)
    for wrong in ("LENTFRPP", ""):
        response = asked(answerer, iban, requester=wrong)
        assert (response.status, json.loads(response.body)["code"]) == (403, "CLIENT_INCONSISTENT")
    assert rows(bank, BOOK) == before


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"path": "/"}, 404, ""),
        ({"path": "/v1/payee-verifications/"}, 404, ""),
        ({"method": "GET"}, 405, ""),
        ({"content-type": "text/plain"}, 415, "FORMAT_ERROR"),
        ({"x-request-id": "1"}, 400, "FORMAT_ERROR"),
        ({"x-request-timestamp": "yesterday"}, 400, "TIMESTAMP_INVALID"),
        ({"body": b"{}"}, 400, "FORMAT_ERROR"),
        ({"body": b""}, 400, "FORMAT_ERROR"),
    ],
)
def test_a_request_of_the_wrong_form_is_a_problem_and_leaves_no_record(
    bank: Bank, change: dict[str, Any], status: int, code: str
) -> None:
    id_ = str(uuid4())
    headers = {**HEADERS, "x-request-id": id_, **{k: v for k, v in change.items() if "-" in k}}
    request = Request(
        change.get("method", "POST"), change.get("path", "/v1/payee-verifications"), headers,
        change.get("body", json.dumps(question()).encode()),
    )  # fmt: skip
    before = rows(bank, 0), rows(bank, BOOK)
    response = Answerer(bank).handle(request)
    problem = json.loads(response.body)
    assert (response.status, problem["status"], problem["code"]) == (status, status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers.get("X-Request-ID") == (None if "x-request-id" in change else id_)
    assert (rows(bank, 0), rows(bank, BOOK)) == before


def test_the_answer_carries_the_id_and_the_time(bank: Bank, account: AccountId) -> None:
    id_ = uuid4()
    headers = asked(Answerer(bank), bank.account(account).iban, request_id=id_).headers
    assert headers["X-Request-ID"] == str(id_)
    assert headers["X-Response-Timestamp"] == "2026-05-04T01:00:00.000Z"
    assert headers["Cache-Control"] == "no-store"


def test_a_bank_that_asks_too_often_waits_and_the_others_do_not(bank: Bank, account: AccountId) -> None:
    answerer = Answerer(bank, requests=Rate(2, timedelta(minutes=1)))
    iban = bank.account(account).iban
    assert [asked(answerer, iban).status for _ in range(4)] == [200, 200, 429, 429]
    agent = {"financialInstitutionId": {"bicfi": "LENTFRPP"}}
    assert asked(answerer, iban, requestingAgent=agent).status == 200


def test_guessing_the_name_of_an_account_ends_and_nothing_more_is_told(
    bank: Bank, account: AccountId
) -> None:
    answerer = Answerer(bank, misses=Rate(2, timedelta(hours=1)))
    iban = bank.account(account).iban
    codes = [
        json.loads(asked(answerer, iban, name).body)["partyNameMatch"]
        for name in ("Marie Dupont", "Jean", "Marie Dupond", "Marie Dupond", "Marie Dupont")
    ]
    assert codes == ["MTCH", "NMTC", "CMTC", "NOAP", "NOAP"]


def test_only_another_bank_may_ask_and_about_the_account_of_the_iban(bank: Bank, account: AccountId) -> None:
    iban = bank.account(account).iban

    def ask(subject: AccountId = account, channel: Channel = Channel.INTERBANK, bic: str = "AGRIFRPP") -> Any:
        check = AnswerPayeeCheck(iban=iban, requesting_bic=bic, request_id="", name="Marie Dupont")
        return bank.ask(check, subject, channel=channel)

    refused(ask(channel=Channel.REMOTE), "not-authorised")
    refused(ask(bic=""), "bic-invalid")
    refused(ask(bic="AGRI"), "bic-invalid")
    refused(ask((BOOK << 32) + 999_999_999), "unknown-account")
    refused(ask(open_account(bank, BRED)), "unknown-account")
    assert bank.decided(accepted(ask(NOBODY))) == {"code": "NOAP"}


def test_a_rate_gives_back_evenly_and_forgets_nobody_who_still_waits(bank: Bank) -> None:
    rate, now = Rate(3, timedelta(seconds=30)), bank.clock.now()

    def use(who: str, after_seconds: int) -> bool:
        at = now + timedelta(seconds=after_seconds)
        allowed = rate.allows(who, at)
        if allowed:
            rate.count(who, at)
        return allowed

    assert [use("a", 0) for _ in range(4)] == [True, True, True, False]
    assert use("b", 0)
    assert [use("a", seconds) for seconds in (9, 10, 10, 20)] == [False, True, False, True]
    assert [use("a", 100) for _ in range(4)] == [True, True, True, False]
    with pytest.raises(ValueError, match="rate"):
        Rate(0, timedelta(seconds=1))
