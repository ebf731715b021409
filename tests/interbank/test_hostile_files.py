"""Files that mean harm, or are no files of ours at all: refused whole, quickly, in little memory, with a
reason.
"""

import gzip
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import perf_counter

import pytest

from teneur.channels.files import arriving
from teneur.interbank import camt056, pacs002, pacs008, pain001
from teneur.interbank.faults import FileRefusal, FileRefused
from teneur.interbank.payments import CustomerTransferFile
from teneur.interbank.xml import LIMITS, Limits
from tests.interbank.files import euro_file, file_of, transaction
from tests.interbank.test_between_banks import message, transfer

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {chr(ord("a") + n)} "{("&" + chr(ord("a") + n - 1) + ";") * 10}">' for n in range(1, 10)
    )
    + "]>"
)


def code_of(source: bytes, limits: Limits | None = None) -> str:
    """The first fault of the refusal."""
    result = pain001.read(source, limits) if limits else pain001.read(source)
    assert isinstance(result, FileRefusal), "the file was accepted"
    return result.first.code


def test_a_billion_laughs_are_refused_before_the_first_one() -> None:
    source = file_of(transaction(Cdtr="<Cdtr><Nm>&j;</Nm></Cdtr>"), head=LAUGHS)
    started = perf_counter()
    assert code_of(source) == "file-dtd"
    assert perf_counter() - started < 1


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert code_of(file_of(transaction(Cdtr="<Cdtr><Nm>&x;</Nm></Cdtr>"), head=head)) == "file-dtd"


def test_a_doctype_is_found_across_two_reads_of_the_file() -> None:
    for padding in range(65_490, 65_530):
        head = f'<?xml version="1.0"?>{" " * padding}<!DOCTYPE d []>'
        assert code_of(file_of(transaction(), head=head)) == "file-dtd"


def test_an_undeclared_entity_is_not_well_formed() -> None:
    assert code_of(file_of(transaction(Cdtr="<Cdtr><Nm>&nbsp;</Nm></Cdtr>"))) == "file-not-xml"


def test_xinclude_is_only_an_unknown_element() -> None:
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    )
    source = file_of(transaction(Cdtr=f"<Cdtr><Nm>{include}</Nm></Cdtr>"))
    result = pain001.read(source)
    assert isinstance(result, CustomerTransferFile)
    assert b"root:" not in repr(result).encode()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "file-empty"),
        (b"   ", "file-not-xml"),
        (b"%PDF-1.7", "file-not-xml"),
        (b"{}", "file-not-xml"),
        (b"<a>", "file-not-xml"),
        (b"<a/>", "file-unknown-message"),
        (gzip.compress(b"<a/>", mtime=0), "file-compressed"),
        (b"PK\x03\x04 a zip file", "file-compressed"),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"), "file-encoding"),
        ("<!DOCTYPE a []><a/>".encode("utf-16-le"), "file-encoding"),
        ("<a/>".encode("utf-32-be"), "file-encoding"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "file-encoding"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "file-encoding"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', "file-encoding"),
        (file_of(transaction()).replace(b"Marie", b"\xe9"), "file-not-xml"),
        (b"<a>\x00</a>", "file-encoding"),
        (file_of(transaction()).replace(b"Marie", b"\x08"), "file-not-xml"),
    ],
)
def test_what_is_no_xml_in_utf_8_is_refused(source: bytes, code: str) -> None:
    assert code_of(source) == code


def test_a_byte_order_mark_of_utf_8_is_welcome() -> None:
    assert isinstance(pain001.read(b"\xef\xbb\xbf" + file_of(transaction())), CustomerTransferFile)


def test_a_file_cut_anywhere_is_refused_whole() -> None:
    source = file_of(transaction(), transaction())
    for end in range(0, len(source), 17):
        assert code_of(source[:end]).startswith("file-")


def test_what_follows_the_document_refuses_it() -> None:
    assert code_of(file_of(transaction()) + b"<more/>") == "file-not-xml"


def test_the_bound_of_bytes_is_exact() -> None:
    source = euro_file(3)
    assert isinstance(pain001.read(source, Limits(file_bytes=len(source))), CustomerTransferFile)
    assert code_of(source, Limits(file_bytes=len(source) - 1)) == "file-too-large"


def test_the_bound_of_transactions_is_exact() -> None:
    source = euro_file(3)
    assert isinstance(pain001.read(source, Limits(transactions=3)), CustomerTransferFile)
    assert code_of(source, Limits(transactions=2)) == "file-too-many"


def test_one_transaction_may_not_fill_the_memory() -> None:
    fat = transaction(RmtInf="<RmtInf>" + "<Strd/>" * 300_000 + "</RmtInf>")
    assert code_of(file_of(fat)) == "record-too-large"


def test_junk_between_records_may_not_fill_the_memory() -> None:
    junk = "<x/>" * 400_000
    assert (
        code_of(file_of(transaction()).replace(b"</GrpHdr>", f"</GrpHdr>{junk}".encode()))
        == "record-too-large"
    )


def test_a_million_attributes_may_not_fill_the_memory() -> None:
    attributes = " ".join(f'a{n}=""' for n in range(200_000))
    assert code_of(file_of(transaction(Cdtr=f"<Cdtr {attributes}/>"))) == "record-too-large"


@pytest.mark.parametrize("depth", [300, 100_000])
def test_a_file_too_deep_is_refused(depth: int) -> None:
    deep = "<a>" * depth + "</a>" * depth
    assert code_of(file_of(transaction(RgltryRptg=f"<RgltryRptg>{deep}</RgltryRptg>"))) == "file-not-xml"


def test_a_text_without_end_is_refused() -> None:
    name = "x" * 11_000_000
    assert code_of(file_of(transaction(Cdtr=f"<Cdtr><Nm>{name}</Nm></Cdtr>"))) == "record-too-large"


class _Endless(BytesIO):
    """An upload that never ends, and counts what was taken of it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        head = file_of()[:200] if not self.taken else b""
        self.taken += size
        return head + b" " * (size - len(head))


def test_an_upload_without_end_is_left_at_the_bound() -> None:
    upload = _Endless()
    with pytest.raises(FileRefused) as refused:
        list(pain001.stream(upload, Limits(file_bytes=500_000)))
    assert refused.value.refusal.first.code == "file-too-large"
    assert upload.taken < 1_000_000


def test_reading_a_stream_needs_little_memory_whatever_its_length() -> None:
    def read(count: int) -> int:
        source = BytesIO(file_of(*(transaction() for _ in range(count))))
        tracemalloc.start()
        for _ in pain001.stream(source):
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    read(10)
    assert read(5_000) < read(500) * 3


def test_reading_a_stream_of_transfers_between_banks_needs_little_memory_whatever_its_length() -> None:
    def read(count: int) -> int:
        source = BytesIO(between_banks(count))
        tracemalloc.start()
        items = sum(1 for _ in pacs008.stream(source))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert items == count + 1  # the header too
        return peak

    read(10)
    assert read(5_000) < read(500) * 3


def test_checking_a_file_of_another_bank_keeps_nothing_of_its_transfers() -> None:
    def check(count: int) -> int:
        source = BytesIO(between_banks(count))
        tracemalloc.start()
        checked = arriving.check(source, LIMITS)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert isinstance(checked, arriving.Checked)
        assert checked.transactions == count
        return peak

    check(10)
    assert check(5_000) < check(500) * 3


def between_banks(count: int) -> bytes:
    """A pacs.008 of so many transfers of ten euro."""
    transfers = tuple(transfer(transaction_id=f"TX-{n}") for n in range(count))
    return pacs008.write(message(*transfers))


def test_attributes_of_the_schema_location_are_not_followed() -> None:
    source = file_of(transaction()).replace(
        b"<Document ",
        b'<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd" ',
    )
    assert isinstance(pain001.read(source), CustomerTransferFile)


@pytest.mark.parametrize(
    "read",
    [pain001.read, pacs008.read, pacs002.read, camt056.read],
    ids=["pain001", "pacs008", "pacs002", "camt056"],
)
def test_every_reader_stands_behind_the_same_door(read: Callable[[bytes], object]) -> None:
    for source, code in (
        (b"", "file-empty"),
        (gzip.compress(b"<a/>", mtime=0), "file-compressed"),
        (LAUGHS.encode() + b"<a>&j;</a>", "file-dtd"),
        (b"<Document xmlns='urn:x'/>", "file-unknown-message"),
        ("<a/>".encode("utf-16"), "file-encoding"),
    ):
        result = read(source)
        assert isinstance(result, FileRefusal)
        assert result.first.code == code


def test_ten_thousand_transfers_are_read_within_seconds() -> None:
    source = file_of(*[transaction()] * 10_000)
    started = perf_counter()
    result = pain001.read(source)
    elapsed = perf_counter() - started
    assert isinstance(result, CustomerTransferFile)
    assert sum(len(batch.transfers) for batch in result.batches) == 10_000
    assert elapsed < 10  # half a second on the machine it was written on; a loaded one may need more
