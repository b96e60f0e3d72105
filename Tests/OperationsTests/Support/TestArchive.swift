/// A tar archive of files, in their order.
struct TestArchive {
    var files: [(name: String, bytes: [UInt8])]

    init(_ files: [(name: String, text: String)]) {
        self.files = files.map { ($0.name, Array($0.text.utf8)) }
    }

    var bytes: [UInt8] {
        self.files.flatMap { name, bytes in
            self.head(name, bytes.count) + bytes
                + Array(repeating: 0, count: (512 - bytes.count % 512) % 512)
        } + Array(repeating: 0, count: 1_024)
    }

    private func head(_ name: String, _ count: Int) -> [UInt8] {
        func octal(_ value: Int, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8)
                + [0]
        }
        var head = Array(name.utf8) + Array(repeating: 0, count: 100 - name.utf8.count)
        head += octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(count, 12) + octal(0, 12)
        head += Array("        0".utf8) + Array(repeating: 0, count: 100)
        head += Array("ustar\u{0}00".utf8)
        head += Array(repeating: 0, count: 512 - head.count)
        head.replaceSubrange(148..<155, with: octal(head.reduce(0) { $0 + Int($1) }, 7))
        return head
    }
}
