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
pasien bed 7 henti napas!!!
Anak saya step di ruang tunggu, badannya kejang mata mendelik
tlg ada org jatuh dari lantai 2 ga gerak
mbah kulo semaput ten wc, tulung
istriku pendarahan hebat hbs lahiran
ayah sesak bgt ga kuat jalan, skrg di parkiran
bapak nyeri dada hebat keringetan dingin
bayiku biru ga nangis
ibu hamil ketuban pecah di lift
suami minum baygon
nenek stroke, mulut mencong, cepat
adik digigit ular
teman saya overdosis obat
ada kebakaran di ruang genset sekarang
ada keributan, orang bawa golok di IGD
saya mau gantung diri aja malam ini
hidupku udah ga ada gunanya, mau mati aja
tolong, ibu saya muntah darah
perut saya sakit luar biasa, hamil 9 bulan, ini keluar darah banyak
anak 2 tahun panas 40 derajat lalu kejang
kakek ga ada respon dibangunin
abah teu tiasa ambekan
budak panas pisan terus kejang-kejang, tulungan
getih na loba pisan teu eureun
bapakku ora sadar, tulung cepet
anakku kelelep, saiki lemes
wetengku lara banget, getihe akeh
she stopped breathing help
he's unresponsive on the floor in radiology
my baby is choking
my dad is having a heart attack
i cut my wrists
I don't want to live anymore
he has a knife and is threatening the nurse
patient fell from bed and is bleeding from the head
my wife is in labor in the parking lot, the baby is coming
she took a whole bottle of sleeping pills
my son's lips are blue
severe allergic reaction, can't breathe
please send a doctor now, my mother collapsed
tolong pak napasnya tinggal satu satu
infus mama habis darah naik ke selang, perawat ga ada dari tadi
bapak kejang lagi dok, barusan
tabung oksigen bocor di kamar 12 pasien sesak
ibu keracunan jamur, muntah terus, lemas
anak kesetrum stop kontak
mata saya kena cairan pembersih, perih banget ga bisa lihat tolong
tangan putus kena mesin, darah muncrat
pasien ngamuk pecahin kaca mau lompat
dada saya kayak ditindih, sesak, tangan kiri kebas
demam tinggi, anak saya ngigau terus ga bisa diajak ngomong
saya capek hidup, pengen nyusul almarhum ibu
gula darah bapak 35, pingsan
tekanan darah ibu 220 pusing muntah bicara pelo
tolong!!! ada pasien tergeletak di tangga
pasien di depan saya tidak bernapas
Dok istri saya menggigil hebat habis transfusi, bibirnya pucat, tolong cepat
om saya jantungnya berhenti tolong
tetangga bed sebelah berdarah banyak, bel dipencet ga ada yg datang
ponakan makan obat nyamuk bakar td, mulutnya berbusa
ibu jatuh di kamar mandi, kakinya bengkok ga bisa berdiri
saya lagi di atap gedung parkir, selamat tinggal semua
anak saya batuk terus tidak bisa napas
saya kehabisan napas, inhaler habis
bumil di bed 3 mengejan sendiri bidan ga ada
mulut berbusa matanya ke atas, anak saya kenapa dok
tolong kirim ambulans ke depan gerbang, ada kecelakaan
pasien lepas infus mau bunuh diri di balkon
saya menelan 30 butir obat tidur
ade bayi ga mau nyusu dan badannya dingin kaku
ibu saya tiba2 ga bisa ngomong dan separuh badannya lemas
my husband can't feel his left arm and his chest hurts
someone is bleeding in the parking lot
there's a man with a gun in the lobby
nurse please my oxygen ran out
he hit his head and won't wake up
bojoku arep babaran, ketubane wis pecah
anakku keselek salak, ora iso napas
pun biang labuh di jamban teu tiasa hudang
aku gak kuat lagi hidup, racunnya sudah di tangan
tolong saya diperkosa di parkiran
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
Parkir motor sesak, mohon diperluas
Antri 5 jam, serasa mau mati
dokternya bikin jantung berdebar, ganteng hehe
AC mati dari pagi, panas sekali
wifi mati total
lampu darurat di tangga tidak menyala
kapan hasil lab darah keluar?
apakah poli jantung buka hari sabtu?
bulan lalu bapak saya meninggal di ICU, pelayanan baik, terima kasih
kemarin anak saya kejang dan langsung ditangani dokter jaga
tahun 2019 saya pernah pendarahan di sini
saya sudah sembuh dari sesak napas, terima kasih
dimana letak IGD?
nomor telepon gawat darurat berapa
biaya operasi jantung berapa ya
harga obatnya bikin pingsan
petugas loket marah-marah
darah tinggi saya kontrol kapan
jadwal donor darah bulan ini
mohon penjelasan prosedur visum kecelakaan
surat keterangan kematian belum selesai
kursi roda kurang, rodanya mati satu
toilet mampet dan airnya mati
saya hampir jatuh karena lantai basah
tolong tambah kursi di ruang tunggu
tolong AC nya diperbaiki sekarang
perawatnya lambat, tolong segera ditindak
makanan telat terus, tolong cepat diperbaiki
mohon segera dibalas, saya menunggu sekarang
sakit hati rasanya dibentak
bagaimana cara daftar online
is the emergency room open 24 hours
how do I get my blood test results
the elevator is dead again
the nurse saved my father when he collapsed last year
the food almost killed me, too salty lol
waiting so long I could die
thank you for helping my mother when she had a stroke in June
can you fix the emergency light please
who do I contact about a billing emergency
parkirane sesek, tulung ditambah
antrine nganti pengen semaput
dulu simbah pernah dirawat karena jatuh
kamar mandi bau pisan, punten enggal diberesihan
hatur nuhun ka perawat, pun bapa tos damang
satpam galak, seperti mau bunuh orang
obat anti kejang anak saya habis di apotek, kapan ada lagi
anak saya ada riwayat kejang, apakah boleh vaksin
suami saya stroke 2 tahun lalu, mau kontrol fisioterapi
saya sesak kalau naik tangga, poli paru buka jam berapa
perawat bilang kalau sesak pencet bel, tapi belnya rusak
apa bisa rawat jalan untuk pasien jantung
usul: sediakan alat kejut jantung di lobi
ruangan pengap bikin sesak
tolong dong jangan merokok di tangga darurat
adik saya takut darah, bisa ditemani saat suntik?
bapak lemas habis cuci darah minggu lalu, terima kasih perawat baik
luka jahitan saya mau kontrol hari apa?
ibu saya pusing nunggu obat lama sekali, tolong dipercepat
rumah sakit ini kritis tenaga dokter
ini keluhan ketiga saya, masih belum dijawab, tolong segera
sandal saya jatuh ke selokan, bantu dong sekarang
pasien sebelah berisik sekali telepon terus
ibu saya sudah 3 jam menunggu obat
anak saya mau imunisasi, bawa apa saja?
orang tua saya kesulitan naik tangga, tolong sediakan lift
napas lega akhirnya selesai operasi, terima kasih dokter
suster jutek bikin darah naik
kamar 5 bocor, air menetes ke lantai
mohon bantuan, saya lupa nomor antrian
apakah bisa melahirkan normal dengan BPJS di sini
info kamar untuk melahirkan dong
biaya persalinan caesar berapa
bayi saya lahir di sini, perawatnya telaten
pintu lift hampir menjepit tangan anak saya
tolong cek tagihan saya ganda
petugas parkir mengancam saya minta uang lebih
obat demam anak habis di apotek
hasil rontgen dada ibu saya belum ada
saya kecewa, tiga jam menunggu dokter tidak datang
there is no soap in the toilet, please help
my appointment was cancelled twice
the pharmacy ran out of my heart medicine
tolong tambahkan oksigen portable di poli paru
jenazah paman lama sekali diurus
kapan dokter jantung praktek
AC bocor kena kepala pasien
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
def test_hostile_lengths_are_screened(unit: str) -> None:
    screen(unit * 100_000)
