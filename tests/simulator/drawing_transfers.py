"""Drawn: transfers and what happens to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.simulator import taking as orders
from tests.simulator import terms
from tests.simulator.drawing import ADVISER, BACK_OFFICE, CLERK, OTHER_ADVISER, Drawing, Drawn
from tests.simulator.model import Account
from tests.simulator.taking import LISTED
from tests.simulator.terms import BNC, BRED

CHANNELS = ("remote", "mobile", "branch", "atm", "initiation-service", "post", "file", "paper", "phone")
CHANNEL_WEIGHTS = (40, 25, 15, 4, 3, 3, 1, 1, 1)
FREQUENCIES = ("weekly", "weekly", "fortnightly", "monthly", "monthly", "quarterly", "half-yearly", "yearly")


class TransferDrawing(Drawing):
    """Orders, revocations, answers of other banks, ceilings."""

    def of_transfers(self) -> dict[str, Callable[[Account], Drawn]]:
        """The kinds drawn here."""
        return {
            "transfer": self._transfer, "revoke": self._revoke, "settle": self._settle, "confirm": self._confirm,
            "review": self._review, "due": self._due, "ask-ceiling": self._ask_ceiling,
            "decide-ceiling": self._decide_ceiling, "receive": self._receive,
        }  # fmt: skip

    def _transfer(self, account: Account) -> Drawn:
        rng = self.rng
        agreed = account.terms or BRED
        channel = rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        if channel in ("remote", "mobile") and agreed is BNC and rng.random() < 0.5:
            channel = "branch"  # ceilings are dear to count: fewer of them
        iban, bic, currency = self._payee(account)
        ask: dict[str, Any] = {
            "amount_minor": self._amount(account), "currency": currency, "payee_name": "Jeanne Payée",
            "payee_iban": iban, "payee_bic": bic, "service": "ordinary", "agreed_on": None, "repeat": None,
            "remittance": f"invoice {rng.randrange(1000)}", "instrument": "transfer", "signed": False,
            "ordered_by": 0, "own_account": False, "risk_accepted": rng.random() < 0.5,
        }  # fmt: skip
        actor = self._holder(account)
        if channel in terms.PAPER:
            ask["signed"] = rng.random() > 0.05
            ask["ordered_by"], actor = (actor, CLERK) if rng.random() < 0.7 else (0, actor)
        chance = rng.random()
        if chance < 0.07 or (chance < 0.25 and agreed is BRED):
            ask["service"] = "instant"
            if rng.random() < 0.9:
                channel = "mobile"
            if rng.random() < 0.7:
                ask["payee_iban"], ask["payee_bic"] = terms.OTHER_BANKS[0][:2]
        elif chance < 0.30:
            ask["agreed_on"] = self._some_day(account)
        elif chance < 0.34:
            self._repeat(account, ask)
        self._spoil(account, ask)
        if channel == "atm" and rng.random() < 0.5:
            ask["own_account"] = True
        return self._subject(account), actor, channel, ask

    def _payee(self, account: Account) -> tuple[str, str, str]:
        """IBAN, BIC and currency: mostly an account here, else one at another bank."""
        rng = self.rng
        if rng.random() < 0.65 and self.model.customers:
            for _ in range(4):
                other = self._account()
                if other.iban and other.currency == account.currency:
                    break
            if other.iban:
                return other.iban, "", account.currency
        bank = rng.choice(terms.OTHER_BANKS)
        euro = account.currency == "EUR" or rng.random() < 0.4
        return bank.iban, bank.bic if rng.random() < 0.7 else "", "EUR" if euro else "XPF"

    def _repeat(self, account: Account, ask: dict[str, Any]) -> None:
        """Standing: few occurrences mostly, so that a long run is not all standing orders."""
        rng = self.rng
        repeat: dict[str, Any] = {
            "frequency": rng.choice(FREQUENCIES), "end_of_month": rng.random() < 0.3, "last_on": None,
            "occurrences": rng.randrange(1, 5),
        }  # fmt: skip
        ask["agreed_on"], ask["repeat"] = self._some_day(account), repeat
        if rng.random() < 0.3:
            repeat["occurrences"] = None
            repeat["last_on"] = ask["agreed_on"] + timedelta(days=rng.choice((-1, 0, 6, 7, 31, 62)))
        if rng.random() < 0.02:
            ask["agreed_on"] = None
        ask["amount_minor"] = rng.randrange(1, 5_000)

    def _spoil(self, account: Account, ask: dict[str, Any]) -> None:
        """Now and then something is wrong with it, or strange."""
        match self.rng.randrange(140):
            case 0:
                last = ask["payee_iban"][-1]
                ask["payee_iban"] = ask["payee_iban"][:-1] + ("1" if last != "1" else "2")
            case 1:
                ask["payee_iban"], ask["payee_bic"] = account.iban, ""
            case 2:
                ask["payee_iban"] = ask["payee_bic"] = ""
            case 3:
                agreed = account.terms or BRED
                ask["payee_iban"] = terms.iban_of(agreed.bank_code, "00001", "99999999999")
                ask["payee_bic"] = ""
            case 4:
                ask["payee_name"] = ""
            case 5:
                ask["instrument"] = "bill-of-exchange"
            case 6:
                ask["currency"] = "ZZZ"
            case 7 | 8 | 9:
                ask["payee_name"] = LISTED

    def _order(self, account: Account, *wanted: int) -> tuple[int, int]:
        """A recent order in one of these states, or sometimes any other, or none."""
        rng, found = self.rng, self.model.orders
        for _ in range(8):
            if not found.recent:
                break
            key = rng.choice(found.recent)
            if key[1] > self.answered[key[0] >> 32] and rng.random() < 0.995:
                continue  # nobody can know its number yet: a lucky guess
            if found.all[key].status in wanted or rng.random() < 0.02:
                return key
        return account.id, rng.choice((0, 1, 10**12))

    def _actor(self, subject: int) -> int:
        return self._holder(self.model.accounts[subject])

    def _revoke(self, account: Account) -> Drawn:
        rng = self.rng
        subject, order = self._order(account, orders.SCHEDULED, orders.SCREENED)
        channel = rng.choice(
            ("remote", "remote", "mobile", "branch", "post", "phone" if rng.random() < 0.2 else "remote")
        )
        days_: tuple[Any, ...] = ()
        found = self.model.orders.all.get((subject, order))
        if found is not None and found.agreed is not None and rng.random() < 0.6:
            following = orders.agreed_after(found.ask, found.agreed)
            days_ = (rng.choice((found.agreed, following or found.agreed)),)
            if rng.random() < 0.3 and following is not None:
                days_ = (found.agreed, following)
            if rng.random() < 0.1:
                days_ = (days_[0] + timedelta(days=1),)
        ask = {"transfer": order, "written": rng.random() > 0.03, "days": days_}
        return subject, self._actor(subject) if rng.random() < 0.9 else CLERK, channel, ask

    def _settle(self, account: Account) -> Drawn:
        subject, order = self._order(account, orders.SENT)
        return subject, *self._teller(subject), {"transfer": order, "reference": "pacs.002"}

    def _teller(self, subject: int) -> tuple[int, str]:
        """Who tells what became of a payment: another bank, the back office, or somebody who cannot know."""
        chance = self.rng.random()
        if chance < 0.85:
            return 0, "interbank"
        if chance < 0.93:
            return BACK_OFFICE, "branch"
        actors = (0, self._actor(subject), CLERK, ADVISER, BACK_OFFICE, -99)
        return self.rng.choice(actors), self.rng.choice(("system", "interbank", "branch", "mobile", "file"))

    def _confirm(self, account: Account) -> Drawn:
        subject, order = self._order(account, orders.RESERVED)
        available = self.rng.random() < 0.7
        ask = {"transfer": order, "available": available, "reason": "" if available else "AC04"}
        return subject, *self._teller(subject), ask

    def _review(self, account: Account) -> Drawn:
        subject, order = self._order(account, orders.SCREENED)
        actor = BACK_OFFICE if self.rng.random() > 0.1 else self.rng.choice((0, 3, CLERK, ADVISER, -99))
        return (
            subject,
            actor,
            "branch",
            {"transfer": order, "cleared": self.rng.random() < 0.6, "note": "looked at"},
        )

    def _due(self, account: Account) -> Drawn:
        """The bank's day gone wrong: too early, twice, or for an order that is not there."""
        subject, order = self._order(account, orders.SCHEDULED, orders.SENT, orders.DONE)
        found = self.model.orders.all.get((subject, order))
        due_on = found.due_on if found is not None and found.due_on is not None else self._day(account)
        if self.rng.random() < 0.3:
            due_on += timedelta(days=self.rng.choice((-1, 1)))
        return subject, 0, "system", {"transfer": order, "due_on": due_on}

    def _ask_ceiling(self, account: Account) -> Drawn:
        rng = self.rng
        ask: dict[str, Any] = {
            "per_operation_minor": rng.choice((None, 500_000, 400_000, 800_000, 2_000_000, 0, -1)),
            "weekly_minor": rng.choice((None, None, 1_000_000, 3_000_000, 500_000)), "until_on": None,
        }  # fmt: skip
        if rng.random() < 0.5:
            ask["until_on"] = self._day(account) + timedelta(days=rng.randrange(12))
        return self._subject(account), self._holder(account), "remote", ask

    def _decide_ceiling(self, account: Account) -> Drawn:
        rng, subject, request = self.rng, account.id, 10**12
        customers = self.model.customers
        for found in reversed(customers[-160:]):
            pending = [p for p, c in found.ceilings.items() if c["status"] == "pending"]
            if pending and rng.random() < 0.5:
                subject, request = found.id, pending[0]
                break
        until = self._day(account) + timedelta(days=rng.randrange(12)) if rng.random() < 0.8 else None
        ask = {
            "request": request, "granted": rng.random() < 0.7, "until_on": until,
            "approved_by": OTHER_ADVISER if rng.random() > 0.05 else rng.choice((ADVISER, BACK_OFFICE, CLERK)),
        }  # fmt: skip
        return subject, ADVISER if rng.random() > 0.03 else rng.choice((CLERK, -99, 5)), "branch", ask

    def _receive(self, account: Account) -> Drawn:
        rng, other = self.rng, self._account()
        stamped = self.now - timedelta(seconds=rng.choice((0, 1, 10, 24, 25, 26)))
        ask: dict[str, Any] = {
            "payee_iban": account.iban if rng.random() > 0.03 else other.iban, "payee_name": "Jeanne Personne",
            "amount_minor": min(self._amount(account), 10**11), "payer_name": "Paul Payeur",
            "currency": account.currency if rng.random() < 0.8 else rng.choice(("EUR", "XPF", "ZZZ")),
            "payer_iban": rng.choice(("", *(bank.iban for bank in terms.OTHER_BANKS))),
            "instant": rng.random() < 0.3, "stamped_at": stamped if rng.random() > 0.05 else None,
            "settled_on": self._some_day(account) if rng.random() < 0.3 else None,
        }  # fmt: skip
        actor, channel = (0, "interbank") if rng.random() > 0.02 else (self._holder(account), "remote")
        return self._subject(account), actor, channel, ask
