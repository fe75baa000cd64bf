"""The report: a page, or a course with all below it, as its latest drafts would publish it."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.blocks import LessonBody
from courses.models import (
    AssessmentPage,
    CoursePage,
    Fact,
    LessonPage,
    LinkCheck,
    ModulePage,
    Recording,
)
from courses.queries.findings.in_links import is_of_another_site, links_in_text
from courses.queries.findings.in_pages import (
    findings_in_lesson,
    findings_in_stream,
    findings_in_words,
    links_in,
    outcomes_never_asked,
    texts_in,
)
from courses.queries.findings.shapes import (
    Block,
    Finding,
    Known,
    KnownFact,
    KnownImage,
    KnownLink,
    KnownRecording,
    Text,
    blocks_in,
)

_LABELS = {name: block.label for name, block in LessonBody().child_blocks.items()}
_KINDS: tuple[type[Page], ...] = (CoursePage, ModulePage, LessonPage, AssessmentPage)


@dataclass(frozen=True)
class Draft:
    """A page as its latest draft has it. Streams and rich text are as they are kept."""

    page: Page
    content: dict[str, Any]
    blocks: list[Block] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.content.get("title") or self.page.title)


@dataclass(frozen=True)
class FoundRow:
    """A finding with the block or field it is in, in words, and the way there in the editor."""

    finding: Finding
    where: str
    url: str


@dataclass(frozen=True)
class PageReport:
    """What is found on one page."""

    title: str
    kind: str
    url: str
    is_live: bool
    has_draft: bool
    rows: list[FoundRow]


@dataclass(frozen=True)
class Report:
    """What is found on a page and all below it, page by page, and how its links were looked at."""

    pages: list[PageReport]
    links: int  # web addresses of other sites
    links_unasked: int
    links_waiting: int
    links_checked_on: datetime.date | None

    @property
    def prevents(self) -> int:
        return sum(row.finding.prevents for page in self.pages for row in page.rows)

    @property
    def advises(self) -> int:
        return sum(not row.finding.prevents for page in self.pages for row in page.rows)

    @property
    def sentence(self) -> str:
        """Say in words how much there is to look at; empty when there is nothing."""
        said = []
        if self.prevents:
            words = ngettext(
                "%(n)d thing keeps it from being published",
                "%(n)d things keep it from being published",
                self.prevents,
            )
            said.append(words % {"n": self.prevents})
        if self.advises:
            words = ngettext("%(n)d thing to look at", "%(n)d things to look at", self.advises)
            said.append(words % {"n": self.advises})
        return ", ".join(said)


def report_of(page: Page, *, on: datetime.date) -> Report:
    """Look `page` through, and every page below it, as the latest drafts would publish them.

    Nothing is published or changed by it. Twelve queries at most, however many pages and blocks
    there are; whether other sites answer is not asked here but taken from what was found last.
    """
    drafts = _drafts(page)
    streams = [block for draft in drafts for block in draft.blocks]
    texts = [text for draft in drafts for text in draft.texts]
    urls = _urls(streams, texts)
    checks = {check.url: check for check in LinkCheck.objects.filter(url__in=urls)}
    known = _known(streams, texts, checks.values(), on)
    reports = [
        PageReport(
            title=draft.title,
            kind=str(draft.page._meta.verbose_name),
            url=reverse("wagtailadmin_pages:edit", args=[draft.page.pk]),
            is_live=draft.page.live,
            has_draft=draft.page.has_unpublished_changes,
            rows=[_row(draft, finding) for finding in _findings(draft, drafts, known)],
        )
        for draft in drafts
    ]
    moments = [check.checked_at for check in checks.values() if check.checked_at]
    return Report(
        pages=reports,
        links=len(urls),
        links_unasked=len(urls - checks.keys()),
        links_waiting=sum(
            check.checked_at is None or check.checked_at < check.asked_at
            for check in checks.values()
        ),
        links_checked_on=timezone.localdate(min(moments)) if moments else None,
    )


def urls_in(page: Page) -> set[str]:
    """Gather the web addresses of other sites in `page` and below it, as their drafts have them."""
    drafts = _drafts(page)
    return _urls(
        [block for draft in drafts for block in draft.blocks],
        [text for draft in drafts for text in draft.texts],
    )


# --- Reading the drafts -------------------------------------------------------------------


def _drafts(page: Page) -> list[Draft]:
    found: Iterable[Any] = chain.from_iterable(
        kind.objects.descendant_of(page, inclusive=True).select_related("latest_revision")
        for kind in _KINDS
    )
    return [_draft(each) for each in sorted(found, key=lambda each: str(each.path))]


def _draft(page: Any) -> Draft:
    content = page.latest_revision.content if page.latest_revision else {}
    draft = Draft(page, content)
    for name in ("outcomes", "body", "bank"):
        if hasattr(page, name):
            draft.blocks.extend(blocks_in(_stream(page, content, name), name))
    for name in ("description", "introduction"):
        if hasattr(page, name):
            draft.texts.append(Text(str(content.get(name, getattr(page, name)) or ""), name))
    return draft


def _stream(page: Any, content: dict[str, Any], name: str) -> Any:
    raw = content.get(name)
    if raw is None:
        field_of = page._meta.get_field(name)
        assert isinstance(field_of, StreamField)  # noqa: S101 - our pages' bodies are streams
        return getattr(page, name).get_prep_value()
    return json.loads(raw) if isinstance(raw, str) else raw


# --- What the drafts point at -------------------------------------------------------------


def _urls(streams: list[Block], texts: list[Text]) -> set[str]:
    links = links_in(streams, [*texts, *texts_in(streams)])
    return {each.link.target for each in links if is_of_another_site(each.link)}


def _numbers(streams: list[Block], kinds: tuple[str, ...], name: str) -> set[int]:
    found = (
        block.value.get(name)
        for block in streams
        if block.type in kinds and isinstance(block.value, dict)
    )
    return {number for number in found if isinstance(number, int)}


def _known(
    streams: list[Block], texts: list[Text], checks: Iterable[LinkCheck], on: datetime.date
) -> Known:
    links = [
        each.link
        for text in [*texts, *texts_in(streams)]
        for each in links_in_text(text)
        if each.link.target.isdecimal()
    ]
    documents = {int(link.target) for link in links if link.kind == "document"}
    documents |= _numbers(streams, ("download",), "document")
    pages = {int(link.target) for link in links if link.kind == "page"}
    images = get_image_model().objects.filter(pk__in=_numbers(streams, ("image",), "image"))
    recordings = Recording.objects.filter(pk__in=_numbers(streams, ("video", "audio"), "recording"))
    facts = Fact.objects.filter(pk__in=_numbers(streams, ("register_fact",), "entry"))
    kept = get_document_model().objects.filter(pk__in=documents)
    return Known(
        on=on,
        images={each.pk: KnownImage(each.title, each.filename) for each in images},
        recordings={
            each.pk: KnownRecording(
                bool(each.transcript.strip()), bool(each.captions), float(each.duration or 0)
            )
            for each in recordings
        },
        facts={
            each.pk: KnownFact(each.title, each.review_on, each.is_retired, each.text)
            for each in facts
        },
        documents=set(kept.values_list("pk", flat=True)),
        pages=dict(Page.objects.filter(pk__in=pages).values_list("pk", "live")),
        links={
            check.url: KnownLink(check.problem, timezone.localdate(check.checked_at))
            for check in checks
            if check.checked_at is not None
        },
    )


# --- Looking them through -----------------------------------------------------------------


def _findings(draft: Draft, drafts: list[Draft], known: Known) -> Iterator[Finding]:
    look: dict[type[Any], Callable[[Draft, list[Draft], Known], Iterator[Finding]]] = {
        LessonPage: _of_lesson,
        ModulePage: _of_module,
        CoursePage: _of_course,
        AssessmentPage: _of_assessment,
    }
    return look[type(draft.page)](draft, drafts, known)


def _of_lesson(draft: Draft, drafts: list[Draft], known: Known) -> Iterator[Finding]:
    minutes = int(draft.content.get("minutes") or getattr(draft.page, "minutes", 0) or 0)
    return findings_in_lesson(draft.blocks, known, minutes=minutes)


def _of_assessment(draft: Draft, drafts: list[Draft], known: Known) -> Iterator[Finding]:
    yield from findings_in_stream(draft.blocks, known)
    yield from findings_in_words(texts_in(draft.blocks))


def _of_module(draft: Draft, drafts: list[Draft], known: Known) -> Iterator[Finding]:
    yield from _words_of(draft, known)
    if not _below(draft, drafts, LessonPage):
        what = _("This module has no lesson.")
        why = _("Learners never see a module without one: write a lesson, or take the module out.")
        yield Finding("module-empty", what, why)


def _of_course(draft: Draft, drafts: list[Draft], known: Known) -> Iterator[Finding]:
    yield from _words_of(draft, known)
    if not _below(draft, drafts, LessonPage):
        what = _("This course has no lesson.")
        why = _("Nobody can begin it before one is published.")
        yield Finding("course-empty", what, why)
    asking = _below(draft, drafts, AssessmentPage)
    asked = {
        str(block.value.get("outcome") or "")
        for each in asking or _below(draft, drafts, LessonPage)
        for block in each.blocks
        if isinstance(block.value, dict)
    }
    yield from outcomes_never_asked(draft.blocks, asked, has_assessment=bool(asking))


def _words_of(draft: Draft, known: Known) -> Iterator[Finding]:
    yield from findings_in_stream([], known, texts=draft.texts)
    yield from findings_in_words(draft.texts)


def _below(draft: Draft, drafts: list[Draft], kind: type[Page]) -> list[Draft]:
    return [
        each
        for each in drafts
        if isinstance(each.page, kind) and each.page.path.startswith(draft.page.path)
    ]


def _row(draft: Draft, finding: Finding) -> FoundRow:
    url = reverse("wagtailadmin_pages:edit", args=[draft.page.pk])
    block = next((b for b in draft.blocks if finding.path.startswith(b.path)), None)
    where = ""
    if block is not None and block.type in _LABELS:
        words = {"block": _LABELS[block.type], "place": block.place}
        where = _("%(block)s, block %(place)d") % words
    elif finding.path:
        where = _field_in_words(draft.page, finding.path.split(".")[0])
    return FoundRow(finding, where, f"{url}#:w:contentpath={finding.path}" if finding.path else url)


def _field_in_words(page: Page, name: str) -> str:
    words = str(page._meta.get_field(name).verbose_name)
    return words[:1].upper() + words[1:]
