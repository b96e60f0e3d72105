internal import Records

extension ListedItem {
    /// A document that is there and cannot be taken in: reading it says why.
    static func refused(
        source: String,
        place: String,
        _ error: ConnectorError
    ) -> ListedItem {
        ListedItem(source: source, place: place, version: .unknown).refused(by: error)
    }

    /// The same item, and that reading it fails so.
    func refused(by error: ConnectorError) -> ListedItem {
        var token = CursorFields()
        token.add("refused")
        token.add(error.code.rawValue)
        token.add(error.message)
        return self.with(token: token.bytes, version: .unknown, labels: nil, content: nil)
    }

    /// Why it was refused; nil for any other.
    var refusal: ConnectorError? {
        guard let fields = CursorFields.parse(self.token), fields.count == 3,
            fields[0].elementsEqual("refused".utf8),
            let code = ConnectorError.Code(rawValue: String(decoding: fields[1], as: UTF8.self))
        else { return nil }
        return ConnectorError(
            code,
            path: self.uri,
            String(decoding: fields[2], as: UTF8.self)
        )
    }
}
