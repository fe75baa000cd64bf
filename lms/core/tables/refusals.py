"""Why a file is not read, in words for whoever sent it."""

from django.utils.translation import gettext_lazy as _

from lms.core.errors import DomainError


class TableRefused(DomainError):
    """The file is not a table that we read."""

    code = "table_refused"
    status = 422
    message = _("We cannot read this file as a table. Save it as CSV or XLSX and send it again.")


class TableTooBig(TableRefused):
    code = "table_too_big"
    status = 413


class TableEmpty(TableRefused):
    code = "table_empty"
    message = _("There is nothing in this file. It needs a first row that names the columns.")


class TableHasNoRows(TableRefused):
    code = "table_has_no_rows"
    message = _("This file has names of columns and no rows under them.")


class TableHasNoHeader(TableRefused):
    code = "table_has_no_header"
    message = _(
        "The first row of this file is not names of columns. Put a row above it, such as "
        "Name, E-mail, Organisation."
    )


class TableHasNulBytes(TableRefused):
    code = "table_has_nul_bytes"
    message = _("This file has bytes that no text has. Save it as CSV or XLSX and send it again.")


class TableEncodingUnknown(TableRefused):
    code = "table_encoding_unknown"
    message = _(
        "We cannot tell how the letters of this file are stored. In Excel, save it as "
        "“CSV UTF-8” or as XLSX."
    )


class NotATable(TableRefused):
    code = "not_a_table"


class OldWorkbook(TableRefused):
    code = "old_workbook"
    message = _("This is an old Excel file (.xls). Open it in Excel and save it as XLSX or CSV.")


class LockedWorkbook(TableRefused):
    code = "locked_workbook"
    message = _("This file is locked with a password. Save it without one and send it again.")


class WorkbookWithMacros(TableRefused):
    code = "workbook_with_macros"
    message = _("This file contains macros. Save it as a plain XLSX file and send it again.")


class OtherWorkbook(TableRefused):
    code = "other_workbook"
    message = _(
        "This is a spreadsheet of another kind. Save it as XLSX or CSV in the program it came from."
    )


class DamagedWorkbook(TableRefused):
    code = "damaged_workbook"
    message = _("This XLSX file is damaged. Open it in Excel, save it again, and send that one.")


class WorkbookUnpacksTooBig(TableTooBig):
    code = "workbook_unpacks_too_big"
    message = _(
        "This XLSX file unpacks to far more than it seems to hold, so we have not opened it. Copy "
        "the rows into a new file and send that one."
    )


class WorkbookDeclaresEntities(TableRefused):
    code = "workbook_declares_entities"
    message = _("This XLSX file holds instructions that no spreadsheet needs, so we refuse it.")
