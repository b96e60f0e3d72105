internal import CProcess
internal import Glibc

/// Confines this process for the rest of its life, with what the kernel has.
///
/// Call it after everything that parsing loads from files is loaded, and before the first byte that
/// is not trusted. A mechanism that is missing changes nothing; the report says so.
package enum Sandbox {
    package enum MechanismName: String, Codable, Sendable, CaseIterable {
        case noNewPrivileges = "no_new_privs"
        case landlock
        case seccomp
        case limits
        case descriptors
    }

    /// One mechanism and whether it holds.
    package struct Mechanism: Codable, Hashable, Sendable {
        package var name: MechanismName
        package var isActive: Bool
        /// What it forbids, or why it is absent.
        package var detail: String

        package init(name: MechanismName, isActive: Bool, detail: String) {
            self.name = name
            self.isActive = isActive
            self.detail = detail
        }
    }

    /// - Parameter readableFolders: what may still be read, with all below it.
    /// - Output: the three mechanisms that the kernel offers for this.
    package static func enter(readableFolders: [String]) -> [Mechanism] {
        let isFinal = cprocess_forbid_new_privileges()
        let landlock = Self.restrictFiles(to: readableFolders)
        let filter = cprocess_filter_system_calls()
        return [
            Mechanism(
                name: .noNewPrivileges,
                isActive: isFinal == 0,
                detail: Self.text(isFinal, "no program started from here gains rights")
            ),
            landlock,
            Mechanism(
                name: .seccomp,
                isActive: filter == 0,
                detail: Self.text(
                    filter,
                    "no sockets, processes, tracing, new code or files to write"
                )
            ),
        ]
    }

    /// The version of Landlock this kernel has; 0 for none.
    package static var landlockABI: Int { Int(cprocess_landlock_abi()) }

    private static func restrictFiles(to folders: [String]) -> Mechanism {
        let abi = Self.landlockABI
        guard abi > 0 else {
            return Mechanism(
                name: .landlock,
                isActive: false,
                detail: "absent: this kernel has no Landlock or a container hides it; "
                    + "files may be opened for reading"
            )
        }
        // Landlock restricts the calling thread and those it starts.
        let threads = cprocess_thread_count()
        let paths = CStringArray(folders)
        let failure = paths.withConstantPointers {
            cprocess_landlock(Int32(abi), $0, folders.count)
        }
        var forbidden =
            folders.isEmpty ? "no files" : "no files outside \(folders.joined(separator: ", "))"
        if abi >= 4 { forbidden += ", no TCP" }
        if abi >= 6 { forbidden += ", no signals to other processes" }
        if threads > 1 { forbidden += "; \(threads - 1) earlier threads are free" }
        return Mechanism(
            name: .landlock,
            isActive: failure == 0 && threads <= 1,
            detail: Self.text(failure, "ABI \(abi): \(forbidden)")
        )
    }

    private static func text(_ failure: Int32, _ success: String) -> String {
        failure == 0 ? success : "absent: \(String(cString: strerror(failure)))"
    }
}
