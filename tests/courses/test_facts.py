"""The register of facts: checks, reminders, what keepers and readers see."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import ReferenceIndex
from wagtail.test.utils.form_data import rich_text

from accounts.enums import Role
from accounts.services import grant_role
from courses.models import Fact, FactCheck
from courses.queries.facts import fact_state, facts_for, uses_of
from courses.services import enrol
from courses.services.facts import CheckRefused, note_edit, record_check, remind_owners
from lms.pages.models import ContentPage, HomePage
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, FactFactory, make_course
from tests.factories.pages import make_published_course, make_site

pytestmark = pytest.mark.django_db
TODAY = NOW.date()  # 22 November 2026
DAY = datetime.timedelta(days=1)


def an_editor(**fields):
    user = UserFactory(**fields)
    grant_role(user=user, role=Role.EDITOR, now=NOW, starts_on=TODAY)
    return user


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


class TestCheck:
    @pytest.fixture
    def fact(self):
        return FactFactory()

    def check(self, fact, **said):
        said = {"checked_on": TODAY, "review_on": TODAY + 90 * DAY, "note": "Rang it."} | said
        return record_check(fact=fact, checked_by=UserFactory(), now=NOW, **said)

    def test_it_is_good_again_until_the_next_review(self, fact):
        check = self.check(fact)
        fact.refresh_from_db()
        assert (fact.checked_on, fact.review_on) == (TODAY, TODAY + 90 * DAY)
        assert fact.checked_by == check.checked_by
        assert (check.text, check.note, check.has_changed) == (fact.text, "Rang it.", False)

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"checked_on": TODAY + DAY}, "checked_on"),
            ({"checked_on": datetime.date(2026, 10, 31)}, "checked_on"),
            ({"review_on": TODAY}, "review_on"),
        ],
    )
    def test_days_that_cannot_be(self, fact, said, field):
        with pytest.raises(CheckRefused) as refusal:
            self.check(fact, **said)
        assert refusal.value.field == field
        fact.refresh_from_db()
        assert fact.checked_on == datetime.date(2026, 11, 1)
        assert not FactCheck.objects.exists()

    def test_other_words_are_kept_beside_the_earlier_ones(self, fact):
        keeper = UserFactory()
        note_edit(fact=fact, edited_by=keeper, now=NOW)
        fact.text = "<p>Open every day.</p>"
        fact.save()
        check = note_edit(fact=fact, edited_by=keeper, now=NOW + DAY)
        assert check.has_changed
        assert list(fact.checks.order_by("pk").values_list("text", flat=True)) == [
            "<p>Open on weekdays.</p>",
            "<p>Open every day.</p>",
        ]

    def test_saving_without_a_change_keeps_nothing(self, fact):
        keeper = UserFactory()
        assert note_edit(fact=fact, edited_by=keeper, now=NOW) is not None
        assert note_edit(fact=fact, edited_by=keeper, now=NOW) is None
        assert fact.checks.count() == 1


class TestState:
    @pytest.mark.parametrize(
        ("days", "words", "is_checking"),
        [
            (-2, "Past its review by 2 days", True),
            (-1, "Past its review by a day", True),
            (0, "Review it today", False),
            (1, "Review it by tomorrow", False),
            (14, "Review it within 14 days", False),
            (15, "In date", False),
        ],
    )
    def test_by_day(self, days, words, is_checking):
        fact = FactFactory.build(review_on=TODAY + days * DAY)
        assert fact_state(fact, on=TODAY).words == words
        assert fact.is_past_review(TODAY) is is_checking

    def test_no_longer_kept(self):
        fact = FactFactory.build(is_retired=True)
        assert fact_state(fact, on=TODAY).words == "No longer kept"
        assert fact.is_past_review(TODAY)


class TestReminding:
    def test_the_owner_hears_of_what_is_theirs_in_one_message(self, mailoutbox):
        owner = an_editor()
        for title, days in (("Late", -3), ("Soon", 10), ("Not yet", 15)):
            FactFactory(title=title, owner=owner, review_on=TODAY + days * DAY)
        FactFactory(title="Retired", owner=owner, review_on=TODAY - DAY, is_retired=True)
        assert remind_owners(now=NOW) == 1
        deliver_due(now=NOW)
        (mail,) = mailoutbox
        assert mail.to == [owner.email]
        assert mail.subject == "2 facts to check again"
        assert "Late" in mail.body
        assert "Soon" in mail.body
        assert "Not yet" not in mail.body
        assert "Retired" not in mail.body

    def test_once_a_week_however_often_it_is_asked(self):
        FactFactory(owner=an_editor(), review_on=TODAY - DAY)
        monday = NOW + DAY  # 22 November 2026 is a Sunday
        for moment in (NOW, NOW, monday, monday + 6 * DAY, monday + 7 * DAY):
            remind_owners(now=moment)
        assert Notice.objects.count() == 3

    @pytest.mark.parametrize("owner", ["nobody", "somebody who left"])
    def test_without_an_owner_editors_hear_of_it(self, owner):
        editor = an_editor()
        left = None if owner == "nobody" else UserFactory(is_active=False)
        FactFactory(owner=left, review_on=TODAY)
        remind_owners(now=NOW)
        assert Notice.objects.get().recipient == editor

    def test_without_editors_administrators_do(self):
        boss = UserFactory()
        grant_role(user=boss, role=Role.ADMINISTRATOR, now=NOW, starts_on=TODAY)
        FactFactory(review_on=TODAY)
        remind_owners(now=NOW)
        assert Notice.objects.get().recipient == boss

    def test_what_was_checked_meanwhile_is_not_told(self, mailoutbox):
        owner = an_editor()
        fact = FactFactory(owner=owner, review_on=TODAY)
        remind_owners(now=NOW)
        record_check(
            fact=fact, checked_on=TODAY, review_on=TODAY + 99 * DAY, checked_by=owner, now=NOW
        )
        deliver_due(now=NOW)
        assert mailoutbox == []

    def test_everybody_has_only_their_own(self):
        mine = FactFactory(owner=UserFactory(), review_on=TODAY)
        FactFactory(owner=UserFactory(), review_on=TODAY)
        assert list(facts_for(mine.owner, on=TODAY)) == [mine]


class TestReaders:
    def read(self, client, fact):
        course = make_course(lessons=1, lesson_body=[("register_fact", {"entry": fact})])
        learner = UserFactory()
        enrol(user=learner, course=course, route_kind="online", now=NOW)
        client.force_login(learner)
        lesson = course.lessons.get()
        return text(client.get(reverse("courses:lesson", args=[course.slug, lesson.public_id])))

    def test_a_lesson_shows_the_entry_with_its_date(self, client):
        fact = FactFactory(title="The helpline", review_on=timezone.localdate())
        page = self.read(client, fact)
        assert "The helpline" in page
        assert "Open on weekdays." in page
        assert "Source: The helpline's own page · Checked 1 November 2026" in page.replace(
            "&#x27;", "'"
        )
        assert "We are checking this." not in page

    def test_past_its_review_the_page_says_so(self, client):
        checked = timezone.localdate() - 2 * DAY
        fact = FactFactory(checked_on=checked, review_on=checked + DAY)
        assert "We are checking this. It was right on" in self.read(client, fact)

    def test_the_site_s_own_pages_show_it_too(self, client):
        make_site()
        body = [("fact", {"entry": FactFactory(title="The helpline")})]
        page = HomePage.objects.get().add_child(instance=ContentPage(title="Help", body=body))
        assert "The helpline" in text(client.get(page.url))


class TestKeeping:
    @pytest.fixture
    def keeper(self, client):
        make_site()
        client.user = an_editor()
        client.force_login(client.user)
        return client

    def form(self, **fields):
        return {
            "title": "The helpline",
            "key": "helpline",
            "kind": "helpline",
            "text": rich_text("<p>Open on weekdays.</p>"),
            "source": "Its page",
            "url": "",
            "limits": "",
            "checked_on": "2026-11-01",
            "review_on": "2027-03-01",
            "owner": "",
        } | fields

    def test_a_new_entry_and_its_first_check(self, keeper):
        keeper.post(reverse("wagtailsnippets_courses_fact:add"), self.form())
        check = FactCheck.objects.get()
        assert (check.fact.key, check.checked_by) == ("helpline", keeper.user)
        assert not check.has_changed

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"checked_on": "2999-01-01", "review_on": "2999-02-01"}, "This day is still to come."),
            ({"review_on": "2026-11-01"}, "Review it after the day it was checked on."),
            ({"checked_on": "0001-01-01"}, "This day is too long ago."),
            ({"review_on": "9999-12-31"}, "This is more than ten years ahead."),
            ({"text": rich_text("<p> \xa0 </p>")}, "Write what the entry says."),
        ],
    )
    def test_days_that_cannot_be(self, keeper, fields, words):
        response = keeper.post(reverse("wagtailsnippets_courses_fact:add"), self.form(**fields))
        assert words in text(response)
        assert not Fact.objects.exists()

    def test_its_owner_is_somebody_who_may_check_it(self, keeper):
        coordinator, learner = UserFactory(), UserFactory()
        grant_role(user=coordinator, role=Role.COORDINATOR, now=NOW, starts_on=TODAY)
        add = reverse("wagtailsnippets_courses_fact:add")
        assert keeper.post(add, self.form(owner=str(learner.pk))).status_code == 200
        keeper.post(add, self.form(owner=str(coordinator.pk)))
        assert Fact.objects.get().owner == coordinator

    def test_an_owner_who_keeps_facts_no_longer_stays_theirs(self, keeper):
        fact = FactFactory(owner=UserFactory())
        edit = reverse("wagtailsnippets_courses_fact:edit", args=[fact.pk])
        keeper.post(edit, self.form(owner=str(fact.owner_id), title="New words"))
        fact.refresh_from_db()
        assert fact.title == "New words"

    def test_an_old_tab_does_not_undo_a_check(self, keeper):
        fact = FactFactory(checked_on=datetime.date(2026, 11, 10))
        edit = reverse("wagtailsnippets_courses_fact:edit", args=[fact.pk])
        answer = keeper.post(edit, self.form(checked_on="2026-11-01"))
        assert "It was checked on 10 November 2026 meanwhile." in text(answer)
        fact.refresh_from_db()
        assert fact.checked_on == datetime.date(2026, 11, 10)

    def test_a_check_sent_twice_is_kept_once(self, keeper):
        fact = FactFactory()
        said = {"checked_on": timezone.localdate(), "review_on": timezone.localdate() + 91 * DAY}
        for _press in range(2):
            answer = keeper.post(reverse("courses_check_fact", args=[fact.pk]), said)
            assert answer.status_code == 302
        assert fact.checks.count() == 1

    def test_checking_it(self, keeper):
        fact = FactFactory(owner=keeper.user)
        url = reverse("courses_check_fact", args=[fact.pk])
        assert "Does the source still say the same?" in text(keeper.get(url))
        today = timezone.localdate()
        said = {"checked_on": today, "review_on": today + 91 * DAY, "note": "Rang it."}
        assert keeper.post(url, said, follow=True).status_code == 200
        assert fact.checks.get().note == "Rang it."
        assert "Rang it." in text(keeper.get(url))

    def test_a_check_in_the_future_keeps_what_was_typed(self, keeper):
        fact = FactFactory()
        said = {"checked_on": "2999-01-01", "review_on": "2999-02-01", "note": "I will ring it."}
        response = keeper.post(reverse("courses_check_fact", args=[fact.pk]), said)
        assert response.status_code == 422
        assert "This day is still to come." in text(response)
        assert "I will ring it." in response.content.decode()

    @pytest.mark.parametrize("number", [1, 3, 30])
    def test_the_list_costs_the_same_however_long(self, keeper, number, django_assert_num_queries):
        FactFactory.create_batch(number, owner=keeper.user)
        keeper.get(reverse("wagtailsnippets_courses_fact:list"))
        with django_assert_num_queries(14):
            response = keeper.get(reverse("wagtailsnippets_courses_fact:list"))
        assert text(response).count("Check it") >= min(number, 20)

    def test_where_it_is_shown(self):
        fact = FactFactory()
        page = make_published_course()
        lesson = page.get_descendants().last().specific
        lesson.body.append(("register_fact", {"entry": fact}))
        lesson.save()
        ReferenceIndex.create_or_update_for_object(lesson)
        assert [use.title for use in uses_of(fact)] == [f"A course: {lesson.title}"]
