"""What decisions do to authorisations, to what is watched of an account, and to what is claimed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed
from teneur.pricing.overdraft.facts import (
    AUTHORISATIONS,
    SQL,
    WATCH,
    Authorisation,
    AuthorisationKind,
    Claim,
    ClaimStatus,
    Episode,
    EpisodeKind,
    Indebtedness,
    IndexedRate,
    Rate,
    Stage,
    Watch,
)


class AuthorisationBegins(Effect, frozen=True, kw_only=True):
    """A limit from a day on; its id is the position of the row. See `facts.Authorisation`."""

    account: AccountId
    kind: AuthorisationKind
    limit_minor: int
    starts_on: date
    ends_on: date | None
    rate: Rate
    document: str
    line: int = 0


class AuthorisationEnds(Effect, frozen=True, kw_only=True):
    """An authorisation known before has another last day."""

    account: AccountId
    authorisation: int
    line: int
    ends_on: date
    ended_by: str


class EpisodeBegins(Effect, frozen=True, kw_only=True):
    """A stretch of days in debit, or beyond the authorisation, is found; its id is the row's position."""

    account: AccountId
    kind: EpisodeKind
    began_on: date


class EpisodeChanges(Effect, frozen=True, kw_only=True):
    """What has been done about a stretch, or its end (first day back)."""

    account: AccountId
    episode: Episode
    began_here: bool = False  # by the same row: the id is its position
    stage: Stage
    ended_on: date | None = None


class ExcessTolerated(Effect, frozen=True, kw_only=True):
    """One debit may pass beyond the limit on a day. author: the member of staff."""

    account: AccountId
    day: date
    debit_minor: int
    excess_minor: int
    about: str
    reason: str
    author: int


class ClaimMade(Effect, frozen=True, kw_only=True):
    """A debit balance is demanded of each debtor for the whole."""

    account: AccountId
    amount_minor: int
    demanded_on: date
    debtors: tuple[int, ...]


class ClaimChanges(Effect, frozen=True, kw_only=True):
    """What became of a claim."""

    account: AccountId
    claim: int
    status: ClaimStatus


class IndebtednessRecorded(Effect, frozen=True, kw_only=True):
    """A file of over-indebtedness is admissible; its id is the position of the row."""

    account: AccountId
    reference: str
    decided_on: date
    isolated_minor: int
    technical_account: AccountId | None
    creditors: tuple[str, ...]


class IndebtednessClosed(Effect, frozen=True, kw_only=True):
    """The measures are known."""

    account: AccountId
    case_id: int


def _apply_begins(facts: BatchFacts, effect: AuthorisationBegins, position: int) -> None:
    known = facts.table(AUTHORISATIONS)
    new = Authorisation(
        account=effect.account,
        id=position,
        line=effect.line,
        kind=effect.kind,
        limit_minor=effect.limit_minor,
        starts_on=effect.starts_on,
        ends_on=effect.ends_on,
        rate=effect.rate,
        document=effect.document,
    )
    known[effect.account] = (*(known.get(effect.account) or ()), new)


def _apply_ends(facts: BatchFacts, effect: AuthorisationEnds, _position: int) -> None:
    known = facts.table(AUTHORISATIONS)
    known[effect.account] = tuple(
        msgspec.structs.replace(a, ends_on=effect.ends_on, ended_by=effect.ended_by)
        if (a.id, a.line) == (effect.authorisation, effect.line)
        else a
        for a in known.get(effect.account) or ()
    )


def _write_begins(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
            "book", "account", "authorisation", "line", "kind", "limit_minor", "starts_on", "ends_on",
            "rate_percent", "rate_index", "document",
        )
    }  # fmt: skip
    for book, position, effect in placed:
        new = cast("AuthorisationBegins", effect)
        indexed = new.rate if isinstance(new.rate, IndexedRate) else None
        percent = indexed.margin_percent if indexed else new.rate
        index = indexed.index if indexed else ""
        values = (
            book, number_of(new.account), position, new.line, new.kind, new.limit_minor, new.starts_on,
            new.ends_on, percent, index, new.document,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_authorisations"], rows)


def _write_ends(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, _, effect in placed:
        ending = cast("AuthorisationEnds", effect)
        rows.append(
            {
                "book": book,
                "account": number_of(ending.account),
                "authorisation": ending.authorisation,
                "line": ending.line,
                "ends_on": ending.ends_on,
                "ended_by": ending.ended_by,
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["end_authorisation"], rows)


def _watch(facts: BatchFacts, account: AccountId, **changes: Any) -> None:
    """Change what the batch knows is going on with an account, if it knows."""
    known = facts.table(WATCH)
    if account in known:
        known[account] = msgspec.structs.replace(known[account] or Watch(), **changes)


def _watched(facts: BatchFacts, account: AccountId) -> Watch:
    return facts.table(WATCH).get(account) or Watch()


def _apply_episode(facts: BatchFacts, effect: EpisodeBegins, position: int) -> None:
    new = Episode(id=position, kind=effect.kind, began_on=effect.began_on, stage=Stage.FOUND)
    _watch(facts, effect.account, episodes=(*_watched(facts, effect.account).episodes, new))


def _apply_episode_change(facts: BatchFacts, effect: EpisodeChanges, position: int) -> None:
    id_ = position if effect.began_here else effect.episode.id
    kept = []
    for episode in _watched(facts, effect.account).episodes:
        if (episode.id, episode.kind) != (id_, effect.episode.kind):
            kept.append(episode)
        elif effect.ended_on is None:
            kept.append(msgspec.structs.replace(episode, stage=effect.stage))
    _watch(facts, effect.account, episodes=tuple(kept))


def _apply_claim(facts: BatchFacts, effect: ClaimMade, position: int) -> None:
    new = Claim(
        id=position,
        status=ClaimStatus.DEMANDED,
        amount_minor=effect.amount_minor,
        demanded_on=effect.demanded_on,
        debtors=effect.debtors,
    )
    _watch(facts, effect.account, claims=(*_watched(facts, effect.account).claims, new))


def _apply_claim_change(facts: BatchFacts, effect: ClaimChanges, _position: int) -> None:
    kept = tuple(
        msgspec.structs.replace(c, status=effect.status) if c.id == effect.claim else c
        for c in _watched(facts, effect.account).claims
    )
    _watch(facts, effect.account, claims=tuple(c for c in kept if c.status is not ClaimStatus.REPAID))


def _apply_indebtedness(facts: BatchFacts, effect: IndebtednessRecorded, position: int) -> None:
    new = Indebtedness(
        id=position,
        reference=effect.reference,
        decided_on=effect.decided_on,
        isolated_minor=effect.isolated_minor,
        technical_account=effect.technical_account,
        creditors=effect.creditors,
    )
    _watch(facts, effect.account, indebtedness=new)


def _apply_indebtedness_closed(facts: BatchFacts, effect: IndebtednessClosed, _position: int) -> None:
    _watch(facts, effect.account, indebtedness=None)


def _write_episodes(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    begun = [(position, cast("EpisodeBegins", effect)) for _, position, effect in placed]
    rows = {
        "book": [book for book, _, _ in placed],
        "account": [number_of(e.account) for _, e in begun],
        "episode": [position for position, _ in begun],
        "kind": [e.kind for _, e in begun],
        "began_on": [e.began_on for _, e in begun],
    }
    connection.execute(SQL["insert_episodes"], rows)


def _write_each(
    connection: Connection[Any],
    query: str,
    placed: Sequence[Placed],
    row_of: Callable[[int, Any], dict[str, Any]],
) -> None:
    """Store effects that are few: one row each. row_of(position, effect)."""
    rows = [
        {"book": book, "account": number_of(cast("Any", effect).account), **row_of(position, effect)}
        for book, position, effect in placed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SQL[query], rows)


def _write_episode_changes(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    def row(position: int, effect: EpisodeChanges) -> dict[str, Any]:
        id_ = position if effect.began_here else effect.episode.id
        return {
            "episode": id_, "kind": effect.episode.kind, "stage": effect.stage, "ended_on": effect.ended_on,
        }  # fmt: skip

    _write_each(connection, "update_episode", placed, row)


def _write_tolerances(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    fields = ("day", "debit_minor", "excess_minor", "about", "reason", "author")
    _write_each(
        connection,
        "insert_tolerance",
        placed,
        lambda position, effect: {"tolerance": position} | {f: getattr(effect, f) for f in fields},
    )


def _write_claims(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    _write_each(
        connection,
        "insert_claim",
        placed,
        lambda position, effect: {
            "claim": position,
            "amount_minor": effect.amount_minor,
            "demanded_on": effect.demanded_on,
            "debtors": list(effect.debtors),
        },
    )


def _write_claim_changes(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    _write_each(
        connection, "update_claim", placed, lambda _, effect: {"claim": effect.claim, "status": effect.status}
    )


def _write_indebtedness(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    _write_each(
        connection,
        "insert_indebtedness",
        placed,
        lambda position, effect: {
            "case_id": position,
            "reference": effect.reference,
            "decided_on": effect.decided_on,
            "isolated_minor": effect.isolated_minor,
            "technical_account": effect.technical_account and number_of(effect.technical_account),
            "creditors": list(effect.creditors),
        },
    )


def _write_indebtedness_closed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    _write_each(connection, "close_indebtedness", placed, lambda _, effect: {"case_id": effect.case_id})


EFFECTS = (
    EffectKind(AuthorisationBegins, _write_begins, _apply_begins),
    EffectKind(AuthorisationEnds, _write_ends, _apply_ends),
    EffectKind(EpisodeBegins, _write_episodes, _apply_episode),
    EffectKind(EpisodeChanges, _write_episode_changes, _apply_episode_change),
    EffectKind(ExcessTolerated, _write_tolerances),
    EffectKind(ClaimMade, _write_claims, _apply_claim),
    EffectKind(ClaimChanges, _write_claim_changes, _apply_claim_change),
    EffectKind(IndebtednessRecorded, _write_indebtedness, _apply_indebtedness),
    EffectKind(IndebtednessClosed, _write_indebtedness_closed, _apply_indebtedness_closed),
)
