"""Course packs by the admin's door: out by a button, in by an upload that is looked at first."""

import datetime
import io
import re
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import PageLogEntry, Revision

from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.services import grant_role
from courses.enums import PackState
from courses.models import Course, CoursePage, LessonPage, ModulePage, PackUpload
from courses.packfiles import read_pack
from courses.packfiles.zips import write_zip
from courses.services import load_course_pack
from courses.services.packs import uploads, working
from courses.tasks import carry_on_pack, carry_on_packs, clear_old_packs
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, EnrolmentFactory
from tests.factories.pages import make_site, publish

pytestmark = pytest.mark.django_db

HIDDEN_SENTENCE = Path(settings.BASE_DIR) / "courses" / "packs" / "hidden-sentence"
COURSE = """---
key: small
title: A small course
summary: It is small.
outcomes:
  - key: one
    text: Say one thing
routes:
  - kind: online
    cpd_minutes: 10
---
About it.
"""
MODULE = "---\nkey: m1\ntitle: The only module\n---\nWhy it matters.\n"
LESSON = "---\nkey: {key}\ntitle: {title}\nminutes: 3\n---\nWords of {key}.\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
PICTURE = LESSON.format(key="l1", title="One") + "\n```image\nfile: images/a.svg\nalt: A\n```\n"


def small(**changed):
    """The files of a small pack; a name of None leaves the file out."""
    files = {
        "course.md": COURSE,
        "modules/1-m1/module.md": MODULE,
        "modules/1-m1/1-l1.md": LESSON.format(key="l1", title="One"),
        "modules/1-m1/2-l2.md": LESSON.format(key="l2", title="Two"),
    }
    return files | changed


def zipped(files, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, text in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture
def editor(client):
    make_site()
    user = UserFactory(full_name="Eve Editor")
    grant_role(user=user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    client.force_login(user)
    return user


@pytest.fixture
def sent(client, editor):
    """Upload a zip and give back the page that it leads to."""

    def send(content, name="pack.zip"):
        file = SimpleUploadedFile(name, content, "application/zip")
        return client.post(reverse("courses_packs"), {"file": file}, follow=True)

    return send


def text_of(response):
    page = response.content.decode().partition("<main ")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def the_upload():
    return PackUpload.objects.get()


def run(client, upload, **data):
    data.setdefault("fingerprint", upload.fingerprint)
    return client.post(reverse("courses_run_pack", args=[upload.public_id]), data, follow=True)


def is_stored(name):
    return bool(name) and storages["private"].exists(name)


# --- in ---


class TestImport:
    def test_a_new_course_is_shown_then_imported_and_the_zip_goes(self, client, editor, sent):
        page = text_of(sent(zipped(small())))
        assert "“A small course” would be a new course" in page
        assert "4 pages new" in page
        assert "version 1 of the course is made" in page
        assert not CoursePage.objects.exists()
        upload = the_upload()
        assert (upload.uploaded_by, upload.state) == (editor, PackState.PREVIEWED)
        assert is_stored(upload.stored_as)

        page = text_of(run(client, upload))
        assert "“A small course” is imported" in page
        assert "version 1 is what people begin from now on" in page
        done = the_upload()
        assert (done.state, done.stored_as) == (PackState.DONE, "")
        assert not is_stored(upload.stored_as)
        course = Course.objects.get(key="small")
        assert course.latest_version.number == 1
        line = AuditEntry.objects.get(action="course_pack.imported")
        assert (line.actor, line.target_id) == (editor, str(course.pk))
        published = PageLogEntry.objects.filter(
            action="wagtail.publish", page=LessonPage.objects.first()
        )
        assert [entry.user for entry in published] == [editor]

    def test_the_same_again_would_change_nothing(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        before = Revision.objects.count()
        page = text_of(sent(zipped(small())))
        assert "Nothing would change" in page
        assert "Import and publish" not in page
        page = text_of(run(client, the_upload()))
        assert "at another step by now" in page
        assert Revision.objects.count() == before
        assert AuditEntry.objects.filter(action="course_pack.imported").count() == 1

    def test_what_changes_is_shown_old_beside_new(self, client, editor, sent):
        sent(zipped(small()))
        run(client, the_upload())
        EnrolmentFactory(course=Course.objects.get())
        PackUpload.objects.all().delete()
        files = small()
        files["course.md"] = COURSE.replace("cpd_minutes: 10", "cpd_minutes: 25")
        first = files.pop("modules/1-m1/1-l1.md").replace("Words of l1.", "Words of **others**.")
        files["modules/1-m1/3-l1.md"] = first.replace("title: One", "title: The first")
        page = text_of(sent(zipped(files)))
        assert "would be changed" in page
        assert "Now Online, 10 CPD minutes: the lessons" in page
        assert "In the pack Online, 25 CPD minutes: the lessons" in page
        assert "Now One In the pack The first" in page
        assert "Now Words of l1. In the pack Words of **others**." in page
        assert "Order in “The only module” Now One Two In the pack Two One" in page
        assert "version 2 of the course is made" in page
        assert "1 person is taking the course now" in page
        run(client, the_upload())
        assert [lesson.title for lesson in LessonPage.objects.order_by("path")] == [
            "Two",
            "The first",
        ]

    def test_a_lesson_that_goes_to_another_module_is_told_of(self, client, sent):
        both = small(
            **{"modules/2-m2/module.md": MODULE.replace("m1", "m2").replace("only", "other")}
        )
        there = both | {"modules/2-m2/1-l3.md": LESSON.format(key="l3", title="Three")}
        sent(zipped(there))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        there["modules/2-m2/0-l2.md"] = there.pop("modules/1-m1/2-l2.md")
        page = text_of(sent(zipped(there)))
        assert "“Two” moves Now The only module In the pack The other module" in page
        run(client, the_upload())
        lesson = LessonPage.objects.get(title="Two")
        assert lesson.get_parent().title == "The other module"

    def test_pages_that_somebody_put_in_another_order_are_no_same_course(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        last, module = LessonPage.objects.get(title="Two"), ModulePage.objects.get()
        last.move(module, pos="first-child")
        assert "Order in “The only module” Now Two One" in text_of(sent(zipped(small())))
        run(client, the_upload())
        assert LessonPage.objects.order_by("path").first().title == "One"

    def test_what_the_pack_has_not_is_withdrawn_and_says_so(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        files = small()
        del files["modules/1-m1/2-l2.md"]
        page = text_of(sent(zipped(files)))
        assert "1 page withdrawn" in page
        assert "The pack has not got every page of this course" in page
        run(client, the_upload())
        assert not LessonPage.objects.get(title="Two").live

    def test_a_site_that_changed_since_is_looked_at_again(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        new = small()
        new["modules/1-m1/1-l1.md"] = LESSON.format(key="l1", title="From the pack")
        sent(zipped(new))
        upload = the_upload()
        lesson = LessonPage.objects.get(title="One")
        lesson.title = "By hand"
        publish(lesson)
        page = text_of(run(client, upload))
        assert "The site has changed since you looked" in page
        assert "Now By hand In the pack From the pack" in page
        assert LessonPage.objects.get(pk=lesson.pk).title == "By hand"
        run(client, the_upload())
        assert LessonPage.objects.get(pk=lesson.pk).title == "From the pack"

    def test_an_old_preview_is_not_imported(self, client, sent):
        sent(zipped(small()))
        page = text_of(run(client, the_upload(), fingerprint="0" * 64))
        assert "at another step by now" in page
        assert not CoursePage.objects.exists()

    def test_work_in_hand_is_refused_and_looked_at_again(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        lesson = LessonPage.objects.get(title="One")
        lesson.title = "Being written"
        lesson.save_revision()
        new = small()
        new["modules/1-m1/1-l1.md"] = LESSON.format(key="l1", title="Other")
        page = text_of(sent(zipped(new)))
        assert "modules/1-m1/1-l1.md , line 2" in page
        assert "has changes on this site that are not published" in page
        upload = the_upload()
        lesson.save_revision().publish()
        page = text_of(
            client.post(reverse("courses_look_again", args=[upload.public_id]), follow=True)
        )
        assert "Now Being written In the pack Other" in page

    def test_a_draft_of_a_page_that_stays_is_told_of(self, client, sent):
        sent(zipped(small()))
        run(client, the_upload())
        PackUpload.objects.all().delete()
        lesson = LessonPage.objects.get(title="One")
        lesson.title = "Being written"
        lesson.save_revision()
        new = small()
        new["modules/1-m1/2-l2.md"] = LESSON.format(key="l2", title="Other")
        assert "Has changes that are not published: they stay" in text_of(sent(zipped(new)))

    def test_it_is_given_up_and_goes(self, client, sent):
        sent(zipped(small()))
        upload = the_upload()
        page = client.post(reverse("courses_give_up_pack", args=[upload.public_id]), follow=True)
        assert "The pack is removed" in text_of(page)
        assert not PackUpload.objects.exists()

    def test_while_it_is_imported_it_is_not_given_up(self, client, sent):
        sent(zipped(small()))
        PackUpload.objects.update(state=PackState.IMPORTING)
        url = reverse("courses_give_up_pack", args=[the_upload().public_id])
        assert "at another step by now" in text_of(client.post(url, follow=True))
        assert PackUpload.objects.exists()

    def test_what_was_given_up_leaves_no_file(self, sent, django_capture_on_commit_callbacks):
        sent(zipped(small()))
        upload = the_upload()
        with django_capture_on_commit_callbacks(execute=True):
            uploads.give_up_pack(upload=upload)
        assert not is_stored(upload.stored_as)

    def test_another_s_pack_is_not_there(self, client, sent):
        sent(zipped(small()))
        upload = the_upload()
        other = UserFactory()
        grant_role(user=other, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
        client.force_login(other)
        for name in ("courses_run_pack", "courses_look_again", "courses_give_up_pack"):
            assert client.post(reverse(name, args=[upload.public_id])).status_code == 404
        assert client.get(reverse("courses_pack", args=[upload.public_id])).status_code == 404
        assert upload.file_name not in client.get(reverse("courses_packs")).content.decode()


# --- what is wrong is said with its lines ---


class TestRefusals:
    def test_all_of_it_at_once_with_the_lines_quoted(self, sent):
        files = small()
        files["course.md"] = COURSE.replace("cpd_minutes: 10", "cpd_minutes: <b>none</b>")
        files["modules/1-m1/2-l2.md"] = files["modules/1-m1/2-l2.md"].replace("minutes", "minuets")
        response = sent(zipped(files))
        page = text_of(response)
        assert "This pack cannot be imported: 2 things are wrong" in page
        assert "course.md , line 10" in page
        assert "The line reads: cpd_minutes: &lt;b&gt;none&lt;/b&gt;" in page
        assert "modules/1-m1/2-l2.md , line 4" in page
        assert "Did you mean “minutes”" in page
        assert not CoursePage.objects.exists()

    def test_a_form_without_a_file_says_so(self, client, editor):
        response = client.post(reverse("courses_packs"))
        assert response.status_code == 422
        assert "Choose a file." in text_of(response)

    def test_too_large_a_file_is_not_kept(self, editor):
        with pytest.raises(uploads.PackTooLarge):
            uploads.start_pack_upload(
                user=editor, file=io.BytesIO(b"x"), file_name="a", size=10**10, now=NOW
            )
        assert not PackUpload.objects.exists()

    def test_who_has_ten_in_hand_removes_one_first(self, client, editor, sent):
        for number in range(10):
            PackUpload.objects.create(uploaded_by=editor, stored_as=f"course-packs/{number}.zip")
        PackUpload.objects.create(uploaded_by=UserFactory(), stored_as="course-packs/other.zip")
        assert "You have ten packs in hand" in text_of(sent(zipped(small())))
        PackUpload.objects.filter(uploaded_by=editor).first().delete()
        assert "would be a new course" in text_of(sent(zipped(small())))

    def test_who_may_not_publish_may_not_import(self, editor):
        with pytest.raises(uploads.MayNotImportPacks):
            uploads.start_pack_upload(
                user=UserFactory(), file=io.BytesIO(b"x"), file_name="a", size=1, now=NOW
            )


def link():
    info = zipfile.ZipInfo("images/a.svg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted():
    """Written as plain, and said to be encrypted, in both places where a zip says so."""
    content = bytearray(zipped(small(), zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def torn():
    """A zip whose compressed bytes are not what they were."""
    content = bytearray(zipped({"course.md": COURSE * 9}))
    content[60:90] = b"\xff" * 30
    return bytes(content)


def twice():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped([*small().items(), ("course.md", COURSE)])


def with_lesson(text, **files):
    return zipped(small(**{"modules/1-m1/1-l1.md": text}) | files)


HOSTILE = {
    "not a zip": (lambda: b"no zip at all", "not a zip that can be read"),
    "cut off": (lambda: zipped(small())[:-30], "not a zip that can be read"),
    "torn": (torn, "damaged, or packed in an unusual way"),
    "empty": (lambda: zipped({}), "the zip is empty"),
    "traversal": (lambda: zipped({"../course.md": "x"}), "inside the pack"),
    "traversal by backslash": (lambda: zipped({"..\\course.md": "x"}), "inside the pack"),
    "absolute": (lambda: zipped({"/course.md": "x"}), "inside the pack"),
    "drive": (lambda: zipped({"C:/course.md": "x"}), "inside the pack"),
    "link": (lambda: zipped([(link(), "/etc/passwd")]), "a link or a device"),
    "encrypted": (encrypted, "the file is encrypted"),
    "ratio": (lambda: zipped({"media/a.mp4": "0" * 5_000_000}), "packed so tightly"),
    "count": (lambda: zipped({f"images/{n}.png": "" for n in range(2001)}), "too many"),
    "nested": (lambda: zipped(small(**{"media/a.zip": zipped(small())})), "no place in a pack"),
    "long text": (lambda: zipped({"course.md": "0" * 2_200_000}), "packed so tightly|at most 2 MB"),
    "twice": (twice, "cannot be told from"),
    "capitals": (
        lambda: zipped(small(**{"images/a.png": "x", "images/A.PNG": "x"})),
        "cannot be told from",
    ),
    "encoding": (
        lambda: zipped(small(**{"course.md": COURSE.replace("small.", "café.").encode("latin-1")})),
        "not UTF-8 text",
    ),
    "control letters": (
        lambda: zipped(small(**{"course.md": COURSE.replace("It is", "It\x00is")})),
        "cannot be shown or kept",
    ),
    "written control letters": (
        lambda: zipped(small(**{"course.md": COURSE.replace("It is small.", '"\\0 \\ud800"')})),
        "cannot be shown or kept|not YAML",
    ),
    "repeated values": (
        lambda: zipped(small(**{"course.md": COURSE.replace("It is small.", "&a x\nb: *a")})),
        "repeats are not read",
    ),
    "script in a drawing": (
        lambda: with_lesson(PICTURE, **{"images/a.svg": SVG.format("<script>1</script>")}),
        "may run or fetch something",
    ),
    "remote reference in a drawing": (
        lambda: with_lesson(
            PICTURE,
            **{"images/a.svg": SVG.format('<image href="https://example.org/a.png"/>')},
        ),
        "refers to something outside it",
    ),
    "remote picture": (
        lambda: with_lesson(PICTURE.replace("images/a.svg", "https://example.org/a.svg")),
        "the picture is missing|inside the pack",
    ),
    "picture outside": (
        lambda: with_lesson(PICTURE.replace("images/a.svg", "../../etc/passwd")),
        "lies inside the pack",
    ),
    "another kind": (lambda: zipped(small(**{"run.exe": "x"})), "no place in a pack"),
    "no course": (lambda: zipped({"modules/1-m1/module.md": MODULE}), "the file is missing"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_wrong_with_a_zip_is_said_in_words(name, client, sent):
    make, words = HOSTILE[name]
    sent(make())
    carry_on_packs()  # where it looks like a long one
    response = client.get(reverse("courses_pack", args=[the_upload().public_id]))
    assert response.status_code == 200
    assert re.search(words, text_of(response), re.I), text_of(response)
    assert the_upload().state == PackState.REFUSED
    assert not CoursePage.objects.exists()


def test_a_list_of_files_that_is_a_bomb_itself_is_not_read(sent, monkeypatch):
    from courses.packfiles import archives

    monkeypatch.setattr(archives, "LONGEST_DIRECTORY", 50)
    assert "it lists far too many files" in text_of(sent(zipped(small()))).lower()


# --- a worker's ---


@pytest.fixture
def long(monkeypatch):
    monkeypatch.setattr(uploads, "SHORT_FILES", 0)


class TestWorker:
    def test_a_long_pack_waits_for_a_worker(self, client, sent, long):
        page = text_of(sent(zipped(small())))
        assert "The pack is being read" in page
        carry_on_pack(pk=the_upload().pk, extra="from a later version")
        assert "would be a new course" in text_of(
            client.get(reverse("courses_pack", args=[the_upload().public_id]))
        )
        page = text_of(run(client, the_upload()))
        assert "The course is being imported" in page
        assert not CoursePage.objects.exists()
        carry_on_packs()
        assert the_upload().state == PackState.DONE
        assert CoursePage.objects.exists()

    def test_of_two_workers_one_is_at_it(self, sent, long):
        sent(zipped(small()))
        PackUpload.objects.update(claim="00000000-0000-4000-8000-000000000000", claimed_at=NOW)
        pk, lease = the_upload().pk, settings.CLAIM_LEASE_SECONDS
        assert not working.work_on_pack(pk=pk, now=NOW)
        later = NOW + datetime.timedelta(seconds=lease + 1)
        assert working.work_on_pack(pk=pk, now=later)

    @pytest.mark.parametrize(
        ("state", "then", "words"),
        [
            (PackState.READING, PackState.REFUSED, "could not read this pack"),
            (PackState.IMPORTING, PackState.PREVIEWED, "nothing was imported. Try once more"),
        ],
    )
    def test_what_no_worker_can_finish_is_given_up(self, client, sent, state, then, words):
        sent(zipped(small()))
        PackUpload.objects.update(state=state, attempts=working.MAX_ATTEMPTS)
        working.work_on_packs(now=NOW)
        upload = the_upload()
        assert (upload.state, upload.claim) == (then, None)
        page = client.get(reverse("courses_pack", args=[upload.public_id]))
        assert words in text_of(page)

    def test_a_file_that_is_gone_is_tried_again_later(self, sent, long, caplog):
        sent(zipped(small()))
        upload = the_upload()
        storages["private"].delete(upload.stored_as)
        assert working.work_on_pack(pk=upload.pk, now=NOW)
        upload.refresh_from_db()
        assert (upload.state, upload.claim, upload.attempts) == (PackState.READING, None, 1)

    def test_a_day_later_it_is_gone(self, sent):
        sent(zipped(small()))
        upload = the_upload()
        day = datetime.timedelta(days=1)
        assert uploads.clear_old_packs(now=upload.updated_at + day) == 0
        assert is_stored(upload.stored_as)
        clear_old_packs()
        assert uploads.clear_old_packs(now=upload.updated_at + day * 1.01) == 1
        assert not PackUpload.objects.exists()
        assert not is_stored(upload.stored_as)

    def test_a_file_without_a_row_goes_a_day_later(self, sent):
        sent(zipped(small()))
        upload = the_upload()
        PackUpload.objects.all().delete()
        uploads.clear_old_packs(now=upload.updated_at)
        assert is_stored(upload.stored_as)
        uploads.clear_old_packs(now=upload.updated_at + datetime.timedelta(days=2))
        assert not is_stored(upload.stored_as)


# --- out ---


@pytest.fixture
def on_the_site(editor):
    load_course_pack(pack=read_pack(HIDDEN_SENTENCE), now=NOW)
    return CoursePage.objects.get()


class TestExport:
    def url(self, page):
        return reverse("courses_export", args=[page.pk])

    def test_a_course_leaves_as_a_zip_that_changes_nothing_here(self, client, sent, on_the_site):
        response = client.post(self.url(on_the_site))
        assert response["Content-Disposition"] == 'attachment; filename="hidden-sentence.zip"'
        content = b"".join(response.streaming_content)
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        line = AuditEntry.objects.get(action="course_pack.exported")
        assert line.target_id == str(on_the_site.course_id)
        assert "Nothing would change" in text_of(sent(content))

    def test_what_is_not_published_is_named(self, client, on_the_site):
        lesson = LessonPage.objects.first()
        lesson.title = "Being written"
        lesson.save_revision()
        module = ModulePage.objects.last()
        module.unpublish()
        page = text_of(client.get(self.url(on_the_site)))
        assert "has changes that are not published: they are left out" in page
        assert f"“{module.title}” is not published: it is left out" in page

    def test_what_a_pack_cannot_hold_is_said_on_the_page(self, client, on_the_site):
        lesson = LessonPage.objects.first()
        lesson.body = [("text", '<p><a linktype="page" id="3">There</a></p>')]
        publish(lesson)
        response = client.post(self.url(on_the_site))
        assert response.status_code == 422
        assert "chosen on this site" in text_of(response)
        assert not AuditEntry.objects.filter(action="course_pack.exported").exists()

    def test_a_course_that_is_not_published_says_so(self, client, on_the_site):
        on_the_site.unpublish()
        response = client.post(self.url(on_the_site))
        assert response.status_code == 422
        assert "There is no published course" in text_of(response)

    def test_the_button_is_on_courses_and_on_nothing_else(self, client, on_the_site):
        lesson = LessonPage.objects.first()
        for name in ("wagtailadmin_explore", "wagtailadmin_pages:edit"):
            assert (
                self.url(on_the_site)
                in client.get(reverse(name, args=[on_the_site.pk])).content.decode()
            )
        page = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
        assert "/export/" not in page
        above = on_the_site.get_parent().pk
        listed = client.get(reverse("wagtailadmin_explore", args=[above])).content.decode()
        assert self.url(on_the_site) in listed


def test_a_folder_zipped_by_hand_is_read_too(client, sent, tmp_path):
    folder = shutil.copytree(HIDDEN_SENTENCE, tmp_path / "outer" / "hidden-sentence")
    content = io.BytesIO()
    write_zip(folder.parent, content)
    assert "would be a new course" in text_of(sent(content.getvalue()))
