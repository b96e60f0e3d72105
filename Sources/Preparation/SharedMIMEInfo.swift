internal import Bytes
internal import Records
internal import Storage

/// What the shared MIME database of the machine says of documents that nothing here reads.
///
/// It is asked only where a document is refused. Without the database a type is called by its own
/// name, and bytes of no known type stay unknown.
///
/// - Source: freedesktop.org, "Shared MIME-info Database", version 0.21.
enum SharedMIMEInfo {
    /// The only folder that is read; the sandbox lets a worker read it.
    static let folder = "/usr/share/mime"

    private static let fileByteLimit = 4 << 20

    /// What people call a type, in English: the first comment of the type's file.
    static func name(of type: MediaType) -> String? {
        let parts = type.name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(self.isFileName) else { return nil }
        guard let text = self.read("\(type.name).xml") else { return nil }
        guard let open = text.firstRange(of: Array("<comment>".utf8)),
            let close = text[open.upperBound...].firstRange(of: Array("</comment>".utf8))
        else { return nil }
        let name = text[open.upperBound..<close.lowerBound].filter { $0 >= .space }
        return name.isEmpty || name.count > 200 ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The type that the first bytes of a document show.
    static func type(of bytes: [UInt8]) -> MediaType? { self.magic?.type(of: bytes) }

    /// Read once in the life of a process: a folder may hold many documents that nothing reads.
    private static let magic = read("magic").flatMap { MIMEMagic($0) }

    private static func isFileName(_ part: Substring) -> Bool {
        !part.isEmpty && part.first != "."
            && part.utf8.allSatisfy { $0.isASCIIAlphanumeric || ".+-_".utf8.contains($0) }
    }

    private static func read(_ name: String) -> [UInt8]? {
        try? readFile("\(self.folder)/\(name)", maximumBytes: self.fileByteLimit)
    }
}
