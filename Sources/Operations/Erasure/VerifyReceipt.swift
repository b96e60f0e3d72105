internal import Hashing
internal import Records
internal import Storage

/// What holding a workspace to a receipt came to.
package struct ReceiptVerification: Sendable, Codable {
    package var receipt: String
    package var workspace: String
    package var documents: Int
    /// Whether the signature holds, and is of the workspace's key or of the one that was named.
    package var isSigned: Bool
    package var publicKey: String
    package var filesScanned: Int
    package var bytesScanned: Int
    /// Of what a retention took out: documents that a younger version brought back since, which are not looked for.
    package var returned: Int
    /// What does not hold, each with the file; empty where nothing of the documents is left.
    package var problems: [String]
}

package struct ReceiptRequest: Sendable {
    package var receipt: String
    /// Nil for the one that the receipt names.
    package var workspace: String?
    /// 64 hexadecimal digits of the key that must have signed; nil for the workspace's.
    package var publicKey: String?
    /// A URI that has to be one of the receipt's, and in no file.
    package var uri: String?
    /// A text that has to be in no file, compressed or not.
    package var text: String?

    package init(receipt: String) { self.receipt = receipt }
}

/// Proves that nothing of what a receipt names is in its workspace, by looking through the bytes of all files.
///
/// - Throws: ``OperationError`` `.configuration` for a file that is no receipt, or a text too short to look for.
package func verifyReceipt(_ request: ReceiptRequest) throws -> ReceiptVerification {
    try translatingErrors {
        let signed = try SignedReceipt(path: request.receipt)
        let receipt = signed.receipt
        let layout = WorkspaceLayout(root: request.workspace ?? receipt.workspace)
        let reader = try WorkspaceReader(root: layout.root)
        var problems = try signatureProblems(signed, request.publicKey, layout)
        let isSigned = problems.isEmpty
        let ids = receipt.documents.map(\.id)
        let isRetention = receipt.request == ErasureReceipt.retention
        let returned = isRetention ? try knownIDs(ids, in: reader.shards()) : []
        let proof = try ErasureProof(
            ids: ids.filter { !returned.contains($0) },
            digests: receipt.digests,
            layout: layout
        )
        problems += proof.leftovers.map { "\($0): something of the documents stands in it" }
        problems += try listProblems(receipt, request.uri, layout)
        for text in [request.uri, request.text].compactMap({ $0 }) {
            problems += try textProblems(text, reader)
        }
        return ReceiptVerification(
            receipt: request.receipt,
            workspace: layout.root,
            documents: receipt.documents.count,
            isSigned: isSigned,
            publicKey: Hex.encode(signed.publicKey),
            filesScanned: proof.files,
            bytesScanned: proof.bytes,
            returned: returned.count,
            problems: problems
        )
    }
}

private func signatureProblems(
    _ signed: SignedReceipt,
    _ publicKey: String?,
    _ layout: WorkspaceLayout
) throws -> [String] {
    guard signed.isSigned else {
        return ["the signature does not fit the receipt: one of them was changed"]
    }
    let own = Hex.encode(signed.publicKey)
    if let publicKey {
        return publicKey.lowercased() == own
            ? [] : ["it was signed by the key \(own), not by the one named"]
    }
    guard fileExists(layout.erasureKey) else {
        return ["\(layout.erasureKey) is missing; name the public key that has to have signed"]
    }
    let expected = Hex.encode(try ErasureKey.read(layout.erasureKey).signing.publicKey)
    return expected == own
        ? []
        : ["it was signed by the key \(own), not by the workspace's; name that key if it is yours"]
}

/// Whether a run would take the documents up again.
private func listProblems(
    _ receipt: ErasureReceipt,
    _ uri: String?,
    _ layout: WorkspaceLayout
) throws -> [String] {
    let isRetention = receipt.request == ErasureReceipt.retention
    let own = isRetention ? ForgottenDocuments(key: try ErasureKey.read(layout.erasureKey)) : nil
    guard let forgotten = try own ?? ForgottenDocuments.read(layout) else {
        return ["\(layout.forgotten) is missing: the next sync would bring the documents back"]
    }
    var problems: [String] = []
    // What a retention took out its rule keeps out.
    for document in isRetention ? [] : receipt.documents
    where !forgotten.contains(uriDigest: document.uriDigest) {
        problems.append(
            "document \(document.id) is not among the forgotten: a sync would bring it back"
        )
    }
    if let uri {
        let digest = forgotten.digest(uri: uri)
        if !receipt.documents.contains(where: { $0.uriDigest == digest }) {
            problems.append("the receipt is not of the URI that was named")
        }
    }
    return problems
}

private func textProblems(_ text: String, _ reader: WorkspaceReader) throws -> [String] {
    let bytes = Array(text.utf8)
    guard bytes.count >= 8 else {
        throw OperationError(
            .configuration,
            "a text to look for has 8 bytes at least: a shorter one is found everywhere"
        )
    }
    let result = try ErasureScan([bytes]).scan(
        reader.layout.root,
        excluding: [reader.layout.erasureFolder]
    )
    let files = Set(result.found[0] ?? []).union(try filesHolding(bytes, in: reader))
    return files.sorted().map { "\($0): the text that was named stands in it" }
}
