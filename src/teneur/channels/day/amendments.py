"""Amendments at the turn of the day: whom a change reaches, whose tariff is held, who is still to be told."""

from teneur.accounts.amendments.day import applications, holds, notices
from teneur.channels.day.report import Today


def apply_amendments(today: Today) -> None:
    """Changes reach whoever accepted by silence, or is bound, before anything of the day is decided."""
    for work in applications(today.bank.read, today.bank.governing, today.book, today.zone, today.day):
        today.do("amendments applied", work)


def hold_tariffs(today: Today) -> None:
    """Whom no procedure has brought to an edition of the tariff that begins keeps the one before."""
    for work in holds(today.bank.read, today.bank.governing, today.book, today.zone, today.day):
        today.do("tariffs held", work)


def tell_of_amendments(today: Today) -> None:
    """Whoever was not told yet of a planned change is told, and has it two months later."""
    for work in notices(today.bank.read, today.bank.governing, today.book, today.zone, today.day):
        today.do("amendments told", work)
