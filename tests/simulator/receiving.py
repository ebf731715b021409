"""Money that comes to the model's bank from another one. Knows nothing of Teneur."""

from collections.abc import Callable
from datetime import timedelta

from tests.simulator import days, terms
from tests.simulator.model import Account, Model, Move, Request, Verdict, refused
from tests.simulator.terms import BNC, BRED, LARGEST, Terms

LATEST = timedelta(seconds=25)  # after its stamp, an instant transfer is rejected


class Receiving:
    """Transfers received: credited at once, or sent back."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.judges: dict[str, Callable[[Request], Verdict]] = {"receive": self._receive}

    def _receive(self, r: Request) -> Verdict:
        account, ask = self.model.accounts.get(r.subject), r.ask
        if r.channel != "interbank" or r.actor != 0:
            return refused("not-authorised")
        if account is None:
            return refused("unknown-account")
        named = self.model.by_iban.get(ask["payee_iban"])
        if named is not None and named != account.id:
            return refused("subject-is-not-the-payee")
        agreed = account.terms
        if named is None or agreed is None:
            return self._back(r, "iban-invalid")
        today = days.local_day(r.at, agreed.zone)
        if ask["settled_on"] is not None and ask["settled_on"] > today:
            return refused("funds-not-received")
        problems = self._problems(r, agreed)
        credited = self._credited(account, r) if not problems else 0
        if not problems and credited <= 0:
            problems = ["currency-not-offered"]
        if problems:
            return self._back(r, *problems)
        return self._credit(r, account, agreed, credited)

    @staticmethod
    def _problems(r: Request, agreed: Terms) -> list[str]:
        ask, problems = r.ask, []
        if ask["currency"] not in terms.NUMERIC:
            problems.append("currency-not-offered")
        if not 0 < ask["amount_minor"] <= LARGEST:
            problems.append("amount-invalid")
        if ask["instant"]:
            if agreed is BNC:
                problems.append("service-not-offered")
            elif ask["stamped_at"] is None:
                problems.append("missing-field")
            elif r.at - ask["stamped_at"] > LATEST:
                problems.append("instant-expired")
        return problems

    @staticmethod
    def _credited(account: Account, r: Request) -> int:
        amount: int = r.ask["amount_minor"]
        if r.ask["currency"] == account.currency:
            return amount
        return terms.francs(amount) if account.currency == "XPF" else terms.cents(amount)

    def _back(self, r: Request, *reasons: str) -> Verdict:
        """Refused; the other bank gets an answer, or its money, unless no message could say it."""
        ask = r.ask
        sayable = 0 < ask["amount_minor"] <= LARGEST and ask["currency"] in terms.NUMERIC

        def answer(_: int) -> None:
            self.model.messages += ask["instant"] or sayable

        return refused(*reasons, after=answer)

    def _credit(self, r: Request, account: Account, agreed: Terms, credited: int) -> Verdict:
        ask, book = r.ask, r.subject >> 32
        currency, day = ask["currency"], days.local_day(r.at, agreed.zone)
        value = ask["settled_on"] or day
        source = self.model.own(
            book, self._role(ask["payer_iban"], ask["instant"], agreed, currency), currency
        )
        moves: tuple[Move, ...] = (Move(source, account.id, credited, day, value, value),)
        if currency != account.currency:
            there, here = (self.model.own(book, terms.POSITION, c) for c in (currency, account.currency))
            moves = (
                Move(source, there, ask["amount_minor"], day, value, value),
                Move(here, account.id, credited, day, value, value),
            )

        def answer(_: int) -> None:
            self.model.messages += ask["instant"]

        return Verdict("accepted", "", moves=moves, after=answer)

    @staticmethod
    def _role(payer_iban: str, instant: bool, agreed: Terms, currency: str) -> int:
        """Through which of its accounts the bank settles."""
        if instant:
            return terms.CLEARING_INSTANT
        if agreed is BRED and currency != "EUR":
            return terms.NOSTRO
        place, com = ("FR" if agreed is BRED else "NC"), False
        if payer_iban:
            bank = next(b for b in terms.OTHER_BANKS if b.iban == payer_iban)
            place, com = bank.place, bank.com_pacific
        return terms.route(agreed, currency, place, com_pacific=com).role
