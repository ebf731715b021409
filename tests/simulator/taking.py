"""Transfers of the model as they are given: refused, done at once, kept for their day, reserved.

Knows nothing of Teneur.
"""

from collections import deque
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.simulator import days, terms
from tests.simulator.model import Account, Move, Request, Verdict, refused
from tests.simulator.terms import LARGEST, Route, Terms

if TYPE_CHECKING:
    from tests.simulator.model import Model

WEEK = timedelta(days=7)
STEPS = {"weekly": 7, "fortnightly": 14}
MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
SCHEDULED, SENT, RESERVED, SCREENED, DONE, REFUSED, REVOKED, FAILED = range(1, 9)
LISTED = "Ivan Listed"
REFUSAL, EXECUTE = "inform-of-refusal", "execute-transfer"
Ask = dict[str, Any]


class Order:
    """An order that is not done at once. agreed: the agreed day of the present occurrence, if standing."""

    def __init__(self, status: int, request: Request, debit: int, received_at: datetime) -> None:
        self.status = status
        self.ask = request.ask
        self.channel = request.channel
        self.debit = debit
        self.received_at = received_at
        self.due_on: date | None = None
        self.execute_by: datetime | None = None
        self.agreed: date | None = None
        self.revoked: set[date] = set()
        self.ends_on: date | None = None  # the last agreed day, after consent was withdrawn
        self.hold: int | None = None
        self.stamped = False
        self.done = 0

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.status >= DONE


def agreed_day(ask: Ask, number: int) -> date | None:
    """The agreed day of an occurrence, counted from 0; None once the order has run out."""
    repeat, first = ask["repeat"], ask["agreed_on"]
    if repeat["occurrences"] is not None and number >= repeat["occurrences"]:
        return None
    if repeat["frequency"] in STEPS:
        day = first + timedelta(days=number * STEPS[repeat["frequency"]])
    else:
        day = days.plus_months(
            first, number * MONTHS[repeat["frequency"]], to_month_end=repeat["end_of_month"]
        )
    return None if repeat["last_on"] is not None and day > repeat["last_on"] else day


def agreed_after(ask: Ask, after: date) -> date | None:
    """The first agreed day after a day."""
    number = 0
    while (day := agreed_day(ask, number)) is not None and day <= after:
        number += 1
    return day


def agreed_until(ask: Ask, until: date) -> date:
    """The last agreed day up to a day; the first one, if it is later."""
    number, found = 0, first_day(ask)
    assert found is not None
    while (day := agreed_day(ask, number)) is not None and day <= until:
        number, found = number + 1, day
    return found


def first_day(ask: Ask) -> date | None:
    """The day agreed to start; None for an order to be done at once."""
    return ask["agreed_on"] if ask["repeat"] is None else agreed_day(ask, 0)


class Taking:
    """All orders, by account and position."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.all: dict[tuple[int, int], Order] = {}
        self.due: dict[date, set[tuple[int, int]]] = {}
        self.recent: deque[tuple[int, int]] = deque(maxlen=500)

    def change(self, key: tuple[int, int], **fields: Any) -> None:
        """Change an order, and keep the list of what falls due."""
        order = self.all[key]
        if order.due_on is not None:
            self.due.get(order.due_on, set()).discard(key)
        for name, value in fields.items():
            setattr(order, name, value)
        if order.due_on is not None:
            self.due.setdefault(order.due_on, set()).add(key)
        self.model.touched_orders.add(key)

    def take(self, account: int, position: int, order: Order, due_on: date | None = None) -> None:
        """A new order."""
        self.all[account, position] = order
        self.recent.append((account, position))
        self.change((account, position), due_on=due_on)

    # placing

    def _refusal(self, account: Account, at: datetime, *reasons: str, owed: bool = True) -> Verdict:
        agreed = account.terms
        assert agreed is not None
        model, due = self.model, terms.notice_by(agreed, at)
        if not owed:
            return refused(*reasons)
        return refused(*reasons, after=lambda p: model.owe(account.id, p, REFUSAL, str(p), due))

    def _payee(self, ask: Ask, agreed: Terms) -> tuple[Account | None, str, bool, bool, str | None]:
        """Payee here, place of his bank, whether it takes SEPA COM Pacifique and instant, what is wrong."""
        iban = ask["payee_iban"]
        if not iban:
            return None, "", False, False, "missing-field"
        if not terms.iban_holds(iban):
            return None, "", False, False, "iban-invalid"
        if iban[4:9] == agreed.bank_code:
            payee = self.model.accounts.get(self.model.by_iban.get(iban, -1))
            home = "FR" if agreed is terms.BRED else "NC"
            return payee, home, True, True, None if payee else "iban-invalid"
        for bank in terms.OTHER_BANKS:
            if bank.iban[:2] == iban[:2] and bank.iban[4:9] == iban[4:9]:
                return None, bank.place, bank.com_pacific, bank.instant, None
        return None, iban[:2], False, False, None

    def _place(self, r: Request) -> Verdict:
        account = self.model.accounts.get(r.subject)
        if account is None:
            return refused("unknown-account")
        agreed = account.terms
        if agreed is None:
            return refused("no-agreement-in-force")
        ask = r.ask
        payee, place, com, takes_instant, problem = self._payee(ask, agreed)
        early = self._early_problems(r, account, agreed)
        if problem is not None:
            early.append(problem)
        if payee is account:
            early.append("same-account")
        if early:
            return self._refusal(account, r.at, *early)
        route = terms.route(agreed, ask["currency"], place, com_pacific=com)
        debit = ask["amount_minor"]
        if ask["currency"] != account.currency:
            debit = terms.francs(debit)
        problems = self._content_problems(r, account, agreed, route, payee, takes_instant=takes_instant)
        if debit > LARGEST:
            problems.append("amount-invalid")
        if agreed.weekly is not None and r.channel in ("remote", "mobile"):
            problems += self._over_ceilings(account, agreed, r.at, debit)
        if problems:
            return self._refusal(account, r.at, *problems, owed=route.notice_owed)
        return self._go_on(r, account, agreed, route, payee, debit)

    def _early_problems(self, r: Request, account: Account, agreed: Terms) -> list[str]:
        ask, problems = r.ask, []
        if (r.actor if r.actor > 0 else ask["ordered_by"]) not in account.holders:
            problems.append("not-authorised")
        if ask["currency"] not in terms.NUMERIC:
            problems.append("currency-not-offered")
        if not 0 < ask["amount_minor"] <= LARGEST:
            problems.append("amount-invalid")
        today, first, repeat = days.local_day(r.at, agreed.zone), ask["agreed_on"], ask["repeat"]
        if repeat is None:
            if first is not None and first < today:
                problems.append("date-past")
        elif first is None:
            problems.append("schedule-invalid")
        else:
            if first < today:
                problems.append("date-past")
            weekly = repeat["frequency"] in STEPS
            if (repeat["end_of_month"] and weekly) or agreed_day(ask, 0) is None:
                problems.append("schedule-invalid")
        return problems

    def _content_problems(
        self,
        r: Request,
        account: Account,
        agreed: Terms,
        route: Route,
        payee: Account | None,
        *,
        takes_instant: bool,
    ) -> list[str]:
        ask, problems, timing = r.ask, [], terms.timing_of(r.ask)
        own = payee is not None and (ask["own_account"] or bool(set(account.holders) & set(payee.holders)))
        if ask["service"] == "instant":
            if agreed is terms.BNC or route.kind != "sepa":
                problems.append("service-not-offered")
            elif timing != "immediate":
                problems.append("instant-not-immediate")
            elif not takes_instant:
                problems.append("instant-not-reachable")
            elif r.channel not in ("mobile", "initiation-service"):
                problems.append("channel-not-offered")
            if agreed is terms.BRED and ask["amount_minor"] > terms.INSTANT_CEILING:
                problems.append("instant-ceiling")
        elif problem := terms.channel_problem(agreed, route.kind, timing, r.channel):
            problems.append(problem)
        if r.channel == "atm" and not own:
            problems.append("own-accounts-only")
        if r.channel in terms.PAPER and not ask["signed"]:
            problems.append("signature-missing")
        if ask["instrument"] != "transfer" and agreed is terms.BNC:
            problems.append("instrument-excluded")
        small = route.kind in ("sepa", "com-pacific") and ask["currency"] == "EUR"
        if small and ask["amount_minor"] > terms.LARGEST_SEPA:
            problems.append("amount-invalid")
        abroad = ask["payee_iban"][:2] == "TR" or (ask["payee_iban"][:2] == "DE" and agreed is terms.BNC)
        if not ask["payee_name"] or (abroad and not ask["payee_bic"]):
            problems.append("missing-field")
        if payee is not None and payee.currency != ask["currency"]:
            problems.append("currency-not-offered")
        advised = ask["payee_bic"][4:6] in ("PF", "NC", "WF", "FR") and ask["payee_iban"][:2] == "FR"
        if agreed is terms.BNC and route.kind == "com-pacific" and not advised and not ask["risk_accepted"]:
            problems.append("risk-not-accepted")
        return problems

    def _limits(self, account: Account, agreed: Terms, today: date) -> tuple[int | None, int | None]:
        """The ceilings in force: the agreement's, then the customer's own, the latest last."""
        one, week = agreed.per_operation, agreed.weekly
        for request in account.ceilings.values():
            if request["status"] == "in-force" and (request["until"] is None or today <= request["until"]):
                one = one if request["one"] is None else request["one"]
                week = week if request["week"] is None else request["week"]
        return one, week

    def _over_ceilings(self, account: Account, agreed: Terms, at: datetime, debit: int) -> list[str]:
        one, week = self._limits(account, agreed, days.local_day(at, agreed.zone))
        assert one is not None
        assert week is not None
        account.spent = [s for s in account.spent if s[0] > at - 3 * WEEK]
        spent = 0
        for arrived, amount, position in account.spent:
            order = self.all.get((account.id, position))
            counts = order is None or order.status not in (REFUSED, REVOKED, FAILED)
            spent += amount if counts and arrived > at - WEEK else 0
        problems = ["ceiling-per-operation"] if debit > one else []
        return [*problems, "ceiling-weekly"] if spent + debit > week else problems

    def _go_on(
        self, r: Request, account: Account, agreed: Terms, route: Route, payee: Account | None, debit: int
    ) -> Verdict:
        ask, today = r.ask, days.local_day(r.at, agreed.zone)
        spends = agreed.weekly is not None and r.channel in ("remote", "mobile")

        def spend(position: int) -> None:
            if spends:
                account.spent.append((r.at, debit, position))

        instant = ask["service"] == "instant"
        day = today if instant else terms.received_on(agreed, route, ask, r.channel, r.at, first_day(ask))
        deemed = ask["agreed_on"] is not None or not (instant or day == today)
        received_at = days.day_begins(day, agreed.zone) if deemed else r.at
        if ask["repeat"] is not None or day > today:

            def schedule(position: int) -> None:
                spend(position)
                order = Order(SCHEDULED, r, debit, received_at)
                order.agreed = None if ask["repeat"] is None else agreed_until(ask, day)
                order.execute_by = terms.execute_by(agreed, route, ask, r.channel, day)
                self.take(account.id, position, order, due_on=day)

            return Verdict("accepted", "", after=schedule)
        if debit > account.available:
            return self._refusal(account, r.at, "insufficient-funds", owed=route.notice_owed)
        by = None if instant else terms.execute_by(agreed, route, ask, r.channel, day)
        listed = ask["payee_name"] == LISTED
        if listed or (instant and payee is None):

            def reserve(position: int) -> None:
                spend(position)
                order = Order(SCREENED if listed else RESERVED, r, debit, received_at)
                order.hold, order.stamped, order.execute_by = position, not listed, by
                self.model.hold(account.id, debit, position, None, "order")
                self.model.messages += not listed
                self.take(account.id, position, order)

            return Verdict("pending", "screening" if listed else "awaiting-confirmation", after=reserve)

        def moved(position: int) -> None:
            spend(position)
            if payee is None:
                order = Order(SENT, r, debit, received_at)
                order.execute_by = by
                self.take(account.id, position, order)
                self._sent(account.id, position, str(position), by)

        return Verdict(
            "accepted", "", moves=self._moves(account, route, payee, ask, debit, day, day), after=moved
        )

    def _sent(self, account: int, position: int, about: str, by: datetime | None) -> None:
        """A message goes out, and the other bank is to have the money in time."""
        self.model.messages += 1
        if by is not None:
            self.model.owe(account, position, EXECUTE, about, by)

    def _moves(
        self, account: Account, route: Route, payee: Account | None, ask: Ask, debit: int, booked: date, value: date,
        *, forced: bool = False,
    ) -> tuple[Move, ...]:  # fmt: skip
        book, currency = account.id >> 32, ask["currency"]
        role = terms.CLEARING_INSTANT if ask["service"] == "instant" else route.role
        to = self.model.own(book, role, currency) if payee is None else payee.id
        if currency == account.currency:
            return (Move(account.id, to, debit, booked, value, value, forced),)
        here = self.model.own(book, terms.POSITION, account.currency)
        there = self.model.own(book, terms.POSITION, currency)
        return (
            Move(account.id, here, debit, booked, value, value, forced),
            Move(there, to, ask["amount_minor"], booked, value, value),
        )
