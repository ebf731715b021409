"""The set of agreement versions that an account runs under, each from its first day, with its particular
terms."""

import hashlib
import uuid
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec


class Version(msgspec.Struct, frozen=True):
    """One agreement of the set: applies from its first day until a later version of the same kind does.

    kind: "account" or "authentication". particular: dotted parameter path → value, from the particular terms.
    switched_on: channels (by number) that a specific agreement of the customer adds.
    """

    agreement: str
    valid_from: date
    kind: str = "account"
    particular: dict[str, Any] = {}
    switched_on: tuple[int, ...] = ()

    def __hash__(self) -> int:
        return hash(
            (
                self.agreement,
                self.valid_from,
                self.kind,
                repr(sorted(self.particular.items())),
                self.switched_on,
            )
        )


class Contract(msgspec.Struct, frozen=True):
    """Versions in order of their first day. A running deadline keeps the version it started under."""

    versions: tuple[Version, ...]

    @property
    def id(self) -> uuid.UUID:
        """Content address: first half of the SHA-256 of the canonical JSON."""
        return uuid.UUID(bytes=hashlib.sha256(self.encode().encode()).digest()[:16])

    def encode(self) -> str:
        """Canonical JSON, as stored."""
        return _ENCODER.encode(self).decode()

    def in_force(self, on: date, kind: str = "account") -> Version | None:
        """The version that governs an operation of that day; None before the first."""
        best = None
        for version in self.versions:
            if version.kind == kind and version.valid_from <= on:
                best = version
        return best

    def moved_to(self, version: Version) -> "Contract":
        """The set with one more version, from its first day on; what was before stays for earlier
        operations."""
        kept = [
            v for v in self.versions if not (v.kind == version.kind and v.valid_from >= version.valid_from)
        ]
        return Contract(tuple(sorted([*kept, version], key=lambda v: (v.valid_from, v.kind))))


_ENCODER = msgspec.json.Encoder(order="sorted")


@lru_cache(maxsize=10_000)
def _decode(versions: str) -> Contract:
    return msgspec.json.decode(versions, type=Contract)


def contract_from_row(contract: object, versions: str | None) -> Contract | None:
    """The contract of an account row; the same object for the same content, so that plans can be remembered
    by it."""
    return None if contract is None or versions is None else _decode(versions)
