internal import CKernels

/// What a word near a candidate speaks of.
enum ContextTopic: UInt8, CaseIterable {
    case phone
    case card
    case identity
    case socialSecurity
    case network
    case version
    case birth
    case passport
    /// Numbers that are none of the kinds: orders, pages, products, laws.
    case otherNumber
    case routing
    case account
    case licence
    case vehicle
    case device
    case health
    case tax
    case place
}

/// How near the last word of each topic is; the words of a placeholder do not count.
struct Context {
    /// A byte for each topic, 255 for none: the reach is shorter than that.
    private var distances = SIMD32<UInt8>(repeating: .max)

    /// Bytes from the end of the nearest word of `topic` to the candidate.
    subscript(topic: ContextTopic) -> Int {
        Int(self.distances[Int(topic.rawValue)])
    }

    mutating func note(_ topic: ContextTopic, distance: Int) {
        let old = self.distances[Int(topic.rawValue)]
        self.distances[Int(topic.rawValue)] = min(old, UInt8(clamping: distance))
    }

    func isNear(_ topic: ContextTopic) -> Bool { self.distances[Int(topic.rawValue)] != .max }

    func isNearer(_ topic: ContextTopic, than other: ContextTopic) -> Bool {
        self[topic] < self[other]
    }
}

extension ScanPass {
    /// Bytes before a candidate in which words count.
    static let contextReach = 56
}

extension Context {
    /// The topics of the words that start in `range`, at most 64 bytes, and end in it.
    init(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>, candidate: Int) {
        guard let base = text.baseAddress, range.count > 1 else { return }
        var starts = ck_word_starts(base, range.lowerBound, range.count - 1)
        let words = ContextWord.table
        while starts != 0 {
            let index = range.lowerBound + starts.trailingZeroBitCount
            starts &= starts - 1
            let pair = Int(lowered(text[index])) << 8 | Int(lowered(text[index + 1]))
            let bucket = words.buckets[pair]
            guard bucket != 0 else { continue }
            for word in words.bounds[Int(bucket) - 1]..<words.bounds[Int(bucket)] {
                let word = words.words[Int(word)]
                let end = index + Int(word.count)
                guard end <= range.upperBound,
                    words.isWord(word, at: index, of: text)
                else { continue }
                self.note(word.topic, distance: abs(candidate - end))
            }
        }
    }
}

@inline(__always)
private func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

struct ContextWord {
    /// Where its bytes are in ``Table/bytes``.
    var offset: UInt16
    var count: UInt8
    /// Short words count only when no letter follows; longer ones are stems.
    var isWhole: Bool
    var topic: ContextTopic

    /// The words by their first two bytes; a word of one byte is there for each second.
    // The bytes are written before anyone sees them, and never after.
    struct Table: @unchecked Sendable {
        let bytes: UnsafePointer<UInt8>
        let words: UnsafePointer<ContextWord>
        /// Bucket `n` is the words from `bounds[n - 1]` to `bounds[n]`.
        let bounds: UnsafePointer<UInt16>
        let buckets: UnsafePointer<UInt16>

        init(_ words: [(topic: ContextTopic, bytes: [UInt8])]) {
            var byPair = [[Int]](repeating: [], count: 1 << 16)
            for (place, word) in words.enumerated() {
                let first = Int(word.bytes[0]) << 8
                if word.bytes.count > 1 {
                    byPair[first | Int(word.bytes[1])].append(place)
                } else {
                    for second in 0..<256 { byPair[first | second].append(place) }
                }
            }
            var entries: [ContextWord] = []
            var bytes: [UInt8] = []
            for (topic, word) in words {
                entries.append(
                    ContextWord(
                        offset: UInt16(bytes.count),
                        count: UInt8(word.count),
                        isWhole: word.count <= 4 && word[0] < 0x80,
                        topic: topic
                    )
                )
                bytes += word
            }
            var bounds: [UInt16] = [0]
            var sorted: [ContextWord] = []
            var buckets = [UInt16](repeating: 0, count: 1 << 16)
            for (pair, places) in byPair.enumerated() where !places.isEmpty {
                sorted += places.map { entries[$0] }
                buckets[pair] = UInt16(bounds.count)
                bounds.append(UInt16(sorted.count))
            }
            self.bytes = kept(bytes)
            self.words = kept(sorted)
            self.bounds = kept(bounds)
            self.buckets = kept(buckets)
        }

        /// Whether `word` is at `index`; its first two bytes are.
        func isWord(
            _ word: ContextWord,
            at index: Int,
            of text: UnsafeBufferPointer<UInt8>
        ) -> Bool {
            let bytes = self.bytes + Int(word.offset)
            let count = Int(word.count)
            for offset in stride(from: 2, to: count, by: 1)
            where lowered(text[index + offset]) != bytes[offset] {
                return false
            }
            guard bytes[0] < 0x80 else { return true }
            if word.isWhole, index + count < text.count, isLetter(text[index + count]) {
                return false
            }
            // `[PHONE]` is what redaction leaves, not a word of the text.
            let before = index > 0 ? text[index - 1] : 0
            return !(before == 0x5B || before == 0x5F) || text[index] &- 0x41 >= 26
        }
    }

    static let table = Table(
        Self.words.flatMap { topic, words in
            words.split(separator: " ").map { word in
                // An underscore stands for a space inside a phrase.
                (topic, word.utf8.map { $0 == 0x5F ? UInt8(0x20) : lowered($0) })
            }
        }
    )

    private static let words: [(ContextTopic, String)] = [
        (
            .phone,
            """
            phone telephone telefon telefono teléfono téléphone telefone tél tel tlf mobile mobil \
            móvil celular cellulare cell call fax whatsapp sms handy portable puhelin puh gsm \
            telefoon číslo kontakt contact dial ring hotline ligue llame appeler appelez anrufen \
            Тел тел Телефон телефон Моб моб звон Звон هاتف جوال اتصل فون फ़ोन फोन मोबाइल \
            संपर्क 电话 手机 联系 電話 携帯 전화 휴대폰 연락 τηλ Τηλ טלפון โทร điện_thoại messages_to office
            """
        ),
        (
            .card,
            """
            card cards cc credit visa mastercard amex karte kreditkarte carte tarjeta carta cartão kaart kort \
            karta kortti kart карт 卡 カード 카드 कार्ड بطاقة
            """
        ),
        (
            .identity,
            """
            id ids national_id identity identification documento document dni nie nif nino cpf cnpj \
            pesel bsn personnummer fødselsnummer fodselsnummer henkilötunnus hetu codice fiscale \
            kimlik tckn steuer idnr personalausweis ausweis cpr aadhaar aadhar sin insurance \
            social_security ssn taxpayer tfn medicare cnp egn oib rodné nir sécurité registration \
            pnr isikukood asmens personas citizen passport tnin frn nin resident \
            เลขประจำตัวประชาชน บัตรประชาชน 身份证 身分 주민 マイナンバー個人番号 आधार पहचान هوية الهوية паспорт инн снилс ת.ז
            """
        ),
        (
            .socialSecurity, "ssn ssns social_security social-security soc_sec itin taxpayer"
        ),
        (
            .network,
            """
            ip ips ipv4 ipv6 address addr host server login logged client gateway subnet router dns ping \
            adresse dirección indirizzo endereço адрес 地址 アドレス 주소 from via von depuis desde
            """
        ),
        (
            .version,
            """
            version ver vers release upgrade upgraded lib libs library package pkg build built \
            firmware kernel rev revision patch chapter chapters section sections sect sec rfc oid \
            kapitel abschnitt driver sdk python since changed deprecated added update v
            """
        ),
        (
            .birth,
            """
            birth born dob birthday birthdate geburtsdatum geboren geburtstag naissance né née nacimiento \
            nacido nacida nascimento nascita nato nata født fødselsdato född födelsedatum syntymäaika \
            syntynyt urodzenia urodzony narození narozen geboortedatum doğum Рожд рожд ميلاد الميلاد \
            जन्म 出生 生年月日 生まれ 생년월일 출생 γέννησης תאריך_לידה ngày_sinh
            """
        ),
        (
            .passport,
            "passport passeport reisepass pasaporte passaporto passaporte paszport travel_document 여권 护照 паспорт"
        ),
        (
            .routing,
            "routing aba rtn transit sort_code bic swift bsb clabe ifsc bankleitzahl blz"
        ),
        (
            .account,
            """
            account accounts acct kontonummer konto cuenta conto_corrente compte rekening rekeningnummer \
            account_number bank_account
            """
        ),
        (
            .licence,
            """
            licence license driving_licence driver's_license drivers_license driver_license permis \
            führerschein führerscheinnummer carnet_de_conducir licencia patente rijbewijs körkort \
            carta_de_condução habilitação cnh prawo_jazdy ajokortti førerkort
            """
        ),
        (
            .vehicle,
            """
            vin plate plates number_plate license_plate licence_plate registration_plate kennzeichen \
            immatriculation matrícula targa kenteken nummerplåt chassis vehicle 车牌 车架号 ナンバー 번호판
            """
        ),
        (
            .place,
            "lat latitude lon coordinates coords gps location geo koordinaten coordenadas position"
        ),
        (.device, "imei imsi imeis meid iccid"),
        (
            .health,
            """
            nhs npi mrn medical health patient medicare medicaid mbi insurance_number dea krankenkasse \
            versichertennummer kvnr egk mbi sécurité_sociale carte_vitale
            """
        ),
        (
            .tax,
            """
            ein itin tin tax taxpayer fein employer_identification abn acn vat ust-idnr umsatzsteuer tva \
            partita_iva nip nif rfc cuit rut gst utr ird 税号
            """
        ),
        (
            .otherNumber,
            """
            isbn issn order orders invoice tracking part sku ean upc pp page pages article art vol \
            volume doi arxiv § lot serial item years year attendance score bestellnummer rechnung \
            commande facture pedido factura ts ms ns epoch timestamp line lines port uuid hash commit
            """
        ),
    ]
}

/// The elements where they stay for the life of the process.
private func kept<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    copy.initialize(from: elements, count: elements.count)
    return UnsafePointer(copy)
}
