import Foundation
import Hashing
import Records
import Testing

@testable import Embedding

@Suite("Safetensors file")
struct SafetensorsFileTests {
    private func open(header: String, dataCount: Int) throws -> SafetensorsFile {
        let bytes = SafetensorsWriter.bytes(
            header: Data(header.utf8),
            data: Data(repeating: 0, count: dataCount)
        )
        return try self.open(bytes)
    }

    private func open(_ bytes: Data) throws -> SafetensorsFile {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "model.safetensors")
        try bytes.write(to: path)
        return try SafetensorsFile(path: path.path)
    }

    @Test func tensorsAreReadInPlace() throws {
        let bytes = try SafetensorsWriter.bytes(["a": ([2, 2], [1, 2, 3, 4]), "b": ([1], [5])])
        let file = try self.open(bytes)
        #expect(Array(try file.tensor("a", shape: [2, nil]).values) == [1, 2, 3, 4])
        #expect(Array(try file.tensor("b", shape: [1]).values) == [5])
        #expect(file.sha256 == sha256(Array(bytes)).hex)
    }

    @Test(arguments: [
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[2,10]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
        #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    ])
    func tensorsThatDoNotFitAreRefused(header: String) throws {
        let file = try self.open(header: header, dataCount: 16)
        #expect(throws: EmbeddingError.self) { try file.tensor("a", shape: [nil]) }
    }

    @Test func sizesThatOverflowAreRefused() throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#
        let file = try self.open(header: header, dataCount: 16)
        #expect(throws: EmbeddingError.self) { try file.tensor("a", shape: [nil, nil]) }
    }

    @Test(arguments: [
        Data(), Data([1, 2, 3]), Data(repeating: 0xFF, count: 64),
        Data([9, 0, 0, 0, 0, 0, 0, 0]) + Data("{}      ".utf8),
        Data([3, 0, 0, 0, 0, 0, 0, 0]) + Data("{} ".utf8),
        SafetensorsWriter.bytes(header: Data("[1]".utf8), data: Data()),
        SafetensorsWriter.bytes(header: Data("{\"a\":{}}".utf8), data: Data()),
        SafetensorsWriter.bytes(header: Data("{".utf8), data: Data()),
        SafetensorsWriter.bytes(
            header: Data(String(repeating: "[", count: 100_000).utf8),
            data: Data()
        ),
    ])
    func damagedHeadersAreRefused(bytes: Data) {
        #expect {
            try self.open(bytes)
        } throws: { ($0 as? EmbeddingError)?.code == .damagedModel }
    }
}
