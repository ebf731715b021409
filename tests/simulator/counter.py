"""The model's counter: accounts opened and changed, cash, notices sent. Knows nothing of Teneur."""

from collections.abc import Callable
from datetime import date, datetime, time

from tests.simulator import days, terms
from tests.simulator.model import Account, Model, Move, Request, Verdict, refused
from tests.simulator.terms import LARGEST, Terms

CLERK, ADVISER, BACK_OFFICE = "clerk", "adviser", "back-office"


class Counter:
    """What staff does for customers."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.judges: dict[str, Callable[[Request], Verdict]] = {
            "open-account": self._open_account, "overdraft": self._overdraft, "unavailable": self._unavailable,
            "deposit": self._deposit, "cancel-deposit": self._cancel_deposit, "notice": self._notice,
        }  # fmt: skip

    def _open_account(self, r: Request) -> Verdict:
        ask, book = r.ask, r.subject >> 32
        problems = []
        if not self.model.in_role(r.actor, CLERK, ADVISER):
            problems.append("not-authorised")
        found = terms.ALL.get(ask["series"])
        if found is None:
            problems.append("no-agreement-in-force")
        people = ask["holders"]
        enough = len(people) == 1 if ask["kind"] == "individual" else len(people) >= 2
        if not enough or len(set(people)) != len(people):
            problems.append("wrong-number-of-holders")
        if not set(people) <= self.model.persons:
            problems.append("unknown-person")
        if ask["branch"] != "00001":
            problems.append("unknown-branch")
        if problems or found is None:
            return refused(*problems)
        opened = Account(book << 32 | self.model.next_number[book], found.currency, found, tuple(people))
        return Verdict("accepted", after=lambda p: self._opened(opened, found, r.at, p))

    def _opened(self, account: Account, found: Terms, at: datetime, position: int) -> None:
        book, number = account.id >> 32, account.id & 0xFFFF_FFFF
        self.model.next_number[book] += 1
        account.iban = terms.iban_of(found.bank_code, "00001", f"{book:02d}{number:09d}")
        account.opened_on = days.local_day(at, found.zone)
        self.model.add(account)
        self.model.customers.append(account)
        self.model.by_iban[account.iban] = account.id
        self.model.touched.add(account.id)
        due = days.day_ends(days.local_day(at, found.zone), found.zone)
        self.model.owe(account.id, position, "deliver-rib", account.iban, due)
        self.model.owe(account.id, position, "deliver-tariff", found.tariff, at)

    def _overdraft(self, r: Request) -> Verdict:
        found, ask = self.model.customer_of(r), r.ask
        if found is None:
            return refused("unknown-account")
        account, _ = found
        problems = []
        if not self.model.in_role(r.actor, ADVISER):
            problems.append("not-authorised")
        if not self.model.in_role(ask["approved_by"], ADVISER, BACK_OFFICE) or ask["approved_by"] == r.actor:
            problems.append("second-person-missing")
        if ask["requested_by"] not in account.holders:
            problems.append("not-a-holder")
        elif account.terms is terms.BNC and len(account.holders) > 1 and ask["limit_minor"]:
            problems.append("consent-missing")  # the other holders do not ask
        if not 0 <= ask["limit_minor"] <= LARGEST:
            problems.append("amount-out-of-range")
        if problems:
            return refused(*problems)
        return Verdict("accepted", after=lambda _: self._set(account, "floor", -ask["limit_minor"]))

    def _set(self, account: Account, field: str, value: int) -> None:
        setattr(account, field, value)
        self.model.touched.add(account.id)

    def _unavailable(self, r: Request) -> Verdict:
        found, ask = self.model.customer_of(r), r.ask
        if found is None:
            return refused("unknown-account")
        account, _ = found
        problems = []
        if not self.model.in_role(r.actor, BACK_OFFICE):
            problems.append("not-authorised")
        if not self.model.in_role(ask["approved_by"], ADVISER, BACK_OFFICE) or ask["approved_by"] == r.actor:
            problems.append("second-person-missing")
        if not ask["reason"].strip():
            problems.append("invalid-field")
        most = max(account.unavailable, account.balance - account.held, 0)
        if not 0 <= ask["unavailable_minor"] <= most:
            problems.append("amount-out-of-range")
        if problems:
            return refused(*problems)
        return Verdict(
            "accepted", after=lambda _: self._set(account, "unavailable", ask["unavailable_minor"])
        )

    def _deposit(self, r: Request) -> Verdict:
        found, ask = self.model.customer_of(r), r.ask
        problems = [] if self.model.in_role(r.actor, CLERK, ADVISER) else ["not-authorised"]
        if found is None:
            return refused(*problems, "unknown-account")
        account, agreed = found
        currency = ask["currency"]
        if currency not in terms.NUMERIC:
            return refused(*problems, "currency-mismatch")
        foreign = currency != account.currency
        coins = [p for p in ask["pieces"] if p[0] == "coins"]
        if coins and (foreign or not agreed.takes_coins):
            problems.append("form-not-accepted")
        tables = {"coins": terms.COINS, "banknotes": terms.NOTES}
        real = all(v in tables[f][currency] and 0 < n <= 1_000_000 for f, v, n in ask["pieces"])
        if not real or not ask["pieces"] or ask["branch"] != "00001" or not ask["depositor"].strip():
            problems.append("invalid-field")
        amount = sum(value * count for _, value, count in ask["pieces"])
        if foreign and not problems:
            return self._foreign(account, agreed, currency, amount, r.at)
        if not 0 < amount <= LARGEST - abs(account.balance):
            problems.append("amount-out-of-range")
        if problems:
            return refused(*problems)
        day = self._cash_day(agreed, r.at)
        vault = self.model.own(account.id >> 32, terms.CASH, account.currency)
        return Verdict("accepted", moves=(Move(vault, account.id, amount, day, day, day),))

    def _foreign(self, account: Account, agreed: Terms, currency: str, amount: int, at: datetime) -> Verdict:
        """Converted at the parity if it came in time; else it waits, uncounted, for its day."""
        book, today = account.id >> 32, days.local_day(at, agreed.zone)
        day = self._cash_day(agreed, at)
        if agreed is terms.BRED and day == today and at >= days.clock(today, time(11), agreed.zone):
            day = days.add_open(agreed.counter, today, 1)
        vault, there, here = (
            self.model.own(book, role, code)
            for role, code in (
                (terms.CASH, currency), (terms.POSITION, currency), (terms.POSITION, account.currency),
            )
        )  # fmt: skip
        if day > today:
            counting = self.model.own(book, terms.IN_COUNT, currency)
            return Verdict("accepted", moves=(Move(vault, counting, amount, today, today, today),))
        worth = terms.francs(amount) if account.currency == "XPF" else terms.cents(amount)
        if not 0 < worth <= LARGEST - abs(account.balance):
            return refused("amount-out-of-range")
        moves = (Move(vault, there, amount, day, day, day), Move(here, account.id, worth, day, day, day))
        return Verdict("accepted", moves=moves)

    @staticmethod
    def _cash_day(agreed: Terms, at: datetime) -> date:
        """Until the counter closes, the day itself; else its next business day."""
        day = days.local_day(at, agreed.zone)
        if days.is_open(agreed.counter, day) and at > terms.counter_ends(agreed, day):
            return days.add_open(agreed.counter, day, 1)
        return days.next_open(agreed.counter, day)

    def _cancel_deposit(self, r: Request) -> Verdict:
        found = self.model.operations.get((r.subject >> 32, r.ask["operation"]))
        problems = [] if self.model.in_role(r.actor, CLERK, ADVISER) else ["not-authorised"]
        if self.model.customer_of(r) is None:
            return refused(*problems, "unknown-account")
        if found is None or found["kind"] != "deposit" or not _credits(found["moves"], r.subject):
            return refused(*problems, "unknown-operation")
        return refused(*problems, "irrevocable")  # the bank has received the cash

    def _notice(self, r: Request) -> Verdict:
        ask = r.ask
        problems = ["not-authorised"] if r.actor > 0 else []
        if not ask["medium"].strip() or not ask["reference"].strip():
            problems.append("invalid-field")
        if (r.subject, ask["kind"], ask["about"]) not in self.model.open_duties:
            problems.append("nothing-owed")
        if problems:
            return refused(*problems)
        return Verdict("accepted", after=lambda _: self.model.discharge(r.subject, ask["kind"], ask["about"]))


def _credits(moves: tuple[Move, ...], account: int) -> bool:
    return account in (moves[0].credit, moves[-1].credit)
