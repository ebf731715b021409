"""Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a hash of it means the value.

Values are structs, dicts with string keys, lists, texts, whole numbers within ±(2**53 − 1), booleans and
None; dates, instants (UTC), Decimals and bytes are written as texts (ISO 8601, plain digits, base64). A
float is refused: amounts are whole minor units, rates are Decimals.
"""

import re
from typing import Any, Final

import msgspec

MAX_INTEGER: Final = 2**53 - 1

# RFC 8785 sorts keys by UTF-16 code unit; the encoder sorts by code point. They differ only beyond U+FFFF.
_ENCODER: Final = msgspec.json.Encoder(order="sorted", decimal_format="string")

# What may need a closer look: a number with a fraction or of 16 digits, a null (the encoder's form of NaN), a
# character beyond U+FFFF. It may also be met inside a text, which the closer look then clears. Members of
# objects have a pattern of their own: it begins with two fixed characters, which are found faster.
_SUSPECT_MEMBER: Final = re.compile(rb'":(?:-?\d+(?:[.eE]|(?<=\d{16}))|null)')
_SUSPECT_ITEM: Final = re.compile(rb"[,\[](?:-?\d+(?:[.eE]|(?<=\d{16}))|null)")
_BEYOND_FFFF: Final = re.compile(rb"[\xf0-\xf4]")
_COMPOUND: Final = (b"{", b"[", b'"')


class CanonicalError(ValueError):
    """A value that has no canonical form here; the message says where it stands."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value. Raises CanonicalError, also for text with a lone surrogate."""
    try:
        data = _ENCODER.encode(value)
        if _is_suspect(data):
            _check(msgspec.to_builtins(value), "$")
    except (TypeError, UnicodeEncodeError, RecursionError) as error:
        raise CanonicalError(f"not a value of a record: {error}") from error
    return data


def _is_suspect(data: bytes) -> bool:
    return (
        not data.startswith(_COMPOUND)
        or _SUSPECT_MEMBER.search(data) is not None
        or (b"[" in data and _SUSPECT_ITEM.search(data) is not None)
        or not (data.isascii() or _BEYOND_FFFF.search(data) is None)
    )


def _check(value: Any, path: str) -> None:
    if isinstance(value, float):
        raise CanonicalError(f"{path} is the float {value}: use whole minor units or a Decimal")
    if isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise CanonicalError(f"{path} is {value}, beyond ±(2**53 − 1): write it as text")
    if isinstance(value, dict):
        for key, item in value.items():
            if any(character > "\uffff" for character in key):
                raise CanonicalError(f"{path} has the key {key!r}: keys are ASCII")
            _check(item, f"{path}.{key}")
    elif isinstance(value, list | tuple | set | frozenset):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]")
