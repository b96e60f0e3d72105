/// An evaluation as a page.
package func evaluationPage(_ report: EvaluationReport) -> String {
    var page = HTMLPage(title: "Evaluation of snapshot \(report.snapshot)")
    page.paragraph(
        "\(report.queryCount) queries, \(report.judgementCount) judgements"
            + (report.isSynthetic ? ", made of titles and headings of the collection itself" : "")
    )
    page.table(
        ["Mode", "nDCG@10", "95 %", "recall@\(report.recallCount)", "95 %", "MRR"],
        report.modes.map { mode in
            [
                .text(mode.mode), .bar(mode.ndcg10, decimal(mode.ndcg10)),
                .number(
                    "\(decimal(mode.ndcg10Interval.low)) to \(decimal(mode.ndcg10Interval.high))"
                ),
                .bar(mode.recall, decimal(mode.recall)),
                .number(
                    "\(decimal(mode.recallInterval.low)) to \(decimal(mode.recallInterval.high))"
                ),
                .number(decimal(mode.mrr)),
            ]
        }
    )
    for mode in report.modes {
        page.heading("Mode \(mode.mode)")
        if let other = mode.comparison {
            page.paragraph(
                "Against snapshot \(other.snapshot) with nDCG@10 \(decimal(other.ndcg10)): "
                    + "\(other.gain >= 0 ? "better" : "worse") by \(decimal(other.gain.magnitude)), p "
                    + "\(decimal(other.p)); \(other.better) queries better, \(other.worse) worse."
            )
        }
        page.table(
            ["By", "", "Queries", "nDCG@10", "recall@\(report.recallCount)"],
            mode.parts.map { part in
                [
                    .text(part.by), .text(part.name), .number("\(part.queries)"),
                    .bar(part.ndcg10, decimal(part.ndcg10)),
                    .bar(part.recall, decimal(part.recall)),
                ]
            }
        )
        let misses = mode.misses
        page.paragraph(
            "Relevant documents that were not found: \(misses.total), of which \(misses.rankedLow) ranked low (\(misses.splitOverChunks) "
                + "with their words split over chunks), "
                + "\(misses.filteredByAccess) hidden by access labels, \(misses.removedAsDuplicate) removed as duplicates, \(misses.notServed) known and not served, "
                + "\(misses.notIndexed) not indexed."
        )
        if !misses.queries.isEmpty {
            page.paragraph(
                "The first such queries: " + misses.queries.joined(separator: ", "),
                isSoft: true
            )
        }
    }
    return page.text
}
