/// Where on a printed page something stands, so that a citation can point at it.
///
/// - Units: whole points (1/72 inch) from the top left of the page as shown, y growing downwards.
package struct PagePlace: Hashable, Sendable {
    /// The page's printed number, such as `iv` or `A-3`; its position in the file when it has none.
    package var label: String
    package var left: UInt16
    package var top: UInt16
    package var right: UInt16
    package var bottom: UInt16

    package init(label: String, left: UInt16, top: UInt16, right: UInt16, bottom: UInt16) {
        self.label = label
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// The smallest box of whole points around the given one; what lies off the page is cut.
    package static func around(
        left: Float,
        top: Float,
        right: Float,
        bottom: Float,
        label: String
    ) -> PagePlace {
        func points(_ value: Float) -> UInt16 {
            value.isFinite ? UInt16(max(0, min(value, Float(UInt16.max)))) : 0
        }
        return PagePlace(
            label: label,
            left: points(left.rounded(.down)),
            top: points(top.rounded(.down)),
            right: points(right.rounded(.up)),
            bottom: points(bottom.rounded(.up))
        )
    }

    /// The smallest box around both, on the page of the first.
    package func union(_ other: PagePlace) -> PagePlace {
        PagePlace(
            label: self.label,
            left: min(self.left, other.left),
            top: min(self.top, other.top),
            right: max(self.right, other.right),
            bottom: max(self.bottom, other.bottom)
        )
    }

    /// Left, top, right, bottom.
    package var edges: [UInt16] { [self.left, self.top, self.right, self.bottom] }

    /// The edges as JSON shows them.
    package var box: [Int] { self.edges.map(Int.init) }
}

/// Places beside the list they belong to: nothing when no entry has one.
///
/// Labels are written where they change, and boxes as differences of small numbers.
extension [PagePlace?] {
    package func encode(to writer: inout ByteWriter) {
        guard self.contains(where: { $0 != nil }) else {
            writer.write(count: 0)
            return
        }
        writer.write(count: self.count)
        var label = ""
        for place in self {
            guard let place else {
                writer.write(UInt8(0))
                continue
            }
            writer.write(UInt8(place.label == label ? 1 : 2))
            if place.label != label { writer.write(place.label) }
            label = place.label
            for value in place.box { writer.write(count: value) }
        }
    }

    /// - Parameter count: entries of the list; all are nil where no place was written.
    package init(from reader: inout ByteReader, count: Int) throws {
        let written = try reader.readCount()
        guard written > 0 else {
            self.init(repeating: nil, count: count)
            return
        }
        guard written == count else {
            throw ByteReaderError(
                offset: reader.offset,
                message: "\(written) places for \(count) entries"
            )
        }
        self.init()
        self.reserveCapacity(count)
        var label = ""
        for _ in 0..<count {
            let tag = try reader.readByte()
            guard tag > 0 else {
                self.append(nil)
                continue
            }
            if tag == 2 { label = try reader.readString() }
            self.append(try PagePlace(label: label, from: &reader))
        }
    }
}

extension PagePlace {
    fileprivate init(label: String, from reader: inout ByteReader) throws {
        func point() throws -> UInt16 { UInt16(clamping: try reader.readCount()) }
        self.init(
            label: label,
            left: try point(),
            top: try point(),
            right: try point(),
            bottom: try point()
        )
    }
}
