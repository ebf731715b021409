"""Where other banks answer: the file of endpoints that whoever runs the bank writes.

answer_within_seconds = 5                   # at most 5, the scheme's own limit
ca_file = "/etc/teneur/vop-roots.pem"       # optional: who may vouch for other banks
client_certificate = "/etc/teneur/vop.pem"  # optional: how this bank shows who it is …
client_key = "/etc/teneur/vop.key"          # … with its key, not encrypted

[[bank]]
bic = "AGRIFRPP"
codes = ["FR30006"]                         # country and bank code of its IBANs
url = "https://vop.example/vop"             # /v1/payee-verifications is put behind it
"""

import tomllib
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from teneur.kernel.identifiers import IdentifierError, parse_iban
from teneur.payments.verification.wire import Bic

LONGEST_WAIT_SECONDS: Final = 5
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class WrongEndpoints(ValueError):
    """A file of endpoints that cannot be used; the message says where and what is wrong."""


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bank that answers."""

    bic: Bic
    url: str
    codes: tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}[A-Z0-9]{2,12}\Z")], ...] = ()


class Endpoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, with how this bank asks. Paths are of this machine."""

    bank: tuple[Endpoint, ...] = ()
    answer_within_seconds: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_WAIT_SECONDS)] = LONGEST_WAIT_SECONDS
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""

    def find(self, iban: str, bic: str = "") -> Endpoint | None:
        """Who keeps the account: by the IBAN's bank code, else by the BIC that the payer gave."""
        try:
            parsed = parse_iban(iban)
        except IdentifierError:
            return None
        code = parsed.country + parsed.bank_code
        by_code = next((endpoint for endpoint in self.bank if code in endpoint.codes), None)
        return by_code or next((e for e in self.bank if bic and e.bic[:8] == bic[:8]), None)


def read_endpoints(text: str) -> Endpoints:
    """The endpoints of a TOML text. Raises WrongEndpoints."""
    try:
        endpoints = msgspec.convert(tomllib.loads(text), Endpoints)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise WrongEndpoints(f"endpoints of other banks: {error}") from error
    for endpoint in endpoints.bank:
        problem = _url_problem(endpoint.url)
        if problem:
            raise WrongEndpoints(f"endpoints of other banks: url of {endpoint.bic}: {problem}")
    codes = [code for endpoint in endpoints.bank for code in endpoint.codes]
    if len(codes) != len({*codes}):
        raise WrongEndpoints("endpoints of other banks: a bank code is named twice")
    if bool(endpoints.client_certificate) is not bool(endpoints.client_key):
        raise WrongEndpoints("endpoints of other banks: client_certificate and client_key go together")
    return endpoints


def _url_problem(url: str) -> str:
    """What is wrong with an address: names travel encrypted, except to a gateway on this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "no address"
    if not url.isascii() or not url.isprintable() or " " in url or not host or port == 0:
        return "no address"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "neither user, query nor fragment belongs there"
    if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK):
        return ""
    return "expected https:// (http:// only to 127.0.0.1 or [::1])"
