"""Reads files that strangers send: bounded, streamed, no DTD, no entities, no network.

What bounds it: the bytes of the file, the number of transactions, the bytes of one transaction (so that no
tree in memory grows beyond that), and libxml2's own bounds with `huge_tree` off: 256 elements deep, 10 MB for
one text.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

import msgspec
from lxml import etree

from teneur.interbank.faults import FileRefusal, FileRefused, refused
from teneur.interbank.schema import Element, Schema, Values, line_of, local_name

Source = bytes | BinaryIO
_CHUNK = 64 * 1024
_DOCTYPE = b"<!DOCTYPE"
_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds of a file: bytes of all of it, its transactions, and the bytes of one transaction."""

    file_bytes: int = 50_000_000
    transactions: int = 100_000
    transaction_bytes: int = 1_000_000


LIMITS = Limits()
SMALL = Limits(file_bytes=5_000_000, transactions=10_000, transaction_bytes=5_000_000)


def _parser(tags: Sequence[str] | None, events: Any) -> Any:
    return etree.XMLPullParser(
        events=events,
        tag=tags,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def _chunks(source: Source, limits: Limits) -> Iterator[bytes]:
    """The bytes of the file, refused when they are not XML in UTF-8, hold a DOCTYPE, or are too many."""
    stream = BytesIO(source) if isinstance(source, bytes) else source
    total = 0
    tail = b""
    while chunk := stream.read(_CHUNK):
        if not total:
            _refuse_what_is_not_xml(chunk)
        total += len(chunk)
        if total > limits.file_bytes:
            raise refused("file-too-large", limits.file_bytes)
        if _DOCTYPE in tail + chunk:
            raise refused("file-dtd")
        tail = chunk[-len(_DOCTYPE) :]
        yield chunk
    if not total:
        raise refused("file-empty")


def _refuse_what_is_not_xml(head: bytes) -> None:
    if head.startswith((b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise refused("file-compressed")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:256]:
        raise refused("file-encoding", "UTF-16")
    start = head.removeprefix(b"\xef\xbb\xbf")[:200]
    if start.startswith(b"<?xml") and b"encoding" in start.partition(b"?>")[0]:
        declared = start.partition(b"?>")[0].partition(b"encoding")[2].strip(b" \t\r\n=").strip(b"\"' ")
        name = declared.replace(b"'", b'"').partition(b'"')[0].decode("ascii", "replace")
        if name.lower() not in _ENCODINGS:
            raise refused("file-encoding", name[:20])


def _not_xml(error: etree.XMLSyntaxError) -> FileRefused:
    return refused("file-not-xml", str(error.msg)[:120], line=error.lineno or 0)


def _root_of(chunks: Iterator[bytes]) -> tuple[Element, bytes]:
    """The first element, without its content, and the bytes read to find it."""
    probe = _parser(None, ("start",))
    head = b""
    for chunk in chunks:
        head += chunk
        broken = _feed(probe, chunk)
        for _, element in probe.read_events():
            return element, head
        if broken is not None:
            raise broken
        if len(head) > 16 * _CHUNK:
            raise refused("record-too-large", 16 * _CHUNK)
    try:
        return probe.close(), head  # a file so short that the parser had waited for more
    except etree.XMLSyntaxError as error:
        raise _not_xml(error) from None


def _schema_of(root: Element, schemas: Mapping[str, Schema]) -> Schema:
    tag = str(root.tag)
    for schema in schemas.values():
        if tag == f"{schema.prefix}Document":
            return schema
    raise refused("file-unknown-message", tag[:100], ", ".join(schemas), line=line_of(root))


def records(
    source: Source, schemas: Mapping[str, Schema], paths: Sequence[str], limits: Limits
) -> Iterator[tuple[Schema, str, Element]]:
    """The elements at these paths below the message element (such as PmtInf/CdtTrfTxInf), in the order they
    end.

    Each may be read until the next is asked for; then it is taken off the tree. An element of the message
    that is at none of the paths, save SplmtryData, refuses the file. The last path is the one of
    transactions, which are counted. Raises FileRefused.
    """
    chunks = _chunks(source, limits)
    root, head = _root_of(chunks)
    schema = _schema_of(root, schemas)
    wanted = {tuple(path.split("/")): path for path in paths}
    parser = _parser([schema.prefix + path[-1] for path in wanted], ("end",))
    since = count = 0
    for chunk in _prefixed(head, chunks):
        broken = _feed(parser, chunk)
        since += len(chunk)
        for _, element in parser.read_events():
            place = _place(element, schema)
            if place not in wanted:
                continue
            since = 0
            count += wanted[place] == paths[-1]
            if count > limits.transactions:
                raise refused("file-too-many", limits.transactions)
            before = element.getprevious()
            if len(place) == 1 and before is not None:
                raise refused("element-not-admitted", local_name(before), line=line_of(before))
            parent = element.getparent()
            yield schema, wanted[place], element
            parent.remove(element)
        if broken is not None:
            raise broken
        if since > limits.transaction_bytes:
            raise refused("record-too-large", limits.transaction_bytes)
    try:
        end = parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_xml(error) from None
    _refuse_leftovers(end, schema)


def _feed(parser: Any, chunk: bytes) -> FileRefused | None:
    """Give the parser more. What ended before a syntax error can still be read, so the error is an answer."""
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        return _not_xml(error)
    return None


def _prefixed(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _place(element: Element, schema: Schema) -> tuple[str, ...] | None:
    """The names from below the message element down to this one; None if it stands elsewhere."""
    names: list[str] = []
    at: Element | None = element
    while at is not None:
        tag = str(at.tag)
        if not tag.startswith(schema.prefix):
            return None
        names.append(tag[len(schema.prefix) :])
        at = at.getparent()
    return tuple(reversed(names[:-2])) if names[-2:] == [schema.root, "Document"] else None


def _refuse_leftovers(root: Element, schema: Schema) -> None:
    """After all records are taken off, the message element is empty but for supplementary data."""
    _refuse_other_than(schema, root)
    for child in root[0]:
        if child.tag != f"{schema.prefix}SplmtryData":
            raise refused("element-not-admitted", local_name(child), line=line_of(child))


def _refuse_other_than(schema: Schema, root: Element) -> None:
    """A document holds its message element and nothing else."""
    if [str(child.tag) for child in root] != [schema.prefix + schema.root]:
        raise refused("element-missing", schema.root, line=line_of(root))


def message(source: Source, schema: Schema, transactions: str, limits: Limits = SMALL) -> Values:
    """A whole small message at once, its transactions with their own faults; FileRefused for other faults.

    transactions: the name of the elements that are counted.
    """
    chunks = _chunks(source, limits)
    root, head = _root_of(chunks)
    _schema_of(root, {schema.name: schema})
    parser = _parser(None, ())
    try:
        for chunk in _prefixed(head, chunks):
            parser.feed(chunk)
        end = parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_xml(error) from None
    _refuse_other_than(schema, end)
    if sum(1 for _ in end.iter(schema.prefix + transactions)) > limits.transactions:
        raise refused("file-too-many", limits.transactions)
    faults: list[Any] = []
    values: Values = schema.read("Message", end[0], faults)
    if faults:
        known = values.get("GrpHdr", {}).get("MsgId") or values.get("Assgnmt", {}).get("Id") or ""
        raise FileRefused(FileRefusal(faults=tuple(faults), message_id=known))
    return values
