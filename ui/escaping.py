"""Text of documents and people as HTML: it can say nothing but itself."""

from __future__ import annotations

import html
import re
import unicodedata

from ui import texts

# Signs that turn text around or cannot be seen are shown by their number, so that no reader is misled by them.
# The joiners U+200C and U+200D stay: Persian, Indian scripts and emoji are spelt with them.
_ODD = re.compile(r"[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def shown(text: str) -> str:
    """Text as HTML: escaped, control characters replaced, invisible and direction-changing characters marked."""
    escaped = html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)
    return _ODD.sub(_odd, escaped)


def attribute(text: str) -> str:
    """Text for an attribute or within SVG: on one line, escaped, without invisible characters."""
    plain = _ODD.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split())))
    return html.escape(plain, quote=True)


def line(text: str) -> str:
    """Text within a line of ours: white space joined, and its writing direction kept to itself."""
    return f"<bdi>{shown(' '.join(text.split()))}</bdi>"


def _odd(found: re.Match[str]) -> str:
    name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}").lower()
    label = texts.ODD_CHARACTER.format(name=name)
    return f'<span class="odd" role="img" aria-label="{label}" title="{label}">U+{ord(found[0]):04X}</span>'
