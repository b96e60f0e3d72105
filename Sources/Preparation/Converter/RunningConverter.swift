internal import CProcess
internal import Execution
internal import Foundation
internal import Glibc
internal import Records

/// A converter at work, with all processes that it starts; they end with the value.
struct RunningConverter: ~Copyable {
    private let processID: Int32

    init(
        _ request: ConversionRequest,
        source: String,
        folder: String
    ) throws(ConversionAnswer.Failure) {
        let (failure, processID) = Self.spawn(request, source: source, folder: folder)
        guard failure == 0 else {
            throw ConversionAnswer.Failure(
                .unsupportedType,
                "the converter \(request.program) cannot be run: \(String(cString: strerror(failure)))"
            )
        }
        self.processID = processID
    }

    /// - Returns: an `errno`, or 0 and the process.
    private static func spawn(
        _ request: ConversionRequest,
        source: String,
        folder: String
    ) -> (Int32, Int32) {
        let arguments = CStringArray(
            [request.program] + Self.arguments(request, source: source, folder: folder)
        )
        let environment = CStringArray(Self.environment(folder: folder))
        let readable = CStringArray(Self.readable + [request.programFolder])
        var processID: Int32 = 0
        let failure = readable.withConstantPointers { readable in
            folder.withCString { folder in
                var how = cprocess_confinement(
                    folder: folder,
                    readable: readable,
                    readable_count: Self.readable.count + 1,
                    processor_seconds: request.secondsMaximum,
                    address_space_bytes: addressSpaceBytes,
                    file_bytes: request.folderBytesMaximum
                )
                return cprocess_spawn_confined(
                    &processID,
                    &how,
                    arguments.pointers,
                    environment.pointers
                )
            }
        }
        return (failure, processID)
    }

    deinit {
        kill(-self.processID, SIGKILL)
        kill(self.processID, SIGKILL)
        endChildren()
    }

    /// Waits for the converter's end, and ends it at a limit.
    func wait(
        _ request: ConversionRequest,
        _ folder: borrowing PrivateFolder,
        isAlone: () -> Bool
    ) throws(ConversionAnswer.Failure) {
        var looks = 0
        let start = seconds()
        while true {
            var status: Int32 = 0
            let ended = waitpid(self.processID, &status, WNOHANG)
            if ended == self.processID || (ended < 0 && errno == ECHILD) {
                return try Self.judge(status, request)
            }
            guard seconds() - start < Double(request.secondsMaximum) else { throw late(request) }
            guard !isAlone() else {
                throw ConversionAnswer.Failure(.crashed, "nobody waits for the answer")
            }
            looks += 1
            if looks.isMultiple(of: looksPerCount),
                folder.byteCount() > request.folderBytesMaximum
            {
                throw ConversionAnswer.Failure(
                    .limitExceeded,
                    "the converter writes more than \(request.folderBytesMaximum) bytes"
                )
            }
            usleep(microsecondsPerLook)
        }
    }

    /// A converter that fails may have said why nowhere: only limits are told apart.
    private static func judge(
        _ status: Int32,
        _ request: ConversionRequest
    ) throws(ConversionAnswer.Failure) {
        // A shell tells a signal by a status above 128.
        let exit = status >> 8 & 0xFF
        let signal = exit > 128 && status & 0x7F == 0 ? exit - 128 : status & 0x7F
        if signal == SIGXCPU { throw late(request) }
        if signal == SIGXFSZ {
            throw ConversionAnswer.Failure(
                .limitExceeded,
                "the converter writes a file of more than \(request.folderBytesMaximum) bytes"
            )
        }
        guard signal == 0 else {
            throw ConversionAnswer.Failure(.crashed, "the converter ended by signal \(signal)")
        }
    }

    /// What LibreOffice takes; a converter of another make has to take the same.
    private static func arguments(
        _ request: ConversionRequest,
        source: String,
        folder: String
    ) -> [String] {
        [
            "-env:UserInstallation=file://\(folder)/profile", "--headless", "--norestore",
            "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard", "--convert-to",
            request.targetEnding, "--outdir", "\(folder)/out", source,
        ]
    }

    private static func environment(folder: String) -> [String] {
        let folders = ["HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
        return [
            "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC",
            "SAL_USE_VCLPLUGIN=svp",
        ] + folders.map { "\($0)=\(folder)" }
    }

    /// Programs, libraries, fonts and the system's tables: no folder of a user, a service or a device.
    private static let readable = [
        "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/passwd", "/etc/group",
        "/etc/nsswitch.conf", "/etc/localtime", "/etc/locale.alias", "/etc/alternatives",
        "/etc/fonts", "/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice",
        "/var/cache/fontconfig", "/proc", "/sys/devices/system/cpu",
    ]
}

private let addressSpaceBytes = 4 << 30
private let microsecondsPerLook: UInt32 = 10_000
private let looksPerCount = 50

private func late(_ request: ConversionRequest) -> ConversionAnswer.Failure {
    ConversionAnswer.Failure(
        .timedOut,
        "the converter took more than \(request.secondsMaximum) s; raise converter_seconds"
    )
}

private func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Ends every process that this one has started or inherited, and waits for them.
///
/// - Precondition: `cprocess_adopt_orphans`, so that those that left the group are children here.
private func endChildren() {
    for _ in 0..<1_000 {
        let ended = waitpid(-1, nil, WNOHANG)
        if ended > 0 { continue }
        if ended < 0, errno == ECHILD { return }
        for child in children() { kill(child, SIGKILL) }
        usleep(microsecondsPerLook)
    }
}

private func children() -> [Int32] {
    let path = "/proc/self/task/\(getpid())/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
}
