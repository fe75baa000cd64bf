from certificates.models.awards import Award
from certificates.models.bundles import Bundle, BundledAward
from certificates.models.codes import new_code, parse_code, part_of_code, written_code
from certificates.models.designs import (
    CertificateDesign,
    DesignCourse,
    DesignLogo,
    DesignSignatory,
)
from certificates.models.markup import fill_page, problems_of, standard_page
from certificates.models.names import NameCorrection

__all__ = [
    "Award",
    "Bundle",
    "BundledAward",
    "CertificateDesign",
    "DesignCourse",
    "DesignLogo",
    "DesignSignatory",
    "NameCorrection",
    "fill_page",
    "new_code",
    "parse_code",
    "part_of_code",
    "problems_of",
    "standard_page",
    "written_code",
]
