"""The contract of an account on a day: the set of its dated documents, and what moves it on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec

from teneur.accounts.amendments.facts import AccountAmendment, AmendmentKind
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.amendments import ComponentKind
from teneur.agreements.terms.tariff import TariffTerms
from teneur.agreements.values import written
from teneur.kernel.rules import rule
from teneur.ledger.contracts import Contract, Version
from teneur.pricing.fees.rules.prices import first_day

ACCOUNT = "account"
SERVICE = "service:"
HELD_ON = "tariff.held_on"
ONE_DAY = timedelta(days=1)


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One document of the set.

    id: which document; version: which edition of it. since: first day for this account. why: stable code
    (opening, amendment, law, agreed, held, moved, signed). amendment: the one that brought it, or 0. details:
    what it says of this customer, as text.
    """

    kind: ComponentKind
    id: str
    version: str
    since: date
    why: str
    amendment: int = 0
    details: tuple[str, ...] = ()


@rule("BRED-PREAMB-3", "BNC-SCOPE-3")
def contract_set(
    contract: Contract, on: date, agreement: Agreement, history: Sequence[AccountAmendment] = ()
) -> tuple[Component, ...]:
    """The contract on a day is the set of the documents that the text names, each in its version, with what
    the customer signed beside them.

    agreement: the governing one, with its overrides. history: how amendments stand with the account.
    """
    makers: dict[ComponentKind, Callable[[], Iterator[Component]]] = {
        ComponentKind.GENERAL: lambda: _general(contract, on, agreement, history),
        ComponentKind.ANNEXES: lambda: _annexes(contract, on, agreement, history),
        ComponentKind.PARTICULAR: lambda: _particular(contract, on),
        ComponentKind.TARIFF: lambda: _tariff(contract, on, agreement, history),
        ComponentKind.PRODUCT: lambda: _products(contract, on),
        ComponentKind.AUTHENTICATION: lambda: _authentication(contract, on),
    }
    named = agreement.amendments.components.value
    signed = [k for k in (ComponentKind.PRODUCT, ComponentKind.AUTHENTICATION) if k not in named]
    return tuple(component for kind in (*named, *signed) for component in makers[kind]())


def _run(contract: Contract, on: date, same: Callable[[Version], object]) -> list[Version]:
    """The latest unbroken run of account versions up to a day that agree with the one in force."""
    versions = [v for v in contract.versions if v.kind == ACCOUNT and v.valid_from <= on]
    run: list[Version] = []
    for version in reversed(versions):
        if run and same(version) != same(run[0]):
            break
        run.insert(0, version)
    return run


def _opened_on(contract: Contract) -> date:
    return min(v.valid_from for v in contract.versions if v.kind == ACCOUNT)


def _brought(
    history: Sequence[AccountAmendment], kind: AmendmentKind, edition: str
) -> AccountAmendment | None:
    return next(
        (e for e in history if e.is_settled and (e.amendment.kind, e.amendment.edition) == (kind, edition)),
        None,
    )


def _general(
    contract: Contract, on: date, agreement: Agreement, history: Sequence[AccountAmendment]
) -> Iterator[Component]:
    since = _run(contract, on, lambda v: v.agreement)[0].valid_from
    brought = _brought(history, AmendmentKind.AGREEMENT, agreement.id)
    why = "opening" if since == _opened_on(contract) else "moved"
    if brought is not None:
        why = "law" if brought.amendment.is_legal else "amendment"
    yield Component(
        kind=ComponentKind.GENERAL,
        id=agreement.id,
        version=agreement.about.document.edition.value,
        since=since,
        why=why,
        amendment=brought.amendment.id if brought else 0,
    )


def _annexes(
    contract: Contract, on: date, agreement: Agreement, history: Sequence[AccountAmendment]
) -> Iterator[Component]:
    """They are parts of the general terms, and change with them."""
    for name in agreement.amendments.annexes.value:
        for general in _general(contract, on, agreement, history):
            yield msgspec.structs.replace(general, kind=ComponentKind.ANNEXES, id=name)


def agreed(version: Version) -> dict[str, Any]:
    """What is agreed with the customer alone: the particular terms without what the bank notes there."""
    return {path: value for path, value in version.particular.items() if path != HELD_ON}


def _particular(contract: Contract, on: date) -> Iterator[Component]:
    run = _run(contract, on, lambda v: (agreed(v), v.switched_on))
    version, since = run[-1], run[0].valid_from
    values = tuple(f"{path} = {_shown(value)}" for path, value in sorted(agreed(version).items()))
    channels = tuple(f"channel {number}" for number in version.switched_on)
    yield Component(
        kind=ComponentKind.PARTICULAR,
        id=f"{since.isoformat()}",
        version=str(sum(1 for v in contract.versions if v.kind == ACCOUNT and v.valid_from <= since)),
        since=since,
        why="opening" if since == _opened_on(contract) else "agreed",
        details=values + channels,
    )


def tariff_edition(on: date, tariff: TariffTerms) -> str:
    """The edition of the tariff that applies to an account on a day: the latest that has begun, unless it is
    held at an earlier one; the first one before there is any."""
    last = on if tariff.held_on.value is None else min(on, tariff.held_on.value)
    begun = [e for e in tariff.editions if first_day(e) <= last]
    return max(begun, key=first_day) if begun else min(tariff.editions, key=first_day)


def _tariff(
    contract: Contract, on: date, agreement: Agreement, history: Sequence[AccountAmendment]
) -> Iterator[Component]:
    tariff = agreement.tariff
    edition = tariff_edition(on, tariff)
    since, why, amendment = max(first_day(edition), _opened_on(contract)), "opening", 0
    brought = _brought(history, AmendmentKind.TARIFF, edition)
    if brought is not None:
        since, amendment = brought.applies_on, brought.amendment.id
        why = "law" if brought.amendment.is_legal else "amendment"
    elif first_day(edition) > _opened_on(contract):
        why = "moved"
    if tariff.held_on.value is not None and tariff_edition(on, _not_held(tariff)) != edition:
        why = "held"
    yield Component(
        kind=ComponentKind.TARIFF,
        id=agreement.edition.series,
        version=edition,
        since=since,
        why=why,
        amendment=amendment,
    )


def _not_held(tariff: TariffTerms) -> TariffTerms:
    return replace(tariff, held_on=replace(tariff.held_on, value=None))


def services_signed(contract: Contract, on: date) -> dict[str, Version]:
    """The separate agreements on services that are in force, by code of the service."""
    latest: dict[str, Version] = {}
    for version in contract.versions:
        if version.kind.startswith(SERVICE) and version.valid_from <= on:
            latest[version.kind.removeprefix(SERVICE)] = version
    return {code: version for code, version in latest.items() if version.agreement}


def _products(contract: Contract, on: date) -> Iterator[Component]:
    for code, version in services_signed(contract, on).items():
        yield Component(
            kind=ComponentKind.PRODUCT,
            id=code,
            version=version.agreement,
            since=version.valid_from,
            why="signed",
        )


def _authentication(contract: Contract, on: date) -> Iterator[Component]:
    version = contract.in_force(on, "authentication")
    if version is not None:
        yield Component(
            kind=ComponentKind.AUTHENTICATION,
            id=version.agreement,
            version=version.agreement,
            since=version.valid_from,
            why="signed",
        )


def _shown(value: object) -> str:
    """A value of the particular terms as people read it; lists are kept as JSON has them."""
    return written(tuple(value) if isinstance(value, list) else value)


# moving on


def changed_from(contract: Contract, day: date, change: Callable[[Version], Version]) -> Contract:
    """The set in which the account's version of a day, and every later one, is changed from that day on."""
    before = contract.in_force(day)
    if before is None:  # nothing is in force before the first day: that one begins the change
        return contract
    begun = change(msgspec.structs.replace(before, valid_from=day))
    kept = []
    for version in contract.versions:
        if version.kind != ACCOUNT or version.valid_from < day:
            kept.append(version)
        elif version.valid_from > day:
            kept.append(change(version))
    return Contract(tuple(sorted([*kept, begun], key=lambda v: (v.valid_from, v.kind))))


def with_service(contract: Contract, code: str, document: str, day: date) -> Contract:
    """The set with a separate agreement on a service from a day on; an empty document ends it."""
    kind = SERVICE + code
    kept = [v for v in contract.versions if not (v.kind == kind and v.valid_from >= day)]
    signed = any(v.kind == kind for v in kept)
    new = [Version(document, day, kind)] if document or signed else []
    return Contract(tuple(sorted([*kept, *new], key=lambda v: (v.valid_from, v.kind))))


def held(version: Version, until: date | None) -> Version:
    """The version with the tariff held at its editions of a day; None: no longer."""
    particular = {path: value for path, value in version.particular.items() if path != HELD_ON}
    if until is not None:
        particular[HELD_ON] = until.isoformat()
    return msgspec.structs.replace(version, particular=particular)


def held_on(version: Version) -> date | None:
    """The last day whose editions of the tariff the version knows."""
    text = version.particular.get(HELD_ON)
    return None if text is None else date.fromisoformat(str(text))
