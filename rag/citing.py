"""Citations: exact words of a stored document, checked against it before anybody sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.types import Citation, Document, Span


def cite(documents: Mapping[int, Document], spans: Sequence[Span]) -> list[Citation]:
    """The sentence around each span as a numbered citation, each sentence once.

    ``documents`` are those the spans are of, by number, as they are stored.

    A span whose words do not stand in the stored text at its offsets is dropped: a reader may be wrong about
    the answer, never about the quote.
    """
    citations: list[Citation] = []
    for span in spans:
        document = documents[span.passage.document_id]
        quote = document.text[span.sentence_start : span.sentence_end]
        offset = span.passage.start
        read = span.passage.text[span.sentence_start - offset : span.sentence_end - offset]
        within = span.sentence_start <= span.start < span.end <= span.sentence_end
        seen = any((c.document_id, c.start) == (document.id, span.sentence_start) for c in citations)
        if quote and quote == read and within and not seen:
            citations.append(
                Citation(
                    number=len(citations) + 1,
                    document_id=document.id,
                    source=document.source,
                    title=document.title,
                    published=document.published,
                    start=span.sentence_start,
                    end=span.sentence_end,
                    quote=quote,
                    page=document.page_at(span.sentence_start),
                )
            )
    return citations
