"""Bytes to text: the encoding, the byte order mark, and bytes that do not fit."""

from __future__ import annotations

import codecs

from seqclf.errors import DataError, UsageError, unknown

_COMMON = """
    ascii big5 cp1250 cp1251 cp1252 euc-jp euc-kr gb18030 iso-8859-15 koi8-r latin-1
    mac-roman shift_jis utf-8 utf-16 utf-32
"""  # what a misspelt name is compared with

# Python has these too, but no file of texts is written in them.
_FOR_NAMES_AND_CODE = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def checked_encoding(name: str) -> str:
    """Give the name Python has for an encoding of texts.

    Raises:
        UsageError: there is none of that name.

    Example:
        >>> checked_encoding("latin-1")
        'iso8859-1'
        >>> checked_encoding("latn-1")
        Traceback (most recent call last):
        seqclf.errors.UsageError: there is no encoding 'latn-1'; did you mean 'latin-1'?
    """
    try:
        found = codecs.lookup(name).name
        if found in _FOR_NAMES_AND_CODE:
            raise LookupError(name)
        codecs.getincrementaldecoder(name)
        str(b"a a", name)  # refuses what is no encoding of texts, such as base64
    except UnicodeError:
        return found  # two bytes a character: three bytes are not text in it
    except (LookupError, ValueError, TypeError):
        raise unknown("encoding", name, _COMMON.split()) from None
    return found


def decoder_for(start: bytes, encoding: str, name: str) -> str:
    """Choose the decoder for a file: its byte order mark tells UTF-16 and UTF-32 from UTF-8.

    A mark of UTF-16 or UTF-32 cannot begin a file in UTF-8, so that nothing is guessed there.

    Args:
        start: the file's first bytes.
        encoding: what was asked for.
        name: the file's, for messages.

    Raises:
        UsageError: there is no such encoding.
        DataError: UTF-8 was asked for, but every second byte is zero, as in UTF-16.

    Example:
        >>> decoder_for("text".encode("utf-16"), "utf-8", "tickets.csv")
        'utf-16'
    """
    asked = checked_encoding(encoding)
    marked = next((known for mark, known in _MARKS if start.startswith(mark)), None)
    if asked in ("utf-8", "utf-8-sig"):
        if marked is None and _looks_like_utf16(start):
            raise DataError(
                f"{name} is not UTF-8: every second byte is zero, as in UTF-16",
                hint="read it with --encoding utf-16",
            )
        return marked or "utf-8"
    if asked == "utf-16" and marked != "utf-16":
        # Python wants a mark here. Latin letters have their zero byte first in big-endian order.
        return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"
    if asked == "utf-32" and marked != "utf-32":
        return "utf-32-be" if start[::4].count(0) > start[3::4].count(0) else "utf-32-le"
    return asked


def _looks_like_utf16(start: bytes) -> bool:
    """Say whether about half of the bytes are zero; a file of nothing but zeros is none."""
    return len(start) >= 4 and len(start) / 4 < start.count(0) < len(start) * 3 / 4


def undecodable(
    error: UnicodeError, encoding: str, where: str, offset: int | None, packed: bool
) -> DataError:
    """Make the error for bytes that are no text in the encoding.

    Args:
        error: what the decoder raised.
        encoding: what was asked for.
        where: the file and line.
        offset: of the byte in the file, from 0.
        packed: whether the file is compressed, the offset then being one in what it unpacks to.
    """
    shown = encoding.upper() if checked_encoding(encoding).startswith("utf") else encoding
    if not isinstance(error, UnicodeDecodeError) or offset is None:
        return DataError(f"{where} is not {shown}: {error}", hint="name another --encoding")
    file = "unpacked file" if packed else "file"
    place = f"byte 0x{error.object[error.start]:02x} at byte offset {offset} of the {file}"
    fitting = _fitting(error, encoding)
    if error.reason in (
        "unexpected end of data",
        "truncated data",
        "incomplete multibyte sequence",
    ):
        return DataError(
            f"{where} is not {shown}: the file ends inside a character ({place})",
            hint=f"it may have been cut off; else read it with --encoding {fitting}",
        )
    return DataError(
        f"{where} is not {shown}: {place}",
        hint=f"read it with --encoding {fitting}, or save it as UTF-8",
    )


def _fitting(error: UnicodeDecodeError, encoding: str) -> str:
    """Name an encoding that the bytes around the place could have."""
    sample = error.object
    if sample.count(0) > len(sample) / 4:
        return "utf-16"
    if checked_encoding(encoding) != "utf-8":
        try:
            characters = sample[error.start :].lstrip(bytes(range(0x80, 0xC0)))
            codecs.getincrementaldecoder("utf-8")().decode(characters)
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
    # Latin-1 has control characters where Windows has quotes and dashes.
    windows = any(0x80 <= byte < 0xA0 for byte in sample)
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252" if windows else "latin-1"


def checked_character(value: str, what: str) -> str:
    r"""Give one character that was asked for by itself or by name ("tab", "\\t").

    Raises:
        UsageError: it is none, several or a line end.

    Example:
        >>> checked_character("tab", "delimiter")
        '\t'
    """
    character = {"tab": "\t", "\\t": "\t", "blank": " ", "space": " "}.get(value.lower(), value)
    if len(character) != 1 or character in "\r\n":
        raise UsageError(
            f"the {what} must be one character, not {value!r}",
            hint="a tab is written tab" if what == "delimiter" else "",
        )
    return character
