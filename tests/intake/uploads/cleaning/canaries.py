"""Files that say who sent them, where and with what: the same words in every place they have."""

import io
import struct
import zipfile

import pikepdf
from PIL import Image, PngImagePlugin

from tests.intake.uploads.samples import WORD, office

CANARY = "KenariBudi"
_RAW = CANARY.encode()
GPS = struct.pack(">d", -6.208763)


def jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = CANARY, CANARY
    exif[0x8825] = {1: "S", 2: (6.0, 12.0, 30.0), 29: CANARY}
    target = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(target, "JPEG", exif=exif, comment=_RAW)
    whole = target.getvalue()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + _RAW + b"</x>"
    segment = b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
    return whole[:2] + segment + whole[2:] + b"behind the end: " + _RAW


def png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", CANARY)
    words.add_itxt("XML:com.adobe.xmp", CANARY, zip=True)
    target = io.BytesIO()
    Image.new("RGBA", (8, 8)).save(target, "PNG", pnginfo=words)
    return target.getvalue()


def webp() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = CANARY
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "WEBP", exif=exif, xmp=_RAW)
    return target.getvalue()


def gif() -> bytes:
    target = io.BytesIO()
    Image.new("P", (8, 8)).save(target, "GIF", comment=_RAW)
    return target.getvalue()


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    page = document.pages[0]
    document.docinfo["/Author"] = CANARY
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [CANARY]
    picture = pikepdf.Stream(document, jpeg())
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 64, 48, 8
    picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    picture.Metadata = document.make_stream(_RAW)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.obj.Contents = document.make_stream(
        b"q 100 0 0 100 0 0 cm /Im0 Do Q /KeluhanContoh BMC EMC"
    )
    page.obj.PieceInfo = pikepdf.Dictionary(Scanner=pikepdf.Dictionary(Private=CANARY))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=CANARY, Subj=CANARY
    )
    note.Contents = "catatan contoh"
    page.obj.Annots = pikepdf.Array([note])  # not an object of its own
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def pdf_with_file() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments[f"{CANARY}.txt"] = _RAW
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx() -> bytes:
    return office(
        WORD,
        {
            "docProps/core.xml": f"<cp><dc>{CANARY}</dc></cp>",
            "docProps/app.xml": f"<Properties><Company>{CANARY}</Company></Properties>",
            "docProps/custom.xml": f"<Properties>{CANARY}</Properties>",
            "docProps/thumbnail.jpeg": jpeg(),
            "customXml/item1.xml": f"<x>{CANARY}</x>",
            "word/document.xml": f'<w:document {_W} w:rsidR="{CANARY}"><w:p w:rsidRPr="{CANARY}">'
            f'<w:ins w:author="{CANARY}" w:id="1"><w:t>KeluhanContoh &amp; lagi</w:t></w:ins>'
            f'<wp:docPr id="1" name="{CANARY}.jpg" descr="{CANARY}"/></w:p></w:document>',
            "word/comments.xml": f"<w:comments {_W}><w:comment w:author='{CANARY}' "
            f"w:initials='{CANARY}'>isi</w:comment></w:comments>",
            "word/people.xml": f'<w15:people><w15:person w15:author="{CANARY}"/></w15:people>',
            "word/settings.xml": f"<w:settings {_W}><w:rsids><w:rsid w:val='{CANARY}'/></w:rsids>"
            f"<w:docVars><w:docVar w:val='{CANARY}'/></w:docVars></w:settings>",
            "word/media/image1.jpeg": jpeg(),
            "word/media/image2.png": png(),
        },
    )


def xlsx() -> bytes:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return office(
        sheet,
        {
            "docProps/core.xml": f"<cp>{CANARY}</cp>",
            "xl/workbook.xml": f'<workbook><x15ac:absPath url="C:\\{CANARY}\\"/>'
            f'<fileSharing userName="{CANARY}"/><sheets/></workbook>',
            "xl/comments1.xml": f"<comments><authors><author>{CANARY}</author></authors>"
            "<text>KeluhanContoh</text></comments>",
            "xl/persons/person.xml": f'<personList><person displayName="{CANARY}"/></personList>',
            "xl/tables/table1.xml": '<table displayName="Tabel1" name="Tabel1"/>',
            "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments>{CANARY}</x>",
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships><Relationship Id="r" Type='
            f'"x/hyperlink" Target="file:///C:/{CANARY}" TargetMode="External"/></Relationships>',
            "xl/printerSettings/printerSettings1.bin": _RAW,
        },
    )


def odt() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.comment = b""
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("meta.xml", f"<office:meta>{CANARY}</office:meta>")
        package.writestr("Thumbnails/thumbnail.png", png())
        package.writestr("Pictures/1.png", png())
        package.writestr(
            "content.xml",
            f"<o><office:annotation><dc:creator>{CANARY}</dc:creator>"
            f"<dc:date>2026</dc:date>KeluhanContoh</office:annotation></o>",
        )
    return target.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _track(kind: bytes, place: int, size: int, *more: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8), kind, b"appl" + bytes(8), _RAW + b"\0")
    entry = box(b"avc1", bytes(12), b"appl", bytes(26), _RAW.ljust(32, b"\0"), bytes(4))
    tables = (
        box(b"stsd", bytes(4), struct.pack(">I", 1), entry),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(">III", 0, 1, size)),
        box(b"stco", bytes(4), struct.pack(">II", 1, place)),
    )
    refs = box(b"dref", bytes(4), struct.pack(">I", 1), box(b"alis", bytes(4), _RAW))
    information = box(b"minf", box(b"vmhd", bytes(12)), box(b"dinf", refs), box(b"stbl", *tables))
    times = bytes(4) + struct.pack(">II", 3_900_000_000, 3_900_000_001)
    media = box(b"mdia", box(b"mdhd", times, bytes(12)), handler, information)
    return box(b"trak", box(b"tkhd", times, bytes(72)), media, *more)


TIMES = struct.pack(">II", 3_900_000_000, 3_900_000_001)
SEEN = b"gambar yang terlihat"


def mp4(brand: bytes = b"isom") -> bytes:
    """A film of one picture, with a track of places and names wherever there is room."""
    head = box(b"ftyp", brand, bytes(4), brand)
    secret = GPS + _RAW
    data = box(b"mdat", SEEN, secret)
    first = len(head) + 8
    said = box(b"udta", box(b"\xa9xyz", _RAW), box(b"meta", bytes(4), box(b"ilst", _RAW)))
    movie = box(
        b"moov",
        box(b"mvhd", bytes(4), TIMES, bytes(88)),
        _track(b"vide", first, len(SEEN), said),
        _track(b"meta", first + len(SEEN), len(secret)),
        box(b"meta", bytes(4), box(b"keys", _RAW), box(b"ilst", _RAW)),
        said,
    )
    return head + data + movie + box(b"uuid", bytes(16), _RAW) + box(b"free", _RAW)


def mp3() -> bytes:
    frames = b"\xff\xfb\x90\x64" + b"SUARA" * 40
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, len(_RAW)]) + _RAW
    ape_size = len(_RAW) + 32
    ape = _RAW + b"APETAGEX" + struct.pack("<IIII", 2000, ape_size, 1, 0) + bytes(8)
    return tag + frames + ape + b"TAG" + _RAW.ljust(125, b"\0")


def wav() -> bytes:
    parts = b"fmt " + struct.pack("<I", 16) + bytes(16)
    parts += b"LIST" + struct.pack("<I", len(_RAW)) + _RAW
    parts += b"data" + struct.pack("<I", 5) + b"SUARA\0" + b"bext" + struct.pack("<I", 10) + _RAW
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts


def ogg() -> bytes:
    from intake.uploads.cleaning.sound import _crc

    def page(number: int, flags: int, body: bytes) -> bytes:
        laces = bytes([255] * (len(body) // 255) + [len(body) % 255])
        head = b"OggS\0" + bytes([flags]) + bytes(8) + struct.pack("<III", 77, number, 0)
        whole = bytearray(head + bytes([len(laces)]) + laces + body)
        whole[22:26] = struct.pack("<I", _crc(whole))
        return bytes(whole)

    comment = f"ARTIST={CANARY}".encode() * 30
    tags = b"OpusTags" + struct.pack("<I", len(_RAW)) + _RAW
    tags += struct.pack("<II", 1, len(comment)) + comment
    first = b"OpusHead" + bytes([1, 1]) + bytes(9)
    return page(0, 2, first) + page(1, 0, tags) + page(2, 4, b"SUARA" * 20)


def webm() -> bytes:
    def element(name: bytes, *content: bytes) -> bytes:
        body = b"".join(content)
        return name + (len(body) | 1 << 56).to_bytes(8, "big") + body

    info = element(
        b"\x15\x49\xa9\x66",
        element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"),
        element(b"\x4d\x80", _RAW),
        element(b"\x57\x41", _RAW),
        element(b"\x44\x61", GPS),
        element(b"\x7b\xa9", _RAW),
    )
    track = element(b"\xae", element(b"\x83", b"\1"), element(b"\x53\x6e", _RAW))
    cluster = b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" + element(b"\xa3", SEEN)
    segment = b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
    tags = element(b"\x12\x54\xc3\x67", _RAW)
    tracks = element(b"\x16\x54\xae\x6b", track)
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    return head + segment + info + tracks + cluster + tags


def everything_in(content: bytes) -> bytes:
    """Return the bytes of a file, and of what is packed in it, one behind the other."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found += [everything_in(package.read(name)) for name in package.namelist()]
    if content.startswith(b"%PDF"):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as document:
            document.save(
                target,
                qdf=True,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )
        found.append(target.getvalue())
    if content.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(content)) as image:
            found.append(repr(image.info).encode())
    return b"\0".join(found)
