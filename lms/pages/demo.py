"""Who and what the demo shows. Everybody here is invented."""

from dataclasses import dataclass

from accounts.enums import OrganisationKind, Role, VenueKind

PASSWORD = "hidden-sentence-demo"  # noqa: S105 - printed for whoever tries the demo


@dataclass(frozen=True)
class DemoPerson:
    email: str
    full_name: str
    job_role: str
    organisation: str
    says: str
    role: Role | None = None
    scope_court: str = ""
    is_lead: bool = False
    is_champion: bool = False


PEOPLE = [
    DemoPerson(
        "practitioner@example.org",
        "Nadia Rahman",
        "Teacher or lecturer",
        "Riverside Primary School",
        "takes courses",
    ),
    DemoPerson(
        "volunteer@example.org",
        "Tomasz Łukaszewski",
        "Volunteer",
        "Family Approach",
        "staffs a court desk",
        role=Role.VOLUNTEER,
        scope_court="Aylesbury Crown Court",
    ),
    DemoPerson(
        "trainer@example.org",
        "Grace Adeyemi",
        "Charity worker",
        "Family Approach",
        "runs training sessions",
        role=Role.TRAINER,
    ),
    DemoPerson(
        "coordinator@example.org",
        "Siân Pritchard",
        "Charity worker",
        "Family Approach",
        "runs the programme",
        role=Role.COORDINATOR,
    ),
    DemoPerson(
        "lead@example.org",
        "Helen Marsh",
        "School leader or safeguarding lead",
        "Riverside Primary School",
        "leads Riverside Primary School's people",
        is_lead=True,
        is_champion=True,
    ),
    DemoPerson(
        "editor@example.org",
        "Dafydd Owen",
        "Charity worker",
        "Family Approach",
        "writes courses and pages",
        role=Role.EDITOR,
    ),
    DemoPerson(
        "admin@example.org",
        "Ines Ñandú",
        "Charity worker",
        "Family Approach",
        "looks after accounts and settings",
        role=Role.ADMINISTRATOR,
    ),
]


@dataclass(frozen=True)
class Colleague:
    """Somebody a lead sees among their people. They sign in by code: no password is printed."""

    email: str
    full_name: str
    job_role: str
    organisation: str
    days_ago: int  # since when they are there
    left_days_ago: int | None = None
    was_champion: bool = False


_SCHOOL, _ACADEMY = "Riverside Primary School", "Harbourside Academy"
COLLEAGUES = [
    Colleague("priya.nair@example.org", "Priya Nair", "Teacher or lecturer", _SCHOOL, 64),
    Colleague("callum.reid@example.org", "Callum Reid", "Teacher or lecturer", _SCHOOL, 41),
    Colleague(
        "marta.kowalska@example.org",
        "Marta Kowalska",
        "School leader or safeguarding lead",
        _SCHOOL,
        12,
    ),
    Colleague(
        "joan.whitfield@example.org", "Joan Whitfield", "Teacher or lecturer", _SCHOOL, 400, 90
    ),
    Colleague(
        "david.osei@example.org",
        "David Osei",
        "Teacher or lecturer",
        _ACADEMY,
        500,
        30,
        was_champion=True,
    ),
]
# Who is invited to the first lead's organisation but not told yet, and who asks to join it.
INVITED = ("ruth.okafor@example.org", "Ruth Okafor")
ASKING = ("owen.blackwood@example.org", "Owen Blackwood", "Teacher or lecturer")
TEAM_LINK_LIMIT, TEAM_LINK_DAYS = 10, 30

AREAS = [("Thames Valley", "thames-valley"), ("Bristol", "bristol")]

_TV, _BR = "thames-valley", "bristol"
ORGANISATIONS = [
    ("Family Approach", OrganisationKind.CHARITY, _TV),
    ("Riverside Primary School", OrganisationKind.SCHOOL, _TV),
    ("Larkmead Children's Centre", OrganisationKind.CHILDRENS_CENTRE, _TV),
    ("Vale Children's Social Care", OrganisationKind.SOCIAL_CARE, _TV),
    ("Vale Probation Delivery Unit", OrganisationKind.PROBATION, _TV),
    ("Vale Neighbourhood Policing", OrganisationKind.POLICE, _TV),
    ("Chiltern Health Visiting Team", OrganisationKind.HEALTH, _TV),
    ("Vale Crown Court Staff", OrganisationKind.COURT, _TV),
    ("Vale Prison Family Team", OrganisationKind.PRISON, _TV),
    ("Chiltern Homes", OrganisationKind.HOUSING, _TV),
    ("Vale Faith and Community Network", OrganisationKind.OTHER, _TV),
    ("Harbourside Academy", OrganisationKind.SCHOOL, _BR),
    ("Ashcombe Family Hub", OrganisationKind.CHILDRENS_CENTRE, _BR),
    ("Avonside Early Help", OrganisationKind.SOCIAL_CARE, _BR),
    ("Avonside Probation Delivery Unit", OrganisationKind.PROBATION, _BR),
    ("Avonside Neighbourhood Policing", OrganisationKind.POLICE, _BR),
    ("Harbourside Health Visiting Team", OrganisationKind.HEALTH, _BR),
    ("Avonside Crown Court Staff", OrganisationKind.COURT, _BR),
    ("Avonside Families Together", OrganisationKind.CHARITY, _BR),
    ("Ashcombe Prison Visitors' Centre", OrganisationKind.PRISON, _BR),
    ("Harbourside Homes", OrganisationKind.HOUSING, _BR),
    ("Avonside Parents Together", OrganisationKind.OTHER, _BR),
]

VENUES = [
    ("Aylesbury Crown Court", VenueKind.COURT, _TV, "AYLSCC"),
    ("Oxford Crown Court", VenueKind.COURT, _TV, "OXFDCC"),
    ("Reading Crown Court", VenueKind.COURT, _TV, "READCC"),
    ("Bristol Crown Court", VenueKind.COURT, _BR, ""),
    ("Larkmead Community Room", VenueKind.TRAINING_ROOM, _TV, ""),
]
