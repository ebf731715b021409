"""The country sets of both texts, with their dates."""

from datetime import date, timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.rules import in_eea, in_sepa, is_member
from tests.support.asserts import asserts

TODAY = date(2026, 4, 1)
EU = [
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
]
EEA_OTHERS = ["IS", "LI", "NO"]
FRENCH_IN_SEPA = ["GF", "GP", "MQ", "RE", "YT", "PM", "BL", "MF"]
PACIFIC = ["NC", "PF", "WF"]
ELSEWHERE = ["US", "JP", "AU", "NZ", "VU", "FJ", "TR", "UA", "RS", "AL"]


@asserts("BRED-PREL-5")
def test_the_sepa_area_of_bred(bred: Agreement) -> None:
    inside = [*EU, *EEA_OTHERS, *FRENCH_IN_SEPA, "CH", "GB", "AD", "VA", "GI", "MC", "SM"]
    outside = [*PACIFIC, *ELSEWHERE, "JE", "GG", "IM"]
    assert [c for c in inside if not in_sepa(c, TODAY, bred.countries)] == []
    assert [c for c in outside if in_sepa(c, TODAY, bred.countries)] == []


@asserts("BNC-DEF-3")
def test_the_sepa_area_of_bnc(bnc: Agreement) -> None:
    inside = [*EU, *EEA_OTHERS, *FRENCH_IN_SEPA, "GB", "CH", "MC", "SM", "JE", "GG", "IM", "VA", "AD"]
    outside = [*PACIFIC, *ELSEWHERE, "GI"]
    assert [c for c in inside if not in_sepa(c, TODAY, bnc.countries)] == []
    assert [c for c in outside if in_sepa(c, TODAY, bnc.countries)] == []


@asserts("BNC-DEF-2")
def test_the_eea_of_bnc_is_the_union_with_iceland_liechtenstein_and_norway(bnc: Agreement) -> None:
    every = [*EU, *EEA_OTHERS, *FRENCH_IN_SEPA, *PACIFIC, *ELSEWHERE, "CH", "GB", "MC", "SM", "AD", "VA"]
    assert [c for c in every if in_eea(c, TODAY, bnc.countries)] == [*EU, *EEA_OTHERS]


@asserts("BNC-DEF-2")
def test_the_united_kingdom_was_in_the_eea_until_the_end_of_its_transition(bnc: Agreement) -> None:
    assert in_eea("GB", date(2020, 12, 31), bnc.countries)
    assert not in_eea("GB", date(2021, 1, 1), bnc.countries)


@pytest.mark.parametrize(("country", "first_day"), [("HR", date(2023, 1, 1)), ("BG", date(2026, 1, 1))])
def test_a_state_is_in_the_euro_area_from_its_first_day(
    bred: Agreement, country: str, first_day: date
) -> None:
    euro = bred.countries.euro_area
    assert not is_member(country, first_day - timedelta(days=1), euro)
    assert is_member(country, first_day, euro)


def test_every_code_is_two_capitals_and_stands_once(bred: Agreement, bnc: Agreement) -> None:
    for agreement in (bred, bnc):
        for path, parameter in agreement.parameters():
            if path.startswith("countries.") and path.endswith(".members"):
                codes = parameter.value
                assert all(len(c) == 2 and c.isascii() and c.isupper() for c in codes), path
                assert len(set(codes)) == len(codes), path
