internal import Bytes

/// The attributes extraction reads; every other one is skipped by the prescan.
enum HTMLAttribute: UInt8, CaseIterable, Sendable {
    case `class`, id, href, style, role, itemprop, lang, content, property, name, rel, datetime
    case type, colspan, rowspan, start, hidden, ariaHidden, dataLang, dataLanguage, checked,
        disabled
    case ariaControls, ariaExpanded, dataTarget, dataBsTarget, shadowrootmode, display, alttext,
        itemtype
    case dataWebflow, dataAOS, epubType, media

    fileprivate var sourceName: String {
        switch self {
        case .ariaHidden: "aria-hidden"
        case .dataLang: "data-lang"
        case .dataLanguage: "data-language"
        case .ariaControls: "aria-controls"
        case .ariaExpanded: "aria-expanded"
        case .dataTarget: "data-target"
        case .dataBsTarget: "data-bs-target"
        case .dataWebflow: "data-w-id"
        case .dataAOS: "data-aos"
        case .epubType: "epub:type"
        default: "\(self)"
        }
    }
}

/// Finds attributes by name: open addressing over packed names.
private struct AttributeTable: Sendable {
    static let shared = AttributeTable()

    private static let slotCount = 64
    private var keys = [TagName](repeating: TagName(), count: Self.slotCount)
    private var attributes = [HTMLAttribute](repeating: .class, count: Self.slotCount)

    private init() {
        for attribute in HTMLAttribute.allCases {
            let key = TagName(attribute.sourceName)
            var slot = Self.slot(of: key)
            while self.keys[slot].low != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
            self.keys[slot] = key
            self.attributes[slot] = attribute
        }
    }

    @inline(__always)
    private static func slot(of name: TagName) -> Int {
        Int(((name.low ^ name.high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 58)
    }

    func attribute(named name: TagName) -> HTMLAttribute? {
        var slot = Self.slot(of: name)
        while self.keys[slot].low != 0 {
            if self.keys[slot] == name { return self.attributes[slot] }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return nil
    }
}

/// The attributes of one tag as ranges of the source; the first of a name counts, as in browsers.
struct TagAttributes {
    /// More than any page needs; a tag with 50,000 is an attack on quadratic parsers.
    private static let countLimit = 64
    /// Of the longest name that is read.
    private static let nameByteLimit = 14
    /// Long values are data URIs and inlined state; what is cut is never text.
    private static let valueByteLimit = 8_192

    private let table = AttributeTable.shared
    private var present: UInt64 = 0
    private var count = 0
    private var ranges = [SourceRange](repeating: .empty, count: HTMLAttribute.allCases.count)

    var isEmpty: Bool { self.present == 0 }

    func has(_ attribute: HTMLAttribute) -> Bool { self.present & (1 << attribute.rawValue) != 0 }

    /// Whether the tag names what it opens.
    var hasControls: Bool {
        self.has(.ariaControls) || self.has(.dataTarget) || self.has(.dataBsTarget)
    }

    subscript(attribute: HTMLAttribute) -> SourceRange {
        self.has(attribute) ? self.ranges[Int(attribute.rawValue)] : .empty
    }

    /// Reads the attributes from `index`, just after the tag's name.
    ///
    /// - Returns: the index after the tag's `>`, or the byte count where the tag never ends, and
    ///   whether it closes itself.
    mutating func scan(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from index: Int
    ) -> (end: Int, isSelfClosing: Bool) {
        self.present = 0
        self.count = 0
        var cursor = index
        while cursor < bytes.count {
            let byte = bytes[cursor]
            if byte == 0x3E { return (cursor + 1, bytes[cursor - 1] == 0x2F) }
            if isHTMLBlank(byte) || byte == 0x2F {
                cursor += 1
            } else {
                cursor = self.scanAttribute(bytes, from: cursor)
            }
        }
        return (bytes.count, false)
    }

    private mutating func scanAttribute(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int {
        var cursor = start
        while cursor < bytes.count {
            let byte = bytes[cursor]
            if byte <= 0x3E, endsName(byte) || (byte == 0x3D && cursor > start) { break }
            cursor += 1
        }
        let nameEnd = cursor
        while cursor < bytes.count, isHTMLBlank(bytes[cursor]) { cursor += 1 }
        var value = SourceRange(start: Int32(cursor), end: Int32(cursor))
        if cursor < bytes.count, bytes[cursor] == 0x3D {
            cursor += 1
            while cursor < bytes.count, isHTMLBlank(bytes[cursor]) { cursor += 1 }
            (value, cursor) = Self.scanValue(bytes, from: cursor)
        }
        self.count += 1
        if self.count <= Self.countLimit, nameEnd - start <= Self.nameByteLimit,
            let known = self.table.attribute(named: TagName(bytes, from: start, to: nameEnd)),
            !self.has(known)
        {
            self.present |= 1 << known.rawValue
            self.ranges[Int(known.rawValue)] = value
        }
        return cursor
    }

    private static func scanValue(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> (SourceRange, Int) {
        guard start < bytes.count else { return (.empty, start) }
        let quote = bytes[start]
        var first = start
        var end = start
        var next = start
        if quote == 0x22 || quote == 0x27 {
            first = start + 1
            end = firstIndex(of: quote, in: bytes, from: first) ?? bytes.count
            next = min(end + 1, bytes.count)
        } else {
            while end < bytes.count, bytes[end] != 0x3E, !isHTMLBlank(bytes[end]) { end += 1 }
            next = end
        }
        end = min(end, first + Self.valueByteLimit)
        // The text must stay valid UTF-8 where the cut falls inside a sequence.
        while end > first, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return (SourceRange(start: Int32(first), end: Int32(end)), next)
    }
}
