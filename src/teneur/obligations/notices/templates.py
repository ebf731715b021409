"""What a template is: the values it needs, its words in two languages, and how values are written in them."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from types import MappingProxyType

import msgspec

from teneur.documents.wording import amount, long_date
from teneur.kernel.money import Currency, Language, MoneyError, currency, parse
from teneur.kernel.notices import Value

Pair = tuple[str, str]  # French, English
Codes = Mapping[str, Pair]  # what codes mean


class Kind(Enum):
    """What a value is, hence how it is written."""

    TEXT = auto()
    DATE = auto()  # ISO 8601
    MONEY = auto()  # minor units of the account's currency
    AMOUNT = auto()  # a decimal amount in the currency of the value `currency`
    COUNT = auto()
    PERCENT = auto()  # a decimal number


Spec = Kind | Codes


class OpenCodes(dict[str, Pair]):
    """Codes of a list that may grow: one without words says itself."""

    def __missing__(self, code: str) -> Pair:
        """The code, in both languages."""
        return code, code


class Paragraph(msgspec.Struct, frozen=True):
    """One paragraph. when: only if that value is there and not empty or 0; unless: only if it is not."""

    words: Pair
    when: str = ""
    unless: str = ""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of notice.

    values: what it needs, by name; optional: what it says if it is there. rows: names and values set in a
    table. listed: prefix and columns of a list whose length is the value `count`: `fee` with `event` and `on`
    stand for fee_1_event, fee_1_on, fee_2_event … clauses: those that ask for the notice, of all agreements.
    """

    subject: Pair
    paragraphs: tuple[Paragraph, ...]
    values: Mapping[str, Spec]
    optional: Mapping[str, Spec] = MappingProxyType({})
    rows: tuple[tuple[Pair, str], ...] = ()
    listed: tuple[str, Mapping[str, Spec]] | None = None
    clauses: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A template filled: every word as its reader sees it."""

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()


class WordingError(ValueError):
    """A notice whose values do not fit its template: a broken program."""


def pick(pair: Pair, language: Language) -> str:
    """The text in the language."""
    return pair[0] if language is Language.FRENCH else pair[1]


def missing_values(template: Template, values: Mapping[str, Value]) -> tuple[str, ...]:
    """What the template needs and is not given."""
    return tuple(name for name in (*template.values, *_listed_names(template, values)) if name not in values)


def say(template: Template, values: Mapping[str, Value], code: str, language: Language) -> Said:
    """The template in a language. code: currency of the account. Raises WordingError: what is wrong."""
    if missing := missing_values(template, values):
        raise WordingError(f"the notice does not say {', '.join(missing)}")
    specs = {**template.values, **template.optional}
    unit = currency(code)
    shown = {
        name: _written(name, values[name], spec, values, unit, language)
        for name, spec in specs.items()
        if name in values
    }
    return Said(
        subject=pick(template.subject, language).format_map(shown),
        paragraphs=tuple(
            pick(p.words, language).format_map(shown)
            for p in template.paragraphs
            if (not p.when or values.get(p.when)) and not (p.unless and values.get(p.unless))
        ),
        rows=tuple((pick(label, language), shown[name]) for label, name in template.rows if shown.get(name)),
        items=tuple(_items(template, values, unit, language)),
    )


def _listed_names(template: Template, values: Mapping[str, Value]) -> Iterator[str]:
    if template.listed is None:
        return
    prefix, columns = template.listed
    for number in range(1, _count(values) + 1):
        yield from (f"{prefix}_{number}_{column}" for column in columns)


def _count(values: Mapping[str, Value]) -> int:
    count = values.get("count", 0)
    return count if isinstance(count, int) else 0


def _items(
    template: Template, values: Mapping[str, Value], unit: Currency, language: Language
) -> Iterator[str]:
    if template.listed is None:
        return
    prefix, columns = template.listed
    for number in range(1, _count(values) + 1):
        cells = (
            _written(name, values[name], spec, values, unit, language)
            for name, spec in ((f"{prefix}_{number}_{column}", spec) for column, spec in columns.items())
        )
        yield " – ".join(cells)


def _written(
    name: str, value: Value, spec: Spec, values: Mapping[str, Value], unit: Currency, language: Language
) -> str:
    try:
        if isinstance(spec, Mapping):
            return pick(spec[str(value)], language) if value != "" else ""
        if spec is Kind.AMOUNT:
            of = currency(str(values["currency"]))
            return amount(parse(str(value), of, signed=True).amount_minor, of, language)
        return _of_kind(value, spec, unit, language)
    except (KeyError, ValueError, MoneyError, InvalidOperation) as error:
        raise WordingError(f"the notice says {name} = {value!r}, which cannot be written: {error}") from error


def _of_kind(value: Value, kind: Kind, unit: Currency, language: Language) -> str:
    match kind:
        case Kind.DATE:
            return long_date(date.fromisoformat(str(value)), language)
        case Kind.MONEY:
            return amount(int(value), unit, language)
        case Kind.PERCENT:
            number = f"{Decimal(str(value)):f}"
            return f"{number.replace('.', ',')}\u00a0%" if language is Language.FRENCH else f"{number}%"
        case Kind.COUNT:
            return str(int(value))
        case _:
            return str(value)
