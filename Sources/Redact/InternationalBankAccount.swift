extension ScanPass {
    /// IBANs: a country, its length, and ISO 7064 mod 97-10; spaces or hyphens may part the groups, and
    /// a line may end among them.
    ///
    /// - Source: ISO 13616-1; lengths from the SWIFT IBAN registry.
    mutating func scanIBAN(at start: Int) -> Int? {
        let first = start - 2
        guard self.isClass(first, ByteClass.letter), self.isClass(start - 1, ByteClass.letter),
            !self.isLetterOrDigit(first - 1), self.isDigit(start), self.isDigit(start + 1)
        else { return nil }
        let country = Int(self.byte(first) & 0xDF) << 8 | Int(self.byte(start - 1) & 0xDF)
        guard let length = ibanLengths[country] else { return nil }
        var values: [UInt8] = []
        var index = first
        var cases: UInt8 = 0
        var isBroken = false
        /// Another sign that parts the groups.
        var parting: Range<Int>?
        while values.count < length {
            let byte = self.byte(index)
            if self.isClass(index, ByteClass.digit) {
                values.append(byte - 0x30)
            } else if self.isClass(index, ByteClass.letter) {
                values.append(byte & 0xDF - 55)
                cases |= byte & 0x20 == 0 ? 1 : 2
            } else if values.count >= 4, byte == 0x20 || byte == 0x2D,
                self.isClass(index + 1, ByteClass.alphanumeric)
            {
                // A single separator.
            } else if values.count >= 4, byte >= 0x80, let sign = wideSign(self.text, at: index),
                self.isClass(index + sign.byteCount, ByteClass.alphanumeric)
            {
                // A no-break space or another wide one.
                index += sign.byteCount - 1
            } else if values.count >= 4, !isBroken, let next = self.nextLine(at: index),
                self.isClass(next, ByteClass.alphanumeric)
            {
                isBroken = true
                index = next - 1
            } else if values.count >= 4, values.count % 4 == 0,
                let sign = self.partingSign(at: index), self.isSameSign(parting ?? sign, sign),
                self.isClass(sign.upperBound, ByteClass.alphanumeric)
            {
                parting = sign
                index = sign.upperBound - 1
            } else {
                return nil
            }
            index += 1
        }
        self.steps += index - first
        guard cases != 3, !self.isLetterOrDigit(index), mod97(values) == 1 else { return nil }
        return self.add(.iban, first..<index, "iban.mod97", 0.95) ? index : nil
    }
}

/// The remainder of the number that ISO 13616 makes of an IBAN's characters (letters are 10 to 35).
func mod97(_ values: [UInt8]) -> Int {
    var remainder = 0
    for offset in values.indices {
        let value = Int(values[(offset + 4) % values.count])
        remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
    }
    return remainder
}

/// IBAN length by country, the two letters as one number.
private let ibanLengths: [Int: Int] = {
    let table =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
        + "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20"
        + "LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28"
        + "PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22"
        + "VG24XK20YE30"
    var lengths: [Int: Int] = [:]
    let bytes = Array(table.utf8)
    for index in stride(from: 0, to: bytes.count, by: 4) {
        let country = Int(bytes[index]) << 8 | Int(bytes[index + 1])
        lengths[country] = Int(bytes[index + 2] - 0x30) * 10 + Int(bytes[index + 3] - 0x30)
    }
    return lengths
}()
