"""The people of the story and what they do."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.channels.cli.shell import Shell
from teneur.channels.day.job import advance
from teneur.channels.day.report import DayReport
from teneur.channels.demo import world
from teneur.channels.demo.stage import Stage
from teneur.channels.explain import explain
from teneur.channels.files.importing import OTHER_BANK, import_file
from teneur.channels.files.reports import REJECTED, ImportReport
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import Answer, Channel, Outcome
from teneur.ledger.account import Account
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, RevokeTransfer


class Story:
    """Everyone in it, and what they do."""

    def __init__(self, shell: Shell, stage: Stage, bank: Bank, files: Path) -> None:
        self.shell = shell
        self.stage = stage
        self.bank = bank
        self.files = files
        self.people: dict[str, int] = {}
        self.accounts: dict[str, Account] = {}
        self.dated: dict[str, int] = {}

    # what people do

    def at(self, moment: str) -> None:
        """Time passes within a day."""
        clock = self.bank.clock
        assert isinstance(clock, SimulatedClock)
        clock.set(instant(moment))

    def opens(self, name: str, series: str, address: tuple[str, str, str], **options: bool) -> None:
        """A customer comes and opens an account."""
        first, _, last = name.partition(" ")
        self.people[name] = world.add_person(self.bank, first, last, *address)
        account, answer = world.open_account(self.bank, series, self.people[name], **options)
        self.accounts[name] = account
        agreement = self.bank.agreement_for(account, account.opened_on)
        self.stage.did(
            f"{name} ouvre un compte à la {agreement.bank.name.value}",
            answer,
            f"{account.iban}, sous la convention {agreement.id}",
        )

    def pays_in(self, name: str, count: int, note_minor: int) -> None:
        """Notes at the counter."""
        account = self.accounts[name]
        answer = world.pay_in(self.bank, account, count, note_minor, name)
        amount = self.stage.money(count * note_minor, account.currency)
        self.stage.did(f"{name} verse {amount} au guichet", answer)

    def pays(self, name: str, amount_minor: int, payee: PayeeAccount, what: str, **more: Any) -> Answer:
        """A transfer in the web space."""
        account = self.accounts[name]
        ask = PlaceTransfer(amount_minor=amount_minor, currency=account.currency, payee=payee, **more)
        channel = Channel.MOBILE if ask.service is Service.INSTANT else Channel.REMOTE
        answer = self.bank.ask(ask, account.id, actor=self.people[name], channel=channel)
        return self.stage.did(f"{name} : {what}, {self.stage.money(amount_minor, account.currency)}", answer)

    def payee(self, name: str) -> PayeeAccount:
        """Somebody with an account here."""
        return PayeeAccount(name=name, iban=self.accounts[name].iban)

    def revokes(self, name: str, what: str, order: int) -> Answer:
        """A revocation in the web space."""
        ask = RevokeTransfer(transfer=order)
        answer = self.bank.ask(ask, self.accounts[name].id, actor=self.people[name], channel=Channel.REMOTE)
        return self.stage.did(f"{name} annule {what}", answer)

    def sends_file(self, name: str, data: bytes, file: str, by: str) -> ImportReport:
        """A file as its program wrote it."""
        (self.files / file).write_bytes(data)
        report = import_file(self.bank, data, sender=self.people[name], name=file)
        self.stage.say(f"[bold]{file}[/bold] [dim](écrit par {by}, jamais retouché)[/dim]")
        if report.repeated:
            self.stage.say("  [yellow]déjà reçu : même réponse, et rien n’est fait deux fois[/yellow]")
        elif report.refusal is not None:
            faults = " ".join(fault.french for fault in report.refusal.faults)
            self.stage.say(f"  [red]fichier refusé : {faults}[/red]")
        else:
            self._results(report)
        if report.answer:
            (self.files / file.replace("pain.001", "pain.002")).write_bytes(report.answer)
        return report

    def bank_sends(self, data: bytes, file: str, told: Sequence[tuple[str, str]]) -> ImportReport:
        """A message of another bank. told: what each transaction is, and what to say if not the answer."""
        folder = self.files / "des-banques"
        folder.mkdir(exist_ok=True)
        (folder / file).write_bytes(data)
        report = import_file(self.bank, data, sender=OTHER_BANK, name=file, book=world.BOOK)
        if report.refusal is not None:
            raise RuntimeError(f"{file}: {report.refusal.first.english}")
        for result, (what, note) in zip(report.results, told, strict=True):
            if result.operation is None:
                raise RuntimeError(f"{file}: nothing was decided about {what}: {result.reason} {result.text}")
            outcome = Outcome.REFUSED if result.status == REJECTED else Outcome.ACCEPTED
            answer = Answer(outcome, result.reason, result.clauses, *result.operation)
            self.stage.did(f"{what} [dim]{file}[/dim]", answer, note)
        return report

    def _results(self, report: ImportReport) -> None:
        amount = "Montant"
        table = self.stage.table("", "Référence", amount, "Statut ISO", "Ce qui s’est passé", right=(amount,))
        for item in report.results:
            refused = item.status == "RJCT"
            told = explain(self.bank, *item.operation) if item.operation else None
            text = told.sentence if told else " ".join(item.text)
            mark = "[red]✘[/]" if refused else "[green]✔[/]"
            amount_text = (
                self.stage.money(item.amount.amount_minor, item.amount.currency.code) if item.amount else ""
            )
            status = f"{item.status} {item.reason}".strip()
            table.add_row(mark, item.end_to_end_id, amount_text, status, text)
            self.stage.operations += item.operation is not None
            self.stage.clauses.update(item.clauses)
        self.stage.console.print(table)
        for item in report.results:
            if item.status == "RJCT":
                self.stage.refused(item.clauses)

    def days_until(self, day: date) -> DayReport:
        """The bank's days pass, and what they brought is told."""
        report = advance(self.bank, day)
        self.tells(report)
        return report

    def tells(self, report: DayReport) -> None:
        """What the bank's days brought."""
        for book, position in report.executed:
            told = explain(self.bank, book, position)
            if told is not None:
                line = f"[green]✔[/] {told.title} [dim]({told.operation})[/dim] : {told.account}"
                self.stage.say(f"{line}\n    [green]{told.sentence}[/green]")
        for book, position, _reason in report.refused:
            told = explain(self.bank, book, position)
            if told is not None:
                self.stage.say(f"[red]✘[/] {told.title} [dim]({told.operation})[/dim] : {told.sentence}")
        for problem in report.problems:
            self.stage.say(f"[red]{problem}[/red]")
