/// What a run may spend at a server that embeds, asked before each request.
package protocol SpendMeter: Sendable {
    /// Sets `tokens` aside for a request that is about to be sent.
    ///
    /// - Throws: ``EmbeddingError`` `.budgetReached` when they are over a limit: nothing was set aside.
    func reserve(_ tokens: Int) throws(EmbeddingError)

    /// Corrects what was set aside for a request once it ended.
    ///
    /// - Parameter used: tokens that count as paid; 0 for a request the server refused.
    /// - Parameter texts: texts that got a vector.
    func settle(reserved: Int, used: Int, texts: Int)

    /// Counts a request that was sent again, for the summary.
    func retried()
}

/// Lets everything pass and counts nothing: for a query, and for filters.
package struct NoSpendLimit: SpendMeter {
    package init() {}
    package func reserve(_ tokens: Int) {}
    package func settle(reserved: Int, used: Int, texts: Int) {}
    package func retried() {}
}
