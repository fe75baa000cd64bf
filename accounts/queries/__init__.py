from accounts.queries.organisations import organisation_named
from accounts.queries.people import (
    can_invite_to,
    can_name_lead_of,
    champions_of,
    current_grants,
    job_roles_in_order,
    organisation_of,
    organisations_of,
    organisations_reached,
    people_holding,
    people_who_answer_for,
)
from accounts.queries.security import Device, WaysIn, devices_of, has_second_step, ways_in_of

__all__ = [
    "Device",
    "WaysIn",
    "can_invite_to",
    "can_name_lead_of",
    "champions_of",
    "current_grants",
    "devices_of",
    "has_second_step",
    "job_roles_in_order",
    "organisation_named",
    "organisation_of",
    "organisations_of",
    "organisations_reached",
    "people_holding",
    "people_who_answer_for",
    "ways_in_of",
]
