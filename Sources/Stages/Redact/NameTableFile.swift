internal import Embedding
internal import Hashing
internal import Records
package import Redact
internal import Storage

/// The table of names that `Ops/fetch-models names` makes.
package enum NameTableFile {
    /// The mapped table, shared by the process; nil without a sound file.
    package static var table: NameTable? { shared?.table }

    /// The SHA-256 of the table, or a word for its absence.
    package static var identity: String { shared?.sha256 ?? "no names" }

    /// Where the file is, or would be.
    package static var path: String { ModelStore().folder("names") + "/names.bin" }

    package static let remedy = "run Ops/fetch-models names"

    // Read once: a file that comes later counts from the next start of the process on.
    private static let shared: (table: NameTable, sha256: String)? = {
        guard let file = try? MappedFile(path: path),
            let table = try? NameTable(file.bytes, owner: file)
        else { return nil }
        return (table, sha256(file.bytes).hex)
    }()
}
