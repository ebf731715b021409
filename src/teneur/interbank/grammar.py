"""The parts of ISO 20022 messages that this bank reads or writes, in order, as one compact notation.

A line says `Type = Element:Type Element:Type? …`; `?` at most once, `*` any number, `*3` at most three, `+`
at least one; `|` before an element: exactly one of them. `T35` is a text of 1 to 35 characters. `skip` is an
element that the standard knows and that we neither read nor write (supplementary data, tax, regulatory
reporting …). `!` before the occurrence marks a transaction: what is wrong inside it is its own fault and not
the file's.

Source: the message definitions of the ISO 20022 catalogue, business areas pain, pacs and camt, in the
versions of the EPC rulebooks of 2025 (the "2019 version"), and pain.001.001.03 (2009), whose parts differ
where `OF_2009` says so.
"""

import re
from functools import lru_cache
from typing import NamedTuple

COMMON = """
Coded = |Cd:T4 |Prtry:T35
Coded5 = |Cd:T5 |Prtry:T35
Coded35 = |Cd:T35 |Prtry:T35
ClearingSystem = |Cd:T3 |Prtry:T35
Generic30 = Id:Exact4 Issr:T35 SchmeNm:T35?
AddressType = |Cd:AddressTypeCode |Prtry:Generic30
Address = AdrTp:AddressType? Dept:T70? SubDept:T70? StrtNm:T70? BldgNb:T16? BldgNm:T35? Flr:T70? PstBx:T16?
  Room:T70? PstCd:T16? TwnNm:T35? TwnLctnNm:T35? DstrctNm:T35? CtrySubDvsn:T35? Ctry:Country? AdrLine:T70*7
OtherId = Id:T35 SchmeNm:Coded? Issr:T35?
OrganisationId = AnyBIC:Bic? LEI:Lei? Othr:OtherId*
Birth = BirthDt:Date PrvcOfBirth:T35? CityOfBirth:T35 CtryOfBirth:Country
PersonId = DtAndPlcOfBirth:Birth? Othr:OtherId*
PartyId = |OrgId:OrganisationId |PrvtId:PersonId
Party = Nm:T140? PstlAdr:Address? Id:PartyId? CtryOfRes:Country? CtctDtls:skip?
ClearingMember = ClrSysId:Coded5? MmbId:T35
Institution = BICFI:Bic? ClrSysMmbId:ClearingMember? LEI:Lei? Nm:T140? PstlAdr:Address? Othr:OtherId?
Branch = Id:T35? LEI:Lei? Nm:T140? PstlAdr:Address?
Agent = FinInstnId:Institution BrnchId:Branch?
PartyOrAgent = |Pty:Party |Agt:Agent
OtherAccountId = Id:T34 SchmeNm:Coded? Issr:T35?
AccountId = |IBAN:Iban |Othr:OtherAccountId
Account = Id:AccountId Tp:Coded? Ccy:CurrencyCode? Nm:T70? Prxy:skip?
OwnedAccount = Id:AccountId Tp:Coded? Ccy:CurrencyCode? Nm:T70? Prxy:skip? Ownr:Party? Svcr:Agent?
PaymentType = InstrPrty:Priority? ClrChanl:ClearingChannel? SvcLvl:Coded* LclInstrm:Coded35? SeqTp:T4?
  CtgyPurp:Coded?
ReferenceCode = |Cd:ReferenceTypeCode |Prtry:T35
ReferenceType = CdOrPrtry:ReferenceCode Issr:T35?
CreditorReference = Tp:ReferenceType? Ref:T35?
ReferredDocument = Tp:skip? Nb:T35? RltdDt:Date? LineDtls:skip*
StructuredRemittance = RfrdDocInf:ReferredDocument* RfrdDocAmt:skip? CdtrRefInf:CreditorReference? Invcr:skip?
  Invcee:skip? TaxRmt:skip? GrnshmtRmt:skip? AddtlRmtInf:T140*3
Remittance = Ustrd:T140* Strd:StructuredRemittance*
DateOrTime = |Dt:Date |DtTm:DateTime
EquivalentAmount = Amt:Amount CcyOfTrf:CurrencyCode
AmountType = |InstdAmt:Amount |EqvtAmt:EquivalentAmount
Charge = Amt:Amount Agt:Agent
Settlement = SttlmMtd:SettlementMethod SttlmAcct:Account? ClrSys:ClearingSystem? InstgRmbrsmntAgt:Agent?
  InstgRmbrsmntAgtAcct:Account? InstdRmbrsmntAgt:Agent? InstdRmbrsmntAgtAcct:Account? ThrdRmbrsmntAgt:Agent?
  ThrdRmbrsmntAgtAcct:Account?
InstructionForCreditorAgent = Cd:InstructionCode? InstrInf:T140?
ReasonInformation = Orgtr:Party? Rsn:Coded? AddtlInf:T105*
OriginalGroup = OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm:DateTime?
NumberPerStatus = DtldNbOfTxs:Digits15 DtldSts:T4 DtldCtrlSum:Decimal?
OriginalGroupStatus = OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm:DateTime? OrgnlNbOfTxs:Digits15?
  OrgnlCtrlSum:Decimal? GrpSts:T4? StsRsnInf:ReasonInformation* NbOfTxsPerSts:NumberPerStatus*
OriginalTransaction = IntrBkSttlmAmt:Amount? Amt:AmountType? IntrBkSttlmDt:Date? ReqdColltnDt:Date?
  ReqdExctnDt:DateOrTime? CdtrSchmeId:skip? SttlmInf:Settlement? PmtTpInf:PaymentType? PmtMtd:OriginalMethod?
  MndtRltdInf:skip? RmtInf:Remittance? UltmtDbtr:PartyOrAgent? Dbtr:PartyOrAgent? DbtrAcct:Account?
  DbtrAgt:Agent? DbtrAgtAcct:Account? CdtrAgt:Agent? CdtrAgtAcct:Account? Cdtr:PartyOrAgent? CdtrAcct:Account?
  UltmtCdtr:PartyOrAgent? Purp:Coded?
"""

PAIN_001 = """
PaymentId = InstrId:T35? EndToEndId:T35 UETR:Uetr?
GroupHeader = MsgId:T35 CreDtTm:DateTime Authstn:skip*2 NbOfTxs:Digits15 CtrlSum:Decimal? InitgPty:Party
  FwdgAgt:skip?
CustomerPaymentType = InstrPrty:Priority? SvcLvl:Coded* LclInstrm:Coded35? CtgyPurp:Coded?
PaymentInformation = PmtInfId:T35 PmtMtd:PaymentMethod BtchBookg:Boolean? NbOfTxs:Digits15? CtrlSum:Decimal?
  PmtTpInf:CustomerPaymentType? ReqdExctnDt:DateOrTime PoolgAdjstmntDt:skip? Dbtr:Party DbtrAcct:Account
  DbtrAgt:Agent DbtrAgtAcct:skip? InstrForDbtrAgt:T140? UltmtDbtr:Party? ChrgBr:ChargeBearer?
  ChrgsAcct:Account? ChrgsAcctAgt:skip? CdtTrfTxInf:skip*
Transfer = PmtId:PaymentId PmtTpInf:CustomerPaymentType? Amt:AmountType XchgRateInf:skip? ChrgBr:ChargeBearer?
  ChqInstr:skip? UltmtDbtr:Party? IntrmyAgt1:Agent? IntrmyAgt1Acct:skip? IntrmyAgt2:Agent?
  IntrmyAgt2Acct:skip? IntrmyAgt3:Agent? IntrmyAgt3Acct:skip? CdtrAgt:Agent? CdtrAgtAcct:skip? Cdtr:Party?
  CdtrAcct:Account? UltmtCdtr:Party? InstrForCdtrAgt:InstructionForCreditorAgent* InstrForDbtrAgt:T140?
  Purp:Coded? RgltryRptg:skip*10 Tax:skip? RltdRmtInf:skip*10 RmtInf:Remittance? SplmtryData:skip*
"""

OF_2009 = """
Address = AdrTp:AddressTypeCode? Dept:T70? SubDept:T70? StrtNm:T70? BldgNb:T16? PstCd:T16? TwnNm:T35?
  CtrySubDvsn:T35? Ctry:Country? AdrLine:T70*7
OrganisationId = BICOrBEI:Bic? Othr:OtherId*
Institution = BIC:Bic? ClrSysMmbId:ClearingMember? Nm:T140? PstlAdr:Address? Othr:OtherId?
Branch = Id:T35? Nm:T140? PstlAdr:Address?
Account = Id:AccountId Tp:Coded? Ccy:CurrencyCode? Nm:T70?
PaymentId = InstrId:T35? EndToEndId:T35
CustomerPaymentType = InstrPrty:Priority? SvcLvl:Coded? LclInstrm:Coded35? CtgyPurp:Coded?
ReferredDocument = Tp:skip? Nb:T35? RltdDt:Date?
StructuredRemittance = RfrdDocInf:ReferredDocument* RfrdDocAmt:skip? CdtrRefInf:CreditorReference? Invcr:skip?
  Invcee:skip? AddtlRmtInf:T140*3
PaymentInformation = PmtInfId:T35 PmtMtd:PaymentMethod BtchBookg:Boolean? NbOfTxs:Digits15? CtrlSum:Decimal?
  PmtTpInf:CustomerPaymentType? ReqdExctnDt:Date PoolgAdjstmntDt:skip? Dbtr:Party DbtrAcct:Account
  DbtrAgt:Agent DbtrAgtAcct:skip? UltmtDbtr:Party? ChrgBr:ChargeBearer? ChrgsAcct:Account? ChrgsAcctAgt:skip?
  CdtTrfTxInf:skip*
Transfer = PmtId:PaymentId PmtTpInf:CustomerPaymentType? Amt:AmountType XchgRateInf:skip? ChrgBr:ChargeBearer?
  ChqInstr:skip? UltmtDbtr:Party? IntrmyAgt1:Agent? IntrmyAgt1Acct:skip? IntrmyAgt2:Agent?
  IntrmyAgt2Acct:skip? IntrmyAgt3:Agent? IntrmyAgt3Acct:skip? CdtrAgt:Agent? CdtrAgtAcct:skip? Cdtr:Party?
  CdtrAcct:Account? UltmtCdtr:Party? InstrForCdtrAgt:InstructionForCreditorAgent* InstrForDbtrAgt:T140?
  Purp:Coded? RgltryRptg:skip*10 Tax:skip? RltdRmtInf:skip*10 RmtInf:Remittance?
"""

PAIN_002 = """
GroupHeader = MsgId:T35 CreDtTm:DateTime InitgPty:Party? FwdgAgt:skip? DbtrAgt:Agent? CdtrAgt:Agent?
TransactionStatus = StsId:T35? OrgnlInstrId:T35? OrgnlEndToEndId:T35? OrgnlUETR:Uetr? TxSts:T4?
  StsRsnInf:ReasonInformation* ChrgsInf:Charge* TrckrData:skip? AccptncDtTm:DateTime? AcctSvcrRef:T35?
  ClrSysRef:T35? OrgnlTxRef:OriginalTransaction? SplmtryData:skip*
BatchStatus = OrgnlPmtInfId:T35 OrgnlNbOfTxs:Digits15? OrgnlCtrlSum:Decimal? PmtInfSts:T4?
  StsRsnInf:ReasonInformation* NbOfTxsPerSts:NumberPerStatus* TxInfAndSts:TransactionStatus!*
Message = GrpHdr:GroupHeader OrgnlGrpInfAndSts:OriginalGroupStatus OrgnlPmtInfAndSts:BatchStatus*
  SplmtryData:skip*
"""

PACS_008 = """
PaymentType = InstrPrty:Priority? ClrChanl:ClearingChannel? SvcLvl:Coded* LclInstrm:Coded35? CtgyPurp:Coded?
GroupHeader = MsgId:T35 CreDtTm:DateTime BtchBookg:Boolean? NbOfTxs:Digits15 CtrlSum:Decimal?
  TtlIntrBkSttlmAmt:Amount? IntrBkSttlmDt:Date? SttlmInf:Settlement PmtTpInf:PaymentType? InstgAgt:Agent?
  InstdAgt:Agent?
PaymentId = InstrId:T35? EndToEndId:T35 TxId:T35? UETR:Uetr? ClrSysRef:T35?
Transfer = PmtId:PaymentId PmtTpInf:PaymentType? IntrBkSttlmAmt:Amount IntrBkSttlmDt:Date?
  SttlmPrty:SettlementPriority? SttlmTmIndctn:skip? SttlmTmReq:skip? AccptncDtTm:DateTime?
  PoolgAdjstmntDt:skip? InstdAmt:Amount? XchgRate:Rate? ChrgBr:ChargeBearer ChrgsInf:Charge*
  PrvsInstgAgt1:Agent? PrvsInstgAgt1Acct:skip? PrvsInstgAgt2:Agent? PrvsInstgAgt2Acct:skip?
  PrvsInstgAgt3:Agent? PrvsInstgAgt3Acct:skip? InstgAgt:Agent? InstdAgt:Agent? IntrmyAgt1:Agent?
  IntrmyAgt1Acct:skip? IntrmyAgt2:Agent? IntrmyAgt2Acct:skip? IntrmyAgt3:Agent? IntrmyAgt3Acct:skip?
  UltmtDbtr:Party? InitgPty:Party? Dbtr:Party DbtrAcct:Account? DbtrAgt:Agent DbtrAgtAcct:skip? CdtrAgt:Agent
  CdtrAgtAcct:skip? Cdtr:Party CdtrAcct:Account? UltmtCdtr:Party? InstrForCdtrAgt:InstructionForCreditorAgent*
  InstrForNxtAgt:skip* Purp:Coded? RgltryRptg:skip*10 Tax:skip? RltdRmtInf:skip*10 RmtInf:Remittance?
  SplmtryData:skip*
Message = GrpHdr:GroupHeader CdtTrfTxInf:Transfer!+ SplmtryData:skip*
"""

PACS_002 = """
GroupHeader = MsgId:T35 CreDtTm:DateTime InstgAgt:Agent? InstdAgt:Agent?
TransactionStatus = StsId:T35? OrgnlGrpInf:OriginalGroup? OrgnlInstrId:T35? OrgnlEndToEndId:T35?
  OrgnlTxId:T35? OrgnlUETR:Uetr? TxSts:T4? StsRsnInf:ReasonInformation* ChrgsInf:Charge* AccptncDtTm:DateTime?
  FctvIntrBkSttlmDt:DateOrTime? AcctSvcrRef:T35? ClrSysRef:T35? InstgAgt:Agent? InstdAgt:Agent?
  OrgnlTxRef:OriginalTransaction? SplmtryData:skip*
Message = GrpHdr:GroupHeader OrgnlGrpInfAndSts:OriginalGroupStatus* TxInfAndSts:TransactionStatus!*
  SplmtryData:skip*
"""

PACS_004 = """
GroupHeader = MsgId:T35 CreDtTm:DateTime Authstn:skip*2 BtchBookg:Boolean? NbOfTxs:Digits15 CtrlSum:Decimal?
  GrpRtr:Boolean? TtlRtrdIntrBkSttlmAmt:Amount? IntrBkSttlmDt:Date? SttlmInf:Settlement InstgAgt:Agent?
  InstdAgt:Agent?
OriginalGroupReturn = OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm:DateTime? RtrRsnInf:ReasonInformation*
Return = RtrId:T35? OrgnlGrpInf:OriginalGroup? OrgnlInstrId:T35? OrgnlEndToEndId:T35? OrgnlTxId:T35?
  OrgnlUETR:Uetr? OrgnlClrSysRef:T35? OrgnlIntrBkSttlmAmt:Amount? OrgnlIntrBkSttlmDt:Date?
  RtrdIntrBkSttlmAmt:Amount IntrBkSttlmDt:Date? SttlmPrty:SettlementPriority? SttlmTmIndctn:skip?
  RtrdInstdAmt:Amount? XchgRate:Rate? CompstnAmt:Amount? ChrgBr:ChargeBearer? ChrgsInf:Charge* ClrSysRef:T35?
  InstgAgt:Agent? InstdAgt:Agent? RtrChain:skip? RtrRsnInf:ReasonInformation* OrgnlTxRef:OriginalTransaction?
  SplmtryData:skip*
Message = GrpHdr:GroupHeader OrgnlGrpInf:OriginalGroupReturn? TxInf:Return!* SplmtryData:skip*
"""

RECALLS = """
Case = Id:T35 Cretr:PartyOrAgent ReopCaseIndctn:Boolean?
Assignment = Id:T35 Assgnr:PartyOrAgent Assgne:PartyOrAgent CreDtTm:DateTime
"""

CAMT_056 = """
Control = NbOfTxs:Digits15 CtrlSum:Decimal?
Recall = CxlId:T35? Case:Case? OrgnlGrpInf:OriginalGroup? OrgnlInstrId:T35? OrgnlEndToEndId:T35?
  OrgnlTxId:T35? OrgnlUETR:Uetr? OrgnlClrSysRef:T35? OrgnlIntrBkSttlmAmt:Amount? OrgnlIntrBkSttlmDt:Date?
  Assgnr:Agent? Assgne:Agent? CxlRsnInf:ReasonInformation* OrgnlTxRef:OriginalTransaction? SplmtryData:skip*
Underlying = OrgnlGrpInfAndCxl:skip? TxInf:Recall!*
Message = Assgnmt:Assignment Case:Case? CtrlData:Control? Undrlyg:Underlying+ SplmtryData:skip*
"""

CAMT_029 = """
Status = |Conf:T4 |RjctdMod:skip |DplctOf:skip |AssgnmtCxlConf:skip
Answer = CxlStsId:T35? RslvdCase:Case? OrgnlGrpInf:OriginalGroup? OrgnlInstrId:T35? OrgnlEndToEndId:T35?
  OrgnlTxId:T35? OrgnlClrSysRef:T35? OrgnlUETR:Uetr? TxCxlSts:CancellationStatus?
  CxlStsRsnInf:ReasonInformation* RsltnRltdInf:skip? OrgnlIntrBkSttlmAmt:Amount? OrgnlIntrBkSttlmDt:Date?
  Assgnr:PartyOrAgent? Assgne:PartyOrAgent? OrgnlTxRef:OriginalTransaction?
Details = OrgnlGrpInfAndSts:skip? OrgnlPmtInfAndSts:skip* TxInfAndSts:Answer!*
Message = Assgnmt:Assignment RslvdCase:Case? Sts:Status CxlDtls:Details* ModDtls:skip? ClmNonRctDtls:skip?
  StmtDtls:skip? CrrctnTx:skip? RsltnRltdInf:skip? SplmtryData:skip*
"""

REPORTS = """
Pagination = PgNb:Digits5 LastPgInd:Boolean
GroupHeader = MsgId:T35 CreDtTm:DateTime MsgRcpt:Party? MsgPgntn:Pagination? OrgnlBizQry:skip? AddtlInf:T500?
Period = FrDtTm:DateTime ToDtTm:DateTime
BalanceType = CdOrPrtry:Coded SubTp:Coded?
Balance = Tp:BalanceType CdtLine:skip* Amt:Amount CdtDbtInd:Side Dt:DateOrTime Avlbty:skip*
Total = NbOfNtries:Digits15? Sum:Decimal?
Net = Amt:Decimal CdtDbtInd:Side
NetTotal = NbOfNtries:Digits15? Sum:Decimal? TtlNetNtry:Net?
Summary = TtlNtries:NetTotal? TtlCdtNtries:Total? TtlDbtNtries:Total? TtlNtriesPerBkTxCd:skip*
Family = Cd:T4 SubFmlyCd:T4
Domain = Cd:T4 Fmly:Family
ProprietaryCode = Cd:T35 Issr:T35?
TransactionCode = Domn:Domain? Prtry:ProprietaryCode?
References = MsgId:T35? AcctSvcrRef:T35? PmtInfId:T35? InstrId:T35? EndToEndId:T35? UETR:Uetr? TxId:T35?
  MndtId:T35? ChqNb:T35? ClrSysRef:T35?
Exchange = SrcCcy:CurrencyCode TrgtCcy:CurrencyCode? UnitCcy:CurrencyCode? XchgRate:Rate
AmountDetail = Amt:Amount CcyXchg:Exchange?
AmountDetails = InstdAmt:AmountDetail? TxAmt:AmountDetail?
RelatedParties = InitgPty:skip? Dbtr:PartyOrAgent? DbtrAcct:Account? UltmtDbtr:PartyOrAgent?
  Cdtr:PartyOrAgent? CdtrAcct:Account? UltmtCdtr:PartyOrAgent?
RelatedAgents = InstgAgt:skip? InstdAgt:skip? DbtrAgt:Agent? CdtrAgt:Agent?
RelatedDates = AccptncDtTm:DateTime? TradActvtyCtrctlSttlmDt:skip? TradDt:skip? IntrBkSttlmDt:Date?
ReturnInformation = OrgnlBkTxCd:skip? Orgtr:Party? Rsn:Coded? AddtlInf:T105*
Detail = Refs:References? Amt:Amount? CdtDbtInd:Side? AmtDtls:AmountDetails? Avlbty:skip*
  BkTxCd:TransactionCode? Chrgs:skip? Intrst:skip? RltdPties:RelatedParties? RltdAgts:RelatedAgents?
  LclInstrm:skip? Purp:Coded? RltdRmtInf:skip*10 RmtInf:Remittance? RltdDts:RelatedDates? RltdPric:skip?
  RltdQties:skip* FinInstrmId:skip? Tax:skip? RtrInf:ReturnInformation? CorpActn:skip? SfkpgAcct:skip?
  CshDpst:skip* CardTx:skip? AddtlTxInf:T500? SplmtryData:skip*
Batch = MsgId:T35? PmtInfId:T35? NbOfTxs:Digits15? TtlAmt:Amount? CdtDbtInd:Side?
EntryDetails = Btch:Batch? TxDtls:Detail*
Entry = NtryRef:T35? Amt:Amount CdtDbtInd:Side RvslInd:Boolean? Sts:Coded BookgDt:DateOrTime?
  ValDt:DateOrTime? AcctSvcrRef:T35? Avlbty:skip* BkTxCd:TransactionCode ComssnWvrInd:skip? AddtlInfInd:skip?
  AmtDtls:skip? Chrgs:skip? TechInptChanl:skip? Intrst:skip? CardTx:skip? NtryDtls:EntryDetails*
  AddtlNtryInf:T500?
"""

CAMT_053 = """
Report = Id:T35 StmtPgntn:Pagination? ElctrncSeqNb:Digits18? RptgSeq:skip? LglSeqNb:Digits18?
  CreDtTm:DateTime? FrToDt:Period? CpyDplctInd:CopyDuplicate? RptgSrc:skip? Acct:OwnedAccount RltdAcct:skip?
  Intrst:skip* Bal:Balance+ TxsSummry:Summary? Ntry:Entry* AddtlStmtInf:T500?
Message = GrpHdr:GroupHeader Stmt:Report+ SplmtryData:skip*
"""

CAMT_054 = """
Report = Id:T35 NtfctnPgntn:Pagination? ElctrncSeqNb:Digits18? RptgSeq:skip? LglSeqNb:Digits18?
  CreDtTm:DateTime? FrToDt:Period? CpyDplctInd:CopyDuplicate? RptgSrc:skip? Acct:OwnedAccount RltdAcct:skip?
  Intrst:skip* TxsSummry:Summary? Ntry:Entry* AddtlNtfctnInf:T500?
Message = GrpHdr:GroupHeader Ntfctn:Report+ SplmtryData:skip*
"""


class Field(NamedTuple):
    """One element of a part: how often it stands there (most 0: any number), whether it is a transaction."""

    name: str
    type: str
    least: int
    most: int
    transaction: bool


class Part(NamedTuple):
    """A part of a message: a sequence of elements, or a choice of exactly one."""

    fields: tuple[Field, ...]
    choice: bool


_FIELD = re.compile(r"(\|?)(\w+):(\w+)(!?)(?:([?+])|(\*)(\d*))?")


@lru_cache(maxsize=64)
def parts_of(*texts: str) -> dict[str, Part]:
    """The parts that these texts define; a later text replaces what an earlier one says of the same part."""
    parts: dict[str, Part] = {}
    for text in texts:
        for line in text.replace("\n  ", " ").split("\n"):
            name, _, body = line.partition(" = ")
            if ":" in body:
                matches = [_FIELD.fullmatch(word) for word in body.split()]
                fields = tuple(_field(match) for match in matches if match)
                assert len(fields) == len(matches), line
                parts[name] = Part(fields, choice="|" in body)
    return parts


def _field(match: re.Match[str]) -> Field:
    choice, name, kind, transaction, mark, star, most = match.groups()
    least = 0 if choice or mark == "?" or star else 1
    bound = 0 if mark == "+" or (star and not most) else int(most or 1)
    return Field(name, kind, least, bound, bool(transaction))
