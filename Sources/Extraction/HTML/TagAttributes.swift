/// The attributes extraction reads; every other one is skipped by the prescan.
enum HTMLAttribute: UInt8, CaseIterable, Sendable {
    case `class`, id, href, style, role, itemprop, lang, content, property, name, rel, datetime
    case type, colspan, start, hidden, ariaHidden, dataLang, dataLanguage

    fileprivate static func named(_ name: TagName, length: Int) -> HTMLAttribute? {
        guard length >= 2, length <= 13 else { return nil }
        for row in rows where row.length == length && row.name == name { return row.attribute }
        return nil
    }

    private struct Row {
        let name: TagName
        let length: Int
        let attribute: HTMLAttribute
    }

    private static let rows: [Row] = HTMLAttribute.allCases.map { attribute in
        let name =
            switch attribute {
            case .ariaHidden: "aria-hidden"
            case .dataLang: "data-lang"
            case .dataLanguage: "data-language"
            default: "\(attribute)"
            }
        return Row(name: TagName(name), length: name.utf8.count, attribute: attribute)
    }
}

/// The attributes of one tag as ranges of the source; the first of a name counts, as in browsers.
struct TagAttributes {
    /// More than any page needs; a tag with 50,000 is an attack on quadratic parsers.
    private static let countLimit = 64
    /// Long values are data URIs and inlined state; what is cut is never text.
    private static let valueByteLimit = 8_192

    private var present: UInt32 = 0
    private var count = 0
    private var ranges = [SourceRange](repeating: .empty, count: HTMLAttribute.allCases.count)

    var isEmpty: Bool { self.present == 0 }

    func has(_ attribute: HTMLAttribute) -> Bool { self.present & (1 << attribute.rawValue) != 0 }

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
        var name = TagName()
        while cursor < bytes.count {
            let byte = bytes[cursor]
            if byte == 0x3E || byte == 0x2F || isHTMLBlank(byte) || (byte == 0x3D && cursor > start)
            {
                break
            }
            name.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte, at: cursor - start)
            cursor += 1
        }
        let length = cursor - start
        while cursor < bytes.count, isHTMLBlank(bytes[cursor]) { cursor += 1 }
        var value = SourceRange(start: Int32(cursor), end: Int32(cursor))
        if cursor < bytes.count, bytes[cursor] == 0x3D {
            cursor += 1
            while cursor < bytes.count, isHTMLBlank(bytes[cursor]) { cursor += 1 }
            (value, cursor) = Self.scanValue(bytes, from: cursor)
        }
        self.count += 1
        if self.count <= Self.countLimit, let known = HTMLAttribute.named(name, length: length),
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
