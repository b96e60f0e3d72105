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
        /// Kept, under the skeleton name `div`.
        case box
        /// Kept under its own name.
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

    @inline(__always)
    mutating func append(_ byte: UInt8, at index: Int) {
        if index < 8 {
            self.low |= UInt64(byte) << UInt64(index * 8)
        } else if index < 16 {
            self.high |= UInt64(byte) << UInt64((index - 8) * 8)
        }
    }

    init() {}

    init(_ name: String) {
        for (index, byte) in name.utf8.enumerated() { self.append(byte, at: index) }
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
