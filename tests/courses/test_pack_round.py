"""Packs out of the site and in again: the same bytes, nothing changed; hostile zips refused."""

import datetime
import io
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision

from accounts.models import Audience
from courses.blocks import LessonBody, QuestionBank
from courses.models import (
    Assessment,
    AssessmentPage,
    Course,
    CoursePage,
    CoursePrerequisite,
    CourseRoute,
    CourseVersion,
    Fact,
    Lesson,
    LessonPage,
    Module,
    Question,
    QuestionRevision,
    Recording,
)
from courses.packfiles import PackError, read_pack
from courses.packfiles.fields import FIELDS_OF, QUESTIONS
from courses.packfiles.svg import problem_with_svg
from courses.packfiles.zips import Limits, unpack_zip
from courses.services import export_course_pack, load_course_pack
from tests.factories.courses import NOW, CourseFactory
from tests.factories.pages import make_site, publish, single

HIDDEN_SENTENCE = Path(settings.BASE_DIR) / "courses" / "packs" / "hidden-sentence"


def load(folder):
    return load_course_pack(pack=read_pack(folder), now=NOW)


def exported(key="hidden-sentence"):
    content = io.BytesIO()
    export_course_pack(key=key, to=content, now=NOW)
    return content.getvalue()


def load_zip(content, folder):
    return load(unpack_zip(io.BytesIO(content), folder))


def forget_courses():
    """As on a site that never had a course."""
    for page in CoursePage.objects.all():
        page.delete()
    Course.objects.update(latest_version=None)
    Question.objects.update(latest_revision=None)
    for version in CourseVersion.objects.all():
        version.version_lessons.all().delete()
        version.routes.all().delete()
    for model in (
        QuestionRevision,
        Question,
        Assessment,
        CourseVersion,
        Lesson,
        Module,
        Course,
        Recording,
    ):
        model.objects.all().delete()
    Fact.objects.all().delete()
    get_document_model().objects.all().delete()


@pytest.fixture
def everything():
    """A course as editors made it, with each kind of block, choices moved and ids of their own."""
    make_site()
    load(HIDDEN_SENTENCE)
    fact = Fact.objects.create(
        key="helpline",
        title="A helpline",
        kind="helpline",
        text="<p>Call <b>0800</b>.</p>",
        source="Somebody, 2026",
        checked_on=datetime.date(2026, 1, 1),
        review_on=datetime.date(2027, 1, 1),
    )
    recording = Recording(title="Welcome", type="video", transcript="<p>Hello.</p>", duration=3.5)
    recording.file.save("w.mp4", ContentFile(b"\0\0\0\x18ftypmp42rest"), save=False)
    recording.captions.save("w.vtt", ContentFile(b"WEBVTT\n\nHello"), save=False)
    recording.save()
    sound = Recording(title="Sound", type="audio", transcript="<p>A bell.</p>")
    sound.file.save("s.mp3", ContentFile(b"ID3 rest"), save=False)
    sound.save()
    document = get_document_model()(title="A list")
    document.file.save("list.pdf", ContentFile(b"%PDF-1.4 rest"), save=False)
    document.save()
    step = {"text": "One", "outcome": "<p>So.</p>", "verdict": "good", "leads_to": ""}
    steps = [
        {
            "key": "first",
            "situation": "<p>It begins.</p>",
            "question": "What now?",
            "choices": [step | {"leads_to": "last"}, step | {"text": "Two"}],
        },
        {
            "key": "last",
            "situation": "<p>It ends.</p>",
            "question": "And now?",
            "choices": [step, step | {"text": "Two"}],
        },
    ]
    pairs = [{"prompt": f"p{n}", "match": f"m{n}"} for n in range(3)]
    question = {"key": "", "outcome": "", "stem": '<p data-block-key="x">Which &amp; why?</p>'}
    page = LessonPage.objects.order_by("path").first()
    page.content_note = "A death: spoken of, once."
    page.body = [
        ("text", "<p>One.</p><p></p><ul><li>a<br/>b</li></ul>"),
        ("text", "<p>Two.</p>"),
        ("register_fact", {"entry": fact}),
        ("video", {"recording": recording, "title": "Watch"}),
        ("audio", {"recording": sound, "title": "Hear"}),
        ("download", {"document": document, "title": "Take", "description": ""}),
        ("reflection", {"title": "Think", "prompt": "<p>Of what?</p>"}),
        ("match", question | {"pairs": pairs, "explanation": "<p>So.</p>"}),
        ("branching", question | {"title": "A story", "steps": steps}),
        *[(block.block_type, block.value) for block in page.body],
    ]
    publish(page)
    return page


@pytest.mark.django_db
class TestRound:
    def test_the_real_course_goes_round(self, tmp_path):
        make_site()
        load(HIDDEN_SENTENCE)
        first = exported()
        before = Revision.objects.count()
        report = load_zip(first, tmp_path / "a")
        assert (report.created, report.changed, report.withdrawn) == ([], [], [])
        assert Revision.objects.count() == before
        forget_courses()
        load_zip(first, tmp_path / "b")
        assert exported() == first

    def test_every_block_goes_round(self, everything, tmp_path):
        first = exported()
        before = Revision.objects.count()
        assert load_zip(first, tmp_path / "a").changed == []
        assert Revision.objects.count() == before
        forget_courses()
        load_zip(first, tmp_path / "b")
        assert exported() == first
        assert Fact.objects.get().title == "A helpline"

    def test_rules_assessment_audiences_and_months_go_round(self, tmp_path):
        make_site()
        load(HIDDEN_SENTENCE)
        CourseFactory(key="before")
        page = CoursePage.objects.get()
        page.valid_months = 24
        page.audiences.set([Audience.objects.create(name="Schools", slug="schools")])
        page.course_prerequisites.set([CoursePrerequisite(needs=Course.objects.get(key="before"))])
        page.course_routes.set(
            [CourseRoute(kind="online", cpd_minutes=40, requires_assessment=True)]
        )
        page.save()
        bank = [
            ("single", single(stem=f"<p>{stem}</p>")[1] | {"outcome": "affected"})
            for stem in ("One?", "Two?")
        ]
        assessment = AssessmentPage(
            title="The end", introduction="<p>Ready?</p>", draw_count=2, bank=bank, live=False
        )
        page.add_child(instance=assessment)
        publish(assessment)
        publish(CoursePage.objects.get())
        first = exported()
        before = Revision.objects.count()
        assert load_zip(first, tmp_path / "a").changed == []
        assert Revision.objects.count() == before
        forget_courses()
        Audience.objects.filter(slug="schools").delete()
        with pytest.raises(PackError, match="no course “before”"):
            load_zip(first, tmp_path / "b")
        CourseFactory(key="before")
        load_zip(first, tmp_path / "c")
        assert exported() == first
        assert CoursePage.objects.get().course.audiences.get().slug == "schools"

    def test_the_commands_write_a_zip_and_load_it(self, tmp_path):
        make_site()
        load(HIDDEN_SENTENCE)
        file, said = tmp_path / "pack.zip", io.StringIO()
        call_command("export_course_pack", "hidden-sentence", file, stdout=said)
        call_command("load_course_pack", file, stdout=said)
        assert "0 created, 0 changed, 9 unchanged. Version 1." in said.getvalue()
        with pytest.raises(CommandError, match="no published course with the key"):
            call_command("export_course_pack", "another", file)
        file.write_bytes(b"no zip")
        with pytest.raises(CommandError, match="not a zip"):
            call_command("load_course_pack", file)

    def test_files_are_removed_when_loading_fails(self, everything, tmp_path):
        folder = unpack_zip(io.BytesIO(exported()), tmp_path)
        forget_courses()
        stored = get_document_model()._meta.get_field("file").storage
        before = stored.listdir("documents")[1]
        load(HIDDEN_SENTENCE)
        # A page by hand that stands where the pack's last lesson wants to.
        last = LessonPage.objects.order_by("path").last()
        LessonPage.objects.filter(pk=last.pk).update(lesson=None)
        with pytest.raises(PackError, match="cannot be saved"):
            load(folder)
        assert stored.listdir("documents")[1] == before

    def test_a_link_to_a_page_of_the_site_is_refused(self, everything):
        everything.body = [("text", '<p><a linktype="page" id="3">There</a></p>')]
        publish(everything)
        with pytest.raises(PackError, match="chosen on this site"):
            exported()

    def test_a_fact_is_never_made_older(self, everything, tmp_path):
        first = exported()
        Fact.objects.update(text="<p>Newer.</p>", checked_on=datetime.date(2026, 6, 1))
        load_zip(first, tmp_path / "a")
        assert Fact.objects.get().text == "<p>Newer.</p>"
        Fact.objects.update(checked_on=datetime.date(2025, 6, 1))
        load_zip(first, tmp_path / "b")
        assert "0800" in Fact.objects.get().text

    def test_work_that_is_not_published_is_not_overwritten(self, everything, tmp_path):
        first = exported()
        page = LessonPage.objects.get(pk=everything.pk)
        page.title = "Other"
        publish(page)
        page.title = "Being written"
        page.save_revision()
        with pytest.raises(PackError, match="not published"):
            load_zip(first, tmp_path / "a")
        assert Page.objects.get(pk=page.pk).title == "Other"


def zip_of(*entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in entries:
            archive.writestr(info, data)
    return io.BytesIO(content.getvalue())


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([("../course.md", "x")], "inside the pack"),
        ([("/course.md", "x")], "inside the pack"),
        ([(link("images/a.png"), "/etc/passwd")], "a link or a device"),
        ([("images/a.png", "x"), ("images/A.PNG", "x")], "cannot be told from"),
        ([("media/a.zip", "x")], "no place in a pack"),
        ([("media/a.mp4", "0" * 5_000_000)], "packed so tightly"),
        ([(f"images/{n}.png", "x") for n in range(12)], "files are too many"),
        ([], "the zip is empty"),
    ],
)
def test_a_hostile_zip_is_refused(entries, problem, tmp_path):
    with pytest.raises(PackError, match=problem):
        unpack_zip(zip_of(*entries), tmp_path, Limits(files=10))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_zip_is_a_zip(tmp_path):
    with pytest.raises(PackError, match="not a zip"):
        unpack_zip(io.BytesIO(b"no zip"), tmp_path)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<g onload="1"/>',
        '<image href="https://example.org/a.png"/>',
        '<rect style="fill:url(https://example.org/a)"/>',
        "<foreignObject/>",
        "<style>@import 'a';</style>",
    ],
)
def test_a_drawing_only_draws(inside):
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
    assert problem_with_svg(svg.format(inside).encode())
    assert problem_with_svg(svg.format('<rect fill="url(#a)"/>').encode()) == ""


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    folder = shutil.copytree(HIDDEN_SENTENCE, tmp_path / "copy")
    for path in sorted(folder.rglob("1-*.md")):
        path.write_text(
            path.read_text().replace("minutes:", "minuets:").replace("```fact", "```fast")
        )
    with pytest.raises(PackError) as refusal:
        read_pack(folder)
    said = [error.problem for error in refusal.value.every]
    assert sum("Did you mean “minutes”" in problem for problem in said) == 2
    assert sum("no block called “fast”" in problem for problem in said) >= 4
    assert len(said) <= 50


def test_every_value_of_every_block_is_carried():
    """A new block or a new value of one must be entered in courses.packfiles.fields."""
    for stream in (LessonBody(), QuestionBank()):
        for kind, block in stream.child_blocks.items():
            names = set(getattr(block, "child_blocks", {"text": None}))
            known = {field.block_name for field in FIELDS_OF[kind].fields}
            assert names - known <= ({"key"} if kind in QUESTIONS else set()), kind


@pytest.mark.django_db
class TestRetiredFacts:
    """Whoever reads an entry that nobody keeps any more is told so: the pack carries that."""

    def test_a_retired_entry_goes_round(self, everything, tmp_path):
        Fact.objects.update(is_retired=True)
        first = exported()
        assert b"retired: true" in first
        forget_courses()
        load_zip(first, tmp_path)
        assert Fact.objects.get().is_retired
        assert exported() == first

    def test_an_entry_in_use_says_nothing_of_it(self, everything, tmp_path):
        first = exported()
        assert b"retired" not in first
        forget_courses()
        load_zip(first, tmp_path)
        assert not Fact.objects.get().is_retired

    @pytest.mark.parametrize(("days", "is_retired"), [(0, False), (1, True)])
    def test_what_the_site_has_is_retired_only_with_a_newer_check(
        self, everything, tmp_path, days, is_retired
    ):
        Fact.objects.update(is_retired=True)
        first = exported()
        older = datetime.date(2026, 1, 1) - datetime.timedelta(days=days)
        Fact.objects.update(is_retired=False, checked_on=older)
        load_zip(first, tmp_path)
        assert Fact.objects.get().is_retired is is_retired
