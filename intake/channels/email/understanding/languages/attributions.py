"""Lines such as `On Monday Budi wrote:` per language: how they begin, and their verb."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribution:
    """One language; alternatives are divided by ` | `. Whole words are compared, without case."""

    language: str
    openers: str
    verbs: str


# A table is read across: language, how such a line begins, its verb.
# fmt: off
LANGUAGES: tuple[Attribution, ...] = (
    Attribution("Indonesian", "Pada tanggal | Pada hari | Pada | Tanggal", "menulis"),
    Attribution("Malay", "Pada", "menulis"),
    Attribution("English", "On | At | In a message dated | In message", "wrote | writes"),
    Attribution("German", "Am | Zitat von | Den", "schrieb | schrieben | schreibt | geschrieben"),
    Attribution("French", "Le | En date de | En date du", "a écrit | écrit | a ecrit"),
    Attribution("Spanish", "El | En | Con fecha", "escribió | escribio | ha escrito"),
    Attribution("Portuguese", "Em | No dia | A", "escreveu | escreveu o seguinte"),
    Attribution("Italian", "Il giorno | Il | In data | Al", "ha scritto | scrisse | scritto"),
    Attribution("Dutch", "Op", "schreef | geschreven"),
    Attribution("Swedish", "Den | På", "skrev | följande"),
    Attribution("Danish", "Den | På | D.", "skrev | følgende"),
    Attribution("Norwegian", "På | Den | Kl.", "skrev | følgende"),
    Attribution("Finnish", "", "kirjoitti | kirjoitti näin"),
    Attribution("Estonian", "", "kirjutas"),
    Attribution("Latvian", "", "rakstīja"),
    Attribution("Lithuanian", "", "rašė"),
    Attribution("Polish", "W dniu | Dnia | W",
                "napisał | napisała | napisał(a) | pisze | napisał/a | napisano"),
    Attribution("Czech", "Dne | V", "napsal | napsala | napsal(a) | napsal/a"),
    Attribution("Slovak", "Dňa | V", "napísal | napísala | napísal(a)"),
    Attribution("Hungarian", "", "írta | ezt írta | a következőt írta"),
    Attribution("Croatian", "Dana | Na dan | U", "napisao | napisala | napisao/la | piše"),
    Attribution("Slovene", "Dne | V", "napisal | napisala | je oseba | napisal/-a"),
    Attribution("Romanian", "În data de | Pe data de | Pe | La | În", "a scris | scris"),
    Attribution("Turkish", "", "yazdı | şunu yazdı | şunları yazdı"),
    Attribution("Greek", "Στις | Την | Στις", "έγραψε | έγραψε"),
    Attribution("Russian", "В",
                "написал | написала | написал(а) | пишет | писал | писала | пользователь"),
    Attribution("Ukrainian", "", "написав | написала | пише | пише(а)"),
    Attribution("Bulgarian", "На", "написа"),
    Attribution("Japanese", "", "のメール | のメッセージ | 書き込みました | 書きました | 書いた"),
    Attribution("Chinese", "在 | 于", "写道 | 寫道 | 写到 | 写入"),
    Attribution("Korean", "", "작성 | 작성했습니다 | 쓴 글 | 님이 작성"),
    Attribution("Vietnamese", "Vào | Vào lúc | Ngày", "đã viết | viết"),
    Attribution("Thai", "เมื่อ | ใน", "เขียนว่า | เขียน"),
    Attribution("Arabic", "في | بتاريخ", "كتب | كتبت"),
    Attribution("Catalan", "El | El dia", "va escriure | ha escrit"),
    Attribution("Filipino", "Noong | Nung", "isinulat ni | sumulat"),
    Attribution("Hindi", "", "ने लिखा | लिखा"),
    Attribution("Persian", "در | در تاریخ", "نوشت"),
    Attribution("Afrikaans", "Op", "geskryf | skryf"),
    Attribution("Hebrew", "בתאריך | ב", "כתב | כתבה | מאת"),
)
# fmt: on

USER_NOUNS = "użytkownik | používateľ | uživatel | пользователь | користувач | utente | kullanıcısı"
"""Words for "user" that some programs put before the name."""

PRONOUNS = "you | anda | kamu | saudara | vous | sie | du | usted | você | lei | u | ni"
"""What some programs write instead of a name."""

SPOKEN = "said | says | mentioned | berkata | mengatakan | sagte | dijo | disse"
"""Verbs that introduce a quotation only where quoted lines follow: people use them in reports."""
