/// What a JSON object on standard output is, so that a program that reads it can refuse what it does
/// not know.
///
/// The version rises where a key goes, or where its meaning or type changes; new keys may come at any
/// time.
package struct JSONForm: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let version: Int

    package init(_ name: String, version: Int = 1) {
        self.name = name
        self.version = version
    }

    /// As the key `form` has it: `status/1`.
    package var description: String { "\(self.name)/\(self.version)" }
}

/// An object with the key `form` before its own.
struct FormedObject<Value: Encodable>: Encodable {
    private enum Key: CodingKey { case form }

    let form: JSONForm
    let value: Value

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(self.form.description, forKey: .form)
        try self.value.encode(to: encoder)
    }
}
