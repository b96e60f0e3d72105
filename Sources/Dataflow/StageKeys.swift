/// A whole number in a stage's configuration: what declares it reads it, with one default.
package struct IntegerKey: Sendable {
    package let spec: ParameterSpec
    private let defaultValue: Int

    package init(
        _ name: String,
        _ range: ClosedRange<Int>,
        default defaultValue: Int,
        summary: String
    ) {
        self.spec = ParameterSpec(
            name,
            .int(range),
            default: .int(defaultValue),
            summary: summary
        )
        self.defaultValue = defaultValue
    }

    package func value(in parameters: Parameters) -> Int {
        parameters.int(self.spec.name, default: self.defaultValue)
    }
}

/// Free text in a stage's configuration; empty unless it is given.
package struct TextKey: Sendable {
    package let spec: ParameterSpec

    package init(_ name: String, summary: String) {
        self.spec = ParameterSpec(name, .string, default: .string(""), summary: summary)
    }

    package func value(in parameters: Parameters) -> String {
        parameters.string(self.spec.name, default: "")
    }
}

/// One of a few words in a stage's configuration: the raw values of `Choice`.
package struct ChoiceKey<Choice>: Sendable
where Choice: RawRepresentable<String> & CaseIterable & Sendable {
    package let spec: ParameterSpec
    private let defaultValue: Choice

    package init(_ name: String, default defaultValue: Choice, summary: String) {
        self.spec = ParameterSpec(
            name,
            .choice(Choice.allCases.map(\.rawValue)),
            default: .string(defaultValue.rawValue),
            summary: summary
        )
        self.defaultValue = defaultValue
    }

    package func value(in parameters: Parameters) -> Choice {
        let word = parameters.string(self.spec.name, default: self.defaultValue.rawValue)
        return Choice(rawValue: word) ?? self.defaultValue
    }
}
