import pytest
from django.utils import timezone

from certificates.models import Award
from certificates.tasks import render_award, render_missing
from tests.factories.certificates import AwardFactory

pytestmark = pytest.mark.django_db


def rendered():
    return set(Award.objects.filter(rendered_at__isnull=False))


def test_the_task_makes_its_pdf_and_swallows_what_it_does_not_know():
    award, _other = (AwardFactory(render_due_at=timezone.now()) for _ in range(2))
    render_award(pk=award.pk, quality="from a newer release")
    assert rendered() == {award}


def test_the_sweep_makes_what_is_missing():
    awards = {AwardFactory(render_due_at=timezone.now()) for _ in range(2)}
    render_missing(since="an older release")
    assert rendered() == awards


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (render_award, "certificates.render_award"),
        (render_missing, "certificates.render_missing"),
    ],
)
def test_tasks_are_known_by_name_and_acknowledged_late(task, name):
    assert (task.name, task.acks_late) == (name, True)


def test_the_sweep_is_in_the_beat_schedule(settings):
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "certificates.render_missing" in swept
