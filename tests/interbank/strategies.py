"""Random messages for round trips: every field may be there or not, within what the standard allows."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from teneur.interbank.answers import (
    BatchStatus,
    Case,
    CustomerStatusReport,
    GroupStatus,
    InterbankStatusReport,
    OriginalGroup,
    OriginalIds,
    OriginalTransaction,
    PaymentReturn,
    PaymentReturns,
    Recall,
    RecallAnswer,
    RecallAnswers,
    Recalls,
    TransactionStatus,
)
from teneur.interbank.messages import (
    Account,
    Address,
    Agent,
    Birth,
    Coded,
    OtherId,
    Party,
    PaymentType,
    Reason,
    Remittance,
    StructuredRemittance,
)
from teneur.interbank.payments import Charge, InterbankTransfer, InterbankTransfers, Settlement
from teneur.kernel.money import EUR, XPF, Money

_LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff\u2028"
)


def text(most: int) -> st.SearchStrategy[str]:
    """A text that is not blank."""
    return st.text(_LETTERS, min_size=1, max_size=most).filter(lambda value: not value.isspace())


def maybe_text(most: int) -> st.SearchStrategy[str]:
    """A text, or nothing."""
    return st.just("") | text(most)


def several(
    item: st.SearchStrategy[object], most: int = 2, least: int = 0
) -> st.SearchStrategy[tuple[object, ...]]:
    """A tuple of some."""
    return st.lists(item, min_size=least, max_size=most).map(tuple)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001
    datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=11)), timezone(timedelta(hours=-9, minutes=-30))]
    ),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
euros = st.integers(1, 10**13).map(lambda minor: Money(minor, EUR))
francs = st.integers(1, 10**13).map(lambda minor: Money(minor, XPF))
uetrs = st.just("") | st.uuids(version=4).map(str)
bics = st.sampled_from(["BREDFRPPXXX", "BCADNCNN", "PSSTFRPPMON", "COBADEFFXXX"])
ibans = st.sampled_from(["FR7630006000011234567890189", "DE89370400440532013000"])
leis = st.sampled_from(["", "969500T3MBS4SQAMHJ45"])
coded = st.builds(Coded, code=text(4)) | st.builds(Coded, proprietary=text(35))
rates = st.integers(1, 10**9).map(lambda value: Decimal(value) / 10**5)
other_ids = st.builds(OtherId, id=text(34), scheme=st.none() | coded, issuer=maybe_text(35))
addresses = st.builds(
    Address,
    kind=st.none() | st.sampled_from([Coded(code="HOME"), Coded(code="BIZZ")]),
    street=maybe_text(70),
    building_number=maybe_text(16),
    floor=maybe_text(70),
    post_code=maybe_text(16),
    town=text(35),
    country=st.sampled_from(["FR", "NC", "DE"]),
    lines=several(text(70)),
)
organisations = st.builds(
    Party,
    name=text(140),
    address=st.none() | addresses,
    bic=st.just("") | bics,
    lei=leis,
    organisation_ids=several(other_ids),
    country_of_residence=st.sampled_from(["", "FR"]),
)
persons = st.builds(
    Party,
    name=text(140),
    birth=st.none()
    | st.builds(Birth, on=days, city=text(35), country=st.just("NC"), province=maybe_text(35)),
    person_ids=several(other_ids),
)
parties = organisations | persons
agents = st.builds(Agent, bic=bics, branch=maybe_text(35), name=maybe_text(140)) | st.just(
    Agent(other=OtherId(id="NOTPROVIDED"))
)
accounts = st.builds(
    Account, iban=ibans, currency=st.sampled_from([None, EUR, XPF]), name=maybe_text(70)
) | st.builds(Account, other=other_ids)
structured = st.builds(
    StructuredRemittance,
    reference=text(35),
    reference_kind=st.just(Coded(code="SCOR")) | st.builds(Coded, proprietary=text(35)),
    reference_issuer=maybe_text(35),
    document_numbers=several(text(35)),
    additional=several(text(140), 3),
)
remittances = st.builds(Remittance, unstructured=several(text(140), least=1)) | st.builds(
    Remittance, structured=several(structured, least=1)
)
payment_types = st.builds(
    PaymentType,
    priority=st.sampled_from(["", "HIGH", "NORM"]),
    service_levels=several(coded, least=1),
    local_instrument=st.none() | st.just(Coded(code="INST")),
    category_purpose=st.none() | coded,
)
reasons = st.builds(Reason, reason=coded, originator=st.none() | organisations, additional=several(text(105)))
settlements = st.builds(
    Settlement,
    method=st.sampled_from(["CLRG", "INDA"]),
    clearing_system=st.none() | st.just(Coded(code="ST2")),
)
groups = st.builds(
    OriginalGroup, message_id=text(35), name=st.just("pacs.008.001.08"), created_at=st.none() | moments
)
charges = several(st.builds(Charge, amount=euros, agent=agents))
maybe_agents = st.none() | agents


def ids(*, clearing: bool = True, transaction: bool = True) -> st.SearchStrategy[OriginalIds]:
    """References of the original."""
    return st.builds(
        OriginalIds,
        instruction_id=maybe_text(35),
        end_to_end_id=text(35),
        transaction_id=maybe_text(35) if transaction else st.just(""),
        uetr=uetrs,
        clearing_system_reference=maybe_text(35) if clearing else st.just(""),
    )


originals = st.builds(
    OriginalTransaction,
    amount=euros,
    instructed=st.none() | francs,
    settled_on=st.none() | days,
    execution_on=st.none() | days,
    settlement=st.none() | settlements,
    payment_type=st.none() | payment_types,
    method=st.sampled_from(["", "TRF"]),
    remittance=st.none() | remittances,
    ultimate_debtor=st.none() | parties,
    debtor=st.none() | parties,
    debtor_account=st.none() | accounts,
    debtor_agent=maybe_agents,
    creditor_agent=maybe_agents,
    creditor=st.none() | parties,
    creditor_account=st.none() | accounts,
    ultimate_creditor=st.none() | parties,
    purpose=st.none() | coded,
)
transfers = st.builds(
    InterbankTransfer,
    instruction_id=maybe_text(35),
    end_to_end_id=text(35),
    transaction_id=maybe_text(35),
    uetr=uetrs,
    clearing_system_reference=maybe_text(35),
    payment_type=st.none() | payment_types,
    amount=euros,
    settlement_on=days,
    settlement_priority=st.sampled_from(["", "NORM"]),
    accepted_at=st.none() | moments,
    instructed=st.none() | francs,
    exchange_rate=st.none() | rates,
    charge_bearer=st.sampled_from(["SLEV", "SHAR", "DEBT", "CRED"]),
    charges=charges,
    instructing_agent=maybe_agents,
    instructed_agent=maybe_agents,
    intermediary_agents=several(agents, 3),
    ultimate_debtor=st.none() | parties,
    initiating_party=st.none() | parties,
    debtor=parties,
    debtor_account=st.none() | accounts,
    debtor_agent=agents,
    creditor_agent=agents,
    creditor=parties,
    creditor_account=accounts,
    ultimate_creditor=st.none() | parties,
    instructions_for_creditor_agent=several(st.just("PHOB call first") | st.just("HOLD")),
    purpose=st.none() | coded,
    remittance=st.none() | remittances,
)
interbank_transfers = st.builds(
    InterbankTransfers,
    message_id=text(35),
    created_at=moments,
    settlement=settlements,
    settlement_on=st.none(),
    transfers=several(transfers, least=1),
)
customer_statuses = st.builds(
    TransactionStatus,
    status=st.sampled_from(["ACSC", "RJCT", "PDNG"]),
    ids=ids(clearing=False, transaction=False),
    status_id=maybe_text(35),
    reasons=several(reasons),
    accepted_at=st.none() | moments,
    servicer_reference=maybe_text(35),
    original=st.none() | originals,
)
interbank_statuses = st.builds(
    TransactionStatus,
    status=st.sampled_from(["ACCC", "RJCT"]),
    ids=ids(clearing=False),
    status_id=maybe_text(35),
    group=st.none() | groups,
    reasons=several(reasons),
    accepted_at=st.none() | moments,
    settled_on=st.none() | days,
    servicer_reference=maybe_text(35),
    instructing_agent=maybe_agents,
    instructed_agent=maybe_agents,
    original=st.none() | originals,
)
group_statuses = st.builds(
    GroupStatus,
    group=groups,
    transactions=st.none() | st.integers(0, 10**6),
    control_sum=st.none() | st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100),
    status=st.sampled_from(["", "ACCP", "PART", "RJCT"]),
    reasons=several(reasons),
)
customer_reports = st.builds(
    CustomerStatusReport,
    message_id=text(35),
    created_at=moments,
    group=group_statuses,
    initiating_party=st.none() | organisations,
    debtor_agent=maybe_agents,
    batches=several(
        st.builds(
            BatchStatus,
            id=text(35),
            transactions=st.none() | st.integers(0, 10**6),
            status=st.sampled_from(["", "PART"]),
            reasons=several(reasons),
            statuses=several(customer_statuses),
        )
    ),
)
interbank_reports = st.builds(
    InterbankStatusReport,
    message_id=text(35),
    created_at=moments,
    statuses=several(interbank_statuses, least=1),
    groups=several(group_statuses),
    instructing_agent=maybe_agents,
    instructed_agent=maybe_agents,
)
returns = st.builds(
    PaymentReturns,
    message_id=text(35),
    created_at=moments,
    settlement=settlements,
    returns=several(
        st.builds(
            PaymentReturn,
            returned=euros,
            reasons=several(reasons, least=1),
            ids=ids(),
            return_id=maybe_text(35),
            group=st.none() | groups,
            original_amount=st.none() | euros,
            original_settled_on=st.none() | days,
            settlement_on=days,
            returned_instructed=st.none() | francs,
            exchange_rate=st.none() | rates,
            compensation=st.none() | euros,
            charge_bearer=st.sampled_from(["", "SLEV"]),
            charges=charges,
            clearing_system_reference=maybe_text(35),
            instructing_agent=maybe_agents,
            instructed_agent=maybe_agents,
            original=st.none() | originals,
        ),
        least=1,
    ),
)
cases = st.builds(Case, id=text(35), creator=organisations, by_agent=st.just(False)) | st.builds(
    Case, id=text(35), creator=st.builds(Party, name=text(140), bic=bics)
)
recalls = st.builds(
    Recalls,
    id=text(35),
    assigner=agents,
    assignee=agents,
    created_at=moments,
    case=st.none() | cases,
    recalls=several(
        st.builds(
            Recall,
            reasons=several(reasons, least=1),
            ids=ids(),
            recall_id=maybe_text(35),
            case=st.none() | cases,
            group=st.none() | groups,
            original_amount=st.none() | euros,
            original_settled_on=st.none() | days,
            original=st.none() | originals,
        ),
        least=1,
    ),
)
recall_answers = st.builds(
    RecallAnswers,
    id=text(35),
    assigner=agents,
    assignee=agents,
    created_at=moments,
    confirmation=st.sampled_from(["CNCL", "RJCR", "PDCR"]),
    case=st.none() | cases,
    answers=several(
        st.builds(
            RecallAnswer,
            status=st.sampled_from(["RJCR", "ACCR", "PDCR"]),
            reasons=several(reasons),
            ids=ids(),
            status_id=maybe_text(35),
            case=st.none() | cases,
            group=st.none() | groups,
            original_amount=st.none() | euros,
            original_settled_on=st.none() | days,
            original=st.none() | originals,
        )
    ),
)
