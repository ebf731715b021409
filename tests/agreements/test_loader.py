"""The loader takes the agreements as shipped, and refuses every spoiled one with words that help."""

from datetime import date
from pathlib import Path

import pytest

from teneur.agreements.agreement import Agreements
from teneur.agreements.errors import AgreementError
from teneur.agreements.loader import DATA, load_agreement, load_agreements
from teneur.agreements.parameters import Source
from teneur.agreements.register import PREFIXES, Register
from teneur.agreements.terms import AREAS
from teneur.agreements.terms.cash import CashForm

BOTH = ("bnc-2026-04", "bred-2022-06")


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refusal(data: Path, agreement: str = "bred-2022-06") -> str:
    with pytest.raises(AgreementError) as caught:
        load_agreement(data / agreement)
    return str(caught.value)


def test_both_agreements_load_with_every_area(agreements: Agreements) -> None:
    assert tuple(a.id for a in agreements) == BOTH
    for agreement in agreements:
        assert set(agreement.terms) == set(AREAS)


def test_each_folder_holds_exactly_the_areas() -> None:
    for agreement in BOTH:
        assert {p.name for p in (DATA / agreement).iterdir()} == {f"{area}.toml" for area in AREAS}


def test_every_parameter_names_clauses_of_its_own_agreement(agreements: Agreements) -> None:
    register = Register.load()
    for agreement in agreements:
        for path, parameter in agreement.parameters():
            owners = {register[clause].agreement for clause in parameter.clauses}
            assert owners <= {agreement.id}, path
            assert parameter.clauses or parameter.source is Source.DEFAULT, path
            assert parameter.note or parameter.source is Source.DOCUMENT, path


def test_areas_are_typed_attributes(agreements: Agreements) -> None:
    bred, bnc = agreements["bred-2022-06"], agreements["bnc-2026-04"]
    assert (bred.zone, bred.currency) == ("Europe/Paris", "EUR")
    assert (bnc.zone, bnc.currency) == ("Pacific/Noumea", "XPF")
    assert bred.title() != bred.title("en")
    assert bnc.about.effective_from.value == date(2026, 4, 1)
    assert bnc.cash.accepted.value == (CashForm.BANKNOTES,)
    assert bred.transfers.instant.offered.value
    assert bred.statements.rib.on_opening.clauses == ("BRED-1.1-8",)
    assert bred.notices.refusal.delay_business_days.value == 1
    assert bnc.accounts.individual.maximum.value == 1
    assert bnc.countries.pacific.members.value == ("NC", "PF", "WF")


def test_the_main_branch_is_one_of_the_branches(agreements: Agreements) -> None:
    for agreement in agreements:
        assert agreement.bank.main_branch.value in agreement.bank.branches
        codes = [branch.code.value for branch in agreement.bank.branches.values()]
        assert all(len(code) == 5 and code.isdigit() for code in [*codes, agreement.bank.bank_code.value])


def test_citations_are_those_of_the_agreement_and_remembered(agreements: Agreements) -> None:
    bred, bnc = agreements["bred-2022-06"], agreements["bnc-2026-04"]
    revocable = bnc.cash.revocable
    assert bnc.cite(revocable) == ("BNC-6.1.1.1-11",)
    assert bred.cite(revocable) == ()
    assert bnc.cite(revocable, revocable) == ("BNC-6.1.1.1-11",)
    assert bnc.cite(revocable) is bnc.cite(revocable)
    assert bnc.cite() == ()


def test_an_unknown_agreement_is_named_with_those_there_are(agreements: Agreements) -> None:
    with pytest.raises(KeyError, match="no agreement 'bnp'; there are bnc-2026-04, bred-2022-06"):
        agreements["bnp"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[revocable]",
            "[revokable]",
            "cash.toml: revokable: unknown parameter. Known here: accepted, revocable",
        ),
        (
            "[revocable]",
            "[revokable]",
            "cash.toml: revocable: missing. Add it: a parameter, value true or false",
        ),
        ("value = false", 'value = "no"', "cash.toml: revocable: wrong value: 'no' is not true or false"),
        ("value = false", "values = false", "cash.toml: revocable: missing value"),
        (
            "BRED-A1-1.1.2-8",
            "BRED-A1-1.1.2-88",
            "revocable.clauses: clause BRED-A1-1.1.2-88 is not in the register",
        ),
        ("BRED-A1-1.1.2-8", "BRED-A1-1.1.2-88", "Did you mean: BRED-A1-1.1.2-8"),
        ("BRED-A1-1.1.2-8", "BNC-6.1.1.1-11", "clause BNC-6.1.1.1-11 belongs to bnc-2026-04"),
        ('clauses = ["BRED-A1-1.1.2-8"]\n', "", "revocable.clauses: no clause is named"),
        ('["BRED-A1-1.1.2-8"]', '"BRED-A1-1.1.2-8"', "is not a list of clause ids"),
        (
            'source = "reading"\nnote',
            'source = "reading"\n#',
            "accepted.note: missing, and the source is reading",
        ),
        ('source = "reading"', 'source = "guess"', "accepted.source: wrong or missing: 'guess'"),
        ('source = "reading"\n', "", "accepted.source: wrong or missing"),
        ("value = false", "value = false\nunit = 1", "revocable.unit: unknown key"),
        (
            '["banknotes", "coins"]',
            '["gold"]',
            "accepted: wrong value: 'gold' is not one of banknotes, coins",
        ),
        ("[accepted]", "[accepted", "cash.toml: whole file: not TOML in UTF-8"),
        ("[accepted]", "revocable = 1\n[accepted]", "cash.toml: whole file: not TOML"),
    ],
)
def test_a_spoiled_parameter_is_refused_in_words(data: Path, old: str, new: str, said: str) -> None:
    spoil(data / "bred-2022-06" / "cash.toml", old, new)
    message = refusal(data)
    assert said in message
    assert "bred-2022-06/cash.toml" in message


def test_a_scalar_where_a_table_stands_is_refused(data: Path) -> None:
    path = data / "bred-2022-06" / "notices.toml"
    path.write_text("refusal = 1\n", "utf-8")
    assert "refusal: 1 stands where a table is expected" in refusal(data)


def test_a_missing_file_and_a_stray_one_are_refused(data: Path) -> None:
    (data / "bred-2022-06" / "cash.toml").rename(data / "bred-2022-06" / "cahs.toml")
    message = refusal(data)
    assert "cash.toml: whole file: the file is missing" in message
    assert "cahs.toml: whole file: no such area" in message


def test_a_folder_without_a_register_is_refused(data: Path) -> None:
    (data / "bred-2022-06").rename(data / "bred-2030-01")
    assert "no register belongs to this agreement id" in refusal(data, "bred-2030-01")
    assert "bred-2030-01" not in PREFIXES


def test_all_problems_of_all_folders_come_at_once(data: Path) -> None:
    spoil(data / "bred-2022-06" / "cash.toml", "value = false", "value = 1")
    spoil(data / "bred-2022-06" / "bank.toml", "[bic]", "[bick]")
    spoil(data / "bnc-2026-04" / "notices.toml", "value = 1", "value = 1.5")
    with pytest.raises(AgreementError) as caught:
        load_agreements(data)
    places = {(p.file, p.path) for p in caught.value.problems}
    assert places == {
        ("bred-2022-06/cash.toml", "revocable"),
        ("bred-2022-06/bank.toml", "bick"),
        ("bred-2022-06/bank.toml", "bic"),
        ("bnc-2026-04/notices.toml", "refusal.delay_business_days"),
    }
    assert "4 problems" in str(caught.value)
