"""`overdraft`: granting, changing, ending; one debit let pass; demands; over-indebtedness."""

from datetime import date
from decimal import Decimal, InvalidOperation

import click

from teneur.agreements.terms.overdraft import Event, Ground
from teneur.bank import Bank
from teneur.channels.cli.accounts import ACCOUNT, APPROVED, AS, finish_limit
from teneur.channels.cli.inputs import DAY, amount_minor, find_account, iban_of
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Ask, Channel
from teneur.ledger.account import Account
from teneur.pricing.overdraft import commands as asked
from teneur.pricing.overdraft.facts import Authorisation, AuthorisationKind, IndexedRate
from teneur.pricing.overdraft.reading import Standing, standing
from teneur.pricing.overdraft.texts import KIND_NAMES

LIMIT = click.argument("limit", metavar=say("MONTANT", "AMOUNT"))
ASKED_BY = click.option(
    "--for", "holders", type=int, multiple=True, help=say("Titulaire qui demande.", "A holder who asks.")
)
DOCUMENT = click.option(
    "--document",
    default="conditions particulières",
    help=say("Document où c’est convenu.", "Where it was agreed."),
)
CHANNELS = {c.name.lower(): c for c in (Channel.BRANCH, Channel.POST, Channel.REMOTE, Channel.PHONE)}


@click.group(cls=Group, help=say("Les découverts.", "Overdrafts."))
def overdraft() -> None:
    """Commands about overdrafts."""


@overdraft.command("grant", help=say("Autoriser un découvert.", "Authorise an overdraft."))
@ACCOUNT
@LIMIT
@ASKED_BY
@click.option("--from", "starts_on", type=DAY, help=say("Premier jour.", "First day."))
@click.option("--until", "ends_on", type=DAY, help=say("Dernier jour : découvert ponctuel.", "Last day."))
@click.option("--rate", help=say("Taux convenu, en % l’an.", "Agreed rate, % a year."))
@click.option("--index", default="", help=say("Indice auquel le taux s’ajoute.", "Index that it adds to."))
@DOCUMENT
@AS
@APPROVED
@pass_shell
def grant(
    shell: Shell,
    account: str,
    limit: str,
    holders: tuple[int, ...],
    starts_on: date | None,
    ends_on: date | None,
    rate: str | None,
    index: str,
    document: str,
    actor: int,
    approved_by: int,
) -> None:
    """Open-ended, or one-off when it has a last day."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.GrantOverdraft(
            limit_minor=amount_minor(limit, found.currency),
            requested_by=holders or found.holders,
            approved_by=approved_by,
            document=document,
            kind=AuthorisationKind.ONE_OFF if ends_on else AuthorisationKind.OPEN_ENDED,
            starts_on=starts_on,
            ends_on=ends_on,
            rate_percent=_percent(rate),
            rate_index=index,
        )
        money = shell.money(ask.limit_minor, found.currency)
        done = shell.say(f"Découvert autorisé : {money}.", f"Overdraft authorised: {money}.")
        _ask(shell, bank, found, ask, actor, done)


@overdraft.command("change", help=say("Convenir d’une autre limite.", "Agree another limit."))
@ACCOUNT
@LIMIT
@ASKED_BY
@click.option("--from", "starts_on", type=DAY, help=say("Premier jour.", "First day."))
@DOCUMENT
@AS
@APPROVED
@pass_shell
def change(
    shell: Shell,
    account: str,
    limit: str,
    holders: tuple[int, ...],
    starts_on: date | None,
    document: str,
    actor: int,
    approved_by: int,
) -> None:
    """With the customer, at the branch."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.ChangeOverdraft(
            limit_minor=amount_minor(limit, found.currency),
            requested_by=holders or found.holders,
            approved_by=approved_by,
            document=document,
            starts_on=starts_on,
        )
        money = shell.money(ask.limit_minor, found.currency)
        _ask(shell, bank, found, ask, actor, shell.say(f"Nouvelle limite : {money}.", f"New limit: {money}."))


@overdraft.command("raise", help=say("Relever la limite : décision de la banque.", "The bank raises it."))
@ACCOUNT
@LIMIT
@click.option("--from", "effective_on", type=DAY, required=True, help=say("Date d’effet.", "First day."))
@click.option("--apr", help=say("TAEG annoncé, en %.", "APR stated, %."))
@click.option("--by", "medium", default="letter", help=say("Support de l’information.", "Medium."))
@AS
@APPROVED
@pass_shell
def raise_limit(
    shell: Shell,
    account: str,
    limit: str,
    effective_on: date,
    apr: str | None,
    medium: str,
    actor: int,
    approved_by: int,
) -> None:
    """The customer is told of the amount, the day and the APR."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.RaiseOverdraft(
            limit_minor=amount_minor(limit, found.currency),
            effective_on=effective_on,
            apr_percent=_percent(apr),
            medium=medium,
            approved_by=approved_by,
        )
        done = shell.say("Limite relevée ; le client en est informé.", "Limit raised; the customer is told.")
        _ask(shell, bank, found, ask, actor, done)


@overdraft.command(
    "reduce", help=say("Réduire ou supprimer (0) : la banque.", "The bank reduces it (0: ends).")
)
@ACCOUNT
@LIMIT
@click.option("--letter", required=True, help=say("Lettre recommandée.", "Registered letter."))
@click.option("--sent", "sent_on", type=DAY, required=True, help=say("Jour d’envoi.", "Day it was sent."))
@click.option("--from", "effective_on", type=DAY, help=say("Date d’effet.", "First day."))
@click.option(
    "--ground", type=click.Choice([g.value for g in Ground]), help=say("Motif légitime.", "Ground.")
)
@click.option("--explanation", default="", help=say("Explication du motif.", "What happened."))
@AS
@APPROVED
@pass_shell
def reduce(
    shell: Shell,
    account: str,
    limit: str,
    letter: str,
    sent_on: date,
    effective_on: date | None,
    ground: str | None,
    explanation: str,
    actor: int,
    approved_by: int,
) -> None:
    """Two months after the letter; at once on a legitimate ground."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.ReduceOverdraft(
            limit_minor=amount_minor(limit, found.currency),
            letter=letter,
            sent_on=sent_on,
            approved_by=approved_by,
            effective_on=effective_on,
            ground=Ground(ground) if ground else None,
            explanation=explanation,
        )
        done = shell.say("Découvert réduit à la date d’effet.", "Overdraft reduced from that day on.")
        _ask(shell, bank, found, ask, actor, done)


@overdraft.command("end", help=say("Mettre fin : décision du client, par écrit.", "The customer ends it."))
@ACCOUNT
@click.option("--for", "holder", type=int, help=say("Titulaire.", "The holder."))
@click.option("--by", "channel", type=click.Choice(list(CHANNELS)), default="post", help=say("Voie.", "How."))
@AS
@pass_shell
def end(shell: Shell, account: str, holder: int | None, channel: str, actor: int) -> None:
    """At receipt."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.EndOverdraft(requested_by=holder or found.holders[0])
        done = shell.say("Découvert supprimé.", "Overdraft ended.")
        _ask(shell, bank, found, ask, actor, done, CHANNELS[channel])


@overdraft.command("event", help=say("Fin de plein droit.", "An event ends it by itself."))
@ACCOUNT
@click.argument("event", type=click.Choice([e.value for e in Event]))
@click.option("--on", "occurred_on", type=DAY, required=True, help=say("Jour.", "Day."))
@click.option("--proof", required=True, help=say("Pièce.", "What tells the bank."))
@AS
@pass_shell
def event(shell: Shell, account: str, event: str, occurred_on: date, proof: str, actor: int) -> None:
    """Closing, denunciation, death, incapacity, insolvency."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.EndOverdraftByEvent(event=Event(event), occurred_on=occurred_on, proof=proof)
        _ask(shell, bank, found, ask, actor, shell.say("Découvert terminé.", "Overdraft ended."))


@overdraft.command("allow", help=say("Laisser passer une opération.", "Let one debit pass."))
@ACCOUNT
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@click.option("--about", required=True, help=say("Opération.", "Which debit."))
@click.option("--reason", required=True, help=say("Raison.", "Why."))
@AS
@APPROVED
@pass_shell
def allow(
    shell: Shell, account: str, amount: str, about: str, reason: str, actor: int, approved_by: int
) -> None:
    """Today only; the limit is as before."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.AllowExcess(
            debit_minor=amount_minor(amount, found.currency),
            about=about,
            reason=reason,
            approved_by=approved_by,
        )
        done = shell.say("L’opération peut passer aujourd’hui.", "The debit may pass today.")
        _ask(shell, bank, found, ask, actor, done)


@overdraft.command("demand", help=say("Demander le remboursement.", "Demand repayment."))
@ACCOUNT
@click.option("--letter", required=True, help=say("Lettre simple.", "Ordinary letter."))
@AS
@pass_shell
def demand(shell: Shell, account: str, letter: str, actor: int) -> None:
    """Of what is beyond the limit, the whole from each holder."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        done = shell.say("Remboursement demandé.", "Repayment demanded.")
        _ask(shell, bank, found, asked.DemandRepayment(letter=letter), actor, done)


@overdraft.command("instalments", help=say("Rembourser en mensualités.", "Repay in instalments."))
@ACCOUNT
@click.option("--for", "holder", type=int, help=say("Titulaire.", "The holder."))
@AS
@pass_shell
def instalments(shell: Shell, account: str, holder: int | None, actor: int) -> None:
    """What the bank's reduction left beyond the limit."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.RepayInInstalments(requested_by=holder or found.holders[0])
        _ask(shell, bank, found, ask, actor, shell.say("Mensualités prévues.", "Instalments planned."))


@overdraft.command(
    "indebted", help=say("Dossier de surendettement recevable.", "Over-indebtedness admitted.")
)
@ACCOUNT
@click.option("--reference", required=True, help=say("Référence de la décision.", "Its reference."))
@click.option("--on", "decided_on", type=DAY, required=True, help=say("Jour de la décision.", "Its day."))
@click.option(
    "--creditor", "creditors", multiple=True, help=say("IBAN d’un créancier.", "A creditor’s IBAN.")
)
@AS
@APPROVED
@pass_shell
def indebted(
    shell: Shell,
    account: str,
    reference: str,
    decided_on: date,
    creditors: tuple[str, ...],
    actor: int,
    approved_by: int,
) -> None:
    """The used part is set apart on a technical account."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.RecordAdmissibility(
            reference=reference,
            decided_on=decided_on,
            approved_by=approved_by,
            creditors=tuple(iban_of(text) for text in creditors),
        )
        done = shell.say("Partie utilisée isolée.", "Used part set apart.")
        _ask(shell, bank, found, ask, actor, done)


@overdraft.command("old-debt", help=say("Une dette peut-elle être payée ?", "May a debt be paid?"))
@ACCOUNT
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@click.option("--creditor", required=True, help=say("IBAN du créancier.", "The creditor’s IBAN."))
@click.option("--born", "born_on", type=DAY, help=say("Jour de la dette.", "Day of the debt."))
@AS
@pass_shell
def old_debt(
    shell: Shell, account: str, amount: str, creditor: str, born_on: date | None, actor: int
) -> None:
    """After an admissible file of over-indebtedness."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.CheckOldDebt(
            creditor=iban_of(creditor), amount_minor=amount_minor(amount, found.currency), born_on=born_on
        )
        _ask(shell, bank, found, ask, actor, shell.say("Contrôle enregistré.", "Check recorded."))


@overdraft.command("measures", help=say("Mesures de la commission.", "The commission’s measures."))
@ACCOUNT
@click.argument("measures")
@AS
@pass_shell
def measures(shell: Shell, account: str, measures: str, actor: int) -> None:
    """Recovery is no longer frozen."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = asked.CloseOverIndebtedness(measures=measures)
        _ask(shell, bank, found, ask, actor, shell.say("Dossier clos.", "Case closed."))


@overdraft.command("show", help=say("Le découvert d’un compte et son histoire.", "An account’s overdraft."))
@ACCOUNT
@pass_shell
def show(shell: Shell, account: str) -> None:
    """Limits, days in debit, excess, claims."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        today = business_date(bank.clock.now(), bank.terms_for(found, found.opened_on).zone)
        with bank.read() as connection:
            known = standing(connection, found, today)
        if shell.as_json:
            shell.emit(known)
            return
        _show(shell, known)


def _show(shell: Shell, known: Standing) -> None:
    code = known.currency
    shell.facts(
        [
            (shell.say("Limite", "Limit"), shell.money(known.limit_minor, code)),
            (shell.say("Solde", "Balance"), shell.money(known.balance_minor, code)),
            (
                shell.say("Dépassement", "Excess"),
                shell.money(known.excess_minor, code) if known.excess_minor else "",
            ),
            (shell.say("Débiteur depuis", "In debit since"), _day(shell, known.debit_since)),
            (shell.say("En dépassement depuis", "Beyond since"), _day(shell, known.excess_since)),
            (
                shell.say("Surendettement", "Over-indebtedness"),
                known.indebtedness.reference if known.indebtedness else "",
            ),
        ],
        title=shell.say("Découvert", "Overdraft"),
    )
    columns = [
        shell.say(*pair)
        for pair in (
            ("Du", "From"),
            ("Au", "To"),
            ("Limite", "Limit"),
            ("Nature", "Kind"),
            ("Taux", "Rate"),
            ("Fin", "Ended"),
        )
    ]
    table = shell.table(*columns, right=columns[2:3])
    for a in known.history:
        kind = shell.say(*KIND_NAMES[a.kind])
        ends = _day(shell, a.ends_on)
        money = shell.money(a.limit_minor, code)
        table.add_row(shell.short_day(a.starts_on), ends, money, kind, _rate(shell, a), a.ended_by)
    shell.out.print(table)


def _day(shell: Shell, of: date | None) -> str:
    return shell.short_day(of) if of else ""


def _rate(shell: Shell, of: Authorisation) -> str:
    if of.rate is None:
        return shell.say("tarif", "tariff")
    if isinstance(of.rate, IndexedRate):
        return f"{of.rate.index} {of.rate.margin_percent:+}"
    return f"{of.rate} %"


def _percent(text: str | None) -> Decimal | None:
    """A rate as people write it: 9,9 or 9.9 %."""
    if text is None:
        return None
    try:
        return Decimal(text.replace("%", "").replace(",", ".").strip())
    except InvalidOperation:
        raise Trouble(say(f"{text!r} n’est pas un taux.", f"{text!r} is no rate."), "9,9") from None


def _ask(
    shell: Shell,
    bank: Bank,
    found: Account,
    ask: Ask,
    actor: int,
    done: str,
    channel: Channel = Channel.BRANCH,
) -> None:
    finish_limit(shell, bank, bank.ask(ask, found.id, actor=actor, channel=channel), done)
