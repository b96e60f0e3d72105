/// How numbers are dialled within a region.
private struct DialPlan {
    var code: String
    /// What is dialled before a national number, and is no part of it.
    var trunk: String
    var lengths: ClosedRange<Int>
}

/// The international form of a telephone number: a plus, the country code and the national number.
///
/// `+44 20 7946 0958`, `0044 20 7946 0958` and, in region GB, `(020) 7946 0958` are one number.
///
/// - Input: `region` is an ISO 3166-1 alpha-2 code in upper case, empty where it is not known.
/// - Output: nil for what is no number of the region, or a national one without a known region.
/// - Source: ITU-T E.164; the national plans' trunk prefixes and lengths.
package func e164(_ value: some Collection<UInt8>, region: String) -> String? {
    var digits: [UInt8] = []
    var isInternational = false
    var last: UInt8 = 0
    var extensionFound = false
    let bytes = Array(value)
    for (index, byte) in bytes.enumerated() {
        if byte &- 0x30 < 10 {
            // `(0)` after a country code is not dialled from abroad.
            let isTrunk =
                isInternational && byte == 0x30 && last == 0x28 && index + 1 < bytes.count
                && bytes[index + 1] == 0x29
            if !isTrunk { digits.append(byte) }
        } else if byte == 0x2B, digits.isEmpty {
            isInternational = true
        } else if byte | 0x20 == 0x78, !digits.isEmpty {
            extensionFound = true
        }
        if extensionFound { break }
        last = byte
    }
    var text = String(decoding: digits, as: UTF8.self)
    let plan = dialPlans[region]
    if !isInternational {
        for prefix in [exitCodes[region], "00"].compactMap({ $0 }) where text.hasPrefix(prefix) {
            let rest = text.dropFirst(prefix.count)
            guard let country = countryPlan(Array(rest.utf8.map { $0 &- 0x30 })[...], from: 0),
                country.lengths.contains(rest.count - country.codeLength)
            else { continue }
            text = String(rest)
            isInternational = true
            break
        }
    }
    if isInternational {
        let values = text.utf8.map { $0 &- 0x30 }
        guard let country = countryPlan(values[...], from: 0),
            country.lengths.contains(values.count - country.codeLength)
        else { return nil }
        return "+" + text
    }
    guard let plan else { return nil }
    var national = Substring(text)
    if !plan.trunk.isEmpty, national.hasPrefix(plan.trunk) {
        national = national.dropFirst(plan.trunk.count)
    }
    guard plan.lengths.contains(national.utf8.count) else { return nil }
    return "+" + plan.code + national
}

/// What is dialled for abroad where that is not `00`.
private let exitCodes: [String: String] = [
    "US": "011", "CA": "011", "AU": "0011", "JP": "010", "RU": "810", "KZ": "810", "HK": "001",
    "SG": "001", "TH": "001", "KR": "001", "BR": "0014",
]

/// Region, country code, trunk prefix (`-` for none), national lengths.
private let dialPlans: [String: DialPlan] = {
    let table = """
        US 1 1 10 10;CA 1 1 10 10;GB 44 0 9 10;IE 353 0 7 9;FR 33 0 9 9;DE 49 0 6 12;AT 43 0 4 13;\
        CH 41 0 9 9;LU 352 - 5 11;BE 32 0 8 9;NL 31 0 9 9;ES 34 - 9 9;PT 351 - 9 9;IT 39 - 6 11;\
        DK 45 - 8 8;SE 46 0 7 10;NO 47 - 8 8;FI 358 0 6 10;IS 354 - 7 9;EE 372 - 7 8;LV 371 - 8 8;\
        LT 370 0 8 8;PL 48 - 9 9;CZ 420 - 9 9;SK 421 0 9 9;HU 36 06 8 9;SI 386 0 8 8;HR 385 0 8 9;\
        RS 381 0 8 10;RO 40 0 9 9;BG 359 0 7 9;GR 30 - 10 10;CY 357 - 8 8;MT 356 - 8 8;TR 90 0 10 10;\
        RU 7 8 10 10;KZ 7 8 10 10;UA 380 0 9 9;BY 375 8 9 9;IL 972 0 8 9;AE 971 0 8 9;SA 966 0 8 9;\
        EG 20 0 8 10;ZA 27 0 9 9;NG 234 0 8 10;KE 254 0 9 10;MA 212 0 9 9;IN 91 0 10 10;PK 92 0 9 10;\
        BD 880 0 8 10;LK 94 0 9 9;CN 86 0 9 11;HK 852 - 8 8;TW 886 0 8 9;JP 81 0 9 10;KR 82 0 8 10;\
        TH 66 0 8 9;VN 84 0 9 10;MY 60 0 8 10;SG 65 - 8 8;ID 62 0 8 12;PH 63 0 8 10;AU 61 0 9 9;\
        NZ 64 0 8 10;BR 55 0 10 11;AR 54 0 10 11;CL 56 - 9 9;CO 57 - 8 10;MX 52 - 10 10;PE 51 0 8 9;\
        VE 58 0 10 10
        """
    var plans: [String: DialPlan] = [:]
    for line in table.split(separator: ";") {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 5, let least = Int(parts[3]), let most = Int(parts[4]) else {
            continue
        }
        plans[parts[0]] = DialPlan(
            code: parts[1],
            trunk: parts[2] == "-" ? "" : parts[2],
            lengths: least...most
        )
    }
    return plans
}()
