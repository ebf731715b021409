"""What somebody must be told, as an effect. Wording, medium and proof of sending are those of notices."""

from datetime import datetime

from teneur.kernel.commands import AccountId, Effect

Value = str | int


class Notify(Effect, frozen=True):
    """The holders of an account are to be told something.

    template: stable code of what is said ("overdraft-excess"). about: what it concerns, within the account,
    as text; empty: the operation that emits it, by its position. values: what the template needs, by name:
    text (dates and rates in ISO form) or whole numbers (amounts in minor units of the account's currency,
    named `…_minor`). at: when it became known. discharges: kind of the duty that its sending does, or empty.
    """

    account: AccountId
    template: str
    about: str
    values: tuple[tuple[str, Value], ...]
    at: datetime
    discharges: str = ""
