/// What was found around a place that may be an address.
struct AddressEvidence: OptionSet, Sendable {
    let rawValue: UInt16
    /// A word that names nothing but streets: `Avenue`, `rue`, `ulica`, `Hauptstraße`.
    static let street = AddressEvidence(rawValue: 1)
    /// A word that names streets among other things: `Way`, `Via`, `Platz`, `al`.
    static let maybeStreet = AddressEvidence(rawValue: 2)
    /// A capitalised word beside the street or the number.
    static let name = AddressEvidence(rawValue: 4)
    /// Of such words, one that is a person's or a place's and no other word.
    static let knownName = AddressEvidence(rawValue: 8)
    /// A number as houses have it, where the country puts it.
    static let house = AddressEvidence(rawValue: 16)
    /// Four to six digits, as postal codes.
    static let code = AddressEvidence(rawValue: 32)
    /// A postal code that no other number looks like: `1015 CJ`, `00-590`, `LS1 4AP`, `01310-100`.
    static let ownCode = AddressEvidence(rawValue: 64)
    /// A capitalised word on the side of the code where the country puts the town.
    static let town = AddressEvidence(rawValue: 128)
    /// A known place that is no other word.
    static let place = AddressEvidence(rawValue: 256)
    /// A state or province: `IL`, `NSW`, `(FG)`.
    static let region = AddressEvidence(rawValue: 512)
    /// Words before it that announce an address: `Ship to`, `Anschrift:`.
    static let label = AddressEvidence(rawValue: 1024)
    /// Words before it that may: `is at`.
    static let weakLabel = AddressEvidence(rawValue: 2048)
    /// It is a line, a cell or a value of its own.
    static let alone = AddressEvidence(rawValue: 8192)
    /// `Apt.` or `Suite` with its number, where flats stand.
    static let flat = AddressEvidence(rawValue: 16384)
    /// A flat, floor or box with its number.
    static let unit = AddressEvidence(rawValue: 4096)
}

/// A row of the table of addresses.
struct AddressRule: Sendable {
    let id: String
    let needs: AddressEvidence
    let score: Float

    /// The score of the first row whose evidence is all there; nil for none.
    static func match(_ evidence: AddressEvidence) -> AddressRule? {
        Self.rules.first { evidence.isSuperset(of: $0.needs) }
    }

    /// The surest rows first.
    ///
    /// - Source: parts and order of parts as the posts publish them (Universal Postal Union, addressing
    ///   solutions by country). Scores: the share of right finds of each row in the development sets,
    ///   in addresses made with seed 1 and in 5 MB of documentation, down to the next twentieth.
    static let rules: [AddressRule] = [
        AddressRule(id: "address.postal", needs: [.street, .house, .code, .town], score: 0.95),
        AddressRule(
            id: "address.postal",
            needs: [.maybeStreet, .house, .code, .town],
            score: 0.85
        ),
        AddressRule(id: "address.code", needs: [.name, .house, .ownCode, .town], score: 0.85),
        AddressRule(id: "address.region", needs: [.name, .house, .region, .code], score: 0.85),
        AddressRule(id: "address.label", needs: [.label, .house, .name], score: 0.75),
        AddressRule(id: "address.label", needs: [.label, .house, .code], score: 0.75),
        AddressRule(id: "address.town", needs: [.name, .house, .code, .place], score: 0.8),
        AddressRule(id: "address.line", needs: [.name, .house, .code, .town, .alone], score: 0.7),
        AddressRule(id: "address.town", needs: [.street, .house, .place], score: 0.8),
        AddressRule(id: "address.town", needs: [.maybeStreet, .name, .house, .place], score: 0.7),
        AddressRule(id: "address.code", needs: [.street, .house, .ownCode], score: 0.8),
        AddressRule(
            id: "address.region",
            needs: [.maybeStreet, .name, .house, .region],
            score: 0.65
        ),
        AddressRule(id: "address.unit", needs: [.street, .house, .unit], score: 0.75),
        AddressRule(id: "address.unit", needs: [.maybeStreet, .name, .house, .unit], score: 0.6),
        AddressRule(id: "address.flat", needs: [.name, .house, .flat], score: 0.6),
        AddressRule(id: "address.flat", needs: [.alone, .flat], score: 0.55),
        AddressRule(id: "address.street", needs: [.street, .knownName, .house], score: 0.65),
        AddressRule(id: "address.street", needs: [.street, .name, .house], score: 0.55),
        AddressRule(id: "address.street", needs: [.maybeStreet, .knownName, .house], score: 0.55),
        AddressRule(
            id: "address.label",
            needs: [.weakLabel, .maybeStreet, .name, .house],
            score: 0.6
        ),
        AddressRule(id: "address.label", needs: [.weakLabel, .name, .house, .place], score: 0.6),
        AddressRule(id: "address.label", needs: [.weakLabel, .name, .house, .ownCode], score: 0.7),
    ]
}

/// Abbreviations of states, provinces and territories that stand before or after a postal code.
///
/// - Source: USPS Publication 28, appendix B; Canada Post addressing guidelines; Australia Post.
let addressRegions: Set<UInt32> = {
    var set = Set<UInt32>()
    let words = """
        AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC \
        ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP FM MH PW AA AE AP ON QC NS NB \
        MB BC PE SK AB NL NT YT NU NSW VIC QLD TAS ACT SP RJ MG RS PR SC BA
        """
    for word in words.split(separator: " ") {
        set.insert(word.utf8.reduce(0) { $0 << 8 | UInt32($1) })
    }
    return set
}()

/// Ends of words that are streets: those that only streets have, and those of other words too.
let streetEndings = WordEndings(
    """
    straße strasse gasse gatan vägen gränd stigen veien gaten straat laan gracht utca vænget bulevardi \
    katu polku allee avenyn steeg kade singel
    """
)
let maybeStreetEndings = WordEndings(
    """
    str weg platz ring damm ufer steig stieg väg gata vegen veg vei plein hof dreef pad tie kuja kaari rinne \
    vej gade allé løkka svingen bakken haugen gjerdet stranda åsen ruta baan weide park berget holtet torget \
    torv torvet pladsen markt voorhout gaard bakke
    """
)
