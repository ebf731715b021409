"""Asking another bank over a real socket: its answers, and every way in which it may not answer."""

import json
import socket
import subprocess
import threading
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from tests.payments.verification.hostile import (
    Answer,
    certificate,
    listening,
    replying,
    request_id,
    sending,
    server_context,
    silent,
)

from teneur.kernel.clock import SimulatedClock, instant
from teneur.payments.transfers.rules.payee import PayeeCheck, Verification
from teneur.payments.verification.asking import NobodyAnswers, OtherBanks, Question
from teneur.payments.verification.connection import Cause, NoAnswer, post
from teneur.payments.verification.endpoints import Endpoint, Endpoints

IBAN = "FR7630006000011234567890189"
NAME = "Zoé Müller"
QUESTION = Question(iban=IBAN, name=NAME, requesting_bic="BREDFRPPXXX")
LEI = "969500T3MBS4SQAMHJ45"
CLOCK = SimulatedClock(instant("2026-05-05T10:00:00.123456+02:00"))


def banks(url: str, **more: object) -> OtherBanks:
    """One other bank, at this address."""
    endpoint = Endpoint(bic="AGRIFRPP", url=url, codes=("FR30006",))
    return OtherBanks(Endpoints(bank=(endpoint,), **{"answer_within_seconds": 2, **more}), CLOCK)  # type: ignore[arg-type]


def said(answer: Answer, question: Question = QUESTION, **more: object) -> Verification:
    """What we make of a server that answers so."""
    with listening(answer) as bank:
        return banks(bank.url, **more).verify(question)


def cause(answer: Answer, question: Question = QUESTION, **more: object) -> str:
    """Why the check is not available then."""
    found = said(answer, question, **more)
    assert (found.outcome, found.shown_name) == (PayeeCheck.NOT_AVAILABLE, "")
    return found.cause


@pytest.mark.parametrize(
    ("body", "outcome", "shown"),
    [
        (b'{"partyNameMatch":"MTCH"}', PayeeCheck.MATCH, ""),
        (b'{"partyNameMatch":"NMTC"}', PayeeCheck.NO_MATCH, ""),
        ('{"partyNameMatch":"CMTC","matchedName":"Zoé"}'.encode(), PayeeCheck.CLOSE_MATCH, "Zoé"),
        (b'{"partyNameMatch":"MTCH","matchedName":"Told Without Need","new":[1]}', PayeeCheck.MATCH, ""),
        (b'{"partyNameMatch":"NMTC","matchedName":"Told Without Need"}', PayeeCheck.NO_MATCH, ""),
        (b'{"partyNameMatch":"NOAP"}', PayeeCheck.NOT_AVAILABLE, ""),
    ],
)  # fmt: skip
def test_each_code_has_its_answer_and_a_name_is_shown_on_a_close_match_only(
    body: bytes, outcome: PayeeCheck, shown: str
) -> None:
    found = said(replying(body))
    assert (found.outcome, found.shown_name, found.asked_name) == (outcome, shown, NAME)
    assert found.answered_by == "AGRIFRPP"
    assert found.cause == ("not-possible" if outcome is PayeeCheck.NOT_AVAILABLE else "")


def test_the_question_has_the_form_of_the_scheme() -> None:
    with listening(replying(b'{"partyNameMatch":"MTCH"}')) as bank:
        found = banks(bank.url).verify(QUESTION)
    (asked,) = bank.asked
    head, _, body = asked.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /vop/v1/payee-verifications HTTP/1.1"
    assert {
        "Content-Type: application/json",
        f"X-Request-ID: {found.request_id}",
        "X-Request-Timestamp: 2026-05-05T08:00:00.123Z",
    } <= {*lines}
    assert json.loads(body) == {
        "party": {"name": NAME},
        "partyAccount": {"iban": IBAN},
        "partyAgent": {"financialInstitutionId": {"bicfi": "AGRIFRPP"}},
        "requestingAgent": {"financialInstitutionId": {"bicfi": "BREDFRPPXXX"}},
    }


def test_a_company_may_be_asked_for_by_its_lei() -> None:
    question = Question(iban=IBAN, name="", lei=LEI, requesting_bic="BREDFRPP", remittance="F-1")
    with listening(replying(b'{"partyIdMatch":"MTCH"}')) as bank:
        assert banks(bank.url).verify(question).outcome is PayeeCheck.MATCH
    asked = json.loads(bank.asked[0].partition(b"\r\n\r\n")[2])
    assert asked["party"] == {"identification": {"organisationId": {"lei": LEI}}}
    assert asked["unstructuredRemittanceInformation"] == ["F-1"]
    assert cause(replying(b'{"partyNameMatch":"MTCH"}'), question) == "wrong-answer"
    assert cause(replying(b'{"partyIdMatch":"CMTC","matchedName":"X"}'), question) == "wrong-answer"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no JSON", b"[]", b"null", b'"MTCH"', b"{}", b'{"partyNameMatch":null}',
        b'{"partyNameMatch":"YES"}', b'{"partyNameMatch":"CMTC","matchedName":["Z"]}',
        b'{"partyNameMatch":"mtch"}', b'{"partyNameMatch":1}', b'{"partyNameMatch":"CMTC"}',
        b'{"partyNameMatch":"CMTC","matchedName":""}', b'{"partyNameMatch":"CMTC","matchedName":"  "}',
        b'{"partyNameMatch":"CMTC","matchedName":"Zo\\u001b[2Je"}',
        b'{"partyNameMatch":"CMTC","matchedName":"' + b"Z" * 141 + b'"}', b'{"partyIdMatch":"MTCH"}',
        b'{"partyNameMatch":"MTCH","partyIdMatch":"MTCH"}', b'{"partyNameMatch":"\xff"}', b"\xef\xbb\xbf{}",
        b"[" * 15_000, b'{"x":' * 2_500 + b"1" + b"}" * 2_500, b'{"partyNameMatch":"MTCH"} {}',
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_not_available(body: bytes) -> None:
    assert cause(replying(body)) == "wrong-answer"


def test_an_answer_to_another_question_counts_for_nothing() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n"
    body = b'\r\n{"partyNameMatch":"MTCH"}'
    assert cause(sending(head + body)) == "wrong-answer"
    other = b"X-Request-ID: 11111111-1111-4111-8111-111111111111\r\n"
    assert cause(sending(head + other + body)) == "wrong-answer"


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (replying(b"{}", status="400 Bad Request", kind="application/problem+json"), "wrong-status"),
        (replying(b'{"partyNameMatch":"MTCH"}', status="500 Oh"), "wrong-status"),
        (replying(b'{"partyNameMatch":"MTCH"}', status="201 Created"), "wrong-status"),
        (replying(b'{"partyNameMatch":"MTCH"}', kind="text/html"), "wrong-answer"),
        (sending(b"SSH-2.0-OpenSSH_9.9\r\n"), "wrong-answer"),
        (sending(b""), "wrong-answer"),
        (sending(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n"), "wrong-answer"),
        (sending(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000), "wrong-answer"),
        (replying(b'{"partyNameMatch":"MTCH"}' + b" " * 16_384), "too-long"),
        (sending(OK + b"\r\n", b"{" * 9_999, forever=True), "too-long"),
        (
            sending(
                OK + b"Transfer-Encoding: chunked\r\n\r\n",
                b"1000\r\n" + b" " * 4_096 + b"\r\n",
                forever=True,
            ),
            "too-long",
        ),
    ],
)  # fmt: skip
def test_a_server_that_misbehaves_is_not_available(answer: Answer, expected: str) -> None:
    assert cause(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        sending(b"H", OK[1:] + b"A: ", b"b", pause_seconds=0.05, forever=True),
        sending(
            OK + b"Content-Length: 16000\r\n\r\n", b" ",
            pause_seconds=0.05, forever=True,
        ),
        sending(b"HTTP/1.1 100 Continue\r\n\r\n", pause_seconds=0.01, forever=True),
    ],
    ids=["silent", "drip of headers", "drip of body", "for ever to be continued"],
)  # fmt: skip
def test_the_time_is_for_the_whole_and_the_thread_ends_with_it(answer: Answer) -> None:
    others = banks("http://127.0.0.1:1")
    with listening(answer) as bank:
        others = banks(bank.url, answer_within_seconds=1)
        start = perf_counter()
        found = others.verify(QUESTION)
        assert 0.9 < perf_counter() - start < 1.8
        assert (found.outcome, found.cause) == (PayeeCheck.NOT_AVAILABLE, "timed-out")
        _wait_for_threads()


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "verification of payee":
            thread.join(3)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent", "304 Same"]
)
def test_a_redirection_is_refused_and_nobody_else_is_asked(status: str) -> None:
    with listening(replying(b'{"partyNameMatch":"MTCH"}')) as other:
        location = f"Location: {other.url}/v1/payee-verifications\r\n".encode()
        assert cause(replying(b"", status=status, headers=location)) == "redirected"
    assert other.asked == []


def test_nobody_there_is_not_available() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = banks(f"http://127.0.0.1:{port}").verify(QUESTION)
    assert (found.outcome, found.cause) == (PayeeCheck.NOT_AVAILABLE, "unreachable")


def test_banks_without_an_endpoint_and_questions_without_a_name_are_not_asked() -> None:
    with listening(replying(b'{"partyNameMatch":"MTCH"}')) as bank:
        others = banks(bank.url)
        german = Question(iban="DE89370400440532013000", name=NAME, requesting_bic="BREDFRPP")
        assert others.verify(german).cause == "no-endpoint"
        nameless = Question(iban=IBAN, name="  ", requesting_bic="BREDFRPP")
        assert others.verify(nameless).cause == "nothing-asked"
        by_bic = Question(iban="DE89370400440532013000", name=NAME, requesting_bic="B", bic="AGRIFRPPXXX")
        assert others.verify(by_bic).outcome is PayeeCheck.MATCH
    assert len(bank.asked) == 1
    assert NobodyAnswers().verify(QUESTION).outcome is PayeeCheck.NOT_AVAILABLE


def test_proxies_of_the_environment_see_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(silent) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert said(replying(b'{"partyNameMatch":"MTCH"}')).outcome is PayeeCheck.MATCH
    assert proxy.asked == []


def test_the_log_says_why_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    replies = [
        replying(b'{"partyNameMatch":"CMTC","matchedName":"Jean\\u0007 Secret"}'),
        replying(b'{"partyNameMatch":"Jean Secret"}'),
        replying(b"Jean Secret", status="418 Jean Secret"),
        sending(b"Jean Secret\r\n"),
    ]
    ids = [said(answer).request_id for answer in replies]
    text = caplog.text
    for word in ("Secret", "Müller", IBAN, IBAN[10:20]):
        assert word not in text
    assert all(id_ in text for id_ in ids)
    assert text.count("AGRIFRPP") == len(replies)
    assert text.count("wrong-answer") == 3


def test_more_questions_than_places_are_not_asked() -> None:
    places = threading.BoundedSemaphore(1)
    with listening(silent) as bank:
        with pytest.raises(NoAnswer, match="timed-out"):
            post(bank.url, b"{}", {}, None, wait_seconds=1, places=places)
        _wait_for_threads()
        with places, pytest.raises(NoAnswer) as busy:
            post(bank.url, b"{}", {}, None, wait_seconds=1, places=places)
    assert busy.value.cause is Cause.BUSY


# TLS

ROOTS: dict[str, Any] = {"ca_file": certificate("roots.pem")}
MATCH = replying(b'{"partyNameMatch":"MTCH"}')


def over_tls(server: str = "server", *, asks_for_client: bool = False, **more: object) -> Verification:
    """What we make of a server with this certificate."""
    with listening(MATCH, server_context(server, asks_for_client=asks_for_client)) as bank:
        return banks(bank.url, **more).verify(QUESTION)


def test_a_certificate_of_a_known_authority_for_that_host_is_needed() -> None:
    assert over_tls(**ROOTS).outcome is PayeeCheck.MATCH
    assert over_tls().cause == "wrong-certificate"
    assert over_tls(ca_file=certificate("strangers.pem")).cause == "wrong-certificate"
    assert over_tls("elsewhere", **ROOTS).cause == "wrong-certificate"


def test_nothing_is_sent_before_the_certificate_is_checked() -> None:
    with listening(MATCH, server_context("elsewhere")) as bank:
        banks(bank.url, **ROOTS).verify(QUESTION)
    assert bank.asked == []


def test_this_bank_shows_its_certificate_where_it_is_asked_for() -> None:
    shown: dict[str, Any] = {
        "client_certificate": certificate("client.pem"),
        "client_key": certificate("client.key"),
    }
    assert over_tls(asks_for_client=True, **ROOTS, **shown).outcome is PayeeCheck.MATCH
    assert over_tls(asks_for_client=True, **ROOTS).outcome is PayeeCheck.NOT_AVAILABLE


def test_a_server_that_does_not_speak_tls_or_never_ends_its_greeting_is_not_available() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/vop"
        start = perf_counter()
        assert banks(url, answer_within_seconds=1, **ROOTS).verify(QUESTION).cause == "timed-out"
        assert perf_counter() - start < 1.8
    _wait_for_threads()
    with listening(MATCH) as plain:
        found = banks(plain.url.replace("http:", "https:"), **ROOTS).verify(QUESTION)
        assert found.cause in {"unreachable", "timed-out"}


def test_files_of_no_use_are_wrong_settings_and_no_passphrase_is_asked_for(tmp_path: Path) -> None:
    assert over_tls(ca_file=str(tmp_path / "none.pem")).cause == "wrong-settings"
    locked = tmp_path / "locked.key"
    command = [
        "openssl",
        "pkey",
        "-in",
        certificate("client.key"),
        "-aes256",
        "-passout",
        "pass:x",
        "-out",
        str(locked),
    ]
    subprocess.run(command, check=True, capture_output=True)
    shown: dict[str, Any] = {"client_certificate": certificate("client.pem"), "client_key": str(locked)}
    assert over_tls(**ROOTS, **shown).cause == "wrong-settings"


def test_ids_of_questions_differ() -> None:
    with listening(MATCH) as bank:
        for _ in range(3):
            banks(bank.url).verify(QUESTION)
    assert len({request_id(asked) for asked in bank.asked}) == 3
