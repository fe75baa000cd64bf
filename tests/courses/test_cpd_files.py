"""The PDF of a CPD record: asked for, made once, private, gone after a day."""

import datetime
from io import BytesIO

import pypdf
import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import tasks
from courses.models import CpdFile
from courses.pdf import cpd_pdf
from courses.queries.cpd import Period, cpd_record, year_from
from courses.services.cpd import delete_cpd_entry
from courses.services.cpd_files import (
    MOST_ATTEMPTS,
    ask_for_cpd_file,
    look_after_cpd_files,
    make_cpd_file,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, CompletionFactory
from tests.factories.cpd import CpdEntryFactory, CpdFileFactory, ReflectionFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date
YEAR = year_from(DAY(2026, 1, 1))
STORE = storages["private"]


def words_of(content):
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def pdf_of(user, period=YEAR):
    return cpd_pdf(cpd_record(user, on=DAY(2026, 11, 22), period=period), on=DAY(2026, 11, 22))


@pytest.fixture
def user():
    return UserFactory(full_name="Siân Łukaszewska")


@pytest.fixture
def file(user):
    CpdEntryFactory(user=user, title="Zażółć gęślą jaźń")
    return ask_for_cpd_file(user=user, period=YEAR, now=NOW)


class TestWhatItSays:
    def test_name_period_activities_totals_and_pages(self, user):
        CompletionFactory(user=user)
        CpdEntryFactory(
            user=user,
            title="Cynhadledd am yr ŵyl",
            provider="Łódź",
            minutes=90,
            learned="Zażółć gęślą jaźń",
            applied="We ask <everybody> & listen",
        )
        ReflectionFactory(enrolment__user=user, is_in_cpd=True, text="I would wait.")
        ReflectionFactory(enrolment__user=user, text="Mine alone.")
        content = pdf_of(user)
        words, pages = words_of(content), len(pypdf.PdfReader(BytesIO(content)).pages)
        for said in (
            "Siân Łukaszewska",
            "2026",
            "Cynhadledd am yr ŵyl",
            "Łódź",
            "Zażółć gęślą jaźń",
            "We ask <everybody> & listen",
            "1 hour 30 minutes",
            "2 hours 10 minutes",
            "I would wait.",
            f"Page {pages} of {pages}",
        ):
            assert said in words
        assert "Mine alone." not in words
        assert "“?” stands for" not in words

    def test_texts_longer_than_a_page_run_on(self, user):
        long = "Wait, and listen. " * 270
        CpdEntryFactory(user=user, learned=long, applied="x" * 4990, url=f"https://a.b/{'y' * 480}")
        ReflectionFactory(enrolment__user=user, is_in_cpd=True, text="I wait. " * 1200)
        words = words_of(pdf_of(user))
        assert "Page 1 of" in words
        assert words.count("I wait.") == 1200

    def test_signs_that_cannot_be_drawn_are_said_to_be_missing(self, user):
        CpdEntryFactory(user=user, title="Tea 😀 with 家族")
        words = words_of(pdf_of(user))
        assert "Tea ? with ??" in words
        assert "“?” stands for signs that our typeface does not have." in words

    def test_an_empty_year_and_all_years(self, user):
        assert "Nothing was recorded" in words_of(pdf_of(user))
        for year in (2024, 2025):
            CpdEntryFactory(user=user, starts_on=DAY(year, 1, 1), minutes=60)
        words = words_of(pdf_of(user, Period()))
        assert "Totals by year" in words
        assert "2 hours" in words


class TestMaking:
    def test_it_is_made_once_and_kept(self, file):
        assert make_cpd_file(file_id=file.pk, now=NOW)
        file.refresh_from_db()
        assert file.made_at == NOW
        assert "Zażółć gęślą jaźń" in words_of(STORE.open(file.file_name).read())
        assert not make_cpd_file(file_id=file.pk, now=NOW)

    def test_asked_again_before_it_is_made_it_is_the_same(self, file, user):
        assert ask_for_cpd_file(user=user, period=YEAR, now=NOW) == file
        assert ask_for_cpd_file(user=user, period=Period(), now=NOW) != file
        make_cpd_file(file_id=file.pk, now=NOW)
        assert ask_for_cpd_file(user=user, period=YEAR, now=NOW) != file

    def test_the_year_is_that_of_the_asking_even_if_nothing_is_left_in_it(self, file, user):
        delete_cpd_entry(entry=user.cpd_entries.get())
        make_cpd_file(file_id=file.pk, now=NOW)
        file.refresh_from_db()
        assert "Nothing was recorded" in words_of(STORE.open(file.file_name).read())

    def test_another_worker_s_is_left_to_it_until_its_time_is_over(self, file):
        CpdFile.objects.update(due_at=NOW + datetime.timedelta(minutes=5))
        assert not make_cpd_file(file_id=file.pk, now=NOW)
        assert make_cpd_file(file_id=file.pk, now=NOW + datetime.timedelta(minutes=5))

    def test_the_sweep_makes_what_a_killed_worker_dropped(self, file):
        assert look_after_cpd_files(now=NOW) == 1
        assert look_after_cpd_files(now=NOW) == 0

    def test_after_a_day_it_is_gone(self, file):
        make_cpd_file(file_id=file.pk, now=NOW)
        file.refresh_from_db()
        almost = NOW + datetime.timedelta(hours=23, minutes=59)
        look_after_cpd_files(now=almost)
        assert STORE.exists(file.file_name)
        look_after_cpd_files(now=NOW + datetime.timedelta(days=1))
        assert not STORE.exists(file.file_name)
        assert not CpdFile.objects.exists()

    def test_one_that_cannot_be_made_is_tried_again_then_given_up(self, user, file):
        # An interval that the record cannot have: its year would end before the calendar does.
        CpdFile.objects.update(year_from=DAY(9999, 1, 1))
        other = CpdFileFactory()
        assert look_after_cpd_files(now=NOW) == 1  # the other one is made all the same
        file.refresh_from_db()
        other.refresh_from_db()
        assert (file.attempts, file.made_at, file.error) == (1, None, "ValueError")
        # One minute after the attempt, which began with the sweep.
        minute = datetime.timedelta(minutes=1)
        assert NOW + minute <= file.due_at < NOW + 1.5 * minute
        CpdFile.objects.filter(pk=file.pk).update(attempts=MOST_ATTEMPTS, due_at=NOW)
        assert not make_cpd_file(file_id=file.pk, now=NOW)

    def test_the_tasks_do_it(self, user):
        now = timezone.now()
        file = CpdFileFactory(
            user=user, asked_at=now, due_at=now, expires_at=now + datetime.timedelta(days=1)
        )
        tasks.make_cpd_file(pk=file.pk, unknown=1)
        file.refresh_from_db()
        assert file.made_at
        CpdFile.objects.update(expires_at=now, asked_at=now - datetime.timedelta(days=1))
        tasks.look_after_cpd_files(unknown=1)
        assert not CpdFile.objects.exists()


class TestPages:
    @pytest.fixture
    def client(self, user):
        client = Client()
        client.force_login(user)
        return client

    def test_asking_waiting_downloading(self, client, user):
        CpdEntryFactory(user=user, title="A talk", starts_on=DAY(2025, 3, 1))
        asked = client.post(reverse("courses:cpd-pdf"), {"year": "2025"})
        file = CpdFile.objects.get()
        assert file.year_from == DAY(2025, 1, 1)
        waiting = client.get(asked.url).content.decode()
        assert "data-follow-progress" in waiting
        download = reverse("courses:cpd-download", args=[file.public_id])
        assert client.get(download).url == asked.url
        make_cpd_file(file_id=file.pk, now=timezone.now())
        ready = client.get(asked.url).content.decode()
        assert "data-follow-progress" not in ready
        assert f'href="{download}"' in ready
        response = client.get(download)
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "private, no-store"
        assert 'filename="cpd-record-2025.pdf"' in response["Content-Disposition"]
        assert "A talk" in words_of(response.content)

    def test_another_s_and_one_that_is_over_are_not_there(self, client, user):
        now = timezone.now()
        day = datetime.timedelta(days=1)
        others = CpdFileFactory(asked_at=now, due_at=now, expires_at=now + day)
        over = CpdFileFactory(user=user, asked_at=now - day, due_at=now, expires_at=now)
        for file in (others, over):
            for name in ("cpd-file", "cpd-download"):
                url = reverse(f"courses:{name}", args=[file.public_id])
                assert client.get(url).status_code == 404

    def test_one_that_was_given_up_says_so(self, client, user):
        now = timezone.now()
        file = CpdFileFactory(
            user=user,
            asked_at=now,
            due_at=now,
            expires_at=now + datetime.timedelta(days=1),
            attempts=MOST_ATTEMPTS,
        )
        page = client.get(reverse("courses:cpd-file", args=[file.public_id])).content.decode()
        assert "The PDF could not be made" in page
        assert "data-follow-progress" not in page
        asked = client.post(reverse("courses:cpd-pdf"), {"year": "all"})
        assert str(file.public_id) not in asked.url

    def test_bytes_that_are_gone_are_not_an_error(self, client, file, user):
        now = timezone.now()
        CpdFile.objects.update(expires_at=now + datetime.timedelta(days=1))
        make_cpd_file(file_id=file.pk, now=now)
        file.refresh_from_db()
        STORE.delete(file.file_name)
        response = client.get(reverse("courses:cpd-download", args=[file.public_id]))
        assert response.url == reverse("courses:cpd")
