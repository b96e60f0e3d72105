import CCLD2

/// What CLD2 says of one piece of text, in our codes.
struct Classification {
    struct Language {
        var language: String
        /// Share of the letters, 0 to 100.
        var percent: Int
        /// CLD2's score per 1024 letter bytes; about 1000 for ordinary text.
        var score: Double
    }

    /// Known languages by falling share, at most three.
    var languages: [Language] = []
    var isReliable = false
    var letterBytes = 0
    var byteCount = 0
    /// False for text that is not UTF-8: nothing was detected.
    var isValid = false
}

func classify(_ text: UnsafeBufferPointer<UInt8>, hint: String?) -> Classification {
    guard let base = text.baseAddress, !text.isEmpty, text.count <= Int(Int32.max) else {
        return Classification()
    }
    var result = ccld2_result()
    base.withMemoryRebound(to: CChar.self, capacity: text.count) {
        ccld2_detect($0, Int32(text.count), hint, &result, nil, 0)
    }
    var found = Classification()
    found.letterBytes = Int(result.letter_bytes)
    found.byteCount = text.count
    found.isReliable = result.is_reliable != 0
    found.isValid = Int(result.valid_bytes) == text.count
    guard found.isValid else { return found }
    let candidates = [result.languages.0, result.languages.1, result.languages.2]
    for candidate in candidates where candidate.percent > 0 {
        guard let language = languageCode(candidate.code) else { continue }
        found.languages.append(
            Classification.Language(
                language: language,
                percent: Int(candidate.percent),
                score: candidate.score
            )
        )
    }
    return found
}

/// The BCP-47 code of a CLD2 code; nil for CLD2's codes of scripts, jokes and the unknown.
///
/// Chinese in simplified characters is `zh`, in traditional ones `zh-Hant`.
func languageCode(_ code: UnsafePointer<CChar>?) -> String? {
    guard let code else { return nil }
    let name = String(cString: code)
    switch name {
    case "un", "zzp", "zzb", "zze", "zzh", "tlh": return nil
    case "iw": return "he"
    case "no": return "nb"
    case "jw": return "jv"
    case "in": return "id"
    case "fil": return "tl"
    case "mo": return "ro"
    case "sr-ME": return "sr"
    case "zh-Hans": return "zh"
    default: return name.hasPrefix("xx") ? nil : name
    }
}
