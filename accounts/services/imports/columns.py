"""Guessing what the columns of a list of people hold, from their names."""

import re
from collections.abc import Sequence

from accounts.enums import ImportField
from accounts.services.imports.words import fold

# As people head their columns, folded and without spaces or signs.
_HEADINGS: dict[ImportField, str] = {
    ImportField.FULL_NAME: """
        name fullname staffname nameofstaff staffmember person personname displayname contactname
        employee employeename participant delegate attendee nom nachname
    """,
    ImportField.FIRST_NAME: "firstname forename forenames givenname givennames first christianname",
    ImportField.LAST_NAME: "lastname surname familyname last secondname",
    ImportField.EMAIL: """
        email emailaddress mail mailaddress eaddress workemail workemailaddress emailid
        electronicmail contactemail
    """,
    ImportField.JOB_ROLE: """
        jobrole role job jobtitle position post occupation profession work title function workrole
    """,
    ImportField.ORGANISATION: """
        organisation organization org organisationname employer agency company school setting
        service workplace institution team organisationschool placeofwork
    """,
    ImportField.KIND: """
        kind kindoforganisation type organisationtype organizationtype typeoforganisation sector
        organisationkind agencytype category
    """,
    ImportField.AREA: """
        area region county localauthority district borough locality council areaname authority
    """,
    ImportField.POSTCODE: "postcode postalcode zip zipcode organisationpostcode",
}
_FIELD_OF = {name: field for field, names in _HEADINGS.items() for name in names.split()}


def guess_columns(
    header: Sequence[str], remembered: Sequence[dict[str, str]] = ()
) -> dict[str, int]:
    """Guess which column holds which field: as chosen for such a heading before, or by its name.

    `remembered` are earlier choices, {folded heading: field}, the latest first.
    """
    found: dict[str, int] = {}
    for index, heading in enumerate(header):
        key = heading_key(heading)
        field = next((said[key] for said in remembered if key in said), _FIELD_OF.get(key))
        if field:
            found.setdefault(str(field), index)
    if "full_name" in found and {"first_name", "last_name"} <= set(found):
        del found["full_name"]
    return found


def heading_key(heading: str) -> str:
    return re.sub(r"[\W_]", "", fold(heading))
