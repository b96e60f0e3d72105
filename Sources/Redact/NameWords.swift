/// A word of running text: its bytes, and what a gazetteer says of it.
struct NameWord {
    var range: Range<Int>
    var uses: NameTable.Use
    /// Starts with an upper-case letter, or is of a script without cases and known as a name.
    var isCapital: Bool
    var isAllCapitals: Bool
    /// One letter, as in `R.`.
    var isInitial: Bool
    var role: WordRole
    /// Unknown to the gazetteer and to the list of ordinary words.
    var isUnknown: Bool { self.uses.isEmpty && self.role == .none }
}

/// What a word says of the words beside it.
enum WordRole: UInt8 {
    case none
    /// `Mr`, `Frau`, `Dr`.
    case title
    /// `de`, `van`, `bin`: joins the words around it.
    case particle
    /// `Ltd`, `University`: what stands before is no person.
    case organisation
    /// `Street`, `rue`, `ulica`: names nothing but streets.
    case street
    /// `Way`, `via`, `Platz`: names streets among other things.
    case maybeStreet
    /// `Apt`, `Suite`, `Box`, `Floor`.
    case unit
    /// `APO`, `DPO`, `FPO`: post offices of US forces.
    case military
    /// An ordinary word that is also a first name, or one that often starts a sentence.
    case common

    /// Open addressing by the hash of the word in lower case; four slots a word, so that a search is
    /// nearly always one look.
    static let slots = Self.slots(of: lists.map(\.0))

    /// The roles that words of addresses have, whatever else they are: `Lane` is a name as well.
    static let addressSlots = Self.slots(of: [.particle, .street, .maybeStreet, .unit, .military])

    private static func slots(of roles: [WordRole]) -> [Slot] {
        var slots = [Slot](repeating: Slot(hash: 0, role: .none), count: slotMask + 1)
        for (role, words) in lists where roles.contains(role) {
            for word in words.split(separator: " ") {
                let hash = NameTable.hash(word.utf8)
                var index = Int(truncatingIfNeeded: hash) & slotMask
                while slots[index].hash != 0, slots[index].hash != hash {
                    index = (index + 1) & slotMask
                }
                // `Dr` is a title before it is a drive.
                if slots[index].hash == hash, slots[index].role == .title { continue }
                slots[index] = Slot(hash: hash, role: role)
            }
        }
        return slots
    }

    static let slotMask = 4095

    struct Slot: Sendable {
        var hash: UInt64
        var role: WordRole
    }

    private static let lists: [(WordRole, String)] = [
        (
            .title,
            """
            mr mrs ms miss mister dr prof professor doctor sir madam lady lord officer detective \
            judge captain sergeant nurse rev herr frau hr fr mme mlle monsieur madame m sr sra srta \
            señor señora ông bà don doña dott dottor sig signor signora signorina ing avv dhr mevr mevrouw \
            meneer pan pani dipl av bay bayan г-н г-жа господин госпожа κ κα κύριος κυρία श्री श्रीमती \
            السيد السيدة
            """
        ),
        (
            .particle,
            """
            de da di do du del della dos das des la le el al bin ibn ben bint van von der den ter ten \
            zu af av y e i san st st. saint of the santa monte north south east west lake mount fort port cape
            """
        ),
        (
            .organisation,
            """
            ltd inc llc corp corporation company co plc gmbh ag ab as oy sa srl bv nv kg group groups \
            holding holdings university institute college school church bank party ministry department \
            association foundation society union council committee club team museum hospital airport \
            station park hotel restaurant theatre theater press records studio studios festival award \
            prize cup league championship bridge river lake mountain mount island bay sea ocean valley \
            castle palace cathedral sons brothers partners associates solutions technologies systems \
            services software agency court act law license licence project framework toolkit library \
            manual reference documentation interface protocol server client database compiler parser \
            standard specification api sdk times post news magazine journal album song band \
            film series battle treaty code theorem algorithm method test tests equation effect law's \
            python linux windows media tech bros db dc quote numeral number conformal metrics schedule developer
            """
        ),
        (
            .street,
            """
            street road rd avenue ave boulevard blvd crescent cres mews terrace parkway pkwy highway hwy \
            turnpike rue allée impasse faubourg calle avenida avda paseo glorieta callejón travesía bulevar \
            circunvalación viale vicolo piazza lungarno contrada rotonda rua travessa alameda praça rodovia \
            ulica aleja osiedle ulice náměstí třída nábřeží улица ул переулок проспект просп бульвар бульв \
            набережная шоссе проезд вулиця вул провулок sokak sokağı caddesi cadde mahallesi mahalle bulvarı \
            straat laan gracht strasse straße allee gasse gatan vägen gränd veien nám tř chaussée \
            steenweg straatweg gade vej allé aleje λεωφόρος λεωφ οδός carrera jalan
            """
        ),
        (
            .maybeStreet,
            """
            st lane ln drive dr court ct circle cir place pl square sq way close row trail loop grove gardens \
            walk alley plaza pocket passage path route quai cours chemin via corso largo strada borgo stretto \
            canale camino cuesta ronda vial urbanización pasaje privada prolongación retorno estrada jardim \
            viela vila lago lagoa quadra trecho trevo recanto residencial setor vale viaduto vereda passarela \
            pátio parque núcleo loteamento feira fazenda favela esplanada distrito condomínio conjunto colônia \
            chácara campo aeroporto aldeia área morro ul al os пер пр пр-т б-р наб ш площадь пл алл алея тупик \
            sok cad cd mah bulvar plein weg kade hof dreef steeg str platz ring ufer damm gata väg stig veg vei \
            tie katu polku kuja av bd sentier sentiero salita calçada ladeira carretera hill view gate end \
            cottage marg nagar granja incrocio peatonal rynek c ilica blv vía sq torget torg torv allén markt meir út utca tér körút \
            bulv mh sk бул jl đường
            """
        ),
        (
            .unit,
            """
            apt apartment suite psc ste unit floor flat room building bldg no nr box piso puerta edif int \
            lok d kv kk к д стр кв корп г м клх пгт дер рп кат daire kat bus bte hs bis ter tv izq dcha esq \
            буд дом офис оф m sector plot interior depto apto appartamento escalera esc col
            """
        ),
        (.military, "apo dpo fpo"),
        (
            .common,
            """
            the this that these those it its he she they we you i a an in on at to for from by with and \
            or but not no yes if when while where what who how why which there here then than as is are \
            was were be been being do does did have has had can could may might must shall should will \
            would please thank thanks hello hi dear contact call email phone mail address name date \
            january february march april june july august september october november december monday \
            tuesday wednesday thursday friday saturday sunday mark grace hope faith joy rose lily iris \
            ivy violet daisy summer autumn dawn eve star sky pearl ruby amber crystal jade olive basil \
            sage ginger rusty rocky sandy cliff dale glen heath lane miles chance chase hunter art bill \
            bob buck chip chuck drew gene grant guy jack jay jean jerry jimmy josh lance max norm pat \
            ray rich rob rod sonny stew sue ted tom van ward will young long brown white black green \
            king page price cook english french german best little may major general new old my our \
            your his her their one two three first last next all some any many more most other such \
            only own same so too very just now also after before over under again our per die der \
            das ein eine und les des une est pour dans los las una por para con che non più het een \
            link links fields field case cases marks hooks numbers stores string strings keys key values value \
            rules files pages pass model table tables echo dot minor major see set sets get let load save form \
            forms view views test note notes code codes self none true false thread mode server client \
            appendix annex chapter section part exhibit figure \
            och det som den att för på til jeg ikke han hun jest nie się
            """
        ),
    ]
}

/// The hash of the word that starts at `start`, in lower case, and where the word ends.
///
/// Lower case of ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic, which is what names need.
@inline(__always)
func nameWord(
    _ text: UnsafeBufferPointer<UInt8>,
    at start: Int
) -> (hash: UInt64, end: Int) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var index = start
    while index < text.count {
        let byte = text[index]
        if byte < 0x80 {
            if (byte | 0x20) &- 0x61 < 26 {
                hash = (hash ^ UInt64(byte | 0x20)) &* 0x0000_0100_0000_01B3
                index += 1
            } else if byte == 0x27 || byte == 0x2D, index > start, index + 1 < text.count,
                isNameLetter(text[index + 1]), !isPossessive(text, at: index)
            {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
                index += 1
            } else {
                break
            }
            continue
        }
        // Chinese, Japanese and Korean have rules of their own; signs such as dashes end a word.
        guard byte >= 0xC3, byte < 0xE2, byte != 0xC2, index + 1 < text.count else { break }
        let (first, second) = loweredPair(byte, text[index + 1])
        hash = (hash ^ UInt64(first)) &* 0x0000_0100_0000_01B3
        hash = (hash ^ UInt64(second)) &* 0x0000_0100_0000_01B3
        index += 2
        if byte >= 0xE0, index < text.count {
            hash = (hash ^ UInt64(text[index])) &* 0x0000_0100_0000_01B3
            index += 1
        }
    }
    return (hash, index)
}

@inline(__always)
func isNameLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte >= 0xC3 && byte < 0xE2
}

private func isPossessive(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    text[index] == 0x27 && text[index + 1] | 0x20 == 0x73
        && (index + 2 >= text.count || !isNameLetter(text[index + 2]))
}

@inline(__always)
func loweredPair(_ first: UInt8, _ second: UInt8) -> (UInt8, UInt8) {
    switch first {
    case 0xC3: return second <= 0x9E && second != 0x97 ? (first, second | 0x20) : (first, second)
    case 0xC4, 0xC5:
        let value = Int(first & 0x1F) << 6 | Int(second & 0x3F)
        // From U+0139 to U+0148 and from U+0179 on, upper-case letters are odd.
        let isOddUpper = (0x139...0x148).contains(value) || (0x179...0x17E).contains(value)
        let isUpper = value != 0x178 && (value & 1 == 1) == isOddUpper && value != 0x138
        let lower = isUpper && value < 0x17F && value != 0x149 ? value + 1 : value
        return (UInt8(0xC0 | lower >> 6), UInt8(0x80 | lower & 0x3F))
    case 0xC8 where (0x98...0x9B).contains(second): return (first, second | 1)
    case 0xCE where (0x91...0x9F).contains(second): return (first, second + 0x20)
    case 0xCE where (0xA0...0xA9).contains(second): return (0xCF, second - 0x20)
    case 0xD0 where (0x90...0x9F).contains(second): return (first, second + 0x20)
    case 0xD0 where (0xA0...0xAF).contains(second): return (0xD1, second - 0x20)
    case 0xD0 where second < 0x90: return (0xD1, second + 0x10)
    default: return (first, second)
    }
}

/// Whether the letters of the word in `range` after its first one are upper-case.
@inline(__always)
func isAllUpper(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    let second = range.lowerBound + (text[range.lowerBound] < 0x80 ? 1 : 2)
    return second < range.upperBound && isUpperLetter(text, at: second)
}

/// Whether an upper-case letter is at `index`.
@inline(__always)
func isUpperLetter(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let byte = text[index]
    if byte < 0x80 { return byte &- 0x41 < 26 }
    guard byte <= 0xD5, index + 1 < text.count else { return false }
    let (first, second) = loweredPair(byte, text[index + 1])
    return first != byte || second != text[index + 1]
}

/// Whether the word of six bytes or more ends as surnames of some languages do, and few other words.
func hasSurnameEnding(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 6 else { return false }
    return surnameEndings.match(text, range, rest: 3)
}

private let surnameEndings = WordEndings(
    """
    ov ev ova eva yev kov vich vna ovna evna ić vić ič owski ewski owska ewska czyk enko chuk sson sdóttir \
    dóttir sdottir inen ainen shvili adze ashvili oğlu oglu opoulos opoulou akis escu yan ián ský ská \
    ová skiego skiemu skiej ską
    """
)
