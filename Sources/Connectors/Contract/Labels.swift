/// Access labels as a source gives them.
enum Labels {
    static let countMaximum = 256
    static let byteCountMaximum = 256

    /// Checks what was read: a label that is not one would let through or lock out whom nobody meant.
    ///
    /// - Throws: ``ConnectorError`` `.permanent`: a document whose labels cannot be read is not taken in.
    static func checked(_ labels: [String], of uri: String) throws(ConnectorError) -> [String] {
        for label in labels {
            guard !label.isEmpty, label.utf8.count <= self.byteCountMaximum,
                label.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else {
                throw ConnectorError(
                    .permanent,
                    path: uri,
                    "one of its labels is empty, longer than \(self.byteCountMaximum) bytes, or has control "
                        + "characters; a document whose labels cannot be read is not taken in"
                )
            }
        }
        guard labels.count <= self.countMaximum else {
            throw ConnectorError(
                .permanent,
                path: uri,
                "it has \(labels.count) labels, limit \(self.countMaximum)"
            )
        }
        return Set(labels).sorted()
    }
}
