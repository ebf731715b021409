"""How often somebody may ask: a number in any stretch of time, evenly spread once it is used up."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final

_REMEMBERED: Final = 50_000  # who asked longest ago is forgotten first


class Rate:
    """`most` questions at once, and as many again in each `within` (generic cell rate algorithm)."""

    def __init__(self, most: int, within: timedelta) -> None:
        """Raises ValueError unless most > 0 and within is long enough to be divided by it."""
        if most <= 0 or within // most <= timedelta():
            raise ValueError(f"a rate is a positive number within a positive time, not {most} in {within}")
        self._each = within // most
        self._within = within
        self._free_at: OrderedDict[Hashable, datetime] = OrderedDict()

    def allows(self, who: Hashable, now: datetime) -> bool:
        """Whether one more is within the rate; it is not counted yet."""
        return self._after(who, now) - now <= self._within

    def count(self, who: Hashable, now: datetime) -> None:
        """One more question."""
        self._free_at[who] = self._after(who, now)
        self._free_at.move_to_end(who)
        while len(self._free_at) > _REMEMBERED:
            self._free_at.popitem(last=False)

    def _after(self, who: Hashable, now: datetime) -> datetime:
        return max(self._free_at.get(who, now), now) + self._each
