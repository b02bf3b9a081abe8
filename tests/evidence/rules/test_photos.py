"""What photos say of themselves, and copies that say nothing."""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from tests.evidence.files import examined, exif_of, photo, picture
from tiddao.evidence.rules import kinds
from tiddao.evidence.rules.photos import clean_copies

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf>SECRET-XMP</rdf></x:xmpmeta>'
CASES = {"JPEG": kinds.JPEG, "PNG": kinds.PNG, "WEBP": kinds.WEBP, "HEIF": kinds.HEIC}


@pytest.mark.parametrize("kind", CASES)
def test_time_and_place_are_read_from_every_kind(kind):
    content = photo(kind, exif=exif_of(taken="2023:03:14 10:30:00", where=(19.85, 100.15)))
    facts = examined(content).photo
    assert facts.taken_at == datetime(2023, 3, 14, 3, 30, tzinfo=UTC)  # Thai time
    assert (facts.latitude, facts.longitude) == (Decimal("19.85"), Decimal("100.15"))
    assert (facts.width, facts.height) == (640, 480)


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2023:03:14 10:30:00", "+09:00", datetime(2023, 3, 14, 1, 30, tzinfo=UTC)),
        ("2023:03:14 10:30:00", "-05:00", datetime(2023, 3, 14, 15, 30, tzinfo=UTC)),
        ("2023:03:14 10:30:00", "nonsense", datetime(2023, 3, 14, 3, 30, tzinfo=UTC)),
        ("2023:03:14 10:30:00", "+99:00", datetime(2023, 3, 14, 3, 30, tzinfo=UTC)),
        ("2566:03:14 10:30:00", None, None),  # a camera set to the Buddhist era: no guess
        ("0000:00:00 00:00:00", None, None),
        ("2023:13:14 10:30:00", None, None),
        ("1980:01:01 00:00:00", None, None),  # a camera whose clock was never set
        ("วันนี้", None, None),
        (None, None, None),
    ],
)
def test_times_as_cameras_write_them(taken, offset, expected):
    content = photo(exif=exif_of(taken=taken, offset=offset, maker="x"))
    assert examined(content).photo.taken_at == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ((-33.856784, 151.215297), (Decimal("-33.856784"), Decimal("151.215297"))),
        ((40.5, -73.25), (Decimal("40.5"), Decimal("-73.25"))),
        ((0.0, 0.0), None),  # what a phone without a fix writes
        (None, None),
    ],
)
def test_positions_on_all_sides_of_the_earth(where, expected):
    facts = examined(photo(exif=exif_of(where=where))).photo
    found = None if facts.latitude is None else (facts.latitude, facts.longitude)
    if expected is None:
        assert found is None
    else:
        assert [abs(a - b) < Decimal("0.00001") for a, b in zip(found, expected, strict=True)]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ((IFDRational(1, 0), 0.0, 0.0), (100.0, 0.0, 0.0)),
        ((95.0, 0.0, 0.0), (100.0, 0.0, 0.0)),
        ((19.0, 0.0, 0.0), (181.0, 0.0, 0.0)),
        ((19.0,) * 9, (100.0, 0.0, 0.0)),
        ((19.0, 0.0, 0.0), None),
    ],
)
def test_an_impossible_position_is_none(latitude, longitude):
    exif = Image.Exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = latitude
    if longitude is not None:
        gps[ExifTags.GPS.GPSLongitude] = longitude
    facts = examined(photo(exif=exif)).photo
    assert (facts.latitude, facts.longitude) == (None, None)


@settings(max_examples=60, deadline=None)
@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_positions_come_back_to_a_metre(latitude, longitude):
    if max(abs(latitude), abs(longitude)) < 0.001:
        return
    facts = examined(photo(size=(8, 8), exif=exif_of(where=(latitude, longitude)))).photo
    assert math.isclose(facts.latitude, latitude, abs_tol=0.00001)
    assert math.isclose(facts.longitude, longitude, abs_tol=0.00001)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_torn_metadata_never_spoils_a_picture(noise):
    assume(b"<" not in noise)  # marks of web pages are refused, wherever they stand
    plain = photo(size=(16, 16))
    body = b"Exif\0\0" + noise
    torn = plain[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + plain[2:]
    facts = examined(torn).photo
    assert {facts.width, facts.height} == {16}


def carried_by(jpeg: bytes) -> list[str]:
    """What stands in the segments for applications and comments, up to the picture itself."""
    found, place = [], 2
    while jpeg[place + 1] != 0xDA:  # start of scan
        marker = jpeg[place + 1]
        length = int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            found.append(jpeg[place + 4 : place + 2 + length].split(b"\0")[0].decode("latin-1"))
        place += 2 + length
    return found


@pytest.mark.parametrize("kind", CASES)
def test_copies_hold_nothing_but_the_picture(kind):
    exif = exif_of(where=(19.85, 100.15), orientation=None if kind == "HEIF" else 6)
    content = photo(kind, size=(2_400, 1_200), exif=exif, xmp=XMP if kind != "HEIF" else b"")
    assert b"SECRET-DESCRIPTION" in content
    assert kind != "JPEG" or carried_by(content) != ["JFIF"]
    found = examined(content)
    copies = clean_copies(found.file, found.kind)
    for made, size in (
        (copies.display, copies.display_size),
        (copies.thumbnail, copies.thumbnail_size),
    ):
        assert b"SECRET" not in made
        assert carried_by(made) == ["JFIF"]
        with Image.open(io.BytesIO(made)) as copy:
            assert (copy.format, copy.size) == ("JPEG", size)
            assert not copy.getexif()
            assert not set(copy.info) & {"exif", "xmp", "icc_profile", "comment"}
    upright = (800, 1_600) if kind != "HEIF" else (1_600, 800)
    assert copies.display_size == upright
    assert max(copies.thumbnail_size) == 320
    if kind != "HEIF":
        assert (found.photo.width, found.photo.height) == (1_200, 2_400)


def test_a_turned_photo_is_turned_and_not_mirrored():
    """Left half red, right half blue; the camera lay on its side (orientation 6)."""
    image = Image.new("RGB", (200, 100), "red")
    image.paste("blue", (100, 0, 200, 100))
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif_of(orientation=6, maker="x").tobytes(), quality=95)
    found = examined(out.getvalue())
    copies = clean_copies(found.file, found.kind)
    with Image.open(io.BytesIO(copies.display)) as copy:
        assert copy.size == (100, 200)
        assert copy.getpixel((50, 20))[0] > 200  # red above
        assert copy.getpixel((50, 180))[2] > 200  # blue below


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "I;16", "CMYK"])
def test_every_way_of_colouring_becomes_a_plain_copy(mode):
    out = io.BytesIO()
    if mode == "I;16":
        Image.new("I;16", (40, 30), 30_000).save(out, "PNG")
    elif mode == "CMYK":
        picture(40, 30).convert("CMYK").save(out, "JPEG")
    else:
        picture(40, 30, mode="RGBA" if mode in {"RGBA", "LA"} else "RGB").convert(mode).save(
            out, "PNG"
        )
    found = examined(out.getvalue())
    with Image.open(io.BytesIO(clean_copies(found.file, found.kind).display)) as copy:
        assert (copy.mode, copy.size) == ("RGB", (40, 30))


def test_what_is_see_through_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    found = examined(out.getvalue())
    with Image.open(io.BytesIO(clean_copies(found.file, found.kind).display)) as copy:
        assert copy.getpixel((10, 10)) == (255, 255, 255)
