"""Lines that divide new text from old, as text: one language a line, ` | ` between phrases."""

# Phrases of a line that quotes the mail answered; hyphens around them are not written here.
ORIGINAL = """
    original message | original appointment | original email | message original | reply message
    pesan asli | pesan awal | email asli | surel asli | pesan sebelumnya | mesej asal
    ursprüngliche nachricht | originalnachricht | ursprüngliche mail
    message d'origine | message d’origine | message original | message initial
    mensaje original | mensaje de origen
    mensagem original | mensagem de origem
    messaggio originale | messaggio di origine
    oorspronkelijk bericht | origineel bericht | oorspronkelijke bericht
    ursprungligt meddelande | originalmeddelande
    oprindelig meddelelse | original meddelelse | opprinnelig melding
    alkuperäinen viesti
    wiadomość oryginalna | oryginalna wiadomość | wiadomość pierwotna
    původní zpráva | původní e-mail | pôvodná správa
    eredeti üzenet | izvorna poruka | izvorno sporočilo | mesaj original | mesajul original
    orijinal mesaj | özgün ileti | αρχικό μήνυμα
    исходное сообщение | оригинальное сообщение | оригинал сообщения | вихідне повідомлення
    元のメッセージ | 原始邮件 | 原始郵件 | 原邮件 | 回复的原邮件 | 원본 메시지 | 원본 메일
    tin nhắn gốc | thư gốc | ข้อความต้นฉบับ | الرسالة الأصلية | הודעה מקורית
"""

# The same for a mail that was passed on.
FORWARDED = """
    forwarded message | forwarded by | begin forwarded message | forwarded email | fwd.msg
    forwarded mail
    pesan terusan | pesan yang diteruskan | pesan diteruskan | email terusan
    awal pesan terusan
    mulai pesan terusan | mulai pesan yang diteruskan | awal pesan yang diteruskan
    surel terusan
    surel yang diteruskan | diteruskan oleh | mesej dimajukan | mesej yang dimajukan
    weitergeleitete nachricht | anfang der weitergeleiteten nachricht | weitergeleitete mail
    message transféré | début du message transféré | début du message réexpédié
    message réexpédié
    mensaje reenviado | inicio del mensaje reenviado | comienzo del mensaje reenviado
    mensagem encaminhada | mensagem reencaminhada | início da mensagem reencaminhada
    início da mensagem encaminhada
    messaggio inoltrato | inizio messaggio inoltrato | inizio del messaggio inoltrato
    doorgestuurd bericht | begin doorgestuurd bericht
    vidarebefordrat meddelande | vidarebefordrat mejl | vidarebefordrat brev
    vidarebefordrat e-postmeddelande
    videresendt meddelelse | start på videresendt besked | videresendt melding
    videresendt besked
    start på videresendt melding | videresendt e-post
    välitetty viesti | edelleenlähetetty viesti | välitetty viesti alkaa
    edelleenlähetetty viesti alkaa
    edastatud kiri | edastatud sõnum | persiunčiamas laiškas | pārsūtīta ziņa
    treść przekazanej wiadomości | początek przekazywanej wiadomości | wiadomość przesłana dalej
    wiadomość przekazana | przekazana wiadomość | przekazywana wiadomość
    přeposlaná zpráva | začátek přeposílané zprávy | přeposílaná zpráva
    preposlaná správa | začiatok preposlanej správy
    továbbított üzenet | továbbított levél kezdete | továbbított levél
    proslijeđena poruka | započni proslijeđenu poruku | prosleđena poruka
    posredovano sporočilo
    mesaj redirecționat | mesaj redirecţionat | mesaj retransmis
    iletilen ileti | i̇letilen i̇leti | yönlendirilmiş ileti | iletilen mesaj
    yönlendirilen mesaj
    προωθημένο μήνυμα
    перенаправленное сообщение | начало переадресованного сообщения | пересылаемое сообщение
    пересланное сообщение | переадресованное сообщение
    переслане повідомлення | початок переадресованого повідомлення | препратено съобщение
    メッセージを転送 | 転送されたメッセージ | 転送メッセージ | 転送された電子メール
    转发的邮件 | 轉寄郵件 | 转发邮件 | 转发的信息 | 轉寄的郵件 | 已转发邮件 | 전달된 메시지
    전달된 메일
    thư đã chuyển tiếp | thư được chuyển tiếp | tin nhắn đã chuyển tiếp | ข้อความที่ส่งต่อ
    الرسالة المعاد توجيهها | رسالة مُعاد توجيهها | הודעה שהועברה
"""

# Headings under a drawn rule, as help desks write them above older messages.
PREVIOUS = """
    previous replies | previous reply | previous messages | previous message | earlier messages
    balasan sebelumnya | pesan sebelumnya | percakapan sebelumnya | riwayat percakapan
    riwayat pesan
    vorherige antworten | frühere antworten | bisherige antworten | réponses précédentes
    respuestas anteriores | respostas anteriores | risposte precedenti | vorige antwoorden
    tidigare svar | tidligere svar | poprzednie odpowiedzi | předchozí odpovědi
    предыдущие ответы
    önceki yanıtlar | 以前的回复 | 前の返信
"""

# The line that our own mails (and those of many help desks) put above the old text.
OUR_MARKER = """
    balas di atas garis ini | balas di atas baris ini | tulis balasan anda di atas garis ini
    tulis balasan di atas baris ini | please reply above this line | reply above this line
    write your reply above this line | please type your reply above this line
    type your reply above this line | reply above the line | please do not write below this line
    antworten sie oberhalb dieser linie | antwort oberhalb dieser zeile
    antwort über dieser zeile
    répondez au-dessus de cette ligne | réponse au-dessus de cette ligne
    respuesta por encima de esta línea | responda por encima de esta línea
    resposta acima desta linha | responda acima desta linha | rispondi sopra questa riga
    antwoord boven deze regel | svara ovanför denna rad | odpowiedź powyżej tej linii
    ответ выше этой строки | напишите ответ выше этой линии
"""

# Prefixes of a subject that say "passed on", per language; a colon follows.
FORWARD_SUBJECTS = """
    fwd | fw | forward | forwarded | trs | tr | terusan | teruskan | diteruskan | ter | fwd.
    wg | wtr | rv | enc | res enc | i | doorst | doorgestuurd | vb | vs | vidarebefordrat
    videresendt | vl | pd | přep | přepos | prepos | preposlané | továbbítás | továbbítva
    prosl | proslijeđeno | redir | redirecționat | ilt | i̇lt | yönlendirme | πρθ | προωθ
    перенаправлено | пересл | пересылаемое | 转发 | 轉寄 | 轉寄 | 전달 | 转寄 | 転送 | chuyển tiếp
    ส่งต่อ
    reenv | rvt | fs | edasi | pärsūtīts | reencaminhado | encaminhado | tramite | inoltrato
"""

# Prefixes of a subject that say "answer".
REPLY_SUBJECTS = """
    re | bls | balas | balasan | aw | antw | antwort | sv | vs | odp | réf | ref | rif | r | ynt
    res | 回复 | 回覆 | 答复 | 답장 | 返信 | отв | ответ | απ | σχετ | atb | vá | ad | trả lời | odg
    rv re
"""
