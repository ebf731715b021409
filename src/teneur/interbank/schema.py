"""Reads elements into plain values by a grammar, and writes plain values as elements in the order of the
grammar.

A part becomes a dict from element name to value; an element that may repeat becomes a list; a transaction
with faults becomes `Faulty`. What the standard does not know at a place is a fault, so nothing is read past.
"""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from lxml import etree

from teneur.interbank.datatypes import TYPES, BadValueError, read_amount, write_amount
from teneur.interbank.faults import MAX_FAULTS, Fault, MessageError, fault
from teneur.interbank.grammar import Field, Part, parts_of

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
_CARRIAGE_RETURN = {"\r": "&#13;"}  # or the next reader takes it for a line feed
Values = dict[str, Any]
Element = etree._Element


class Faulty(msgspec.Struct, frozen=True):
    """A transaction with faults: what could be read of it, and what is wrong."""

    values: Values
    faults: tuple[Fault, ...]


class _Reader:
    """One part, compiled for one namespace."""

    __slots__ = ("choice", "fields", "positions", "required")

    def __init__(self, part: Part, namespace: str) -> None:
        self.fields = part.fields
        self.choice = part.choice
        self.positions = {f"{{{namespace}}}{field.name}": at for at, field in enumerate(part.fields)}
        self.required = tuple(field.name for field in part.fields if field.least)


class Schema:
    """A message in one version: its name (pain.001.001.09), the element of the message, and its grammar."""

    def __init__(self, name: str, root: str, *grammars: str) -> None:
        self.name = name
        self.root = root
        self.namespace = NAMESPACE + name
        self.prefix = f"{{{self.namespace}}}"
        self.parts = parts_of(*grammars)
        self._readers = {key: _Reader(part, self.namespace) for key, part in self.parts.items()}

    def read(self, kind: str, element: Element, faults: list[Fault]) -> Any:
        """The value of an element of type `kind`; None if it is faulty. Faults are added to the list."""
        reader = self._readers.get(kind)
        if reader is not None:
            return self._read_part(reader, element, faults)
        if len(element):
            _add(faults, "element-not-admitted", local_name(element[0]), element=element)
            return None
        text = element.text or ""
        try:
            if kind == "Amount":
                return read_amount(text, element.get("Ccy"))
            return TYPES[kind].read(text)
        except BadValueError as bad:
            _add(faults, bad.code, *bad.words, element=element, value=text)
            return None

    def _read_part(self, reader: _Reader, element: Element, faults: list[Fault]) -> Values:
        values: Values = {}
        last = 0
        if element.text and not element.text.isspace():
            _add(faults, "text-not-admitted", element=element, value=element.text)
        for child in element:
            at = reader.positions.get(child.tag, -1)
            if at < last:
                _add(faults, "element-not-admitted", local_name(child), element=child)
                continue
            last = at
            field = reader.fields[at]
            if field.type != "skip":
                self._read_field(field, child, values, faults)
        if reader.choice:
            if len(element) != 1:
                names = ", ".join(field.name for field in reader.fields)
                _add(faults, "element-choice", names, element=element)
        else:
            for name in reader.required:
                if name not in values:
                    _add(faults, "element-missing", name, element=element)
        return values

    def _read_field(self, field: Field, child: Element, values: Values, faults: list[Fault]) -> None:
        if field.transaction:
            value: Any = self.read_transaction(field.type, child)
        else:
            value = self.read(field.type, child, faults)
        if field.most == 1:
            if field.name in values:
                _add(faults, "element-repeated", 1, element=child)
            values[field.name] = value
            return
        several = values.setdefault(field.name, [])
        several.append(value)
        if len(several) - 1 == field.most and field.most:
            _add(faults, "element-repeated", field.most, element=child)

    def read_transaction(self, kind: str, element: Element) -> Values | Faulty:
        """A transaction, with its own faults."""
        faults: list[Fault] = []
        values: Values = self.read(kind, element, faults) or {}
        return Faulty(values, tuple(faults)) if faults else values

    def write(self, kind: str, name: str, value: Any, out: list[str], path: str = "") -> None:
        """Add `<name>…</name>` for the value to `out`. Raises MessageError for what the standard does not
        allow.
        """
        part = self.parts.get(kind)
        path = f"{path}/{name}"
        if part is not None:
            out.append(f"<{name}>")
            self._write_part(part, value, out, path)
            out.append(f"</{name}>")
            return
        try:
            if kind == "Amount":
                text, code = write_amount(value)
                out.append(f"<{name} Ccy={quoteattr(code)}>{text}</{name}>")
            else:
                out.append(f"<{name}>{escape(TYPES[kind].write(value), _CARRIAGE_RETURN)}</{name}>")
        except BadValueError as bad:
            raise MessageError(f"{self.name}{path}: {fault(bad.code, *bad.words).english}") from None

    def _write_part(self, part: Part, values: Values, out: list[str], path: str) -> None:
        written = 0
        for field in part.fields:
            value = values.get(field.name)
            if value is not None:
                written += 1
                self._write_field(field, value, out, path)
            elif field.least:
                raise MessageError(f"{self.name}{path}: required element missing: {field.name}")
        if written != len(values):
            unknown = sorted(values.keys() - {field.name for field in part.fields})
            raise MessageError(f"{self.name}{path}: the standard has no {', '.join(unknown)} here")
        if part.choice and written != 1:
            raise MessageError(f"{self.name}{path}: exactly one element expected")

    def _write_field(self, field: Field, value: Any, out: list[str], path: str) -> None:
        if field.type == "skip":
            raise MessageError(f"{self.name}{path}: we do not write {field.name}")
        items: Iterable[Any] = (value,) if field.most == 1 else value
        for count, item in enumerate(items, start=1):
            if field.most and count > field.most:
                raise MessageError(f"{self.name}{path}: {field.name} stands more than {field.most} times")
            self.write(field.type, field.name, item, out, path)

    def document(self, values: Values) -> bytes:
        """The whole message of these values: UTF-8, no white space between elements, the same bytes every
        time.
        """
        out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{self.namespace}">']
        self.write("Message", self.root, _present(values), out)
        out.append("</Document>\n")
        return "".join(out).encode()


def _present(value: Any) -> Any:
    """The value without what is absent: None, an empty text, a part or list with nothing in it is None."""
    kind = type(value)
    if value is None or kind is str:
        return value or None
    if kind is dict:
        kept = {}
        for name, given in value.items():
            if given is not None and given != "" and (item := _present(given)) is not None:
                kept[name] = item
        return kept or None
    if kind is list or kind is tuple:
        return [_present(item) or {} for item in value] or None
    return value


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: Any) -> int:
    """The line of the file that the element stands on; 0 if the parser does not know."""
    return element.sourceline or 0


def _add(faults: list[Fault], code: str, *words: object, element: Element, value: str = "") -> None:
    if len(faults) >= MAX_FAULTS:
        return
    names: list[str] = []
    at: Element | None = element
    while at is not None:
        names.append(local_name(at))
        at = at.getparent()
    path = "/".join(reversed(names[:-1])) or names[0]
    faults.append(fault(code, *words, path=path, line=line_of(element), value=value))
