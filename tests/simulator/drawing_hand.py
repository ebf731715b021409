"""Drawn: what is done in the books by hand, and at the counter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.simulator import taking as orders
from tests.simulator import terms
from tests.simulator.drawing import ADMIN, ADVISER, BACK_OFFICE, CLERK, OTHER_ADVISER, Drawing, Drawn
from tests.simulator.model import Account
from tests.simulator.terms import LARGEST

ANYBODY = (ADMIN, CLERK, ADVISER, BACK_OFFICE, -99, 5)  # not all of them work here, or may do it
MOST = 10**12  # the bank's own accounts go no deeper than the largest amount: not to be tried by hand


class HandDrawing(Drawing):
    """Moves, holds, reversals; accounts, cash, limits, notices."""

    def by_hand(self) -> dict[str, Callable[[Account], Drawn]]:
        """The kinds drawn here."""
        return {
            "deposit": self._deposit, "move": self._move, "place-hold": self._place_hold,
            "take-hold": self._take_hold, "release-hold": self._release_hold, "reverse": self._reverse,
            "notice": self._notice, "overdraft": self._overdraft, "unavailable": self._unavailable,
            "cancel-deposit": self._cancel_deposit, "open-account": self._open_account,
        }  # fmt: skip

    # in the books

    def _move(self, account: Account) -> Drawn:
        rng, other = self.rng, self._account()
        for _ in range(3):
            if other.currency == account.currency:
                break
            other = self._account()
        if rng.random() < 0.4:  # money from the bank itself, or to it
            role = rng.randrange(1, 16)
            other = self.model.accounts[self.model.own(rng.choice(self.model.books), role, account.currency)]
        debit, credit = (account, other) if rng.random() < 0.5 else (other, account)
        day = self._day(account)
        ask: dict[str, Any] = {
            "debit": debit.id, "credit": credit.id, "amount_minor": min(self._amount(debit), MOST), "booked_on": day,
            "debit_value_on": day - timedelta(days=rng.randrange(40)), "credit_value_on": day + timedelta(days=rng.randrange(4)),
            "reason": "by hand", "forced": rng.random() < 0.2,
        }  # fmt: skip
        actor, ask["approved_by"] = self._two(forced=ask["forced"])
        return self._subject(account), actor, "branch", ask

    def _two(self, *, forced: bool) -> tuple[int, int]:
        """Who moves money by hand and who stands behind it: mostly two who may."""
        rng = self.rng
        first = (BACK_OFFICE if forced else ADVISER) if rng.random() > 0.2 else rng.choice(ANYBODY)
        return first, OTHER_ADVISER if rng.random() > 0.1 else rng.choice(ANYBODY)

    def _place_hold(self, account: Account) -> Drawn:
        expires = None
        if self.rng.random() < 0.5:
            expires = self.now + timedelta(hours=self.rng.choice((-1, 1, 24, 72)))
        ask = {"amount_minor": self._amount(account), "purpose": "kept aside", "expires_at": expires}
        return self._subject(account), BACK_OFFICE, "branch", ask

    def _hold(self) -> tuple[int, int, int]:
        """A hold, also of an order: its account, id and what is left; sometimes one that is not there."""
        rng, holds = self.rng, self.model.holds
        for _ in range(6):
            if not self.model.recent_holds:
                break
            account, hold = rng.choice(self.model.recent_holds)
            found = holds[account, hold]
            if hold > self.answered[account >> 32] and rng.random() < 0.995:
                continue
            if found["in_force"] or rng.random() < 0.1:
                return account, hold, found["left"]
        account = self._account().id
        return account, rng.choice((0, -1, 10**12, LARGEST)), 100

    def _take_hold(self, account: Account) -> Drawn:
        rng = self.rng
        subject, hold, left = self._hold()
        currency = self.model.accounts[subject].currency
        if rng.random() < 0.9:
            account = self.model.accounts[self.model.own(subject >> 32, 2, currency)]
        day = self._day(account)
        amount = rng.choice((left, left, left // 2, left // 3, left + 1, 0))
        ask = {
            "hold": hold, "amount_minor": amount, "credit": account.id, "booked_on": day, "debit_value_on": day,
            "credit_value_on": day + timedelta(days=1), "final": rng.random() < 0.5,
        }  # fmt: skip
        return subject, BACK_OFFICE, "branch", ask

    def _release_hold(self, _account: Account) -> Drawn:
        subject, hold, _ = self._hold()
        return subject, BACK_OFFICE, "system", {"hold": hold, "expired": self.rng.random() < 0.5}

    def _reverse(self, account: Account) -> Drawn:
        rng = self.rng
        book, operation = self._operation(account)
        ask: dict[str, Any] = {
            "operation": operation, "booked_on": self._day(account), "reason": "undone",
            "forced": rng.random() < 0.3,
        }  # fmt: skip
        actor, ask["approved_by"] = self._two(forced=bool(ask["forced"]))
        subject = book << 32
        found = self.model.operations.get((book, operation))
        if found is not None and rng.random() < 0.7:
            subject = found["moves"][0].debit
        return subject, actor, "branch", ask

    # at the counter

    def _open_account(self, _account: Account) -> Drawn:
        rng, persons = self.rng, len(self.model.persons)
        joint = rng.random() < 0.3
        count = rng.randrange(2, 4) if joint else 1
        holders = tuple(rng.sample(range(1, persons + 1), count))
        ask: dict[str, Any] = {
            "kind": "joint" if joint else "individual", "holders": holders, "series": rng.choice(tuple(terms.ALL)),
            "branch": "00001",
        }  # fmt: skip
        ask["currency"] = terms.ALL[ask["series"]].currency
        actor = ADVISER
        match rng.randrange(40):
            case 0:
                ask["kind"] = "individual" if joint else "joint"
            case 1:
                ask["branch"] = "99999"
            case 2:
                ask["holders"] = (persons + 1,) * count
            case 3:
                actor = rng.choice((1, BACK_OFFICE, ADMIN))
        return rng.choice(self.model.books) << 32, actor, "branch", ask

    def _deposit(self, account: Account) -> Drawn:
        rng, currency = self.rng, account.currency
        forms = ("banknotes",) if rng.random() < 0.85 else ("banknotes", "coins")
        tables = {"banknotes": terms.NOTES, "coins": terms.COINS}
        pieces = tuple((form, rng.choice(tables[form][currency]), rng.randrange(1, 60)) for form in forms)
        ask = {"currency": currency, "pieces": pieces, "branch": "00001", "depositor": "Marie Dupont"}
        actor = CLERK
        match rng.randrange(60):
            case 0 | 6 | 7:
                ask["currency"] = "EUR" if currency == "XPF" else "XPF"
            case 8:
                ask["currency"] = "ZZZ"
            case 1:
                ask["pieces"] = (("banknotes", 700, 1),)
            case 2:
                ask["pieces"] = rng.choice(((), (("banknotes", 500, 0),), (("banknotes", 500, 1_000_001),)))
            case 3:
                ask["branch"] = rng.choice(("", "00002"))
            case 4:
                actor = rng.choice((1, BACK_OFFICE, 0))
            case 5:
                ask["depositor"] = " "
        return self._subject(account), actor, "branch", ask

    def _cancel_deposit(self, account: Account) -> Drawn:
        book, operation = self._operation(account)
        found = self.model.operations.get((book, operation))
        subject = found["moves"][0].credit if found is not None else account.id
        return subject, CLERK, "branch", {"operation": operation}

    def _overdraft(self, account: Account) -> Drawn:
        rng = self.rng
        ask = {
            "limit_minor": rng.choice((0, 0, 10_000, 50_000, 200_000, -1)), "requested_by": self._holder(account),
            "approved_by": rng.choice((OTHER_ADVISER, BACK_OFFICE, BACK_OFFICE, ADVISER, CLERK)),
        }  # fmt: skip
        return self._subject(account), ADVISER if rng.random() > 0.05 else CLERK, "branch", ask

    def _unavailable(self, account: Account) -> Drawn:
        rng, free = self.rng, max(account.balance - account.held, 0)
        ask = {
            "unavailable_minor": rng.choice((0, 0, free // 3, free // 10, free, free + 1, -1)), "reason": "seizure",
            "approved_by": rng.choice((ADVISER, ADVISER, BACK_OFFICE)),
        }  # fmt: skip
        return self._subject(account), BACK_OFFICE, "branch", ask

    def _notice(self, account: Account) -> Drawn:
        rng, subject, kind, about = self.rng, account.id, orders.REFUSAL, "7"
        for duty, _ in zip(reversed(self.model.open_duties), range(rng.randrange(1, 8)), strict=False):
            subject, kind, about = duty
        ask = {"kind": kind, "about": about, "medium": "letter", "reference": rng.choice(("R1", "R2", " "))}
        return subject, rng.choice((0, CLERK, CLERK, 3)), "system", ask
