"""Certificates as other programs read them."""

from io import BytesIO

import pypdf
import pypdfium2
import zxingcpp


def text_of_pdf(content: bytes) -> str:
    """Read the text that can be copied out of a PDF, spaces evened out."""
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def qr_code_in_pdf(content: bytes) -> str:
    """Draw the first page and read the one QR code on it, as a telephone does."""
    document = pypdfium2.PdfDocument(content)
    try:
        picture = document[0].render(scale=3).to_pil()
    finally:
        document.close()
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)
