"""Course packs: what is read, what is refused with its line, and loading twice."""

import io
import logging
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import Revision

from courses.models import (
    Course,
    CoursePage,
    CourseVersion,
    Lesson,
    LessonPage,
    ModulePage,
    Question,
)
from courses.packfiles import PackError, read_pack
from courses.services import load_course_pack
from tests.factories.courses import NOW, CourseFactory, EnrolmentFactory
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
    assert (read.key, read.title) == ("small", "A small course")
    assert read.routes == [
        {
            "kind": "online",
            "cpd_minutes": 10,
            "requires_lessons": True,
            "requires_assessment": False,
            "requires_attendance": False,
            "attendance_share": 80,
            "requires_evaluation": False,
        }
    ]
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
        (lesson_file, "```fact", "```fast", 13, "no block called “fast”"),
        (lesson_file, "source: Somebody, 2024\n", "", 14, "“source” is missing"),
        (lesson_file, "question: q1", "question: q9", 20, "no question “q9”"),
        (lesson_file, "question: q1\n```", "question: q1", 19, "never closed"),
        (lesson_file, "## A heading", "# A heading", 6, "## or ###"),
        (lesson_file, "https://example.org", "ftp://example.org", 8, "not a web address"),
        (lesson_file, "minutes: 3", "minutes: some", 4, "whole number"),
        (lesson_file, "text: It is", "text: [It is", 15, "not YAML"),
        (questions_file, "correct: false", "correct: true", 5, "exactly one"),
        (questions_file, "correct: false", "correct: maybe", 10, "for every choice"),
        (questions_file, "kind: single", "kind: essay", 2, "not a kind of question"),
        (questions_file, "outcome: one", "outcome: two", 3, "not an outcome"),
        (questions_file, "explanation: No.", "explanation: ''", 11, "“explanation” is missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(pack, file, old, new, line, problem):
    edit(file(pack), old, new)
    with pytest.raises(PackError) as refusal:
        read_pack(pack)
    assert problem in refusal.value.problem
    assert (refusal.value.line, Path(refusal.value.path)) == (line, file(pack))


SCENARIO = """
```scenario
key: case
title: A case
situation: It is so.
question: What now?
choices:
  - text: Ask
    outcome: Good.
    verdict: good
  - text: Wait
    outcome: Less good.
    verdict: poor
```
"""
ORDER = """- key: q1
  kind: order
  outcome: one
  stem: In which order?
  items: [a, b, c]
  explanation: So.
"""
SHORT = """- key: q1
  kind: short
  outcome: one
  stem: What?
  accepted: [this, that]
  model_answer: This.
  explanation: So.
"""


def course_file(pack):
    return pack / "course.md"


def module_file(pack):
    return pack / "modules" / "m1" / "module.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "problem"),
    [
        (course_file, "summary: It is small.", "summary: " + "x" * 251, 4, "251 characters"),
        (course_file, "title: A small course", "title: " + "x" * 256, 3, "at most 255"),
        (course_file, "key: small", "key: two words", 2, "not a key"),
        (course_file, "key: small", "key: Small", 2, "not a key"),
        (course_file, "key: small", "key: s/mall", 2, "not a key"),
        (course_file, "key: small", "key: " + "s" * 81, 2, "at most 80"),
        (course_file, "key: small", "key: [small]", 2, "must be a text"),
        (course_file, "summary: It is small.", "summary:", 4, "“summary” is missing"),
        (course_file, "title:", "titel:", 3, "Did you mean “title”?"),
        (course_file, "title: A", "key: other\ntitle: A", 3, "“key” is given twice"),
        (course_file, "text: Say one thing", "text: " + "x" * 121, 8, "at most 120"),
        (
            course_file,
            "    text: Say one thing",
            "    text: Say one thing\n  - key: one\n    text: Again",
            9,
            "“one” is used twice",
        ),
        (
            course_file,
            "    cpd_minutes: 10",
            "    cpd_minutes: 10\n  - kind: online\n    cpd_minutes: 20",
            12,
            "“online” is used twice",
        ),
        (course_file, "cpd_minutes: 10", "cpd_minutes: 99999999", 11, "1 to 6000"),
        (course_file, "kind: online", "kind: by post", 10, "not a route"),
        (course_file, "About it, with **weight** and *feeling*.", "", 13, "text below"),
        (module_file, "outcomes: [one]", "outcomes: [two]", 4, "not an outcome"),
        (module_file, "content_note:", "contents_note:", 5, "Did you mean “content_note”?"),
        (lesson_file, "key: l1", "key: a/b", 2, "not a key"),
        (lesson_file, "minutes: 3", "minutes: 99999999", 4, "from 1 to 240"),
        (lesson_file, "minutes: 3", "minutes: true", 4, "whole number"),
        (lesson_file, "title: The", "titel: The", 3, "Did you mean “title”?"),
        (lesson_file, "2026-11-22", "2026-13-45", 16, "must be a day"),
        (lesson_file, "2026-11-22", "yesterday", 16, "must be a day"),
        (
            lesson_file,
            "checked: 2026-11-22",
            "checked: 2026-11-22\nurl: javascript:alert(1)",
            17,
            "“url”: Enter a valid URL",
        ),
        (
            lesson_file,
            "Somebody, 2024",
            "x" * 251,
            15,
            "“source”: Ensure this value has at most 250",
        ),
        (lesson_file, "source:", "sources:", 15, "Did you mean “source”?"),
        (lesson_file, "text: It is **so**.", "text: yes", 14, "put it in quotes"),
        (lesson_file, "text: It is **so**.", "text: !!timestamp x", 14, "not YAML"),
        (lesson_file, "text: It is **so**.", "- one", 15, "not YAML"),
        (questions_file, "text: This", "text: " + "x" * 301, 6, "at most 300"),
        (
            questions_file,
            "    - text: That\n      correct: false\n      explanation: No.\n",
            "",
            5,
            "“choices”: The minimum number of items is 2",
        ),
        (
            questions_file,
            "    - text: That",
            "    - text: Other\n      correct: false\n      explanation: No.\n" * 9
            + "    - text: That",
            5,
            "“choices”: The maximum number of items is 8",
        ),
        (questions_file, "stem: Which?", "stam: Which?", 4, "Did you mean “stem”?"),
        (questions_file, QUESTIONS, ORDER.replace("[a, b, c]", "[a, b, A]"), 5, "read the same"),
        (questions_file, QUESTIONS, ORDER.replace("[a, b, c]", "[a, b]"), 5, "minimum number"),
        (
            questions_file,
            QUESTIONS,
            SHORT.replace("[this, ", "[null, "),
            5,
            "“accepted” is missing",
        ),
        (questions_file, QUESTIONS, SHORT.replace("[this, ", "[yes, "), 5, "put it in quotes"),
        (questions_file, QUESTIONS, SHORT.replace("[this, that]", "this"), 5, "list of texts"),
        (
            lesson_file,
            "```check",
            SCENARIO[: SCENARIO.index("  - text: Wait")] + "```\n\n```check",
            25,
            "“choices”: The minimum number of items is 2",
        ),
        (
            lesson_file,
            "```check",
            SCENARIO.replace("verdict: good", "verdict: partly") + "\n```check",
            25,
            "At least one choice must be a good step",
        ),
        (lesson_file, "```check", SCENARIO + SCENARIO + "\n```check", 35, "“case” is used twice"),
        (
            lesson_file,
            "```check",
            SCENARIO.replace("key: case", "key: case\noutcome: two") + "\n```check",
            22,
            "not an outcome",
        ),
        (
            lesson_file,
            "```check",
            "```quote\ntext: So.\nwho: " + "x" * 201 + "\n```\n\n```check",
            21,
            "“who”: Ensure this value has at most 200",
        ),
    ],
)
def test_what_would_fail_later_or_be_taken_in_silence_is_said_with_its_line(
    pack, file, old, new, line, problem
):
    edit(file(pack), old, new)
    with pytest.raises(PackError) as refusal:
        read_pack(pack)
    assert problem in refusal.value.problem
    assert (refusal.value.line, Path(refusal.value.path)) == (line, file(pack))


@pytest.mark.parametrize("question", [ORDER, SHORT, QUESTIONS])
def test_questions_of_each_kind_are_read(pack, question):
    questions_file(pack).write_text(question)
    edit(lesson_file(pack), "```check", SCENARIO + "\n```check")
    assert len(read_pack(pack).modules[0].lessons[0].body) == 4


def test_two_lessons_with_one_key_are_refused_wherever_they_stand(pack):
    other = pack / "modules" / "m2"
    other.mkdir()
    (other / "module.md").write_text(MODULE.replace("key: m1", "key: m2"))
    (other / "1-again.md").write_text("---\nkey: l1\ntitle: Again\nminutes: 2\n---\nWords.\n")
    with pytest.raises(PackError, match=r"1-again\.md, line 2: the key “l1” is used twice"):
        read_pack(pack)
    edit(other / "1-again.md", "key: l1", "key: l2")
    assert len(read_pack(pack).modules) == 2
    edit(other / "module.md", "key: m2", "key: m1")
    with pytest.raises(PackError, match=r"module\.md, line 2: the key “m1” is used twice"):
        read_pack(pack)


def test_a_file_is_not_a_folder(pack):
    with pytest.raises(PackError, match="not a folder"):
        read_pack(pack / "course.md")
    with pytest.raises(PackError, match="not a folder"):
        read_pack(pack / "nothing")


def test_a_folder_is_not_a_file(pack):
    course_file(pack).unlink()
    course_file(pack).mkdir()
    with pytest.raises(PackError, match="cannot be read"):
        read_pack(pack)


def test_a_picture_is_a_picture(pack):
    (pack / "a.png").write_bytes(b"not a picture")
    edit(lesson_file(pack), "```check", "```image\nfile: a.png\nalt: A\n```\n\n```check")
    with pytest.raises(PackError, match=r"line 20: a\.png is not a picture"):
        read_pack(pack)


def test_the_example_of_the_document_is_a_whole_pack(tmp_path):
    document = (Path(settings.BASE_DIR) / "docs" / "course-packs.md").read_text()
    example = document.split("## A complete small example")[1]
    files = re.findall(r"^`([^`\n]+)`\n\n~~~\w*\n(.*?)^~~~$", example, re.MULTILINE | re.DOTALL)
    assert len(files) == 4
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    pack = read_pack(tmp_path)
    kinds = [block["type"] for block in pack.modules[0].lessons[0].body]
    assert kinds == ["text", "fact", "scenario", "single"]


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

    def test_lessons_taken_out_of_the_pack_are_withdrawn(self, pack, client):
        make_site()
        second = lesson_file(pack).with_name("2-second.md")
        second.write_text("---\nkey: l2\ntitle: The second\nminutes: 2\n---\nWords.\n")
        assert self.load(pack).withdrawn == []
        first_version = CourseVersion.objects.get()
        begun = EnrolmentFactory(course=first_version.course)
        second.unlink()
        report = self.load(pack)
        assert (report.withdrawn, report.version) == (["The second"], 2)
        new = CourseVersion.objects.get(number=2)
        assert [row.lesson.key for row in new.version_lessons.all()] == ["l1"]
        assert first_version.version_lessons.count() == 2
        assert not LessonPage.objects.get(title="The second").live
        client.force_login(begun.user)
        lesson = Lesson.objects.get(key="l2")
        page = client.get(reverse("courses:lesson", args=["small", lesson.public_id]))
        assert page.status_code == 200
        again = self.load(pack)
        assert (again.withdrawn, again.changed, again.version) == ([], [], 2)
        second.write_text("---\nkey: l2\ntitle: The second\nminutes: 2\n---\nWords.\n")
        assert (self.load(pack).version, Lesson.objects.count()) == (3, 2)

    def test_a_fact_checked_in_the_future_is_refused_and_nothing_is_loaded(self, pack):
        make_site()
        edit(lesson_file(pack), "2026-11-22", "2026-11-23")
        with pytest.raises(PackError, match=r"line 16: .*in the future"):
            self.load(pack)
        assert not CoursePage.objects.exists()

    def test_the_address_of_another_course_is_no_key(self, pack):
        make_site()
        CourseFactory(key="another", slug="small")
        with pytest.raises(PackError, match=r"course\.md, line 2: .*address of another course"):
            self.load(pack)
        assert not CoursePage.objects.exists()

    def test_the_address_of_another_page_is_no_key(self, pack):
        make_site()
        self.load(pack)
        page = LessonPage(title="By hand", slug="l2", minutes=2)
        ModulePage.objects.get().add_child(instance=page)
        second = lesson_file(pack).with_name("2-second.md")
        second.write_text("---\nkey: l2\ntitle: The second\nminutes: 2\n---\nWords.\n")
        with pytest.raises(PackError, match=r"2-second\.md, line 2: the page cannot be saved"):
            self.load(pack)

    def test_the_command_says_what_was_withdrawn_and_no_more(self, pack, capfd):
        make_site()
        second = lesson_file(pack).with_name("2-second.md")
        second.write_text("---\nkey: l2\ntitle: The second\nminutes: 2\n---\nWords.\n")
        call_command("load_course_pack", pack, stdout=io.StringIO())
        second.unlink()
        root, said, heard = logging.getLogger(), io.StringIO(), io.StringIO()
        handler, level = logging.StreamHandler(heard), root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)  # as in production
        try:
            call_command("load_course_pack", pack, stdout=said)
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        assert "0 created, 0 changed, 3 unchanged. Version 2." in said.getvalue()
        assert "Withdrawn, as the pack has it no longer: The second." in said.getvalue()
        assert "Task id" not in heard.getvalue() + capfd.readouterr().err

    def test_the_command_names_what_is_wrong(self, pack):
        make_site()
        edit(lesson_file(pack), "minutes: 3", "minutes: 0")
        with pytest.raises(CommandError, match=r"1-only\.md, line 4: “minutes” must be"):
            call_command("load_course_pack", pack)

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
