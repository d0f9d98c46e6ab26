"""Every English word of the chat page in one place, so that another language can take its place."""

from __future__ import annotations

from rag.types import Basis, Fate, Grounds
from ui.originals import Original

TITLE = "Vouch"

# --- the page around the conversation ---------------------------------------------------------------------------

NEW_CONVERSATION = "New conversation"
CONVERSATIONS = "Conversations"
FIND_CONVERSATION = "Search conversations"
TODAY = "today, {time}"
YESTERDAY = "yesterday"
NO_CONVERSATIONS = "What you ask is kept here, on this machine."
NONE_FOUND = "No conversation holds these words."
FORGET = "Delete this conversation"
RENAME = "Rename this conversation"
NEW_NAME = "New name of the conversation"
LIBRARY = "Library"
MENU = "Menu"
SKIP = "To the question"
CLOSE = "Close"
THEME = "Light or dark"
PRIVATE = "Nothing leaves this machine"
SENT_TO = "Passages are sent to {address}, where a model writes the answers"
LOADING = "Getting ready: the models are being loaded"
READY = "Ready"
SAMPLE_NOTE = (
    "You have no library yet, so the sample that comes with Vouch answers: fifteen short papers. "
    "Add documents of your own and they take its place."
)

# --- asking -----------------------------------------------------------------------------------------------------

WELCOME = "What do your documents say?"
WELCOME_NOTE = (
    "Every answer shows the exact words it rests on, where they stand, and when they were true. "
    "Where the documents don’t say, Vouch says that."
)
TRY = "Questions to begin with"
NEXT_QUESTIONS = "Ask next"
INSTEAD = "What the documents do say"
PLACEHOLDER = "Ask your documents"
QUESTION_LABEL = "Your question"
ASK = "Ask"
MODE = "What to ask for"
ANSWER_MODE = "Answer"
ANSWER_HELP = "A short answer to a question, with the words it rests on"
BRIEF_MODE = "Brief"
BRIEF_HELP = "What the documents say about a topic, in the order of time"
BRIEF_PLACEHOLDER = "A topic, such as talent schemes"
BRIEF_LABEL = "Topic of the brief"
BRIEF_SEND = "Brief"
COMPARE_MODE = "Compare"
COMPARE_HELP = "What two dates, or two documents, say about a topic"
COMPARE_PLACEHOLDER = "A topic to compare"
COMPARE_LABEL = "Topic of the comparison"
COMPARE_SEND = "Compare"
SIDES = "What is compared"
FIRST_SIDE = "First"
SECOND_SIDE = "Second"
SIDE_HINT = "date or document"
SIDE_HELP = "A date such as 31 January 2024, 2024-01 or 2024, or a document of the library: its title or its file name"
TWO_SIDES = "Name two dates or two documents to compare, such as 2023 and 2024."
NO_SIDE = "“{name}” is no date such as 2024-01-31, and no document has this title or file name."
MANY_OF_NAME = "{count} documents are called “{name}”. Choose one from the list."
NUMBERED_TITLE = "{title} (document {number})"
STOP = "Stop"
STOPPED = "Stopped. This question is not kept."
SEARCHING = "Searching and reading"
WRITING = "Writing: each sentence appears once it is checked"
AS_OF = "As of"
AS_OF_HINT = "today"
AS_OF_HELP = "Only what had been published by this day answers: 31 January 2024, 2024-01-31, January 2024 or 2024"
FROM = "Published from"
FROM_HINT = "any day"
FROM_HELP = "Only what was published on this day or later answers: 2024-01-31, 2024-01 or 2024"
WITHIN = "Documents"
ALL_DOCUMENTS = "All documents"
ANY_TIME = "any time"
CLEAR = "Clear"
FILTERS = "Time and documents"

# --- an answer --------------------------------------------------------------------------------------------------

SOURCES = "Sources"
COMPUTED = "Computed"
COMPUTED_NOTE = "No document states this figure; it follows from the cited ones"
PUBLISHED = "published {date}"
ASKED_AS_OF = "asked as of {day}"
KNOWN_AS_OF = "Only documents published by {day}"
FROM_DAY = "Only documents from {day}"
ONLY_FROM = "Only “{source}”"
WRITTEN_BY = "Written by {model}, each sentence checked against the documents"
REMOVED = ("{count} sentence was removed", "{count} sentences were removed")
REMOVED_NOTE = "The model wrote this too, and the documents do not bear it out. It is not part of the answer."
CONFIDENCE_NOTE = "How often answers with this evidence are right"
SERIES = "How it changed"
SERIES_LATEST = "What the documents give"
AS_TABLE = "As a table"
MOMENT = "When"
VALUE = "Value"
SOURCE = "Source"
CONFLICT = "The documents differ"
CONFLICT_NOTE = "Different values for the same moment. Both are shown; open each source and judge."
CHART_LABEL = "Chart of {count} values, from {first} to {last}"
OPEN_SOURCE = "Open source {number}: {title}, {date}"
PAGE = "page {page}"
PAGES = "Page {page}"

# --- a brief and a comparison ---------------------------------------------------------------------------------------

NOTHING_ON_IT = "Nothing on this topic"
FIGURES = "Figures that changed"
IN_TIME = "In the order of time"
OWN_WORDS = "In the documents’ own words"
PUBLISHED_THEN = "published"
SAID_SINCE = "Said since {date}"
ALSO_IN = "Also in"
PLANS = "Still to come when it was written"
LATER = "Later"
NO_LATER = "No later document that was found says whether it was done."
LEFT_OUT = ("{count} document without a known year is left out", "{count} documents without a known year are left out")
DOCUMENTS_SAY = ("{count} document", "{count} documents")
BETWEEN = "{first} to {last}"
CHANGED_FIGURES = "Figures that changed"
DIFFERENT_FIGURES = "Figures that differ"
SAME_FIGURES = "Figures that are the same"
FIGURE = "Figure"
DIFFERENCE = "Difference"
HIGHER = "{difference} higher"
LOWER = "{difference} lower"
ONLY_LATER = "First found after {day}"
ONLY_EARLIER = "Not repeated since"
ONLY_EARLIER_NOTE = "That does not make it untrue."
BOTH_TIMES = "Said before and since"
ONLY_IN = "Only in “{name}”"
IN_BOTH = "In both"

NO_ANSWER = "The documents don’t say"
NEAREST = "The nearest passages"
NEXT_STEPS = "What may help"
STEP_WORDS = "Ask with words the documents would use, or name the paper, the person or the date."
STEP_ADD = "Add a document that tells of it."
STEP_WITHOUT = "Ask again without the limits"
GONE = "This document is no longer in the library."

COPY = "Copy"
COPIED = "Copied, with its sources"
EDIT = "Edit"
RETRY = "Ask again"
EDITING = "Editing your last question: its answer is replaced. Esc keeps it."
GOOD = "Good answer"
BAD = "Poor answer"
NOTE = "What was good or missing? (optional)"
SAVE_NOTE = "Save note"
NOTED = "Thank you, noted on this machine"
EXPORT = "Export"
EXPORT_ANSWER = "This answer as"
EXPORT_ALL = "The whole conversation as"
EXPORT_AS = {"markdown": "Markdown", "html": "Web page", "json": "JSON with audit record"}

WHY = "Why this answer?"
WHY_NONE = "Why no answer?"
READ_WORDS = "What might have answered"
READ_NOTE = "The words that the reader marked, how sure it was of each, and what became of them"
NOTHING_READ = "The reader marked no words as a possible answer."
WORDS = "Words"
SURE = "Sure"
OF_WHEN = "As at"
FATE = "What became of it"
FATES = {
    Fate.ANSWERS: "in the answer",
    Fate.PASSED_OVER: "left: others are surer, or newer",
    Fate.UNSURE: "dropped: not sure enough",
    Fate.ANOTHER_TIME: "dropped: of another time",
    Fate.UNDATED: "dropped: of no known time",
    Fate.ANOTHER_OFFICE: "dropped: another office, or no name",
    Fate.UNNAMED: "dropped: its document does not name what you ask about",
}
LEAST_SURE = "Below {percent}% nothing answers."
PASSAGES_READ = "Passages read, in the order of the search"
PASSAGES_NOTE = "Each was read whole, under its date and its headings. Open one to see it."
BY_MEANING = "By meaning"
BY_WORDS = "By words"
SCORE = "Score"
PASSAGE = "Passage"
QUOTED = "quoted"
NOT_FOUND_BY = "–"
TIME_SPENT = "Time spent"
STAGES = {
    "open": "opening the library",
    "retrieve": "searching",
    "read": "reading",
    "time": "placing in time",
    "cite": "checking quotes",
    "write": "writing and checking",
}
NO_TIMINGS = "Not recorded."
CHECKED = "Every quote was compared with the stored text, letter by letter."


def confidence(share: float) -> str:
    """A probability in words; the cuts are where a reader would act differently."""
    if share >= 0.8:
        return "Very likely right"
    if share >= 0.5:
        return "Likely right"
    return "Uncertain: check the source"


# --- a source ---------------------------------------------------------------------------------------------------

SOURCE_PANEL = "Source"
PREVIOUS = "Previous source"
NEXT = "Next source"
OF = "{number} of {count}"
FILE = "File"
FORMAT = "Format"
SHA = "SHA-256"
WARNING = "Note"
TEXT_BY_PAGE = "Text on each page"
CHARACTERS = "{count} characters"
NO_TEXT = "no text"
EMPTY_PAGES = "{empty} without text"
MORE_BEFORE = "… {count} characters before this are not shown"
MORE_AFTER = "… {count} characters after this are not shown"
ODD_CHARACTER = "Invisible character {name}"

BASIS = {
    Basis.METADATA: "the file itself gives this date",
    Basis.TEXT: "the text says “{words}”",
    Basis.INFERRED: "worked out from “{words}” and other dates in the text",
    Basis.UNKNOWN: "no date is stated",
}
GROUNDS = {
    Grounds.STATED: "the words name this time",
    Grounds.RELATIVE: "named from the document’s date",
    Grounds.PUBLISHED: "the document’s own date",
    Grounds.UNKNOWN: "the time is not stated",
}

# --- the library ------------------------------------------------------------------------------------------------

DROP = "Drop files or folders here, or paste them"
PASTED = "Adding what was pasted"
CHOOSE = "Choose files"
CHOOSE_FOLDER = "Choose a folder"
FORMATS = "PDF, Word, PowerPoint, Excel, CSV, web pages, e-mail, Markdown, text"
ADD_URL = "Web page address"
FETCH = "Add page"
FIND_DOCUMENT = "Search titles and files"
NO_DOCUMENTS = "No documents yet. Drop some files above."
NO_DOCUMENT_FOUND = "No title or file holds these words."
MORE_DOCUMENTS = "… and {count} more: search to find them"
PAGE_COUNT = ("{count} page", "{count} pages")
PASSAGE_COUNT = ("{count} passage", "{count} passages")
STATE = {
    Original.AS_READ: "up to date",
    Original.CHANGED: "the file has changed: read it again",
    Original.GONE: "the file is gone; its text is kept",
    Original.WEB: "from the web",
}
KINDS = {
    "text": "plain text",
    "markdown": "Markdown",
    "html": "web page",
    "pdf": "PDF",
    "docx": "Word",
    "pptx": "PowerPoint",
    "xlsx": "Excel",
    "csv": "table",
    "eml": "e-mail",
}
REINDEX = "Read again"
ASK_ONLY = "Ask only this"
DELETE = "Delete"
DELETE_ASK = "Delete “{title}”?"
DELETE_NOTE = (
    "Its text, every version of it, and its file in the library’s folder are forgotten. This cannot be undone."
)
KEEP = "Keep"
DELETED = "Deleted. It can no longer answer."
FORGET_ASK = "Delete this conversation?"
FORGET_NOTE = "Its questions, answers and notes are forgotten. This cannot be undone."
UPLOADING = "Sending {name}"
INDEXING = "Reading {done} of {total}: {name}"
WAITING = "Waiting for the models"
STATE_ADDED = "added"
STATE_UPDATED = "new version"
STATE_UNCHANGED = "already here"
STATE_FAILED = "not added"
REPORT_PASSAGES = "{passages} passages in the library"

# --- trouble ----------------------------------------------------------------------------------------------------

UNEXPECTED = "Something went wrong on this machine. The log has the details; please try again."
UNREACHABLE = "Vouch does not answer. Is it still running? Start it again with “rag chat”, then try again."
NO_MODELS = "The models could not be loaded"
BAD_FROM = "“Published from” takes a date such as 2024-01-31, 2024-01 or 2024."
NOT_UPLOADED = "This file was not sent through this page: choose it again."
NOT_SENT = "It did not arrive: it may be too large, or the connection broke."
TOO_MANY_FILES = "At most {count} files at a time: add the rest afterwards."


def removed(count: int) -> str:
    """How many sentences of a model were removed."""
    return REMOVED[count != 1].format(count=count)


def documents(count: int) -> str:
    """How many documents."""
    return DOCUMENTS_SAY[count != 1].format(count=f"{count:,}")


def left_out(count: int) -> str:
    """How many documents nobody knows the year of."""
    return LEFT_OUT[count != 1].format(count=f"{count:,}")


def pages(count: int) -> str:
    """How many pages."""
    return PAGE_COUNT[count != 1].format(count=f"{count:,}")


def passages(count: int) -> str:
    """How many passages."""
    return PASSAGE_COUNT[count != 1].format(count=f"{count:,}")


# What page.js says on its own account.
IN_BROWSER = {
    "answer": {"placeholder": PLACEHOLDER, "label": QUESTION_LABEL, "send": ASK, "name": ANSWER_MODE},
    "brief": {"placeholder": BRIEF_PLACEHOLDER, "label": BRIEF_LABEL, "send": BRIEF_SEND, "name": BRIEF_MODE},
    "compare": {"placeholder": COMPARE_PLACEHOLDER, "label": COMPARE_LABEL, "send": COMPARE_SEND, "name": COMPARE_MODE},
    "twoSides": TWO_SIDES,
    "searching": SEARCHING,
    "writing": WRITING,
    "stopped": STOPPED,
    "unreachable": UNREACHABLE,
    "copied": COPIED,
    "noted": NOTED,
    "uploading": UPLOADING,
    "deleted": DELETED,
    "deleteAsk": DELETE_ASK,
    "deleteNote": DELETE_NOTE,
    "forgetAsk": FORGET_ASK,
    "forgetNote": FORGET_NOTE,
    "of": OF,
    "anyTime": ANY_TIME,
    "allDocuments": ALL_DOCUMENTS,
    "loading": LOADING,
    "ready": READY,
    "waiting": WAITING,
    "newName": NEW_NAME,
    "pasted": PASTED,
}

# Questions that the sample library answers; each shows another side.
SAMPLE_QUESTIONS = (
    "How many applications have been approved?",
    "How many approvals had been granted by end-February 2024?",
    "When was the physical office of HKTE opened?",
    "How many applications will have been approved by the end of 2025?",
)
STANDS_FOR = "What does {letters} stand for?"
HOW_MANY = "How many {rest}?"
WHEN = "When {be} {thing} {made}?"
WHO_HOLDS = "Who is the {office}?"
WHAT_ARE = "What are the {number} {things}?"
WHAT_ABOUT = "What about {moment}?"
