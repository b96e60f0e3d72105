/// Words of everyday and administrative prose that some languages of a group have and others not.
///
/// - Source: written for this file, from grammars' lists of how the standards differ.
let closeLanguageWords = """
    hr bs sr
    = bs: bih bosanska bosanski bosna bosne bosni bosnu bošnjaci bošnjak bošnjaka džamija
      entitet federacija federacije hercegovina hercegovine hercegovini hiljadu historije
      historijski kahva kahve kanton kantona kantonu lahko mehko općinskog sahat sarajeva
      sarajevo sarajevu tuzla uposlenici uposlenik zenica
    = bs sr: advokat advokata april aprila august augusta avgust avgusta avion aviona bezbednost
      bezbjednost bioskop decembar decembra evropa evrope evropi evropska evropske evropski
      evropskog evropskoj evropu fabrika fabrike februar februara fudbal fudbalski hemija
      hiljada hiljade hirurg historija hljeb iko januar januara jul jula juli jun juna juni
      kancelarija kancelariji ko lična lični lično maj maja mart marta muzika muzike muzički
      nauka nauke nauku naučni naučnik neko niko ništa novembar novembra oktobar oktobra opšta
      opšte opšti organizovan organizovao organizovati pasoš podjednaka podjednako porodica
      porodice porodici porodicu poseta posjeta pozorišta pozorište saopćenje saopštenje
      saradnja saradnje saradnji saradnju sedmica sedmice sedmicu septembar septembra sudija
      sudije supa svako talas talasi tačka tačke tačno tokom univerzitet univerziteta
      univerzitetu uopšte uslov uslova uslovi uslovima učestvovao učestvovati učestvuje vazduh
      voz vozovi ćutati šta štampa
    = hr: dužnosnik europa europe europi europska europske europski europskih europskog
      europskoj europu glavni glazba glazbe glazbeni glede gospodarski gospodarstva gospodarstvo
      hrvata hrvatska hrvatske hrvatski hrvatskih hrvatskog hrvatskoj itko izravno izvješća
      izvješće juha kazališta kazalište kemija kino kirurg kolovoz kolovoza kruh kuna kune
      lipanj lipnja listopad listopada nadležni natječaj nazočan netko nitko nogomet nogometaš
      nogometni obitelj obitelji odvjetnik odvjetnika opća opće općenito opći organiziran
      organizirao organizirati osobna osobni osobno ožujak ožujka postrojba povijesni povijest
      povijesti primjerice priopćenje proračun proračuna prosinac prosinca putovnica rujan rujna
      siječanj siječnja srpanj srpnja stajališta stajalište studeni studenog studenoga suca suci
      sudac sudaca sudjelovao sudjelovati sudjeluje sukladno suradnja suradnje suradnji suradnju
      sustav sustava svatko sveučilišta sveučilište sveučilištu svibanj svibnja tijekom tisak
      tisuća tisuće tisuću tjedan tjedna tjedni tko točka točke točno travanj travnja tvornica
      tvornice tvrtka tvrtke unatoč ured uvjet uvjeta uvjeti uvjetima val valovi veljača veljače
      vlak vlaka vlakovi vojarna zagreb zagrebački zagrebu znanost znanosti znanstveni
      znanstvenik zrak zrakoplov zrakoplova što šutjeti županija županije
    = hr bs: bijeli bježati cijela cijeli cijelo cijena cijene dijela dijete dio djeca djece
      djela djelo dvije gdje htio izvještaj lijep lijepo mjera mjere mjesta mjesto mjestu
      mlijeko nedjelja nedjelje obje odjel ondje općina općine općini općinski osjećaj ovdje
      pjesma pjesme pjevač ponedjeljak poslije posljednja posljednji predsjednica predsjednik
      predsjednika prije primjer primjeri promjena promjene razumjeti rijeka riječ riječi
      rješenja rješenje savjet sjednica sjeme sjetiti sjever slijedi sljedeći smije snijeg
      srijeda svijet svijeta svijetu također tijelo umjetnik umjetnost uspio uspjeh uvijek
      vidjeti vijest vijesti vijeća vijeće vjera vjerovati vremenski vrijeme zahtjev zahtjevi
      čovjek čovjeka čovjeku željeti živjeti
    = sr: beli beograd beograda beogradu bezbednosti cela celo cena cene ceo deca dece dela delo
      deo dete dve gde hleb hteo istorija istorije lep lepo mera mere mesta mesto mestu mleko
      nedelja nedelje obe odeljenje opština opštine opštini opštinski osećaj ovde pesma pesme
      pevač ponedeljak posle poslednja poslednji pre predsednica predsednik predsednika primer
      primeri promena promene razumeti reka reke reč reči rešenja rešenje savet sednica sever
      sledeći sme sneg srbija srbije srbiji srbiju sreda srpska srpske srpski svet sveta svetu
      takođe telo umetnik umetnost usled uspeh uspeo uvek vera verovati vest vesti veće videti
      vreme vremena zahtev zahtevi čovek čoveka želeti živeti
    id ms
    = id: agustus aja aktivitas aparat bahwa banget berbeda bikin bisa butuh cuma deh desember
      dokter dong enggak fasilitas gak gimana gubernur gugatan indonesia informasi jakarta jawa
      jumat kabupaten kamis kantor kapan karena karyawan katanya kayak kebijakan kecamatan
      kemarin kok komputer kota kualitas lewat mahasiswa maret mengatakan mengenai menit meski
      miliar mobil musik nggak nomor pakai partai pelaku perusahaan pesawat polisi ponsel
      presiden pria produk provinsi proyek resmi rupiah saat sebesar sehingga sejumlah selasa
      senin sepeda sopir sore telepon teman terkait tersangka triliun tuturnya uang ujar ujarnya
      universitas usai wakil yaitu
    = ms: agensi ahad aktiviti antarabangsa awak bahagian baharu bahawa bandar basikal berkenaan
      bilion cakap cuba datuk dijangka disember doktor encik faedah filem hadapan hendaklah
      hospital iaitu ialah isnin jawatankuasa je johor jumaat kanak kat kempen kemudahan
      kerajaan kerana khamis kuala kualiti lah lumpur mac mahkamah maklumat malaysia manakala
      melayu memandangkan menerusi mengikut mesyuarat minit muzik ogos parti peguam pejabat
      pelbagai pemandu pengarah peratus peringkat perkhidmatan perlawanan polis projek puan
      rakan rasmi ringgit sabah sahaja sarawak selangor selaras selepas sukan syarikat telefon
      tempatan tengok universiti wang
    xh zu
    = xh: amaxesha apho asinguye eyona iintsuku ixesha kananjalo kuba kufuneka kufuneke kulo
      kunye kwakhona kwaye kwelo kwi lo loo malunga mna nabani nangona nayo ndi ndiza ngoku
      ngokuba ningi njengoko nokuba okanye oko oku phambi phantsi ubomi umntu urhulumente uza xa
      yakhe yintoni
    = zu: bathi elinye futhi impilo iningi isibalo isikhathi izikhathi izinsuku kanye kufanele
      kulesi kumele kusho kusukela kwesikhathi lapho leli lesi lokho lokhu lolu manje mayelana
      mina nakuba ngaleyo ngaphandle ngaphansi ngemuva ngesikhathi ngi ngisho ngoba njengoba
      nokuthi noma phambili phansi uhulumeni ukuthi uma umfana umuntu uthi wathi yini
    st tn
    = st: bohle dintho empa eo feela ha hae haholo hang hao hape ho hobane hona hore jwale jwalo
      kapa moo ngwe yona
    = tn: bogolo botlhe dilo dingwe dipe ditiro fa fela ga gago gagwe gape go gone gonne gore
      jaaka jaanong jalo kana kwa mo mongwe nngwe thata tlhe tse yone
    nb nn da
    = da: af allerede altså anden blev bliver brug bruge dig dog efter give givet godt gør gøre
      haft hvad inden kendte kr kun lidt meget mellem mere mig mod måske nogen noget nogle nu op
      selvom sig sige siger sprog tage taget ud uden været øge
    = nb: annen av ble blir deg etter gi gitt gjør gjøre hatt hva kjente meg mer mye noe noen
      seg si ta tatt vet vært øke
    = nb da: bare derfor egen flere fra hjem hos hvem hvor hvordan hvorfor ikke jeg kommer
      sammen selv siden sier særlig være ønsker
    = nb nn: bruk bruke nå opp språk ut
    = nn: anna annan auka berre blei dei deira difor då eg ei eige eigen ein einaste eit fleire
      frå gjer gjera gjere heile heim hennar hjå honom høve ikkje kjem kjende kome korleis kva
      kvar kven kvifor leiar me medan meir mogleg mykje noko nokon nokre saman seie seier sidan
      sjølv skule særleg tilhøve vart veit vere vert vore ynskjer òg
    hi mr ne
    = hi: अपने इस उस एक और कर करने का कि किया की के क्या गया जो था थी थे नहीं पर भी में यह ये
      रहा रही रहे लिए वह वे साथ से हुआ हुए है हैं
    = mr: असून असे आणि आम्ही आहे आहेत करून काय केला केली केले झाला झाली झाले तर ती तुम्ही त्या
      त्यांनी नाही पण मध्ये मी म्हणून येथे व हा हे होती होते
    = ne: गरी गरेको गर्ने छ छन् छैन तथा त्यो थियो नेपाल पनि भएको भने मा यो र लाई ले हुन्छ
    pt gl es
    = es: al con del después el ella ellos entonces eso fue hasta hay las lo los muy más su sus
      también una usted y
    = gl: ata co coa coas cos despois entón hai iso moi máis non nun nunha pola polo quen súa
      tamén unha unhas xa xunto
    = gl es: en pero son un
    = pt: até depois em então isso já mais mas muito não nós pela pelo são também um uma você à
    = pt gl: ao aos as da das do dos ela eles foi na no os seu
    cs sk
    = cs: byl byla bylo být co dne dále i jako její jen jsem jsou jste kdo když která které
      který mezi nebo není podle pokud pouze proto před při roce své také tím těchto více
    = sk: aj ak ako alebo bol bola bolo byť dňa iba jej keď ktorá ktoré ktorí ktorý len medzi
      nie podľa preto pri som ste svoje sú tiež týchto tým viac čo ďalej
    ru uk be bg mk sr
    = be: або ад быў гэта пры таксама яго яна і ў
    = bg: беше всички във заради което който от още с си според със това този че ще
    = mk: во дека нив овој поради сите со тоа уште ќе
    = ru: был его из или как она также что это
    = sr: би био га због није овај према са сви су је још ће
    = uk: був вона від його при та також це що
    af nl
    = af: baie deur ek gesê hulle hy jy kon my nie oor sal sy vandag vir wees ʼn
    = nl: bij deze door een hebben heeft het hij hun ik je jij mijn naar niet over voor werd
      worden zal ze zich zij zijn
    """
