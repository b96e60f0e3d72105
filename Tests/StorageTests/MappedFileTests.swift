import Glibc
import Storage
import Testing

@Suite struct MappedFileTests {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test(arguments: [0, 1, 4_096, 10_000, 70_000])
    func piecesAreTheBytesInOrder(count: Int) throws {
        let bytes = sampleBytes(count)
        try replaceFile(self.folder("a"), with: bytes)
        let file = try MappedFile(path: self.folder("a"))
        for size in [1_000, 4_096, 1 << 20] {
            var found: [UInt8] = []
            try file.forEachPiece(of: size) {
                #expect($0.count <= size && !$0.isEmpty)
                found += $0
            }
            #expect(found == bytes)
        }
    }

    /// What is let go of is no memory of this process, and is read again when touched.
    @Test func piecesDoNotStay() throws {
        let bytes = sampleBytes(8 << 20)
        try replaceFile(self.folder("a"), with: bytes)
        let file = try MappedFile(path: self.folder("a"))
        #expect(file.bytes.elementsEqual(bytes))
        #expect(try self.presentPages(of: file) == bytes.count / Int(getpagesize()))
        try file.forEachPiece { _ in }
        #expect(try self.presentPages(of: file) == 0)
        #expect(file.bytes.elementsEqual(bytes))
    }

    /// How many pages of the mapping are in this process; see `pagemap` in proc(5).
    private func presentPages(of file: MappedFile) throws -> Int {
        let descriptor = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let pageByteCount = Int(getpagesize())
        let first = Int(bitPattern: file.bytes.baseAddress) / pageByteCount
        var entries = [UInt64](repeating: 0, count: file.byteCount / pageByteCount)
        let byteCount = entries.count * MemoryLayout<UInt64>.stride
        try #require(pread(descriptor, &entries, byteCount, first * 8) == byteCount)
        return entries.count { $0 >> 63 == 1 }
    }
}
