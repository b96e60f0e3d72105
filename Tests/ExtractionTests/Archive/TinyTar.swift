/// A tar file, member by member; every field can be told a lie.
struct TinyTar {
    struct Member {
        var name: String
        var bytes: [UInt8] = []
        /// `0` file, `1` hard link, `2` symbolic link, `3` device, `5` folder.
        var type: Character = "0"
        var link = ""
        /// What the head says of the size.
        var byteCount: Int?
    }

    var members: [Member]

    init(_ members: [Member]) { self.members = members }

    init(_ files: [(String, String)]) {
        self.members = files.map { Member(name: $0.0, bytes: Array($0.1.utf8)) }
    }

    func bytes() -> [UInt8] {
        self.members.flatMap { member -> [UInt8] in
            let padding = (512 - member.bytes.count % 512) % 512
            return self.head(member) + member.bytes + Array(repeating: 0, count: padding)
        } + Array(repeating: 0, count: 1_024)
    }

    private func head(_ member: Member) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8)
                + [0]
        }
        func field(_ text: String, _ width: Int) -> [UInt8] {
            let bytes = Array(text.utf8.prefix(width))
            return bytes + Array(repeating: 0, count: width - bytes.count)
        }
        var head = field(member.name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8)
        head += octal(member.byteCount ?? member.bytes.count, 12) + octal(0, 12)
        head += Array(repeating: 0x20, count: 8) + field(String(member.type), 1)
        head += field(member.link, 100) + Array("ustar\u{0}00".utf8)
        head += Array(repeating: 0, count: 512 - head.count)
        let sum = head.reduce(0) { $0 + Int($1) }
        head.replaceSubrange(148..<156, with: octal(sum, 7) + [0x20])
        return head
    }
}
