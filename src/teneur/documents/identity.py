"""Who the bank is: what every page of it has in common."""

import msgspec


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

    @property
    def contact_line(self) -> str:
        """How to reach the bank, in one line."""
        return " · ".join(part for part in (self.phone, self.website) if part)

    @property
    def foot_line(self) -> str:
        """What stands at the foot of each page."""
        return " – ".join(part for part in (self.name, self.legal_line, *self.address) if part)
