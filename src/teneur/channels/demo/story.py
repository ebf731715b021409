"""The story, chapter by chapter: from a Monday before Christmas to the first business day of the year."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.channels.cli.shell import Shell
from teneur.channels.cli.showing import show_explanation
from teneur.channels.day.job import advance
from teneur.channels.demo import banks, endings, money, world
from teneur.channels.demo.people import Story
from teneur.channels.demo.stage import NOUMEA, PARIS, Stage
from teneur.channels.demo.writers import euro_file, franc_file
from teneur.channels.explain import explain
from teneur.channels.files.exporting import KINDS, export_messages
from teneur.interbank.messages import Party
from teneur.kernel.clock import business_date, zone
from teneur.kernel.commands import Channel, Outcome
from teneur.payments.transfers.commands import (
    AskCeiling,
    DecideCeiling,
    PayeeAccount,
    Repeat,
    RequestRecall,
    ReviewScreening,
)
from teneur.payments.transfers.rules.standing import Frequency


def noumea_opens(story: Story) -> None:
    """Monday morning in Nouméa, Sunday evening in Paris."""
    story.stage.chapter(NOUMEA, "En Nouvelle-Calédonie l’agence ouvre ; à Paris on est encore dimanche soir.")
    story.opens("Marie Wamytan", "bnc-account", ("rue de Sébastopol", "98800", "Nouméa"), with_files=True)
    story.opens("Jean Tein", "bnc-account", ("route de l’Anse-Vata", "98800", "Nouméa"))
    story.pays_in("Marie Wamytan", 150, 10_000)
    jean = story.payee("Jean Tein")
    story.pays("Marie Wamytan", 120_000, jean, "virement à Jean Tein")
    story.pays("Marie Wamytan", 650_000, jean, "gros virement à Jean Tein")
    marie = story.accounts["Marie Wamytan"]
    ask = AskCeiling(per_operation_minor=700_000, until_on=date(2027, 1, 31))
    asked = story.bank.ask(ask, marie.id, actor=story.people["Marie Wamytan"], channel=Channel.REMOTE)
    story.stage.did("Marie Wamytan demande un plafond de 700 000 F", asked)
    again = msgspec.structs.replace(ask, per_operation_minor=800_000)
    answer = story.bank.ask(again, marie.id, actor=story.people["Marie Wamytan"], channel=Channel.REMOTE)
    story.stage.did("… puis de 800 000 F, sans attendre la réponse", answer)
    grant = DecideCeiling(
        request=asked.position, granted=True, until_on=date(2027, 1, 31), approved_by=world.BACK_OFFICE
    )
    answer = story.bank.ask(grant, marie.id, actor=world.ADVISER, channel=Channel.BRANCH)
    story.stage.did("David Blanc accorde le premier, avec l’accord de Farid Vidal", answer)
    story.pays("Marie Wamytan", 650_000, jean, "le même virement")


def noumea_files(story: Story) -> None:
    """A file of Pacific francs, and an order for Christmas Day."""
    story.stage.say("\n[bold]Un fichier de salaires en francs CFP[/bold]")
    lagon = world.LAGON[1]
    payments = [
        {
            "name": "Jean Tein",
            "iban": story.accounts["Jean Tein"].iban,
            "bic": "CEPANCNMXXX",
            "amount": "85000",
            "text": "Salaire decembre",
            "reference": "SAL-1",
        },
        {
            "name": "Rose Kanako",
            "iban": world.iban_at(world.LAGON, 7),
            "bic": lagon,
            "amount": "92500",
            "text": "Salaire decembre",
            "reference": "SAL-2",
        },
        {
            "name": "Paul Wea",
            "iban": world.iban_at(world.LAGON, 8),
            "bic": lagon,
            "amount": "990000",
            "text": "Prime",
            "reference": "SAL-3",
        },
    ]
    marie = story.accounts["Marie Wamytan"]
    data = franc_file("Marie Wamytan", marie.iban, "CEPANCNMXXX", payments, date(2026, 12, 21), "XPF-2026-12")
    story.sends_file("Marie Wamytan", data, "marie-pain.001.xml", "pain001")
    story.stage.say("")
    answer = story.pays(
        "Jean Tein",
        30_000,
        story.payee("Marie Wamytan"),
        "virement pour le 25 décembre",
        agreed_on=date(2026, 12, 25),
    )
    story.dated["Jean Tein"] = answer.position


def paris_opens(story: Story) -> None:
    """Monday in Paris."""
    story.at("2026-12-21T09:30:00+01:00")
    story.stage.chapter(PARIS, "À Paris le même lundi commence.")
    story.opens("Camille Laurent", "bred-account", ("rue de Rivoli", "75001", "Paris"), with_files=True)
    story.opens("Thomas Bernard", "bred-account", ("rue de la Paix", "75002", "Paris"))
    story.pays_in("Camille Laurent", 60, 5_000)
    thomas = story.payee("Thomas Bernard")
    story.pays("Camille Laurent", 12_550, thomas, "virement à Thomas Bernard", remittance="Cadeaux de Noël")
    story.pays("Camille Laurent", 900_000, thomas, "virement sans provision")
    wrong = msgspec.structs.replace(thomas, iban=thomas.iban[:-2] + "00")
    story.pays("Camille Laurent", 5_000, wrong, "virement vers un IBAN recopié de travers")
    listed = PayeeAccount(name="Boris Malkovitch", iban=world.iban_at(world.MARAIS, 4))
    held = story.pays("Camille Laurent", 8_000, listed, "virement à un nom de la liste de filtrage")
    review = ReviewScreening(transfer=held.position, cleared=True, note="homonyme")
    account = story.accounts["Camille Laurent"].id
    answer = story.bank.ask(review, account, actor=world.BACK_OFFICE, channel=Channel.BRANCH)
    story.stage.did("Farid Vidal a regardé : un homonyme, le virement part", answer)


def paris_files(story: Story) -> None:
    """Two euro files: one with structured addresses, one without."""
    story.stage.say("\n[bold]Deux fichiers SEPA de Camille[/bold]")
    camille = story.accounts["Camille Laurent"]
    monday = date(2026, 12, 21)
    structured = {
        "street_name": "Rue de Rivoli",
        "building_number": "12",
        "postcode": "75001",
        "town": "Paris",
        "country": "FR",
    }
    payments: list[dict[str, Any]] = [
        {
            "name": "Thomas Bernard",
            "IBAN": story.accounts["Thomas Bernard"].iban,
            "BIC": "BREDFRPPXXX",
            "amount": 21_000,
            "description": "Loyer decembre",
            "endtoend_id": "LOYER-12",
            "address": structured,
        },
        {
            "name": "Imprimerie Lumiere",
            "IBAN": world.iban_at(world.LUMIERE, 1),
            "BIC": world.LUMIERE[1],
            "amount": 34_990,
            "description": "Facture 881",
            "endtoend_id": "FACT-881",
            "address": structured,
        },
        {
            "name": "Garage du Marais",
            "IBAN": world.iban_at(world.MARAIS, 2),
            "BIC": world.MARAIS[1],
            "amount": 999_900,
            "description": "Reparation",
            "endtoend_id": "GARAGE",
            "address": structured,
        },
    ]
    data = euro_file("Camille Laurent", camille.iban, "BREDFRPPXXX", payments, monday)
    story.sends_file("Camille Laurent", data, "camille-1-pain.001.xml", "sepaxml")
    story.sends_file("Camille Laurent", data, "camille-1-pain.001.xml", "sepaxml")
    lines = {
        **payments[1],
        "endtoend_id": "FACT-882",
        "address": {"lines": ["12 rue de Rivoli", "75001 Paris"]},
    }
    second = euro_file("Camille Laurent", camille.iban, "BREDFRPPXXX", [lines], monday)
    story.sends_file("Camille Laurent", second, "camille-2-pain.001.xml", "sepaxml")


def instant_transfers(story: Story) -> None:
    """Reserve, confirm or release; irrevocable."""
    story.stage.say("\n[bold]Des virements instantanés[/bold]")
    lucie = PayeeAccount(name="Lucie Morel", iban=world.iban_at(world.LUMIERE, 9), bic=world.LUMIERE[1])
    first = story.pays("Camille Laurent", 25_000, lucie, "instantané à Lucie Morel", service=Service.INSTANT)
    story.revokes("Camille Laurent", "l’instantané", first.position)
    for order, available, what in (
        (first, True, "3 secondes plus tard la banque de Lucie répond oui"),
        (None, False, "pour un deuxième elle répond non"),
    ):
        placed = order or story.pays(
            "Camille Laurent", 4_000, lucie, "autre instantané à Lucie Morel", service=Service.INSTANT
        )
        reference = f"{placed.book}-{placed.position}"
        file = banks.answer_file(
            f"ST-{reference}", story.bank.clock.now(), reference, "" if available else "AC04"
        )
        note = "250,00 € débités : Lucie a les fonds." if available else "40,00 € de nouveau disponibles."
        story.bank_sends(file, f"pacs.002-{reference}.xml", [(what, note)])
    slow = PayeeAccount(name="Garage du Marais", iban=world.iban_at(world.MARAIS, 2), bic=world.MARAIS[1])
    story.pays(
        "Camille Laurent",
        2_000,
        slow,
        "instantané vers une banque qui n’en reçoit pas",
        service=Service.INSTANT,
    )


def christmas_eve(story: Story) -> None:
    """Thursday afternoon: too late for today."""
    story.days_until(date(2026, 12, 24))
    story.at("2026-12-24T14:30:00+01:00")
    story.stage.chapter(PARIS, "Veille de Noël, après l’heure limite de midi. Vendredi TARGET est fermé.")
    garage = PayeeAccount(name="Garage du Marais", iban=world.iban_at(world.MARAIS, 2))
    late = story.pays("Camille Laurent", 15_000, garage, "virement SEPA à 14 h 30")
    story.stage.cited([c for c in late.citations if "A5-T" in c][:1])
    answer = story.pays(
        "Camille Laurent",
        6_000,
        story.payee("Thomas Bernard"),
        "virement pour le 25 décembre",
        agreed_on=date(2026, 12, 25),
    )
    story.dated["Camille Laurent"] = answer.position
    story.pays(
        "Camille Laurent",
        40_000,
        story.payee("Thomas Bernard"),
        "virement permanent, chaque fin de mois",
        agreed_on=date(2026, 12, 31),
        repeat=Repeat(Frequency.MONTHLY, end_of_month=True),
    )


def weekend(story: Story) -> None:
    """Saturday: the same late revocation under both agreements."""
    story.days_until(date(2026, 12, 26))
    story.at("2026-12-26T10:00:00+01:00")
    story.stage.chapter(PARIS, "Samedi : la même annulation tardive, sous deux conventions. Elles diffèrent.")
    for name in ("Camille Laurent", "Jean Tein"):
        answer = story.revokes(name, "son virement du 25 décembre, trop tard", story.dated[name])
        if answer.outcome is Outcome.ACCEPTED:
            story.stage.cited(answer.citations[:1])


def after_christmas(story: Story) -> None:
    """Monday 28: what waited goes out; money comes in, some of it in error."""
    report = advance(story.bank, date(2026, 12, 28))
    story.at("2026-12-28T11:00:00+01:00")
    story.stage.chapter(
        PARIS, "Ce qui attendait est parti dans la nuit ; de l’argent arrive d’autres banques."
    )
    story.tells(report)
    money_comes(story)
    camille = story.accounts["Camille Laurent"]
    garage = PayeeAccount(name="Garage du Marais", iban=world.iban_at(world.MARAIS, 2))
    sent = story.pays("Camille Laurent", 9_900, garage, "virement envoyé deux fois par erreur")
    recall = RequestRecall(transfer=sent.position, reason="DUPL")
    answer = story.bank.ask(recall, camille.id, actor=world.BACK_OFFICE, channel=Channel.BRANCH)
    story.stage.did("Farid Vidal en demande le rappel", answer)
    folder = story.files / "vers-les-banques"
    folder.mkdir(exist_ok=True)
    written = [path for kind in KINDS for path in export_messages(story.bank, world.BOOK, kind, folder)]
    kinds = ", ".join(sorted({path.name.partition("-")[0] for path in written}))
    story.stage.say(f"\n{len(written)} fichiers partent vers les autres banques : {kinds}.")


def money_comes(story: Story) -> None:
    """Two transfers in one file, one of them for nobody; then the first is asked back, twice."""
    now = story.bank.clock.now()
    day = business_date(now, zone(PARIS))
    wrong = world.iban_at(("10107", ""), 42)
    pay = banks.transfer("Thomas Bernard", story.accounts["Thomas Bernard"].iban, 180_000, "PAIE-12", day)
    error = banks.transfer("Inconnu", wrong, 7_700, "ERREUR-1", day)
    told = [
        (f"{story.stage.money(t.amount.amount_minor, 'EUR')} arrivent pour {t.creditor.name}", "")
        for t in (pay, error)
    ]
    story.bank_sends(banks.transfers_file("LUMI-1", now, (pay, error)), "pacs.008-LUMI-1.xml", told)
    for case, reason, who, what in (
        ("CAS-1", "CUST", pay.debtor, "la banque du payeur rappelle la paie « à la demande du client »"),
        ("CAS-2", "FRAD", Party(bic=banks.LUMIERE.bic), "… puis pour une fraude avérée"),
    ):
        recall = banks.recall_file(case, now, "LUMI-1", pay, reason, who)
        story.bank_sends(recall, f"camt.056-{case}.xml", [(what, "")])


def new_year(story: Story) -> None:
    """The month ends, the year begins: 1 January is a TARGET holiday, then comes a weekend."""
    report = advance(story.bank, date(2026, 12, 31))
    story.at("2026-12-31T15:00:00+01:00")
    story.stage.chapter(
        PARIS, "Dernier jour de l’année, 15 h : un ordre tardif, puis jour férié et week-end."
    )
    story.tells(report)
    garage = PayeeAccount(name="Garage du Marais", iban=world.iban_at(world.MARAIS, 2))
    story.pays("Thomas Bernard", 3_000, garage, "virement SEPA de la Saint-Sylvestre")
    report = advance(story.bank, date(2027, 1, 4))
    story.stage.chapter(PARIS, "Les relevés de décembre ont été émis au passage du mois, dans chaque fuseau.")
    story.tells(report)
    story.stage.say("")
    endings.statements(story.stage, story.bank, report, story.files)


CHAPTERS = (
    noumea_opens,
    noumea_files,
    money.franc_overdraft,
    paris_opens,
    paris_files,
    money.euro_overdraft,
    instant_transfers,
    christmas_eve,
    weekend,
    after_christmas,
    new_year,
    money.closing,
    money.fees_taken,
)


def run(shell: Shell, into: Path | None) -> None:
    """Tell it all, in a fresh data folder that is gone afterwards; the files stay."""
    files = (into or Path(tempfile.mkdtemp(prefix="teneur-demo-"))).absolute()
    files.mkdir(parents=True, exist_ok=True)
    with _world() as bank:
        stage = Stage(shell.err if shell.as_json else shell.out, bank)
        story = Story(shell, stage, bank, files)
        for chapter in CHAPTERS:
            chapter(story)
        told = explain(bank, world.BOOK, _an_example(story), shell.language)
        stage.say("\n[bold]Pourquoi ? « teneur explain » raconte n’importe quelle opération[/bold]\n")
        if told is not None and not shell.as_json:
            show_explanation(shell, told)
        balanced = endings.closing(stage, bank, files)
    shell.emit(
        {
            "folder": str(files),
            "operations": stage.operations,
            "refusals": stage.refusals,
            "clauses": sorted(stage.clauses),
            "balanced": balanced,
        }
    )
    if not balanced:
        raise SystemExit(1)


def _an_example(story: Story) -> int:
    return story.dated["Jean Tein"]


@contextmanager
def _world() -> Iterator[Bank]:
    folder = Path(tempfile.mkdtemp(prefix="teneur-demo-bank-"))
    data = folder / "data"
    folder.chmod(0o755)
    try:
        bank, dsn = world.open_world(data)
        with dsn, bank:
            yield bank
    finally:
        shutil.rmtree(folder, ignore_errors=True)
