"""A person's CPD record: what counts, in which year, what they add and include; nobody else's."""

import csv
import datetime
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from courses.models import CompletionWithdrawal, CpdEntry, CpdYear, Reflection
from courses.queries.cpd import Period, cpd_record, year_with
from courses.services.cpd import (
    CpdEntryRefused,
    CpdYearRefused,
    add_cpd_entry,
    change_cpd_entry,
    choose_reflection,
    delete_cpd_entry,
    set_cpd_year,
)
from tests.factories.accounts import UserFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW, CompletionFactory, EnrolmentFactory, make_course
from tests.factories.cpd import CpdEntryFactory, ReflectionFactory

pytestmark = pytest.mark.django_db
TODAY = NOW.date()  # 22 November 2026
DAY = datetime.date
SAID = {
    "title": "Read the Farmer review",
    "kind": "reading",
    "provider": "",
    "starts_on": DAY(2026, 5, 3),
    "ends_on": None,
    "minutes": 95,
    "learned": " Two\r\nlines ",
    "applied": "",
    "url": "",
}


def at(year, month, day, hour=12):
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC)


def record_of(user, **asked):
    return cpd_record(user, on=TODAY, **asked)


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def user():
    return UserFactory(full_name="Siân Łukaszewska")


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


class TestWhatCounts:
    def test_every_standing_completion_refreshers_too(self, user):
        course = make_course()
        for day in (at(2026, 3, 1), at(2026, 9, 1)):
            enrolment = EnrolmentFactory(user=user, course=course, completed_at=day)
            CompletionFactory(user=user, enrolment=enrolment, completed_at=day)
        record = record_of(user)
        assert [x.counts_on for x in record.activities] == [DAY(2026, 9, 1), DAY(2026, 3, 1)]
        assert (record.total.here, record.total.added) == (80, 0)
        assert record.activities[0].detail == "Version 1, online"
        assert record.activities[0].outcomes == ("Say one thing", "Do another")

    def test_not_what_was_withdrawn_nor_what_is_another_s(self, user):
        completion = CompletionFactory(user=user)
        CompletionWithdrawal.objects.create(
            completion=completion, reason="Wrong.", withdrawn_at=NOW
        )
        CompletionFactory()
        CpdEntryFactory()
        ReflectionFactory(is_in_cpd=True)
        assert record_of(user).is_empty

    def test_not_an_editor_s_test(self, user):
        test = EnrolmentFactory(user=user, is_test=True)
        CompletionFactory(user=user, enrolment=test)
        ReflectionFactory(enrolment=test, is_in_cpd=True)
        assert record_of(user).is_empty

    def test_the_certificate_stands_beside_it(self, user):
        award = AwardFactory(completion=CompletionFactory(user=user))
        proof = record_of(user).activities[0].proof
        assert proof.text == f"Certificate {award.written_code}"
        assert proof.url == award.get_absolute_url()
        assert proof.check_url.endswith(f"/check/{award.written_code}/")

    def test_here_and_added_are_summed_apart_and_together(self, user):
        CompletionFactory(user=user)
        CpdEntryFactory(user=user, minutes=90)
        total = record_of(user).total
        assert (total.here, total.added, total.minutes) == (40, 90, 130)

    def test_a_day_is_the_day_it_was_in_london(self, user):
        # Half past eleven in the evening of 31 December there is still that day in winter; in
        # summer 23:30 UTC is the next day.
        late = at(2026, 7, 31, 23).replace(minute=30)
        CompletionFactory(user=user, completed_at=late)
        assert record_of(user).activities[0].counts_on == DAY(2026, 8, 1)


class TestYears:
    def test_calendar_years_unless_somebody_says_otherwise(self, user):
        for day in (DAY(2025, 12, 31), DAY(2026, 1, 1)):
            CpdEntryFactory(user=user, starts_on=day, minutes=60)
        record = record_of(user)
        assert record.period.label == "2026"
        assert [(x.period.label, x.minutes) for x in record.years] == [("2026", 60), ("2025", 60)]
        assert [x.counts_on for x in record.activities] == [DAY(2026, 1, 1)]
        assert record_of(user, asked="2025").total.minutes == 60
        assert record_of(user, asked="all").total.minutes == 120

    def test_a_year_of_their_own(self, user):
        set_cpd_year(user=user, month=4, day=1)
        for day in (DAY(2026, 3, 31), DAY(2026, 4, 1)):
            CpdEntryFactory(user=user, starts_on=day, minutes=60)
        record = record_of(user)
        assert record.period.label == "1 April 2026 to 31 March 2027"
        assert [x.counts_on for x in record.activities] == [DAY(2026, 4, 1)]
        assert record_of(user, asked="2025").activities[0].counts_on == DAY(2026, 3, 31)

    def test_one_that_begins_after_today_s_day_began_last_year(self):
        assert year_with(TODAY, (11, 22)) == Period(DAY(2026, 11, 22), DAY(2027, 11, 21))
        assert year_with(TODAY, (11, 23)) == Period(DAY(2025, 11, 23), DAY(2026, 11, 22))
        assert year_with(DAY(2028, 2, 29), (3, 1)) == Period(DAY(2027, 3, 1), DAY(2028, 2, 29))

    def test_what_took_several_days_counts_in_the_year_it_ended(self, user):
        CpdEntryFactory(user=user, starts_on=DAY(2025, 12, 30), ends_on=DAY(2026, 1, 2))
        assert [x.period.label for x in record_of(user).years] == ["2026"]

    @pytest.mark.parametrize("asked", ["1900", "9999999999", "x", "", "-1", "٢٠٢٦"])
    def test_a_year_that_is_none_is_this_year(self, client, asked):
        response = client.get(reverse("courses:cpd"), {"year": asked})
        assert response.status_code == 200
        assert response.context["record"].period.starts_on is not None

    @pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (4, 31), (13, 1), (1, 0)])
    def test_days_that_do_not_begin_a_year(self, user, month, day):
        with pytest.raises(CpdYearRefused):
            set_cpd_year(user=user, month=month, day=day)
        assert not CpdYear.objects.exists()
        set_cpd_year(user=user, month=2, day=28)
        set_cpd_year(user=user, month=9, day=1)
        assert CpdYear.objects.get().month == 9

    def test_the_form_says_what_is_wrong(self, client, user):
        url = reverse("courses:cpd-year")
        assert client.post(url, {"month": "4", "day": "31"}).status_code == 422
        assert client.post(url, {"month": "x", "day": "31"}).status_code == 422
        assert client.post(url, {"month": "4", "day": "6"}).status_code == 302
        assert (user.cpd_year.month, user.cpd_year.day) == (4, 6)


class TestEntries:
    def test_the_same_sent_twice_is_one(self, user):
        first = add_cpd_entry(user=user, now=NOW, **SAID)
        assert add_cpd_entry(user=user, now=NOW, **SAID) == first
        assert add_cpd_entry(user=user, now=NOW, **{**SAID, "minutes": 30}) != first
        assert add_cpd_entry(user=UserFactory(), now=NOW, **SAID) != first

    def test_it_is_kept_as_it_was_said(self, user):
        entry = add_cpd_entry(user=user, now=NOW, **SAID)
        entry.refresh_from_db()
        assert (entry.starts_on, entry.ends_on, entry.learned) == (
            DAY(2026, 5, 3),
            DAY(2026, 5, 3),
            "Two\nlines",
        )

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"title": " "}, "title"),
            ({"kind": "juggling"}, "kind"),
            ({"starts_on": DAY(1949, 12, 31)}, "starts_on"),
            ({"starts_on": DAY(2026, 11, 23)}, "starts_on"),
            ({"ends_on": DAY(2026, 11, 23)}, "ends_on"),
            ({"ends_on": DAY(2026, 5, 2)}, "ends_on"),
            ({"minutes": 0}, "hours"),
            ({"minutes": 24 * 60 + 1}, "hours"),
            ({"learned": "x" * 5001}, "learned"),
            ({"applied": "x" * 5001}, "applied"),
        ],
    )
    def test_what_cannot_be_is_refused(self, user, said, field):
        entry = CpdEntryFactory(user=user)
        with pytest.raises(CpdEntryRefused) as refusal:
            add_cpd_entry(user=user, now=NOW, **{**SAID, **said})
        assert refusal.value.field == field
        with pytest.raises(CpdEntryRefused):
            change_cpd_entry(entry=entry, now=NOW, **{**SAID, **said})
        assert CpdEntry.objects.get().title == entry.title

    def test_the_longest_that_can_be(self, user):
        said = {"ends_on": DAY(2026, 5, 4), "minutes": 48 * 60, "learned": "x" * 5000}
        assert add_cpd_entry(user=user, now=NOW, **{**SAID, **said}).pk

    def test_it_is_changed_and_deleted(self, user):
        entry = add_cpd_entry(user=user, now=NOW, **SAID)
        change_cpd_entry(entry=entry, now=NOW, **{**SAID, "minutes": 30})
        assert CpdEntry.objects.get().minutes == 30
        delete_cpd_entry(entry=entry)
        assert not CpdEntry.objects.exists()

    def test_the_pages(self, client, user):
        sent = {
            "title": "Cynhadledd",
            "kind": "event",
            "provider": "Y sir",
            "starts_on": "6/10/2025",
            "ends_on": "7 October 2025",
            "hours": "9",
            "minutes": "15",
            "learned": "Dŵr",
            "applied": "",
            "url": "example.org",
        }
        added = client.post(reverse("courses:cpd-add"), sent)
        assert added.url == f"{reverse('courses:cpd')}?year=2025"
        entry = CpdEntry.objects.get()
        assert (entry.minutes, entry.url) == (555, "https://example.org")
        page = client.get(added.url)
        assert "6 to 7 October 2025 · Conference, seminar or workshop · Y sir" in text(page)
        change = reverse("courses:cpd-change", args=[entry.public_id])
        form = client.get(change).content.decode()
        assert 'value="07/10/2025"' in form
        assert client.post(change, {**sent, "hours": "8", "ends_on": ""}).status_code == 302
        entry.refresh_from_db()
        assert (entry.minutes, entry.ends_on) == (495, DAY(2025, 10, 6))
        delete = reverse("courses:cpd-delete", args=[entry.public_id])
        assert "8 hours 15 minutes" in text(client.get(delete))
        assert CpdEntry.objects.exists()
        assert client.post(delete).url == reverse("courses:cpd")
        assert not CpdEntry.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"starts_on": "31/2/2026"}, "Enter a day"),
            ({"starts_on": "1/1/9999"}, "still to come"),
            ({"hours": "many"}, "Enter a whole number."),
            ({"hours": "", "minutes": ""}, "Say how long it took"),
            ({"minutes": "60"}, "59"),
            ({"url": "javascript:alert(1)"}, "Enter a web address"),
            ({"url": "ftp://example.org/file"}, "Enter a web address"),
            ({"title": "x" * 201}, "200"),
            ({"title": "a\x00b"}, "Null characters"),
            ({"kind": "x"}, "Select a valid choice"),
        ],
    )
    def test_bad_input_is_told_and_what_was_typed_stays(self, client, sent, said):
        good = {
            "title": "Kept as typed",
            "kind": "event",
            "starts_on": "6/10/2025",
            "hours": "9",
        }
        refused = client.post(reverse("courses:cpd-add"), {**good, "provider": "Y sir", **sent})
        assert refused.status_code == 422
        assert said in text(refused)
        assert "Y sir" in refused.content.decode()
        assert not CpdEntry.objects.exists()

    def test_another_s_is_not_there(self, client):
        entry = CpdEntryFactory()
        for name in ("cpd-change", "cpd-delete"):
            url = reverse(f"courses:{name}", args=[entry.public_id])
            assert client.get(url).status_code == 404
            assert client.post(url, {}).status_code == 404
        assert CpdEntry.objects.get() == entry


class TestReflections:
    def test_none_is_in_the_record_until_its_writer_includes_it(self, user):
        kept = ReflectionFactory(enrolment__user=user, text="I would wait.")
        record = record_of(user)
        assert (record.reflections, [x.pk for x in record.left_out]) == ([], [kept.pk])
        choose_reflection(reflection=kept, is_in_cpd=True)
        record = record_of(user)
        assert ([x.text for x in record.reflections], record.left_out) == (["I would wait."], [])
        choose_reflection(reflection=kept, is_in_cpd=False)
        assert record_of(user).reflections == []

    def test_it_stands_in_the_year_it_was_saved(self, user):
        ReflectionFactory(enrolment__user=user, is_in_cpd=True, saved_at=at(2025, 5, 1))
        assert record_of(user).reflections == []
        assert len(record_of(user, asked="2025").reflections) == 1

    def test_it_is_chosen_on_both_pages(self, client, user):
        kept = ReflectionFactory(enrolment__user=user)
        url = reverse("courses:reflection-cpd", args=[kept.pk])
        page = client.get(reverse("courses:reflections")).content.decode()
        assert f'action="{url}"' in page
        included = client.post(url, {"include": "yes"})
        assert included.url == f"{reverse('courses:reflections')}#reflection-{kept.pk}"
        assert Reflection.objects.get().is_in_cpd
        assert "In your CPD record" in text(client.get(reverse("courses:reflections")))
        taken = client.post(url, {"from": "cpd", "year": "2026"})
        assert taken.url == f"{reverse('courses:cpd')}?year=2026#reflections"
        assert not Reflection.objects.get().is_in_cpd

    def test_another_s_is_not_there(self, client):
        kept = ReflectionFactory()
        url = reverse("courses:reflection-cpd", args=[kept.pk])
        assert client.post(url, {"include": "yes"}).status_code == 404
        assert not Reflection.objects.get().is_in_cpd


def rows_of(response):
    assert response["Cache-Control"] == "private, no-store"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_table_holds_the_year_and_runs_nothing(client, user):
    CompletionFactory(user=user, completed_at=at(2025, 3, 1))
    CpdEntryFactory(user=user, starts_on=DAY(2025, 10, 6), title="=1+1", learned="@x", minutes=90)
    CpdEntryFactory(user=user, starts_on=DAY(2024, 10, 6))
    ReflectionFactory(
        enrolment__user=user, is_in_cpd=True, saved_at=at(2025, 5, 1), text="-1 to me"
    )
    ReflectionFactory(enrolment__user=user, saved_at=at(2025, 5, 1), text="Mine alone")
    response = client.get(reverse("courses:cpd-csv"), {"year": "2025"})
    assert 'filename="cpd-record-2025.csv"' in response["Content-Disposition"]
    rows = rows_of(response)
    assert [(x["Last day"], x["Minutes"], x["Recorded"]) for x in rows] == [
        ("2025-10-06", "90", "Added by me"),
        ("2025-03-01", "40", "On this site"),
        ("2025-05-01", "", "On this site"),
    ]
    assert (rows[0]["What"], rows[0]["What I learned"]) == ("'=1+1", "'@x")
    assert rows[2]["What I learned"] == "'-1 to me"
    assert "Mine alone" not in response.content.decode()


def test_an_empty_record_says_how_to_begin(client):
    page = client.get(reverse("courses:cpd"))
    assert "Nothing in this year yet" in text(page)
    assert "Make a PDF" not in text(page)


@pytest.mark.parametrize("many", [1, 3, 30])
def test_as_many_queries_however_much_there_is(user, many, django_assert_num_queries):
    course = make_course()
    for _n in range(many):
        enrolment = EnrolmentFactory(user=user, course=course, completed_at=NOW)
        AwardFactory(completion=CompletionFactory(user=user, enrolment=enrolment))
        CpdEntryFactory(user=user)
        ReflectionFactory(enrolment=enrolment, is_in_cpd=True)
    with django_assert_num_queries(5):
        assert len(record_of(user).activities) == 2 * many
