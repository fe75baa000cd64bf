"""Whether a file is what its name says, by how it begins."""

MAX_CAPTIONS = 1024 * 1024


def is_recording_of(extension: str, head: bytes) -> bool:
    """Say whether `head`, the first 64 bytes or more, begins a recording of this kind.

    Kinds are named by extension: mp4, m4a (ISO media), webm, ogg, wav, mp3.
    """
    if extension in ("mp4", "m4a"):
        return head[4:8] == b"ftyp"
    if extension == "webm":
        return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]
    if extension == "ogg":
        return head.startswith(b"OggS")
    if extension == "wav":
        return head.startswith(b"RIFF") and head[8:12] == b"WAVE"
    if extension == "mp3":
        # Eleven bits of one, any version but the reserved one, and layer III.
        is_frame = (
            len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
        )
        return head.startswith(b"ID3") or is_frame
    return False


def is_captions(data: bytes) -> bool:
    """Say whether `data` is a WebVTT file with something in it: UTF-8, its name, and a cue."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    first, _newline, rest = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
    named = first == "WEBVTT" or first.startswith(("WEBVTT ", "WEBVTT\t"))
    return named and "\x00" not in text and "-->" in rest
