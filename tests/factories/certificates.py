import factory
from factory.django import DjangoModelFactory

from certificates.models import Award, CertificateDesign
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
