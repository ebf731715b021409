"""Random requests from a seed: mostly plausible ones, many at an edge, some hostile, some asked again.

What is drawn depends on the seed and on the model only, so the same seed asks the same requests.
"""

from bisect import bisect
from collections import deque
from datetime import datetime, time, timedelta
from itertools import accumulate

from tests.simulator import days, terms
from tests.simulator.drawing_hand import HandDrawing
from tests.simulator.drawing_transfers import TransferDrawing
from tests.simulator.model import Account, Model, Request

STARTS = (
    "2027-12-20T07:00:00Z",  # Christmas and the new year of a leap year
    "2028-02-25T07:00:00Z",  # 29 February, a Tuesday
    "2028-03-23T07:00:00Z",  # summer time begins; a month end
    "2028-04-10T07:00:00Z",  # Good Friday and Easter Monday
    "2026-10-20T07:00:00Z",  # summer time ends; All Saints
    "2028-07-10T07:00:00Z",  # 14 July, and 15 August further on
)
EDGES = (time(0), time(11), time(12), time(15), time(15, 30), time(17, 30))
WEIGHTS = {
    "transfer": 42, "deposit": 9, "receive": 7, "move": 8, "revoke": 5, "settle": 5, "place-hold": 5, "take-hold": 3,
    "release-hold": 3, "confirm": 3, "reverse": 3, "notice": 2, "ask-ceiling": 1.5, "decide-ceiling": 1.5,
    "overdraft": 1, "unavailable": 1, "review": 1, "cancel-deposit": 0.5, "open-account": 0.6, "due": 0.5,
}  # fmt: skip
AGAIN, AGAIN_LATER, OTHER_CONTENT, MALFORMED = 0.03, 0.02, 0.005, 0.0002


class Generator(HandDrawing, TransferDrawing):
    """Draws requests."""

    def __init__(self, seed: int, model: Model) -> None:
        super().__init__(seed, model, datetime.fromisoformat(STARTS[seed % len(STARTS)]))
        self.recent: deque[Request] = deque(maxlen=400)
        self.past: list[Request] = []
        self._kinds = tuple(WEIGHTS)
        self._sums = list(accumulate(WEIGHTS.values()))
        self._draw = {**self.by_hand(), **self.of_transfers()}

    def pass_time(self, operations: int) -> None:
        """So many operations take their time; now and then the bank sleeps for some days."""
        self.now += timedelta(seconds=operations * self.rng.randrange(60, 240))
        if self.rng.random() < 0.02:
            self.now += timedelta(days=self.rng.randrange(1, 5))

    def _moment(self, account: Account) -> datetime:
        """An instant of this time, often the last one in time or the first one late."""
        if account.terms is None or self.rng.random() < 0.8:
            return self.now + timedelta(microseconds=self.rng.randrange(60_000_000))
        zone = account.terms.zone
        day = days.local_day(self.now, zone)
        edge = days.clock(day, self.rng.choice(EDGES), zone) + self.rng.choice((-1, 0, 1)) * days.TICK
        return edge if days.local_day(edge, zone) >= account.opened_on else self.now

    # drawing

    def draw(self) -> Request:
        """The next request."""
        rng, chance = self.rng, self.rng.random()
        if chance < AGAIN and self.recent:
            return self._again(rng.choice(self.recent))
        if chance < AGAIN + AGAIN_LATER and self.past:
            return self._again(rng.choice(self.past))
        kind = self._kinds[bisect(self._sums, rng.random() * self._sums[-1])]
        if len(self.model.customers) < 12:
            kind = "open-account"
        account = self._account()
        subject, actor, channel, ask = self._draw[kind](account)
        key = rng.randbytes(16)
        owner = self.model.accounts.get(subject, account)
        at = self.now if kind == "open-account" else self._moment(owner)
        request = Request(key, kind, subject, at, actor, channel, ask)
        if chance > 1 - MALFORMED and not self.clean:
            return request._replace(key=key[: rng.randrange(16)])
        self.recent.append(request)
        if len(self.past) < 2_000:
            self.past.append(request)
        elif rng.random() < 0.1:
            self.past[rng.randrange(2_000)] = request
        return request

    def _again(self, request: Request) -> Request:
        """Asked again, later; sometimes with another content under the same key."""
        later = request._replace(at=max(self.now, request.at))
        if self.rng.random() > OTHER_CONTENT / (AGAIN + AGAIN_LATER):
            return later
        if "amount_minor" in request.ask:
            return later._replace(ask={**request.ask, "amount_minor": request.ask["amount_minor"] + 1})
        return later._replace(actor=request.actor - 1)

    def due(self) -> list[Request]:
        """What the bank's own day asks now: every order whose day has come, mostly in the morning."""
        found = []
        scheduled = self.model.orders.due
        latest = days.local_day(self.now, terms.BNC.zone)  # where days begin first
        for day in sorted(d for d in scheduled if d <= latest):
            for account, order in sorted(scheduled[day]):
                agreed = self.model.accounts[account].terms
                assert agreed is not None
                if days.local_day(self.now, agreed.zone) >= day and self.rng.random() < 0.9:
                    ask = {"transfer": order, "due_on": day}
                    found.append(Request(self.rng.randbytes(16), "due", account, self.now, 0, "system", ask))
            if not scheduled[day]:
                del scheduled[day]
        return found
