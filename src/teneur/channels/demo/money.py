"""Time and money in the story: two overdrafts, the closing of a quarter, a fee that waits its fortnight."""

from datetime import date

from teneur.channels.cli.interest import show_closing
from teneur.channels.demo import world
from teneur.channels.demo.people import Story
from teneur.channels.demo.stage import NOUMEA, PARIS
from teneur.kernel.commands import Channel
from teneur.pricing.fees.reading import fees_of
from teneur.pricing.fees.texts import event_name, status_name
from teneur.pricing.interest.reading import told
from teneur.pricing.overdraft.commands import GrantOverdraft

QUARTER = date(2026, 10, 1)
INES, ROSE = "Inès Morel", "Rose Poya"


def _overdraft(story: Story, name: str, limit_minor: int) -> None:
    """An open-ended authorisation, agreed by two members of staff, at the tariff's rate."""
    account = story.accounts[name]
    ask = GrantOverdraft(
        limit_minor=limit_minor,
        requested_by=(story.people[name],),
        approved_by=world.BACK_OFFICE,
        document="conditions particulières du 21 décembre 2026",
    )
    answer = story.bank.ask(ask, account.id, actor=world.ADVISER, channel=Channel.BRANCH)
    story.stage.did(
        f"{name} obtient un découvert de {story.stage.money(limit_minor, account.currency)}", answer
    )


def franc_overdraft(story: Story) -> None:
    """A small overdraft in Nouméa: less than what the flat minimum is for."""
    story.stage.say("\n[bold]Un découvert en francs CFP[/bold]")
    story.opens(ROSE, "bnc-account", ("rue de l’Alma", "98800", "Nouméa"))
    story.pays_in(ROSE, 2, 10_000)
    _overdraft(story, ROSE, 60_000)
    story.pays(ROSE, 50_000, story.payee("Jean Tein"), "virement à Jean Tein")


def euro_overdraft(story: Story) -> None:
    """An overdraft used to its limit in Paris; what goes beyond is refused."""
    story.stage.say("\n[bold]Un découvert en euros[/bold]")
    story.opens(INES, "bred-account", ("rue de Rennes", "75006", "Paris"))
    story.pays_in(INES, 4, 5_000)
    _overdraft(story, INES, 50_000)
    thomas = story.payee("Thomas Bernard")
    story.pays(INES, 60_000, thomas, "virement à Thomas Bernard")
    story.pays(INES, 25_000, thomas, "encore un virement, au-delà de l’autorisation")


def closing(story: Story) -> None:
    """The quarter is closed at the turn of the year: each figure can be made again by hand."""
    story.stage.say("\n[bold]L’arrêté du trimestre, refait à la main : « teneur interest explain »[/bold]\n")
    for name in (INES, ROSE):
        account = story.accounts[name]
        agreement = story.bank.agreement_for(account, QUARTER)
        with story.bank.read() as connection:
            (revision,) = told(connection, account.id, QUARTER, agreement.interest)
        debited = story.stage.money(revision.closing.charge.debit_minor, account.currency)
        story.stage.say(
            f"[green]✔[/] {name} : {debited} d’intérêts débités [dim]({revision.operation})[/dim]"
        )
        if not story.shell.as_json:
            show_closing(story.shell, account, agreement, revision)


def fees_taken(story: Story) -> None:
    """An incident fee stood on December's statement; it is taken a fortnight later, as its own entry."""
    story.days_until(date(2027, 1, 13))
    story.stage.chapter(NOUMEA, "Un frais d’incident annoncé le 1er janvier attend toujours.")
    _fees(story)
    story.days_until(date(2027, 1, 15))
    story.stage.chapter(PARIS, "Les quatorze jours d’information préalable sont passés.")
    _fees(story)


def _fees(story: Story) -> None:
    account = story.accounts[INES]
    table = story.stage.table("Frais", "Né le", "Annoncé le", "Prix", "État", right=("Prix",))
    with story.bank.read() as connection:
        for fee in fees_of(connection, account.id):
            table.add_row(
                event_name(fee.event),
                f"{fee.occurred_on:%d/%m/%Y}",
                "" if fee.announced_on is None else f"{fee.announced_on:%d/%m/%Y}",
                story.stage.money(fee.amount_minor or 0, account.currency),
                status_name(fee.status),
            )
    story.stage.console.print(table)
