"""How papers name the bank, an account and its holders."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from teneur.agreements.terms.bank import BankTerms
from teneur.customers.facts import Person, load_persons
from teneur.documents.identity import BankIdentity
from teneur.ledger.account import Account
from teneur.obligations.notices.document import postal_lines
from teneur.pricing.statements.statement import StatementAccount


def account_titled(
    account: Account, persons: Sequence[Person], bank: BankTerms, addressee: Person | None = None
) -> StatementAccount:
    """The account as papers name it; the address is that of the addressee, else of the first holder."""
    branch = next((b.name.value for b in bank.branches.values() if b.code.value == account.branch), "")
    person = addressee or (persons[0] if persons else None)
    address = () if person is None else postal_lines("", person.address, bank.iban_country.value)
    return StatementAccount(
        account=account.id,
        iban=account.iban,
        bic=bank.bic.value,
        holders=tuple(p.name for p in persons) or (account.label or account.iban,),
        currency=account.currency,
        address=address,
        domiciliation=branch,
    )


def identity(bank: BankTerms) -> BankIdentity:
    """The bank as its papers name it."""
    return BankIdentity(name=bank.name.value, bic=bank.bic.value)


def holders_of(connection: Connection[Any], account: Account) -> list[Person]:
    """The holders of an account, in the order of its title."""
    found = load_persons(connection, account.holders)
    return [found[person] for person in account.holders if person in found]
