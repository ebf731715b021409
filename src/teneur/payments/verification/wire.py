"""The messages of a verification of payee between banks: bytes ↔ structs, bounded and validated.

Source: EPC, verification of payee scheme, inter-PSP API specifications (EPC103-24), as far as what others
publish about it shows; docs/verification-of-payee.md says which names are certain. What comes in is read
strictly where it decides, and fields that nobody here knows are passed over.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, TypeVar
from uuid import UUID

import msgspec

from teneur.kernel.identifiers import is_valid_iban

PATH: Final = "/v1/payee-verifications"
REQUEST_ID: Final = "X-Request-ID"
REQUEST_TIME: Final = "X-Request-Timestamp"
RESPONSE_TIME: Final = "X-Response-Timestamp"
JSON: Final = "application/json"
PROBLEM_JSON: Final = "application/problem+json"
LARGEST_BODY_BYTES: Final = 16_384  # ten times the longest request that the fields allow in ASCII
MATCHED_NAME_LETTERS: Final = 140

Bic = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")]
Lei = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{18}[0-9]{2}\Z")]
Max140 = Annotated[str, msgspec.Meta(min_length=1, max_length=MATCHED_NAME_LETTERS)]
Max256 = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Max35 = Annotated[str, msgspec.Meta(min_length=1, max_length=35)]


class Code(StrEnum):
    """The result of a verification."""

    MATCH = "MTCH"
    NO_MATCH = "NMTC"
    CLOSE_MATCH = "CMTC"  # with the name, for names only
    NOT_POSSIBLE = "NOAP"


class ProblemCode(StrEnum):
    """What was wrong with a request."""

    FORMAT_ERROR = "FORMAT_ERROR"
    CLIENT_INVALID = "CLIENT_INVALID"
    CLIENT_INCONSISTENT = "CLIENT_INCONSISTENT"
    TIMESTAMP_INVALID = "TIMESTAMP_INVALID"


class WrongMessage(ValueError):
    """Bytes that are no such message. The text says where and what, and repeats nothing of the content."""


class _Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    pass


class Institution(_Wire, frozen=True):
    """A bank by its BIC."""

    bicfi: Bic


class Agent(_Wire, frozen=True):
    """A bank with a part in the verification."""

    financial_institution_id: Institution


class OtherId(_Wire, frozen=True):
    """An identifier of another scheme (a tax number, say)."""

    identification: Max256
    scheme_name_code: Max35 | None = None
    scheme_name_proprietary: Max35 | None = None
    issuer: Max35 | None = None


class OrganisationId(_Wire, frozen=True, rename={"any_bic": "anyBIC"}):
    """An organisation by one of its identifiers."""

    lei: Lei | None = None
    any_bic: Bic | None = None
    others: tuple[OtherId, ...] = ()


class PrivateId(_Wire, frozen=True):
    """A person by an identifier."""

    others: tuple[OtherId, ...] = ()


class Identification(_Wire, frozen=True):
    """Instead of a name."""

    organisation_id: OrganisationId | None = None
    private_id: PrivateId | None = None


class Party(_Wire, frozen=True):
    """Who is to be paid, as the payer says: a name or an identification."""

    name: Max140 | None = None
    identification: Identification | None = None


class PartyAccount(_Wire, frozen=True):
    """The account to be paid to."""

    iban: str


class VerificationRequest(_Wire, frozen=True):
    """Whether the party holds the account. party_agent: the bank that is asked."""

    party: Party
    party_account: PartyAccount
    party_agent: Agent
    requesting_agent: Agent
    unstructured_remittance_information: Annotated[tuple[Max140, ...], msgspec.Meta(max_length=1)] = ()


class VerificationResponse(_Wire, frozen=True):
    """The result: of the name or of the identification, as was asked. matched_name: of a close match only."""

    party_name_match: Code | None = None
    party_id_match: Code | None = None
    matched_name: Max140 | None = None


class Problem(_Wire, frozen=True):
    """Why there is no result (RFC 9457). type: which problem, as a URI."""

    type: str
    code: str
    title: str
    status: int


Message = TypeVar("Message")

_REQUEST = msgspec.json.Decoder(VerificationRequest)
_RESPONSE = msgspec.json.Decoder(VerificationResponse)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def request_of(
    *,
    iban: str,
    responding_bic: str,
    requesting_bic: str,
    name: str = "",
    lei: str = "",
    remittance: str = "",
) -> VerificationRequest:
    """The question about a name or, where one is given, about an LEI."""
    identified = Identification(organisation_id=OrganisationId(lei=lei)) if lei else None
    return VerificationRequest(
        party=Party(name=None if identified else name, identification=identified),
        party_account=PartyAccount(iban=iban),
        party_agent=Agent(financial_institution_id=Institution(bicfi=responding_bic)),
        requesting_agent=Agent(financial_institution_id=Institution(bicfi=requesting_bic)),
        unstructured_remittance_information=(remittance,) if remittance else (),
    )


def write(message: VerificationRequest | VerificationResponse | Problem) -> bytes:
    """The bytes of a message."""
    return msgspec.json.encode(message)


def read_request(body: bytes) -> VerificationRequest:
    """The question in the bytes. Raises WrongMessage."""
    request = _read(body, _REQUEST)
    party = request.party
    if (party.name is None) is (party.identification is None):
        raise WrongMessage("$.party: a name or an identification, and not both")
    if party.name is not None and not (party.name.strip() and party.name.isprintable()):
        raise WrongMessage("$.party.name: no name")
    if party.identification is not None and not _identifiers(party.identification):
        raise WrongMessage("$.party.identification: nothing that identifies")
    if not all(line.isprintable() for line in request.unstructured_remittance_information):
        raise WrongMessage("$.unstructuredRemittanceInformation: control characters")
    if not is_valid_iban(request.party_account.iban):
        raise WrongMessage("$.partyAccount.iban: no IBAN in electronic form")
    return request


def read_response(body: bytes, *, by_name: bool) -> VerificationResponse:
    """The result in the bytes, which must answer what was asked. Raises WrongMessage."""
    response = _read(body, _RESPONSE)
    asked, other = response.party_name_match, response.party_id_match
    if not by_name:
        asked, other = other, asked
    if asked is None or other is not None:
        raise WrongMessage("$: not a result of what was asked")
    if asked is not Code.CLOSE_MATCH:
        return msgspec.structs.replace(response, matched_name=None)  # told without need: not passed on
    name = response.matched_name or ""
    if not by_name or not (name.strip() and name.isprintable()):
        raise WrongMessage("$.matchedName: a close match shows the name")
    return response


def read_id(text: str) -> UUID | None:
    """The request's id; None if the text is no UUID in its usual form."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def moment(at: datetime) -> str:
    """An instant as the headers want it: UTC, with milliseconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def is_moment(text: str) -> bool:
    """Whether a header's text is an instant."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _identifiers(of: Identification) -> bool:
    organisation, person = of.organisation_id, of.private_id
    return bool(
        (organisation and (organisation.lei or organisation.any_bic or organisation.others))
        or (person and person.others)
    )


def _read(body: bytes, decoder: "msgspec.json.Decoder[Message]") -> Message:
    if len(body) > LARGEST_BODY_BYTES:
        raise WrongMessage(f"more than {LARGEST_BODY_BYTES} bytes")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise WrongMessage(_place(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WrongMessage("no JSON") from None


def _place(said: str) -> str:
    """What a decoder said, without the value that it may repeat."""
    found = re.search(r"`(\$[\w.\[\]]*)`\Z", said)
    what = "a field is missing" if "missing required field" in said else "a value of the wrong form"
    return f"{found[1] if found else '$'}: {what}"
