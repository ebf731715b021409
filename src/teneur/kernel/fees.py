"""What the bank may charge for, as an effect. Price, caps, notice and collection are the fees' business."""

from datetime import date

from teneur.kernel.commands import AccountId, Effect


class FeeDue(Effect, frozen=True):
    """Something happened on an account that the tariff has a price for.

    event: code of the tariff ("transfer-sepa-branch", "refusal-notice"); the price is that of the tariff in
    force on occurred_on, local day of the account, so that nothing is priced here. about: what it concerns,
    within the account, as text; empty: the operation that emits it, by its position. The same payment
    presented again has the same `about`. base_minor: amount of the operation, where the price is a share of
    it or is capped by it; else 0. quantity: how many of them.
    An event whose price is zero needs no effect.
    """

    account: AccountId
    event: str
    about: str
    occurred_on: date
    base_minor: int = 0
    quantity: int = 1
