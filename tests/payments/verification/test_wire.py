"""The messages between banks and the file of endpoints: what is read, and what is refused."""

import json
from typing import Any

import pytest

from teneur.payments.verification.endpoints import WrongEndpoints, read_endpoints
from teneur.payments.verification.wire import (
    LARGEST_BODY_BYTES,
    WrongMessage,
    is_moment,
    read_id,
    read_request,
    request_of,
    write,
)

IBAN = "FR7630006000011234567890189"


def question(**changes: Any) -> dict[str, Any]:
    """A question as another program writes it."""
    return {
        "party": {"name": "Zoé Müller"},
        "partyAccount": {"iban": IBAN},
        "partyAgent": {"financialInstitutionId": {"bicfi": "BREDFRPPXXX"}},
        "requestingAgent": {"financialInstitutionId": {"bicfi": "AGRIFRPP"}},
        **changes,
    }


def test_what_we_write_is_what_we_read() -> None:
    made = request_of(
        iban=IBAN,
        responding_bic="BREDFRPPXXX",
        requesting_bic="AGRIFRPP",
        name="Zoé Müller",
        remittance="F-1",
    )
    assert read_request(write(made)) == made
    assert json.loads(write(made)) == question(unstructuredRemittanceInformation=["F-1"])


def test_identifiers_of_all_kinds_are_read() -> None:
    for identification in (
        {"organisationId": {"lei": "969500T3MBS4SQAMHJ45"}},
        {"organisationId": {"anyBIC": "AGRIFRPP"}},
        {"organisationId": {"others": [{"identification": "552120222", "schemeNameCode": "COID"}]}},
        {"privateId": {"others": [{"identification": "1", "schemeNameProprietary": "X", "issuer": "Y"}]}},
    ):
        party = {"identification": identification}
        assert read_request(json.dumps(question(party=party, unknown=1)).encode()).party.name is None


@pytest.mark.parametrize(
    "changes",
    [
        {"party": {}}, {"party": {"name": None}}, {"party": {"name": ""}}, {"party": {"name": " \u00a0"}},
        {"party": {"name": "a\u0000b"}}, {"party": {"name": "a\u202eb"}}, {"party": {"name": "a" * 141}},
        {"party": {"name": "A", "identification": {"organisationId": {"anyBIC": "AGRIFRPP"}}}},
        {"party": {"identification": {}}}, {"party": {"identification": {"organisationId": {}}}},
        {"party": {"identification": {"organisationId": {"lei": "969500"}}}},
        {"partyAccount": {"iban": "FR7630006000011234567890180"}}, {"partyAccount": {"iban": ""}},
        {"partyAccount": {"iban": "FR76 3000 6000 0112 3456 7890 189"}}, {"partyAccount": {}},
        {"partyAgent": {}}, {"partyAgent": {"financialInstitutionId": {"bicfi": "AGRI"}}},
        {"requestingAgent": {"financialInstitutionId": {"bicfi": "AGRIFRPP\n"}}},
        {"unstructuredRemittanceInformation": ["a", "b"]}, {"unstructuredRemittanceInformation": ["\u0007"]},
        {"unstructuredRemittanceInformation": "a"},
    ],
)  # fmt: skip
def test_a_question_of_the_wrong_form_is_refused_without_repeating_it(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongMessage) as wrong:
        read_request(json.dumps(question(**changes)).encode())
    assert str(wrong.value).startswith("$")
    assert "7630006" not in str(wrong.value)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b" " * (LARGEST_BODY_BYTES + 1), b"[" * 16_000])
def test_bytes_that_are_no_question_are_refused(body: bytes) -> None:
    with pytest.raises(WrongMessage):
        read_request(body)


def test_ids_are_uuids_and_moments_are_instants() -> None:
    assert read_id("b8A1f0d2-7c1e-4f7a-9d55-0a3c6f1e2b4d") is not None
    for text in ("", "b8a1f0d27c1e4f7a9d550a3c6f1e2b4d", "{b8a1f0d2-7c1e-4f7a-9d55-0a3c6f1e2b4d}", "x" * 36):
        assert read_id(text) is None
    assert is_moment("2026-05-05T08:00:00.123Z")
    assert is_moment("2026-05-05T08:00:00+02:00")
    for text in ("", "2026-05-05", "2026-13-05T08:00:00Z", "2026-05-05T08:00:00", "now\r\nX: 1"):
        assert not is_moment(text)


ONE = '[[bank]]\nbic = "AGRIFRPP"\ncodes = ["FR30006"]\nurl = "https://vop.example/vop"\n'


def test_endpoints_are_found_by_bank_code_and_else_by_bic() -> None:
    endpoints = read_endpoints(ONE + '[[bank]]\nbic = "COBADEFFXXX"\nurl = "http://[::1]:80/"\n')
    assert endpoints.answer_within_seconds == 5
    assert endpoints.find(IBAN, "COBADEFF") is endpoints.bank[0]
    assert endpoints.find("DE89370400440532013000", "COBADEFF500") is endpoints.bank[1]
    assert endpoints.find("DE89370400440532013000") is None
    assert endpoints.find("no IBAN", "AGRIFRPP") is None
    assert read_endpoints("").find(IBAN) is None


@pytest.mark.parametrize(
    "text",
    [
        "bank = 1", "= 1", "answer_within_seconds = 6\n" + ONE, "answer_within_seconds = 0", "wait = 3",
        'client_certificate = "a.pem"', ONE + ONE, ONE + "port = 1", ONE.replace("AGRIFRPP", "agri"),
        ONE.replace("FR30006", "30006"), *[
            ONE.replace("https://vop.example/vop", url)
            for url in (
                "http://vop.example/vop", "http://localhost/vop", "ftp://vop.example", "vop.example", "https://",
                "https://a:b@vop.example", "https://vop.example/?a", "https://vop.example/#a", "https://vop.example:0",
                "https://vop.example:99999", "https://vop.exämple", "https://vop.example/a b",
            )
        ],
    ],
)  # fmt: skip
def test_a_file_of_endpoints_that_would_not_do_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(WrongEndpoints, match="endpoints of other banks"):
        read_endpoints(text)
