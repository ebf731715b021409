"""Usage rules: what a scheme demands and the schema cannot say. Each rule is one function that answers a
fault or None.

`SEPA` rules are those of the EPC guidelines of 2025 for customer and interbank credit transfers; `local_xpf`
those of transfers in Pacific francs within a territory. Which rules hold is data (UsageRules): no rule asks
for a bank. The sets of countries come from the agreement.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from teneur.interbank.charset import is_reference, says_something, transliterate
from teneur.interbank.faults import Fault, fault
from teneur.interbank.messages import NOT_PROVIDED, Account, Address, Agent, Party, Remittance
from teneur.interbank.payments import InterbankTransfer, PaymentBatch, TransferInstruction
from teneur.kernel.identifiers import (
    IdentifierError,
    bic_fits_iban,
    iban_problem,
    parse_bic,
    parse_iban,
    rib_key,
)
from teneur.kernel.money import Money

STRUCTURED_SINCE: Final = date(2026, 11, 15)  # EPC: settlement days from here on take no unstructured address


class UsageRules(msgspec.Struct, frozen=True, kw_only=True):
    """What one scheme demands. None or an empty set: no demand.

    iban_countries, bic_countries: where the payee's account and bank may be. smallest_minor, largest_minor:
    of the amount. structured_since: first settlement day without unstructured addresses; address_lines: lines
    beside town and country. rib_allowed: an account may be named by a French RIB too. name_length,
    remittance_length: in characters.
    """

    currency: str
    iban_countries: frozenset[str] = frozenset()
    bic_countries: frozenset[str] = frozenset()
    smallest_minor: int = 1
    largest_minor: int | None = None
    charge_bearers: frozenset[str] = frozenset()
    structured_since: date | None = None
    address_lines: int = 7
    rib_allowed: bool = False
    name_length: int = 140
    remittance_length: int = 140
    one_remittance: bool = False
    bank_by_bic_only: bool = False


def sepa(
    bic_countries: frozenset[str],
    iban_countries: frozenset[str],
    structured_since: date | None = STRUCTURED_SINCE,
) -> UsageRules:
    """SEPA transfers, instant or not; with the countries of SEPA COM Pacifique, its transfers too."""
    return UsageRules(
        currency="EUR",
        iban_countries=iban_countries,
        bic_countries=bic_countries,
        largest_minor=99_999_999_999,
        charge_bearers=frozenset({"SLEV"}),
        structured_since=structured_since,
        address_lines=2,
        name_length=70,
        one_remittance=True,
        bank_by_bic_only=True,
    )


def local_xpf(bic_countries: frozenset[str], largest_minor: int | None = None) -> UsageRules:
    """Transfers in Pacific francs between accounts of one territory: IBAN or RIB, shared charges."""
    return UsageRules(
        currency="XPF",
        iban_countries=frozenset({"FR"}),
        bic_countries=bic_countries,
        largest_minor=largest_minor,
        charge_bearers=frozenset({"SHAR", "SLEV"}),
        rib_allowed=True,
        name_length=70,
        one_remittance=True,
    )


# ---------------------------------------------------------------- one rule, one function


def currency_allowed(amount: Money, rules: UsageRules) -> Fault | None:
    """The scheme has one currency."""
    if amount.currency.code == rules.currency:
        return None
    return fault("usage-currency", rules.currency, path="InstdAmt", value=str(amount))


def amount_within_bounds(amount: Money, rules: UsageRules) -> Fault | None:
    """SEPA: 0.01 to 999,999,999.99."""
    too_large = rules.largest_minor is not None and amount.amount_minor > rules.largest_minor
    if too_large or amount.amount_minor < rules.smallest_minor:
        return fault("usage-amount", path="InstdAmt", value=str(amount))
    return None


def address_acceptable(
    address: Address | None, role: str, settlement_on: date, rules: UsageRules
) -> Fault | None:
    """From the day on: town and country structured, at most two lines beside them; before: lines alone may
    stand.
    """
    if address is None:
        return None
    since = rules.structured_since
    if since is not None and settlement_on >= since and not (address.town and address.country):
        code = "usage-address-unstructured" if address.lines else "usage-address-incomplete"
        return fault(code, since, path=f"{role}/PstlAdr", value=" ".join(address.lines))
    if len(address.lines) > rules.address_lines:
        return fault("usage-address-lines", rules.address_lines, path=f"{role}/PstlAdr/AdrLine")
    return None


def account_valid(account: Account, role: str, rules: UsageRules) -> Fault | None:
    """A valid IBAN (the RIB key of a French one included), or, where the scheme knows it, a valid RIB."""
    path = f"{role}Acct/Id"
    if account.iban:
        problem = iban_problem(account.iban)
        if problem is None:
            return None
        return fault("usage-iban", problem.value, path=f"{path}/IBAN", value=account.iban)
    number = account.other.id if account.other else ""
    if rules.rib_allowed:
        return None if is_rib(number) else fault("usage-rib", path=f"{path}/Othr/Id", value=number)
    return fault("usage-iban-only", path=f"{path}/Othr/Id", value=number)


def is_rib(text: str) -> bool:
    """Whether the text is a RIB of 23 characters (5 bank, 5 branch, 11 account, 2 key) whose key is right."""
    bank, branch, account, key = text[:5], text[5:10], text[10:21], text[21:]
    shaped = len(text) == 23 and text.isascii() and (bank + branch + key).isdigit() and account.isalnum()
    return shaped and account == account.upper() and rib_key(bank, branch, account) == key


def account_in_area(account: Account, rules: UsageRules) -> Fault | None:
    """The payee's account is in a country of the scheme."""
    country = account.iban[:2]
    if not country or not rules.iban_countries or country in rules.iban_countries:
        return None
    return fault("usage-area", country, path="CdtrAcct/Id/IBAN", value=account.iban)


def bank_in_area(agent: Agent | None, rules: UsageRules) -> Fault | None:
    """The payee's bank, where its BIC is given, is in a country of the scheme."""
    country = agent.bic[4:6] if agent else ""
    if not country or not rules.bic_countries or country in rules.bic_countries:
        return None
    return fault("usage-area", country, path="CdtrAgt/FinInstnId/BICFI", value=agent.bic if agent else "")


def bank_named(agent: Agent | None, role: str, rules: UsageRules) -> Fault | None:
    """A bank is absent, named by a BIC that can be one, or is NOTPROVIDED; SEPA knows no other way."""
    if agent is None:
        return None
    path = f"{role}Agt/FinInstnId"
    if agent.bic:
        try:
            parse_bic(agent.bic)
        except IdentifierError:
            return fault("usage-bic", path=f"{path}/BICFI", value=agent.bic)
        return None
    other = agent.other.id if agent.other else ""
    named = other not in ("", NOT_PROVIDED) or agent.name or agent.clearing_member
    if rules.bank_by_bic_only and named:
        return fault("usage-bic-only", path=path, value=other or agent.name)
    return None


def bic_and_iban_agree(account: Account, agent: Agent | None, role: str) -> Fault | None:
    """The countries of BIC and IBAN agree. Overseas banks (GP, RE, NC, PF, WF …) keep accounts of FR."""
    if agent is None or not agent.bic or not account.iban:
        return None
    try:
        fits = bic_fits_iban(parse_bic(agent.bic), parse_iban(account.iban))
    except IdentifierError:
        return None  # another rule says so
    if fits:
        return None
    return fault("usage-bic-iban", agent.bic[4:6], account.iban[:2], path=f"{role}Agt", value=agent.bic)


def charges_allowed(bearer: str, rules: UsageRules) -> Fault | None:
    """SEPA: SLEV (each bank charges its own customer), which also holds where nothing is said."""
    if not bearer or not rules.charge_bearers or bearer in rules.charge_bearers:
        return None
    return fault("usage-charges", ", ".join(sorted(rules.charge_bearers)), path="ChrgBr", value=bearer)


def reference_writable(reference: str, path: str) -> Fault | None:
    """References travel unchanged: characters that every bank knows, no slash at an end, no two together."""
    if not reference or is_reference(reference):
        return None
    return fault("usage-reference", path=path, value=reference)


def name_writable(party: Party | None, role: str, rules: UsageRules) -> Fault | None:
    """A name says something in Latin letters, and fits."""
    if party is None or not party.name:
        return None
    if not says_something(party.name):
        return fault("usage-characters", path=f"{role}/Nm", value=party.name)
    if len(transliterate(party.name)) > rules.name_length:
        return fault("usage-name-length", rules.name_length, path=f"{role}/Nm", value=party.name)
    return None


def remittance_allowed(remittance: Remittance | None, rules: UsageRules) -> Fault | None:
    """SEPA: one text, or one structured occurrence, of at most 140 characters."""
    if remittance is None or not rules.one_remittance:
        return None
    if len(remittance.unstructured) + len(remittance.structured) > 1:
        return fault("usage-remittance-several", path="RmtInf")
    parts: Iterable[str] = remittance.unstructured
    for item in remittance.structured:
        parts = (item.reference, *item.additional, *item.document_numbers)
    if sum(len(transliterate(text)) for text in parts) > rules.remittance_length:
        return fault("usage-remittance-length", rules.remittance_length, path="RmtInf")
    return None


def creditor_reference_valid(remittance: Remittance | None) -> Fault | None:
    """A creditor reference of ISO 11649 (RF…, or said to be ISO's) has right check digits."""
    for item in remittance.structured if remittance else ():
        is_iso = item.reference_issuer == "ISO" or item.reference[:2] == "RF"
        if item.reference and is_iso and not is_iso_11649(item.reference):
            return fault("usage-creditor-reference", path="RmtInf/Strd/CdtrRefInf/Ref", value=item.reference)
    return None


def is_iso_11649(text: str) -> bool:
    """RF, two check digits, at most 21 letters or digits; mod 97 is 1."""
    if not (
        5 <= len(text) <= 25
        and text.isascii()
        and text.isalnum()
        and text[:2] == "RF"
        and text[2:4].isdigit()
    ):
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


# ---------------------------------------------------------------- all of them


def check(
    transfer: TransferInstruction, batch: PaymentBatch, rules: UsageRules, settlement_on: date
) -> tuple[Fault, ...]:
    """Every usage rule that a customer's transfer breaks; none if it may go. settlement_on decides on
    addresses.
    """
    found = (
        *_common(transfer, rules),
        account_valid(batch.debtor_account, "Dbtr", rules),
        *_party(batch.debtor, "Dbtr", settlement_on, rules),
        *_party(transfer.creditor, "Cdtr", settlement_on, rules),
        name_writable(transfer.ultimate_debtor, "UltmtDbtr", rules),
        name_writable(transfer.ultimate_creditor, "UltmtCdtr", rules),
        reference_writable(batch.id, "PmtInfId"),
    )
    return _at(tuple(item for item in found if item is not None), transfer.line)


def check_interbank(transfer: InterbankTransfer, rules: UsageRules, settlement_on: date) -> tuple[Fault, ...]:
    """Every usage rule that a transfer of another bank breaks, or one that we are about to send."""
    found = (
        *_common(transfer, rules),
        *_party(transfer.debtor, "Dbtr", settlement_on, rules),
        *_party(transfer.creditor, "Cdtr", settlement_on, rules),
        reference_writable(transfer.transaction_id, "TxId"),
    )
    return tuple(item for item in found if item is not None)


def _common(transfer: TransferInstruction | InterbankTransfer, rules: UsageRules) -> Iterator[Fault | None]:
    account = transfer.creditor_account or Account()
    yield currency_allowed(transfer.amount, rules)
    yield amount_within_bounds(transfer.amount, rules)
    yield account_valid(account, "Cdtr", rules)
    yield account_in_area(account, rules)
    yield bank_named(transfer.creditor_agent, "Cdtr", rules)
    yield bank_in_area(transfer.creditor_agent, rules)
    yield bic_and_iban_agree(account, transfer.creditor_agent, "Cdtr")
    yield charges_allowed(transfer.charge_bearer, rules)
    yield reference_writable(transfer.end_to_end_id, "PmtId/EndToEndId")
    yield reference_writable(transfer.instruction_id, "PmtId/InstrId")
    yield remittance_allowed(transfer.remittance, rules)
    yield creditor_reference_valid(transfer.remittance)


def _party(party: Party, role: str, settlement_on: date, rules: UsageRules) -> Iterator[Fault | None]:
    yield name_writable(party, role, rules)
    yield address_acceptable(party.address, role, settlement_on, rules)


def _at(faults: tuple[Fault, ...], line: int) -> tuple[Fault, ...]:
    return tuple(msgspec.structs.replace(item, line=line) for item in faults)
