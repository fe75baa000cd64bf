"""How long a certificate is valid, the reminders before its end, and the refresher after it."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from certificates.enums import Freshness
from certificates.models import Award, CertificateDesign
from certificates.queries import freshness_of, my_certificates
from certificates.services import (
    issue_award,
    reissue_award,
    remind_of_expiry,
    revoke_award,
)
from certificates.tasks import remind_of_expiry as task
from courses.models import LessonProgress
from courses.services import complete_if_due, enrol
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import UserFactory
from tests.factories.certificates import AwardFactory, CertificateDesignFactory
from tests.factories.courses import NOW, CompletionFactory, make_course
from tests.races import run_at_once

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
KIND = "certificates.certificate_expires"


def expiring(days, **fields):
    """Somebody's certificate that expires so many days after NOW."""
    long_ago = NOW.date() - 400 * DAY
    return AwardFactory(completed_on=long_ago, expires_on=NOW.date() + days * DAY, **fields)


def steps_of(award):
    notices = Notice.objects.filter(kind=KIND, context__award=award.pk).order_by("pk")
    return [notice.context["step"] for notice in notices]


def finish(user, course, *, at, is_refresher=False):
    """Take the whole course, through the services."""
    enrolment = enrol(
        user=user, course=course, route_kind="online", now=at, is_refresher=is_refresher
    )
    for row in enrolment.version.version_lessons.all():
        LessonProgress.objects.create(
            enrolment=enrolment, lesson=row.lesson, started_at=at, finished_at=at
        )
    return Award.objects.get(completion=complete_if_due(enrolment=enrolment, now=at))


# --- how long ---


def test_the_course_says_how_long_a_certificate_is_valid():
    CertificateDesign.objects.all().delete()
    CertificateDesignFactory(is_default=True, valid_months=12)
    course = make_course(valid_months=24)
    award = finish(UserFactory(), course, at=NOW)
    assert award.expires_on == datetime.date(2028, 11, 22)
    assert award.reminded_days is None


def test_where_the_course_is_silent_the_design_says():
    CertificateDesign.objects.all().delete()
    CertificateDesignFactory(is_default=True, valid_months=12)
    assert finish(UserFactory(), make_course(), at=NOW).expires_on == datetime.date(2027, 11, 22)


def test_a_change_of_the_course_leaves_certificates_alone():
    course = make_course(valid_months=24)
    award = finish(UserFactory(), course, at=NOW)
    course.valid_months = 6
    course.save()
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    assert new.expires_on == award.expires_on == datetime.date(2028, 11, 22)


@pytest.mark.parametrize(("months", "done"), [(1, 30), (2, None), (3, None), (None, None)])
def test_nobody_is_reminded_of_what_they_have_just_completed(months, done):
    completion = CompletionFactory(enrolment__course=make_course(valid_months=months))
    award = issue_award(completion=completion, now=NOW)
    assert award.reminded_days == done
    assert remind_of_expiry(now=NOW) == 0


# --- reminders ---


@pytest.mark.parametrize(
    ("days", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
)
def test_the_reminder_of_the_day(days, step):
    award = expiring(days)
    assert remind_of_expiry(now=NOW) == (step is not None)
    assert steps_of(award) == ([step] if step else [])


def test_each_reminder_goes_out_once_whatever_the_sweep_does():
    award = expiring(60)
    for day in range(62):
        for _ in range(2):
            remind_of_expiry(now=NOW + day * DAY)
    assert steps_of(award) == [60, 30, 7]


def test_a_sweep_that_slept_sends_the_latest_only():
    award = expiring(60)
    remind_of_expiry(now=NOW + 40 * DAY)
    assert steps_of(award) == [30]


def test_a_reissue_does_not_begin_again():
    award = expiring(60)
    remind_of_expiry(now=NOW)
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW + 5 * DAY)
    remind_of_expiry(now=NOW + 5 * DAY)
    assert steps_of(new) == []
    remind_of_expiry(now=NOW + 30 * DAY)
    assert steps_of(new) == [30]
    assert steps_of(award) == [60]


def revoked(award):
    revoke_award(award=award, reason="By mistake", revoked_by=UserFactory(), now=NOW)


def replaced(award):
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    Award.objects.filter(pk=new.pk).update(expires_on=None)


def account_closed(award):
    award.user.is_active = False
    award.user.save()


def completed_again(award):
    completion = CompletionFactory(
        user=award.user,
        enrolment__course=award.completion.course,
        completed_at=NOW + DAY,
    )
    AwardFactory(completion=completion)


WHY_NOT = [revoked, replaced, account_closed, completed_again]


@pytest.mark.parametrize("why_not", WHY_NOT)
def test_who_is_not_reminded(why_not):
    award = expiring(60)
    why_not(award)
    assert remind_of_expiry(now=NOW) == 0
    assert steps_of(award) == []


@pytest.mark.parametrize("why_not", WHY_NOT)
def test_a_reminder_that_no_longer_holds_is_not_sent(why_not):
    award = expiring(60)
    remind_of_expiry(now=NOW)
    why_not(award)
    deliver_due(now=NOW)
    assert Notice.objects.get(kind=KIND).state == "dropped"


def test_a_certificate_of_another_course_changes_nothing():
    award = expiring(60)
    AwardFactory(completion=CompletionFactory(user=award.user, completed_at=NOW + DAY))
    assert remind_of_expiry(now=NOW) == 1


def test_one_bad_row_stops_no_other():
    awards = [expiring(60) for _ in range(3)]
    bad = awards[0].user
    bad.email = "not an address"
    bad.save()
    assert remind_of_expiry(now=NOW) == 2
    assert [steps_of(award) for award in awards] == [[], [60], [60]]
    bad.email = "an.address@example.org"
    bad.save()
    assert remind_of_expiry(now=NOW) == 1


def test_the_reminder_says_until_when_and_where_to_go():
    award = expiring(30, holder_name="Siân & Co", course_title="Family Matters")
    remind_of_expiry(now=NOW)
    assert deliver_due(now=NOW) == 1
    (message,) = mail.outbox
    assert message.subject == "Your certificate is about to expire"
    assert "“Family Matters” is valid until 22 December 2026" in message.body
    assert "/certificates/" in message.body
    assert message.to == [award.user.email]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once():
    award = expiring(60)
    results = run_at_once(*[lambda: remind_of_expiry(now=NOW)] * 3)
    assert sorted(results) == [0, 0, 1]
    assert steps_of(award) == [60]


def test_the_task_is_known_by_name_and_in_the_schedule(settings):
    award = AwardFactory(expires_on=timezone.localdate() + 60 * DAY)
    task(since="an older release")
    assert steps_of(award) == [60]
    assert task.acks_late
    assert task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize("count", [0, 1, 3, 30])
def test_a_sweep_with_nothing_to_do_takes_three_queries(count, django_assert_num_queries):
    for _ in range(count):
        expiring(90)
    with django_assert_num_queries(3):
        assert remind_of_expiry(now=NOW) == 0


# --- current, due, lapsed ---


@pytest.mark.parametrize(
    ("days", "state"),
    [(None, "current"), (61, "current"), (60, "due"), (0, "due"), (-1, "lapsed")],
)
def test_current_due_and_lapsed(days, state):
    expires = None if days is None else NOW.date() + days * DAY
    award = AwardFactory(completed_on=NOW.date() - 400 * DAY, expires_on=expires)
    assert freshness_of(award, on=NOW.date()) == Freshness(state)


# --- the whole way ---


def test_a_refresher_is_a_new_enrolment_and_a_new_award_and_history_stays(client):
    person, course = UserFactory(), make_course(valid_months=12, title="Family Matters")
    first = finish(person, course, at=NOW)
    near_end = datetime.datetime(2027, 9, 24, 9, tzinfo=datetime.UTC)  # 59 days before
    assert remind_of_expiry(now=near_end) == 1
    assert steps_of(first) == [60]
    (mine,) = my_certificates(person, on=near_end.date()).standing
    assert (mine.tag, mine.refresher_text) == ("Refresher due", "Take the refresher")
    client.force_login(person)
    address, _hash, place = mine.refresher_url.partition("#")
    assert place == "refresher"
    page = client.get(address).content.decode()
    assert 'id="refresher"' in page
    assert "Start the refresher" in page
    posted = client.post(f"/courses/{course.slug}/enrol/", {"refresher": "yes", "route": "online"})
    assert posted.status_code == 302
    (mine,) = my_certificates(person, on=near_end.date()).standing
    assert mine.refresher_text == "Carry on with the refresher"
    second = finish(person, course, at=near_end)

    assert second.completion.enrolment != first.completion.enrolment
    assert second.expires_on == datetime.date(2028, 9, 24)
    first.refresh_from_db()
    assert (first.status, first.expires_on) == ("valid", datetime.date(2027, 11, 22))
    assert remind_of_expiry(now=near_end + 30 * DAY) == 0
    assert remind_of_expiry(now=near_end + 53 * DAY) == 0
    shown = my_certificates(person, on=near_end.date())
    assert [(row.tag, row.code) for row in shown.standing] == [("Current", second.written_code)]
    assert [row.tag for row in shown.earlier] == ["Refreshed"]
