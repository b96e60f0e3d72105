import Execution
import Foundation
import Testing

/// Each test confines a process of its own: nothing undoes a sandbox.
@Suite struct SandboxTests {
    @Test func everyAttemptSucceedsOutsideTheSandbox() async {
        // The last probe replaces the process by /bin/true, which is what "possible" looks like.
        await #expect(processExitsWith: .exitCode(0)) {
            _ = Sandbox.probe()
            exit(9)
        }
    }

    @Test func noAttemptSucceedsInside() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let mechanisms = Sandbox.enter(readableFolders: [])
            let possible = Sandbox.probe().filter { !$0.isRefused }.map(\.attempt)
            // Without Landlock files can be read, and nothing else of the list.
            let hasLandlock = mechanisms.contains {
                $0.name == .landlock && !$0.detail.hasPrefix("absent")
            }
            let expected = hasLandlock ? [] : ["read /etc/passwd", "list /"]
            exit(possible == expected ? 42 : 1)
        }
    }

    @Test(.enabled(if: hasLandlock, "this kernel has no Landlock"))
    func onlyTheNamedFoldersCanBeRead() async {
        await #expect(processExitsWith: .exitCode(42)) {
            _ = Sandbox.enter(readableFolders: ["/usr/share", "/nonexistent"])
            let isReadable = access("/usr/share") && !access("/etc") && !access("/usr")
            exit(isReadable ? 42 : 1)
        }
    }

    @Test func threadsAllocationAndAbortGoOnWorking() async {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            _ = Sandbox.enter(readableFolders: [])
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                let block = [UInt8](repeating: 1, count: 64 << 20)
                if block.reduce(0, { $0 &+ Int($1) }) == 64 << 20 { done.signal() }
            }
            done.wait()
            abort()
        }
    }
}

private let hasLandlock = Sandbox.landlockABI > 0

private func access(_ folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
}
