internal import Dataflow

/// Ranks texts for a query by a model that reads both together.
protocol Reranker: AnyObject {
    /// A score for each of `texts`, in their order; more is better.
    ///
    /// - Throws: ``RerankFailure`` where there is none within `seconds`: the caller keeps the order it has.
    func scores(
        query: String,
        texts: [String],
        within seconds: Double
    ) throws(RerankFailure) -> [Double]
}

/// Why hits kept their places; never with a text.
package struct RerankFailure: Error {
    package let message: String
}

/// Who ranked the hits of an answer anew, or why nobody did.
package struct RerankReport: Sendable, Codable {
    /// The program, or the endpoint without what may be secret.
    package var by: String
    /// How many hits were read.
    package var candidates: Int
    /// Why the hits kept their places; nil where they are ranked anew.
    package var failure: String?
}

/// The ranker that a pipeline names.
///
/// - Throws: ``OperationError`` `.configuration` for an endpoint that is no URL or a key that is not set.
func makeReranker(_ settings: RerankSettings, directory: String) throws -> any Reranker {
    switch settings.ranker {
    case .command(let command):
        CommandReranker(command, directory: directory)
    case .endpoint(let url, let form):
        try EndpointReranker(url, form, settings)
    }
}

/// Numbers that a model gave as scores: one for each text, all finite.
func checkedScores(_ scores: [Double]?, count: Int) throws(RerankFailure) -> [Double] {
    guard let scores, scores.count == count, scores.allSatisfy(\.isFinite) else {
        throw RerankFailure(message: "the answer is not one number for each of \(count) texts")
    }
    return scores
}
