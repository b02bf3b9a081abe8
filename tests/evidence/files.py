"""Files made on the spot: photos as cameras write them, papers, and what hostile people send."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from fractions import Fraction
from random import Random

import pillow_heif
import pypdf
import xlsxwriter
from PIL import ExifTags, Image

from tiddao.evidence.actions.keeping import Added, Link, add_evidence
from tiddao.evidence.rules.sniffing import Examined, Limits, examine
from tiddao.ledger.actors import Actor

AT = datetime(2023, 3, 15, 3, 0, tzinfo=UTC)
OFFICER = Actor("user:7", "นายสมมุติ ผู้แนบ", "post:7 tambon_officer CDD-5712")
PHAYA_MENGRAI = (19.85, 100.15)  # latitude, longitude: within the district's outline of the tests


def picture(
    width: int = 640, height: int = 480, *, seed: int = 1, mode: str = "RGB"
) -> Image.Image:
    """A picture that no other seed has: coloured squares."""
    chance = Random(seed)
    small = Image.new(mode, (8, 8))
    bands = len(small.getbands())
    small.putdata(
        [tuple(chance.randrange(256) for _ in range(bands)) if bands > 1 else chance.randrange(256)
         for _ in range(64)]
    )  # fmt: skip
    return small.resize((width, height), Image.Resampling.NEAREST)


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(abs(degrees))
    minutes = (abs(degrees) - whole) * 60
    return (
        float(whole),
        float(int(minutes)),
        float(Fraction((minutes - int(minutes)) * 60).limit_denominator(10_000)),
    )


def exif_of(
    *,
    taken: str | None = "2023:03:14 10:30:00",
    offset: str | None = None,
    where: tuple[float, float] | None = None,
    orientation: int | None = None,
    maker: str = "สมมุติกล้อง".encode().decode("latin-1"),
) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = maker
    exif[ExifTags.Base.ImageDescription] = "SECRET-DESCRIPTION"
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    if taken is not None:
        own = exif.get_ifd(ExifTags.IFD.Exif)
        own[ExifTags.Base.DateTimeOriginal] = taken
        if offset is not None:
            own[ExifTags.Base.OffsetTimeOriginal] = offset
    if where is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N" if where[0] >= 0 else "S"
        gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(where[0])
        gps[ExifTags.GPS.GPSLongitudeRef] = "E" if where[1] >= 0 else "W"
        gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(where[1])
    return exif


def photo(
    kind: str = "JPEG",
    *,
    seed: int = 1,
    size: tuple[int, int] = (640, 480),
    exif: Image.Exif | None = None,
    xmp: bytes = b"",
) -> bytes:
    """A photo as bytes: JPEG, PNG, WEBP or HEIF."""
    out = io.BytesIO()
    image = picture(*size, seed=seed)
    options: dict[str, object] = {}
    if exif is not None:
        options["exif"] = exif.tobytes()
    if xmp:
        options["xmp"] = xmp
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=60, **options)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def pdf() -> bytes:
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("ผล").write(0, 0, "หมู่บ้าน")
    return out.getvalue()


def package(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def ooxml(part: str) -> bytes:
    """The least that declares itself a Word, Excel or PowerPoint file."""
    declared = (
        f'<Override ContentType="application/vnd.openxmlformats-officedocument.{part}.main+xml"/>'
    )
    return package(
        {"[Content_Types].xml": f"<Types>{declared}</Types>".encode(), "_rels/.rels": b"<r/>"}
    )


def odf(kind: str) -> bytes:
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": b"<office/>",
        }
    )


def examined(content: bytes, name: str = "photo.jpg", *, limits: Limits | None = None) -> Examined:
    return examine(io.BytesIO(content), name=name, limits=limits or Limits())


def handed_in(
    content: bytes | str | None = None,
    *,
    title: str = "รายงานการประชุมประชาคม",
    place: str = "5712",
    seed: int = 1,
    by: Actor = OFFICER,
    at: datetime = AT,
    **fields,
) -> Added:
    """A proof of the office at the place: bytes of a file, an address, or by default a photo."""
    if isinstance(content, str):
        source: Examined | Link = Link(content)
    else:
        source = examined(content if content is not None else photo(seed=seed, exif=exif_of()))
    return add_evidence(
        source,
        title=title,
        place=place,
        by=by,
        at=at,
        **({"effective_on": None, "expires_on": None} | fields),
    )
