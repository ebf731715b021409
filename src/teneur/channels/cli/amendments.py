"""`amendment`: planning, telling, applying, objecting, showing; and the contract of an account."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from teneur.accounts.amendments import texts
from teneur.accounts.amendments.commands import (
    ActivateService,
    ApplyAmendment,
    NotifyAmendment,
    Objection,
    ObjectToAmendment,
    PlanAmendment,
    WithdrawAmendment,
)
from teneur.accounts.amendments.day import Work, applications, notices
from teneur.accounts.amendments.facts import (
    SQL,
    AccountAmendment,
    Amendment,
    AmendmentKind,
    AmendmentStatus,
    CustomerAnswer,
    amendment_from_row,
    load_of_accounts,
)
from teneur.accounts.amendments.rules.contract import Component, contract_set
from teneur.agreements.terms.amendments import DraftMedium
from teneur.bank import Bank
from teneur.channels.cli.inputs import DAY, find_account
from teneur.channels.cli.shell import REFUSED, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.shell import Command as ShellCommand
from teneur.channels.cli.texts import say
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import business_date, zone
from teneur.kernel.commands import Channel, Command, Outcome, book_of, number_of
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.account import Account
from teneur.ledger.errors import CommandFailed

AS = click.option(
    "--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id).")
)
ACCOUNT = click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
AMENDMENT = click.argument("amendment", type=int, metavar=say("MODIFICATION", "AMENDMENT"))
MEDIUM = click.Choice([medium.value for medium in DraftMedium])


@click.group(cls=Group, help=say("Modifications de convention et de tarif.", "Amendments of agreements."))
def amendment() -> None:
    """Commands about amendments."""


@amendment.command("plan", help=say("Prévoir une nouvelle version.", "Plan a new edition."))
@click.option("--series", required=True, help=say("Série de conventions.", "Series of agreements."))
@click.option("--agreement", help=say("Nouvelle édition de la convention.", "New edition of the agreement."))
@click.option(
    "--tariff", type=DAY, help=say("Premier jour de l’édition du tarif.", "The tariff’s first day.")
)
@click.option("--from", "applies_on", type=DAY, required=True, help=say("Date d’application.", "From when."))
@click.option("--summary", required=True, help=say("Ce qui change, pour le client.", "What changes."))
@click.option("--medium", type=MEDIUM, default=DraftMedium.LETTER.value, show_default=True)
@click.option("--law", default="", help=say("Texte qui l’impose.", "The law that imposes it."))
@AS
@click.option("--approved-by", type=int, required=True, help=say("Qui approuve.", "Who approves."))
@pass_shell
def plan(
    shell: Shell,
    series: str,
    agreement: str | None,
    tariff: date | None,
    applies_on: date,
    summary: str,
    medium: str,
    law: str,
    actor: int,
    approved_by: int,
) -> None:
    """Two members of staff; two months ahead unless a law imposes it."""
    if (agreement is None) == (tariff is None):
        raise Trouble(say("Donnez --agreement ou --tariff.", "Give --agreement or --tariff."))
    ask = PlanAmendment(
        series=series,
        kind=AmendmentKind.AGREEMENT if agreement else AmendmentKind.TARIFF,
        edition=agreement or (tariff.isoformat() if tariff else ""),
        applies_on=applies_on,
        summary=summary,
        medium=medium,
        approved_by=approved_by,
        imposed_by_law=bool(law),
        legal_reference=law,
    )
    with shell.bank() as bank:
        answer = bank.ask(ask, REGISTER, actor=actor, channel=Channel.BRANCH)
        day = shell.day(applies_on)
        done = shell.say(
            f"Modification {answer.position} prévue au {day}.",
            f"Amendment {answer.position} planned for {day}.",
        )
        shell.finish(bank, answer, done, amendment=answer.position)


@amendment.command("withdraw", help=say("Retirer une modification prévue.", "Withdraw a planned amendment."))
@AMENDMENT
@click.option("--reason", required=True, help=say("Pourquoi.", "Why."))
@AS
@pass_shell
def withdraw(shell: Shell, amendment: int, reason: str, actor: int) -> None:
    """For whom it does not apply yet, it never will."""
    with shell.bank() as bank:
        ask = WithdrawAmendment(amendment=amendment, reason=reason)
        answer = bank.ask(ask, REGISTER, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, texts.pick(texts.DONE["withdraw-amendment"], shell.language))


@amendment.command("notify", help=say("Envoyer le projet aux clients.", "Send the draft to customers."))
@AMENDMENT
@click.argument("account", required=False, metavar=say("[COMPTE]", "[ACCOUNT]"))
@click.option("--medium", type=MEDIUM, help=say("Support, si autre que prévu.", "Medium, if another."))
@click.option("--sent-on", type=DAY, help=say("Déjà envoyé ce jour-là.", "Sent already, on that day."))
@click.option("--reference", default="", help=say("Preuve de cet envoi.", "Proof of that sending."))
@AS
@pass_shell
def notify(
    shell: Shell,
    amendment: int,
    account: str | None,
    medium: str | None,
    sent_on: date | None,
    reference: str,
    actor: int,
) -> None:
    """Without an account: everybody whom it concerns and who was not told yet."""
    with shell.bank() as bank:
        if account is None:
            if medium or sent_on or reference:
                raise Trouble(say("Ces options visent un seul compte.", "These options are for one account."))
            _campaign(shell, bank, notices, amendment, actor)
            return
        ask = NotifyAmendment(amendment=amendment, medium=medium or "", sent_on=sent_on, reference=reference)
        answer = bank.ask(ask, find_account(bank, account).id, actor=actor, channel=Channel.BRANCH)
        applies_on = bank.decided(answer).get("applies_on", "")
        day = shell.day(date.fromisoformat(applies_on)) if applies_on else ""
        done = shell.say(f"Applicable à ce client le {day}.", f"Applies to this customer on {day}.")
        shell.finish(bank, answer, done)


@amendment.command("apply", help=say("Appliquer ce qui est à échéance.", "Apply what is due."))
@AMENDMENT
@click.argument("account", required=False, metavar=say("[COMPTE]", "[ACCOUNT]"))
@AS
@pass_shell
def apply(shell: Shell, amendment: int, account: str | None, actor: int) -> None:
    """The bank's day does it by itself; without an account: everybody whose date has come."""
    with shell.bank() as bank:
        if account is None:
            _campaign(shell, bank, applications, amendment, actor)
            return
        ask = ApplyAmendment(amendment=amendment)
        answer = bank.ask(ask, find_account(bank, account).id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, texts.pick(texts.DONE["apply-amendment"], shell.language))


def _campaign(shell: Shell, bank: Bank, task: Any, amendment: int, actor: int) -> None:
    """Page by page over all books and zones; what was done before is passed over."""
    done, refused = 0, 0
    with shell.progress(shell.say("Comptes", "Accounts")) as bar:
        for work in _pages(bank, task, amendment):
            now = bank.clock.now()
            commands = [
                Command(key=key, subject=id_, received_at=now, ask=ask, actor=actor, channel=Channel.BRANCH)
                for id_, ask, key in work
            ]
            for result in bank.post(commands) if commands else []:
                accepted = not isinstance(result, CommandFailed) and result.outcome is Outcome.ACCEPTED
                done, refused = done + accepted, refused + (not accepted)
            bar.advance(bar.task_ids[0], len(commands))
    if shell.as_json:
        shell.emit({"amendment": amendment, "done": done, "refused": refused})
    else:
        french, english = f"{done} comptes faits, {refused} refusés.", f"{done} done, {refused} refused."
        shell.out.print(shell.say(french, english))
    if refused:
        raise SystemExit(REFUSED)


def _pages(bank: Bank, task: Any, amendment: int) -> Iterator[list[Work]]:
    with bank.read() as connection:
        books = [row[0] for row in connection.execute(LEDGER_SQL["books"]) if row[0] > 0]
    for name in sorted({agreement.zone for agreement in bank.agreements}):
        where = zone(name)
        day = business_date(bank.clock.now(), where)
        for book in books:
            yield from task(bank.read, bank.governing, book, where, day, only=amendment)


@amendment.command("object", help=say("Refuser une modification.", "Object to an amendment."))
@AMENDMENT
@ACCOUNT
@click.option("--holder", type=int, required=True, help=say("Le titulaire qui refuse.", "The holder."))
@click.option("--leave", is_flag=True, help=say("Résilier la convention.", "Terminate the agreement."))
@click.option("--service", default="", help=say("Résilier ce seul service.", "End only this service."))
@click.option("--last-day", type=DAY, help=say("Dernier jour du service.", "Last day of the service."))
@AS
@pass_shell
def object_to(
    shell: Shell,
    amendment: int,
    account: str,
    holder: int,
    leave: bool,
    service: str,
    last_day: date | None,
    actor: int,
) -> None:
    """Without --leave or --service the refusal is noted, and the change binds all the same."""
    if leave and service:
        raise Trouble(say("Donnez --leave ou --service.", "Give --leave or --service, not both."))
    objection = Objection.LEAVE if leave else Objection.END_SERVICE if service else Objection.REFUSE
    ask = ObjectToAmendment(
        amendment=amendment, objection=objection, requested_by=holder, service=service, last_day=last_day
    )
    with shell.bank() as bank:
        answer = bank.ask(ask, find_account(bank, account).id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, texts.pick(texts.DONE["object-to-amendment"], shell.language))


@amendment.command("show", help=say("Les modifications prévues et où elles en sont.", "Planned amendments."))
@click.argument("account", required=False, metavar=say("[COMPTE]", "[ACCOUNT]"))
@pass_shell
def show(shell: Shell, account: str | None) -> None:
    """All of them with counts of accounts; or how they stand with one account."""
    with shell.bank() as bank:
        found = None if account is None else find_account(bank, account)
        with bank.read() as connection:
            if found is not None:
                entries = load_of_accounts(connection, [found.id])[found.id]
                rows = [_entry(entry) for entry in entries]
            else:
                all_ = [amendment_from_row(row) for row in connection.execute(SQL["all_amendments"])]
                rows = [_brief(connection, one) for one in all_]
    if shell.as_json:
        shell.emit({"amendments": rows})
        return
    table = shell.table(
        shell.say("N°", "No."),
        shell.say("Objet", "What"),
        shell.say("Version", "Edition"),
        shell.say("Applicable le", "Applies on"),
        shell.say("Situation", "Standing"),
    )
    for row in rows:
        table.add_row(
            str(row["amendment"]), row["kind"], row["edition"], shell.short_day(row["applies_on"]),
            _standing(shell, row),
        )  # fmt: skip
    shell.out.print(table)


def _plain(one: Amendment) -> dict[str, Any]:
    return {
        "amendment": one.id,
        "series": one.series,
        "kind": one.kind.name.lower(),
        "edition": one.edition,
        "applies_on": one.applies_on,
        "law": one.legal_reference,
        "summary": one.summary,
        "withdrawn": one.withdrawn,
    }


def _brief(connection: Any, one: Amendment) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for status, answer, count, _, _ in connection.execute(SQL["counts"], {"amendment": one.id}):
        name = _code(AmendmentStatus(status))
        if AmendmentStatus(status) is AmendmentStatus.TOLD and answer:
            name = _code(CustomerAnswer(answer))
        counts[name] = counts.get(name, 0) + count
    return {**_plain(one), "accounts": counts}


def _entry(entry: AccountAmendment) -> dict[str, Any]:
    return {
        **_plain(entry.amendment),
        "applies_on": entry.applies_on,
        "sent_on": entry.sent_on,
        "status": _code(entry.status),
        "answer": _code(entry.answer),
        "service": entry.service,
    }


def _code(value: AmendmentStatus | CustomerAnswer) -> str:
    return value.name.lower().replace("_", "-")


def _standing(shell: Shell, row: dict[str, Any]) -> str:
    if row["withdrawn"]:
        return shell.say("retirée", "withdrawn")
    if "accounts" in row:
        named = {**texts.ANSWERS, **texts.STATUSES}
        parts = (
            f"{count} {texts.pick(named[name], shell.language)}" for name, count in row["accounts"].items()
        )
        return ", ".join(parts)
    status = texts.pick(texts.STATUSES[row["status"]], shell.language)
    return f"{status}, {texts.pick(texts.ANSWERS[row['answer']], shell.language)}"


# of an account


@click.command(
    "contract",
    cls=ShellCommand,
    help=say("Le contrat : chaque document et sa version.", "The contract’s documents."),
)
@ACCOUNT
@click.option("--on", "day", type=DAY, help=say("Tel qu’il vaut ce jour-là.", "As it stands on that day."))
@pass_shell
def contract(shell: Shell, account: str, day: date | None) -> None:
    """Each document of the set, in which version, since when, and why."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        now = bank.terms_for(found, bank.clock.now().date())
        on = day or business_date(bank.clock.now(), now.zone)
        documents = _documents(bank, found, on)
    number = f"{book_of(found.id)}/{number_of(found.id)}"
    if shell.as_json:
        shell.emit({"account": number, "on": on, "contract": documents})
        return
    table = shell.table(
        shell.say("Document", "Document"),
        shell.say("Référence", "Reference"),
        shell.say("Version", "Version"),
        shell.say("Depuis", "Since"),
        shell.say("Pourquoi", "Why"),
        title=shell.say(f"Contrat du compte {number} au {shell.day(on)}", f"Contract of {number}, {on}"),
    )
    for one in documents:
        why = texts.pick(texts.WHY[one.why], shell.language).format(amendment=one.amendment)
        details = "".join(f"\n{detail}" for detail in one.details)
        name = texts.pick(texts.COMPONENTS[one.kind], shell.language)
        table.add_row(name, f"{one.id}{details}", one.version, shell.short_day(one.since), why)
    shell.out.print(table)


def _documents(bank: Bank, account: Account, on: date) -> tuple[Component, ...]:
    if account.contract is None or on < account.opened_on:
        raise Trouble(say("Aucun contrat ce jour-là.", "There is no contract on that day."))
    with bank.read() as connection:
        history = load_of_accounts(connection, [account.id])[account.id]
    return contract_set(account.contract, on, bank.agreement_for(account, on), history)


@click.command(
    "service", cls=ShellCommand, help=say("Activer un service de paiement.", "Switch a payment service on.")
)
@ACCOUNT
@click.argument("service", metavar="SERVICE")
@click.option("--holder", type=int, required=True, help=say("Le titulaire qui le veut.", "The holder."))
@click.option("--document", default="", help=say("Convention à part, signée.", "Separate agreement, signed."))
@AS
@pass_shell
def service_command(shell: Shell, account: str, service: str, holder: int, document: str, actor: int) -> None:
    """Only if the contract covers it: an edition that has it, or a separate agreement."""
    with shell.bank() as bank:
        ask = ActivateService(service=service, requested_by=holder, document=document)
        answer = bank.ask(ask, find_account(bank, account).id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, texts.pick(texts.DONE["activate-service"], shell.language))
