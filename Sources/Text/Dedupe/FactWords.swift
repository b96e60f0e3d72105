/// Words that are facts wherever they stand: negations, numbers in letters, months and weekdays, and
/// words that turn a statement round, in the languages whose scripts have letter case.
///
/// A word of one language that is harmless in another is listed all the same: at worst two documents
/// stay that could have been one.
struct FactWords: Sendable {
    static let shared = FactWords(
        [negations, polarities, numberWords, monthsAndDays].joined(separator: " ")
    )

    private let table: WordHashes

    private init(_ words: String) { self.table = WordHashes(words) }

    /// - Parameter hash: of the lower-cased token, by ``ShingleHash``.
    @inline(__always)
    func contains(_ hash: UInt64) -> Bool { self.table.contains(hash) }
}

/// Hashes of words in an open table of at most a quarter full, so that most misses cost one look.
struct WordHashes: Sendable {
    private let slots: [UInt64]
    private let mask: Int

    /// - Parameter words: lower-cased, with white space between them.
    init(_ words: String) {
        let hashes = words.split(whereSeparator: \.isWhitespace).map { hashOfToken(String($0)) }
        var capacity = 64
        while capacity < 4 * hashes.count { capacity *= 2 }
        var slots = [UInt64](repeating: 0, count: capacity)
        for hash in hashes {
            var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while slots[slot] != 0, slots[slot] != hash { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = hash
        }
        self.slots = slots
        self.mask = capacity - 1
    }

    @inline(__always)
    func contains(_ hash: UInt64) -> Bool {
        var slot = Int(truncatingIfNeeded: hash) & self.mask
        while self.slots[slot] != 0 {
            if self.slots[slot] == hash { return true }
            slot = (slot &+ 1) & self.mask
        }
        return false
    }
}

/// The hash that a word has as a token of a text.
func hashOfToken(_ word: String) -> UInt64 {
    let bytes = Array(word.utf8)
    let padded = bytes + [UInt8](repeating: 0, count: NormalisedTokens.padding)
    return padded.withUnsafeBytes { buffer in
        buffer.baseAddress.map { ShingleHash.token($0, count: bytes.count) } ?? 0
    }
}

/// What denies a statement: the negative particles, pronouns and prepositions of some forty languages.
///
/// `n` and `t` are what remains of n'est and isn't.
private let negations = """
    no not non none nor never neither nobody nothing nowhere cannot cant wont dont doesnt didnt isnt
    arent wasnt werent without lacks lacking hardly n t nicht nichts kein keine keinen keinem keiner
    keines nie niemals niemand nirgends ohne weder nein ne pas jamais aucun aucune aucuns sans ni
    rien nul nulle nunca jamás sin ningún ninguno ninguna nada nadie tampoco senza né nessun nessuno
    nessuna niente nulla nemmeno neanche não nem nenhum nenhuma sem ninguém niet geen nooit niets
    zonder noch nee nergens inte ej icke aldrig ingen inget inga utan ingenting ikke ikkje aldri
    uten intet uden ekki aldrei enginn engin ekkert án ei emme ette eivät älä älkää ilman koskaan
    eikä pole mitte ilma keegi ära nigdy bez żaden żadna żadne nikt nic ani brak nikdy nikdo není
    nejsou žádný žádná žádné nema nije nisu nikad nikada niko ništa brez nikoli не ни нет без
    никогда нельзя никто ничего ничто нету нема немає ніколи ні ніхто нічого няма нито никой нищо
    нікому ниједан није nincs nincsenek nélkül soha senki semmi nu fără niciodată nici nimic nimeni
    değil yok hayır hiç asla olmadan tidak bukan tanpa jangan belum tak không chưa chẳng đừng δεν δε
    μη μην όχι χωρίς ποτέ κανένας καμία κανένα τίποτα ούτε nav nekad neviens nekas nėra niekada
    niekas joks nuk asnjë ez gabe níl ddim nid heb hapana hakuna bila huwag wala sonder neniam ոչ չի
    առանց
    """

/// What turns a statement round or says how far it holds.
private let polarities = """
    yes true false off enabled disabled enable disable allow allowed allows deny denied denies
    permitted forbid forbidden prohibit prohibited require required optional mandatory must should
    shall except unless only always sometimes often rarely before after above below over under until
    since between within outside inside less fewer least minimum maximum min max north south east
    west northern southern eastern western left right down upper lower opened closed increase
    increased increases decrease decreased decreases rise rises rose fall falls fell gain gains loss
    losses higher sell sold bought credit debit positive negative safe unsafe dangerous harmless
    harmful valid invalid accepted reject rejected approve approved refuse refused pass passed fail
    failed succeeded grant granted revoke revoked included exclude excluded excludes added removed
    supported unsupported deprecated obsolete unstable alive dead male female son daughter hot cold
    buyer buyers seller sellers lender lenders borrower borrowers landlord tenant lessor lessee
    employer employee licensor licensee assignor assignee creditor debtor payer payee plaintiff
    defendant sender recipient husband wife mother father käufer verkäufer mieter vermieter
    arbeitgeber arbeitnehmer gläubiger schuldner kläger beklagte beklagter acheteur vendeur locataire
    bailleur employeur comprador vendedor inquilino arrendador acquirente venditore
    he she him her his hers open shut win won lose lost import export imported exported input output
    upload download stop stopped lock locked unlock unlocked public paid free first last same
    different early late earlier later full empty wet dry old new long short longer shorter fast
    slow faster slower strong weak day night morning evening husband wife mother father brother
    sister mr mrs ms alpha beta gamma rc stable nightly snapshot preview front rear inner outer
    deposit withdraw withdrawal borrow lend refund charge taxable exempt single married active
    inactive present absent er sie ihm ihr herr frau il elle él ella lui lei
    high low some guilty innocent legal illegal private internal external ja wahr falsch immer nur
    außer unter weniger mindestens höchstens muss müssen darf dürfen soll sollen verboten erlaubt
    erforderlich gültig ungültig links rechts steigt sinkt gestiegen gesunken oui vrai faux toujours
    seulement sauf avant après dessus dessous moins doit doivent interdit autorisé obligatoire
    facultatif valide invalide gauche droite ouvert fermé hausse baisse sí verdadero falso siempre
    solo sólo excepto antes después encima debajo menos mínimo máximo debe deben prohibido permitido
    obligatorio opcional válido inválido izquierda derecha abierto cerrado sube baja sì vero sempre
    soltanto tranne prima dopo sopra sotto meno minimo massimo deve devono vietato permesso
    obbligatorio sinistra destra aperto chiuso sim verdadeiro apenas exceto depois acima abaixo
    devem proibido obrigatório esquerda direita aberto fechado waar onwaar altijd alleen behalve
    minder moet moeten mag mogen verboden toegestaan verplicht gesloten tak prawda fałsz zawsze
    tylko oprócz przed po nad pod więcej mniej musi może wolno zabronione dozwolone lewo prawo да
    правда ложь всегда только кроме до после над под меньше должен должна должны может могут
    запрещено разрешено слева справа
    """

/// Small and round numbers in letters, cardinal and ordinal; articles are not among them.
private let numberWords = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion trillion dozen half quarter third double triple once twice
    second fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thousands millions
    billions percent null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn
    vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig
    siebzig achtzig neunzig hundert tausend millionen milliarden halb viertel erste zweite dritte
    vierte fünfte ersten zweiten dritten prozent zéro deux trois quatre cinq sept huit neuf dix onze
    douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents mille
    milliards moitié quart premier première deuxième troisième quatrième pourcent cero dos tres
    cuatro cinco seis siete ocho nueve diez doce trece catorce quince veinte treinta cuarenta
    cincuenta sesenta setenta ochenta noventa cien ciento mil millón millones medio primero primera
    segundo segunda tercero tercera cuarto quinto due tre quattro cinque sei sette otto nove dieci
    undici dodici tredici quindici venti trenta quaranta cinquanta sessanta settanta ottanta novanta
    cento mila milione milioni metà primo prima secondo seconda terzo terza quarto dois duas três
    quatro sete oito dez doze treze vinte trinta quarenta cinquenta sessenta oitenta cem milhão
    milhões meio primeiro primeira terceiro nul twee drie vijf zes zeven negen tien twaalf dertien
    twintig dertig veertig vijftig honderd duizend miljoen miljard eerste tweede derde dwa dwie trzy
    cztery pięć sześć siedem osiem dziewięć dziesięć dwadzieścia trzydzieści sto tysiąc milion
    pierwszy drugi trzeci ноль один одна два две три четыре пять шесть семь восемь девять десять
    двадцать тридцать сорок пятьдесят сто тысяча тысяч миллион миллиард половина первый второй
    третий
    """

/// Months and weekdays, with the short forms that end dates.
private let monthsAndDays = """
    january february march april june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
    mon tue wed thu fri sat sun today yesterday tomorrow januar februar märz mai juni juli oktober
    dezember jänner montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag heute
    gestern janvier février mars avril juin juillet août septembre octobre novembre décembre lundi
    mardi mercredi jeudi vendredi samedi dimanche hier demain enero febrero marzo abril mayo junio
    julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado
    domingo hoy ayer mañana gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    lunedì martedì mercoledì giovedì venerdì sabato domenica oggi ieri domani janeiro fevereiro
    março maio junho julho setembro outubro novembro dezembro segunda terça quarta quinta sexta hoje
    ontem amanhã januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag
    zaterdag zondag stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października
    listopada grudnia styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik
    listopad grudzień poniedziałek wtorek środa czwartek piątek sobota niedziela января февраля
    марта апреля мая июня июля августа сентября октября ноября декабря январь февраль март апрель
    май июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница
    суббота воскресенье сегодня вчера завтра ocak şubat mart nisan mayıs haziran temmuz ağustos
    eylül ekim kasım aralık
    """
