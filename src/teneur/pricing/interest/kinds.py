"""The kinds of command about interest. Numbers are stored and never reused."""

from teneur.accounts.governing import Governing
from teneur.ledger.registry import Kind
from teneur.pricing.interest.commands import (
    BeginClosing,
    CloseQuarter,
    CorrectInterest,
    EndReferenceRate,
    InformOfRate,
    InformOfSubstitute,
    LoadReferenceRate,
    ModifyReferenceRate,
    ObjectToRate,
    SetValueDate,
    SubstituteReferenceRate,
    TakeSilence,
)
from teneur.pricing.interest.decisions import closing, indexes
from teneur.pricing.interest.decisions.values import SetValueDateHandler


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """220 to 239."""
    return (
        Kind(220, "begin-closing", BeginClosing, closing.BeginClosingHandler(governing), plain=True),
        Kind(221, "close-quarter", CloseQuarter, closing.CloseQuarterHandler(governing), plain=True),
        Kind(222, "correct-interest", CorrectInterest, closing.CorrectInterestHandler(governing), plain=True),
        Kind(
            223,
            "load-reference-rate",
            LoadReferenceRate,
            indexes.LoadReferenceRateHandler(governing),
            plain=True,
        ),
        Kind(
            224,
            "modify-reference-rate",
            ModifyReferenceRate,
            indexes.ModifyReferenceRateHandler(governing),
            plain=True,
        ),
        Kind(
            225,
            "end-reference-rate",
            EndReferenceRate,
            indexes.EndReferenceRateHandler(governing),
            plain=True,
        ),
        Kind(
            226,
            "substitute-reference-rate",
            SubstituteReferenceRate,
            indexes.SubstituteReferenceRateHandler(governing),
            plain=True,
        ),
        Kind(
            227,
            "inform-of-substitute",
            InformOfSubstitute,
            indexes.InformOfSubstituteHandler(governing),
            plain=True,
        ),
        Kind(228, "inform-of-rate", InformOfRate, indexes.InformOfRateHandler(governing), plain=True),
        Kind(229, "object-to-rate", ObjectToRate, indexes.ObjectToRateHandler(governing), plain=True),
        Kind(230, "take-silence", TakeSilence, indexes.TakeSilenceHandler(governing), plain=True),
        Kind(231, "set-value-date", SetValueDate, SetValueDateHandler(governing), plain=True),
    )
