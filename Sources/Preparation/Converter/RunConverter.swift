internal import Foundation
internal import Glibc
internal import Records

/// Has a converter make a document of another kind, in a folder of its own that is gone afterwards.
///
/// - Parameter isAlone: looked at while the converter runs: whether nobody waits for the answer any more.
/// - Throws: ``ConversionAnswer/Failure``; its message says what to type.
func runConverter(
    _ request: ConversionRequest,
    on bytes: [UInt8],
    isAlone: () -> Bool
) throws(ConversionAnswer.Failure) -> [UInt8] {
    guard let place = PrivateFolder.place() else {
        throw ConversionAnswer.Failure(
            .unsupportedType,
            "a converter writes files, and text of documents is never written to a disk: mount a "
                + "tmpfs at /dev/shm, or name one in XDG_RUNTIME_DIR"
        )
    }
    let folder: PrivateFolder
    do {
        folder = try PrivateFolder(in: place)
    } catch {
        throw ConversionAnswer.Failure(
            .crashed,
            "no folder can be made in \(place): \(error.localizedDescription)"
        )
    }
    return try convert(bytes, request, in: folder, isAlone: isAlone)
}

private func convert(
    _ bytes: [UInt8],
    _ request: ConversionRequest,
    in folder: borrowing PrivateFolder,
    isAlone: () -> Bool
) throws(ConversionAnswer.Failure) -> [UInt8] {
    let source = "\(folder.path)/document.\(request.sourceEnding)"
    let target = "\(folder.path)/out/document.\(request.targetEnding)"
    mkdir("\(folder.path)/out", 0o700)
    guard FileManager.default.createFile(atPath: source, contents: Data(bytes)) else {
        throw ConversionAnswer.Failure(
            .limitExceeded,
            "\(folder.path) has no room for \(bytes.count) bytes; give it more, or fewer --workers"
        )
    }
    let running = try RunningConverter(request, source: source, folder: folder.path)
    try running.wait(request, folder, isAlone: isAlone)
    // Nothing writes any more when the result is read.
    _ = consume running
    return try result(at: target, request)
}

/// The converted document; only a plain file counts, whatever a converter puts in its place.
private func result(
    at path: String,
    _ request: ConversionRequest
) throws(ConversionAnswer.Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    var status = stat()
    guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        if file >= 0 { close(file) }
        throw ConversionAnswer.Failure(
            .corrupt,
            "the converter made nothing of the document: it is damaged, or of a kind that \(request.program)"
                + " does not know"
        )
    }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    guard status.st_size <= request.outputBytesMaximum,
        let data = try? handle.read(upToCount: request.outputBytesMaximum), !data.isEmpty
    else {
        throw ConversionAnswer.Failure(
            status.st_size == 0 ? .corrupt : .limitExceeded,
            "the converter's result has \(status.st_size) bytes, limit \(request.outputBytesMaximum)"
        )
    }
    return Array(data)
}
