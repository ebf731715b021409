"""Transfers of the model after they were given: due, revoked, confirmed, looked at; and their ceilings.

Knows nothing of Teneur.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from tests.simulator import days, terms
from tests.simulator.model import Account, Request, Verdict, refused
from tests.simulator.taking import (
    DONE,
    EXECUTE,
    FAILED,
    LISTED,
    REFUSAL,
    REFUSED,
    RESERVED,
    REVOKED,
    SCHEDULED,
    SCREENED,
    SENT,
    Order,
    Taking,
    agreed_after,
    agreed_until,
    first_day,
)
from tests.simulator.terms import Route, Terms

if TYPE_CHECKING:
    from tests.simulator.model import Model


class Orders(Taking):
    """All orders, by account and position."""

    def __init__(self, model: "Model") -> None:
        super().__init__(model)
        self.judges: dict[str, Callable[[Request], Verdict]] = {
            "transfer": self._place, "due": self._due, "revoke": self._revoke, "settle": self._settle,
            "confirm": self._confirm, "review": self._review, "ask-ceiling": self._ask_ceiling,
            "decide-ceiling": self._decide_ceiling,
        }  # fmt: skip

    def find(self, r: Request) -> tuple[Account, Terms, Order] | None:
        """The order that a request names, with its account."""
        order, account = self.all.get((r.subject, r.ask["transfer"])), self.model.accounts.get(r.subject)
        if order is None or account is None or account.terms is None:
            return None
        return account, account.terms, order

    def _route(self, order: Order, agreed: Terms) -> tuple[Route, Account | None]:
        payee, place, com, _, _ = self._payee(order.ask, agreed)
        return terms.route(agreed, order.ask["currency"], place, com_pacific=com), payee

    def _next(self, order: Order, after: date | None = None) -> date | None:
        """The agreed day after one, or after the present one, that is neither revoked nor withdrawn."""
        after = after or order.agreed
        assert after is not None
        day = agreed_after(order.ask, after)
        while day is not None and day in order.revoked:
            day = agreed_after(order.ask, day)
        return None if day is None or (order.ends_on is not None and day > order.ends_on) else day

    def _advance(self, key: tuple[int, int], agreed: Terms, status: int, done: int) -> None:
        """A standing order goes on to its next day, or ends as `status`."""
        order = self.all[key]
        following = self._next(order) if order.ask["repeat"] is not None else None
        if following is None:
            by = None if status == REFUSED else order.execute_by  # deemed not received: no time runs
            self.change(key, status=status, due_on=None, done=order.done + done, execute_by=by)
        else:
            calendar = terms.calendar_of(agreed, order.ask["currency"])
            due_on = days.next_open(agreed.counter if order.channel in terms.PAPER else calendar, following)
            self.change(key, agreed=following, due_on=due_on, done=order.done + done)

    def _due(self, r: Request) -> Verdict:
        found, due_on = self.find(r), r.ask["due_on"]
        if found is None:
            return refused("unknown-order")
        account, agreed, order = found
        if order.status != SCHEDULED or order.due_on != due_on or days.local_day(r.at, agreed.zone) < due_on:
            return refused("not-due")
        key, (route, payee) = (account.id, r.ask["transfer"]), self._route(order, agreed)
        if order.debit > account.available:

            def fail(position: int) -> None:
                if route.notice_owed:
                    self.model.owe(
                        account.id, position, REFUSAL, str(position), terms.notice_by(agreed, r.at)
                    )
                self._advance(key, agreed, REFUSED, 0)

            return refused("insufficient-funds", after=fail)
        by = terms.execute_by(agreed, route, order.ask, order.channel, due_on)
        standing = order.ask["repeat"] is not None

        def once(position: int, status: int) -> Order:
            """The present occurrence of a standing order, as an order of its own."""
            ask = {**order.ask, "repeat": None, "agreed_on": due_on}
            taken = Order(status, r._replace(ask=ask, channel=order.channel), order.debit, r.at)
            taken.execute_by = by
            self.take(account.id, position, taken)
            return taken

        if order.ask["payee_name"] == LISTED:

            def keep(position: int) -> None:
                self.model.hold(account.id, order.debit, position, None, "order")
                if standing:
                    self._advance(key, agreed, DONE, 1)
                    once(position, SCREENED).hold = position
                else:
                    self.change(key, status=SCREENED, due_on=None, hold=position, done=1)

            return Verdict("pending", "screening", after=keep)

        def done(position: int) -> None:
            self._advance(key, agreed, SENT if payee is None and not standing else DONE, 1)
            if not standing:
                self.change(key, execute_by=by)
            if payee is None:
                about = position if standing else key[1]
                self._sent(account.id, position, str(about), by)
                if standing:
                    once(position, SENT)

        booked = max(due_on, days.local_day(r.at, agreed.zone))
        moves = self._moves(account, route, payee, order.ask, order.debit, booked, booked)
        return Verdict("accepted", "", moves=moves, after=done)

    def _revoke(self, r: Request) -> Verdict:
        found, chosen = self.find(r), r.ask["days"]
        if found is None:
            return refused("unknown-order")
        account, agreed, order = found
        problems = []
        if r.actor > 0 and r.actor not in account.holders:
            problems.append("not-authorised")
        if r.channel not in ("branch", "post", "remote", "mobile"):
            problems.append("revocation-channel")
        if not r.ask["written"]:
            problems.append("revocation-not-written")
        if order.ask["service"] == "instant":
            problems.append("instant-irrevocable")
        if order.channel == "initiation-service":
            problems.append("initiation-irrevocable")
        started = order.status not in (SCHEDULED, SCREENED)
        if started:
            problems.append("execution-started")
        stays: date | None = None  # the last occurrence that it is too late for
        if not self._in_time(r, agreed, order) and not agreed.late_revocation:
            stays = None if chosen else self._withdrawn_after(r, agreed, order)
            if stays is None:
                problems.append("revocation-late")
        if problems:
            return refused(*problems)
        if chosen:
            return self._revoke_days(account, agreed, order, r)

        def revoke(_: int) -> None:
            if stays is not None:
                self.change((account.id, r.ask["transfer"]), ends_on=stays)
                return
            self.change((account.id, r.ask["transfer"]), status=REVOKED, due_on=None)
            if order.hold is not None:
                self.model.free(account.id, order.hold)

        return Verdict("accepted", "", after=revoke)

    def _in_time(self, r: Request, agreed: Terms, order: Order) -> bool:
        timing = terms.timing_of(order.ask)
        meant = order.ask["agreed_on"]
        if timing == "standing":
            meant = min(r.ask["days"]) if r.ask["days"] else order.agreed if order.due_on else None
        if timing == "immediate" or meant is None:
            return r.at < order.received_at
        return self._in_time_for(meant, r, agreed, order)

    def _in_time_for(self, meant: date, r: Request, agreed: Terms, order: Order) -> bool:
        """Whether it comes by the end of the business day before an agreed day."""
        day = days.add_open(terms.calendar_of(agreed, order.ask["currency"]), meant, -1)
        at_counter = r.channel in ("branch", "post")
        return r.at <= (terms.counter_ends(agreed, day) if at_counter else days.day_ends(day, agreed.zone))

    def _withdrawn_after(self, r: Request, agreed: Terms, order: Order) -> date | None:
        """Of a standing order that goes on: the last agreed day that it is too late for, if others follow."""
        if order.ask["repeat"] is None or order.due_on is None:
            return None
        day, stays = order.agreed, None
        while day is not None and not self._in_time_for(day, r, agreed, order):
            stays, day = day, self._next(order, day)
        return None if day is None else stays

    def _revoke_days(self, account: Account, agreed: Terms, order: Order, r: Request) -> Verdict:
        chosen = r.ask["days"]
        if order.ask["repeat"] is None or order.due_on is None:
            return refused("not-a-standing-order")
        assert order.agreed is not None
        for day in chosen:
            over = order.ends_on is not None and day > order.ends_on
            if over or day < order.agreed or agreed_until(order.ask, day) != day:
                return refused("unknown-occurrence")

        def revoke(_: int) -> None:
            key = (account.id, r.ask["transfer"])
            self.change(key, revoked=order.revoked | set(chosen))
            if order.agreed in chosen:
                self._advance(key, agreed, REVOKED, 0)

        return Verdict("accepted", "", after=revoke)

    def _settle(self, r: Request) -> Verdict:
        found = self.find(r)
        if not self.model.tells(r):
            return refused("interbank-only")
        if found is None:
            return refused("unknown-order")
        account, _, order = found
        if order.status != SENT:
            return refused("not-awaiting-settlement")

        def settle(_: int) -> None:
            self.change((account.id, r.ask["transfer"]), status=DONE)
            self.model.discharge(account.id, EXECUTE, str(r.ask["transfer"]))

        return Verdict("accepted", "", after=settle)

    def _confirm(self, r: Request) -> Verdict:
        found = self.find(r)
        if not self.model.tells(r):
            return refused("interbank-only")
        if found is None or found[2].hold is None or not found[2].stamped:
            return refused("unknown-order")
        account, agreed, order = found
        if order.status != RESERVED:
            return refused("not-awaiting-confirmation")
        key, hold = (account.id, r.ask["transfer"]), order.hold
        assert hold is not None
        if not r.ask["available"]:

            def fail(position: int) -> None:
                self.model.free(account.id, hold)
                self.change(key, status=FAILED)
                self.model.owe(account.id, position, REFUSAL, str(position), terms.notice_by(agreed, r.at))

            return Verdict("accepted", "", after=fail)

        def done(_: int) -> None:
            self.model.free(account.id, hold)
            self.change(key, status=DONE)

        route, payee = self._route(order, agreed)
        day = days.local_day(r.at, agreed.zone)
        moves = self._moves(account, route, payee, order.ask, order.debit, day, day, forced=True)
        return Verdict("accepted", "", moves=moves, after=done)

    def _review(self, r: Request) -> Verdict:
        found = self.find(r)
        problems = [] if self.model.at_desk(r) else ["staff-only"]
        if found is None or found[2].hold is None:
            return refused(*problems, "unknown-order")
        account, agreed, order = found
        if order.status != SCREENED:
            problems.append("not-awaiting-screening")
        if problems:
            return refused(*problems)
        key, hold, (route, payee) = (account.id, r.ask["transfer"]), order.hold, self._route(order, agreed)
        assert hold is not None
        if not r.ask["cleared"]:

            def refuse(position: int) -> None:
                self.model.free(account.id, hold)
                self.change(key, status=REFUSED)
                if route.notice_owed:
                    self.model.owe(
                        account.id, position, REFUSAL, str(position), terms.notice_by(agreed, r.at)
                    )

            return Verdict("accepted", "", after=refuse)
        if order.ask["service"] == "instant" and payee is None:

            def stamp(_: int) -> None:
                self.model.messages += 1
                self.change(key, status=RESERVED, stamped=True)

            return Verdict("pending", "awaiting-confirmation", after=stamp)
        day = days.local_day(r.at, agreed.zone)
        by = None
        if order.ask["service"] != "instant":
            got = terms.received_on(agreed, route, order.ask, order.channel, r.at, first_day(order.ask))
            by = terms.execute_by(agreed, route, order.ask, order.channel, got)

        def go_on(position: int) -> None:
            self.model.free(account.id, hold)
            self.change(key, status=SENT if payee is None else DONE, execute_by=by if payee is None else None)
            if payee is None:
                self._sent(account.id, position, str(key[1]), by)

        moves = self._moves(account, route, payee, order.ask, order.debit, day, day, forced=True)
        return Verdict("accepted", "", moves=moves, after=go_on)

    # ceilings

    def _ask_ceiling(self, r: Request) -> Verdict:
        found = self.model.customer_of(r)
        if found is None:
            return refused("unknown-account")
        account, agreed = found
        problems = [] if r.actor in account.holders else ["not-authorised"]
        asked = (r.ask["per_operation_minor"], r.ask["weekly_minor"])
        if any(a is not None and a < 0 for a in asked):
            problems.append("amount-invalid")
        now = self._limits(account, agreed, days.local_day(r.at, agreed.zone))
        pairs = [(n, a) for n, a in zip(now, asked, strict=True) if n is not None and a is not None]
        raised = any(a > n for n, a in pairs)
        if raised and any(c["status"] == "pending" for c in account.ceilings.values()):
            problems.append("raise-pending")
        if not any(a != n for n, a in pairs):
            problems.append("nothing-to-change")
        if problems:
            return refused(*problems)
        request = {
            "status": "pending" if raised else "in-force", "one": asked[0], "week": asked[1],
            "until": r.ask["until_on"],
        }  # fmt: skip
        outcome = ("pending", "awaiting-adviser") if raised else ("accepted", "")
        return Verdict(*outcome, after=lambda p: account.ceilings.update({p: request}))

    def _decide_ceiling(self, r: Request) -> Verdict:
        found, ask = self.model.customer_of(r), r.ask
        if found is None:
            return refused("unknown-account")
        request = found[0].ceilings.get(ask["request"])
        problems = []
        if not self.model.in_role(r.actor, "adviser"):
            problems.append("not-authorised")
        if (
            not self.model.in_role(ask["approved_by"], "adviser", "back-office")
            or ask["approved_by"] == r.actor
        ):
            problems.append("second-person-missing")
        if request is None or request["status"] != "pending":
            return refused(*problems, "unknown-request")
        until = ask["until_on"] or request["until"]
        if ask["granted"] and until is None:
            problems.append("end-date-missing")
        if problems:
            return refused(*problems)
        status = "in-force" if ask["granted"] else "refused"
        return Verdict("accepted", after=lambda _: request.update(status=status, until=until))
