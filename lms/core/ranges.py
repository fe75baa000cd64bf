"""Files served in parts, so that a recording can be begun in its middle (RFC 9110, section 14)."""

import mimetypes
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.static import was_modified_since

CHUNK = 64 * 1024
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


def serve_in_parts(request: HttpRequest, path: Path) -> HttpResponseBase:
    """Answer with the file at `path`, or with the one range of its bytes that was asked for.

    A range that cannot be (206 and 416 say which can) is refused; what is no range of bytes, or
    names several, is ignored and the whole file comes, as the standard allows. `If-Range` is
    heeded: of a file that changed since, the whole comes.
    """
    stat = path.stat()
    modified = int(stat.st_mtime)
    tag = f'"{modified:x}-{stat.st_size:x}"'
    if not was_modified_since(request.headers.get("If-Modified-Since"), modified):
        return HttpResponseNotModified()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    asked = _ONE_RANGE.match(request.headers.get("Range", "").strip())
    response: HttpResponseBase
    if not asked or _is_no_range(asked[1], asked[2]) or not _still_the_same(request, tag, modified):
        response = FileResponse(path.open("rb"), content_type=kind)
        response["Content-Length"] = str(stat.st_size)
    elif (part := _part(asked[1], asked[2], stat.st_size)) is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{stat.st_size}"
    else:
        first, last = part
        response = StreamingHttpResponse(
            _bytes_of(path, first, last - first + 1), status=206, content_type=kind
        )
        response["Content-Length"] = str(last - first + 1)
        response["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = http_date(modified)
    response["ETag"] = tag
    return response


def _still_the_same(request: HttpRequest, tag: str, modified: int) -> bool:
    """Say whether a part still fits what the browser holds; it says what that is in If-Range."""
    held = request.headers.get("If-Range", "").strip()
    if not held:
        return True
    if held.startswith(('"', "W/")):
        return held == tag
    try:
        return int(parsedate_to_datetime(held).timestamp()) == modified
    except (ValueError, TypeError, OverflowError):
        return False


def _is_no_range(first: str, last: str) -> bool:
    """Say whether it names neither end, or ends before it begins."""
    return not (first or last) or bool(first and last and int(last) < int(first))


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Find the first and last byte asked for; None when the file has none of them."""
    if not first:  # so many from the end
        wanted = min(int(last), size)
        return (size - wanted, size - 1) if wanted else None
    begin, end = int(first), min(int(last or size), size - 1)
    return (begin, end) if begin <= end else None


def _bytes_of(path: Path, first: int, count: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while count > 0 and (chunk := file.read(min(CHUNK, count))):
            count -= len(chunk)
            yield chunk
