internal import Glibc

/// The instruction sets of the first processor, as Linux names them: `avx2`, `avx512f`.
package func processorFlags() -> Set<String> {
    guard let file = fopen("/proc/cpuinfo", "re") else { return [] }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1 << 14)
    while fgets(&line, Int32(line.count), file) != nil {
        let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        let words = String(decoding: bytes, as: UTF8.self).split {
            $0 == " " || $0 == "\n" || $0 == "\t"
        }
        if words.first == "flags" { return Set(words.map(String.init)) }
    }
    return []
}
