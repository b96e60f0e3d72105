internal import CICU

/// Finds the single-byte charset in which most of the bytes above ASCII are letters of one language.
///
/// Each language is taken to use its own letters in the order of their frequency, small ones ten
/// times as often as capitals, some typographic marks, and hardly anything else; the likeliest
/// language decides. Which of two Latin languages it is may stay open where they share letters, but
/// then the bytes mean the same.
///
/// - Output: nil where no language explains four in five of the bytes.
/// - Complexity: O(n), one pass.
func likelySingleByteCharset(of bytes: UnsafeBufferPointer<UInt8>) -> WebEncoding? {
    var counts = [Float](repeating: 0, count: 128)
    var total: Float = 0
    var neighbours: Float = 0
    var isInside = false
    for byte in bytes {
        if byte >= 0x80 {
            counts[Int(byte) - 128] += 1
            total += 1
            if isInside { neighbours += 1 }
        }
        isInside = byte >= 0x80
    }
    guard total > 0 else { return nil }
    // Only Latin words have their letters beyond ASCII one at a time.
    let isLatin = neighbours * 3 < total
    var best: (score: Float, model: CharsetModel)?
    for model in CharsetModel.all where model.isLatin || !isLatin {
        if model.encoding.name == rareCharset, total < rareCharsetByteCountMin { continue }
        var score: Float = 0
        for index in 0..<128 { score += counts[index] * model.weights[index] }
        if score > best?.score ?? -.infinity { best = (score, model) }
    }
    guard let best else { return nil }
    let explained = counts.indices.reduce(Float(0)) { sum, index in
        sum + (best.model.weights[index] > CharsetModel.foreignWeight ? counts[index] : 0)
    }
    return explained * 5 >= total * 4 ? best.model.encoding : nil
}

/// Of a charset that is seldom met, a few bytes are no evidence.
private let rareCharset = "macintosh"
private let rareCharsetByteCountMin: Float = 4

/// How likely each byte above ASCII is in one language and charset, as logarithms.
private struct CharsetModel: Sendable {
    var encoding: WebEncoding
    var isLatin: Bool
    var weights: [Float]

    static let foreignWeight: Float = -14

    /// The first of two that are equally likely is taken, so common charsets stand first.
    static let all: [CharsetModel] = alphabets.flatMap { group in
        group.charsets.compactMap(CharsetTable.init).flatMap { table in
            group.letters.map { CharsetModel(table, letters: $0) }
        }
    }

    private init(_ table: CharsetTable, letters: String) {
        var shares: [Unicode.Scalar: Float] = [:]
        let small = Array(letters.unicodeScalars)
        // Zipf's law, flattened: letters are spread more evenly than words.
        let sum = small.indices.reduce(Float(0)) { $0 + 1 / Float($1 + 3) }
        for (rank, scalar) in small.enumerated() {
            let share = 1 / Float(rank + 3) / sum
            shares[scalar] = 0.85 * share
            for capital in scalar.properties.uppercaseMapping.unicodeScalars
            where shares[capital] == nil {
                shares[capital] = 0.085 * share
            }
        }
        self.encoding = table.encoding
        // Latin, combining marks included, ends before Greek.
        self.isLatin = small.allSatisfy { $0.value < 0x370 }
        self.weights = table.scalars.map { scalar in
            guard let scalar else { return Self.foreignWeight * 2 }
            if let share = shares[scalar] { return logarithm(share) }
            return marks.contains(scalar) ? logarithm(0.005) : Self.foreignWeight
        }
    }
}

/// What the bytes above ASCII mean in a charset; nil where they mean nothing.
private struct CharsetTable {
    var encoding: WebEncoding
    var scalars: [Unicode.Scalar?]

    init?(_ label: String) {
        guard let encoding = WebEncoding(label: label) else { return nil }
        self.encoding = encoding
        self.scalars = (UInt8(0x80)...0xFF).map { byte in
            var replaced = 0
            var output: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
            let count = withUnsafeBytes(of: byte) { input in
                output.withUnsafeMutableBytes {
                    cicu_convert(
                        encoding.converter,
                        input.bindMemory(to: CChar.self).baseAddress,
                        1,
                        $0.bindMemory(to: CChar.self).baseAddress,
                        8,
                        &replaced
                    )
                }
            }
            guard count > 0, replaced == 0 else { return nil }
            let scalar = String(decoding: output[..<count], as: UTF8.self).unicodeScalars.first
            return scalar.flatMap { (0x80...0x9F).contains($0.value) ? nil : $0 }
        }
    }
}

/// The natural logarithm, which Glibc has for doubles under the same name as this room's files use.
private func logarithm(_ value: Float) -> Float {
    // ln x = 2 artanh((x - 1) / (x + 1)), after bringing x near 1.
    var mantissa = value
    var exponent: Float = 0
    while mantissa < 0.75 {
        mantissa *= 2
        exponent -= 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    let series = ratio * (1 + square * (1 / 3 + square * (1 / 5 + square / 7)))
    return 2 * series + exponent * 0.693_147_2
}

/// Quotation marks, dashes and signs that texts of any language have.
private let marks = Set("„“”‚‘’«»‹›–—…·•§°©®€£¿¡ºª№\u{A0}\u{AD}½¼²³×".unicodeScalars)

/// Small letters beyond ASCII by language, frequent ones first, and the charsets they were written
/// in.
///
/// - Source: the exemplar characters of the Unicode CLDR; the order is a choice that needs to be
///   right roughly.
private let alphabets: [(charsets: [String], letters: [String])] = [
    (
        ["windows-1252", "macintosh"],
        [
            "üäöß", "éèàêçâîôùûëïœæü", "óíáéñúü", "ãçáéíóêõâúàô", "èàùòìé", "äåöé", "øåæé",
            "íðáéóöýúþæ", "ëéïèöü", "óàèéíòúçïü", "ëç",
        ]
    ),
    (
        ["windows-1250", "iso-8859-2"],
        [
            "łąęóżśćńź", "íáéěřčžýšůúňťďó", "áíčéýžšúľťôňäďóŕĺ", "áéöóőüíúű", "čšžćđ", "ăţşîâ",
        ]
    ),
    (["windows-1254"], ["ıüşçğöâîİ"]),
    (["windows-1257"], ["ėšųžįąčęū", "āīēšņžūļķģč", "äõüöšž"]),
    (["windows-1258"], ["đ\u{301}àáưô\u{323}\u{300}êâơăóéíúèù\u{309}\u{303}"]),
    (
        ["windows-1251", "koi8-r", "iso-8859-5", "ibm866"],
        ["оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ", "аоиетнрсвлкдпмзягбучцжшъйхфщюь"]
    ),
    (
        ["windows-1251", "koi8-u", "iso-8859-5"],
        ["оаинвіртескмлдупязьбгчйхжїцюшєщфґ", "аінояетрслкдумпвзыбьгчйжўхцшюэфё"]
    ),
    (
        ["windows-1251", "iso-8859-5"],
        ["аоиенрјсткувдлмпзбгчшцжљхњћђфџ", "аоиетнрсвдлкпмзгујбшчцжхњќљфѓџѕ"]
    ),
    (["windows-1253", "iso-8859-7"], ["αοιετσνηυρπκμλςόίήάγέδχωύθώβφξζψϊϋ"]),
    (["windows-1255", "iso-8859-8"], ["יוהלאמרתבשנםדעחקפטכזגסצןךףץ"]),
    (
        ["windows-1256", "iso-8859-6"],
        [
            "الينمرتوبةعدفهسكقحجأشصطخىضذثزءئإظآغؤ،؛؟",
            "ايرنمدهتوشسكبزلگخقفآحجعپصطچضذظغژثئء،؛؟\u{200C}",
        ]
    ),
    (
        ["windows-874"],
        [
            "าร่นกอเง้มยัลวดทสติปะบคหีแจพชข์ใไุืูโผถซ็ณธศำษฐภึฉญฟฝๆฎฏฑฌฮฬ๊๋ฯ"
        ]
    ),
]
