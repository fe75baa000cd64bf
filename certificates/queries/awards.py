"""What their page, their twin, the lists of staff and the public check show."""

import datetime
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from certificates.enums import AwardStatus
from certificates.models import Award, CertificateDesign, parse_code, written_code
from courses.enums import RouteKind
from lms.core.errors import DomainError
from lms.core.pdf import PdfImage, PdfRefused
from lms.core.templatetags.ui import minutes

STORAGE = "private"
SITE_LOGO = "site/images/logo.svg"
_PICTURE_PIXELS = (1000, 1000)


class StoredPdfDamaged(DomainError):
    """The bytes in storage are gone, or are not those that were issued."""

    code = "stored_pdf_damaged"
    status = 503
    message = gettext_lazy(
        "The stored PDF cannot be read just now. What it says stands on this page."
    )


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says, in words ready to be printed."""

    holder_name: str
    course_title: str
    code: str
    issuer: str
    outcomes: tuple[str, ...]
    route: str
    cpd: str
    completed_on: str
    expires: str
    version: str
    check_url: str

    @property
    def check_address(self) -> str:
        """Where to check it, short enough to be typed."""
        return check_page_url().split("://", 1)[-1].rstrip("/")


def check_page_url() -> str:
    """Build the absolute address where anybody types a code."""
    return settings.SITE_URL + reverse("certificates:verify")


def check_url(code: str) -> str:
    """Build the absolute address of a code's page, which its QR code opens."""
    return settings.SITE_URL + reverse("certificates:verify-code", args=[written_code(code)])


def facts_of(award: Award) -> CertificateFacts:
    """Put the facts of an award into words. Nothing is looked up: they are all its own."""
    return CertificateFacts(
        holder_name=award.holder_name,
        course_title=award.course_title,
        code=award.written_code,
        issuer=award.issuer,
        outcomes=tuple(award.outcomes),
        route=str(award.get_route_kind_display()),
        cpd=minutes(award.cpd_minutes),
        completed_on=written_day(award.completed_on),
        expires=written_day(award.expires_on) if award.expires_on else "",
        version=str(award.version_number),
        check_url=check_url(award.code),
    )


def sample_facts(design: CertificateDesign) -> CertificateFacts:
    """Give a preview something to show: a long name, letters of several scripts, six outcomes."""
    return CertificateFacts(
        holder_name="Siân Łukasz Ñandú Ὀδυσσεύς-Featherstonehaugh",
        course_title="Hidden Sentence: the children and families of people in prison",
        code=written_code("S0MEC0DE1234"),
        issuer=design.issuer_name,
        outcomes=(
            "Say who is affected when somebody is sent to prison, and why services miss them",
            "List at least five effects on children and families, and say why they vary",
            "Quote the main official figure with its source and limits, and challenge a weak one",
            "Explain why a link between two things does not prove that one causes the other",
            "Ask about family in a way that is kind and that people can refuse",
            "Find the services near you, and say what each of them can and cannot do",
        ),
        route=str(RouteKind.ONLINE.label),
        cpd=minutes(40),
        completed_on=written_day(datetime.date(2026, 11, 22)),
        expires="",
        version="3",
        check_url=check_url("S0MEC0DE1234"),
    )


def written_day(day: datetime.date) -> str:
    return formats.date_format(day, "j F Y")


def award_by_code(typed: str) -> Award | None:
    """Find an award by its code as somebody typed it."""
    code = parse_code(typed)
    if code is None:
        return None
    return Award.objects.filter(code=code).first()


def awards_seen_by(user: User, *, on: datetime.date) -> QuerySet[Award]:
    """Select the awards that `user` may see on the day `on`, for lists and for one by its id."""
    return Award.objects.visible_to(user, on=on)


def awards_managed_by(user: User, *, on: datetime.date) -> QuerySet[Award]:
    """Select the awards that `user` may revoke, correct and have made again on the day `on`."""
    return Award.objects.managed_by(user, on=on)


def pdf_in_words(award: Award) -> str:
    """Say how an award's PDF is getting on, for staff."""
    if award.rendered_at:
        day = written_day(timezone.localtime(award.rendered_at).date())
        return _("Made on %(day)s") % {"day": day}
    if award.status != AwardStatus.VALID:
        return _("Was never made")
    if award.is_refused:
        return _("Could not be made: %(why)s") % {"why": award.render_error}
    return _("Is being made, after a failure") if award.render_error else _("Is being made")


# --- Is this the holder? -----------------------------------------------------------------------

# Letters that do not come apart into a base letter and an accent.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)
_DROPPED = re.compile(r"['’‘`´ʼ.]")
_SPACES = re.compile(r"[\s\-\u2010-\u2015,]+")


def is_holder_name(award: Award, typed: str) -> bool:
    """Say whether `typed` is the holder's name, whatever its capitals, accents, spaces, hyphens."""
    return _bare_name(typed) == _bare_name(award.holder_name) != ""


def plain_letters(text: str) -> str:
    """Write Latin letters without their accents, small: 'Siân Łukasz' is 'sian lukasz'."""
    return _bare_name(text)


def _bare_name(name: str) -> str:
    # Taken apart first and after folding: ς and σ, ß and ss meet only once they are folded.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _SPACES.sub(" ", _DROPPED.sub("", bare.translate(_PLAIN))).strip()


# --- Bytes ---------------------------------------------------------------------------------------


def stored_pdf(award: Award) -> bytes:
    """Read the PDF that was issued. Raises: StoredPdfDamaged when it is not byte for byte that."""
    try:
        with storages[STORAGE].open(award.file_name) as file:
            content: bytes = file.read()
    except OSError as error:
        raise StoredPdfDamaged from error
    if hashlib.sha256(content).hexdigest() != award.sha256:
        raise StoredPdfDamaged
    return content


def pictures_of(design: CertificateDesign) -> dict[str, PdfImage]:
    """Load the pictures of a design by name: logo_1, logo_2 … and signature_1, signature_2 …

    Without a logo of its own it has the site's. The first of each is called logo and signature too.
    """
    logos = list(design.logos.all())
    pictures = {f"logo_{n}": _picture(each.picture.file.name) for n, each in enumerate(logos, 1)}
    if not logos:
        pictures["logo_1"] = _site_logo()
    for number, signatory in enumerate(design.signatories.all(), 1):
        if signatory.picture is not None:
            pictures[f"signature_{number}"] = _picture(signatory.picture.file.name)
    for name in ("logo", "signature"):
        if f"{name}_1" in pictures:
            pictures[name] = pictures[f"{name}_1"]
    return pictures


@lru_cache(maxsize=1)
def _site_logo() -> PdfImage:
    path = finders.find(SITE_LOGO)
    if path is None:
        raise FileNotFoundError(_("The site's logo is not built: run make assets."))
    return PdfImage(Path(path).read_bytes(), "image/svg+xml")


@lru_cache(maxsize=16)
def _picture(file_name: str) -> PdfImage:
    """Read an uploaded picture and write it anew: smaller, and nothing in it but pixels.

    Raises: PdfRefused when it is no picture, or is gone.
    """
    from PIL import Image, UnidentifiedImageError

    out = BytesIO()
    try:
        with storages["default"].open(file_name) as file, Image.open(file) as image:
            image.thumbnail(_PICTURE_PIXELS)
            image.convert("RGBA").save(out, "PNG")
    except (UnidentifiedImageError, FileNotFoundError, Image.DecompressionBombError) as error:
        raise PdfRefused(
            _("The picture “%(name)s” cannot be read.") % {"name": Path(file_name).name}
        ) from error
    return PdfImage(out.getvalue(), "image/png")
