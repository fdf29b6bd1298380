import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.triage.emergency import screen

DANGER = """
ibu saya sesak napas di ruang mawar, tolong
tolooong bapak jatuh dari ranjang kepalanya berdarah
istri saya mau melahirkan di parkiran, kepala bayi sudah keluar
anak saya kejang2 skrg di ruang tunggu
suami tdk sadarkan diri di toilet lantai 2
nenek gak bisa bangun, dipanggil tidak menyahut
pendarahan banyak sekali setelah operasi, infusnya macet, cepat kesini
aku capek, pengen mati aja
saya ingin mengakhiri hidup malam ini
kakak minum racun tikus barusan
adik saya keselek kelereng mukanya biru
dada kiri sakit menjalar ke lengan, keringat dingin
mulut ayah mencong dan bicaranya pelo sejak sejam lalu
tabung oksigen mama habis, suster tidak ada
keponakan digigit ular hijau, harus gimana
bayi saya demam 40,5 lemas banget tolong
ada orang bawa pisau di lobi
tangannya kesetrum listrik di kamar mandi dan pingsan
alergi obat, wajah bengkak dan napas berat
gula nenek drop, lemas tidak respon
istri hamil 8 bulan pendarahan terus
ini darurat tolong cepat datang ke kamar 312
my father is not breathing, ward 5
she passed out in the corridor please hurry
heavy bleeding after the surgery, it won't stop
i want to kill myself
my son swallowed a button battery
he is having a seizure right now
crushing chest pain for twenty minutes
baby is turning blue
please help my wife her water broke and nobody is here
allergic reaction, his throat is swelling
there is a fire in the storage room
tulung mas, bapak semaput ning kamar mandi
simbok ora iso ambegan, cepet
anakku panas 41 awake kaku
getihe ora mandeg, piye iki
aku wis ora kuat urip
pun bapa teu sadar, tulungan atuh
budak kejang, kumaha ieu
abdi hayang paeh wae
ibu seseg pisan napasna
my mom collapsed tolong cepat ke poli mata
bapak saya chest pain parah sekarang di lobby
""".strip().splitlines()

CALM = """
toilet lantai 2 kotor dan bau
antri dari subuh sampai mau mati bosan
parkiran sesak sekali tolong ditambah lahannya
AC kamar mati sejak kemarin
sakit hati saya dibentak perawat
minggu lalu ayah pingsan di loket, perawat sigap, terima kasih
tahun lalu ibu kejang di IGD dan lama ditangani
kapan jadwal donor darah
apakah IGD menerima BPJS
lampu tangga darurat padam
jam berapa poli jantung buka
hasil tes darah saya belum keluar
tagihannya bikin serangan jantung
usul pelatihan menolong orang tersedak untuk keluarga pasien
sinyal wifi sekarat di ruang tunggu
dulu saya pernah sesak napas tapi sudah sembuh
surat kematian bapak belum jadi
perawat darah dingin, tidak punya hati
lantai licin, hampir jatuh saya
nomor darurat di poster salah
dokternya ramah sekali, terima kasih
obat darah tinggi saya kurang satu strip
kucing masuk bangsal anak
kalau ada kebakaran jalur evakuasinya terkunci
mohon info syarat operasi katarak
nunggu obat tiga jam sampai mau pingsan
anak saya takut jarum, perawatnya sabar
suami saya operasi jantung bulan Mei, hasilnya baik
makanan pasien dingin terus
bayarnya mahal, mencekik
the queue is killing me
the emergency exit is blocked by chairs
where is the emergency department
my mother fainted here last month and the nurses were great
the food was to die for
parking is a heart attack every morning
the wifi is dead
is there a blood test without appointment
antrine suwe banget nganti arep semaput
jaman mbiyen bapak tau kejang ning kene
parkiran sesek pisan
kamari pun biang kapiuhan, hatur nuhun tos ditulungan
petugas loket jutek banget
HP saya mati, mohon telepon ke nomor istri
""".strip().splitlines()


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard(text: str) -> None:
    assert screen(text).alarm


@pytest.mark.parametrize("text", CALM)
def test_ordinary_words_stay_calm(text: str) -> None:
    assert not screen(text).alarm, screen(text).words


def test_an_alarm_names_the_words_and_the_rules_that_made_it() -> None:
    found = screen("Bapak tidak sadarkan diri!")

    assert found.words == ("tidak sadarkan",)
    assert found.version >= 1


def test_a_long_story_needs_a_word_for_now() -> None:
    story = "Saya mau bercerita tentang pelayanan di rumah sakit ini dengan lengkap. " * 6

    assert not screen(story + "Bapak tidak sadar lalu ditangani perawat.").alarm
    assert screen(story + "Bapak sekarang tidak sadar, tolong.").alarm


def test_the_present_overrules_the_past() -> None:
    assert screen("kemarin jatuh dari motor, sekarang tidak sadar").alarm
    assert not screen("kemarin jatuh dari motor dan tidak sadar").alarm


@given(st.text(max_size=300))
def test_any_text_is_screened_without_error(text: str) -> None:
    found = screen(text)

    assert found.alarm == bool(found.words)


@pytest.mark.parametrize("unit", ["tidak ", "a", "darah terus ", "\u0301", ". ", "tolong napas "])
def test_hostile_lengths_cost_bounded_time(unit: str) -> None:
    before = time.perf_counter()

    screen(unit * 100_000)

    assert time.perf_counter() - before < 2
