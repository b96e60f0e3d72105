internal import ArgumentParser
internal import Console
internal import Operations

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a sync would do now, why, and what it would cost; write nothing.",
        discussion: """
            Documents whose size, time or inode changed are read and hashed; nothing is extracted. \
            Tokens, seconds and money are estimates; everything else is what a sync does, and \
            'millrace sync --verify-plan FILE' publishes nothing when it differs.
            """
    )

    @OptionGroup var arguments: RunArguments

    mutating func run() throws {
        let output = self.arguments.tuning.output
        output.bootstrap()
        let pipeline = self.arguments.pipeline
        let plan = try makePlan(path: pipeline, options: self.arguments.options())
        if output.json {
            try printJSON(plan, JSONForm("plan"))
        } else {
            printLine(text(of: plan, pipeline: shellWord(pipeline)))
        }
    }
}

private func text(of plan: RunPlan, pipeline: String) -> String {
    guard !plan.isEmpty else {
        return "plan for \(plan.pipeline): nothing to do; \(grouped(plan.unchanged)) unchanged"
            + heldText(plan)
    }
    var lines = [
        "plan for \(plan.pipeline)",
        "  documents  \(grouped(plan.listed)) listed: \(grouped(plan.added)) added,"
            + " \(grouped(plan.changed)) to do again, \(grouped(plan.unchanged)) unchanged"
            + " (\(grouped(plan.touched)) touched), \(grouped(plan.removed)) deleted",
        "  work       \(grouped(plan.extracted)) to extract, \(grouped(plan.copied)) taken over by"
            + " content, of which \(grouped(plan.renamed)) renamed",
    ]
    for group in plan.groups {
        let detail = group.detail.isEmpty ? "" : " (\(group.detail))"
        lines.append(
            "    \(group.cause.rawValue)\(detail): \(grouped(group.documents)) documents,"
                + " \(bytesText(group.bytes))"
        )
    }
    for stage in plan.redone {
        lines.append(
            "    stage \(stage.stage) again, \(stage.cause.rawValue) (\(stage.detail)):"
                + " \(grouped(stage.documents)) documents"
        )
    }
    lines.append(estimateText(plan.estimate))
    lines += (plan.estimate.embedding ?? []).map { "  embedding  " + embeddingText($0) }
    lines += (plan.unreadLanguages ?? []).map { "  warning    " + unreadText($0) }
    lines += plan.absences.map { "  without    \($0)" }
    return lines.joined(separator: "\n") + heldText(plan)
        + "\ngo on with: millrace sync \(pipeline)"
}

private func estimateText(_ estimate: RunPlan.Estimate) -> String {
    let seconds = estimate.seconds.map { ", \(fixed($0, decimals: 1)) s at the last run's rate" }
    let money = estimate.money > 0 ? ", cost \(fixed(estimate.money, decimals: 2))" : ""
    let cached = cachedText(estimate.cachedTokens)
    let images = estimate.images.map { images in
        ", \(grouped(images)) images to read by OCR in"
            + " \(fixed(estimate.imageSeconds ?? 0, decimals: 0)) s of processor time"
    }
    return "  estimate   \(bytesText(estimate.bytes)) to read, about"
        + " \(grouped(estimate.tokens)) tokens to embed\(cached)\(seconds ?? "")\(money)\(images ?? "")"
}

/// `, 1,024 more are in the cache`; nothing where none is.
private func cachedText(_ tokens: Int?) -> String {
    tokens.map { ", \(grouped($0)) more are in the cache" } ?? ""
}

private func embeddingText(_ estimate: RunPlan.EmbeddingEstimate) -> String {
    let allowed = estimate.tokensAllowed.map { ", \(grouped($0)) allowed now" } ?? ""
    let stop =
        estimate.stopsAt.map { "; a run would stop at '\($0)' (exit 6) and go on later" } ?? ""
    let raw = estimate.isUnredacted ? "; no stage redacts what is sent" : ""
    return "\(estimate.stage): about \(grouped(estimate.tokens)) tokens to "
        + "\(estimate.provider):\(estimate.model)\(cachedText(estimate.cachedTokens)), cost \(fixed(estimate.cost, decimals: 4)); this month "
        + "\(grouped(estimate.monthTokens)) tokens, cost \(fixed(estimate.monthCost, decimals: 4))"
        + "\(allowed)\(stop)\(raw)"
}

private func heldText(_ plan: RunPlan) -> String {
    guard plan.held > 0 else { return "" }
    return "\n  held       \(grouped(plan.held)) deletions wait for approval: "
        + plan.heldReasons.joined(separator: "; ")
}
