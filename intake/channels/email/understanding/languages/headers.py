"""The labels of a quoted header block: `From: … Sent: … To: … Subject: …`, per language."""

from dataclasses import dataclass
from enum import Enum, auto

from intake.channels.email.understanding.languages.vocabulary import phrases


class Role(Enum):
    """What a line of a quoted header block tells."""

    SENDER = auto()
    DATE = auto()
    TO = auto()
    CC = auto()
    SUBJECT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Labels:
    """One language; alternatives are divided by ` | `, case does not matter."""

    language: str
    sender: str
    date: str
    to: str
    cc: str
    subject: str
    other: str = ""


# A table is read across: language, from, date, to, cc, subject, others.
# fmt: off
LANGUAGES: tuple[Labels, ...] = (
    Labels("Indonesian", "Dari | Pengirim",
           "Tanggal | Dikirim | Terkirim | Dikirim pada | Waktu | Tgl",
           "Kepada | Kpd | Ke | Untuk | Penerima", "Tembusan | Salinan | Cc",
           "Subjek | Perihal | Judul | Subyek | Hal",
           "Balas ke | Balas-Ke | Bcc | Lampiran | Prioritas | Kepentingan"),
    Labels("Malay", "Daripada", "Dihantar | Tarikh", "Kepada", "Sk | Salinan kepada",
           "Subjek | Perkara"),
    Labels("English", "From", "Date | Sent | Sent at | Sent on", "To | Sent to", "Cc | Copy",
           "Subject | Re",
           "Reply-To | Reply to | Bcc | Importance | Organization | Attachments | Attachment | "
           "Priority | Sender | Message-ID | In-Reply-To | References | Newsgroups | "
           "On Behalf Of"),
    Labels("German", "Von | Absender", "Gesendet | Datum | Gesendet am", "An | Empfänger",
           "Cc | Kopie", "Betreff", "Antwort an | Wichtigkeit | Anlagen"),
    Labels("French", "De | Expéditeur",
           "Envoyé | Date | Envoyé le | Le | Message du | Date d'envoi",
           "À | A | Pour | Destinataire", "Cc | Copie à | Copie", "Objet | Sujet",
           "Répondre à | Importance"),
    Labels("Spanish", "De | Remitente | Desde", "Enviado | Fecha | Enviado el | Enviado a las",
           "Para | A", "Cc | CC | Con copia", "Asunto", "Responder a | Importancia"),
    Labels("Portuguese", "De | Remetente", "Enviado | Data | Enviada em | Enviado em | Enviada",
           "Para | A", "Cc | Com cópia", "Assunto", "Responder a | Responder para"),
    Labels("Italian", "Da | Mittente", "Inviato | Data | Inviata", "A | Destinatario",
           "Cc | Per conoscenza", "Oggetto", "Risposta | Rispondi a"),
    Labels("Dutch", "Van | Afzender", "Verzonden | Datum | Verstuurd", "Aan", "Cc | Kopie",
           "Onderwerp", "Antwoord aan"),
    Labels("Swedish", "Från", "Skickat | Datum | Skickad", "Till", "Kopia | Cc", "Ämne",
           "Svara till"),
    Labels("Danish", "Fra", "Sendt | Dato", "Til", "Cc | Kopi", "Emne", "Svar til"),
    Labels("Norwegian", "Fra", "Sendt | Dato", "Til", "Kopi | Cc", "Emne", "Svar til"),
    Labels("Finnish", "Lähettäjä", "Lähetetty | Päivämäärä | Päiväys", "Vastaanottaja | Saaja",
           "Kopio | Kopioi | Cc", "Aihe"),
    Labels("Estonian", "Saatja | Kellelt", "Saadetud | Kuupäev", "Saaja | Adressaat | Kellele",
           "Koopia | Cc", "Teema"),
    Labels("Latvian", "No | Sūtītājs", "Nosūtīts | Datums", "Kam | Adresāts", "Kopija",
           "Tēma | Temats"),
    Labels("Lithuanian", "Nuo | Siuntėjas", "Išsiųsta | Data", "Kam | Gavėjas", "Kopija", "Tema"),
    Labels("Polish", "Od | Nadawca", "Data | Wysłano | Wysłane", "Do | Adresat | Odbiorca",
           "DW | Kopia | Cc", "Temat", "Odpowiedź do"),
    Labels("Czech", "Od | Odesílatel", "Datum | Odesláno | Odeslána", "Komu | Pro",
           "Kopie | Kopie (CC) | Cc", "Předmět", "Odpovědět"),
    Labels("Slovak", "Od | Odosielateľ", "Dátum | Odoslané | Odoslaná", "Komu | Pre",
           "Kópia | Kópie | Cc", "Predmet", "Odpovedať"),
    Labels("Hungarian", "Feladó | Küldő", "Dátum | Elküldve | Küldve", "Címzett",
           "Másolat | Másolatot kap", "Tárgy"),
    Labels("Croatian", "Šalje | Od | Pošiljatelj", "Datum | Poslano", "Prima | Za | Primatelj",
           "Kopija | Cc", "Predmet | Naslov"),
    Labels("Slovene", "Od | Pošiljatelj", "Poslano | Datum", "Za | Komu", "Kp", "Zadeva"),
    Labels("Romanian", "De la | De", "Trimis | Dată | Data | Data trimiterii",
           "Către | Catre | La", "Cc | Copie", "Subiect | Subiectul"),
    Labels("Turkish", "Kimden | Gönderen", "Gönderildi | Tarih | Gönderilme", "Kime | Alıcı",
           "Bilgi | Cc", "Konu"),
    Labels("Greek", "Από", "Στάλθηκε | Ημερομηνία", "Προς", "Κοιν. | Κοινοποίηση", "Θέμα"),
    Labels("Russian", "От | Отправитель | От кого", "Отправлено | Дата", "Кому | Получатель",
           "Копия", "Тема | Предмет"),
    Labels("Ukrainian", "Від | Від кого", "Надіслано | Дата", "Кому", "Копія", "Тема"),
    Labels("Bulgarian", "От | Изпратено от", "Изпратено | Дата", "До", "Копие", "Относно"),
    Labels("Japanese", "差出人 | 送信元 | 送信者 | From", "送信日時 | 日付 | 日時 | 送信",
           "宛先 | 送信先 | To", "CC | Cc", "件名"),
    Labels("Chinese", "发件人 | 寄件者 | 寄件人 | 發件人",
           "发送时间 | 日期 | 寄件日期 | 傳送時間 | 时间 | 發送時間", "收件人 | 收件者 | 至",
           "抄送 | 副本", "主题 | 主旨 | 主題"),
    Labels("Korean", "보낸 사람 | 보낸사람 | 발신인", "보낸 날짜 | 날짜 | 보낸날짜",
           "받는 사람 | 받는사람 | 수신인", "참조", "제목"),
    Labels("Vietnamese", "Từ | Người gửi", "Đã gửi | Ngày | Gửi", "Đến | Tới | Người nhận",
           "Cc | Đồng gửi", "Chủ đề | Tiêu đề"),
    Labels("Thai", "จาก", "ส่ง | วันที่ | ส่งเมื่อ", "ถึง", "สำเนา | สำเนาถึง", "เรื่อง | หัวเรื่อง"),
    Labels("Arabic", "من", "تاريخ الإرسال | التاريخ | أُرسلت", "إلى", "نسخة", "الموضوع"),
    Labels("Hebrew", "מאת", "נשלח | תאריך", "אל", "עותק", "נושא"),
)
# fmt: on


def roles() -> dict[str, Role]:
    """Return label in lower case → role; the first language that has a label decides."""
    found: dict[str, Role] = {}
    for row in LANGUAGES:
        for role, labels in (
            (Role.SENDER, row.sender),
            (Role.DATE, row.date),
            (Role.TO, row.to),
            (Role.CC, row.cc),
            (Role.SUBJECT, row.subject),
            (Role.OTHER, row.other),
        ):
            for label in phrases(labels):
                found.setdefault(label, role)
    return found


ROLES = roles()
LONGEST_LABEL = max(len(label) for label in ROLES)
