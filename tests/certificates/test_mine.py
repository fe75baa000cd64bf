"""What people see of their own certificates."""

import datetime

import pytest

from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.queries import my_certificates
from certificates.services import reissue_award, render_award, revoke_award
from tests.factories.accounts import UserFactory
from tests.factories.certificates import AwardFactory
from tests.factories.courses import NOW, CompletionFactory, EnrolmentFactory, make_course

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def person():
    return UserFactory(full_name="Siân Łukasz")


def award_of(person, *, course=None, ago=0, **fields):
    at = NOW - ago * DAY
    extra = {"enrolment__course": course} if course else {}
    return AwardFactory(
        completion=CompletionFactory(user=person, completed_at=at, **extra), **fields
    )


def text_of(response):
    return " ".join(response.content.decode().split())


def test_each_course_shows_the_latest_that_stands(person):
    course = make_course()
    old = award_of(person, course=course, ago=400, expires_on=TODAY - 30 * DAY)
    new = award_of(person, course=course, expires_on=TODAY + 365 * DAY)
    other = award_of(person, ago=20)
    AwardFactory()
    mine = my_certificates(person, on=TODAY)
    assert [(row.code, row.tag, row.until) for row in mine.standing] == [
        (new.written_code, "Current", "Valid until 22 November 2027."),
        (other.written_code, "Current", "It does not expire."),
    ]
    assert [(row.url, row.tag) for row in mine.earlier] == [(old.get_absolute_url(), "Refreshed")]
    assert mine.standing[0].facts == (
        "Siân Łukasz",
        "Completed on 22 November 2026",
        "40 minutes of CPD",
    )


def test_when_the_refresher_s_was_revoked_the_one_before_it_stands(person):
    course = make_course()
    old = award_of(person, course=course, ago=400, expires_on=TODAY - DAY)
    new = award_of(person, course=course)
    revoke_award(award=new, reason="By mistake", revoked_by=UserFactory(), now=NOW)
    mine = my_certificates(person, on=TODAY)
    assert [(row.code, row.tag) for row in mine.standing] == [(old.written_code, "Lapsed")]
    assert [row.tag for row in mine.earlier] == ["Revoked"]


def test_replaced_ones_are_history(person):
    award = award_of(person)
    new = reissue_award(award=award, reissued_by=UserFactory(), now=NOW)
    mine = my_certificates(person, on=TODAY)
    assert [row.code for row in mine.standing] == [new.written_code]
    assert [row.tag for row in mine.earlier] == ["Replaced"]


def test_a_pdf_to_take_away_or_a_word_on_it(person):
    award = award_of(person)
    (row,) = my_certificates(person, on=TODAY).standing
    assert (row.download_url, row.pdf_words) == (
        "",
        "The PDF is being made. Look again in a minute.",
    )
    Award.objects.filter(pk=award.pk).update(is_refused=True)
    (row,) = my_certificates(person, on=TODAY).standing
    assert row.pdf_words == "The PDF could not be made. We will put it right."
    assert render_award(award_id=award.pk, now=NOW)
    (row,) = my_certificates(person, on=TODAY).standing
    assert (row.download_url, row.pdf_words) == (f"{award.get_absolute_url()}download/", "")


@pytest.mark.parametrize(
    ("days", "is_published", "text"),
    [
        (61, True, ""),
        (60, True, "Take the refresher"),
        (-1, True, "Take the refresher"),
        (-1, False, ""),
    ],
)
def test_a_refresher_is_offered_in_time_where_the_course_is_open(person, days, is_published, text):
    course = make_course(is_published=is_published)
    award_of(person, course=course, expires_on=TODAY + days * DAY, completed_on=TODAY - 400 * DAY)
    (row,) = my_certificates(person, on=TODAY).standing
    assert row.refresher_text == text


def test_a_test_of_an_editor_is_no_refresher(person):
    course = make_course()
    award_of(person, course=course)
    EnrolmentFactory(user=person, course=course, is_test=True)
    (row,) = my_certificates(person, on=TODAY).standing
    assert row.refresher_text == ""


def test_the_page_shows_what_stands_and_folds_what_was(client, person):
    award = award_of(person, course_title="Hidden Sentence")
    award_of(person, course_title="An old one", status=AwardStatus.REPLACED)
    AwardFactory(course_title="Another person’s")
    client.force_login(person)
    text = text_of(client.get("/certificates/"))
    for said in ("Hidden Sentence", award.written_code, "What others see", "1 earlier certificate"):
        assert said in text
    assert f'/check/{award.written_code}/"' in text
    assert "Another person’s" not in text


def test_without_one_the_page_says_how_to_get_one(client, person):
    client.force_login(person)
    assert "You have no certificate yet" in text_of(client.get("/certificates/"))


@pytest.mark.parametrize("count", [0, 1, 3, 30])
def test_the_page_takes_as_many_queries_whatever_their_number(
    client, person, count, django_assert_num_queries
):
    for _ in range(count):
        award_of(person)
    client.force_login(person)
    client.get("/certificates/")
    # Who it is, their certificates, what they are taking, and names they asked to correct.
    with django_assert_num_queries(4):
        client.get("/certificates/")
