/// Text of a mail in the charset it names; of one that names none or an unknown one, as its bytes tell.
func decodedMailText(_ bytes: [UInt8], charset: String?) -> DecodedText {
    if let charset, let encoding = mailOnlyEncodings[charset.lowercased()] {
        return bytes.withUnsafeBytes { convert($0, from: encoding, isGuessed: false) }
    }
    return decodeText(bytes, declared: charset)
}

/// Charsets that mail has and the web has not.
///
/// - Source: RFC 2152; the charset registry at IANA for the others.
private let mailOnlyEncodings: [String: WebEncoding] = [
    "utf-7": WebEncoding(name: "utf-7", converter: "UTF-7"),
    "unicode-1-1-utf-7": WebEncoding(name: "utf-7", converter: "UTF-7"),
    "cp437": WebEncoding(name: "cp437", converter: "ibm-437_P100-1995"),
    "ibm437": WebEncoding(name: "cp437", converter: "ibm-437_P100-1995"),
    "cp850": WebEncoding(name: "cp850", converter: "ibm-850_P100-1995"),
    "ibm850": WebEncoding(name: "cp850", converter: "ibm-850_P100-1995"),
    "iso-2022-kr": WebEncoding(name: "iso-2022-kr", converter: "ISO-2022-KR"),
    "iso-2022-cn": WebEncoding(name: "iso-2022-cn", converter: "ISO-2022-CN"),
]
