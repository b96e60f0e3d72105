/// A case of a policy that did not come out as it says.
package struct FailedCase: Hashable, Sendable {
    /// Its place in ``RedactionPolicy/cases``.
    package var index: Int
    package var found: String
}

extension RedactionPolicy {
    /// The key that cases are run with, so that what they expect of pseudonyms is the same everywhere.
    package static let caseKeyBytes = Array("millrace policy test".utf8)

    /// The policy's cases that do not come out as expected.
    package func failedCases(names: NameTable?) -> [FailedCase] {
        guard !self.cases.isEmpty else { return [] }
        let key = PseudonymKey(id: self.keyID, bytes: Self.caseKeyBytes)
        guard let redactor = try? PolicyRedactor(self, key: key, names: names) else {
            preconditionFailure("the key has the id that the policy names")
        }
        return self.cases.indices.compactMap { index in
            let test = self.cases[index]
            let result = redactor.redact(
                Array(test.text.utf8),
                source: test.source,
                language: test.language
            )
            if result.text.elementsEqual(test.expected.utf8) { return nil }
            return FailedCase(index: index, found: String(decoding: result.text, as: UTF8.self))
        }
    }
}
