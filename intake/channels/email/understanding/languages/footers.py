"""What devices, programs, lawyers and mailing lists write under a text without being asked.

Each table is text: lines and ` | ` divide the phrases.
"""

# Beginnings of a line that says which device or program sent the mail.
DEVICE = """
    sent from my | sent from | sent via | sent with | sent using | sent on | get outlook for
    sent by | typed on
    sent on the go | my mail is sent from | envoyé avec | downloaded from | sent through
    dikirim dari | dikirim melalui | dikirim menggunakan | dikirim lewat | dikirim oleh aplikasi
    dapatkan outlook untuk | dikirim via | terkirim dari | unduh outlook untuk | dihantar dari
    dihantar daripada
    von meinem | gesendet von | gesendet mit | diese nachricht wurde von meinem | outlook für
    hol dir
    laden sie outlook für | holen sie sich outlook für | diese nachricht wurde mit
    sent from meinem
    envoyé de | envoyé depuis | envoyé à partir de | obtenez outlook pour
    télécharger outlook pour
    enviado desde | enviado de | enviado do | enviado a partir | obtener outlook para
    obter o outlook para
    enviado mediante | enviado pelo | enviado através | enviado com | enviado con
    inviato da | inviato dal | scarica outlook per | ottieni outlook per | inviato con
    verzonden vanaf | verstuurd vanaf | verzonden met | outlook voor | download outlook voor
    verstuurd met
    skickat från | skickat med | sendt fra | sendt med | hämta outlook för | få outlook for
    hent outlook til
    lähetetty | hanki outlook | wysłane z | wysłano z | pobierz outlook
    pobierz program outlook
    odesláno z | odoslané z | odesláno pomocí | získat outlook pro | stáhnout outlook pro
    küldve | elküldve | poslano s | poslano z | poslano sa | trimis de pe | trimis din
    trimis de
    iphone'umdan gönderildi | gönderildi | ipad'imden gönderildi | στάλθηκε από
    отправлено с | отправлено из | отправлено от | отправлено через | надіслано з | изпратено от
    iphoneから送信 | ipadから送信 | から送信 | 发自我的 | 發自我的 | 从我的 | 發送自
    나의 iphone에서 보냄 | iphone에서 보냄
    내 iphone에서 보냄
    đã gửi từ | được gửi từ | gửi từ | ส่งจาก | أُرسلت من | تم الإرسال من | נשלח מה
"""

# What such a line names.
DEVICE_NAMES = """
    iphone | ipad | ipod | mac | macbook | apple | android | samsung | galaxy | xiaomi | redmi
    poco | oppo | vivo | realme | huawei | honor | infinix | nokia | motorola | pixel | asus
    zenfone | lenovo | sony | xperia | blackberry | windows | outlook | yahoo | gmail | hotmail
    proton | protonmail | aol | zoho | thunderbird | spark | mail | email | e-mail | surel
    smartphone | phone | mobile | tablet | handphone | hp | ponsel | telepon | perangkat | aplikasi
    handy | smartphone | téléphone | móvil | celular | telefon | telefoon
"""

# Beginnings of a paragraph that lawyers, scanners and lists put under every mail.
NOTICE = """
    this email and any attachments | this e-mail and any attachments
    this message and any attachments
    this email message and any attachments | the information contained in this
    confidentiality notice
    this email is confidential | this e-mail is confidential | this message is confidential
    disclaimer:
    this message contains confidential | this email may contain | this e-mail may contain
    the contents of this email | virus-free | this email has been checked for viruses
    please consider the environment | this communication is confidential
    email ini dan lampirannya | e-mail ini dan lampirannya | surel ini dan lampirannya
    pesan ini dan lampirannya | email ini bersifat rahasia | e-mail ini bersifat rahasia
    pesan ini bersifat rahasia | informasi dalam email ini | informasi yang terkandung dalam
    pemberitahuan kerahasiaan | penafian | bebas virus | mohon pertimbangkan lingkungan
    surel ini bersifat rahasia | isi email ini | isi e-mail ini
    diese e-mail enthält vertrauliche | diese nachricht enthält vertrauliche | virenfrei
    ce message et toutes les pièces jointes | este mensaje y sus adjuntos
    esta mensagem e seus anexos
    libre de virus | sans virus | livre de vírus | questo messaggio e i suoi allegati
    you received this message because you are subscribed | to unsubscribe from this
    you are receiving this because | to stop receiving | reply to this email directly or view it
    to post to this group | anda menerima pesan ini karena | untuk berhenti berlangganan
    to unsubscribe,
"""

# Lines that stand alone above such a paragraph.
NOTICE_HEADINGS = """
    disclaimer | confidentiality notice | penafian | pemberitahuan | legal notice
"""

# A line that closes a letter; a name follows.
CLOSINGS = """
    salam | salam hormat | salam sehat | salam hangat | hormat saya | hormat kami | wassalam
    wassalamualaikum | wassalamu'alaikum | wasalam | terima kasih | terimakasih | makasih
    trims | tks | demikian terima kasih | terima kasih banyak | atas perhatiannya terima kasih
    dengan hormat kami | wassalamualaikum wr wb | wassalamu'alaikum wr. wb | hormat
    yang menyampaikan | pelapor | terima kasih atas perhatiannya
    atas perhatiannya saya ucapkan terima kasih | sekian terima kasih
    regards | best regards | kind regards | warm regards | best | thanks | many thanks
    thank you | cheers | sincerely | yours sincerely | yours faithfully | yours truly
    best wishes | warmly | thx | with regards | kindest regards | thanks and regards
    thanks & regards | all the best | respectfully | thanks in advance | br | rgds
    sincerely yours | thanks again | kind wishes | ta
    mit freundlichen grüßen | freundliche grüße | viele grüße | liebe grüße | mfg | beste grüße
    gruß | grüße | vg | lg | mit besten grüßen | danke
    cordialement | bien cordialement | merci | salutations | bien à vous | cdt | amicalement
    saludos | un saludo | atentamente | saludos cordiales | gracias | atenciosamente | obrigado
    obrigada | cumprimentos | abraços | att | melhores cumprimentos
    cordiali saluti | distinti saluti | saluti | grazie | met vriendelijke groet | groeten | mvg
    vriendelijke groeten | bedankt
    med vänlig hälsning | vänliga hälsningar | mvh | hälsningar | med venlig hilsen | hilsen
    med vennlig hilsen | ystävällisin terveisin | terveisin
    pozdrawiam | z poważaniem | s pozdravem | s pozdravom | lp | üdvözlettel | cu stimă
    cu respect
    с уважением | с наилучшими пожеланиями | спасибо | з повагою | saygılarımla | trân trọng
"""

# Words of a report that may stand under a name: such lines are facts, never a signature.
CASE_FACTS = """
    rm | no rm | no. rm | nrm | rekam medis | nik | bpjs | umur | usia | tanggal lahir | tgl lahir
    pasien | antrean | antrian | kamar | diagnosa | diagnosis | keluhan | kronologi | tiket
    medical record | patient | date of birth | ticket
"""
