"""Posts, on minutes and notices of a harbour, a school district and a network of clinics: who is given the post asked
about, and who is only mentioned."""

from __future__ import annotations

import pytest

from rag.holdings import clause, holdings
from rag.post_questions import asked
from rag.posts import Around, Asked, fit
from rag.types import PartialDate

PUBLISHED = PartialDate(2024, 6, 3)
# (question, statement, who is given the post)
GIVEN = [
    ("Who is the Harbour Master?", "The Harbour Master, Captain Ida Holm, opened the lock.", "Captain Ida Holm"),
    ("Who's in charge of nursing at Hill Clinic?",
     "Ana Reyes, head of nursing at Hill Clinic, thanked them.", "Ana Reyes"),
    ("Who chairs the school board?", "The school board is chaired by Ms Berit Lund.", "Ms Berit Lund"),
    ("Who presides over the Pilotage Committee?", "Mr Tom Hale chairs the Pilotage Committee.", "Mr Tom Hale"),
    ("who minded dredging",
     "Three Commissioners came: Mr Bo Wu (Pilotage), Ms Ada Lin (Dredging and Quays) and Mr Jo Sand (Finance).",
     "Ms Ada Lin"),
    ("Who holds the school meals portfolio?",
     "Name: Ms Ruth Okoye; Portfolio: School meals; Ward: East", "Ms Ruth Okoye"),
    ("Who was the boss of the Arvik Clinic Network?",
     "Dr Ida Holm is chief executive of the Arvik Clinic Network.", "Dr Ida Holm"),
    ("Who is treasurer of the district?",
     "Ms Lo (chair), Mr Bo Hale (treasurer of the district) and Dr Wu attended.", "Mr Bo Hale"),
    ("Who runs the East Quay?",
     "Mr Jo Sand and Ms Ana Reyes, who manage the East Quay and the West Quay, disagreed.", None),
    ("Who directs the clinic at Vik?",
     "Dr Wu Tang and Dr Ada Lin, who direct the clinics at Vik and at Nes, agreed.", "Dr Wu Tang"),
    ("Who heads the clinic at Nes?",
     "Dr Wu Tang and Dr Ada Lin, who direct the clinics at Vik and at Nes, agreed.", "Dr Ada Lin"),
    ("Who is the deputy harbour master?", "Mr Tom Hale, Deputy Harbour Master, took notes.", "Mr Tom Hale"),
    ("Which deputy head of schools has been visiting Vik?",
     "Ms Ruth Okoye, a Vice-Head of schools, came by.", "Ms Ruth Okoye"),
    ("Who is the head teacher of Hill Road School?",
     "School: Hill Road School; Head teacher: Mr Kai Moss; Pupils: 410", "Mr Kai Moss"),
    ("Who became director of the network?",
     "Dr Ida Holm succeeded Ms Berit Lund as director of the network on 1 May 2024.", "Dr Ida Holm"),
    ("Who was named principal of Nes College?",
     "The board has appointed Mr Kai Moss principal of Nes College.", "Mr Kai Moss"),
    ("Who was given the job of registrar?",
     "The post of Registrar went to the Deputy Clerk, Ms Ada Lin.", "Ms Ada Lin"),
    ("Who is standing in as Harbour Master?", "Mr Tom Hale is acting Harbour Master.", "Mr Tom Hale"),
    ("Who looks after ports in the Norland government?",
     "Mr Jo Sand, Secretary for Ports, cut the ribbon.", "Mr Jo Sand"),
    ("Who is the head of the Port Authority's pilotage office?",
     "Ms Ana Reyes leads the pilotage office of the Port Authority.", "Ms Ana Reyes"),
    ("Who is the Secretary for Ports?",
     "The Secretaries for Ports and for Schools, Mr Jo Sand and Ms Berit Lund, signed.", "Mr Jo Sand"),
    ("Who is at the helm of the Harbour Trust?",
     "The Harbour Trust, run by Ms Ana Reyes, owns both quays.", "Ms Ana Reyes"),
    # traps
    ("Who is the Harbour Master?", "Mr Tom Hale, Deputy Harbour Master, took notes.", None),
    ("Who is the Harbour Master?", "Mr Tom Hale is acting Harbour Master.", None),
    ("Who is the superintendent of schools?",
     "A spokesman for the superintendent of schools, Mr Kai Moss, said so.", None),
    ("Who is the superintendent?", "The superintendent's spokesman, Mr Kai Moss, said so.", None),
    ("Who is the Secretary for Ports?", "Mr Bo Wu, Secretary for Schools, spoke of ports.", None),
    ("Who is the Secretary for Ports?", "Mr Bo Wu, Under Secretary for Ports, spoke.", None),
    ("Who chairs the Pilotage Committee?",
     "Ms Ada Lin chairs the Audit Committee, and Mr Hale came from the Pilotage Committee.", None),
    ("Who runs the Arvik Clinic Network?", "Dr Wu chairs the advisory panel of the Arvik Clinic Network.", None),
    ("Who is the Mayor of Vik?", "The Mayor of Nes, Ms Ruth Okoye, visited Vik.", None),
    ("Who is the Mayor of Vik?", "Ms Ruth Okoye met the Mayor of Vik.", None),
    ("Who is the Mayor?", "In talks with the Mayor, Ms Ruth Okoye spoke of dredging.", None),
    ("Who is the director of the clinic?", "The director of the clinic greeted Ms Ada Lin.", None),
    ("Who is the president of the Chamber of Ports?", "Earlier Mr Sand had called on the Chamber of Ports.", None),
    ("Who leads the school district?", "Mr Kai Moss led the delegation of the school district.", None),
    ("Who is the Minister for Ports?", "Mr Jo Sand, Secretary for Ports, cut the ribbon.", None),
    ("Who heads the harbour police?", "Ms Ana Reyes thanked the head of the harbour police.", None),
    ("Who is the chief executive of the network?", "Dr Wu directs the Chief Executive's Office of the network.", None),
    ("Who is in charge of schools?", "Ms Lund is clerk to the committee on schools.", None),
    ("Who is the Director General of the Trust?", "Ms Li, Director General of the Quay Office, signed.", None),
    ("Who is the dean of medicine?", "Dr Ada Lin is dean of law.", None),
    ("Who is the manager of the East Quay?", "Mr Bo Wu, the manager's brother, lives at the East Quay.", None),
]  # fmt: skip


def given(question: str, statement: str, before: str = "") -> list[str]:
    post = asked(question)
    assert post is not None
    return [
        statement[one.start : one.end]
        for one in holdings(statement, PUBLISHED)
        if not one.status and fit(post, one.post, Around(clause(statement, one), before, f"Norland. {statement}"))
    ]


@pytest.mark.parametrize(("question", "statement", "holder"), GIVEN)
def test_who_is_given_the_post_asked_about(question: str, statement: str, holder: str | None) -> None:
    assert given(question, statement) == ([holder] if holder else [])


@pytest.mark.parametrize(
    ("sentence", "post"),
    [
        ("The Port Secretary, Mr Tom Hale, and the Director of the Mayor's Office, Ms Ana Reyes, came.",
         "Director of the Mayor's Office"),
        ("Ms Ana Reyes, Mayor of Arvik, opened it.", "Mayor of Arvik"),
        ("With Mr Hale came the Under Secretary for Ports, Ships and Trade, Ms Ana Reyes; and others.",
         "Under Secretary for Ports, Ships and Trade"),
        ("Seen by Mr Sun, the Director of Housing, Ms Ana Reyes, signed it.", "Director of Housing"),
        ("Those who came were Ms Ana Reyes, the Director of Housing, Mr Wu Tang, the Mayor, and others.",
         "Director of Housing"),
        ("The Director of Housing Ms Ana Reyes came.", "Director of Housing"),
        ("Office: Director of Housing; Holder: Ms Ana Reyes", "Director of Housing"),
        ("Mr Bo Sun, the Mayor, and Ms Ana Reyes came.", None),
        ("Mr Tom Hale met Ms Ana Reyes in Arvik.", None),
        ("The fair in Arvik, Ms Ana Reyes said, was full.", None),
    ],
)  # fmt: skip
def test_the_words_that_name_the_post(sentence: str, post: str | None) -> None:
    named = [
        sentence[one.post_start : one.post_end]
        for one in holdings(sentence, PUBLISHED)
        if sentence[one.start : one.end] == "Ms Ana Reyes"
    ]
    assert named == ([post] if post else [])


@pytest.mark.parametrize(
    ("before", "holder"),
    [
        ("The Quay Committee, promised in the 2023 plan, met in May.", "Ms Lo"),
        ("The Quay Committee, promised in the 2023 plan, and the Audit Committee met in May.", None),
        ("The Audit Committee met in May.", None),
    ],
)
def test_its_chair_is_that_of_the_body_spoken_of_last(before: str, holder: str | None) -> None:
    for question in ("Who chairs the Quay Committee?", "Who leads the Quay Committee promised in the 2023 plan?"):
        assert given(question, "Ms Lo is its chair.", before) == ([holder] if holder else [])


@pytest.mark.parametrize(
    ("statement", "holder", "status"),
    [
        ("Dr Ida Holm succeeded Ms Berit Lund as director of the network.", "Ms Berit Lund", "past"),
        ("Ms Berit Lund stepped down as director of the network.", "Ms Berit Lund", "past"),
        ("Ms Berit Lund, the former director of the network, spoke.", "Ms Berit Lund", "past"),
        ("The director, Ms Berit Lund, was succeeded by Dr Ida Holm.", "Ms Berit Lund", "past"),
        ("Dr Ida Holm will take over as director of the network from 1 July.", "Dr Ida Holm", "coming"),
        ("Dr Ida Holm, director-designate of the network, spoke.", "Dr Ida Holm", "coming"),
        ("Dr Ida Holm has become director of the network.", "Dr Ida Holm", ""),
    ],
)
def test_who_has_left_a_post_or_is_yet_to_come_to_it(statement: str, holder: str, status: str) -> None:
    assert (holder, status) in [(statement[one.start : one.end], one.status) for one in holdings(statement, PUBLISHED)]


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the lock?",
        "Who met the Mayor?",
        "Who led the delegation to Vik?",
        "Who is Ida Holm?",
        "Who wrote the report on the quays?",
        "Which three commissioners came?",
        "Who are the members of the board?",
        "Is Ms Lo the Mayor?",
        "How many directors are there?",
        "Who is the owner's neighbour?",
        "",
        "who",
    ],
)
def test_what_asks_for_no_holder_of_a_post(question: str) -> None:
    assert asked(question) is None


@pytest.mark.parametrize(
    ("question", "relation", "person"),
    [
        ("Who was Ida Holm's predecessor?", "before", "Ida Holm"),
        ("Who ran the clinic network before Ida Holm?", "before", "Ida Holm"),
        ("Who did Dr Holm replace as director of the network?", "before", "Dr Holm"),
        ("Who succeeded Berit Lund as director?", "after", "Berit Lund"),
        ("Who took over from Ms Lund?", "after", "Ms Lund"),
    ],
)
def test_the_one_before_and_the_one_after(question: str, relation: str, person: str) -> None:
    post = asked(question)
    assert post is not None
    assert (post.relation, post.person) == (relation, person)


@pytest.mark.parametrize(
    "text", ["", "@", "@@@ ___", "Mr", "the the the", "Name: ; Post: ", "Mr A, " * 400, "😀 Ms Ł, Chair of ß"]
)
def test_odd_text_gives_no_trouble(text: str) -> None:
    for one in holdings(text, PUBLISHED):
        assert 0 <= one.start < one.end <= len(text)


def test_a_question_without_a_post_is_no_post() -> None:
    assert isinstance(asked("Who is the Mayor?"), Asked)
    assert asked("Who is the nicest person in Vik?") is None


def test_the_deputy_of_a_vice_chancellor_is_another() -> None:
    question = asked("Who is the Vice-Chancellor of Quay University?")
    assert question is not None
    around = Around("", "")
    for told, is_it in (("Vice-Chancellor of Quay University", True),
                        ("Deputy Vice-Chancellor of Quay University", False),
                        ("Pro-Vice-Chancellor of Quay University", False)):  # fmt: skip
        (held,) = holdings(f"Dr Ida Holm, {told}, spoke.", PUBLISHED)
        assert bool(fit(question, held.post, around)) is is_it, told
