import Foundation
import Testing

@testable import Selftest

@Suite struct WorkFolderTests {
    private let parent: String

    init() throws {
        self.parent = FileManager.default.temporaryDirectory.path + "/work-folders-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: self.parent,
            withIntermediateDirectories: true
        )
    }

    @Test func removesWhatAKilledSelftestLeftAndNothingElse() throws {
        let abandoned = self.parent + "/millrace-selftest-gone"
        let young = self.parent + "/millrace-selftest-new"
        let other = self.parent + "/documents"
        for path in [abandoned, young, other] {
            try FileManager.default.createDirectory(
                atPath: path + "/inside",
                withIntermediateDirectories: true
            )
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
            ofItemAtPath: abandoned
        )
        let first = try WorkFolder(in: self.parent)
        try Data().write(to: URL(filePath: first("file")))
        let second = try WorkFolder(in: self.parent)
        #expect(!FileManager.default.fileExists(atPath: abandoned))
        #expect(FileManager.default.fileExists(atPath: young))
        #expect(FileManager.default.fileExists(atPath: other))
        #expect(FileManager.default.fileExists(atPath: first("file")))
        #expect(first.path != second.path)
        try FileManager.default.removeItem(atPath: self.parent)
    }
}
