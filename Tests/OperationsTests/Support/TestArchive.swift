/// A tar archive of files, in their order.
struct TestArchive {
    var files: [(name: String, bytes: [UInt8])]

    init(_ files: [(name: String, text: String)]) {
        self.files = files.map { ($0.name, Array($0.text.utf8)) }
    }

    var bytes: [UInt8] {
        var archive: [UInt8] = []
        for (name, bytes) in self.files {
            archive += self.head(name, bytes.count)
            archive += bytes
            archive += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
        }
        return archive + [UInt8](repeating: 0, count: 1_024)
    }

    private func head(_ name: String, _ count: Int) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8)
                + [0]
        }
        var head = Array(name.utf8)
        head += [UInt8](repeating: 0, count: 100 - head.count)
        for (value, width) in [(0o644, 8), (0, 8), (0, 8), (count, 12), (0, 12)] {
            head += octal(value, width)
        }
        head += Array("        0".utf8)
        head += [UInt8](repeating: 0, count: 100)
        head += Array("ustar\u{0}00".utf8)
        head += [UInt8](repeating: 0, count: 512 - head.count)
        head.replaceSubrange(148..<155, with: octal(head.reduce(0) { $0 + Int($1) }, 7))
        return head
    }
}
