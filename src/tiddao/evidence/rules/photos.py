"""What a photo says about itself, and copies of it that say nothing but the picture.

Source: Exif 2.32 (CIPA DC-008), sections 4.6.5 (times) and 4.6.6 (GPS).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, BinaryIO, Final

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from tiddao.evidence.rules.kinds import FileRefused, Kind
from tiddao.kernel.dates import BANGKOK

pillow_heif.register_heif_opener(thumbnails=False)

_FORMATS: Final = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "heic": ("HEIF",)}
_RESIZABLE: Final = {"RGB", "RGBA", "L", "CMYK"}  # modes that are made smaller as they are
_DEGREE: Final = Decimal("0.000001")  # about 11 cm
DISPLAY_EDGE: Final = 1_600  # pixels of the longer side: legible papers, small on a phone's line
THUMBNAIL_EDGE: Final = 320


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo says of itself. taken_at: with its zone, Thai time where it names none;
    latitude, longitude: degrees, WGS 84; None: it does not say. width, height: pixels, upright.
    """

    width: int
    height: int
    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Copies:
    """JPEG copies of a picture, upright and without metadata, as bytes."""

    display: bytes
    display_size: tuple[int, int]
    thumbnail: bytes
    thumbnail_size: tuple[int, int]


def read_photo(file: BinaryIO, kind: Kind, *, most_pixels: int) -> PhotoFacts:
    """Decode an image to its end and return what it says of itself.

    Raises FileRefused for one that is broken, or larger than most_pixels: its size is looked at
    before anything is decoded.

    Source: Exif 2.32, sections 4.6.5 and 4.6.6.
    """
    image = _opened(file, kind)
    if image.width * image.height > most_pixels:
        raise _too_many_pixels(image.width, image.height, most_pixels)
    try:
        exif = image.getexif()
        own = dict(exif.get_ifd(ExifTags.IFD.Exif))
        gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
        turned = exif.get(ExifTags.Base.Orientation, 1) in {5, 6, 7, 8}
    except Exception:  # noqa: BLE001 -- camera makers write anything; a picture is still a picture
        own, gps, turned = {}, {}, False
    width, height = image.size
    try:
        # A JPEG is decoded to its end at an eighth of its size: a tenth of the memory and time.
        image.draft("RGB", (width // 8 or 1, height // 8 or 1))
        image.load()
    except Exception as fault:
        raise _broken(kind) from fault
    position = _position(gps)
    return PhotoFacts(
        width=height if turned else width,
        height=width if turned else height,
        taken_at=_taken_at(own),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
    )


def clean_copies(file: BinaryIO, kind: Kind) -> Copies:
    """Return the display copy and the thumbnail of an image that ``read_photo`` has read.

    The picture is turned as its camera asked, and painted anew, so that nothing but pixels comes along.

    Source: issue 4 of 4, "Evidence" (copies shown to others lose their metadata).
    """
    image = _opened(file, kind)
    if image.mode not in _RESIZABLE:
        see_through = "transparency" in image.info or image.mode in {"LA", "PA"}
        image = image.convert("RGBA" if see_through else "RGB")
    edges = (DISPLAY_EDGE, DISPLAY_EDGE)
    image.thumbnail(edges, Image.Resampling.LANCZOS, reducing_gap=3.0)
    flat = _on_white(ImageOps.exif_transpose(image))
    display, display_size = _jpeg(flat, quality=82), flat.size
    flat.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Copies(display, display_size, _jpeg(flat, quality=75), flat.size)


def _opened(file: BinaryIO, kind: Kind) -> Image.Image:
    file.seek(0)
    try:
        return Image.open(file, formats=_FORMATS[kind.code])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels(0, 0, 0) from bomb
    except Exception as fault:
        raise _broken(kind) from fault


def _broken(kind: Kind) -> FileRefused:
    return FileRefused(
        "broken",
        f"ไฟล์นี้ขึ้นต้นเป็น{kind.words_th} แต่เนื้อไฟล์เสียหรือขาดหาย เปิดอ่านไม่ได้ โปรดบันทึกหรือถ่ายใหม่แล้วส่งอีกครั้ง",
        found_th=f"{kind.words_th}ที่เสียหาย",
        found_en=f"broken {kind.code}",
    )


def _too_many_pixels(width: int, height: int, most: int) -> FileRefused:
    found = f" {width:,} × {height:,} จุด" if width else ""
    limit = f" (ไม่เกิน {most / 1_000_000:,.0f} ล้านจุด)" if most else ""
    return FileRefused(
        "too-many-pixels",
        f"ภาพ{found} ละเอียดเกินกว่าที่รับได้{limit} โปรดลดความละเอียดแล้วส่งใหม่",
        found_th=f"ภาพขนาด{found}",
        found_en=f"image of {width} × {height} pixels",
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Return a new picture in RGB; what was see-through is white, as on paper."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        coloured = image.convert("RGBA")
        flat = Image.new("RGB", coloured.size, "white")
        flat.paste(coloured, mask=coloured.getchannel("A"))
        return flat
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


# -- what the camera wrote -------------------------------------------------------------------------

_TIME: Final = re.compile(r"(\d{4}):(\d{2}):(\d{2})[ T](\d{2}):(\d{2}):(\d{2})")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):(\d{2})")


def _taken_at(exif: Mapping[int, Any]) -> datetime | None:
    """When the picture was taken (DateTimeOriginal), else digitised; None for a time that is none."""
    for tag, zone_tag in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    ):
        found = _TIME.match(_text(exif.get(tag)))
        if not found:
            continue
        offset = _OFFSET.match(_text(exif.get(zone_tag)))
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else None
        zone = BANGKOK  # phones and cameras here are set to Thai time
        if offset and ahead is not None and ahead <= timedelta(hours=14):
            zone = timezone(-ahead if offset[1] == "-" else ahead)
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        try:
            taken = datetime(year, month, day, hour, minute, second, tzinfo=zone)
            return taken.astimezone(UTC) if 1990 <= taken.year <= 2100 else None
        except (ValueError, OverflowError):
            continue
    return None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\x00 ") if isinstance(value, str) else ""


def _position(gps: Mapping[int, Any]) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude; None where one is missing, impossible, or both are exactly zero."""
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), 180)
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    if _text(gps.get(ExifTags.GPS.GPSLatitudeRef)).upper() == "S":
        latitude = -latitude
    if _text(gps.get(ExifTags.GPS.GPSLongitudeRef)).upper() == "W":
        longitude = -longitude
    return latitude, longitude


def _degrees(parts: Any, most: int) -> Decimal | None:
    """Degrees, minutes and seconds as one number of degrees."""
    try:
        numbers = [float(part) for part in parts]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not 1 <= len(numbers) <= 3 or not all(map(math.isfinite, numbers)) or min(numbers) < 0:
        return None
    total = sum(number / 60**place for place, number in enumerate(numbers))
    return Decimal(str(total)).quantize(_DEGREE) if total <= most else None
