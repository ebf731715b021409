"""Holders, branch and balance of an account."""

from dataclasses import dataclass

from teneur.agreements.parameters import Parameter


@dataclass(frozen=True)
class Holders:
    """How many holders an account of one kind has (none: no upper bound), and how many must sign."""

    minimum: Parameter[int]
    maximum: Parameter[int | None]
    signatures: Parameter[int]


@dataclass(frozen=True)
class Balance:
    """What may be used.

    floor_without_authorisation_minor: the lowest balance without an overdraft authorisation, in minor units.
    authorisation_extends_floor: an authorised overdraft lowers the floor by its amount.
    unavailable_sums_count: whether sums made unavailable (seizure, hold) may still be used.
    netting: whether other accounts of the same holder are counted in.
    """

    floor_without_authorisation_minor: Parameter[int]
    authorisation_extends_floor: Parameter[bool]
    unavailable_sums_count: Parameter[bool]
    netting: Parameter[bool]


@dataclass(frozen=True)
class AccountTerms:
    """`accounts.toml`. branches_per_account: how many branches keep one account.

    designated: opened by right, as the bank that the central bank named (droit au compte); the particular
    terms of such an account say so.
    """

    individual: Holders
    joint: Holders
    branches_per_account: Parameter[int]
    balance: Balance
    designated: Parameter[bool]
