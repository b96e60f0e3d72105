internal import Records

/// The name of a book's package document.
///
/// - Source: EPUB 3.3, §4.2.6.3.1; the first rendition is the default one.
func packageDocumentName(in archive: inout ZipArchive) throws(ExtractionError) -> String {
    let reader = ContainerReader()
    if let part = try archive.read("META-INF/container.xml", byteLimit: 1 << 20) {
        try readXML(part, into: reader)
    }
    guard let path = reader.path, let name = resolvedPartName(path, from: "") else {
        throw ExtractionError(.corrupt, "the zip file names no book in META-INF/container.xml")
    }
    return name
}

private final class ContainerReader: XMLEvents {
    private(set) var path: String?

    func start(_ element: XMLElement) {
        guard element.name.local == "rootfile", self.path == nil else { return }
        self.path = element["full-path"]
    }

    func end(_ name: XMLName) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// The parts that are encrypted by anything but a mangling of fonts.
func encryptedParts(in archive: inout ZipArchive) throws(ExtractionError) -> Set<String> {
    guard let part = try archive.read("META-INF/encryption.xml", byteLimit: 16 << 20) else {
        return []
    }
    let reader = EncryptionReader()
    try readXML(part, into: reader)
    return reader.names
}

/// - Source: EPUB 3.3, §4.2.6.3.2 and §4.4; Adobe's older way to mangle fonts has a name of its own.
private let fontManglings: Set<String> = [
    "http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC",
]

private final class EncryptionReader: XMLEvents {
    private(set) var names: Set<String> = []
    private var isEncrypted = false
    private var pending: [String] = []
    /// Keys have a method of their own.
    private var isInKey = false

    func start(_ element: XMLElement) {
        switch element.name.local {
        case "EncryptedData":
            self.isEncrypted = true
            self.pending.removeAll()
        case "KeyInfo", "EncryptedKey": self.isInKey = true
        case "EncryptionMethod" where !self.isInKey:
            self.isEncrypted = !fontManglings.contains(element["Algorithm"] ?? "")
        case "CipherReference":
            if let name = element["URI"].flatMap({ resolvedPartName($0, from: "") }) {
                self.pending.append(name)
            }
        default: break
        }
    }

    func end(_ name: XMLName) {
        switch name.local {
        case "KeyInfo", "EncryptedKey": self.isInKey = false
        case "EncryptedData":
            if self.isEncrypted { self.names.formUnion(self.pending) }
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
