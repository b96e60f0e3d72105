/// A node's configuration, read by key; validation has filled in defaults and checked the kinds.
package struct Parameters: Sendable {
    private let values: [String: ConfigValue]

    package init(_ values: [String: ConfigValue]) { self.values = values }

    package func int(_ key: String, default value: Int) -> Int {
        self.values[key]?.intValue ?? value
    }

    package func double(_ key: String, default value: Double) -> Double {
        self.values[key]?.doubleValue ?? value
    }

    package func string(_ key: String, default value: String) -> String {
        self.values[key]?.stringValue ?? value
    }

    package func bool(_ key: String, default value: Bool = false) -> Bool {
        self.values[key]?.boolValue ?? value
    }

    /// Nil where the key is not given and has no default.
    package func text(_ key: String) -> String? { self.values[key]?.stringValue }

    /// Nil for an optional key that is not given.
    package func optionalInt(_ key: String) -> Int? { self.values[key]?.intValue }

    package func optionalDouble(_ key: String) -> Double? { self.values[key]?.doubleValue }

    package func optionalString(_ key: String) -> String? { self.values[key]?.stringValue }

    package func strings(_ key: String) -> [String] { self.values[key]?.stringListValue ?? [] }
}

extension PlanNode {
    package var parameters: Parameters { Parameters(self.configuration) }
}
