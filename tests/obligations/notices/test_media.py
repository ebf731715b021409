"""By which media a customer is told: the text, then his choice, then the order of the agreement."""

from dataclasses import replace

import pytest

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.notices import Medium, NoticeTerms
from teneur.bank import shipped_agreements
from teneur.obligations.notices.facts import NO_CHOICE, Choice
from teneur.obligations.notices.rules import media_in_order, named_medium, recipient
from teneur.obligations.notices.texts import TEMPLATES
from tests.support.asserts import asserts

EMAIL, LETTER = Medium.EMAIL, Medium.LETTER
WEB, REGISTERED = Medium.SECURE_MESSAGE, Medium.REGISTERED_LETTER
PAPER, PAPERLESS = Choice(paperless=False), Choice(paperless=True)
MESSAGE, DOCUMENT = "transfer-refused", "fee-summary"


def terms_of(series: str) -> NoticeTerms:
    return next(a.notices for a in shipped_agreements() if a.edition.series == series)


BRED, BNC = terms_of("bred-account"), terms_of("bnc-account")


@asserts("BNC-3.4-2")
def test_an_e_mail_is_allowed_by_default_and_left_out_where_the_agreement_forbids_it() -> None:
    assert EMAIL in media_in_order(MESSAGE, None, NO_CHOICE, BNC)
    forbidden = replace(BNC, email_allowed=Parameter(value=False))
    assert media_in_order(MESSAGE, None, NO_CHOICE, forbidden) == (WEB, LETTER)


@asserts("BNC-3.1-2")
def test_documents_are_in_the_web_space_until_the_customer_objects_to_e_documents() -> None:
    assert media_in_order(DOCUMENT, None, NO_CHOICE, BNC)[0] is WEB
    assert media_in_order(DOCUMENT, None, PAPER, BNC) == (LETTER,)


@asserts("BRED-6-2")
def test_documents_stay_on_paper_unless_the_customer_took_the_paperless_option() -> None:
    assert media_in_order(DOCUMENT, None, NO_CHOICE, BRED) == (LETTER,)
    assert media_in_order(DOCUMENT, None, PAPERLESS, BRED) == (WEB, EMAIL, LETTER)
    assert media_in_order(MESSAGE, None, NO_CHOICE, BRED) == (WEB, EMAIL, LETTER)


@asserts("BRED-6-3")
def test_whoever_objects_to_paperless_delivery_gets_all_on_paper() -> None:
    assert media_in_order(MESSAGE, None, PAPER, BRED) == (LETTER,)
    assert media_in_order(DOCUMENT, None, PAPER, BRED) == (LETTER,)


@asserts("BNC-6.1.3.1-16")
def test_a_refused_raise_is_told_by_e_mail_whatever_the_customer_chose() -> None:
    for choice in (NO_CHOICE, PAPER, Choice(medium=WEB)):
        assert media_in_order("ceiling-raise-refused", None, choice, BNC) == (EMAIL, LETTER)


@pytest.mark.parametrize("terms", [BRED, BNC])
def test_the_medium_that_a_decision_names_binds(terms: NoticeTerms) -> None:
    for named in Medium:
        assert media_in_order(MESSAGE, named, Choice(medium=EMAIL, paperless=True), terms) == (named,)


@pytest.mark.parametrize("terms", [BRED, BNC])
def test_the_medium_that_the_customer_chose_comes_first_and_the_others_keep_their_order(
    terms: NoticeTerms,
) -> None:
    assert media_in_order(MESSAGE, None, Choice(medium=EMAIL), terms) == (EMAIL, WEB, LETTER)
    assert media_in_order(MESSAGE, None, Choice(medium=LETTER), terms) == (LETTER, WEB, EMAIL)
    assert media_in_order(MESSAGE, None, Choice(medium=Medium.SMS), terms) == (WEB, EMAIL, LETTER)


def test_a_decision_names_a_medium_or_any_durable_one() -> None:
    assert named_medium({"medium": "registered-letter"}) is REGISTERED
    assert named_medium({"medium": "durable-medium"}) is None
    assert named_medium({}) is None


def test_the_first_holder_is_written_to_unless_another_is_named_who_still_holds_the_account() -> None:
    assert recipient(NO_CHOICE, (7, 9)) == 7
    assert recipient(Choice(recipient=9), (7, 9)) == 9
    assert recipient(Choice(recipient=8), (7, 9)) == 7


@pytest.mark.parametrize("terms", [BRED, BNC])
def test_every_kind_of_notice_that_an_agreement_names_has_a_template(terms: NoticeTerms) -> None:
    named = {*terms.paperless.documents.value, *terms.text_names.value, *terms.media} - {"other"}
    assert named <= set(TEMPLATES)
    assert set(terms.text_names.value) <= set(terms.media)
