"""Our notation of the messages says what the official schemas say: order, occurrences, kinds of content."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from teneur.interbank import camt029, camt053, camt054, camt056, pacs002, pacs004, pacs008, pain001, pain002
from teneur.interbank.datatypes import TYPES
from teneur.interbank.grammar import Field
from teneur.interbank.schema import Schema
from tests.interbank.schemas import required

XSD = "{http://www.w3.org/2001/XMLSchema}"
SCHEMAS = [
    *pain001.SCHEMAS.values(),
    *(m.SCHEMA for m in (pain002, pacs008, pacs002, pacs004, camt056, camt029, camt053, camt054)),
]
# What pain.001 reads as a stream is named here as one part, as in the other messages.
STREAMED = {"GrpHdr": "GroupHeader", "PmtInf": "PaymentInformation", "CdtTrfTxInf": "Transfer"}


def _load(path: Path) -> dict[str, Any]:
    return {str(item.get("name")): item for item in etree.parse(str(path)).getroot() if item.get("name")}


def _elements(kind: Any) -> list[tuple[str, str, int, int]]:
    return [
        (
            item.get("name"),
            item.get("type"),
            int(item.get("minOccurs", "1")),
            0 if item.get("maxOccurs") == "unbounded" else int(item.get("maxOccurs", "1")),
        )
        for item in kind.iter(f"{XSD}element")
    ]


def _facets(kind: Any) -> dict[str, list[str]]:
    facets: dict[str, list[str]] = {}
    for item in kind.iter():
        if item.get("value") is not None:
            facets.setdefault(str(item.tag).removeprefix(XSD), []).append(item.get("value"))
    return facets


def _is_choice(kind: Any) -> bool:
    return kind.find(f".//{XSD}choice") is not None


class _Comparison:
    """Walks our parts and theirs together."""

    def __init__(self, schema: Schema, theirs: dict[str, Any]) -> None:
        self.schema = schema
        self.theirs = theirs
        self.seen: set[tuple[str, str]] = set()
        self.wrong: list[str] = []

    def part(self, ours: str, name: str) -> None:
        if (ours, name) in self.seen:
            return
        self.seen.add((ours, name))
        kind = self.theirs[name]
        if ours not in self.schema.parts:
            self.leaf(ours, name, kind)
            return
        part = self.schema.parts[ours]
        elements = _elements(kind)
        if part.choice != _is_choice(kind):
            self.wrong.append(f"{name}: choice or sequence")
        fields = list(part.fields)
        if [field.name for field in fields] != [element[0] for element in elements][: len(fields)]:
            self.wrong.append(f"{name}: {[f.name for f in fields]} is not how {elements} begins")
            return
        for field, element in zip(fields, elements, strict=False):
            self.field(name, field, *element, choice=part.choice)
        self.wrong += [
            f"{name}: {e[0]} required" for e in elements[len(fields) :] if e[2] and not part.choice
        ]

    def field(
        self, where: str, field: Field, name: str, kind: str, least: int, most: int, *, choice: bool
    ) -> None:
        streamed = STREAMED.get(name) == "Transfer" and field.type == "skip"
        if (
            not choice
            and not streamed
            and field.type != "skip"
            and (field.least, field.most) != (least, most)
        ):
            self.wrong.append(f"{where}/{name}: {field.least}..{field.most}, not {least}..{most}")
        if field.type == "skip":
            if least and not choice and not streamed:
                self.wrong.append(f"{where}/{name}: required, and we skip it")
            return
        self.part(field.type, kind)

    def leaf(self, ours: str, name: str, kind: Any) -> None:
        facets = _facets(kind)
        if ours == "Amount":
            assert "CurrencyAndAmount" in name
            return
        codes = facets.get("enumeration")
        longest = facets.get("maxLength")
        if longest and ours != f"T{longest[0]}":
            self.wrong.append(f"{name}: at most {longest[0]} characters, not {ours}")
        if codes and ours.startswith("T"):
            assert all(len(code) <= int(ours[1:]) for code in codes)
        elif codes:
            assert [TYPES[ours].read(code) for code in codes] == codes


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_our_notation_says_what_the_official_schema_says(schema: Schema) -> None:
    theirs = _load(required(schema.name))
    root = theirs[theirs["Document"].find(f".//{XSD}element").get("type")]
    comparison = _Comparison(schema, theirs)
    if "Message" in schema.parts:
        comparison.part("Message", theirs["Document"].find(f".//{XSD}element").get("type"))
    else:
        header, batch = _elements(root)[:2]
        comparison.part("GroupHeader", header[1])
        comparison.part("PaymentInformation", batch[1])
        comparison.part("Transfer", _elements(theirs[batch[1]])[-1][1])
    assert not comparison.wrong, "\n".join(comparison.wrong)
    assert len(comparison.seen) > 20
