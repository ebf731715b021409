"""The command line, as people and programs use it: output, errors, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teneur.channels.cli.inputs import amount_minor, moment_of
from teneur.channels.cli.main import root, run
from teneur.channels.cli.shell import Trouble
from teneur.kernel.clock import instant
from teneur.storage.database import Dsn

Run = Callable[..., Any]
PAUL = "Paul Dupont"


class Line:
    """A terminal on which `teneur` runs against one database."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.code = 0
        self.out = ""
        self.err = ""

    def __call__(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        self.code = run(words)
        self.out, self.err = self._capsys.readouterr()
        assert self.code == code, self.out + self.err
        return self.out

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code))


@pytest.fixture
def teneur(empty_database: Dsn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    monkeypatch.setenv("TENEUR_DATABASE_URL", empty_database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", empty_database.owner)
    monkeypatch.setenv("COLUMNS", "160")
    return Line(capsys)


@pytest.fixture
def bank(teneur: Line) -> Line:
    """Staff −3 (clerk), −4 (adviser), −5 (back office); Jeanne with 1,200 €, Paul with nothing."""
    teneur("init", "--clock", "simulated:2026-05-04T09:00")
    for name, role in (("Chloé", "clerk"), ("David", "adviser"), ("Farid", "back-office")):
        teneur("staff", "add", name, "--role", role, "--as=-1", "--approved-by=-2")
    for first, last in (("Jeanne", "Martin"), ("Paul", "Dupont")):
        teneur("customer", "add", "--surname", last, "--first-names", first, "--born", "29/02/1980",
               "--town", "Paris", "--as=-3")  # fmt: skip
    for person in ("1", "2"):
        teneur("account", "open", "--holder", person, "--series", "bred-account", "--as=-4")
    teneur("cash", "deposit", "1/1000000", "20x50", "10x20,00", "--as=-3")
    return teneur


def iban(bank: Line, account: str) -> str:
    return str(bank.json("account", "show", account)["iban"])


def test_init_prepares_a_bank_and_changes_nothing_the_second_time(teneur: Line) -> None:
    first = teneur.json("init", "--clock", "simulated:2026-05-04T09:00")
    assert first["migrations"]
    assert [s["staff"] for s in first["staff"]] == [-1, -2]
    assert instant(first["clock"]) == instant("2026-05-04T09:00:00+02:00")
    again = teneur.json("init", "--clock", "simulated:2027-01-01T00:00")
    assert again["migrations"] == []
    assert again["clock"] == first["clock"]
    assert again["staff"] == first["staff"]


def test_a_bank_that_is_not_set_up_says_what_to_do(teneur: Line) -> None:
    teneur("account", "list", code=3)
    assert "teneur init" in teneur.err


def test_a_clock_that_is_none_is_refused(teneur: Line) -> None:
    teneur("init", "--clock", "sundial", code=2)
    assert "simulated:" in teneur.err


def test_paying_shows_what_happened_and_its_operation(bank: Line) -> None:
    done = bank.json("pay", "1/1000000", "100,50", "--to", iban(bank, "1/1000001"), "--name", PAUL, "--yes")
    assert (done["outcome"], done["preview"]["payee_check"]) == ("accepted", "match")
    shown = bank.json("account", "show", "1/1000000")
    assert shown["balance_minor"] == 109_950
    assert shown["operations"][0]["operation"] == done["operation"]
    text = bank("explain", done["operation"])
    assert "100,50\u00a0€ virés le 4\u00a0mai\u00a02026." in text
    assert "BRED-A5-T-1" in text


def test_what_was_shown_about_the_payee_is_kept_with_the_order(bank: Line) -> None:
    done = bank.json("pay", "1/1000000", "10", "--to", iban(bank, "1/1000001"), "--name", "Paul Dupond", "-y")
    assert done["preview"]["payee_check"] == "close-match"
    assert PAUL in done["preview"]["shown"]
    other = bank.json(
        "pay", "1/1000000", "1", "--to", "FR76 3000 6000 0112 3456 7890 189", "--name", "X", "-y"
    )
    assert other["preview"]["payee_check"] == "not-available"


def test_a_likely_duplicate_is_warned_of_and_not_refused(bank: Line) -> None:
    words = (
        "pay",
        "1/1000000",
        "10",
        "--to",
        iban(bank, "1/1000001"),
        "--name",
        PAUL,
        "--text",
        "Loyer",
        "-y",
    )
    first, second = bank.json(*words), bank.json(*words)
    assert first["preview"]["duplicate_of"] is None
    assert second["preview"]["duplicate_of"] == first["operation"]
    assert second["outcome"] == "accepted"


@pytest.mark.parametrize(("said", "balance"), [("o\n", 119_000), ("n\n", 120_000), ("", 120_000)])
def test_without_yes_the_order_waits_for_an_answer(
    bank: Line, monkeypatch: pytest.MonkeyPatch, said: str, balance: int
) -> None:
    import io

    payee = iban(bank, "1/1000001")
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    bank("pay", "1/1000000", "10", "--to", payee, "--name", PAUL, code=0 if said == "o\n" else 2)
    assert bank.json("account", "show", "1/1000000")["balance_minor"] == balance


def test_a_refusal_ends_with_one_and_its_clauses(bank: Line) -> None:
    answer = bank.json(
        "pay", "1/1000000", "5000", "--to", iban(bank, "1/1000001"), "--name", PAUL, "-y", code=1
    )
    assert answer["reason"] == "insufficient-funds"
    assert "BRED-3.1-15" in answer["citations"]
    text = bank("pay", "1/1000000", "5000", "--to", iban(bank, "1/1000001"), "--name", PAUL, "-y", code=1)
    assert "Refusé : le solde disponible du compte ne suffit pas." in text
    assert "BRED-3.1-15" in text


def test_english_is_spoken_where_asked(bank: Line) -> None:
    payee = iban(bank, "1/1000001")
    text = bank("pay", "1/1000000", "5000", "--to", payee, "--name", PAUL, "-y", "--lang", "en", code=1)
    assert "Refused: the available balance of the account is not sufficient." in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("account", "show", "1/42"), "compte 1/42"),
        (("account", "show", "FR76 0000"), "compte FR76 0000"),
        (("pay", "1/1000000", "1,2,3", "--to", "FR76", "-y"), "1,2,3"),
        (("pay", "1/1000000", "0,005", "--to", "FR76", "-y"), "decimals"),
        (("explain", "1/9999"), "1/9999"),
        (("explain", "x"), "1/42"),
        (("clauses", "BRED-3.1-999"), "BRED-3.1-999"),
        (("agreement", "show", "nobody"), "bred-2022-06"),
        (("no-such-command",), "no-such-command"),
    ],
)
def test_bad_input_ends_with_two_and_says_what_is_wrong(
    bank: Line, words: tuple[str, ...], said: str
) -> None:
    bank(*words, code=2)
    assert said in bank.err
    assert bank.out == ""


def test_errors_come_as_json_where_json_is_asked_for(bank: Line) -> None:
    bank("account", "show", "1/42", "--json", code=2)
    assert json.loads(bank.err)["exit_code"] == 2


def test_trouble_with_the_database_ends_with_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TENEUR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    line = Line(capsys)
    line("account", "list", code=3)
    assert "nobody" in line.err


def test_a_deferred_order_is_listed_done_on_its_day_and_stated_at_the_end_of_the_month(
    bank: Line, tmp_path: Path
) -> None:
    placed = bank.json(
        "pay", "1/1000000", "20", "--to", iban(bank, "1/1000001"), "--name", PAUL, "--on", "08/05/2026", "-y"
    )  # fmt: skip
    [order] = bank.json("orders", "1/1000000")["orders"]
    assert (order["order"], order["due_on"]) == (placed["operation"], "2026-05-08")
    report = bank.json("day", "advance", "--to", "2026-06-01")["report"]
    assert len(report["executed"]) == 1
    assert {s["number"] for s in report["statements"]} == {1}
    assert instant(bank.json("day", "advance", "--to", "2026-06-01")["now"]) == instant(
        "2026-06-01T00:00+02:00"
    )
    statement = bank.json("account", "statement", "1/1000000")
    assert statement["closing_minor"] == 118_000
    [listed] = bank.json("account", "statement", "1/1000000", "--list")["statements"]
    assert listed["closing_minor"] == 118_000
    bank("account", "statement", "1/1000000", "--format", "pdf", "-o", str(tmp_path / "r.pdf"))
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert "BkToCstmrStmt" in bank("account", "statement", "1/1000000", "--format", "camt053")
    text = bank("account", "statement", "1/1000000")
    assert "Nouveau solde" in text
    assert "1\u202f180,00\u00a0€" in text


def test_days_do_not_run_backwards(bank: Line) -> None:
    bank("day", "advance", "--to", "2026-05-03", code=2)
    assert "4\u00a0mai\u00a02026" in bank.err


def test_an_order_is_revoked(bank: Line) -> None:
    placed = bank.json(
        "pay", "1/1000000", "20", "--to", iban(bank, "1/1000001"), "--name", PAUL, "--on", "2026-05-08", "-y"
    )  # fmt: skip
    assert bank.json("revoke", "1/1000000", placed["operation"])["outcome"] == "accepted"
    assert bank.json("orders", "1/1000000")["orders"][0]["status"] == "revoked"
    assert bank.json("revoke", "1/1000000", placed["operation"], code=1)["outcome"] == "refused"


def test_a_standing_order_keeps_what_was_asked(bank: Line) -> None:
    bank("pay", "1/1000000", "20", "--to", iban(bank, "1/1000001"), "--name", PAUL, "--on", "2026-05-29",
         "--every", "monthly", "--end-of-month", "--times", "3", "--text", "Épargne", "-y")  # fmt: skip
    [order] = bank.json("orders", "1/1000000")["orders"]
    assert order["asked"]["repeat"] == {"frequency": "monthly", "end_of_month": True, "occurrences": 3}


def test_an_overdraft_needs_two_members_of_staff(bank: Line) -> None:
    alone = bank.json("account", "overdraft", "1/1000000", "300", "--as=-4", "--approved-by=-4", code=1)
    assert alone["reason"] == "second-person-missing"
    bank("account", "overdraft", "1/1000000", "300", "--as=-4", "--approved-by=-5")
    assert bank.json("account", "show", "1/1000000")["available_minor"] == 150_000


def test_duties_are_listed_the_most_urgent_first(bank: Line) -> None:
    bank("pay", "1/1000000", "5000", "--to", iban(bank, "1/1000001"), "--name", PAUL, "-y", code=1)
    duties = bank.json("obligations")["obligations"]
    kinds = ["deliver-tariff", "deliver-tariff", "deliver-rib", "deliver-rib", "inform-of-refusal"]
    assert [d["kind"] for d in duties] == kinds
    assert bank.json("obligations", "--overdue")["obligations"] == []
    bank("day", "advance", "--to", "2026-05-05")
    late = bank.json("obligations", "--overdue")["obligations"]
    assert [d["kind"] for d in late] == kinds[:-1], "the refusal was told by the bank's day"


def test_the_books_sum_to_zero_and_are_right(bank: Line) -> None:
    balance = bank.json("trial-balance")
    assert balance["balanced"] is True
    assert balance["totals_minor"] == {"EUR": 0}
    early = bank.json("trial-balance", "--as-of", "1/1")
    assert early["cut"] == {"1": 1}
    assert bank.json("verify-books")["faults"] == []


def test_the_rib_says_where_to_pay(bank: Line) -> None:
    assert "Jeanne Martin" in bank("account", "rib", "1/1000000")
    assert bank.json("account", "rib", "1/1000000")["identifiers"]["iban"] == iban(bank, "1/1000000")


def test_people_are_found_by_the_beginning_of_their_names(bank: Line) -> None:
    assert [p["surname"] for p in bank.json("customer", "find", "mart")["persons"]] == ["Martin"]


def test_ceilings_are_asked_for_and_decided(bank: Line) -> None:
    bank("account", "open", "--holder", "1", "--series", "bnc-account", "--as=-4")
    asked = bank.json("ceiling", "ask", "1/1000002", "--per-operation", "700000", "--until", "2026-06-30")
    assert asked["outcome"] == "pending"
    words = ("ceiling", "decide", "1/1000002", asked["operation"], "--grant", "--as=-4")
    assert bank.json(*words, "--approved-by=-4", code=1)["reason"] == "second-person-missing"
    assert bank.json(*words, "--approved-by=-5")["outcome"] == "accepted"


def test_a_listed_name_is_held_until_someone_has_looked(
    teneur: Line, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    names = tmp_path / "names.csv"
    names.write_text("ONU-1,Boris Malkovitch\n")
    teneur("init", "--clock", "simulated:2026-05-04T09:00", "--screening", str(names))
    bank: Line = request.getfixturevalue("bank")
    far = "FR7630006000011234567890189"
    held = bank.json("pay", "1/1000000", "10", "--to", far, "--name", "Boris Malkovitch", "-y")
    assert (held["outcome"], held["reason"]) == ("pending", "screening")
    assert bank.json("account", "show", "1/1000000")["held_minor"] == 1_000
    done = bank.json("screening", "review", "1/1000000", held["operation"], "--clear", "--as=-5")
    assert done["outcome"] == "accepted"


def test_an_instant_transfer_is_confirmed(
    teneur: Line, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    banks = tmp_path / "banks.csv"
    banks.write_text("country,bank_code,bic,place,com_pacific,instant\nFR,30006,AGRIFRPPXXX,FR,no,yes\n")
    teneur("init", "--clock", "simulated:2026-05-04T09:00", "--directory", str(banks))
    bank: Line = request.getfixturevalue("bank")
    far = "FR7630006000011234567890189"
    words = (
        "pay",
        "1/1000000",
        "10",
        "--to",
        far,
        "--name",
        "Lucie",
        "--instant",
        "--channel",
        "mobile",
        "-y",
    )
    held = bank.json(*words)
    assert held["reason"] == "awaiting-confirmation"
    confirm = ("instant", "confirm", "1/1000000", held["operation"], "--available")
    assert bank.json(*confirm, "--as=-3", code=1)["reason"] == "interbank-only"  # no back office
    assert bank.json(*confirm, "--as=-5")["outcome"] == "accepted"
    assert bank.json("account", "show", "1/1000000")["balance_minor"] == 119_000


def test_messages_for_other_banks_are_written_once(bank: Line, tmp_path: Path) -> None:
    bank("pay", "1/1000000", "10", "--to", "FR7630006000011234567890189", "--name", "Lucie", "-y")
    [file] = bank.json("export", str(tmp_path))["files"]
    assert "pacs.008" in Path(file).read_text()
    assert bank.json("export", str(tmp_path))["files"] == []


def test_a_file_of_a_stranger_moves_nothing(bank: Line, tmp_path: Path) -> None:
    from tests.interbank.files import euro_file

    file = tmp_path / "pain.xml"
    file.write_bytes(euro_file())
    report = bank.json("import", str(file), "--sender", "1", code=1)
    assert [r["status"] for r in report["results"]] == ["RJCT", "RJCT"]
    assert bank.json("import", str(file), "--sender", "1")["repeated"] is True


def test_a_file_that_is_no_message_is_refused_whole_and_says_why(bank: Line, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<x/>")
    bank("import", str(file), "--sender", "1", code=1)
    assert "message inconnu x" in bank.err
    assert "FileRefusal" not in bank.err
    other = tmp_path / "y.xml"
    other.write_text("<y/>")
    report = bank.json("import", str(other), "--sender", "1", code=1)
    assert report["refusal"][0]["iso"] == "FF01"


def test_agreements_show_each_value_with_its_clause_and_source(teneur: Line) -> None:
    shown = teneur.json("agreement", "show", "bnc-2026-04", "--area", "cash")
    assert all(path.startswith("cash.") for path in shown["parameters"])
    assert shown["parameters"]["cash.revocable"]["clauses"] == ["BNC-6.1.1.1-11"]
    assert {a["id"] for a in teneur.json("agreement", "list")["agreements"]} == {
        "bred-2022-06",
        "bnc-2026-04",
    }
    assert "notre choix" in teneur("agreement", "show", "bnc-2026-04", "--source", "default")


def test_clauses_are_counted_for_the_five_sources(teneur: Line) -> None:
    counted = teneur.json("clauses")["agreements"]
    assert len(counted) == 5
    for found in counted.values():
        assert set(found) == {"areas", "tested_ids", "untested_ids"}
        for kinds in found["areas"].values():
            assert set(kinds) == {"automatic", "workflow", "disclosure"}
            assert all(set(k) == {"rules", "implemented", "tested"} for k in kinds.values())
    one = teneur.json("clauses", "BRED-A5-T-1")
    assert any("reception" in f["function"] for f in one["functions"]) or one["parameters"]
    assert list(teneur.json("clauses", "--agreement", "bnc-2026-04")["agreements"]) == ["bnc-2026-04"]


def test_every_command_has_help_and_the_shared_options(teneur: Line) -> None:
    def visit(words: tuple[str, ...], command: Any) -> None:
        text = teneur(*words, "--help")
        assert "--help" in text
        if words and words[0] != "bench":
            assert "--json" in text
        for name in getattr(command, "commands", {}):
            visit((*words, name), command.commands[name])

    visit((), root)


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("1 250,50", "EUR", 125_050),
        ("1250.5", "EUR", 125_050),
        ("1\u202f250,00", "EUR", 125_000),
        ("12 000", "XPF", 12_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, code: str, minor: int) -> None:
    assert amount_minor(text, code) == minor


@pytest.mark.parametrize(
    ("text", "code"), [("1,250.50", "EUR"), ("-5", "EUR"), ("1,5", "XPF"), ("dix", "EUR")]
)
def test_amounts_that_could_mean_two_things_are_refused(text: str, code: str) -> None:
    with pytest.raises(Trouble):
        amount_minor(text, code)


def test_a_local_time_is_that_of_the_zone() -> None:
    assert moment_of("2026-05-04T09:00", "Pacific/Noumea") == instant("2026-05-03T22:00:00Z")
    assert moment_of("2026-05-04", "Europe/Paris") == instant("2026-05-03T22:00:00Z")
    assert moment_of("2026-05-04T09:00+02:00", "Pacific/Noumea") == instant("2026-05-04T07:00:00Z")


def test_orders_that_start_with_the_funds_or_after_a_period_or_correct_a_refused_one(bank: Line) -> None:
    to = ("--to", iban(bank, "1/1000000"), "--name", "Jeanne Martin", "-y")
    refused = bank.json("pay", "1/1000001", "50", *to, code=1)
    assert refused["reason"] == "insufficient-funds"
    waits = bank.json("pay", "1/1000001", "50", *to, "--when-funded", "--until", "2026-05-20")
    later = bank.json("pay", "1/1000001", "1", *to, "--after", "2m")
    assert (waits["outcome"], later["outcome"]) == ("accepted", "accepted")
    planned, waiting = bank.json("orders", "1/1000001")["orders"]
    assert (planned["due_on"], waiting["status"]) == ("2026-07-06", "waiting")
    shown = bank("orders", "1/1000001").replace("\u00a0", " ")
    assert "en attente des fonds jusqu’au 20 mai 2026" in shown
    bank("cash", "deposit", "1/1000001", "2x50", "--as=-3")
    again = bank.json("pay", "1/1000001", "50", *to, "--corrects", refused["operation"])
    assert again["outcome"] == "accepted"
    bank("day", "advance", "--to", "2026-05-05")
    assert bank.json("account", "show", "1/1000001")["balance_minor"] == 0
    assert "--when-funded" in bank("pay", "--help", "--lang", "en")
    bank("pay", "1/1000001", "1", *to, "--after", "soon", code=2)
