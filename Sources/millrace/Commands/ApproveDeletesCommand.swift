internal import ArgumentParser
internal import Console
internal import Operations

struct ApproveDeletesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve-deletes",
        abstract: "Release the deletions that a run held, and carry them out.",
        usage: """
            millrace approve-deletes RUN PIPELINE
            millrace approve-deletes RUN --workspace DIR [--no-sync]
            """,
        discussion: """
            A source that cannot be listed, lists nothing or shrank sharply deletes nothing: the \
            deletions are held, and 'millrace status' names the run that held them. A document that \
            is listed again by then is not deleted.
            """
    )

    @Argument(help: "The run that held the deletions, then the pipeline file.")
    var words: [String] = []

    @OptionGroup var place: WorkspaceOptions

    @Flag(name: .long, help: "Leave the deletions to the next sync.")
    var noSync = false

    @OptionGroup var tuning: RunTuning

    mutating func run() throws {
        self.tuning.output.bootstrap()
        guard let word = self.words.first, let number = Int64(word) else {
            throw ValidationError("name the run that held them, as 'millrace status' prints it")
        }
        let place = try self.place.place(Array(self.words.dropFirst()))
        guard place.words.isEmpty else {
            throw ValidationError("unexpected '\(place.words[0])'")
        }
        let options = try self.tuning.options()
        let approval = try approveDeletes(
            ofRun: number,
            workspace: place.workspace,
            lockWaitSeconds: options.lockWaitSeconds
        )
        try concludeRepair(
            "approved \(plural(approval.approved, "deletion")) of run \(number)",
            approval,
            sync: self.noSync ? nil : place,
            next: "millrace sync \(place.nextPipeline)",
            options: options,
            tuning: self.tuning
        )
    }
}
