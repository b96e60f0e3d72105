import Dataflow
import Formats
import Records
import Testing

@testable import Extraction

@Suite("Archives")
struct ArchiveTests {
    private func read(
        _ bytes: [UInt8],
        limits: ChildLimits = ChildLimits()
    ) throws -> TakenChildren {
        try TakenChildren(ArchiveOptions(Parameters([:])), bytes, limits: limits)
    }

    private func code(_ bytes: [UInt8]) -> StageFailure.Code? {
        do {
            _ = try self.read(bytes)
            return nil
        } catch {
            return (error as? ExtractionError)?.code
        }
    }

    static let files = [("a.txt", "one"), ("b/c.md", "# two")]
    /// `a.txt` and `b/c.md` as 7-Zip packs them, without compression.
    static let forms: [(name: String, bytes: [UInt8])] = [
        ("zip", TinyZip(files).bytes()), ("tar", TinyTar(files).bytes()),
    ]

    @Test(arguments: forms) func membersAreDocuments(name: String, bytes: [UInt8]) throws {
        let archive = try self.read(bytes)
        #expect(archive.suffixes == ["!/a.txt", "!/b/c.md"])
        #expect(archive.text(0) == "one")
        #expect(archive.text(1) == "# two")
        #expect(archive.children.map(\.mediaType) == [.plain, .markdown])
        #expect(String(decoding: archive.content.markdown, as: UTF8.self) == "- a.txt\n- b/c.md")
        #expect(archive.content.metadata["members"] == "2")
    }

    static let names: [(name: String, suffix: String)] = [
        ("../../etc/passwd", "!/etc/passwd"), ("/etc/passwd", "!/etc/passwd"),
        ("C:\\a\\b.txt", "!/a/b.txt"), ("a/./b//c", "!/a/b/c"), ("..", "!/unnamed"),
        ("a\u{1}\nb", "!/ab"), ("ü.txt", "!/ü.txt"),
    ]

    /// Bit 11 says that a name is UTF-8.
    @Test(arguments: [UInt32(0), 0x800]) func namesOfAllScriptsAreRead(flags: UInt32) throws {
        var zip = TinyZip([("Größe.txt", "x"), ("注文/一.txt", "y")])
        for index in zip.parts.indices { zip.parts[index].flags = flags }
        #expect(try self.read(zip.bytes()).suffixes == ["!/Größe.txt", "!/注文/一.txt"])
    }

    @Test(arguments: names) func namesStayInTheArchive(name: String, suffix: String) throws {
        let archive = try self.read(TinyTar([(name, "x")]).bytes())
        #expect(archive.suffixes == [suffix])
        let isPlain = ["a/./b//c", "ü.txt"].contains(name)
        #expect(archive.warning("unsafe_names") == (isPlain ? 0 : 1))
    }

    @Test func namesOfOldZipsAreInTheirCodePage() throws {
        var zip = TinyZip([("x", "one")])
        zip.parts[0].name = [0x67, 0x72, 0x81, 0xE1, 0x65]
        #expect(try self.read(zip.bytes()).suffixes == ["!/grüße"])
    }

    @Test func twoMembersOfOneNameAreTwoDocuments() throws {
        let archive = try self.read(TinyTar([("a", "1"), ("a", "2"), ("./a", "3")]).bytes())
        #expect(archive.suffixes == ["!/a", "!/a~2", "!/a~3"])
        #expect((0..<3).map(archive.text) == ["1", "2", "3"])
    }

    @Test func linksDevicesAndFoldersAreNoDocuments() throws {
        let archive = try self.read(
            TinyTar([
                .init(name: "d/", type: "5"), .init(name: "a", bytes: [0x61]),
                .init(name: "s", type: "2", link: "/etc/passwd"),
                .init(name: "h", type: "1", link: "a"), .init(name: "n", type: "3"),
                .init(name: "__MACOSX/._a", bytes: [0x61]), .init(name: "d/.DS_Store", bytes: [1]),
            ]).bytes()
        )
        #expect(archive.suffixes == ["!/a"])
        #expect(archive.warning("links_skipped") == 3)
        #expect(archive.warning("system_files_skipped") == 2)
    }

    @Test func anEncryptedMemberSaysSo() throws {
        var zip = TinyZip(Self.files)
        zip.parts[0].flags = 1
        let archive = try self.read(zip.bytes())
        #expect(archive.code(0) == .encrypted)
        #expect(archive.text(1) == "# two")
    }

    @Test func aDamagedMemberCostsItself() throws {
        var zip = TinyZip(Self.files)
        zip.parts[0].checksum = 1
        let archive = try self.read(zip.bytes())
        #expect(archive.code(0) == .corrupt)
        #expect(archive.text(1) == "# two")
    }

    @Test func whatIsNoArchiveIsRefused() {
        #expect(self.code(Array("words".utf8)) == .corrupt)
        #expect(self.code(TinyZip().bytes()) == .empty)
    }

    @Test func aCutTarKeepsWhatIsWhole() throws {
        let bytes = TinyTar([("a", "one"), ("b", String(repeating: "x", count: 2_000))]).bytes()
        let archive = try self.read(Array(bytes.prefix(1_024 + 512 + 700)))
        #expect(archive.text(0) == "one")
        #expect(archive.code(1) == .corrupt)
        #expect(archive.warning("archive_damaged") == 1)
    }

    @Test func lyingSizesAreNotBelieved() throws {
        let huge = TinyTar([.init(name: "a", bytes: [0x61], byteCount: 0o77777777777)]).bytes()
        let archive = try self.read(huge)
        #expect(archive.code(0) == .corrupt || archive.code(0) == .limitExceeded)
        var zip = TinyZip(Self.files)
        zip.parts[0].byteCount = 4_000_000_000
        let other = try self.read(zip.bytes())
        #expect(other.code(0) != nil || other.text(0) == "one")
        #expect(other.text(1) == "# two")
    }

    @Test func aBombIsNoArchive() throws {
        var zip = TinyZip()
        var part = TinyZip.Part("bomb.txt", Array(repeating: 0, count: 40 << 20))
        part.data = TinyDeflate.zeros(40 << 20)
        zip.parts = [part, .init("a.txt", "one")]
        let archive = try self.read(zip.bytes())
        #expect(archive.code(0) == .limitExceeded)
        // Nothing more is taken out of a bomb.
        #expect(archive.code(1) == .limitExceeded)
    }

    @Test func overlappingMembersCostNoMoreThanTheBudget() throws {
        var zip = TinyZip()
        var part = TinyZip.Part("0", Array(repeating: 0, count: 1 << 20))
        part.data = TinyDeflate.zeros(1 << 20)
        zip.parts = [part]
        for number in 1..<200 {
            var copy = part
            copy.name = Array("\(number)".utf8)
            copy.offset = 0
            copy.data = []
            zip.parts.append(copy)
        }
        let archive = try? self.read(zip.bytes())
        let read = (archive?.children ?? []).reduce(0) { sum, child in
            sum + ((try? child.bytes.get().count) ?? 0)
        }
        #expect(read <= 16 << 20)
    }

    @Test func countsAreBounded() throws {
        let files = (0..<30).map { ("\($0)", "x") }
        let archive = try self.read(TinyTar(files).bytes(), limits: ChildLimits(count: 4))
        #expect(archive.children.count == 4)
        #expect(archive.warning("children_left_out") == 26)
    }

    @Test func anArchiveInItselfIsAMember() throws {
        // A quine cannot be written here; an archive in an archive is a document like others.
        let inner = TinyZip(Self.files).bytes()
        let archive = try self.read(
            TinyTar([.init(name: "inner.zip", bytes: inner)]).bytes()
        )
        #expect(archive.children.map(\.mediaType) == [.zip])
        #expect(archive.suffixes == ["!/inner.zip"])
    }
}
