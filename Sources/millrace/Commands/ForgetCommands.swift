internal import ArgumentParser
internal import Console
internal import Operations

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Take documents out for good, with a signed receipt.",
        subcommands: [ForgetDocumentsCommand.self, VerifyReceiptCommand.self],
        defaultSubcommand: ForgetDocumentsCommand.self
    )
}

struct ForgetDocumentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documents",
        abstract: "Take documents out for good: rows, texts, vectors, segments, kept snapshots.",
        usage: """
            millrace forget URI PIPELINE
            millrace forget --pseudonym ID PIPELINE
            millrace forget --query FILE PIPELINE
            """,
        discussion: """
            What was made of a document goes, with what was taken out of it, from all files of the workspace: \
            segments are written anew, databases give their free pages back, earlier snapshots go. No run \
            takes it up again, by its URI or by its content; 'audit' counts it as excluded. The receipt is \
            signed with a key in the workspace, made at first use, or with that of --key. A process that was \
            killed in between is ended by the same command again. The gate is not asked.

            --pseudonym takes the documents that hold a value, by the keyed digest that 'audit pii --document' \
            prints. A line of --query FILE is one or more of uri=PREFIX, source=NAME, lang=TAG, title=TEXT, \
            meta.KEY=TEXT; a document goes for which all of a line hold.
            """
    )

    @Argument(help: "The document's URI, as a search prints it, then the pipeline file.")
    var words: [String] = []

    @Option(name: .long, help: "The keyed digest of a value: every document that holds it.")
    var pseudonym: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Conditions, a line for each group.", valueName: "file")
    )
    var query: String?

    @Flag(
        name: .long,
        help:
            "Documents of other URIs with the same text, and duplicates it stands for, go as well."
    )
    var copies = false

    @Option(name: .long, help: "A file of 64 hexadecimal digits: the key that signs the receipt.")
    var key: String?

    @OptionGroup var tuning: RunTuning

    func validate() throws {
        guard self.pseudonym == nil || self.query == nil else {
            throw ValidationError("--pseudonym and --query exclude each other")
        }
        let isNamed = self.pseudonym != nil || self.query != nil
        guard self.words.count == (isNamed ? 1 : 2) else {
            throw ValidationError(
                isNamed
                    ? "name the pipeline file, and no URI" : "name a URI, then the pipeline file"
            )
        }
    }

    mutating func run() throws {
        self.tuning.output.bootstrap()
        let pipeline = self.words[self.words.count - 1]
        let request: ErasureRequest
        if let pseudonym = self.pseudonym {
            request = .pseudonym(pseudonym)
        } else if let query = self.query {
            request = .query(path: absolutePath(query))
        } else {
            request = .uris([self.words[0]])
        }
        let options = try self.tuning.options()
        let (copies, key) = (self.copies, self.key.map { absolutePath($0) })
        try announceWait(pipeline: pipeline, options: options)
        let report = try withProgress(options, tuning: self.tuning) {
            try forget(
                request,
                pipeline: pipeline,
                includesCopies: copies,
                keyPath: key,
                options: $0
            )
        }
        try printReport(report, JSONForm("forget"), as: self.tuning.output) {
            text(of: report, place: shellWord(pipeline))
        }
    }
}

struct VerifyReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove by a receipt that nothing of its documents is left.",
        discussion: """
            Looks through the bytes of all files of the workspace for the documents' ids and for the digests of \
            their contents, texts and chunks; with --uri and --text for these as well, also in what is \
            compressed. Exit code 1 when something is left, or when the signature does not hold.
            """
    )

    @Argument(help: "The receipt.")
    var receipt: String

    @Option(name: .long, help: "The workspace folder, instead of the one that the receipt names.")
    var workspace: String?

    @Option(
        name: .long,
        help: "The public key that has to have signed, instead of the workspace's."
    )
    var publicKey: String?

    @Option(name: .long, help: "The URI of a document: the receipt has to be of it.")
    var uri: String?

    @Option(name: .long, help: "A text that has to be gone.")
    var text: String?

    @OptionGroup var output: OutputOptions

    mutating func run() throws {
        self.output.bootstrap()
        var request = ReceiptRequest(receipt: absolutePath(self.receipt))
        request.workspace = self.workspace.map { absolutePath($0) }
        request.publicKey = self.publicKey
        request.uri = self.uri
        request.text = self.text
        let report = try verifyReceipt(request)
        try printReport(report, JSONForm("forget-verify"), as: self.output) {
            let problems = report.problems.map { "problem: \($0)" }
            let looked =
                "looked through \(plural(report.filesScanned, "file")), \(bytesText(report.bytesScanned))"
            let end =
                report.problems.isEmpty
                ? "nothing of \(plural(report.documents, "document")) is left; \(looked)\n"
                    + (report.returned > 0
                        ? "\(grouped(report.returned)) came back in a younger version, which the retention allows\n"
                        : "")
                    + "signed by \(report.publicKey)"
                : "the receipt does not hold: \(plural(report.problems.count, "problem")); \(looked)"
            return (problems + [end]).joined(separator: "\n")
        }
        if !report.problems.isEmpty { throw ExitStatus.fatal }
    }
}

private func text(of report: ForgetReport, place: String) -> String {
    let children = report.children > 0 ? ", \(grouped(report.children)) of them inside another" : ""
    var lines = [
        "forgot \(plural(report.documents, "document"))\(children); "
            + (report.snapshot.map { "snapshot \($0) is live" } ?? "nothing is published"),
        "  receipt    \(report.receipt)",
        "  looked     through \(plural(report.filesScanned, "file")), \(bytesText(report.bytesScanned)): "
            + "nothing of it is left",
    ]
    if !report.snapshotsDropped.isEmpty {
        let numbers = report.snapshotsDropped.map(String.init).joined(separator: ", ")
        lines.append("  dropped    snapshots that were kept on purpose and held it: \(numbers)")
    }
    if report.copiesKept > 0 {
        lines.append(
            "  kept       \(plural(report.copiesKept, "document")) of other URIs with the same text; --copies "
                + "takes them as well"
        )
    }
    lines += report.notReached.map { "  remains    \($0)" }
    lines.append("  prove      millrace forget verify \(shellWord(report.receipt))")
    return lines.joined(separator: "\n")
}
