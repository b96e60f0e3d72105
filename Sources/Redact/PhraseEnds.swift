/// Phrases that announce what comes after them, by their last two bytes.
struct PhraseEnds: Sendable {
    /// Places in ``lists`` by the last two bytes, the first * 256 + the second; 0 for none.
    private let places: [UInt8]
    private let lists: [[[UInt8]]]

    private init(_ phrases: String) {
        let phrases = phrases.split(separator: ",").map { Array($0.utf8) }
        (self.places, self.lists) = byLastPair(phrases)
    }

    /// Whether `text` before `end` ends in a phrase, whatever the case of ASCII letters.
    @inline(__always)
    func match(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Bool {
        guard end >= 2 else { return false }
        let place = self.places[Int(lowered(text[end - 2])) << 8 | Int(lowered(text[end - 1]))]
        return place != 0 && self.isAnyEnd(Int(place), of: text, before: end)
    }

    @inline(never)
    private func isAnyEnd(
        _ place: Int,
        of text: UnsafeBufferPointer<UInt8>,
        before end: Int
    ) -> Bool {
        self.lists[place].contains { isEnd($0, of: text, before: end) }
    }

    private func isEnd(
        _ phrase: [UInt8],
        of text: UnsafeBufferPointer<UInt8>,
        before end: Int
    ) -> Bool {
        let start = end - phrase.count
        guard start >= 0 else { return false }
        var offset = phrase.count - 1
        while offset >= 0 {
            if lowered(text[start + offset]) != phrase[offset] { return false }
            offset -= 1
        }
        return start == 0 || !isNameLetter(text[start - 1]) || phrase[0] >= 0xE3
    }

    /// Words after which a person's name comes.
    static let persons = PhraseEnds(
        """
        name,contact,attention,attn,att.,att,dear,hello,hi,signed,sincerely,regards,my name is,i am,\
        i'm,called,named,named him,named her,calls me,call me,last name?,first name?,your name?,change it to,author,customer,\
        patient,client,employee,applicant,holder,recipient,user,sender,guardian,kontakta,kontakt,\
        kontakte,kontaktieren sie,z. hd.,zu händen,à l'attention de,contactez,contacter,\
        a la atención de,contactar a,contacte con,contacta con,el documento de,o documento de,\
        alla c.a.,contatta,contattare,codice fiscale di,aos cuidados de,a/c,contate,\
        entre em contato com,neem contact op met,t.a.v.,bsn van,ota yhteyttä,odbiorca,\
        proszę o kontakt,kontaktujte,příjemce,alıcı,iletişim,свяжитесь с,получатель,\
        fødselsnummer for,personnummer för,nom,nombre,nome,naam,namn,navn,nimi,jméno,\
        imię i nazwisko,имя,фио,isim,ad soyad,संपर्क,नाम,प्राप्तकर्ता,الاتصال بـ,الاسم,שם,ονομα,όνομα,\
        επικοινωνήστε με,liên hệ,ติดต่อ,ชื่อ
        """
    )

    /// Words after which a firm comes.
    static let firms = PhraseEnds("publisher,vendor,manufacturer,brand,verlag,éditeur,editorial")

    /// Words that announce a postal address, alone or before a colon.
    static let addressLabels = PhraseEnds(addressPhrases + "," + maybeAddressPhrases)
    /// Of these, those that do alone.
    static let sureAddressLabels = PhraseEnds(addressPhrases)

    private static let addressPhrases =
        """
        address is,address of,ship it to,ship to,shipped to,deliver to,delivered to,mail it to,mail to,\
        lives at,live at,living at,resides at,residing at,meet me at,drops you off at,return to,\
        lieferung an,versand an,wohnhaft,wohnhaft in,livrer à,habite au,demeurant,domicilié au,enviar a,\
        enviar para,residente in,entregar em,bezorgen op,woonachtig te,wysyłka na,leverans till,\
        leveres til,doručit na,teslimat adresi,адрес доставки,по адресу,за адресою
        """

    /// Words that announce one before a colon, and may do so without.
    private static let maybeAddressPhrases =
        """
        address,delivery to,send it to,send to,sent to,located at,located on,is on,is at,adresse,anschrift,\
        rechnungsadresse,lieferadresse,sitz,livraison,siège social,facturation,dirección,domicilio,direccion,\
        vive en,indirizzo,spedire a,sede,sede legale,endereço,morada,adres,adres dostawy,zamieszkały,\
        siedziba,bezorgadres,adress,toimitus,osoite,leveres,dodací adresa,adresa,sídlo,adresi,merkez,\
        ev adresi,адрес,адреса,проживает,पता,العنوان,כתובת,διεύθυνση,địa chỉ,ที่อยู่,registered office,office
        """
}

@inline(__always)
private func lowered(_ byte: UInt8) -> UInt8 { byte.isCapitalLetter ? byte | 0x20 : byte }

/// Endings of words, by their last two bytes.
struct WordEndings: Sendable {
    private let places: [UInt8]
    private let lists: [[[UInt8]]]

    init(_ endings: String) {
        (self.places, self.lists) = byLastPair(
            endings.split(separator: " ").map { Array($0.utf8) }
        )
    }

    /// Whether the word in `range` has an ending and at least `rest` bytes before it.
    @inline(__always)
    func match(
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        rest: Int
    ) -> Bool {
        let end = range.upperBound
        let place = self.places[Int(text[end - 2]) << 8 | Int(text[end - 1])]
        return place != 0 && self.hasAny(Int(place), text, range, rest: rest)
    }

    @inline(never)
    private func hasAny(
        _ place: Int,
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        rest: Int
    ) -> Bool {
        self.lists[place].contains { ending in
            guard range.count >= ending.count + rest else { return false }
            let lower = range.upperBound - ending.count
            for offset in ending.indices where text[lower + offset] != ending[offset] {
                return false
            }
            return true
        }
    }
}

/// The texts of two bytes or more by their last two: places in the lists, 0 for none.
private func byLastPair(_ texts: [[UInt8]]) -> (places: [UInt8], lists: [[[UInt8]]]) {
    var places = [UInt8](repeating: 0, count: 1 << 16)
    var lists: [[[UInt8]]] = [[]]
    for text in texts {
        let pair = Int(text[text.count - 2]) << 8 | Int(text[text.count - 1])
        if places[pair] == 0 {
            places[pair] = UInt8(lists.count)
            lists.append([])
        }
        lists[Int(places[pair])].append(text)
    }
    return (places, lists)
}
