"""Small real files of every kind, made here and now."""

import base64
import io
import struct
import zipfile
import zlib

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(
    form: str = "JPEG", size: tuple[int, int] = (64, 48), *, mode: str = "RGB", **options: object
) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 0).save(target, form, **options)
    return target.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """A JPEG 300 by 200, turned, that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera-Contoh"
    exif[0x0112] = orientation
    exif[0x8825] = {1: "S", 2: (6.0, 12.0, 30.0), 3: "E", 4: (106.0, 50.0, 0.0)}
    image = Image.new("RGB", (300, 200), "white")
    image.paste("red", (0, 0, 150, 200))
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=b"rahasia", quality=95)
    return target.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises very many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return _png(header, zlib.compress(bytes((width // 8 + 1) * min(height, 50))))


def black_png(side: int) -> bytes:
    """A PNG in colour, made row by row: it takes memory when it is opened, and here none."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer, row = zlib.compressobj(), bytes(1 + 3 * side)
    return _png(header, b"".join([packer.compress(row) for _ in range(side)]) + packer.flush())


def _png(header: bytes, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def moving_picture(frames: int) -> bytes:
    images = [Image.new("P", (8, 8), number % 250) for number in range(frames)]
    target = io.BytesIO()
    images[0].save(target, "GIF", save_all=True, append_images=images[1:], disposal=2)
    return target.getvalue()


def archive(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def office(main: str = WORD, extra: dict[str, bytes | str] | None = None) -> bytes:
    """A small Word or Excel package with further parts."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override PartName="/m" ContentType="{main}"/></Types>',
        "_rels/.rels": _relations("officeDocument", "main.xml"),
        "main.xml": "<document>Keluhan contoh</document>",
    }
    return archive(parts | (extra or {}))


def _relations(kind: str, target: str, mode: str = "") -> str:
    return (
        f'<Relationships><Relationship Id="r" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        "</Relationships>"
    )


def link(kind: str) -> str:
    """Relations to something outside the document."""
    return _relations(kind, "https://jahat.example.org/x", ' TargetMode="External"')


def odt(extra: dict[str, str] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<office>Contoh</office>")
        for name, text in (extra or {}).items():
            package.writestr(name, text)
    return target.getvalue()


def ole(*streams: str) -> bytes:
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory


def pdf(*objects: bytes) -> bytes:
    written = b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, content) for number, content in enumerate(objects, 1)
    )
    return b"%PDF-1.7\n" + written + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pdf_with_hidden(content: bytes) -> bytes:
    """A PDF that hides an object in a compressed object stream."""
    packed = zlib.compress(content)
    stream = b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (
        len(packed),
        packed,
    )
    return pdf(b"<< /Type /Catalog >>", stream)


def box(brand: bytes) -> bytes:
    """The begin of an ISO media file."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\x02\0isommp42" + b"\0\0\0\x08free"


def ogg(codec: bytes) -> bytes:
    return b"OggS\0\x02" + bytes(20) + b"\x01\x13" + codec + bytes(30)


def wav() -> bytes:
    return b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(28)


def iphone_photo() -> bytes:
    """A HEIC of 64 by 48, its left half red, with maker and place in its EXIF."""
    return base64.b85decode("".join(_HEIC.split()))


_HEIC = r"""
0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0005LZDn*}000000000XXk=`10000000000aA{+7000000000000000
00000G-
+&aV*mgE07O6l0ssL300001;s5~v00000006uI0ssI200N!>0RR9100000fB*mhIB98aW&i*H00062000$fZf0cy00
0000RRAKc4ILB0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031008}IaB^?}007--aAR)(004Gqc4I>U18
@KU0FVFx0000U@BsY%`1k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096hLID8-
Z~y=U0FVFx0{{R603M(qfd!W8<fgf}2xu@M00096AOHXZ03l)k0RRR>0l{;?i2wiq6Ju{|a&BX6cmM$a4FCp!0000K
X>)L8000000000$0000$0000eV{Bn?0000$000010000m000010000000002|NsB+000020000GaA|mH000000|*ER
0000OX>e^}0000000001009Mo0s{qv0000QX>w&|000000000EV`Ot<00IC3009610Yq(NVRQfh0JtatuL<Bi^CJKM
@;^8K{IJf;`^Cgpv(NC)n>+PBum9j*`d@|8om_`Gf+sTapUcFkK5==lCjIlkBY>#@9Vq>rg)Nr5#tPM?y!w0+(gB<?
?q-uhU>0|*FrJnuLbMg60{@8}1)p-
nlf+vby<RmmkP7e>Wg@&ar#FQ;ZI)%E8w5ez#YLNBP>ZZhRv)0XpZ}vV+sg=OE;DLlPP%<Rch(C1ucF_Yq-
A;W&G8*yhhKj^YTy6>00u>PX=VTbO-
%qQ0000800RLJ00IC201f~E05Sm*00RI300962004+300aO40096106+i$002v2ZDn#{Ekkc^bZ=+?00IC300IC200
L700000200jU500RI30A2t90000000sa60096101N;C0096103HAU009
"""
