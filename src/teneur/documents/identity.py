"""Who the bank is: what every page of it has in common."""

import msgspec

from teneur.documents.typesetting import displayable


class BankIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The bank as its pages name it.

    legal_line: form, capital, register, seat, as the law asks on business papers. guarantee_ceiling_minor:
    ceiling of the deposit guarantee a depositor and bank, in the account's currency (BRED Annex 6, BNC
    14.6); 0: not stated.
    """

    name: str
    bic: str
    legal_line: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    website: str = ""
    guarantee_ceiling_minor: int = 0


def bank_view(bank: BankIdentity) -> dict[str, str]:
    """The bank's mast (name, contact) and foot (legal), ready for `style.typ`."""
    contact = (bank.phone, bank.website)
    legal = (bank.name, bank.legal_line, *bank.address)
    return {
        "name": displayable(bank.name),
        "contact": displayable(" · ".join(part for part in contact if part)),
        "legal": displayable(" – ".join(part for part in legal if part)),
    }
