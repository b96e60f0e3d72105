/// A word that says what a value near it is.
struct ContextWord: Sendable {
    /// Where its bytes are in ``Table/bytes``.
    var offset: UInt16
    var count: UInt8
    /// Short words count only when no letter follows; longer ones are stems.
    var isWhole: Bool
    var topic: ContextTopic
    /// The place of a label's schemes in ``Table/schemes``.
    var schemes: UInt16 = 0

    /// A word and what it speaks of.
    struct Entry {
        var topic: ContextTopic
        var bytes: [UInt8]
        var schemes = SchemeSet()
    }

    /// The words by their first two bytes; a word of one byte is there for each second.
    struct Table: Sendable {
        let bytes: [UInt8]
        let words: [ContextWord]
        /// Bucket `n` is the words from `bounds[n - 1]` to `bounds[n]`.
        let bounds: [UInt16]
        let buckets: [UInt16]
        let schemes: [SchemeSet]
        /// Whether a word may start with three bytes, by the kind of each: what most words do not.
        ///
        /// It is the bit `kind(third)` of the entry `kind(first) * 64 + kind(second)`.
        private let starts: [UInt64]

        /// Six bits of a byte: a letter in either case, a sign that joins words, or the low bits of one
        /// that is not ASCII.
        private let kinds: [UInt8]
        private static let allKinds: [UInt8] = (0...255).map { (byte: UInt8) in
            switch lowered(byte) {
            case 0x61...0x7A: lowered(byte) - 0x61
            case 0x20: 26
            case 0x5F: 27
            case 0x2D: 28
            case 0x30...0x39: 29
            case 0x80...0xFF: 32 + (byte & 0x1F)
            default: 30
            }
        }

        @inline(__always)
        func mayStart(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
            let place = Int(self.kinds[Int(first)]) << 6 | Int(self.kinds[Int(second)])
            return self.starts[place] >> UInt64(self.kinds[Int(third)]) & 1 == 1
        }

        /// The bits of ``starts`` for each word; a space inside one may be any sign that joins.
        private static func starts(of words: [Entry]) -> [UInt64] {
            func kinds(_ bytes: [UInt8], _ place: Int) -> UInt64 {
                guard place < bytes.count else { return .max }
                let isJoint = place >= 2 && bytes[place] == 0x20
                guard !isJoint else { return 0xFFFF_FFFF_1C00_0000 }
                return 1 << UInt64(Self.allKinds[Int(bytes[place])])
            }
            var starts = [UInt64](repeating: 0, count: 1 << 12)
            for word in words {
                let first = Int(Self.allKinds[Int(word.bytes[0])]) << 6
                var seconds = kinds(word.bytes, 1)
                while seconds != 0 {
                    starts[first | seconds.trailingZeroBitCount] |= kinds(word.bytes, 2)
                    seconds &= seconds - 1
                }
            }
            return starts
        }

        init(_ words: [Entry]) {
            self.kinds = Self.allKinds
            self.starts = Self.starts(of: words)
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
            var schemes: [SchemeSet] = []
            for word in words {
                if word.topic == .label { schemes.append(word.schemes) }
                entries.append(
                    ContextWord(
                        offset: UInt16(bytes.count),
                        count: UInt8(word.bytes.count),
                        isWhole: word.bytes.count <= 4 && word.bytes[0] < 0x80,
                        topic: word.topic,
                        schemes: UInt16(max(0, schemes.count - 1))
                    )
                )
                bytes += word.bytes
            }
            var bounds: [UInt16] = [0]
            var sorted: [ContextWord] = []
            var buckets = [UInt16](repeating: 0, count: 1 << 16)
            for (pair, places) in byPair.enumerated() where !places.isEmpty {
                sorted += places.map { entries[$0] }
                buckets[pair] = UInt16(bounds.count)
                bounds.append(UInt16(sorted.count))
            }
            self.bytes = bytes
            self.words = sorted
            self.bounds = bounds
            self.buckets = buckets
            self.schemes = schemes
        }

        /// Where `word` ends, which is at `index` and ends before `limit`; its first two bytes are there.
        ///
        /// A space inside a phrase may be of any width, or a sign that joins words.
        func end(
            of word: ContextWord,
            at index: Int,
            limit: Int,
            in text: UnsafeBufferPointer<UInt8>
        ) -> Int? {
            let first = Int(word.offset)
            let count = Int(word.count)
            var end = index + min(count, 2)
            for offset in stride(from: 2, to: count, by: 1) {
                guard end < limit else { return nil }
                let expected = self.bytes[first + offset]
                let byte = lowered(text[end])
                // `social_security_number`
                if byte == expected || expected == 0x20 && (byte == 0x5F || byte == 0x2D) {
                    end += 1
                } else if expected == 0x20, let space = wideSign(text, at: end), space.sign == 0x20
                {
                    end += space.byteCount
                } else {
                    return nil
                }
            }
            guard end <= limit else { return nil }
            guard self.bytes[first] < 0x80 else { return end }
            if word.isWhole, end < text.count, isLetter(text[end]) { return nil }
            let isName = text[index] &- 0x41 < 26 && self.isInPlaceholder(index, of: text)
            return isName ? nil : end
        }

        /// Whether `index` is in a name of a kind between brackets: `[PHONE]` and `[PHONE:k1:…]` are what
        /// redaction leaves, not words of the text.
        private func isInPlaceholder(_ index: Int, of text: UnsafeBufferPointer<UInt8>) -> Bool {
            var start = index
            while start > 0, index - start < 24,
                text[start - 1] &- 0x41 < 26 || text[start - 1] == 0x5F
            {
                start -= 1
            }
            guard start > 0, text[start - 1] == 0x5B else { return false }
            var end = index
            while end < text.count, end - start < 24,
                text[end] &- 0x41 < 26 || text[end] == 0x5F
            {
                end += 1
            }
            return isPlaceholderEnd(text, at: end)
        }
    }

    static let table = Table(
        Self.words.flatMap { topic, words in
            words.split(separator: " ").map { word in
                // An underscore stands for a space inside a phrase.
                Entry(topic: topic, bytes: word.utf8.map { $0 == 0x5F ? 0x20 : lowered($0) })
            }
        } + Self.labels
    )

    /// The labels of all schemes, each with those that share it, as capitals and small letters write it.
    private static let labels: [Entry] = {
        var schemes: [[UInt8]: SchemeSet] = [:]
        for (index, scheme) in IdentityScheme.all.enumerated() {
            for label in scheme.labels.split(separator: ",") {
                let text = String(label.drop { $0 == " " })
                let title = text.prefix(1).uppercased() + text.dropFirst()
                for form in [text, text.lowercased(), text.uppercased(), title] {
                    schemes[form.utf8.map(lowered), default: SchemeSet()].insert(index)
                }
            }
        }
        return schemes.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
            Entry(topic: .label, bytes: $0.key, schemes: $0.value)
        }
    }()

    private static let words: [(ContextTopic, String)] = [
        (
            .phone,
            """
            phone telephone telefon telefono teléfono telefón téléphone telefone tél tel tlf mobile mobil \
            mob telp telepon fono homephone workphone officephone businessphone primaryphone \
            mobilephone cellphone contactphone userphone customerphone homenumber rufnummer \
            telnr handynummer mobilnummer \
            móvil celular cellulare cell cel call fax whatsapp sms handy portable puhelin puh gsm \
            telefoon číslo kontakt contact dial ring text_me reach_me reach_us wa.me hotline ligue llame appeler appelez anrufen \
            Тел тел Телефон телефон Моб моб звон Звон هاتف جوال اتصل فون फ़ोन फोन मोबाइल \
            संपर्क 电话 手机 联系 電話 携帯 전화 휴대폰 연락 τηλ Τηλ κιν Κιν טלפון โทร điện_thoại Điện_thoại messages_to office
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
            national_id identity identification documento document dni nie nif nino cpf cnpj \
            pesel bsn personnummer fødselsnummer fodselsnummer henkilötunnus hetu codice fiscale \
            kimlik tckn steuer idnr personalausweis ausweis cpr aadhaar aadhar sin insurance \
            social_security ssn taxpayer tfn medicare cnp egn oib rodné nir sécurité registration \
            pnr isikukood asmens personas citizen passport tnin frn nin resident \
            เลขประจำตัวประชาชน บัตรประชาชน 身份证 身分 주민 マイナンバー 個人番号 आधार पहचान هوية الهوية паспорт инн снилс ת.ז
            """
        ),
        (.identifier, "id ids"),
        (
            .socialSecurity,
            """
            ssn ssns social_security social-security social_insurance soc_sec itin taxpayer \
            sozialversicherung
            """
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
            birth born dob d.o.b bday dateofbirth nasc nascido nascida nac. ur. kuzaliwa 生于 生於 geb birth_date birthday birthdate geburtsdatum geboren geburtstag naissance né née nacimiento \
            nacido nacida nascimento nascita nato nata født fødselsdato född födelsedatum syntymäaika \
            syntynyt urodzenia urodzony narození narozen geboortedatum doğum Рожд рожд ميلاد الميلاد \
            gimimo gimęs gimusi sünniaeg sünnikuupäev dzimšanas születés született narodenia naštere \
            născut nașterii rođen rojstv fæðing kelahiran lahir раждане родился родилась народж туған \
            วันเกิด ditëlindj जन्म 出生 生年月日 生まれ 생년월일 출생 γέννησης תאריך_לידה ngày_sinh
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
            isbn issn p/n s/n m/n ticket order orders invoice tracking part sku ean upc pp page pages article art vol \
            volume doi arxiv § lot serial item years year attendance score bestellnummer rechnung \
            commande facture pedido factura ts ms ns epoch timestamp line lines port uuid hash commit
            """
        ),
    ]
}

@inline(__always)
private func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

/// Whether a bracket, or a key's name, a pseudonym and a bracket, ends the placeholder whose kind ends at
/// `index`.
private func isPlaceholderEnd(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index < text.count, text[index] == 0x3A else {
        return index < text.count && text[index] == 0x5D
    }
    var end = index + 1
    while end < text.count, end - index < 96, text[end] > 0x20, text[end] != 0x5D { end += 1 }
    return end < text.count && text[end] == 0x5D && text[index + 1..<end].contains(0x3A)
}
