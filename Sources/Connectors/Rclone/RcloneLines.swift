internal import Glibc
internal import Objects
internal import Records

/// The listing of a remote as it comes from `rclone lsjson`: an array with an element a line.
///
/// It is read as it is written, in constant memory. Only an array that was closed by a program that ended
/// well is a listing.
// @unchecked: who has the value has it alone, as of the program.
final class RcloneLines: LineReader, @unchecked Sendable {
    private let program: RcloneProgram
    private let child: ChildProgram
    private var isClosed = false

    init(_ program: RcloneProgram) throws(ConnectorError) {
        self.program = program
        do throws(ConnectorError) {
            self.child = try ChildProgram(program.listing, directory: program.directory)
        } catch {
            throw error.systemCode == ENOENT ? RcloneProgram.notInstalled(program.remote) : error
        }
    }

    func readLine(maximumBytes: Int) throws(ConnectorError) -> [UInt8]? {
        while let line = try self.child.readLine(maximumBytes: maximumBytes) {
            switch line {
            case [], [UInt8(ascii: "[")]: continue
            case [UInt8(ascii: "]")], Array("[]".utf8): self.isClosed = true
            default: return line.last == UInt8(ascii: ",") ? Array(line.dropLast()) : line
            }
        }
        return nil
    }

    func finish() throws(ConnectorError) {
        let status = try self.child.endingStatus()
        let said = Self.withoutTime(self.child.lastWords)
        guard status == 0 else {
            throw self.program.failure(status == 5 ? .transient : .unavailable, saying: said)
        }
        guard self.isClosed else {
            throw self.program.failure(.transient, saying: "its listing was cut short")
        }
    }

    /// rclone's lines begin with `2026/11/30 11:54:43 `.
    private static func withoutTime(_ line: String) -> String {
        let time = line.prefix(20)
        let isTime =
            time.utf8.count == 20
            && time.utf8.allSatisfy { (0x30...0x39).contains($0) || "/: ".utf8.contains($0) }
        return String(isTime ? line.dropFirst(20) : line[...])
    }
}

/// What an element of `lsjson` means.
struct RcloneInterpreter: LineInterpreter {
    let source: String
    let patterns: PlacePatterns

    var isDeltaUnsaid: Bool { false }

    func finding(in line: JSONValue) -> LineFinding {
        guard let path = line["Path"]?.text, !path.isEmpty else {
            return .problem("it has no 'Path'")
        }
        if line["IsDir"]?.isSet ?? false { return .nothing }
        guard self.patterns.lists(Array(path.utf8)) else { return .unmatched }
        let size = line["Size"]?.int.flatMap { $0 < 0 ? nil : $0 }
        let time = line["ModTime"]?.text ?? ""
        return .document(
            ListedItem(
                source: self.source,
                place: path,
                version: self.version(line, size, time),
                size: size,
                modificationNanoseconds: InternetTime.nanoseconds(ofISODate: time),
                labels: []
            )
        )
    }

    private func version(_ line: JSONValue, _ size: Int?, _ time: String) -> ItemVersion {
        var fields = CursorFields()
        fields.add(size.map { "\($0)" } ?? "")
        fields.add(time)
        fields.add(line["ID"]?.text ?? "")
        if case .object(let hashes)? = line["Hashes"] {
            for hash in hashes.sorted(by: { $0.key < $1.key }) {
                fields.add(hash.key)
                fields.add(hash.value.text ?? "")
            }
        }
        return ItemVersion(of: fields.bytes)
    }
}
