"""Words that say the same, and words that say the opposite: how a sentence may be worded otherwise and stay true.

A short thesaurus of public life: what bodies and people do, who they are, how figures move. Words stand in one group
each, by their commonest sense there. It is no part of speech and knows no context; rules that find fault with a word
ask it so that they do not remove a paraphrase.
"""

from __future__ import annotations

import re

# Groups end with a semicolon; phrases stand behind bars. Endings as in "approved" and "approvals" need not be listed.
SAME = """
begin began begun begins beginning start launch open establish found founded create form introduce commence inaugurate
initiate reopen reopened reopens restart restarted resume resumed|set
up|came into being|dates from|dates back|put in place|brought in;
end ended ends finish conclude close stop cease terminate discontinue halt abolish scrap dissolve|wound up|shut
down|came to an end|come to an end|did away with|done away with;
cancel withdraw withdrawn withdrew revoke repeal rescind suspend|called off;
continue persist remain stay keep kept|went on|go on|goes on|going on|carry on|carried on|press ahead|keep up;
meet met meets meeting talk talks speak spoke spoken speaks discuss discussion confer consult conversation|sat down
with|sit down with|exchanged views;
say state note remark mention tell told tells report explain argue describe add announce inform declare stress
emphasise express highlight comment brief briefed account present presented|pointed out|put it;
ask asked asks invite invitation request urge summon|called for|call for|called on members;
lead led leads leading head headed heads chair chaired chairs chairing chairman chairwoman chairperson preside
presided|took the chair|take the chair|in the chair|at the head;
attend attendance attendee participate participant participation join joined accompany accompanied gather gathered
guest visitor|took part|take part|takes part|sat in|sat on|was present|were present|came together|come together|went
with|was there|were there;
come came comes arrive arrival arrived move moved moves relocate enter entered newcomer|made the move|make the
move|set foot;
leave left leaves depart departed departure;
go goes went gone travel travelled traveled ride rode rides ridden riding journey trip tour visit visited|set
off|called on;
receive receipt obtain submit submitted lodge lodged apply applied applicant application|came in|come in|coming
in|handed in;
approve approval grant granted authorise permit allow accept accepted adopt adopted adoption;
support back backed endorse favour favoured|agreed with;
agree agreed agreement agrees accord pact deal consensus|settled on|settle on|came to terms|come to
terms|came to an agreement|come to an agreement|comes to an agreement;
reject rejected refuse refusal deny denied decline dismiss veto|turned down;
oppose opposed object objected criticise disagree disagreed;
attract draw drawn drew recruit lure win|draw in|drawn in|bring in|brings in|bringing in|draws in;
repel expel deport|sends away|send away|sent away|drive away|keep out;
seek sought look looks looking search hunt|trawling for|in search of|looks for|looking for|look for;
help helps helped assist assistance aid ease facilitate|lend a hand|looks after|look after;
give gives gave given giving offer offered provide supply deliver delivered contribute contribution;
organise organiser organisation host hosted stage staged arrange arranged;
sign signed signs signing signature signatory|put his name|put her name|put their names|puts his name|entered
into|enter into|enters into;
show shows shown showed demonstrate reveal display exhibit exhibits exhibited exhibition exhibitions;
plan plans planned planning intend intention aim aims aimed goal target hope hoped expect expected expectation
forecast project projected propose proposal schedule scheduled predict anticipate purpose objective|looked
forward|look forward|meant to|set for|due to;
increase rise rises rose risen grow grows grew grown growth climb gain gained expand expansion|went up|go up|gone up;
decrease fall falls fell fallen drop dropped shrink shrank shrunk reduce reduction lower lowered diminish dwindle|went
down|go down|gone down;
double doubled doubles doubling twofold twice;
halve halved half;
exceed exceeded surpass surpassed outnumber|is larger than|was larger than|passed by;
trail trailed lag lagged|fell short;
change changes changed alter amend revise modify adjust;
see sees saw seen sight sighted sighting sightings spot spotted;
learn learned learnt hear heard|were told|was told|been told;
witness witnessed observe|looked on|look on;
use uses used using utilise usage|make use|makes use|made use;
job jobs position vacancy employ employment employee employed;
company companies firm firms enterprise business businesses corporation;
people person persons individual individuals representative representatives delegate delegates;
child children kid kids pupil;
money fund funds funding budget;
buy bought purchase acquire;
sell sold sale;
pay paid pays payment wage wages salary salaries;
build built construct construction;
choose chose chosen elect elected select pick appoint appointed name named nominate;
resign resigned resignation quit|stepped down|step down|steps down;
dismissal sack sacked oust ousted;
merge merged merger;
require required requirement need needs needed necessary must;
live lived lives reside resident residence inhabitant;
annual annually yearly year years;
monthly month months;
daily day days;
weekly week weeks;
large larger largest big bigger biggest great greater greatest;
small smaller smallest little;
many numerous several;
important strategic importance major key;
region regional area areas;
field fields sector sectors industry industries;
cooperate cooperation collaborate collaboration cooperative;
document documents paper papers text texts;
memorandum memoranda;
fast rapid quick quickly swift;
pleased glad happy satisfied delighted satisfaction;
displeased disappointed unhappy dissatisfied dissatisfaction;
ban banned forbid forbidden prohibit prohibited outlaw;
rank ranked ranks stand stands stood;
first inaugural initial;
last final;
next following subsequent;
together combined altogether total overall jointly joint;
speech speeches address;
video film;
question questions query;
answer answers reply respond response;
share shared shares;
responsible responsibility charge|in charge;
deputy vice;
topic topics subject subjects theme themes;
list lists listed;
call calls called term termed|speaks of|speak of|spoke of|refers to|referred to;
world worldwide global international globally;
abroad overseas foreign;
boundary border;
home house flat housing apartment;
doctor physician;
illness disease;
gap difference;
finance financial;
education educational schooling school schools;
university universities institution institutions;
website page site webpage leaflet;
cost costs price fee fees;
online internet|on the web;
free freely|free of charge|at no cost|without charge|for nothing;
lack lacks lacking absence;
know known knows knowledge;
result results outcome achievement;
enhance enhanced improve improved improvement strengthen widen widened better;
round rounds rounded;
member members;
worth valued valuation value;
fine fined fines fining punish punished punishment penalise penalised penalty penalties;
demolish demolished demolition raze|tear down|tore down|torn down|pull down|pulled down;
repair repaired repairs mend mended renovate renovated renovation refurbish refurbished restore restored restoration;
teach taught teaches teaching lesson lessons class classes course courses;
staff workforce personnel;
replace replaced replaces replacement|took over from|taken over from|take over from;
postpone postponed delay delayed delays|put off|put back;
boat boats ship ships vessel vessels;
prize prizes award awards awarded;
licence licences license licenses;
complain complained complaint complaints;
student students undergraduate undergraduates;
operational operation|in use|up and running|in service|in operation;
woman women female;
succeed succeeded success successful;
fail failed fails failure;
"""

# Groups by a word of each.
OPPOSITE = """
begin end; begin cancel; continue end; approve reject; support oppose; agree oppose; agree reject; increase decrease
double halve; increase halve; decrease double; come leave; attract repel; pleased displeased; buy sell; approve ban
large small; first last; succeed fail; help ban; exceed trail; attract leave; sign reject; sign cancel; choose resign
agree cancel; attend boycott; plan cancel
"""

# Words that bear no claim by themselves: they qualify figures, join parts, or stand in for a verb.
LIGHT = frozenset(
    "over around among amongst both while until upwards roughly approximately too already including include included "
    "includes well make made makes making every each all only another further additional additionally several however "
    "thus therefore hence moreover namely especially particularly such via within upon onto along therein thereof "
    "respective respectively various certain kind sort part parts do done doing get got gets during between through "
    "few fewer because since due owing thanks although though whereas despite according whether yes either neither "
    "application applications side sides party parties under available exist exists existing time times together "
    "whole entire always never ever still yet now currently once again what whose one".split()
)


_LINES = [" ".join(group.split()) for group in SAME.split(";") if group.strip()]


def _phrases() -> tuple[dict[str, str], re.Pattern[str]]:
    """The phrases with the first word of their group, and what finds them."""
    heads: dict[str, str] = {}
    for line in _LINES:
        words, *phrases = line.split("|")
        heads |= {phrase: words.split()[0] for phrase in phrases}
    rests: dict[str, list[str]] = {}  # by first word: few alternatives at each place keep the search fast
    for phrase in sorted(heads, key=len, reverse=True):
        first, _, rest = phrase.partition(" ")
        rests.setdefault(first, []).append(rest)
    found = (f"{first} (?:{'|'.join(rest)})" for first, rest in rests.items())
    return heads, re.compile(rf"\b(?:{'|'.join(found)})\b")


_HEADS, _PHRASE = _phrases()
_WORDS = [line.partition("|")[0].split() for line in _LINES]
_GROUPS = {word: words[0] for words in _WORDS for word in words}
_SPELLING = re.compile(r"\bco-(?=op|ord)|(?<=[a-z]{3}i)z(?=(?:e|es|ed|er|ers|ing|ation|ations)\b)")
_PERIOD = re.compile(  # "by the end of March": nothing ends
    r"\b(?:end|close|start|beginning)[- ](?:of )?(?=(?:(?:the|this|last|next) )?(?:month|year|week|quarter|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:19|20)\d\d)\b)"
)
_ENDINGS = re.compile(r"(?:ations?|ings?|ments?|als?|ers?|ors?|ed|es|ly|s|e)$")


def plain(text: str) -> str:
    """Lower-case text with one spelling ("co-operate", "organize") and a single word for each phrase."""
    text = _PERIOD.sub("", _SPELLING.sub(lambda found: "s" if found[0] == "z" else "co", text.lower()))
    return _PHRASE.sub(lambda found: _HEADS[found[0]], text)


def stem(word: str) -> str:
    """A crude common form of a word in lower case: "approved", "approval" and "grants" are one."""
    if word in _GROUPS:
        return _root(_GROUPS[word])
    root = _root(word)
    return _ROOTS.get(root, root)


def _root(word: str) -> str:
    return word if word.isdigit() or len(word) < 5 else _ENDINGS.sub("", re.sub("ies$", "y", word))[:7]


# Forms that no line lists, by their root; a root that two groups share is of neither.
_ROOTS: dict[str, str] = {}
for _word, _head in _GROUPS.items():
    _key = _root(_word)
    if len(_key) > 2:
        _ROOTS[_key] = _root(_head) if _ROOTS.get(_key, _root(_head)) == _root(_head) else _key

_PAIRS = [pair.split() for pair in OPPOSITE.strip().replace("\n", ";").split(";")]
OPPOSITES: dict[str, set[str]] = {}
for _one, _other in _PAIRS:
    OPPOSITES.setdefault(stem(_one), set()).add(stem(_other))
    OPPOSITES.setdefault(stem(_other), set()).add(stem(_one))
