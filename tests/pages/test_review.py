"""Somebody else reads it first: an editor asks, another editor is told, reads, publishes."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowState

from accounts.enums import Role
from accounts.services import grant_role
from courses.models import Course, CoursePage
from lms.pages.models import SecondReaderTask
from tests.factories.accounts import UserFactory
from tests.factories.pages import NOW, make_published_course, make_site

pytestmark = pytest.mark.django_db


def person(role):
    user = UserFactory()
    grant_role(user=user, role=role, now=NOW, starts_on=NOW.date())
    return user


@pytest.fixture
def people():
    make_published_course()
    return person(Role.EDITOR), person(Role.EDITOR), person(Role.ADMINISTRATOR)


def submit(page, user):
    page.title = "Read me first"
    page.save_revision(user=user)
    return page.get_workflow().start(page, user)


def act(user, page, action):
    client = Client()
    client.force_login(user)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(url, {"comment": "Looks good"}, follow=True)


def test_it_is_the_only_workflow_and_the_roles_are_its_readers():
    make_site()
    assert Workflow.objects.filter(active=True).get().name == "Somebody else reads it first"
    assert Page.get_first_root_node().get_workflow().name == "Somebody else reads it first"
    (task,) = Workflow.objects.get(active=True).tasks
    assert set(task.specific.groups.values_list("name", flat=True)) == {
        Role.EDITOR.label,
        Role.ADMINISTRATOR.label,
    }
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()


def test_setting_up_again_leaves_an_administrators_workflow_alone():
    make_site()
    workflow = Workflow.objects.get(active=True)
    workflow.name = "Two of us read it"
    workflow.save()
    make_site()
    assert Workflow.objects.get(active=True).name == "Two of us read it"
    assert SecondReaderTask.objects.filter(active=True).count() == 1
    assert not GroupApprovalTask.objects.filter(active=True).exists()


def test_whoever_asked_does_not_approve(people):
    writer, reader, administrator = people
    page = CoursePage.objects.get()
    submit(page, writer)
    task = page.current_workflow_task
    offered = {
        person.pk: [name for name, _label, _modal in task.get_actions(page, person)]
        for person in (*people, UserFactory())
    }
    assert offered.pop(writer.pk) == ["reject"]
    assert "approve" in offered.pop(reader.pk)
    assert "approve" in offered.pop(administrator.pk)
    assert list(offered.values()) == [[]]
    act(writer, page, "approve")
    assert CoursePage.objects.get().title == "A course"
    act(reader, page, "approve")
    assert CoursePage.objects.get().title == "Read me first"


def test_everybody_else_who_may_publish_is_told(people, mailoutbox):
    writer, reader, administrator = people
    submit(CoursePage.objects.get(), writer)
    assert {mail.to[0] for mail in mailoutbox} == {reader.email, administrator.email}
    assert "Read me first" in mailoutbox[0].subject


@pytest.mark.parametrize("reads", [1, 2])
def test_another_reads_and_publishes(people, mailoutbox, reads):
    writer = people[0]
    page = CoursePage.objects.get()
    submit(page, writer)
    assert Course.objects.get().title == "A course"
    mailoutbox.clear()
    act(people[reads], CoursePage.objects.get(), "approve")
    assert Course.objects.get().title == "Read me first"
    assert [mail.to for mail in mailoutbox] == [[writer.email]]


def test_another_sends_it_back(people, mailoutbox):
    writer, reader, _administrator = people
    submit(CoursePage.objects.get(), writer)
    mailoutbox.clear()
    act(reader, CoursePage.objects.get(), "reject")
    assert Course.objects.get().title == "A course"
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES
    assert [mail.to for mail in mailoutbox] == [[writer.email]]


def test_nobody_is_locked_out_meanwhile(people, client):
    page = CoursePage.objects.get()
    submit(page, people[0])
    for user in people:
        assert not CoursePage.objects.get().permissions_for_user(user).page_locked()
        client.force_login(user)
        assert b"action-publish" in client.get(f"/cms/pages/{page.pk}/edit/").content


def test_the_embedded_set_up_writes_the_mails(people, settings, tmp_path):
    settings.EMAIL_BACKEND = "lms.core.mail.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    submit(CoursePage.objects.get(), people[0])
    assert len(list(tmp_path.glob("*.eml"))) == 2
