"""Reading back the PDFs we write, with pypdf: tags, text and catalogue."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text(pdf: bytes) -> str:
    """All pages; every kind of blank becomes one space, and places where a line may break vanish."""
    pages = "\n".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(pages.replace("\u200b", "").split())


def elements(pdf: bytes) -> Iterator[Any]:
    """Every structure element in reading order."""
    root: Any = read(pdf).trailer["/Root"]
    stack = [root["/StructTreeRoot"]]
    while stack:
        node = stack.pop().get_object()
        if "/S" in node:
            yield node
        children = node.get("/K", [])
        children = children if isinstance(children, list) else [children]
        stack.extend(child for child in reversed(children) if hasattr(child.get_object(), "get"))


def tags(pdf: bytes) -> Counter[str]:
    return Counter(str(element["/S"]) for element in elements(pdf))


def assert_accessible(pdf: bytes, language: str) -> None:
    """What PDF/UA-1 asks of the catalogue, and the two conformance claims in the metadata."""
    root: Any = read(pdf).trailer["/Root"]
    assert str(root["/Lang"]).startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
