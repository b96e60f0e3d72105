internal import COCR
internal import Formats
internal import Glibc
internal import Synchronization

/// Tesseract with the files of some languages, opened once a process.
// @unchecked: `handle` is used under `isBusy` alone.
final class OCREngine: @unchecked Sendable {
    private let handle: OpaquePointer
    private let isBusy = Mutex(())

    /// Whether libtesseract is on this machine; loads it the first time, which takes files and makes
    /// code, so that it has to come before a process gives these up.
    static let isInstalled = cocr_load() != 0

    /// Of libtesseract; nil without it.
    static var version: String? { cocr_version().map { String(cString: $0) } }

    private static let opened = Mutex<[[String]: OCREngine]>([:])

    /// Where the files of languages lie, as far as it was looked for.
    private static let folders = Mutex<[[String]: String]>([:])

    /// Loads libtesseract and finds the files of `languages`: a confined process may look for neither.
    static func load(_ languages: [String]) {
        guard Self.isInstalled else { return }
        _ = Self.folder(of: languages)
    }

    /// Nil where one of them is not there.
    private static func folder(of languages: [String]) -> String? {
        Self.folders.withLock { folders in
            if let folder = folders[languages] { return folder }
            let data = TesseractData(for: languages)
            guard let folder = data.folder, data.missing(of: languages).isEmpty else { return nil }
            folders[languages] = folder
            return folder
        }
    }

    /// The engine for these languages.
    ///
    /// - Returns: nil without libtesseract or one of the languages.
    static func open(_ languages: [String]) -> OCREngine? {
        guard Self.isInstalled, let folder = Self.folder(of: languages) else { return nil }
        return Self.opened.withLock { engines in
            if let engine = engines[languages] { return engine }
            guard let handle = cocr_open(folder, languages.joined(separator: "+")) else {
                return nil
            }
            let engine = OCREngine(handle)
            engines[languages] = engine
            return engine
        }
    }

    private init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { cocr_close(self.handle) }

    /// - Parameters:
    ///   - pixels: grey, row after row from the top, without bytes between the rows.
    ///   - resolution: pixels an inch.
    /// - Returns: nil when Tesseract fails.
    func read(
        pixels: UnsafeBufferPointer<UInt8>,
        width: Int,
        height: Int,
        resolution: Int
    ) -> OCRPage? {
        precondition(pixels.count >= width * height, "a byte for each pixel")
        return self.isBusy.withLock { _ in
            let page = cocr_read_pixels(
                self.handle,
                pixels.baseAddress,
                Int32(width),
                Int32(height),
                Int32(width),
                Int32(resolution)
            )
            guard let page else { return nil }
            defer { cocr_free_page(page) }
            return OCRPage(cocr_view(page))
        }
    }

    /// Reads one picture of a PNG, JPEG or TIFF file.
    ///
    /// - Parameter index: 0, or more for the pictures of a TIFF file.
    func read(
        file: UnsafeBufferPointer<UInt8>,
        index: Int,
        pixelLimit: Int
    ) -> Result<OCRPage, OCRFailure> {
        self.isBusy.withLock { _ in
            var status: Int32 = 0
            let page = cocr_read_file(
                self.handle,
                file.baseAddress,
                file.count,
                Int32(index),
                pixelLimit,
                &status
            )
            guard let page else { return .failure(OCRFailure(status: status)) }
            defer { cocr_free_page(page) }
            return .success(OCRPage(cocr_view(page)))
        }
    }
}

/// Why a picture of a file is not read.
enum OCRFailure: Error, Hashable {
    case unreadable
    case tooLarge
    case failed
    /// The file has no picture of that number.
    case pastEnd

    fileprivate init(status: Int32) {
        switch status {
        case Int32(COCR_UNREADABLE.rawValue): self = .unreadable
        case Int32(COCR_TOO_LARGE.rawValue): self = .tooLarge
        case Int32(COCR_PAST_END.rawValue): self = .pastEnd
        default: self = .failed
        }
    }
}

/// Lets a page that OCR reads take as much processor time as it may, where the process has a limit.
///
/// The limit is one of a document; a long scan takes longer than any text.
func allowTimeForPage() {
    var usage = rusage()
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_CPU.rawValue)
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0,
        getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max
    else { return }
    let used = rlim_t(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    let wanted = min(used + secondsPerPage, limit.rlim_max)
    guard wanted > limit.rlim_cur else { return }
    limit.rlim_cur = wanted
    setrlimit(resource, &limit)
}

/// A dense page of 300 pixels an inch takes a tenth of it.
private let secondsPerPage: rlim_t = 30
