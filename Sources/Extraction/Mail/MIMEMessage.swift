internal import Bytes
internal import CMime
internal import Glibc
internal import Records

/// A message that GMime has taken apart.
///
/// - Invariant: the parts it gives out hold on to it.
final class MIMEMessage {
    private let message: OpaquePointer

    /// - Throws: `.corrupt` where the bytes are no message; `.limitExceeded` for groups of addresses in
    ///   groups, which GMime reads by recursion.
    init(_ bytes: [UInt8]) throws(ExtractionError) {
        guard !bytes.withUnsafeBufferPointer(nestsAddressGroups) else {
            throw ExtractionError(
                .limitExceeded,
                "an address field of the message has over \(groupCountMax) groups; no mail has"
            )
        }
        let parsed = bytes.withUnsafeBufferPointer { cmime_parse($0.baseAddress, $0.count) }
        guard let parsed else {
            throw ExtractionError(.corrupt, "the file holds no message; fetch it again")
        }
        self.message = parsed
    }

    deinit { cmime_free(self.message) }

    var body: MIMEPart? { cmime_body(self.message).map { MIMEPart($0, of: self) } }

    /// The values of all fields of this name, in any letter case, in their order.
    ///
    /// - Complexity: O(fields); what follows the first 4,096 is not read.
    func values(of name: String) -> [[UInt8]] {
        let count = min(cmime_message_header_count(self.message), 4_096)
        return (0..<count).compactMap { index in
            guard let field = cmime_message_header_name(self.message, index),
                strcasecmp(field, name) == 0
            else { return nil }
            return bytes(of: cmime_message_header_value(self.message, index))
        }
    }
}

/// One part of a message: text, a file, several parts, or another message.
struct MIMEPart {
    enum Kind {
        case leaf
        case multipart
        /// Another message, whole.
        case message
    }

    private let pointer: OpaquePointer
    private let owner: MIMEMessage

    fileprivate init(_ pointer: OpaquePointer, of owner: MIMEMessage) {
        self.pointer = pointer
        self.owner = owner
    }

    var kind: Kind {
        switch cmime_kind_of(self.pointer) {
        case CMIME_MULTIPART: .multipart
        case CMIME_MESSAGE: .message
        default: .leaf
        }
    }

    /// The parts of a multipart.
    var parts: [MIMEPart] {
        (0..<cmime_count(self.pointer)).compactMap { index in
            cmime_at(self.pointer, index).map { MIMEPart($0, of: self.owner) }
        }
    }

    func header(_ name: String) -> [UInt8]? {
        cmime_part_header(self.pointer, name).map { bytes(of: $0) }
    }

    /// A leaf's bytes without their transfer encoding; a message's as they would be a file.
    func content() -> [UInt8] {
        var count = 0
        guard let content = cmime_content(self.pointer, &count) else { return [] }
        defer { cmime_release(content) }
        return Array(UnsafeBufferPointer(start: content, count: count))
    }
}

private func bytes(of text: UnsafePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

/// Whether a line that GMime may take for an address field goes on with colons that no address has.
///
/// Messages in the message have such fields as well, so every line counts.
///
/// - Complexity: O(n).
private func nestsAddressGroups(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var colons = 0
    var isCounted = false
    var start = 0
    while start < bytes.count {
        let end = firstIndex(of: .lineFeed, in: bytes, from: start) ?? bytes.count
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if line.first?.isASCIIBlank != true {
            colons = 0
            isCounted = addressFields.contains { name in
                line.count > name.count && line[0].asciiLowercased == name[0]
                    && zip(line, name).allSatisfy { $0.asciiLowercased == $1 }
            }
        }
        if isCounted {
            colons += line.count { $0 == .colon }
            if colons > groupCountMax { return true }
        }
        start = end + 1
    }
    return false
}

private let groupCountMax = 1_000

private let addressFields = [
    "to", "cc", "bcc", "from", "sender", "reply-to", "resent-", "disposition-notification-to",
    "return-path",
].map { Array($0.utf8) }
