internal import Bytes
internal import CXML2

/// The entities that a document type declares, as plain text.
///
/// libxml2 is given each as if XML itself had it, so that its text is neither parsed nor expanded
/// again. What an entity stands for is bounded, and so is all that they stand for together; elements
/// in it are left out, and so is what lies outside of the file.
final class XMLEntities {
    private static let entityByteLimit = 64 << 10
    private static let totalByteLimit = 4 << 20
    private static let countLimit = 5_000
    private static let depthLimit = 16

    private var declared: [String: [UInt8]] = [:]
    private var made: [String: xmlEntityPtr] = [:]
    private var total = 0
    private(set) var isOverLimit = false

    deinit {
        for entity in self.made.values {
            entity.pointee.content?.deallocate()
            entity.deallocate()
        }
    }

    /// - Parameter content: nil for an entity outside of the file, which stands for nothing.
    func declare(_ name: UnsafePointer<xmlChar>, _ content: UnsafePointer<xmlChar>?) {
        let name = String(cString: name)
        // Of two declarations the first counts (XML 1.0, section 4.2).
        guard self.declared[name] == nil else { return }
        guard self.declared.count < Self.countLimit else {
            self.isOverLimit = true
            return
        }
        let bytes = content.map { Array(UnsafeBufferPointer(start: $0, count: Int(xmlStrlen($0)))) }
        guard bytes.map({ $0.count <= Self.entityByteLimit }) ?? true else {
            self.isOverLimit = true
            return
        }
        self.declared[name] = bytes ?? []
    }

    /// Nil for a name that was not declared.
    func entity(_ name: UnsafePointer<xmlChar>) -> xmlEntityPtr? {
        let name = String(cString: name)
        guard let source = self.declared[name] else { return nil }
        if let entity = self.made[name] {
            self.total += Int(entity.pointee.length) + 1
            self.isOverLimit = self.isOverLimit || self.total > Self.totalByteLimit
            return entity
        }
        let text = withoutElements(self.expanded(source, depth: 0))
        guard !self.isOverLimit else { return nil }
        self.total += text.count + 1
        let content = UnsafeMutablePointer<xmlChar>.allocate(capacity: text.count + 1)
        content.initialize(repeating: 0, count: text.count + 1)
        for (index, byte) in text.enumerated() { content[index] = byte }
        let entity = xmlEntityPtr.allocate(capacity: 1)
        entity.initialize(to: xmlEntity())
        entity.pointee.type = XML_ENTITY_DECL
        entity.pointee.etype = XML_INTERNAL_PREDEFINED_ENTITY
        entity.pointee.content = content
        entity.pointee.length = Int32(text.count)
        self.made[name] = entity
        return entity
    }

    /// Text with the entities it names; a name of nothing stays as it is.
    private func expanded(_ text: [UInt8], depth: Int) -> [UInt8] {
        guard text.contains(.ampersand), !self.isOverLimit else { return text }
        guard depth < Self.depthLimit else {
            self.isOverLimit = true
            return []
        }
        var output: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            if byte == .ampersand, let end = rest.prefix(66).firstIndex(of: .semicolon),
                let value = self.value(of: rest[(rest.startIndex + 1)..<end])
            {
                output += self.expanded(value, depth: depth + 1)
                rest = rest[(end + 1)...]
            } else {
                output.append(byte)
                rest = rest.dropFirst()
            }
            guard output.count <= Self.entityByteLimit else {
                self.isOverLimit = true
                return []
            }
        }
        return output
    }

    private func value(of name: ArraySlice<UInt8>) -> [UInt8]? {
        let name = String(decoding: name, as: UTF8.self)
        return Self.predefined[name] ?? self.declared[name]
    }

    private static let predefined: [String: [UInt8]] = [
        "amp": [.ampersand], "lt": [.lessThan], "gt": [.greaterThan], "quot": [.quotationMark],
        "apos": [.apostrophe],
    ]
}

/// Text without what stands between angle brackets.
private func withoutElements(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(.lessThan) else { return text }
    var output: [UInt8] = []
    var isInside = false
    for byte in text {
        if byte == .lessThan { isInside = true }
        if !isInside { output.append(byte) }
        if byte == .greaterThan { isInside = false }
    }
    return output
}
