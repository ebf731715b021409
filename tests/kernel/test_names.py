"""Verification of payee: a labelled table of pairs, and what must hold for every pair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.kernel.names import NameMatch, best_match, match_names, normalise

MATCH, CLOSE, NONE = NameMatch.MATCH, NameMatch.CLOSE_MATCH, NameMatch.NO_MATCH

PAIRS = [
    # given, registered, answer
    ("Jean Dupont", "Jean Dupont", MATCH),
    ("DUPONT JEAN", "Jean Dupont", MATCH),
    ("dupont, jean", "Jean DUPONT", MATCH),
    ("M. Jean Dupont", "Jean Dupont", MATCH),
    ("M Jean Dupont", "Mr Jean Dupont", MATCH),
    ("Mme Hélène Lefèvre", "HELENE LEFEVRE", MATCH),
    ("Madame Lefevre Helene", "Hélène Lefèvre", MATCH),
    ("Jean-Pierre Martin", "Jean Pierre Martin", MATCH),
    ("Martin Jean-Pierre", "JEAN PIERRE MARTIN", MATCH),
    ("Jeanpierre Martin", "Jean-Pierre Martin", MATCH),
    ("Anne Le Goff", "Anne LEGOFF", MATCH),
    ("Legoff Anne", "Anne Le Goff", MATCH),
    ("Jeanne d'Arc", "JEANNE DARC", MATCH),
    ("Jeanne d’Arc", "Jeanne d'Arc", MATCH),
    ("Œdipe Lœb", "OEDIPE LOEB", MATCH),
    ("Zoé Müller", "ZOE MULLER", MATCH),
    ("Jürgen Weiß", "Jurgen Weiss", MATCH),
    ("Søren Łukasz", "SOREN LUKASZ", MATCH),
    ("François de La Tour", "DE LA TOUR FRANCOIS", MATCH),
    ("Marie Dupont-Durand", "Marie Dupont Durand", MATCH),
    ("Jean  Dupont ", "Jean\u00a0Dupont", MATCH),
    ("ｊｅａｎ Dupont", "Jean Dupont", MATCH),
    ("SARL Dupont", "Dupont SARL", MATCH),
    ("Boulangerie & Fils", "Boulangerie et fils", MATCH),
    ("Zoé Mueller", "Zoé Müller", MATCH),
    ("Zoe Muller", "ZOE MUELLER", CLOSE),  # nobody has said that an umlaut was there
    ("Soeren Aagaard", "Søren Ågaard", MATCH),
    ("Mu\u0308ller Zoe\u0301", "Zoé Mueller", MATCH),  # accents as letters of their own
    ("S.A.R.L. Dupont", "Dupont SARL", MATCH),
    ("Société à responsabilité limitée Dupont", "DUPONT S A R L", MATCH),
    ("Société anonyme des Eaux", "Eaux (des), S.A.", MATCH),
    ("Société par actions simplifiée Dupont", "Dupont SASU", CLOSE),
    ("Acme Limited", "ACME LTD", MATCH),
    ("MM. Jean et Paul Dupont", "Jean et Paul Dupont", MATCH),
    ("Jean Dupont EI", "Jean Dupont", CLOSE),
    ("Jean Dupont entrepreneur individuel", "EI Jean Dupont", MATCH),
    ("S.A. Dupont", "Sophie Anne Dupont", CLOSE),  # initials, not a legal form
    ("JP Martin", "Jean-Pierre Martin", CLOSE),
    ("PJ Martin", "Jean-Pierre Martin", NONE),
    ("JP", "Jean-Pierre", NONE),
    ("Jean Dupond", "Jean Dupont", CLOSE),
    ("Jean Dupnt", "Jean Dupont", CLOSE),
    ("Jean Duppont", "Jean Dupont", CLOSE),
    ("Jean Dupotn", "Jean Dupont", CLOSE),
    ("Jaen Dupont", "Jean Dupont", CLOSE),
    ("J. Dupont", "Jean Dupont", CLOSE),
    ("Dupont J", "Jean Dupont", CLOSE),
    ("J.-P. Martin", "Jean-Pierre Martin", CLOSE),
    ("Jean P. Martin", "Jean Pierre Martin", CLOSE),
    ("Jean Martin", "Jean Pierre Martin", CLOSE),
    ("Jean Pierre Martin", "Jean Martin", CLOSE),
    ("Marie Dupont", "Marie Dupont Durand", CLOSE),
    ("Dupont", "SARL Dupont", CLOSE),
    ("SAS Dupont", "SARL Dupont", CLOSE),
    ("Dupont", "Jean Dupont", NONE),
    ("Jean", "Jean Dupont", NONE),
    ("J. D.", "Jean Dupont", NONE),
    ("Paul Dupont", "Jean Dupont", NONE),
    ("Jean Durand", "Jean Dupont", NONE),
    ("P. Dupont", "Jean Dupont", NONE),
    ("Jaen Dupond", "Jean Dupont", NONE),
    ("J. Dupond", "Jean Dupont", NONE),
    ("Ana Li", "Ana Lu", NONE),
    ("Jeannot Dupont", "Jean Dupont", NONE),
    ("Jean Jean", "Jean Dupont", NONE),
    ("", "Jean Dupont", NONE),
    ("Jean Dupont", "", NONE),
    ("...", "---", NONE),
    ("Иван Петров", "Jean Dupont", NONE),
    ("SARL Durand", "SARL Dupont", NONE),
]


@pytest.mark.parametrize(("given_name", "registered", "answer"), PAIRS)
def test_each_pair_of_the_table_gets_its_label(given_name: str, registered: str, answer: NameMatch) -> None:
    assert match_names(given_name, registered) is answer


@pytest.mark.parametrize(
    ("given_name", "answer"),
    [
        ("Jean D.", NONE),
        ("Jean Pierre", NONE),
        ("J. P. Dupont", CLOSE),
        ("Jean Dupont", CLOSE),
        ("Dupond Jean Pierre", CLOSE),
    ],
)
def test_a_known_family_name_must_be_there_in_full(given_name: str, answer: NameMatch) -> None:
    assert match_names(given_name, "Jean Pierre Dupont", family="Dupont") is answer


def test_a_family_name_that_is_also_a_legal_form_must_be_there_too() -> None:
    assert match_names("João", "João Sá", family="Sá") is NONE
    assert match_names("Sá, João", "João Sá", family="Sá") is MATCH
    assert match_names("J. Sá", "João Sá", family="Sá") is NONE  # no full word beside it


def test_of_several_holders_the_best_answer_counts() -> None:
    holders = [("Jean Dupont", "Dupont"), ("Marie Durand", "Durand")]
    assert best_match("Durand Marie", holders) == (MATCH, "Marie Durand")
    assert best_match("M. Durand", holders) == (NONE, "Jean Dupont")
    assert best_match("Anyone", []) == (NONE, "")


JEAN, MARIE, PAUL = ("Jean Dupont", "Dupont"), ("Marie Dupont", "Dupont"), ("Paul Durand", "Durand")
CHEZ = ("Chez Jeannot", "")


@pytest.mark.parametrize(
    ("given_name", "holders", "answer"),
    [
        ("Jean et Marie Dupont", [JEAN, MARIE], (MATCH, "Jean Dupont / Marie Dupont")),
        ("M. Jean Dupont ou Mme Marie Dupont", [JEAN, MARIE], (MATCH, "Jean Dupont / Marie Dupont")),
        ("DUPONT MARIE & JEAN", [JEAN, MARIE], (MATCH, "Marie Dupont / Jean Dupont")),
        ("Jean Dupont/Paul Durand", [JEAN, PAUL], (MATCH, "Jean Dupont / Paul Durand")),
        ("Jean and Marie Dupond", [JEAN, MARIE], (NONE, "Jean Dupont")),
        ("Jean Dupont et Marie Dupond", [JEAN, MARIE], (CLOSE, "Jean Dupont / Marie Dupont")),
        ("Jean Dupond et Paul Durant", [JEAN, PAUL], (CLOSE, "Jean Dupont / Paul Durand")),
        ("M. ou Mme Jean Dupont", [JEAN, MARIE], (MATCH, "Jean Dupont")),
        ("M et Mme Dupont", [JEAN, MARIE], (NONE, "Jean Dupont")),  # a family name alone
        ("Jean Dupont et Paul Durand", [JEAN], (CLOSE, "Jean Dupont")),
        ("Jean Dupont et Jean Dupont", [JEAN], (CLOSE, "Jean Dupont")),
        ("Jean Dupond et Paul Durand", [JEAN], (NONE, "Jean Dupont")),  # nothing that was not known
        ("Jean et Paul Dupont", [JEAN, PAUL], (CLOSE, "Jean Dupont")),
        ("Jean", [JEAN, MARIE], (NONE, "Jean Dupont")),
        ("A et B et C et D et Jean Dupont", [JEAN], (NONE, "Jean Dupont")),  # guessing
        ("et", [JEAN, MARIE], (NONE, "Jean Dupont")),
        ("Dupont et Fils", [("Dupont et Fils SARL", ""), CHEZ], (CLOSE, "Dupont et Fils SARL")),
        ("Chez Jeannot", [("Dupont et Fils SARL", ""), CHEZ], (MATCH, "Chez Jeannot")),
        ("Dupont et Frères", [("Dupont et Fils", "")], (NONE, "Dupont et Fils")),
    ],
)  # fmt: skip
def test_joint_holders_may_be_named_together_and_trade_names_count(
    given_name: str, holders: list[tuple[str, str]], answer: tuple[NameMatch, str]
) -> None:
    assert best_match(given_name, holders) == answer


words = st.text("abcdefghijklmnopqrstuvwxyzéèç", min_size=2, max_size=10)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


@given(names, st.randoms(use_true_random=False))
def test_order_and_case_never_matter(name: str, random: object) -> None:
    shuffled = name.split()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match_names(" ".join(shuffled).upper(), name) is MATCH


@given(names, names)
def test_the_answer_is_the_same_whichever_side_asks(one: str, other: str) -> None:
    assert match_names(one, other) is match_names(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gets_an_answer(one: str, other: str) -> None:
    assert match_names(one, other) in NameMatch
    assert best_match(one, [(other, ""), (one, "")])[0] in NameMatch
    assert normalise(normalise(one)) == normalise(one)
