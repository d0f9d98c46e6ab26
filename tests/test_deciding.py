"""Verdicts: "Yes" and "No" only where the words force them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.deciding import verdict

YES = [
    ("Did more than 100 000 people arrive?", "By then over 120 000 people arrived."),
    ("Did at least 40 firms apply?", "Exactly 52 firms applied before the deadline."),
    ("Did fewer than 300 residents object?", "About 120 residents objected to the scheme."),
    ("Has unemployment fallen below 5 per cent?", "Unemployment has fallen below 5 per cent."),
    ("Did the bridge cost more than $10 million?", "The bridge cost $12.5 million."),
    ("Was it opened before 2020?", "It was opened in March 2019."),
    ("Was the depot opened after 2015?", "The depot was opened on 3 May 2016."),
    ("Was the fund established in 2021?", "The fund was established in November 2021."),
    ("Was the fund set up by the council?", "The council set up the fund in November 2021."),
    ("Did the council approve the budget?", "The council approved the budget by 30 votes to 11."),
    ("Did the council approve the budget?", "On Monday the budget was finally approved by the council."),
    ("Was the budget approved by the council?", "On 5 June 2022 the council approved the budget."),
    ("Has the treaty been signed?", "The treaty was signed in Lisbon on 13 December 2007."),
    ("Did Ms Ana Reyes sign the memorandum?", "The memorandum was signed by Ms Ana Reyes and Mr Tom Hale."),
    ("Did Dr Lea Sommer visit the laboratory?", "Dr Lea Sommer, who chairs the board, visited the laboratory."),
    ("Did the ministry meet its target?", "The ministry has met its target."),
    ("Is the museum free on Mondays?", "The museum is free on Mondays."),
    ("Is Arvik a city?", "Arvik is a city in the north."),
    ("Is there a waiting list?", "There is a waiting list."),
    ("Do I need a permit?", "You need a permit."),
    ("Can visitors bring dogs?", "Visitors may bring dogs."),
    ("Must drivers register?", "Drivers must register."),
    ("Will the depot open in 2026?", "The depot will open in 2026."),
    ("Were all applications approved?", "All applications were approved."),
    ("Did the museum open in 2019?", "The museum opened in 2019."),
    ("Is the panel chaired by Mr Hale?", "The panel is chaired by Mr Hale."),
    ("Does the museum have a shop?", "The museum has a shop."),
    ("Was the Arvik Centre opened before the Norland Centre?",
     "The Arvik Centre was opened before the Norland Centre."),
    ("Did the Secretary for Transport attend the meeting?",
     "The Secretary for Transport, Ms Ana Reyes, attended the meeting yesterday."),
    ("Was the symposium held in June?", "The symposium was held in June."),
    ("Did the scheme attract over 20 000 applicants?", "The scheme attracted 23 400 applicants in its first year."),
    ("Were more than half of the places filled?", "More than half of the places were filled."),
    ("Was the Harbour Office established by the Government?",
     "The Government established the Harbour Office in August 2018."),
    ("Are applicants required to hold a degree?", "Applicants are required to hold a degree."),
    ("Did the two sides sign a framework agreement?", "The two sides signed a framework agreement on talent exchange."),
    ("Will the council hold a summit in May 2027?", "In May 2027, the council will hold a summit and a conference."),
    ("Has the number of visitors increased?", "The number of visitors has increased by 12 per cent."),
    ("Was the law passed in 1998?", "Parliament passed the law in March 1998."),
    ("Did over 20 universities take part?", "23 universities took part in the fair."),
    ("Was the report published after the election?", "The report was published after the election."),
    ("Did the talks begin in 2021?", "The talks began in June 2021."),
    ("Did the talks start before 2022?", "The talks began in June 2021."),
    ("Is there parking at the site?", "There is parking at the site."),
    ("Was the plan adopted at the third meeting?", "The plan was adopted at the third meeting."),
    ("Did the Ministry of Health publish the guidelines in 2022?",
     "In April 2022 the Ministry of Health published the guidelines on its website."),
    ("Has the ferry service resumed?", "The ferry service has resumed after a two-week break."),
    ("Did at least 500 households apply for the grant?", "A total of 612 households applied for the grant."),
    ("Was the commission created before 2005?", "The commission was created by decree on 14 June 2003."),
    ("Were the results announced on 3 May 2023?", "The results were announced on 3 May 2023 at the town hall."),
    ("Is the library closed on public holidays?", "The library is closed on public holidays."),
    ("Did the Director of Ports open the terminal?",
     "The terminal was opened by the Director of Ports, Mr Ivo Brandt."),
    ("Can residents renew permits online?", "Residents can renew permits online."),
    ("Has the population grown?", "The population has grown by 8 per cent since 2010."),
    ("Does the university have more than 10 000 students?", "The university has 14 300 students."),
    ("Will it hold a fair in June 2027?", "In June 2027, it will hold a fair."),
]  # fmt: skip

NO = [
    ("Did more than 100 000 people arrive?", "About 90 000 people arrived."),
    ("Did at least 40 firms apply?", "31 firms applied."),
    ("Did the bridge cost more than $10 million?", "The bridge cost $8.2 million."),
    ("Is the fee $100?", "The fee is $120."),
    ("Was it opened before 2020?", "It was opened in March 2021."),
    ("Was the depot opened after 2015?", "The depot was opened on 3 May 2014."),
    ("Was the fund established in 2021?", "The fund was established in November 2022."),
    ("Did the council approve the budget?", "The council did not approve the budget."),
    ("Did the council approve the budget?", "The council rejected the budget."),
    ("Did the council approve the budget?", "The budget was rejected by the council."),
    ("Was the budget approved?", "The budget was not approved."),
    ("Was the budget approved by the council?", "The council refused to approve the budget."),
    ("Did the firm meet the deadline?", "The firm failed to meet the deadline."),
    ("Has the committee approved the plan?", "The committee has yet to approve the plan."),
    ("Has the plan been approved?", "The plan has not yet been approved."),
    ("Did the Mayor sign the letter?", "The Mayor never signed the letter."),
    ("Did the Mayor sign the letter?", "The Mayor declined to sign the letter."),
    ("Were any applications rejected?", "No applications were rejected."),
    ("Were the applications approved?", "None of the applications were approved."),
    ("Were all applications approved?", "Not all applications were approved."),
    ("Is there a waiting list?", "There is no waiting list."),
    ("Do I need a permit?", "You do not need a permit."),
    ("Can visitors bring dogs?", "Visitors may not bring dogs."),
    ("Can visitors bring dogs?", "Visitors can't bring dogs."),
    ("Is the garden open on Sundays?", "The garden is closed on Sundays."),
    ("Is the scheme compulsory?", "The scheme is no longer compulsory."),
    ("Is registration compulsory?", "Registration is voluntary."),
    ("Does the museum charge a fee?", "The museum no longer charges a fee."),
    ("Did exports increase in 2022?", "Exports decreased by 3 per cent in 2022."),
    ("Does the museum have a shop?", "The museum has no shop."),
    ("Will the depot close?", "The depot will not close."),
    ("Is the museum larger than the library?", "The museum is smaller than the library."),
    ("Does the scheme cover dental care?", "The scheme does not cover dental care."),
    ("Was the road reopened in May?", "The road was not reopened in May."),
    ("Are late applications accepted?", "Late applications are not accepted."),
    ("Are late applications accepted?", "No late applications are accepted."),
    ("Can I apply online?", "You cannot apply online."),
    ("Has the bridge been completed?", "The bridge has not been completed."),
    ("Did more than 50 people complain?", "Fewer than 40 people complained."),
    ("Did the company accept the offer?", "The company declined the offer."),
    ("Was the airport opened before 1998?", "The airport was opened in July 1998."),
    ("Is membership compulsory?", "Membership is optional."),
    ("Did unemployment rise in 2023?", "Unemployment fell in 2023."),
    ("Was the office established in 2020?", "The office was established in 2021."),
    ("Was the strike called off?", "The strike was not called off."),
    ("Is Mr Hale a member?", "Mr Hale is not a member."),
    ("Were the charges dropped?", "The charges were never dropped."),
    ("Did the board extend the deadline?", "The board did not extend the deadline."),
    ("Is smoking allowed in the park?", "Smoking is not allowed in the park."),
    ("Did the Senate pass the bill?", "The Senate failed to pass the bill."),
    ("Were any passengers injured?", "No passengers were injured."),
    ("Did more than 3 000 people sign the petition?", "Fewer than 2 000 people signed the petition."),
    ("Was the tunnel completed before 2018?", "The tunnel was completed in November 2019."),
    ("Do children need a ticket?", "Children do not need a ticket."),
    ("Has the vaccine been approved?", "The vaccine has yet to be approved."),
    ("Did the price of bread fall in 2022?", "The price of bread rose in 2022."),
    ("Is attendance mandatory?", "Attendance is voluntary."),
]  # fmt: skip

OPEN = [
    ("Did more than 100 000 people arrive?", "Over 90 000 people arrived."),
    ("Did more than 100 000 people arrive?", "About 105 000 people arrived."),
    ("Did 100 people attend?", "Some 150 people attended."),
    ("Did more than 100 nurses arrive?", "Over 120 doctors arrived and 30 nurses left."),
    ("Was it opened before 2020?", "It was opened in 2020 or earlier."),
    ("Was the fund established before May 2021?", "The fund was established in 2021."),
    ("Was the meeting held in May 2021?", "The meeting was held in June 2021."),
    ("Was the museum founded in 1911?", "The museum library was founded in 1911."),
    ("Was Arvik set up in 2023?", "The office of Arvik was set up in 2023."),
    ("Was the museum closed?", "The museum's cafe was closed."),
    ("Was the library closed?", "The museum, which replaced the library, was closed."),
    ("Did the museum open in 2019?", "The museum opened a shop in 2019."),
    ("Did Arvik buy Norland?", "Norland bought Arvik in 2019."),
    ("Did the council sue the firm?", "The council was sued by the firm."),
    ("Did the Mayor sign the letter?", "The Vice Mayor signed the letter."),
    ("Did the Mayor sign the letter?", "The former Mayor signed the letter."),
    ("Did the Mayor sign the letter?", "The Mayor met Mr Hale, who signed the letter."),
    ("Did the Mayor sign the letter?", "The Mayor signed the draft of the letter."),
    ("Did the Mayor sign the letter?", "The Mayor will sign the letter."),
    ("Did the Mayor sign the letter?", "The Mayor plans to sign the letter."),
    ("Did the Mayor sign the letter?", "The Mayor may have signed the letter."),
    ("Did the Mayor sign the letter?", "Critics claim that the Mayor signed the letter."),
    ("Did the Mayor sign the letter?", "Some say the Mayor signed the letter."),
    ("Did the Mayor sign the letter?", "If the Mayor signed the letter, he must resign."),
    ("Did the Mayor sign the letter?", "The Mayor denied that he signed the letter."),
    ("Did the Mayor sign the letter?", "The Mayor read the letter."),
    ("Did the Mayor sign the letter?", "The Mayor almost signed the letter."),
    ("Did the council approve the budget?", "The council partly approved the budget."),
    ("Did the council approve the budget?", "The council approved the budget unless the court objects."),
    ("Did the council approve the budget?", "The council approved the budget review."),
    ("Did the council approve the budget?", "The council approved the budget but not the plan."),
    ("Did the council approve the budget?", "The council did not reject the budget."),
    ("Did the council approve the budget?", "The council did not approve the budget in May."),
    ("Was the treaty ratified?", "Norland has not ratified the treaty."),
    ("Was the budget approved?", "The finance panel rejected the budget."),
    ("Has the road been closed?", "The road had been closed."),
    ("Did the office open?", "The Mayor said that the office opened."),
    ("Was the budget approved?", "The budget was not officially approved."),
    ("Was a budget approved?", "A budget was not approved."),
    ("Were all applications approved?", "About 160 000 applications were approved."),
    ("Were all applications approved?", "All applications except two were approved."),
    ("Were the applications approved?", "Most of the applications were approved."),
    ("Is Lea Sommer the chair?", "Lea Sommer was the chair."),
    ("Is the museum free?", "The museum is free on Mondays."),
    ("Is the museum free for children?", "The museum is free."),
    ("Do I need a permit?", "You do not need a permit on Sundays."),
    ("Was the office opened in Arvik?", "The office was opened in Norland rather than in Arvik."),
    ("Was the office opened in Arvik?", "The office was opened in 2019 and a branch was closed in Arvik."),
    ("Was the office opened in Arvik?", "The office was opened in 2019, with a branch in Arvik."),
    ("Did Mr Hale fly from Oslo to Rome?", "Mr Hale flew from Rome to Oslo."),
    ("Did the office open or close?", "The office closed."),
    ("Didn't the office open?", "The office opened."),
    ("When did the office open?", "The office opened in 2019."),
    ("Did the office open?", "Did the office open?"),
    ("Did the office open?", "Had the office opened, it would have been welcome."),
    ("Did the office open?", ""),
    ("any ? ever ?", "The office opened."),
    ("", "The office opened."),
    ("Does the permit expire after five years?", "The permit expires after ten years."),
    ("Did more than 100 delegates attend?", "More than 150 guests, among them 60 delegates, attended."),
    ("Was the Centre built by the council?", "The Centre was built by the council's contractor."),
    ("Is the park open at night?", "The park is open during the day."),
    ("Was the law passed in 1998?", "The law passed in 1998 was repealed."),
    ("Did Norland invade Arvik?", "Norland planned to invade Arvik."),
    ("Did the firm repay the loan?", "The firm was ordered to repay the loan."),
    ("Did the firm repay the loan?", "The court asked whether the firm repaid the loan."),
    ("Was Mr Hale elected?", "Mr Hale was nearly elected."),
    ("Was Mr Hale elected Mayor?", "Mr Hale was elected Deputy Mayor."),
    ("Did Mr Hale resign?", "The deputy of Mr Hale resigned."),
    ("Did Mr Hale resign?", "Mr Hale's deputy resigned."),
    ("Did Mr Hale resign?", "Mr Hale offered to resign."),
    ("Did Mr Hale resign?", "Mr Hale will not resign."),
    ("Did the Government reduce taxes?", "The Government reduced taxes on fuel only."),
    ("Did exports to Norland increase?", "Exports to Arvik increased."),
    ("Did exports increase?", "Exports to Arvik increased."),
    ("Did the court uphold the ban?", "The court upheld part of the ban."),
    ("Was the tunnel closed for repairs?", "The tunnel was closed for an inspection."),
    ("Can pensioners travel free?", "Pensioners can travel free on Sundays."),
    ("Is the vaccine safe?", "The vaccine is considered safe."),
    ("Was the hospital built in 1950?", "The hospital was built in the 1950s."),
    ("Do students pay tuition?", "Students pay tuition if they live abroad."),
    ("Did the firm open 20 shops?", "The firm opened 12 shops in 2019 and 8 in 2020."),
    ("Did all members vote?", "Some members did not vote."),
    ("Did Mr Hale attend the meeting with Ms Reyes?", "Mr Hale attended the meeting."),
    ("Did the Arvik team win the match?", "The Arvik team lost no match."),
    ("Was the programme launched in 2021?", "The programme, relaunched in 2021, is popular."),
    ("Did the ministry increase the budget by 10%?", "The ministry increased the budget by 5%."),
    ("Did the ministry increase the budget by 10%?", "The ministry increased the budget."),
    ("Did the Mayor open the new hospital?", "The Mayor opened the meeting at the new hospital."),
    ("Was the contract awarded to Norland Steel?",
     "The contract was awarded to Arvik Steel, a rival of Norland Steel."),
    ("Have all schools reopened?", "Schools in the north have reopened."),
    ("Did the company pay the fine?", "The company was told to pay the fine."),
    ("Is the bridge safe?", "Engineers believe the bridge is safe."),
    ("Did Ms Sommer succeed Mr Brandt?", "Mr Brandt succeeded Ms Sommer."),
    ("Did over 5 000 visitors come in May?", "Nearly 6 000 visitors came in May and June."),
    ("Was the airport expanded in 2015?", "The expansion of the airport was proposed in 2015."),
    ("Does the pass cover trams?", "The pass covers buses."),
    ("Did the union accept the offer?", "The union accepted an earlier offer."),
    ("Will the museum close in June?", "The museum may close in June."),
    ("Was the minister arrested?", "The minister's brother was arrested."),
    ("Did the agency spend more than $2 million?", "The agency spent nearly $2 million on salaries and more on rent."),
    ("Are the beaches open?", "The beaches are open until September."),
    ("Was the treaty ratified by Norland?", "The treaty was ratified by Arvik, and Norland signed it."),
    ("Did Norland win the contract?", "Norland won the contract dispute."),
    ("Did the Mayor attend the opening of the bridge?", "The Mayor attended the closing of the bridge."),
    ("Did exports exceed imports?", "Imports exceeded exports."),
    ("Is Arvik bigger than Norland?", "Norland is bigger than Arvik."),
    ("Did the strike end before the election?", "The strike ended the day of the election."),
    ("Was Mr Hale appointed by the Mayor?", "Mr Hale was appointed by the Mayor's predecessor."),
    ("Was Mr Hale appointed chairman?", "Mr Hale was appointed vice chairman."),
    ("Did 20 countries sign the treaty?", "More than 20 countries signed the treaty."),
    ("Did exactly 20 countries sign the treaty?", "At least 20 countries signed the treaty."),
    ("Did the fund exceed its target?", "The fund was close to exceeding its target."),
    ("Did the port exceed its target?", "The port hopes to grow, exceeding its target."),
    ("Can I park on the street?", "You can park on the street after 6 pm."),
    ("Are dogs allowed?", "Dogs are allowed on a lead."),
    ("Is the office open on Saturdays?", "The office is open on Saturdays in June."),
    ("Was the hotel opened in 1990?", "The hotel was reopened in 1990."),
    ("Was the station opened in 1990?", "The station was opened in the 1990s."),
    ("Did the firm hire 50 people?", "The firm hired 50 people less than planned."),
    ("Did the bank lend money to Norland?", "The bank lent money to Norland Steel."),
    ("Did Arvik host the Games?", "Arvik hosted the Games committee."),
    ("Did the President visit Arvik in May?", "The President visited Norland in May and Arvik in June."),
    ("Did the President visit Norland in June?", "The President visited Norland in May and Arvik in June."),
    ("Was the plan approved in May?", "The plan was submitted in May and approved in June."),
    ("Did Ms Reyes chair the panel?", "Ms Reyes, not Mr Hale, was asked to chair the panel."),
    ("Did the talks fail?", "The talks did not succeed."),
    ("Has the road been closed?", "The road had been closed for years before it was rebuilt."),
    ("Does the law apply to Arvik?", "The law applies to Norland but not to Arvik."),
    ("Is the pool heated?", "The pool is not always heated."),
    ("Was the report accepted?", "The report was accepted by two of the five members."),
    ("Did the number of jobs increase?", "The number of jobs increased the pressure on housing."),
    ("Did revenue rise in 2020?", "Revenue fell in 2019."),
    ("Was the bill passed unanimously?", "The bill was passed."),
    ("Did every member vote for the motion?", "Members voted for the motion."),
    ("Did the members vote for the motion?", "Two members voted for the motion."),
    ("Is Ms Reyes the first female mayor?", "Ms Reyes is the second female mayor."),
    ("Was Arvik founded in 1850?", "A suburb of Arvik was founded in 1850."),
    ("Was Arvik founded in 1850?", "Founded in 1850, the Arvik Club is old."),
    ("Did the Norland Council reject the plan?", "The Norland Council rejected claims that the plan failed."),
    ("Did the museum sell the painting?", "The museum sold the painting's frame."),
    ("Will all staff receive training?", "All new staff will receive training."),
    ("Did the airline cancel flights to Norland?", "The airline cancelled flights from Norland."),
    ("Did the chairman resign before the vote?", "The chairman resigned before the second vote."),
    ("Do members pay a fee?", "Members pay no fee in the first year."),
    ("Was the dam finished in 2001?", "The dam was not finished until 2001."),
    ("Was the dam finished in 2001?", "The first stage of the dam was finished in 2001."),
    ("Did the board meet?", "The board did not meet to approve the plan."),
    ("Was it opened?", "The shop was repaired and the car park was opened."),
    ("Did the firm sue in 1998?", "The firm sued in 1998 was acquitted."),
    ("Did the company sue in 2019?", "The company, sued in 2019, closed."),
    ("Was Mr Hale found?", "Mr Hale was found guilty."),
    ("Did Arvik sign the treaty?", "The mayors of Norland, Arvik and Oslo signed the treaty."),
    ("Did the council meet in Arvik?", "After the fire in Arvik, the council met."),
    ("Did the Mayor come in 2019?", "The Mayor came to open the office in 2019."),
    ("Did the Mayor speak after the vote?", "The Mayor spoke before the vote."),
    ("Is the museum open?", "The museum is open and free on Mondays."),
    ("Did the closed session start?", "The open session started."),
    ("Did the Mayor sign the letter?", "The Mayor signed the letter of intent."),
    ("Did the council approve the budget?", "The council approved the budget and trade plan."),
    ("Was section 5 repealed?", "Section 6 was repealed."),
    ("Was the 2021 budget approved?", "The 2020 budget was approved."),
    ("Was the depot opened in 2015?", "The depot was not opened in March 2015."),
    ("Was the road clear?", "The road was cleared."),
]  # fmt: skip

# Not tried: these are forced too, by sentences of more than one clause or of a shape that is not read.
NOT_TRIED = [
    ("Did about 150 delegates attend?", "About 150 delegates attended the opening dinner."),
    ("Was it opened before 2020?", "opened in March 2019"),
    ("Was the agency founded before 1990?", "The agency, founded in 1987, employs 40 people."),
    ("Did Mr Tom Hale sign the memorandum?", "Ms Ana Reyes and Mr Tom Hale signed the memorandum."),
    ("Did the Mayor meet Mr Hale?", "The Mayor met with Mr Hale in the afternoon."),
    ("Did the port exceed its annual target?", "The port handled 9 million tonnes, exceeding its annual target."),
    ("Did Norland exceed its annual target for arrivals?",
     "Some 60 000 nurses arrived in Norland last year, exceeding the ministry's annual target."),
    ("Is Lea Sommer the chair of the board?", "Dr Lea Sommer is the chair of the board."),
    ("In 2022, did exports rise?", "Exports rose by 4 per cent in 2022."),
    ("Did Ms Ana Reyes attend the meeting?",
     "The Secretary for Transport, Ms Ana Reyes, attended the meeting yesterday."),
    ("Has the fund received more than 70 000 applications?",
     "As at end-June 2021, the fund had received a total of more than 82 000 applications."),
    ("Does the committee advise the Government on housing?",
     "The committee advises the Government on housing and land."),
    ("Did Mr Tom Hale arrive in Arvik?",
     "The Port Secretary, Mr Tom Hale, arrived in Arvik today (June 9) to open a fair."),
    ("Did more than 20 universities take part?", "Twenty-three universities took part."),
    ("Have any members resigned?", "Two members have resigned."),
    ("Has Arvik signed the treaty?", "Norland and Arvik have signed the treaty."),
    ("Is the panel chaired by Ms Reyes?", "Chaired by Ms Reyes, the panel is charged with planning."),
    ("Does Ms Reyes chair the panel?", "Chaired by Ms Reyes, the panel is charged with planning."),
    ("Did the Mayor hold the fourth session?",
     "The Governor, Ms Reyes, and the Mayor, Mr Hale, held the fourth session."),
    ("Did more than 100 000 people arrive?", "about 90 000 arrived"),
    ("Did the Mayor sign the letter?", "The Mayor left without signing the letter."),
    ("Did the port exceed its target?", "The port fell short of its target."),
    ("Was the hall built after the war?", "The hall was built before the war."),
    ("Was the proposal accepted?", "The proposal was neither accepted nor discussed."),
    ("Was the depot opened in 2015?", "The depot was opened in May 2016 to serve the north."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sentence"), YES)
def test_yes_where_it_is_forced(question: str, sentence: str) -> None:
    assert verdict(question, sentence) is True


@pytest.mark.parametrize(("question", "sentence"), NO)
def test_no_where_it_is_forced(question: str, sentence: str) -> None:
    assert verdict(question, sentence) is False


@pytest.mark.parametrize(("question", "sentence"), [*OPEN, *NOT_TRIED])
def test_no_verdict_where_the_words_leave_it_open(question: str, sentence: str) -> None:
    assert verdict(question, sentence) is None


BODIES = st.sampled_from(["the council", "Ms Ana Reyes", "Arvik Steel", "the Ministry of Health", "Norland"])
VERBS = st.sampled_from(["sue/sued", "support/supported", "leave/left", "buy/bought", "visit/visited", "meet/met"])


@given(BODIES, BODIES, VERBS)
def test_a_statement_its_denial_and_all_that_is_neither(one: str, other: str, verb: str) -> None:
    base, past = verb.split("/")
    if one == other:
        return
    question, says = f"Did {one} {base} {other}?", f"{one[0].upper()}{one[1:]} {past} {other}."
    assert verdict(question, says) is True
    assert verdict(question, f"{one} did not {base} {other}.") is False
    assert verdict(question, f"{one} failed to {base} {other}.") is False
    for neither in (
        f"{other} {past} {one}.",
        f"{one} may {base} {other}.",
        f"{one} will {base} {other}.",
        f"{one} planned to {base} {other}.",
        f"Some say {one} {past} {other}.",
        f"{one} reportedly {past} {other}.",
        f"If {one} {past} {other}, it was wise.",
        f"{one} almost {past} {other}.",
        f"{one} did not {base} {other} in May.",
        f"{one} {past} the deputy of {other}.",
        f"{one}'s rival {past} {other}.",
        f"{one} {past} {other}'s rival.",
        f"It is not true that {one} {past} {other}.",
        f"{one} denied that it {past} {other}.",
    ):
        assert verdict(question, neither) is None, neither


@given(st.integers(2, 10**6), st.integers(2, 10**6), st.sampled_from([" ", ",", "\u00a0"]))
def test_thresholds(asked: int, told: int, separator: str) -> None:
    words = f"{told:,}".replace(",", separator)
    question = f"Did more than {asked:,} people arrive?"
    assert verdict(question, f"Exactly {words} people arrived.") is (told > asked)
    assert verdict(question, f"Over {words} people arrived.") is (True if told >= asked else None)
    assert verdict(question, f"Fewer than {words} people arrived.") is (False if told <= asked else None)


@given(st.integers(1600, 2090), st.integers(1600, 2090), st.sampled_from(["", "May ", "3 May "]))
def test_dates(asked: int, told: int, precision: str) -> None:
    sentence = f"The depot was opened {'on' if precision[:1] == '3' else 'in'} {precision}{told}."
    assert verdict(f"Was the depot opened before {asked}?", sentence) is (told < asked)
    assert verdict(f"Was the depot opened after {asked}?", sentence) is (told > asked)
    assert verdict(f"Was the depot opened in {asked}?", sentence) is (told == asked)


@pytest.mark.parametrize(
    "hedge", ["if it rains", "unless it rains", "according to critics", "except on Mondays", "or so"]
)
def test_a_condition_hearsay_or_exception_leaves_it_open(hedge: str) -> None:
    for question, sentence in [*YES, *NO]:
        assert verdict(question, sentence.rstrip(".") + f" {hedge}.") is None


@given(st.text(max_size=200), st.text(max_size=300))
def test_nothing_raises(question: str, sentence: str) -> None:
    assert verdict(question, sentence) in (True, False, None)


PIECES = "did was is the a not no of in by over 5 000 2020 May approved set up , ( ) 's who and all to be".split()
heaps = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@given(heaps, heaps)
def test_heaps_of_words_do_not_raise(question: str, sentence: str) -> None:
    assert verdict("Did " + question, sentence) in (True, False, None)
    assert verdict("Is " + question, "It is " + sentence) in (True, False, None)


@pytest.mark.parametrize("piece", ["approved ", "set ", "the ", "(", ", ", "1 000 ", "in z ", "was not ", "'s "])
def test_hostile_text_costs_no_time(piece: str) -> None:
    started = time.perf_counter()
    for question in ("Was " + piece * (120 // len(piece)), "Did the plan set z in z?", "Is it " + piece * 200_000):
        for sentence in (piece * (1_490 // len(piece)), piece * 1_000_000):
            verdict(question, sentence)
    assert time.perf_counter() - started < 3.0
