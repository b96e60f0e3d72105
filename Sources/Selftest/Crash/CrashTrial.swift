internal import Faults
internal import Glibc
internal import Operations
internal import Storage

extension CrashPlace {
    /// Performs one case: the fault, what it left for readers, and what the next run makes of it.
    ///
    /// - Returns: What is wrong, or nil.
    func performTrial(_ trial: CrashCase, bench: CrashBench) throws -> String? {
        do {
            try self.prepare(trial.phase)
            let plan = FaultPlan(trial.action, at: trial.number, flaw: bench.flaw)
            let ending = try self.run(trial.phase, .after, plan: plan)
            try self.checkEnding(ending, of: trial, bench: bench)
            try self.checkReader(of: trial.phase, bench: bench)
            try self.checkNextRun(after: trial, bench: bench)
            return nil
        } catch let finding as CrashFinding {
            return finding.message
        } catch {
            return "\(error)"
        }
    }

    /// A fault that kills ends in SIGKILL; any other in success or in an error that names a path.
    private func checkEnding(_ ending: CrashEnding, of trial: CrashCase, bench: CrashBench) throws {
        if let signal = ending.signal {
            guard trial.action.kills, signal == SIGKILL else {
                throw CrashFinding("the run crashed or hung: signal \(signal)")
            }
            return
        }
        guard let result = ending.result else {
            throw CrashFinding("the run ended with exit code \(ending.exitCode) and no error")
        }
        if result.status == 0 {
            guard result.digest == bench.answers[trial.phase.outcome]?.digest else {
                throw CrashFinding("the run ended clean with another digest than a fresh backfill")
            }
        } else if !result.message.contains(bench.root) {
            throw CrashFinding("the error does not name its file: \(result.message)")
        }
    }

    private func checkReader(of phase: CrashPhase, bench: CrashBench) throws {
        let found: CrashBench.Answer?
        do {
            found = try self.answer()
        } catch {
            throw CrashFinding("a reader failed after the fault: \(error)")
        }
        let before = phase.hasWorkspace ? bench.answers[.before] : nil
        guard found == before || found == bench.answers[phase.outcome] else {
            throw CrashFinding("a reader found neither the old answer nor the new one")
        }
        guard phase.hasWorkspace else { return }
        _ = try status(workspace: self.workspace)
        // A run would only find out later: the manifests stand for all documents, or for none that counts.
        let counted = try audit(workspace: self.workspace)
        guard
            phase != .reshard || counted.now.listed == counted.sources.reduce(0, { $0 + $1.listed })
        else {
            throw CrashFinding(
                "the manifests know \(counted.now.listed) documents, not all of them"
            )
        }
    }

    private func checkNextRun(after trial: CrashCase, bench: CrashBench) throws {
        let state: CrashCorpus.State = trial.documentsChangeAgain ? .later : .after
        let isResharding = trial.phase == .reshard
        do {
            if isResharding { try self.runToTheEnd(.reshard, .before) }
            // Of a run in items, one half of the cases goes on with the items, the other takes the run over.
            let next = trial.phase == .work && state == .after ? CrashPhase.work : .sync
            try self.runToTheEnd(next, state, shards: isResharding ? reshardedCount : nil)
        } catch let finding as CrashFinding {
            throw CrashFinding("the next run: \(finding.message)")
        }
        guard try self.answer() == bench.answers[state] else {
            throw CrashFinding("the next run gives another snapshot than a fresh backfill")
        }
        let leftovers = try stagedLeftovers()
        guard !isResharding || leftovers.isEmpty else {
            throw CrashFinding("the next run leaves \(leftovers.joined(separator: ", "))")
        }
        let problems = try verify(workspace: self.workspace).problems
        if let first = problems.first {
            throw CrashFinding("after the next run, verify finds: \(first)")
        }
    }

    /// What is in the workspace under a temporary name.
    private func stagedLeftovers() throws -> [String] {
        try folderEntries(self.workspace).compactMap(\.name)
            .filter { $0.hasPrefix(StagedFile.namePrefix) }
    }
}
