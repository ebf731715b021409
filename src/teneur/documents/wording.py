"""How figures, dates and account numbers are written on a page, in French and in English."""

from datetime import date
from decimal import Decimal
from typing import Final

from teneur.kernel.identifiers import format_iban
from teneur.kernel.money import Currency, Language, Money, display, plain

_MONTHS: Final = {
    Language.FRENCH: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    Language.ENGLISH: (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    ),
}
_NO_BREAK: Final = "\u00a0"


def amount(minor: int, currency: Currency, language: Language) -> str:
    """An amount with its currency, to stand alone: "1 234,56 €", "−12 000 F CFP"."""
    return display(Money(minor, currency), language)


def round_amount(minor: int, currency: Currency, language: Language) -> str:
    """An amount without its decimals if they are all zero, for running text: "100 000 €"."""
    decimals = plain(Money(minor, currency)).partition(".")[2]
    mark = "," if language is Language.FRENCH else "."
    text = amount(minor, currency, language)
    return text.replace(mark + decimals, "") if decimals and not decimals.strip("0") else text


def figure(minor: int, currency: Currency, language: Language) -> str:
    """An amount without its currency, for a column whose currency is said once: "1 234,56", "−12 000"."""
    money = Money(minor, currency)
    if language is Language.FRENCH:
        return display(money, language).partition(_NO_BREAK)[0]
    whole, point, fraction = plain(money).lstrip("-").partition(".")
    return ("\u2212" if minor < 0 else "") + f"{int(whole):,}{point}{fraction}"


def round_figure(minor: int, currency: Currency, language: Language) -> str:
    """An amount of a scale: without its currency, and without decimals that are all zero: "1 000", "0,50"."""
    text = figure(minor, currency, language)
    decimals = plain(Money(minor, currency)).partition(".")[2]
    return text[: -len(decimals) - 1] if decimals and not decimals.strip("0") else text


def percentage(percent: Decimal, language: Language) -> str:
    """A rate in percent: "14,5 %" in French, "14.5%" in English."""
    return f"{decimal_number(percent, language)}{_NO_BREAK if language is Language.FRENCH else ''}%"


def decimal_number(value: Decimal, language: Language) -> str:
    """A number without zeros at its end: "119,33174" in French, "119.33174" in English."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if language is Language.FRENCH else text


def day_and_month(day: date, language: Language) -> str:
    """A day of a year that is known: "07/07" in French, "07 Jul" in English."""
    if language is Language.FRENCH:
        return day.strftime("%d/%m")
    return f"{day.day:02}{_NO_BREAK}{_MONTHS[language][day.month - 1][:3]}"


def long_date(day: date, language: Language) -> str:
    """ "1er juillet 2026", "1 July 2026": no-break spaces hold it together."""
    first = language is Language.FRENCH and day.day == 1
    return _NO_BREAK.join(
        [f"{day.day}er" if first else str(day.day), _MONTHS[language][day.month - 1], str(day.year)]
    )


def short_date(day: date, language: Language) -> str:
    """For columns: "01/07/2026" in French, "01 Jul 2026" in English, where 01/07 would be read two ways."""
    if language is Language.FRENCH:
        return day.strftime("%d/%m/%Y")
    return f"{day.day:02}{_NO_BREAK}{_MONTHS[language][day.month - 1][:3]}{_NO_BREAK}{day.year}"


def grouped_iban(iban: str) -> str:
    """An IBAN in groups of four, as ISO 13616 prints it, held together by no-break spaces."""
    return format_iban(iban).replace(" ", _NO_BREAK)
