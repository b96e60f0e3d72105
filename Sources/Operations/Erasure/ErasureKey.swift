internal import Bytes
internal import Hashing
internal import Records
internal import Storage

/// The key of a workspace that signs receipts, and of which the one is derived that names forgotten documents.
struct ErasureKey: Sendable {
    let signing: SigningKey
    /// Of the digests that say which documents are forgotten: who has only the list cannot try out URIs.
    let naming: [UInt8]

    private init(_ signing: SigningKey) {
        self.signing = signing
        self.naming = signing.derivedKey(for: "millrace forgotten documents")
    }

    /// The key of the workspace, made at the first call.
    ///
    /// - Precondition: the caller holds the workspace's lock.
    static func make(_ layout: WorkspaceLayout) throws -> ErasureKey {
        try createFolder(layout.erasureFolder)
        if !fileExists(layout.erasureKey) {
            let text = Hex.encode(SigningKey.new().bytes) + "\n"
            try createPrivateFile(layout.erasureKey, Array(text.utf8))
        }
        return try self.read(layout.erasureKey)
    }

    /// - Throws: ``OperationError`` `.configuration` for a file that is none, or that others may read.
    static func read(_ path: String) throws -> ErasureKey {
        guard fileExists(path) else {
            throw OperationError(
                .fatal,
                "\(path) is missing: without the key it is not known which documents are forgotten, and a run "
                    + "could bring them back; restore it from a backup"
            )
        }
        guard !isSharedFile(path) else {
            throw OperationError(
                .configuration,
                "\(path): others may read this key; take that from them with 'chmod 600 \(path)'"
            )
        }
        let text = String(decoding: try readFile(path, maximumBytes: 1 << 12), as: UTF8.self)
        let digits = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard let bytes = hexBytes(digits), let key = SigningKey(bytes: bytes) else {
            throw OperationError(
                .configuration,
                "\(path): not a key; it holds 64 hexadecimal digits, as in 'openssl rand -hex 32'"
            )
        }
        return ErasureKey(key)
    }
}

/// The bytes of pairs of hexadecimal digits; nil for anything else.
func hexBytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
        guard pair.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }), let byte = UInt8(pair, radix: 16)
        else { return nil }
        bytes.append(byte)
    }
    return bytes
}
