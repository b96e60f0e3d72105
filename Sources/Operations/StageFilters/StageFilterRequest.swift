internal import Dataflow
internal import Formats

/// The stages that run as a filter over JSON lines.
package enum StageFilterName: String, Sendable, CaseIterable {
    case extract
    case normalise
    case language
    case redact
    case dedupe
    case chunk
    case embed

    /// The stage kinds of a pipeline file whose configuration this filter takes.
    var stageKinds: [String] {
        switch self {
        case .extract:
            formats.map { $0.descriptor.name }
        case .normalise: ["normalise"]
        case .language: ["detect-language"]
        case .redact: ["redact-pii"]
        case .dedupe: ["dedupe"]
        case .chunk: ["chunk"]
        case .embed: ["embed"]
        }
    }
}

/// Which stage to run, and with what configuration.
package struct StageFilterRequest: Sendable {
    package var name: StageFilterName
    package var pipeline: String?
    package var overrides: [String: String]
    package var modelsRoot: String?

    package init(name: StageFilterName, pipeline: String? = nil, overrides: [String: String] = [:])
    {
        self.name = name
        self.pipeline = pipeline
        self.overrides = overrides
    }
}
