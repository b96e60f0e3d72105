/// The encodings of the web and the labels they go by.
///
/// - Source: WHATWG Encoding Standard, §4.2 "Names and labels". Latin-1 and ASCII are windows-1252
///   there, as in browsers.
package struct WebEncoding: Sendable, Hashable {
    /// The standard's name, lower case: `windows-1252`.
    package let name: String
    /// What ICU calls the closest converter.
    let converter: String

    /// The encoding a label stands for, in any case, with blanks around it; nil for unknown ones.
    package init?(label: String) {
        let key = label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        guard let row = Self.rows.first(where: { $0.labels.contains(key) }) else { return nil }
        self.name = row.name
        self.converter = row.converter
    }

    init(name: String, converter: String) {
        self.name = name
        self.converter = converter
    }

    package static let utf8 = WebEncoding(name: "utf-8", converter: "UTF-8")
    static let utf16LittleEndian = WebEncoding(name: "utf-16le", converter: "UTF-16LE")
    static let utf16BigEndian = WebEncoding(name: "utf-16be", converter: "UTF-16BE")
    static let utf32LittleEndian = WebEncoding(name: "utf-32le", converter: "UTF-32LE")
    static let utf32BigEndian = WebEncoding(name: "utf-32be", converter: "UTF-32BE")
    static let windows1252 = WebEncoding(name: "windows-1252", converter: "ibm-5348_P100-1997")

    var isUTF16: Bool { self.name.hasPrefix("utf-16") }

    private struct Row {
        let name: String
        let converter: String
        let labels: Set<String>

        init(_ name: String, _ converter: String, _ labels: String) {
            self.name = name
            self.converter = converter
            self.labels = Set(labels.split(separator: " ").map(String.init) + [name])
        }
    }

    private static let rows: [Row] = [
        Row("utf-8", "UTF-8", "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8"),
        Row(
            "windows-1252",
            "ibm-5348_P100-1997",
            """
            ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 \
            iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252 latin-1 ansi
            """
        ),
        Row(
            "iso-8859-2",
            "ISO-8859-2",
            "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"
        ),
        Row(
            "iso-8859-3",
            "ISO-8859-3",
            "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"
        ),
        Row(
            "iso-8859-4",
            "ISO-8859-4",
            "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"
        ),
        Row(
            "iso-8859-5",
            "ISO-8859-5",
            "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"
        ),
        Row(
            "iso-8859-6",
            "ISO-8859-6",
            """
            arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e \
            iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
            """
        ),
        Row(
            "iso-8859-7",
            "ISO-8859-7",
            """
            csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 \
            iso_8859-7 iso_8859-7:1987 sun_eu_greek
            """
        ),
        Row(
            "iso-8859-8",
            "ISO-8859-8",
            """
            csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8-e iso-8859-8-i logical \
            visual iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988
            """
        ),
        Row("iso-8859-10", "iso-8859_10-1998", "csisolatin6 iso-ir-157 iso8859-10 l6 latin6"),
        Row("iso-8859-13", "ISO-8859-13", "iso8859-13 iso885913"),
        Row("iso-8859-14", "iso-8859_14-1998", "iso8859-14 iso885914"),
        Row("iso-8859-15", "ISO-8859-15", "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 latin9"),
        Row("koi8-r", "KOI8-R", "cskoi8r koi koi8 koi8_r"),
        Row("koi8-u", "KOI8-U", "koi8-ru"),
        Row("macintosh", "macintosh", "csmacintosh mac x-mac-roman"),
        Row("x-mac-cyrillic", "x-mac-cyrillic", "x-mac-ukrainian"),
        Row("ibm866", "IBM866", "866 cp866 csibm866"),
        Row(
            "windows-874",
            "windows-874-2000",
            "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"
        ),
        Row("windows-1250", "windows-1250", "cp1250 x-cp1250"),
        Row("windows-1251", "windows-1251", "cp1251 x-cp1251"),
        Row("windows-1253", "windows-1253", "cp1253 x-cp1253"),
        Row(
            "windows-1254",
            "windows-1254",
            """
            cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 \
            iso_8859-9:1989 l5 latin5 x-cp1254
            """
        ),
        Row("windows-1255", "windows-1255", "cp1255 x-cp1255"),
        Row("windows-1256", "windows-1256", "cp1256 x-cp1256"),
        Row("windows-1257", "windows-1257", "cp1257 x-cp1257"),
        Row("windows-1258", "windows-1258", "cp1258 x-cp1258"),
        Row(
            "gb18030",
            "gb18030",
            """
            gbk gb2312 chinese csgb2312 csiso58gb231280 gb_2312 gb_2312-80 iso-ir-58 x-gbk \
            cp936 ms936 windows-936
            """
        ),
        Row("big5", "Big5-HKSCS", "big5-hkscs cn-big5 csbig5 x-x-big5 cp950"),
        Row("euc-jp", "EUC-JP", "cseucpkdfmtjapanese x-euc-jp"),
        Row("iso-2022-jp", "ISO-2022-JP", "csiso2022jp"),
        Row(
            "shift_jis",
            "windows-31j",
            "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932"
        ),
        Row(
            "euc-kr",
            "windows-949-2000",
            """
            cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 \
            ksc_5601 windows-949 cp949 uhc
            """
        ),
        Row("utf-16be", "UTF-16BE", "unicodefffe"),
        Row("utf-16le", "UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16"),
        Row("utf-32le", "UTF-32LE", "utf-32"),
        Row("utf-32be", "UTF-32BE", ""),
    ]
}
