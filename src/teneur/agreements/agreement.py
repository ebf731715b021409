"""An agreement as the program uses it: typed terms, citations, overrides; and all agreements together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from teneur.agreements.errors import AgreementError, Problem
from teneur.agreements.parameters import Parameter
from teneur.agreements.rules import (
    ContractVersion,
    Edition,
    edition_in_force,
    version_of_operation,
    winning_layer,
)
from teneur.agreements.terms.accounts import AccountTerms
from teneur.agreements.terms.agreement import AgreementKind, AgreementTerms
from teneur.agreements.terms.amendments import AmendmentTerms
from teneur.agreements.terms.bank import BankTerms
from teneur.agreements.terms.calendar import CalendarTerms
from teneur.agreements.terms.cash import CashTerms
from teneur.agreements.terms.countries import CountryTerms
from teneur.agreements.terms.exchange import ExchangeTerms
from teneur.agreements.terms.interest import InterestTerms
from teneur.agreements.terms.notices import NoticeTerms
from teneur.agreements.terms.overdraft import OverdraftTerms
from teneur.agreements.terms.statements import StatementTerms
from teneur.agreements.terms.tariff import TariffTerms
from teneur.agreements.terms.transfers import TransfersTerms
from teneur.agreements.tree import parameter_at, parameters_in, replaced_at
from teneur.agreements.values import ValueProblem, convert, describe
from teneur.kernel.rules import clauses_of, unique

Citable = Callable[..., object] | Parameter[Any]
Terms = TypeVar("Terms")
OVERRIDE_CACHE_SIZE = 10_000


@dataclass(frozen=True, eq=False)
class Layer:
    """Terms that stand beside the agreement: of one branch, of one customer, of a specific agreement.

    rank: one of the agreement's precedence list (not its last, which is the agreement). reference: what a
    person finds the document by. values: dotted path -> value, written as in the agreement's files.
    """

    rank: str
    reference: str
    values: Mapping[str, object]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Layer) and self.key() == other.key()

    def key(self) -> tuple[object, ...]:
        """What two equal layers have in common, hashable; true and 1 are different values."""
        return self.rank, self.reference, _frozen(self.values)

    def __hash__(self) -> int:
        return hash(self.key())


class Agreement:
    """One bank's agreement in one edition. Immutable; compare by identity.

    Areas are attributes (`agreement.cash`, `agreement.transfers`, …), each a terms dataclass of `terms/`.
    """

    def __init__(
        self, agreement_id: str, prefix: str, terms: Mapping[str, Any], layers: tuple[Layer, ...] = ()
    ) -> None:
        self.id = agreement_id
        self.clause_prefixes = (prefix,)
        self.terms = dict(terms)
        self.layers = layers
        self._citations: dict[tuple[int, ...], tuple[tuple[Citable, ...], tuple[str, ...]]] = {}

    def __repr__(self) -> str:
        return f"Agreement({self.id!r}{f', {len(self.layers)} layers' if self.layers else ''})"

    @cached_property
    def about(self) -> AgreementTerms:
        """Titles, kind, zone, currency, dates, precedence."""
        return self._area("agreement", AgreementTerms)

    @cached_property
    def bank(self) -> BankTerms:
        """Names and identifiers of the bank."""
        return self._area("bank", BankTerms)

    @cached_property
    def countries(self) -> CountryTerms:
        """Country sets."""
        return self._area("countries", CountryTerms)

    @cached_property
    def calendar(self) -> CalendarTerms:
        """Days and hours."""
        return self._area("calendar", CalendarTerms)

    @cached_property
    def accounts(self) -> AccountTerms:
        """Holders, branch, balance."""
        return self._area("accounts", AccountTerms)

    @cached_property
    def cash(self) -> CashTerms:
        """Cash paid in."""
        return self._area("cash", CashTerms)

    @cached_property
    def transfers(self) -> TransfersTerms:
        """Transfers of every class."""
        return self._area("transfers", TransfersTerms)

    @cached_property
    def statements(self) -> StatementTerms:
        """Statement and RIB."""
        return self._area("statements", StatementTerms)

    @cached_property
    def notices(self) -> NoticeTerms:
        """What the bank tells the customer."""
        return self._area("notices", NoticeTerms)

    @cached_property
    def overdraft(self) -> OverdraftTerms:
        """Authorised overdraft and excess."""
        return self._area("overdraft", OverdraftTerms)

    @cached_property
    def interest(self) -> InterestTerms:
        """Closing, rates, flat minimum, index and effective rate."""
        return self._area("interest", InterestTerms)

    @cached_property
    def tariff(self) -> TariffTerms:
        """Prices of events, caps, and what stays free."""
        return self._area("tariff", TariffTerms)

    @cached_property
    def amendments(self) -> AmendmentTerms:
        """What the contract is made of, how it is changed, services that can be added."""
        return self._area("amendments", AmendmentTerms)

    @cached_property
    def exchange(self) -> ExchangeTerms:
        """Conversion between currencies and foreign cash."""
        return self._area("exchange", ExchangeTerms)

    @cached_property
    def zone(self) -> str:
        """IANA name of the zone in which the agreement counts time."""
        return self.about.zone.value

    @cached_property
    def currency(self) -> str:
        """ISO 4217 code of the accounts' own currency."""
        return self.about.currency.value

    @cached_property
    def kind(self) -> AgreementKind:
        """What a contract takes from it."""
        return self.about.kind.value

    @cached_property
    def edition(self) -> Edition:
        """Which edition of which series it is, and when it may be made."""
        about = self.about
        return Edition(self.id, about.series.value, about.effective_from.value, about.effective_until.value)

    def title(self, language: str = "fr") -> str:
        """The title in French (`fr`) or English (`en`)."""
        return self.about.title.en.value if language == "en" else self.about.title.fr.value

    def cite(self, *sources: Citable) -> tuple[str, ...]:
        """The clauses of this agreement that rule functions and parameters carry out, once each, in order.

        Remembered by the identity of the sources, which are kept so that no identity is used again.
        """
        key = tuple(map(id, sources))
        found = self._citations.get(key)
        if found is None:
            every = (c for s in sources for c in (s.clauses if isinstance(s, Parameter) else clauses_of(s)))
            found = (sources, unique(c for c in every if c.startswith(self.clause_prefixes)))
            self._citations[key] = found
        return found[1]

    def parameters(self) -> Iterator[tuple[str, Parameter[Any]]]:
        """Every parameter with its dotted path, area first."""
        for area, terms in self.terms.items():
            yield from parameters_in(terms, area)

    def with_overrides(self, layers: Sequence[Layer]) -> "Agreement":
        """This agreement with the values of the layers; the one that the documents rank highest wins.

        The same layers give the same object. Raises AgreementError with every wrong rank, path and value.
        """
        return _overridden(self, tuple(layers)) if layers else self

    def _area(self, name: str, kind: type[Terms]) -> Terms:
        terms = self.terms.get(name)
        if not isinstance(terms, kind):
            raise TypeError(
                f"{self.id} has no {name} terms: a {kind.__name__} is wanted, there is {terms!r}."
            )
        return terms


@lru_cache(maxsize=OVERRIDE_CACHE_SIZE)
def _overridden(agreement: Agreement, layers: tuple[Layer, ...]) -> Agreement:
    ranks = agreement.about.precedence.value
    problems: list[Problem] = []
    candidates: dict[str, list[Layer]] = {}
    for layer in layers:
        if layer.rank not in ranks[:-1]:
            problems.append(
                Problem(
                    layer.reference, "", f"unknown rank {layer.rank!r}", f"Ranks are {', '.join(ranks[:-1])}."
                )
            )
        for path in layer.values:
            candidates.setdefault(path, []).append(layer)
    terms = dict(agreement.terms)
    for path, having in candidates.items():
        if problem := _put(agreement, terms, path, having, ranks):
            problems.append(problem)
    if problems:
        raise AgreementError(f"the override of {agreement.id}", tuple(problems))
    return Agreement(agreement.id, agreement.clause_prefixes[0], terms, layers)


def _put(
    agreement: Agreement, terms: dict[str, Any], path: str, having: list[Layer], ranks: tuple[str, ...]
) -> Problem | None:
    """Put the winning value of one path into the terms; a problem of any layer's value is returned."""
    area, _, rest = path.partition(".")
    found = parameter_at(terms[area], rest) if rest and area in terms and area != "agreement" else None
    if found is None:
        return Problem(
            having[0].reference, path, "no such parameter to override", "See the agreement's files."
        )
    parameter, kind = found
    values = {}
    for layer in having:
        try:
            values[layer.rank] = convert(layer.values[path], kind)
        except ValueProblem as problem:
            return Problem(layer.reference, path, f"wrong value: {problem}", f"Write {describe(kind)}.")
    by_rank: dict[str, Layer] = {}
    for layer in having:
        if layer.rank in by_rank:
            return Problem(
                layer.reference,
                path,
                f"{by_rank[layer.rank].reference} has the same rank",
                "Keep one of the two.",
            )
        by_rank[layer.rank] = layer
    rank = winning_layer(ranks, tuple(r for r in by_rank if r in ranks))
    if rank not in by_rank:
        return None  # only a layer whose rank is refused: that problem is told already
    clauses = unique((*parameter.clauses, *agreement.cite(winning_layer)))
    name = f"{rank} {by_rank[rank].reference}"
    new = Parameter(values[rank], clauses, parameter.source, parameter.note, name)
    terms[area] = replaced_at(terms[area], rest, new)
    return None


class Agreements:
    """Every agreement the bank has loaded."""

    def __init__(self, agreements: Iterable[Agreement]) -> None:
        self._by_id = {agreement.id: agreement for agreement in agreements}

    def __iter__(self) -> Iterator[Agreement]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, agreement_id: object) -> bool:
        return agreement_id in self._by_id

    def __getitem__(self, agreement_id: str) -> Agreement:
        """The agreement, or KeyError that names those there are."""
        try:
            return self._by_id[agreement_id]
        except KeyError:
            raise KeyError(f"no agreement {agreement_id!r}; there are {', '.join(self._by_id)}") from None

    def version_for(
        self, contract: Iterable[ContractVersion], on_date: date, kind: AgreementKind = AgreementKind.ACCOUNT
    ) -> ContractVersion | None:
        """The version of one kind that governs an operation concluded on a date; None if there is none."""
        versions = tuple(v for v in contract if self[v.agreement].kind is kind)
        retroactive = any(self[v.agreement].about.retroactive.value for v in versions)
        return version_of_operation(versions, on_date, retroactive=retroactive)

    def in_force(self, series: str, on_date: date) -> Agreement | None:
        """The edition of a series to contract under on a date; None before the first and after the last."""
        edition = edition_in_force(tuple(a.edition for a in self._by_id.values()), series, on_date)
        return None if edition is None else self[edition.agreement]


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return tuple(sorted((str(k), _frozen(v)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return tuple(_frozen(v) for v in value)
    if isinstance(value, set | frozenset):
        return frozenset(_frozen(v) for v in value)
    return type(value).__name__, value
