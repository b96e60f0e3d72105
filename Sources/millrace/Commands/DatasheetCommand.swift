internal import ArgumentParser
internal import Console
internal import Operations

struct DatasheetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasheet",
        abstract:
            "What the published snapshot is made of, as a page for those who have to approve it.",
        discussion: """
            Sources, licences that documents state, languages, formats, access labels, redactions, duplicates, \
            and what is known to be missing. Markdown; --json for programs.

              millrace datasheet Pipelines/demo.yml > datasheet.md
            """
    )

    @Argument(help: "The pipeline file.")
    var pipeline: String

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        let sheet = try datasheet(pipeline: self.pipeline)
        try printReport(sheet, JSONForm("datasheet"), as: self.output) { page(of: sheet) }
    }
}

private func page(of sheet: Datasheet) -> String {
    let accounts = sheet.accounts
    var lines = [
        "# Data sheet: \(sheet.pipeline), snapshot \(sheet.snapshot)", "",
        "Written \(sheet.time). Digest `\(sheet.digest)`: equal documents under equal stages have it on any machine.",
        "", "| | |", "|---|---|",
        "| Documents | \(grouped(sheet.documents)) |", "| Chunks | \(grouped(sheet.chunks)) |",
    ]
    lines += sheet.indexes.map { index in
        "| Index \(index.name) | "
            + (index.model.isEmpty
                ? "words alone |" : "\(index.model), \(index.dimensions) dimensions |")
    }
    lines += ["| Stages | \(sheet.stages.joined(separator: ", ")) |", ""]
    lines += ["## Sources", "", "| source | type | documents | |", "|---|---|---:|---|"]
    lines += sheet.sources.map { source in
        "| \(cell(source.name)) | \(source.type.isEmpty ? "not named any more" : source.type) "
            + "| \(grouped(source.documents)) | \(cell(source.problem ?? "")) |"
    }
    lines += section("Languages", sheet.languages, empty: "not known")
    lines += section("Formats", sheet.mediaTypes, empty: "not known")
    lines += section("Licences that documents state", sheet.licences, empty: "not stated")
    lines += section("Access labels", sheet.labels, empty: "none: for everybody")
    lines += section(
        "Personal data and secrets taken out",
        sheet.redactions,
        empty: "",
        unit: "values"
    )
    lines += ["", "## Duplicates", ""]
    lines.append(
        "\(grouped(accounts.duplicates)) documents are left out for one that says the same"
            + (sheet.nearDuplicates.map {
                "; \(grouped($0.documents)) served ones are in \(grouped($0.groups)) groups that differ in facts."
            } ?? ".")
    )
    lines += ["", "## Known gaps", ""]
    lines.append(
        "\(grouped(accounts.failed)) documents could not be read, \(grouped(accounts.excluded)) are left out by a "
            + "rule, \(grouped(accounts.held)) are gone from their source and kept until someone approves, "
            + "\(grouped(accounts.stale)) are served in an older version."
    )
    lines += section("Not read, by cause", sheet.failures, empty: "")
    lines += section("Left out, by rule", sheet.exclusions, empty: "")
    return lines.joined(separator: "\n")
}

/// A table of counts, the largest first; nothing where there is none.
private func section(
    _ title: String,
    _ counts: [String: Int],
    empty: String,
    unit: String = "documents"
) -> [String] {
    guard !counts.isEmpty else { return [] }
    let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ["", "## \(title)", "", "| | \(unit) |", "|---|---:|"]
        + rows.map { "| \(cell($0.key.isEmpty ? empty : $0.key)) | \(grouped($0.value)) |" }
}

/// Text that stays within its cell.
private func cell(_ text: String) -> String {
    var cell = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "|": cell += "\\|"
        case "<": cell += "&lt;"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: cell += " "
        default: cell.unicodeScalars.append(scalar)
        }
    }
    return cell
}
