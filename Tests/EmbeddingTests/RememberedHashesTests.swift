import Foundation
import Hashing
import Records
import Storage
import Testing

@testable import Embedding

@Suite("Remembered hashes")
struct RememberedHashesTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.path + "/model.safetensors" }
    private var record: String { self.folder.path + "/" + RememberedHashes.fileName }

    init() throws {
        self.folder = try TemporaryFolder()
        try self.write("weights")
    }

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: self.path))
    }

    private func hash() throws -> String {
        RememberedHashes.sha256(of: try MappedFile(path: self.path))
    }

    /// Lets the record look as old as it will be in an hour.
    private func age() throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 3600)],
            ofItemAtPath: self.record
        )
    }

    private func forge() throws -> String {
        let forged = String(repeating: "ab", count: 32)
        let text = try String(contentsOfFile: self.record, encoding: .utf8)
        try Data((forged + text.dropFirst(64)).utf8).write(to: URL(filePath: self.record))
        try self.age()
        return forged
    }

    @Test func aHashIsReadFromTheRecordOnceItIsOld() throws {
        let truth = sha256(Array("weights".utf8)).hex
        #expect(try self.hash() == truth)
        // What is read is what the record says, so it is read.
        let forged = try self.forge()
        #expect(try self.hash() == forged)
        try FileManager.default.removeItem(atPath: self.record)
        #expect(try self.hash() == truth)
    }

    @Test func aFileThatChangedIsHashedAnew() throws {
        _ = try self.hash()
        _ = try self.forge()
        try self.write("WEIGHTS")
        #expect(try self.hash() == sha256(Array("WEIGHTS".utf8)).hex)
    }

    @Test func aRecordWrittenInTheTickOfTheChangeIsNotBelieved() throws {
        _ = try self.hash()
        _ = try self.forge()
        try FileManager.default.setAttributes(
            [.modificationDate: Date()],
            ofItemAtPath: self.record
        )
        #expect(try self.hash() == sha256(Array("weights".utf8)).hex)
    }

    @Test func aRecordThatOthersMayWriteIsNotBelieved() throws {
        _ = try self.hash()
        _ = try self.forge()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: self.record)
        #expect(try self.hash() == sha256(Array("weights".utf8)).hex)
    }

    @Test func aRecordOfOtherFormIsReplaced() throws {
        try Data("nonsense\n\n\(String(repeating: "x", count: 64)) 1 2 3\n".utf8)
            .write(to: URL(filePath: self.record))
        #expect(try self.hash() == sha256(Array("weights".utf8)).hex)
        let lines = try String(contentsOfFile: self.record, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
    }
}
