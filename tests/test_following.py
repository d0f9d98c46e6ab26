"""Follow-ups made to stand alone; and questions that stand alone, which must come back as they were."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.following import resolve

COUNTED = ("How many talent scheme applications had been approved as at end-February 2024?", "about 160 000")
COMMITTEE = ("Who chairs the Committee on Education, Technology and Talents?", "The Chief Secretary for Administration")
SESSION = ("When was the Fifth Plenary Session of the Harbour/Hillside Conference held?", "29 November 2023")
SIGNED = ("Who signed the Co-operation Memorandum for Beijing?", "Ms Sima Hong")
OFFICE = ("When was OASES established?", "December 2022")
DIRECTOR = ("Who is the Director of Hong Kong Talent Engage?", "Mr Anthony Lau")
LIBRARY = ("Is the library open on Sundays?", "No")
SCHEME = ("Does the Top Talent Pass Scheme have a quota?", "No")
AREAS = ("What are the eleven areas of co-operation under the memorandum?", "trade, tourism and others")
TARGET = ("Did Hong Kong exceed its annual target for talent arrivals?", "Yes")
SIX = ("Which six Beijing universities sent representatives to meet Mr Lee?", "Peking University and five others")


def after(turn: tuple[str, str], question: str) -> str:
    return resolve(question, [turn])


# --- what is left out

ELLIPTIC = [
    (COUNTED, "And how many had arrived?", "How many had arrived under the talent scheme as at end-February 2024?"),
    (COUNTED, "How many were received?", "How many talent scheme applications were received as at end-February 2024?"),
    (COUNTED, "How many of them were refused in 2023?", "How many talent scheme applications were refused in 2023?"),
    (COUNTED, "And refused?", "How many talent scheme applications had been refused as at end-February 2024?"),
    (SESSION, "Who attended?", "Who attended the Fifth Plenary Session of the Harbour/Hillside Conference?"),
    (SESSION, "Who took part?", "Who took part in the Fifth Plenary Session of the Harbour/Hillside Conference?"),
    (SESSION, "What was the theme?",
     "What was the theme of the Fifth Plenary Session of the Harbour/Hillside Conference?"),
    (SCHEME, "Who can apply?", "Who can apply for the Top Talent Pass Scheme?"),
    (SESSION, "Where?", "Where was the Fifth Plenary Session of the Harbour/Hillside Conference held?"),
    (OFFICE, "Why?", "Why was OASES established?"),
    (("How many trams did the Harbour Board order in 2023?", "60"),
     "And how many did it receive?", "How many trams did the Harbour Board receive in 2023?"),
    (("What did the transport board aim for?", "60 trams"), "When did it meet?", "When did the transport board meet?"),
    (OFFICE, "By whom?", "By whom was OASES established?"),
    (SIGNED, "When?", "When did Ms Sima Hong sign the Co-operation Memorandum for Beijing?"),
    (SIGNED, "When was that?", "When did Ms Sima Hong sign the Co-operation Memorandum for Beijing?"),
    (SIX, "When exactly?", "When did the six Beijing universities send representatives to meet Mr Lee?"),
    (("What did the minister announce?", "a new fund"),
     "When did this happen?", "When did the minister announce a new fund?"),
    (("Which countries signed the treaty?", "France and Spain"),
     "Why did they?", "Why did the countries sign the treaty?"),
    (TARGET, "By how much?", "By how much did Hong Kong exceed its annual target for talent arrivals?"),
    (LIBRARY, "Why not?", "Why is the library not open on Sundays?"),
    (("How many jobs were created by the fund?", "9"),
     "In which districts?", "In which districts were the jobs created by the fund?"),
    (("How many universities sent representatives?", "six"), "Which ones?", "Which universities sent representatives?"),
    (("Is Hong Kong a member of the Forum?", "No"), "Why not?", "Why is Hong Kong not a member of the Forum?"),
    (("How many people were employed in 2021?", "3 million"),
     "What percentage were women?", "What percentage of the people were women?"),
]  # fmt: skip
ANOTHER = [
    (COUNTED, "And in 2023?", "How many talent scheme applications had been approved in 2023?"),
    (COUNTED, "What about March 2023?", "How many talent scheme applications had been approved as at March 2023?"),
    (("How many guests came in March?", "9"), "In April?", "How many guests came in April?"),
    (("How many guests came?", "9"), "And last year?", "How many guests came last year?"),
    (LIBRARY, "What about Saturdays?", "Is the library open on Saturdays?"),
    (LIBRARY, "And the museum?", "Is the museum open on Sundays?"),
    (OFFICE, "What about Hong Kong Talent Engage?", "When was Hong Kong Talent Engage established?"),
    (SIGNED, "And for Hong Kong?", "Who signed the Co-operation Memorandum for Hong Kong?"),
    (DIRECTOR, "And of OASES?", "Who is the Director of OASES?"),
    (SCHEME, "How about the Quality Migrant Scheme?", "Does the Quality Migrant Scheme have a quota?"),
    (("What is the fee for adults?", "$2"), "and for students?", "What is the fee for students?"),
    (("How much does a permit cost?", "$2"), "And for students?", "How much does a permit cost for students?"),
    (("Do students need a visa?", "Yes"), "And tourists?", "Do tourists need a visa?"),
    (("Do students need a visa?", "Yes"), "What about for researchers?", "Do researchers need a visa?"),
    (("Who is the Mayor of Beijing?", "Mr Yin"), "What about Shanghai?", "Who is the Mayor of Shanghai?"),
    (("Who is the Mayor of Beijing?", "Mr Yin"), "And the Vice Mayor?", "Who is the Vice Mayor of Beijing?"),
    (("What is the speed limit on the bridge?", "80"), "And in the tunnel?", "What is the speed limit in the tunnel?"),
    (("What were the results in the first quarter of 2023?", "good"), "And in Q2?", "What were the results in Q2?"),
    (("What are the fees for the passport?", "$2"),
     "And for children?", "What are the fees for the passport for children?"),
    (OFFICE, "What about its budget?", "What about the budget of OASES?"),
    (OFFICE, "What about fees?", "What about fees for OASES?"),
    (("How many students were admitted in 2022?", "4"), "And teachers?", "How many teachers were admitted in 2022?"),
    (("Which firms were in the first batch?", "A, B"),
     "And in the second batch?", "Which firms were in the second batch?"),
    (("What are the opening hours of the Central Library?", "9 to 5"), "And the City Museum?",
     "What are the opening hours of the City Museum?"),
]  # fmt: skip
POINTING = [
    (COMMITTEE, "What is its task?", "What is the task of the Committee on Education, Technology and Talents?"),
    (COMMITTEE, "When was it established?", "When was the Committee on Education, Technology and Talents established?"),
    (COMMITTEE, "When was he appointed?", "When was the Chief Secretary for Administration appointed?"),
    (COMMITTEE, "How many members does that committee have?",
     "How many members does the Committee on Education, Technology and Talents have?"),
    (COMMITTEE, "How many members does the Committee have?",
     "How many members does the Committee on Education, Technology and Talents have?"),
    (SIGNED, "When did she sign it?", "When did Ms Sima Hong sign the Co-operation Memorandum for Beijing?"),
    (SIGNED, "Did she attend the talks?", "Did Ms Sima Hong attend the talks?"),
    (SIGNED, "What is her post?", "What is the post of Ms Sima Hong?"),
    (SESSION, "Who chaired it?", "Who chaired the Fifth Plenary Session of the Harbour/Hillside Conference?"),
    (DIRECTOR, "Where is it located?", "Where is Hong Kong Talent Engage located?"),
    (DIRECTOR, "What does he do?", "What does Mr Anthony Lau do?"),
    (SCHEME, "When was this scheme launched?", "When was the Top Talent Pass Scheme launched?"),
    (AREAS, "Which of these areas concern waste?", "Which of the eleven areas of co-operation concern waste?"),
    (AREAS, "Who signed it?", "Who signed the memorandum?"),
    (SIX, "When did he meet them?", "When did Mr Lee meet the six Beijing universities?"),
    (TARGET, "What was that target?", "What was the annual target of Hong Kong?"),
    (("Who signed the agreement with Guangdong?", "Ms Ho"),
     "What does the agreement cover?", "What does the agreement with Guangdong cover?"),
    (("Which universities took part in the forum?", "A University and B University"),
     "When was it held?", "When was the forum held?"),
    (("How many enterprises did OASES meet?", "200"),
     "How many jobs will they create?", "How many jobs will the enterprises create?"),
    (("Who are the members of the Board?", "Ms Ho and Mr Li"),
     "How long do they serve?", "How long do Ms Ho and Mr Li serve?"),
    (("Which office attracts enterprises?", "Office for Attracting Strategic Enterprises"), "When was it set up?",
     "When was the Office for Attracting Strategic Enterprises set up?"),
    (("Which bureau is HKTE under?", "the Labour and Welfare Bureau"),
     "Who heads it?", "Who heads the Labour and Welfare Bureau?"),
    (("Where did Mr Chan go in January?", "Guangzhou"), "Who did he meet there?", "Who did Mr Chan meet in Guangzhou?"),
    (("Who led the delegation to Beijing?", "Mr Lee"),
     "When did they arrive there?", "When did the delegation arrive in Beijing?"),
    (("When was the harbour symposium held?", "June 3"), "Who spoke there?", "Who spoke at the harbour symposium?"),
    (("How many guests came in 2023?", "9"), "How many ships came that year?", "How many ships came in 2023?"),
    (("What did the two sides sign?", "a framework agreement"), "What does this agreement cover?",
     "What does the framework agreement cover?"),
    (("How much does a permit cost?", "$100"), "How do I renew it?", "How do I renew the permit?"),
    (("What documents do I need for a renewal?", "an ID"), "How long does it take?", "How long does the renewal take?"),
    (("what's the aim of the harbour board", "safety"), "who's its head", "Who is the head of the harbour board?"),
]  # fmt: skip
MORE = [
    (COUNTED, "And how many permits were issued?", "How many permits were issued as at end-February 2024?"),
    (COUNTED, "How many permits had been issued by then?", "How many permits had been issued by end-February 2024?"),
    (SIGNED, "And who signed it for Hong Kong?", "Who signed the Co-operation Memorandum for Hong Kong?"),
    (("What was the theme of the symposium?", "Talent"), "When did it take place?",
     "When did the symposium take place?"),
    (("What was the theme of the symposium?", "Talent"), "How many people came?",
     "How many people came to the symposium?"),
    (("How many jobs are the new firms expected to create?", "9"), "And how much will they invest?",
     "How much will the new firms invest?"),
]  # fmt: skip
ALL = [*MORE, *ELLIPTIC, *ANOTHER, *POINTING]


@pytest.mark.parametrize(("turn", "question", "alone"), ALL)
def test_a_follow_up_stands_alone(turn: tuple[str, str], question: str, alone: str) -> None:
    assert after(turn, question) == alone


@pytest.mark.parametrize(("turn", "question", "alone"), ALL)
def test_what_stands_alone_is_not_changed_again(turn: tuple[str, str], question: str, alone: str) -> None:
    assert after(turn, alone) == alone
    assert resolve(question, []) == question


# --- several turns


def test_a_chain_keeps_its_topic() -> None:
    history = [OFFICE, ("Who heads it?", "Mr Philip Yung"), ("What is its task?", "to attract enterprises")]
    assert resolve("How many enterprises has it met?", history) == "How many enterprises has OASES met?"
    assert resolve("When was he appointed?", history) == "When was Mr Philip Yung appointed?"
    history.append(("Where is it?", "in Central"))
    assert resolve("And HKTE?", history) == "Where is HKTE?"


def test_a_chain_of_times() -> None:
    history = [COUNTED, ("And in 2023?", "130 000"), ("And how many were received?", "180 000")]
    assert resolve("And in 2022?", history) == "How many talent scheme applications were received in 2022?"


def test_the_newest_thing_is_meant() -> None:
    history = [("When was the Harbour Board founded?", "1950"), ("When was the Ferry Council founded?", "1960")]
    assert resolve("Who chairs it?", history) == "Who chairs the Ferry Council?"


def test_an_event_is_meant_where_one_was_held() -> None:
    history = [SESSION, ("Who chaired it?", "Mr Lee and Mr Yin")]
    assert resolve("Did Ms Ho attend?", history) == (
        "Did Ms Ho attend the Fifth Plenary Session of the Harbour/Hillside Conference?"
    )


def test_an_abstention_before_is_no_answer() -> None:
    history = [("Who leads the Ferry Council?", ""), ("When did it begin?", "The documents do not say.")]
    assert resolve("Where is it?", history) == "Where is the Ferry Council?"
    assert resolve("When was he appointed?", history) == "When was he appointed?"


# --- questions of their own

ALONE = """When was Hong Kong Talent Engage established?
Is it true that the ferry runs at night?
Is it possible to renew a passport online?
Is it true that committee members are paid?
How long does it take to renew a passport?
Was it decided that the bridge would close?
Was it Mr Lee who opened the bridge?
What time is it?
Does it cost more to apply by post?
Why is it important to register early?
What is it like to live in Macao?
What makes it hard to find a flat?
What did the Secretary for Health say about his visit?
Did Hong Kong exceed its annual target?
Which companies moved their headquarters to Hong Kong?
Who brought their families to Hong Kong?
When did the Ferry Board change its timetable?
What did the Ferry Board say about its timetable?
If an application is refused, can it be appealed?
When an applicant moves, does he need a new card?
What happens when a member resigns and how is he replaced?
How does a company apply for the fund and when is it paid?
Did Mr Wong say that he would resign?
Who said that schools should close?
What is the population of France this year?
How many people visited the museum last year?
Is there a fee for late registration?
How many schools are there in Shatin?
What is the rule that applies to taxis?
Which of the taxis are electric?
What does the law say about those who smoke?
Do people aged 65 or over pay for their meals?
Where can visitors park their cars?
Does the museum lend its pictures to schools?
Who founded OpenAI?
What is the capital of France?
oases meaning
global talent summit date
talent schemes quota 2024
hw many talants arived
What is the plan for the northern pier?
What did Mr Lee do when he arrived in Beijing?
How was the money of the fund spent in 2022?
What are the opening hours of the Central Library?
Who attended the opening of the Central Library?
Who signed the treaty with Macao?
Who can apply for the seniors card?
Which universities took part in the fair?
Which agreements were signed?
Which agreements did Mr Sun sign?
How many were killed in the fire of 1911?
Does the Transport Department publish its reports?
Please list the members of the Housing Board.
Is the scheme for foreign nurses still open?
How many members does the Ferry Committee have?
What does OASES stand for?
When do members vote on whether they agree to a bill?
Who feared that he would lose the vote?
How much does it rain when a typhoon comes?
In what year was Mr Ware elected to the chair?
What percentage was the increase of farm products in 2003?
What can the museum do with its pictures?
Thanks!
???""".splitlines()
BEFORE = [[COMMITTEE], [COUNTED, ("And in 2023?", "130 000")], [SIGNED], [AREAS, DIRECTOR],
          [SESSION, ("Who chaired it?", "Mr Lee"), ("Where?", "North")],
          [("Is it free for students?", "Yes"), SCHEME]]  # fmt: skip


@pytest.mark.parametrize("question", ALONE)
def test_a_question_of_its_own_is_untouched(question: str) -> None:
    for history in BEFORE:
        assert resolve(question, history) == question


def test_only_the_opener_goes_from_a_question_of_its_own() -> None:
    assert after(COMMITTEE, "And what is the capital of France?") == "What is the capital of France?"


def test_what_nothing_before_explains_is_untouched() -> None:
    for question in ("When was he appointed?", "Who did she meet?"):
        assert after(OFFICE, question) == question
    assert after(("Hello", "Hello."), "Why?") == "Why?"
    assert after(("When did Mr Lee visit Beijing?", "in May"), "What did they discuss?") == "What did they discuss?"


# --- whatever is typed

WORDS = st.sampled_from(
    "and what about how many who when where why is was did does the a of for in it its they their he that this those "
    "there Committee on Education Beijing Mr Lee scheme schemes meeting signed sign held 2023 March ? , ' -".split()
)
TYPED = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(TYPED, st.lists(st.tuples(TYPED, TYPED), max_size=5))
def test_any_question_after_any_history(question: str, history: list[tuple[str, str]]) -> None:
    alone = resolve(question, history)
    assert alone == question or (0 < len(alone) <= 2_000 and "  " not in alone)
    assert resolve(question, history) == alone
    assert resolve(question, []) == question


HOSTILE = ["it ", "the ", "of the Committee ", "A, ", "?", "that ", " ", "in 2023 ", "who ", "ab-", "it is a b ",
           "Committee on A, B and C ", "was ed ", "how many had ", "x of "]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_little_time(unit: str) -> None:
    long = unit * (200_000 // len(unit))
    started = time.process_time()
    resolve(long, [(long, long)] * 50)
    for front in ("", "And ", "What about ", "How many ", "When was it "):
        for length in (590, 1_900):
            question = (front + long)[:length]
            resolve(question, [(question, long)] * 5)
    resolve("Who chairs it there?", [(long[:1_900], long)] * 5)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        ("How many boats had moored by May 2023?", "And how much had that gone up by the end of the month after?",
         "How many more boats had moored by the end of June 2023 than by May 2023?"),
        ("How many pupils were enrolled in December 2023?", "How much has it fallen by the following month?",
         "How many fewer pupils were enrolled by January 2024 than in December 2023?"),
        ("What was the adult fee in 2022?", "And how much had it gone up by a year later?",
         "How much higher was the adult fee by 2023 than in 2022?"),
        ("How many boats had moored by May 2023?", "And by the end of the month after?",
         "How many boats had moored by the end of June 2023?"),
    ],
)  # fmt: skip
def test_a_time_is_seen_from_the_one_before(previous: str, question: str, whole: str) -> None:
    assert resolve(question, [(previous, "about 40")]) == whole


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        ("How did the number of booked berths change during 2023?", "And what about the skippers who really came?",
         "How did the number of skippers who really came change during 2023?"),
        ("How did the number of booked berths change during 2023?", "What about those that were cancelled?",
         "How did the number of berths that were cancelled change during 2023?"),
        ("How many pupils had applied by May 2023?", "And what about those who were admitted?",
         "How many people who were admitted by May 2023?"),
    ],
)  # fmt: skip
def test_the_same_of_others_that_are_counted(previous: str, question: str, whole: str) -> None:
    assert resolve(question, [(previous, "about 40")]) == whole
