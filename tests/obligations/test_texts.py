"""Every kind of duty that a decision can open has its names, in French and in English."""

import ast
from collections.abc import Iterator
from importlib import import_module

import pytest

from teneur.kernel.money import Language
from teneur.kernel.obligations import Owe
from teneur.obligations.texts import NAMES, name
from tests.sweep.sources import Source, python


def kinds_in(source: Source) -> Iterator[tuple[int, str]]:
    """Line and kind of each duty that a file opens. LookupError where the kind is not written there as a name
    or a text: then nobody could say which duties there are.
    """
    for node in source.nodes:
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == Owe.__name__):
            continue
        given = (
            node.args[1] if len(node.args) > 1 else next(k.value for k in node.keywords if k.arg == "kind")
        )
        if isinstance(given, ast.Constant):
            yield node.lineno, str(given.value)
            continue
        found: object = import_module(source.module)
        for part in ast.unparse(given).split("."):
            found = getattr(found, part, None)
        if found is None:
            raise LookupError(f"{source.path}:{node.lineno}: which duty is {ast.unparse(given)}?")
        yield node.lineno, str(found)


def opened() -> dict[str, str]:
    """Every kind of duty, with a place that opens it."""
    return {
        kind: f"{source.path}:{line}"
        for source in python("src/teneur/")
        if f"{Owe.__name__}(" in source.text and not source.path.endswith("kernel/obligations.py")
        for line, kind in kinds_in(source)
    }


def test_every_kind_of_duty_that_a_decision_opens_has_a_french_and_an_english_name() -> None:
    found = opened()
    assert {"execute-transfer", "answer-recall", "deliver-rib"} <= set(found)
    nameless = {kind: place for kind, place in found.items() if kind not in NAMES}
    assert nameless == {}, "add the names to obligations/texts.py"


def test_names_are_words_in_their_language_not_codes() -> None:
    for kind, (french, english) in NAMES.items():
        assert (name(kind), name(kind, Language.ENGLISH)) == (french, english)
        assert len({french, english, kind}) == 3
        assert " " in french
        assert " " in english


def test_a_duty_without_names_and_one_that_hides_its_kind_are_found() -> None:
    module = "src/teneur/payments/transfers/decisions/returns.py"
    named = Source(module, "Owe(account, ANSWER_RECALL, x)\nkernel.Owe(account, kind='new-duty', about=x)")
    assert list(kinds_in(named)) == [(1, "answer-recall"), (2, "new-duty")]
    with pytest.raises(LookupError, match=r"returns\.py:1: which duty is kind"):
        list(kinds_in(Source(module, "Owe(account, kind, about)")))
