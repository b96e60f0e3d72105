/// What a word near a candidate speaks of.
enum ContextTopic: Int, CaseIterable {
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
        Int(self.distances[topic.rawValue])
    }

    mutating func note(_ topic: ContextTopic, distance: Int) {
        let old = self.distances[topic.rawValue]
        self.distances[topic.rawValue] = min(old, UInt8(clamping: distance))
    }

    func isNear(_ topic: ContextTopic) -> Bool { self.distances[topic.rawValue] != .max }

    func isNearer(_ topic: ContextTopic, than other: ContextTopic) -> Bool {
        self[topic] < self[other]
    }
}

extension ScanPass {
    /// Bytes before a candidate in which words count.
    static let contextReach = 56

    func readContext(before start: Int) -> Context {
        self.context(in: max(0, start - Self.contextReach)..<start, candidate: start)
    }

    /// The topics of the words from `end` on, in a short reach on the same line.
    func context(after end: Int) -> Context {
        var limit = end
        while limit < self.text.count, limit - end < 12, self.byte(limit) != 0x0A { limit += 1 }
        return self.context(in: end..<limit, candidate: end)
    }

    private func context(in range: Range<Int>, candidate: Int) -> Context {
        var context = Context()
        let starts = ContextWord.starts
        starts.withUnsafeBufferPointer { starts in
            for index in range.dropLast() {
                let pair =
                    Int(lowered(self.text[index])) << 8 | Int(lowered(self.text[index + 1]))
                guard starts[pair] != 0 else { continue }
                self.match(at: index, in: range, candidate: candidate, into: &context)
            }
        }
        return context
    }

    private func match(
        at index: Int,
        in range: Range<Int>,
        candidate: Int,
        into context: inout Context
    ) {
        let first = self.text[index]
        if first < 0x80, self.isClass(index - 1, ByteClass.letter) { return }
        for word in ContextWord.byFirstByte[Int(lowered(first))] {
            guard let end = self.matchEnd(of: word, at: index, limit: range.upperBound) else {
                continue
            }
            context.note(word.topic, distance: abs(candidate - end))
        }
    }

    private func matchEnd(of word: ContextWord, at index: Int, limit: Int) -> Int? {
        let end = index + word.bytes.count
        guard end <= limit else { return nil }
        for offset in 1..<word.bytes.count
        where lowered(self.text[index + offset]) != word.bytes[offset] {
            return nil
        }
        guard word.bytes[0] < 0x80 else { return end }
        if word.isWhole, self.isClass(end, ByteClass.letter) { return nil }
        // `[PHONE]` is what redaction leaves, not a word of the text.
        if [0x5B, 0x5F].contains(self.byte(index - 1)), self.isClass(index, ByteClass.upper) {
            return nil
        }
        return end
    }
}

@inline(__always)
private func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

struct ContextWord {
    let bytes: [UInt8]
    let topic: ContextTopic
    /// Short words count only when no letter follows; longer ones are stems.
    let isWhole: Bool

    static let byFirstByte: [[ContextWord]] = {
        var table = [[ContextWord]](repeating: [], count: 256)
        for (topic, words) in Self.words {
            for word in words.split(separator: " ") {
                // An underscore stands for a space inside a phrase.
                let bytes = word.utf8.map { $0 == 0x5F ? UInt8(0x20) : lowered($0) }
                let entry = ContextWord(
                    bytes: bytes,
                    topic: topic,
                    isWhole: bytes.count <= 4 && bytes[0] < 0x80
                )
                table[Int(bytes[0])].append(entry)
            }
        }
        return table
    }()

    /// 1 for each pair of bytes that a word starts with, the first byte times 256 plus the second.
    static let starts: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 1 << 16)
        for word in Self.byFirstByte.joined() {
            if word.bytes.count > 1 {
                table[Int(word.bytes[0]) << 8 | Int(word.bytes[1])] = 1
            } else {
                for second in 0..<256 { table[Int(word.bytes[0]) << 8 | second] = 1 }
            }
        }
        return table
    }()

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
            isikukood asmens personas citizen passport tnin frn nin resident \
            身份证 身分 주민 マイナンバー個人番号 आधार पहचान هوية الهوية паспорт инн снилс ת.ז
            """
        ),
        (
            .socialSecurity, "ssn ssns social_security social-security soc_sec itin taxpayer"
        ),
        (
            .network,
            """
            ip ipv4 ipv6 address addr host server login logged client gateway subnet router dns ping \
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
