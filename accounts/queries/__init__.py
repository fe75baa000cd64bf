from accounts.queries.people import (
    can_invite_to,
    can_name_lead_of,
    champions_of,
    current_grants,
    job_roles_in_order,
    organisation_of,
    organisations_of,
    organisations_reached,
    people_who_answer_for,
)

__all__ = [
    "can_invite_to",
    "can_name_lead_of",
    "champions_of",
    "current_grants",
    "job_roles_in_order",
    "organisation_of",
    "organisations_of",
    "organisations_reached",
    "people_who_answer_for",
]
