internal import Faults
internal import Glibc
internal import Operations

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
            guard result.digest == bench.answers[.after]?.digest else {
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
        let before = phase == .sync ? bench.answers[.before] : nil
        guard found == before || found == bench.answers[.after] else {
            throw CrashFinding("a reader found neither the old answer nor the new one")
        }
        if phase == .sync { _ = try status(workspace: self.workspace) }
    }

    private func checkNextRun(after trial: CrashCase, bench: CrashBench) throws {
        let state: CrashCorpus.State = trial.documentsChangeAgain ? .later : .after
        do {
            try self.runToTheEnd(.sync, state)
        } catch let finding as CrashFinding {
            throw CrashFinding("the next run: \(finding.message)")
        }
        guard try self.answer() == bench.answers[state] else {
            throw CrashFinding("the next run gives another snapshot than a fresh backfill")
        }
        let problems = try verify(workspace: self.workspace).problems
        if let first = problems.first {
            throw CrashFinding("after the next run, verify finds: \(first)")
        }
    }
}
