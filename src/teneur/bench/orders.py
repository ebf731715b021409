"""Customers' transfer orders, made before the clock starts: what a client sends.

Each names the payee, his IBAN, a text for him and who bears the charges, and comes from a holder of the
account through the web space under a key of its own.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from teneur.agreements.terms.transfers import ChargeOption
from teneur.bench.errors import BenchError
from teneur.bench.stage import AT, Stage, holders_of
from teneur.kernel.commands import Answer, Channel, Command, Outcome
from teneur.ledger.engine import Result
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer

FIRST_NAMES = (
    "Marie", "Jean", "Élise", "Karim", "Inès", "Moana", "Hervé", "Chloé", "Noël", "Aïcha", "Paul", "Zoé",
    "Wali", "Anne-Sophie", "Benoît", "Léa", "Mehdi", "Françoise", "Lucas", "Sarah",
)  # fmt: skip
SURNAMES = (
    "Martin", "Bernard", "Petit", "Dubois", "Nguyen", "Lefèvre", "Garcia", "Roux", "Moreau", "Diallo",
    "Wamytan", "Poigoune", "Fontaine", "Chevalier", "Robin", "Masson", "Benali", "Gérard", "Da Silva", "Noël",
)  # fmt: skip
TEXTS = (
    "Loyer mai 2026", "Facture 2026-0417", "Remboursement restaurant", "Cadeau Léa", "Cotisation club",
    "Acompte travaux cuisine", "Part d'électricité", "Cours de piano avril", "Covoiturage Nantes", "Caution",
)  # fmt: skip
AMOUNT_MOST_MINOR = 300_00
BEYOND_FUNDS_MINOR = 900_000_000_00
REMEMBERED = 100_000  # orders that may be sent again


@dataclass(frozen=True)
class Mix:
    """Shares of all orders, 0 to 1. hot: touch one account. refused: lack funds. replayed: sent before."""

    hot: float = 0
    refused: float = 0
    replayed: float = 0


@dataclass
class Expected:
    """What the answers to a list of orders must be."""

    new: int = 0
    refused: int = 0
    replayed: int = 0


class Orders:
    """An endless supply for one book. The same seed gives the same orders but for their keys."""

    def __init__(self, stage: Stage, book: int, mix: Mix, seed: int = 1) -> None:
        if stage.accounts < 2:
            raise BenchError("a transfer needs two accounts: ask for at least 2 (--accounts)")
        self._stage, self._book, self.mix = stage, book, mix
        self._random = random.Random(seed)  # noqa: S311 (test data)
        self._keys = random.SystemRandom()
        self._ibans = stage.ibans(book)
        self._sent: list[tuple[Command, bool]] = []
        self._count = 0

    def take(self, count: int) -> tuple[list[Command], Expected]:
        """The next orders, and what must become of them."""
        commands: list[Command] = []
        expected = Expected()
        draw, mix = self._random.random, self.mix
        for _ in range(count):
            if self._sent and draw() < mix.replayed:
                command, refused = self._sent[int(draw() * len(self._sent))]
                expected.replayed += 1
            else:
                refused = draw() < mix.refused
                command = self._new(refused=refused)
                if mix.replayed:
                    self._sent.append((command, refused))
                expected.new += 1
            expected.refused += refused
            commands.append(command)
        del self._sent[:-REMEMBERED]
        return commands, expected

    def batches(self, count: int, size: int) -> tuple[list[list[Command]], Expected]:
        """Orders in batches."""
        commands, expected = self.take(count * size)
        return [commands[at : at + size] for at in range(0, len(commands), size)], expected

    def _new(self, *, refused: bool) -> Command:
        draw, accounts = self._random.random, self._stage.accounts
        payer = int(draw() * accounts)
        payee = (payer + 1 + int(draw() * (accounts - 1))) % accounts
        if self.mix.hot and draw() < self.mix.hot and 0 not in (payer, payee):
            if self._count % 2 and not refused:
                payer = 0
            else:
                payee = 0
        self._count += 1
        holders = holders_of(payer)
        pick = int(draw() * 8000)
        ask = PlaceTransfer(
            amount_minor=BEYOND_FUNDS_MINOR if refused else 1 + int(draw() * AMOUNT_MOST_MINOR),
            currency="EUR",
            payee=PayeeAccount(
                name=f"{FIRST_NAMES[pick % 20]} {SURNAMES[pick // 20 % 20]}", iban=self._ibans[payee]
            ),
            remittance=f"{TEXTS[pick % 10]} {pick}",
            charges=ChargeOption.SHA,
        )
        return Command(
            key=self._keys.randbytes(16),
            subject=self._stage.account(self._book, payer),
            received_at=AT + timedelta(microseconds=self._count),
            ask=ask,
            actor=holders[-1],
            channel=Channel.REMOTE,
        )


def check(results: list[Result], expected: Expected) -> None:
    """Raises BenchError unless the answers are what they must be: a fast wrong answer is worth nothing."""
    answers = [r for r in results if isinstance(r, Answer)]
    failed = [r for r in results if not isinstance(r, Answer)]
    if failed:
        raise BenchError(f"{len(failed)} of {len(results)} orders failed, the first with {failed[0]}")
    replayed = sum(a.replayed for a in answers)
    refused = sum(a.outcome is Outcome.REFUSED for a in answers)
    if (replayed, refused) != (expected.replayed, expected.refused):
        reasons = sorted({a.reason for a in answers if a.reason})
        raise BenchError(
            f"of {len(results)} orders {refused} were refused and {replayed} known, expected"
            f" {expected.refused} and {expected.replayed} (reasons: {', '.join(reasons) or 'none'})"
        )
