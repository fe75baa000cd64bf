import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from wagtail.images import get_image_model
from wagtail.models import Collection

from certificates.models import Award, Bundle, CertificateDesign, NameCorrection
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, CompletionFactory


class CertificateDesignFactory(DjangoModelFactory):
    class Meta:
        model = CertificateDesign

    name = factory.Sequence(lambda n: f"Design {n}")
    issuer = "Family Approach"


class AwardFactory(DjangoModelFactory):
    """An award as a row only: its PDF is not made yet."""

    class Meta:
        model = Award

    completion = factory.SubFactory(CompletionFactory)
    user = factory.SelfAttribute("completion.user")
    design = factory.SubFactory(CertificateDesignFactory)
    holder_name = factory.SelfAttribute("user.full_name")
    course_title = factory.SelfAttribute("completion.course_title")
    version_number = factory.SelfAttribute("completion.version_number")
    route_kind = factory.SelfAttribute("completion.route_kind")
    outcomes = factory.SelfAttribute("completion.outcomes")
    cpd_minutes = factory.SelfAttribute("completion.cpd_minutes")
    organisation = factory.SelfAttribute("completion.organisation")
    completed_on = factory.LazyAttribute(lambda o: o.completion.completed_at.date())
    issuer = factory.SelfAttribute("design.issuer")
    awarded_at = NOW
    render_due_at = NOW


class NameCorrectionFactory(DjangoModelFactory):
    """A request as a row only: nobody was told."""

    class Meta:
        model = NameCorrection

    award = factory.SubFactory(AwardFactory)
    user = factory.SelfAttribute("award.user")
    wanted_name = "Siân Łukasz"
    why = "Two letters are missing."
    asked_at = NOW


class BundleFactory(DjangoModelFactory):
    """A zip file that is asked for, of nothing yet."""

    class Meta:
        model = Bundle

    asked_by = factory.SubFactory(UserFactory)
    title = "Riverside Primary School"
    choice = factory.Sequence(lambda n: f"organisation:{n}")
    asked_at = NOW
    due_at = NOW


def make_picture(name, content):
    """Put a picture into the library, whose root a flushed database has lost."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    file = ContentFile(content, name=name)
    return get_image_model().objects.create(title=name, width=1, height=1, file=file)
