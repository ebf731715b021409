"""The bank's own accounts: a small chart, the same in every book, one account a role and currency."""

from enum import IntEnum

from teneur.kernel.commands import AccountId, account_id
from teneur.kernel.money import currency as currency_named


class Role(IntEnum):
    """What an own account is for. Part of account numbers: never renumber."""

    CASH = 1  # caisse
    CLEARING = 2  # compensation: ordinary transfers between banks
    CLEARING_INSTANT = 3
    NOSTRO = 4  # correspondents abroad
    FEE_INCOME = 5
    INTEREST_INCOME = 6
    INTEREST_EXPENSE = 7
    SUSPENSE = 8  # what is being looked into
    UNPAID = 9  # impayés
    PUBLIC_DEPOSIT = 10  # Caisse des dépôts et consignations
    POSITION = 11  # position de change: the two entries of a conversion meet here
    CASH_IN_COUNT = 12  # deposited, not yet counted
    COLLECTION = 13  # cheques sent for collection
    OPENING = 14  # balances taken over from another system
    IN_TRANSIT = 15  # left the payer, not yet settled with the other bank
    OVER_INDEBTEDNESS = 16  # technical account: used overdrafts set apart, pending the commission's measures


FRENCH = {
    Role.CASH: "Caisse",
    Role.CLEARING: "Compensation",
    Role.CLEARING_INSTANT: "Compensation instantanée",
    Role.NOSTRO: "Correspondants",
    Role.FEE_INCOME: "Commissions perçues",
    Role.INTEREST_INCOME: "Intérêts perçus",
    Role.INTEREST_EXPENSE: "Intérêts versés",
    Role.SUSPENSE: "Compte d'attente",
    Role.UNPAID: "Impayés",
    Role.PUBLIC_DEPOSIT: "Caisse des dépôts",
    Role.POSITION: "Position de change",
    Role.CASH_IN_COUNT: "Espèces à compter",
    Role.COLLECTION: "Chèques à l'encaissement",
    Role.OPENING: "Reprise de soldes",
    Role.IN_TRANSIT: "Virements en cours",
    Role.OVER_INDEBTEDNESS: "Découverts isolés (surendettement)",
}


def own_account(book: int, role: Role, currency: str) -> AccountId:
    """The bank's own account of a role and currency in a book: number = role × 1000 + ISO 4217 number."""
    return account_id(book, role * 1000 + int(currency_named(currency).numeric))
