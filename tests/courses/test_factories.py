import pytest

from tests.factories.courses import CompletionFactory, UserFactory


@pytest.mark.django_db
def test_a_completion_belongs_to_its_enrolment_s_person():
    user = UserFactory(full_name="Siân")
    completion = CompletionFactory(user=user)
    assert completion.enrolment.user == completion.user == user
