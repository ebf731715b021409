"""What may be asked about overdrafts. The subject is the account; amounts are in its minor units."""

from datetime import date
from decimal import Decimal

from teneur.kernel.commands import Ask
from teneur.pricing.overdraft.facts import AuthorisationKind


class GrantOverdraft(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Authorise an overdraft where there is none.

    requested_by: the holders who ask. document: the particular terms or the specific agreement that says so.
    starts_on: None: today. ends_on: last day of a one-off one. rate_percent: agreed fixed rate a year, or
    the points above rate_index; None: the tariff's rate.
    """

    limit_minor: int
    requested_by: tuple[int, ...]
    approved_by: int
    document: str
    kind: AuthorisationKind = AuthorisationKind.OPEN_ENDED
    starts_on: date | None = None
    ends_on: date | None = None
    rate_percent: Decimal | None = None
    rate_index: str = ""
