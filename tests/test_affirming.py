"""Yes where one sentence says all that is asked; never where it says something near it."""

from __future__ import annotations

import pytest

from rag.affirming import affirms, is_the_one, opened
from tests.test_deciding import BESIDE_NO, NO

SAID = [
    ("Did Mr Hale meet the Acting Mayor of Arvik?",
     "Mr Hale met with the Governor of Norland, Mr Lind, and then the Acting Mayor of Arvik, Ms Ana Reyes."),
    ("Has the board met more than 150 firms?", "They were glad to learn that the board had met with over 200 firms."),
    ("Did Mr Tom Hale sign the memorandum?", "Ms Ana Reyes and Mr Tom Hale signed the memorandum."),
    ("Have any members resigned?", "Two members have resigned."),
    ("Did the Port Secretary attend the session?",
     "Officials that attended the session included the Port Secretary, Mr Hale; and the Mayor, Ms Reyes."),
    ("Is the Port Office an office under the Labour Bureau?", "The Port Office is an office under the Labour Bureau."),
    ("Did Arvik host the fair?", "Arvik organised the fair in a new hall."),
]  # fmt: skip
NOT_SAID = [
    ("Did Mr Hale meet the Mayor of Arvik?", "Mr Hale met the Acting Mayor of Arvik."),
    ("Was the session of the Arvik Conference held in Arvik?",
     "The Mayor of Arvik held the session of the Arvik Conference in Oslo."),
    ("Did the council sue the firm?", "The council was sued by the firm."),
    ("Did Mr Hale resign?", "The deputy of Mr Hale resigned."),
    ("Did Mr Hale resign?", "Mr Hale offered to resign."),
    ("Was the museum closed?", "The museum's cafe was closed."),
    ("Did the council approve the budget?", "The council approved the budget review."),
    ("Did more than 100 nurses arrive?", "Over 120 doctors arrived and 30 nurses left."),
    ("Was the contract awarded to Norland Steel?", "The contract was awarded to Arvik Steel, rival of Norland Steel."),
    ("Did the museum open in 2019?", "The museum opened a shop in 2019."),
    ("Did Ms Reyes take part in the first panel?", "Ms Reyes took part in the second panel."),
    ("Did the Mayor sign the letter?", "If the Mayor signed the letter, nobody saw it."),
    ("Was the fair held in Oslo?", "Support the fair to be held in Oslo."),
    ("Is the Port Office an office under the Labour Bureau?", "The Port Office was an office under the Labour Bureau."),
    ("Is the museum free?", "The museum is free on Mondays."),
    ("Did Mr Hale visit Oslo in 2023?", "Mr Hale visited Oslo in 2022 and Bergen in 2023."),
    ("Did exports rise by 5 per cent in 2023?", "Exports rose by 5 per cent in 2022 and by 3 per cent in 2023."),
    ("Did the council approve the bridge?", "The council approved a loan for the bridge."),
    ("Did Mr Hale meet Ms Lo in Oslo?", "Mr Hale met Ms Lo in Bergen and Mr Lind in Oslo."),
    ("Will the fair be held in Arvik?", "The fair was held in Arvik."),
    ("Did Norland win the cup?", "Norland won a place in the cup."),
    ("Did the firm pay the fine?", "The firm paid a lawyer to contest the fine."),
    ("Has the law passed the council?", "The law has passed its first reading in the council."),
    ("Did Ms Lo visit the port of Arvik?", "Ms Lo visited the museum near the port of Arvik."),
    ("Was Ms Lo appointed chairman of the board?", "Ms Lo was appointed to the board by the chairman."),
    ("Did Ms Lo meet Mr Hale?", "Ms Lo met Mr Lind, brother of Mr Hale."),
    ("Did Ms Lo meet Mr Hale?", "Ms Lo met representatives of Mr Hale."),
    ("Did Ms Lo meet the Mayor of Arvik?", "Ms Lo met the wife of the Mayor of Arvik."),
    ("Did Ms Lo meet the Mayor of Arvik?", "Ms Lo met the Mayor of Oslo and the Governor of Arvik."),
    ("Did the council meet five times?", "The council met five members three times."),
    ("Was the first fair held in Arvik?", "The fair was first held in Oslo and then in Arvik."),
    ("Is Ms Lo a member of the board?", "Ms Lo is a member of the advisory panel of the board."),
    ("Is Ms Lo a lawyer?", "Ms Lo is training as a lawyer."),
    ("Is Arvik a city in Norland?", "Arvik is a village near a city in Norland."),
    ("Is the pass a visa?", "The pass is an alternative to a visa."),
    ("Is the Talent List part of the scheme?", "The Talent List is an annex, and the quota is part of the scheme."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sentence"), SAID)
def test_all_that_is_asked_is_said(question: str, sentence: str) -> None:
    assert affirms(question, sentence)


@pytest.mark.parametrize(("question", "sentence"), [*NOT_SAID, *NO, *BESIDE_NO])
def test_something_near_is_not_what_is_asked(question: str, sentence: str) -> None:
    assert not affirms(question, sentence)


def test_a_title_may_name_what_the_sentence_leaves_out() -> None:
    question, sentence = (
        "Did Mr Tom Hale open the new library in Arvik?",
        "Mr Tom Hale opened the new building in Arvik.",
    )
    assert not affirms(question, sentence)
    assert affirms("Did Mr Tom Hale open the Arvik library?", "Mr Tom Hale opened the library.", "Arvik news")


def test_who_is_named_is_asked_openly() -> None:
    asked = opened("Is the Port Board chaired by the Mayor of Arvik?")
    assert asked is not None
    assert asked.question == "Who is the Port Board chaired by?"
    assert is_the_one(asked.named, "the Governor of Norland", "Chaired by the Governor of Norland, it meets.") is False
    assert is_the_one(asked.named, "the Mayor of Arvik", "Chaired by the Mayor of Arvik, it meets.") is True
    person = opened("Is Ms Ana Reyes the Port Secretary?")
    assert person is not None
    assert person.question == "Who is the Port Secretary?"
    assert is_the_one(person.named, "Mr Tom Hale", "The Port Secretary, Mr Tom Hale, came.") is False


def test_an_office_is_that_of_the_person_behind_it() -> None:
    sentence = "The Chief Secretary for Ports, Mr Tom Hale, who is also the Chairman of the Board, came."
    assert is_the_one("the Financial Secretary", "Mr Tom Hale", sentence) is False
    assert is_the_one("the Chief Secretary for Ports", "Mr Tom Hale", sentence) is True
    assert is_the_one("the Financial Secretary", "Mr Tom Hale", "Mr Tom Hale chairs it.") is None


def test_a_person_is_not_told_from_an_office() -> None:
    assert is_the_one("Ms Ana Reyes", "the Mayor of Arvik", "Chaired by the Mayor of Arvik, it meets.") is None


def test_what_may_have_several_answers_is_not_opened() -> None:
    assert opened("Did Mr Hale meet Ms Reyes?") is None
    assert opened("Is Ms Ana Reyes a member?") is None


@pytest.mark.parametrize(
    ("named", "words", "sentence"),
    [
        ("the Mayor", "the Deputy Mayor", "It was led by the Deputy Mayor."),
        ("the Secretary for Health", "the Under Secretary for Health", "It was led by the Under Secretary for Health."),
        ("the Governor", "Ms Lo", "It was led by the former Governor, Ms Lo."),
        ("Mr Hale", "Ms Hale", "It was led by Ms Hale."),
        ("Norland", "Norland Steel", "It is run by Norland Steel."),
    ],
)
def test_somebody_of_nearly_that_name_is_not_the_one(named: str, words: str, sentence: str) -> None:
    assert not is_the_one(named, words, sentence)


def test_a_name_put_together_of_two_is_nobodys() -> None:
    assert is_the_one("Mr Tom Hale", "Mr Hale", "It was led by Mr Hale, with Mr Tom Lo.") is not True
    assert is_the_one("Mr Tom Hale", "Mr Hale", "It was led by Mr Tom Hale.") is True


def test_who_held_an_office_once_may_have_been_another() -> None:
    once, now = opened("Was Mr Hale the Mayor of Arvik?"), opened("Is Mr Hale the Mayor of Arvik?")
    assert once is not None and now is not None
    assert once.had_others and not now.had_others
