internal import Dataflow

/// A node's configuration, read by key; validation has filled in defaults and checked the kinds.
struct Parameters {
    let values: [String: ConfigValue]

    func int(_ key: String, default value: Int) -> Int { self.values[key]?.intValue ?? value }

    func double(_ key: String, default value: Double) -> Double {
        self.values[key]?.doubleValue ?? value
    }

    func string(_ key: String, default value: String) -> String {
        self.values[key]?.stringValue ?? value
    }

    func strings(_ key: String) -> [String] { self.values[key]?.stringListValue ?? [] }
}

extension PlanNode {
    var parameters: Parameters { Parameters(values: self.configuration) }
}
