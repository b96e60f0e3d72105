/// A kind of personal or secret value; the raw value is the type name in output and placeholders.
package enum PIIKind: String, CaseIterable, Sendable {
    case email = "EMAIL"
    case phone = "PHONE"
    case creditCard = "CREDIT_CARD"
    case iban = "IBAN"
    case ipAddress = "IP_ADDRESS"
    case usSSN = "US_SSN"
    case macAddress = "MAC_ADDRESS"
    case cryptoWallet = "CRYPTO_WALLET"
    case secret = "SECRET"
    case nationalID = "NATIONAL_ID"
    case passport = "PASSPORT"
    case dateOfBirth = "DATE_OF_BIRTH"
    case taxID = "TAX_ID"
    case healthID = "HEALTH_ID"
    case bankAccount = "BANK_ACCOUNT"
    case bankRouting = "BANK_ROUTING"
    case driverLicense = "DRIVER_LICENSE"
    case vehicle = "VEHICLE"
    case device = "DEVICE"
    case coordinates = "COORDINATES"
    case person = "PERSON"
    case address = "ADDRESS"
    /// A term or a pattern of the operator's own.
    case custom = "CUSTOM"

    /// The kinds that validators find; names, addresses and places need a policy that asks for them.
    package static let structured: [PIIKind] = Self.allCases.filter {
        ![.coordinates, .person, .address, .custom].contains($0)
    }

    /// This kind's bit in a mask of kinds.
    var bit: UInt32 {
        switch self {
        case .email: 1 << 0
        case .phone: 1 << 1
        case .creditCard: 1 << 2
        case .iban: 1 << 3
        case .ipAddress: 1 << 4
        case .usSSN: 1 << 5
        case .macAddress: 1 << 6
        case .cryptoWallet: 1 << 7
        case .secret: 1 << 8
        case .nationalID: 1 << 9
        case .passport: 1 << 10
        case .dateOfBirth: 1 << 11
        case .taxID: 1 << 12
        case .healthID: 1 << 13
        case .bankAccount: 1 << 14
        case .bankRouting: 1 << 15
        case .driverLicense: 1 << 16
        case .vehicle: 1 << 17
        case .device: 1 << 18
        case .coordinates: 1 << 19
        case .person: 1 << 20
        case .address: 1 << 21
        case .custom: 1 << 22
        }
    }

    /// What replaces a value of this kind.
    package var placeholder: String { "[" + self.rawValue + "]" }
}

/// A value found in a text.
///
/// - Units: `range` is in UTF-8 bytes; `score` is 0...1.
package struct PIISpan: Hashable, Sendable {
    package var range: Range<Int>
    package var kind: PIIKind
    /// The id of the rule that found it, such as `phone.international`.
    package var rule: String
    package var score: Float

    package init(range: Range<Int>, kind: PIIKind, rule: String, score: Float) {
        self.range = range
        self.kind = kind
        self.rule = rule
        self.score = score
    }
}
