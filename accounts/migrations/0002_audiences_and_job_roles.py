"""A first map from job role to audience, to be changed in the admin."""

from django.db import migrations

FIRST_MAP = {
    "Schools and colleges": [
        "Teacher or lecturer",
        "Teaching assistant",
        "School leader or safeguarding lead",
        "School pastoral or family worker",
    ],
    "Early years and family hubs": [
        "Children's centre or family hub worker",
        "Early years practitioner",
        "Family support worker",
    ],
    "Social care": ["Social worker", "Early help practitioner"],
    "Probation": ["Probation officer", "Probation services officer"],
    "Police": ["Police officer or PCSO"],
    "Health": ["Health visitor or nurse", "GP or practice staff", "Mental health practitioner"],
    "Sentencers and court users": [
        "Judge",
        "Magistrate",
        "Court staff",
        "Solicitor or barrister",
    ],
    "Prisons": ["Prison staff"],
    "Housing and benefits": ["Housing officer", "Benefits or money adviser"],
    "Volunteers and charities": ["Charity worker", "Volunteer"],
    "Other": ["Other work with families"],
}


def _slug(name):
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def add(apps, schema_editor):
    audience_model = apps.get_model("accounts", "Audience")
    job_role_model = apps.get_model("accounts", "JobRole")
    for audience_name, job_roles in FIRST_MAP.items():
        audience, _ = audience_model.objects.get_or_create(
            name=audience_name, defaults={"slug": _slug(audience_name)}
        )
        for name in job_roles:
            job_role_model.objects.get_or_create(name=name, defaults={"audience": audience})


def remove(apps, schema_editor):
    """Take away what nobody uses; what somebody chose stays."""
    job_role_model = apps.get_model("accounts", "JobRole")
    names = [name for job_roles in FIRST_MAP.values() for name in job_roles]
    job_role_model.objects.filter(name__in=names, people__isnull=True).delete()
    apps.get_model("accounts", "Audience").objects.filter(
        name__in=FIRST_MAP, job_roles__isnull=True
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
