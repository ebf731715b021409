"""Every notice that the program can emit has its words, in both languages, and is given what it needs."""

import ast
from collections.abc import Iterator
from importlib import import_module
from itertools import product

import pytest

from teneur.agreements.register import Register
from teneur.bank import shipped_agreements
from teneur.kernel.money import Language
from teneur.kernel.notices import Notify, Value
from teneur.obligations.notices.templates import (
    Kind,
    Spec,
    Template,
    WordingError,
    missing_values,
    say,
)
from teneur.obligations.notices.texts import TEMPLATES, WORDS
from teneur.obligations.notices.texts_of_fees import INCIDENTS
from tests.sweep.sources import Source, python

SAMPLES: dict[Kind, Value] = {
    Kind.TEXT: "Marie <b>#strong</b> {x}",
    Kind.DATE: "2026-05-04",
    Kind.MONEY: -123_450,
    Kind.AMOUNT: "12.50",
    Kind.COUNT: 1,
    Kind.PERCENT: "12.95",
}


def codes_in(source: Source) -> Iterator[tuple[int, str]]:
    """Line and template of each notice that a file emits. LookupError where nobody could say which."""
    functions = [n for n in source.nodes if isinstance(n, ast.FunctionDef)]
    for node in source.nodes:
        if isinstance(node, ast.Call) and _name(node.func) == Notify.__name__:
            given = _argument(node, 1, "template")
            yield from _values_of(source, functions, node, given)


def _values_of(
    source: Source, functions: list[ast.FunctionDef], call: ast.Call, given: ast.expr
) -> Iterator[tuple[int, str]]:
    if isinstance(given, ast.Constant):
        yield call.lineno, str(given.value)
        return
    inside = [f for f in functions if f.lineno <= call.lineno <= (f.end_lineno or 0)]
    for function in inside:
        names = [a.arg for a in function.args.args]
        if isinstance(given, ast.Name) and given.id in names:
            position = names.index(given.id) - (names[0] == "self")
            for other in source.nodes:
                if isinstance(other, ast.Call) and _name(other.func) == function.name:
                    yield from _values_of(source, functions, other, _argument(other, position, given.id))
            return
    found: object = import_module(source.module)
    for part in ast.unparse(given).split("."):
        found = getattr(found, part, None)
    if found is None:
        raise LookupError(f"{source.path}:{call.lineno}: which notice is {ast.unparse(given)}?")
    yield call.lineno, str(found)


def _name(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def _argument(call: ast.Call, position: int, name: str) -> ast.expr:
    if len(call.args) > position:
        return call.args[position]
    return next(k.value for k in call.keywords if k.arg == name)


def emitting() -> list[Source]:
    """The files that emit notices."""
    return [s for s in python("src/teneur/") if f"{Notify.__name__}(" in s.text and "kernel/" not in s.path]


def names_given(source: Source) -> set[str]:
    """Names of values that the package of a file writes down: first of a pair, or a part of one."""
    package = source.path.rpartition("/decisions")[0] or source.path.rpartition("/")[0]
    found: set[str] = set()
    for other in python("src/teneur/"):
        if not other.path.startswith(package):
            continue
        for node in other.nodes:
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                first = node.elts[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def sample(spec: Spec) -> Value:
    return SAMPLES[spec] if isinstance(spec, Kind) else next(iter(spec), "x")


def filled(template: Template, *, optional: bool) -> dict[str, Value]:
    """Values for a template; a code is the first of its list."""
    specs = {**template.values, **(template.optional if optional else {})}
    values = {name: sample(spec) for name, spec in specs.items()}
    if "currency" in values:
        values["currency"] = "EUR"
    if template.listed is not None:
        prefix, columns = template.listed
        values |= {f"{prefix}_1_{column}": sample(spec) for column, spec in columns.items()}
    return values


def test_every_notice_that_a_decision_emits_has_a_template() -> None:
    emitted = {code: f"{s.path}:{line}" for s in emitting() for line, code in codes_in(s)}
    assert {"transfer-refused", "transfer-returned", "ceiling-raise-refused"} <= set(emitted)
    assert {code: place for code, place in emitted.items() if code not in TEMPLATES} == {}
    assert set(TEMPLATES) <= set(emitted), "templates that nothing emits"


def test_every_value_that_a_template_needs_is_written_down_where_it_is_emitted() -> None:
    for source in emitting():
        given = names_given(source)
        for line, code in codes_in(source):
            needed = set(TEMPLATES[code].values) if code in TEMPLATES else set()
            assert needed <= given, f"{source.path}:{line}: {code} needs {needed - given}"


def test_a_notice_that_hides_its_template_is_found() -> None:
    path = "src/teneur/payments/transfers/decisions/telling.py"
    text = "def f(self, a, template):\n    Notify(a, template, x)\nf(b, 'one')\nself.f(b, template='two')"
    assert [code for _, code in codes_in(Source(path, text))] == ["one", "two"]
    assert [code for _, code in codes_in(Source(path, "Notify(a, REFUSED)"))] == ["transfer-refused"]
    with pytest.raises(LookupError, match=r"telling\.py:1: which notice is kind"):
        list(codes_in(Source(path, "Notify(account, kind, about)")))


@pytest.mark.parametrize(("code", "language", "optional"), list(product(TEMPLATES, Language, (True, False))))
def test_a_template_can_be_said_in_each_language_with_and_without_what_is_optional(
    code: str, language: Language, optional: bool
) -> None:
    template = TEMPLATES[code]
    values = filled(template, optional=optional)
    said = say(template, values, "EUR", language)
    words = [said.subject, *said.paragraphs, *said.items, *(w for row in said.rows for w in row)]
    assert said.paragraphs
    assert all(word.strip() for word in words)
    for word in words:
        assert "None" not in word
        assert "{" not in word.replace(str(SAMPLES[Kind.TEXT]), "")
    if language is Language.FRENCH:
        other = say(template, values, "EUR", Language.ENGLISH)
        assert said.subject != other.subject
        assert not set(said.paragraphs) & set(other.paragraphs)


@pytest.mark.parametrize("code", TEMPLATES)
def test_sentences_are_short_and_clauses_real(code: str) -> None:
    template, register = TEMPLATES[code], Register.load()
    for paragraph in template.paragraphs:
        for text in paragraph.words:
            for sentence in text.split(". "):
                assert len(sentence.split()) <= 32, sentence
    assert [c for c in template.clauses if c not in register or not register[c].french] == []


def test_what_a_template_needs_and_is_not_given_is_named() -> None:
    template = TEMPLATES["incident-fees"]
    values = filled(template, optional=True) | {"count": 2}
    assert missing_values(template, values) == ("fee_2_event", "fee_2_on", "fee_2_minor")
    with pytest.raises(WordingError, match="fee_2_event, fee_2_on, fee_2_minor"):
        say(template, values, "EUR", Language.FRENCH)


def test_a_value_that_cannot_be_written_is_named() -> None:
    values = filled(TEMPLATES["overdraft-excess"], optional=True) | {"began_on": "yesterday"}
    with pytest.raises(WordingError, match="began_on = 'yesterday'"):
        say(TEMPLATES["overdraft-excess"], values, "EUR", Language.FRENCH)


def test_figures_are_written_as_each_language_writes_them() -> None:
    template = TEMPLATES["overdraft-raised"]
    values: dict[str, Value] = {
        "limit_minor": 178_998, "effective_on": "2026-07-01", "apr_percent": "12.9500"
    }  # fmt: skip
    french = say(template, values, "XPF", Language.FRENCH)
    english = say(template, values, "XPF", Language.ENGLISH)
    assert [v for _, v in french.rows] == [
        "178\u202f998\u00a0F\u00a0CFP",
        "1er\u00a0juillet\u00a02026",
        "12,9500\u00a0%",
    ]
    assert [v for _, v in english.rows][1:] == ["1\u00a0July\u00a02026", "12.9500%"]


def test_every_incident_that_has_a_price_has_a_name() -> None:
    for agreement in shipped_agreements():
        events = agreement.tariff.events
        incidents = {e for e, of in events.items() if of.value.nature == "incident"}
        assert incidents <= set(INCIDENTS)


def test_the_words_of_the_frame_are_in_both_languages() -> None:
    for name, (french, english) in WORDS.items():
        assert french
        assert english
        if name not in {"page"}:
            assert french != english
