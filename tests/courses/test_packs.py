"""Course packs: what is read, what is refused with its line, and loading twice."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from wagtail.images import get_image_model
from wagtail.models import Revision

from courses.models import Course, CoursePage, CourseVersion, LessonPage, Question
from courses.packfiles import PackError, read_pack
from courses.services import load_course_pack
from tests.factories.courses import NOW
from tests.factories.pages import make_site

HIDDEN_SENTENCE = Path(settings.BASE_DIR) / "courses" / "packs" / "hidden-sentence"

COURSE = """---
key: small
title: A small course
summary: It is small.
audience: Everybody.
outcomes:
  - key: one
    text: Say one thing
routes:
  - kind: online
    cpd_minutes: 10
---
About it, with **weight** and *feeling*.
"""
MODULE = """---
key: m1
title: The only module
outcomes: [one]
content_note: Hard to read.
---
Why it matters.
"""
LESSON = """---
key: l1
title: The only lesson
minutes: 3
---
## A heading

Words with a [link](https://example.org) and

- one
- two

```fact
text: It is **so**.
source: Somebody, 2024
checked: 2026-11-22
```

```check
question: q1
```
"""
QUESTIONS = """- key: q1
  kind: single
  outcome: one
  stem: Which?
  choices:
    - text: This
      correct: true
      explanation: Yes.
    - text: That
      correct: false
      explanation: No.
"""


@pytest.fixture
def pack(tmp_path):
    module = tmp_path / "modules" / "m1"
    module.mkdir(parents=True)
    (tmp_path / "course.md").write_text(COURSE)
    (module / "module.md").write_text(MODULE)
    (module / "1-only.md").write_text(LESSON)
    (module / "questions.yaml").write_text(QUESTIONS)
    return tmp_path


def lesson_file(pack):
    return pack / "modules" / "m1" / "1-only.md"


def questions_file(pack):
    return pack / "modules" / "m1" / "questions.yaml"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_pack_is_read_whole(pack):
    read = read_pack(pack)
    assert (read.key, read.title, read.routes) == ("small", "A small course", [("online", 10)])
    assert read.description == "<p>About it, with <b>weight</b> and <i>feeling</i>.</p>"
    (module,) = read.modules
    assert module.content_note == "Hard to read."
    (lesson,) = module.lessons
    assert [block["type"] for block in lesson.body] == ["text", "fact", "single"]
    assert lesson.body[0]["value"] == (
        '<h2>A heading</h2><p>Words with a <a href="https://example.org">link</a> and</p>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert lesson.body[2]["value"]["choices"][0]["value"]["text"] == "This"


def test_reading_twice_gives_the_same_ids(pack):
    assert read_pack(pack) == read_pack(pack)


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "problem"),
    [
        (lesson_file, "```fact", "```fast", 14, "no block called “fast”"),
        (lesson_file, "source: Somebody, 2024\n", "", 14, "“source” is missing"),
        (lesson_file, "question: q1", "question: q9", 20, "no question “q9”"),
        (lesson_file, "question: q1\n```", "question: q1", 19, "never closed"),
        (lesson_file, "## A heading", "# A heading", 6, "## or ###"),
        (lesson_file, "https://example.org", "ftp://example.org", 8, "not a web address"),
        (lesson_file, "minutes: 3", "minutes: some", 1, "whole number"),
        (lesson_file, "text: It is", "text: [It is", 15, "not YAML"),
        (questions_file, "correct: false", "correct: true", 1, "exactly one"),
        (questions_file, "correct: false", "correct: maybe", 1, "for every choice"),
        (questions_file, "kind: single", "kind: essay", 1, "not a kind of question"),
        (questions_file, "outcome: one", "outcome: two", 1, "not an outcome"),
        (questions_file, "explanation: No.", "explanation: ''", 1, "“explanation” is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(pack, file, old, new, line, problem):
    edit(file(pack), old, new)
    with pytest.raises(PackError) as refusal:
        read_pack(pack)
    assert problem in refusal.value.problem
    assert (refusal.value.line, Path(refusal.value.path)) == (line, file(pack))


def test_a_link_that_runs_a_script_never_becomes_a_link(pack):
    edit(lesson_file(pack), "https://example.org", "javascript:alert(1)")
    assert "<a" not in read_pack(pack).modules[0].lessons[0].body[0]["value"]


def test_html_in_the_text_stays_text(pack):
    edit(lesson_file(pack), "Words with", "<script>alert(1)</script> with")
    assert "&lt;script&gt;" in read_pack(pack).modules[0].lessons[0].body[0]["value"]


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd"])
def test_a_picture_lies_inside_the_pack(pack, name):
    edit(lesson_file(pack), "```check", f"```image\nfile: {name}\nalt: A\n```\n\n```check")
    with pytest.raises(PackError, match="inside the pack"):
        read_pack(pack)


def test_a_missing_file_is_named(pack):
    (pack / "course.md").unlink()
    with pytest.raises(PackError, match="the file is missing"):
        read_pack(pack)


@pytest.mark.django_db
class TestLoading:
    def load(self, folder):
        return load_course_pack(pack=read_pack(folder), now=NOW)

    def test_loading_makes_published_pages_and_one_version(self, pack):
        make_site()
        report = self.load(pack)
        assert report.created == ["A small course", "The only module", "The only lesson"]
        course = Course.objects.open().get()
        assert course.latest_version.number == 1
        assert Question.objects.get().key == "q1"

    def test_loading_twice_changes_nothing(self, pack):
        make_site()
        self.load(pack)
        before = Revision.objects.count()
        report = self.load(pack)
        assert (report.created, report.changed) == ([], [])
        assert Revision.objects.count() == before
        assert CourseVersion.objects.count() == 1

    def test_a_changed_pack_changes_what_changed(self, pack):
        make_site()
        self.load(pack)
        edit(lesson_file(pack), "Words with", "Better words with")
        report = self.load(pack)
        assert (report.created, report.changed) == ([], ["The only lesson"])
        assert CourseVersion.objects.count() == 1

    def test_other_minutes_are_another_version(self, pack):
        make_site()
        self.load(pack)
        edit(pack / "course.md", "cpd_minutes: 10", "cpd_minutes: 20")
        assert self.load(pack).version == 2

    def test_pages_are_found_again_after_an_editor_renamed_them(self, pack):
        make_site()
        self.load(pack)
        page = CoursePage.objects.get()
        page.slug = "renamed"
        page.save_revision().publish()
        assert self.load(pack).created == []
        assert CoursePage.objects.get().slug == "renamed"

    def test_the_order_of_the_files_is_the_order_of_the_lessons(self, pack):
        make_site()
        second = lesson_file(pack).with_name("2-second.md")
        second.write_text("---\nkey: l2\ntitle: The second\nminutes: 2\n---\nWords.\n")
        self.load(pack)
        second.rename(second.with_name("0-now-first.md"))
        self.load(pack)
        titles = LessonPage.objects.order_by("path").values_list("title", flat=True)
        assert list(titles) == ["The second", "The only lesson"]

    def test_a_pack_without_its_picture_changes_nothing(self, pack):
        make_site()
        edit(lesson_file(pack), "```check", "```image\nfile: gone.png\nalt: A\n```\n\n```check")
        with pytest.raises(PackError, match="the picture is missing"):
            self.load(pack)
        assert not Course.objects.exists()

    def test_without_a_catalogue_the_pack_says_so(self, pack):
        with pytest.raises(PackError, match="set_up_site"):
            self.load(pack)

    def test_the_real_course_loads_twice_with_one_picture(self, tmp_path):
        make_site()
        copy = shutil.copytree(HIDDEN_SENTENCE, tmp_path / "copy")
        first, second = self.load(HIDDEN_SENTENCE), self.load(copy)
        assert (len(first.created), first.version) == (9, 1)
        assert (second.created, second.changed, second.version) == ([], [], 1)
        assert get_image_model().objects.count() == 1
