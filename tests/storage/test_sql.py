"""Named SQL files: each statement has one name and says what it does."""

from importlib.resources import files

import pytest

from teneur.storage.errors import QueryFileError
from teneur.storage.sql import load, parse

GOOD = """
-- Statements of a test.

-- name: first
-- The number one.
-- It stays one.
select 1;

-- name: second_of_two
-- Two, with a remark inside.
select 2
  -- this is why
  where true;
"""


def test_statements_are_found_by_name_without_comments_and_semicolon() -> None:
    assert parse(GOOD, "here") == {"first": "select 1", "second_of_two": "select 2\n  where true"}


def test_a_statement_keeps_its_placeholders_and_inner_semicolons() -> None:
    assert parse("-- name: x\n-- X.\nselect ';', %(a)s;", "here")["x"] == "select ';', %(a)s"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: x\n-- X.\nselect 1;\n-- name: x\n-- X.\nselect 2;", "x is given twice"),
        ("-- name: x\nselect 1;", "x has no description"),
        ("-- name: x\n--\nselect 1;", "x has no description"),
        ("-- name: x\n-- X.\n", "x has no statement"),
        ("-- name: x\n-- X.\n;", "x has no statement"),
        ("-- name: two words\n-- X.\nselect 1;", "'two words' is not lower case"),
        ("-- name: X\n-- X.\nselect 1;", "'X' is not lower case"),
        ("-- name:\n-- X.\nselect 1;", "'' is not lower case"),
        ("select 1;\n-- name: x\n-- X.\nselect 1;", "before the first name"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(QueryFileError) as caught:
        parse(text, "here")
    assert complaint in str(caught.value)
    assert "here, line" in caught.value.where


def test_an_empty_file_has_no_statements() -> None:
    assert parse("", "here") == {}


def test_a_file_is_read_once() -> None:
    assert load("teneur.storage") is load("teneur.storage")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(QueryFileError, match=r"teneur\.storage/none\.sql"):
        load("teneur.storage", "none.sql")


def test_statements_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        load("teneur.storage")["role_exists"] = "select 1"  # type: ignore[index]


def test_every_package_has_a_well_formed_query_file_if_any() -> None:
    packages = [
        f"teneur.{entry.name}" for entry in files("teneur").iterdir() if (entry / "queries.sql").is_file()
    ]
    assert "teneur.storage" in packages
    for package in packages:
        assert load(package)
