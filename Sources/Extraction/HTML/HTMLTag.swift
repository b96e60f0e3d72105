/// The elements extraction tells apart.
enum HTMLTag: UInt8, CaseIterable, Sendable {
    // Containers every reader treats as a plain box.
    case div, article, section, nav, header, footer, main, aside, figure, figcaption, details
    case summary, dialog, hgroup, address, center, form, fieldset, legend
    case search, custom
    // Structure.
    case p, h1, h2, h3, h4, h5, h6
    case ul, ol, menu, dir, li, dl, dt, dd
    case table, caption, thead, tbody, tfoot, tr, td, th
    case blockquote, pre, listing, xmp
    case a
    // Inline elements that change nothing in the text.
    case span, b, i, em, strong, u, s, strike, del, ins, font, big, small, tt, code, kbd, samp
    case `var`, cite, q, dfn, abbr, acronym, sub, sup, mark, time, data, label, bdo, bdi, nobr
    case blink, ruby, rb, math, unknown
    // Breaks.
    case br, hr, wbr
    // Void elements without text.
    case img, input, col, colgroup, area, source, track, embed, param, frame
    // Whole content is not text.
    case script, style, noscript, iframe, noembed, noframes, template, svg, video, audio, canvas
    case object, applet, map, select, button, textarea, datalist, annotation, rt, rp, marquee
    case progress, meter, plaintext
    // The page itself.
    case html, head, body, title, meta, link, base
    /// Not an element: a run of text in the arena.
    case text

    /// How the prescan treats an element.
    enum Role: UInt8, Sendable {
        /// Kept; nests like a `div`.
        case box
        /// Kept; nests by rules of its own.
        case structure
        /// Only dropped or kept for what its attributes say.
        case inline
        case anchor
        case lineBreak
        case void
        /// Dropped with all it holds.
        case skipped
        case page
    }

    var role: Role {
        switch self {
        case .div, .article, .section, .nav, .header, .footer, .main, .aside, .figure, .figcaption,
            .details, .summary, .dialog, .hgroup, .address, .center, .form, .fieldset, .legend,
            .search, .custom:
            .box
        case .p, .h1, .h2, .h3, .h4, .h5, .h6, .ul, .ol, .menu, .dir, .li, .dl, .dt, .dd, .table,
            .caption, .thead, .tbody, .tfoot, .tr, .td, .th, .blockquote, .pre, .listing, .xmp:
            .structure
        case .a: .anchor
        case .span, .b, .i, .em, .strong, .u, .s, .strike, .del, .ins, .font, .big, .small, .tt,
            .code, .kbd, .samp, .var, .cite, .q, .dfn, .abbr, .acronym, .sub, .sup, .mark, .time,
            .data, .label, .bdo, .bdi, .nobr, .blink, .ruby, .rb, .math, .unknown:
            .inline
        case .br, .hr, .wbr: .lineBreak
        case .img, .input, .col, .colgroup, .area, .source, .track, .embed, .param, .frame: .void
        case .script, .style, .noscript, .iframe, .noembed, .noframes, .template, .svg, .video,
            .audio, .canvas, .object, .applet, .map, .select, .button, .textarea, .datalist,
            .annotation, .rt, .rp, .marquee, .progress, .meter, .plaintext:
            .skipped
        case .html, .head, .body, .title, .meta, .link, .base, .text: .page
        }
    }

    var isHeading: Bool { self.rawValue >= Self.h1.rawValue && self.rawValue <= Self.h6.rawValue }

    /// 1 to 6 for headings, otherwise 0.
    var headingLevel: UInt8 { self.isHeading ? self.rawValue - Self.h1.rawValue + 1 : 0 }

    var isList: Bool { self == .ul || self == .ol || self == .menu || self == .dir }

    var isPreformatted: Bool { self == .pre || self == .listing || self == .xmp }

    var name: String { "\(self)" }
}

/// A tag name packed into 16 bytes, so that finding its tag compares two words.
struct TagName: Hashable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    init() {}

    init(_ name: String) {
        var name = name
        self = name.withUTF8 { TagName($0, from: 0, to: $0.count) }
    }

    /// The first 16 bytes of a name, in lower case.
    ///
    /// Bytes other than letters may change too; of those only controls change into any that the name
    /// of an element or attribute has.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
        self.low = Self.word(bytes, from: start, to: end)
        if end - start > 8 { self.high = Self.word(bytes, from: start + 8, to: end) }
    }

    /// Up to eight bytes; those after the end are 0.
    @inline(__always)
    private static func word(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int,
        to end: Int
    ) -> UInt64 {
        let lower: UInt64 = 0x2020_2020_2020_2020
        let count = min(8, end - start)
        guard count > 0 else { return 0 }
        if start + 8 <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) {
            let word = base.loadUnaligned(fromByteOffset: start, as: UInt64.self) | lower
            return UInt64(littleEndian: word) & (UInt64.max >> UInt64(64 - 8 * count))
        }
        var word: UInt64 = 0
        for offset in 0..<count {
            word |= UInt64(bytes[start + offset] | 0x20) << UInt64(8 * offset)
        }
        return word
    }
}

/// Finds tags by name: open addressing over packed names.
struct TagTable: Sendable {
    static let shared = TagTable()

    private static let slotCount = 512
    private var keys: [(UInt64, UInt64)]
    private var tags: [HTMLTag]

    private init() {
        self.keys = Array(repeating: (0, 0), count: Self.slotCount)
        self.tags = Array(repeating: .unknown, count: Self.slotCount)
        let aliases: [(String, HTMLTag)] = [
            ("image", .img), ("isindex", .input), ("keygen", .input),
        ]
        let names = HTMLTag.allCases.filter { $0 != .text && $0 != .custom && $0 != .unknown }
            .map { ($0.name, $0) }
        for (name, tag) in names + aliases {
            let key = TagName(name)
            var slot = Self.slot(of: key)
            while self.keys[slot] != (0, 0) { slot = (slot + 1) & (Self.slotCount - 1) }
            self.keys[slot] = (key.low, key.high)
            self.tags[slot] = tag
        }
    }

    @inline(__always)
    private static func slot(of name: TagName) -> Int {
        Int(((name.low ^ name.high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }

    func tag(named name: TagName) -> HTMLTag {
        var slot = Self.slot(of: name)
        while self.keys[slot] != (0, 0) {
            if self.keys[slot] == (name.low, name.high) { return self.tags[slot] }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return .unknown
    }
}
