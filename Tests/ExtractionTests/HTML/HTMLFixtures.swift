import Extraction
import Formats
import Glibc
import Records
import Testing

/// A page around a body, with enough prose that it is an article.
func page(_ body: String, head: String = "") -> [UInt8] {
    Array("<!DOCTYPE html><html><head>\(head)</head><body>\(body)</body></html>".utf8)
}

let sentence =
    "The quick brown fox jumps over the lazy dog near the river bank, and then it rests there. "

/// Paragraphs that any rule takes for the article.
let article = String(repeating: "<p>\(sentence)\(sentence)</p>", count: 4)

func markdown(_ body: String, options: HTMLOptions = HTMLOptions()) throws -> String {
    let content = try extractHTML(page(body), options: options)
    return String(decoding: content.markdown, as: UTF8.self)
}

/// The folder of shared development data beside the repository; nil on other machines.
let sharedFolder: String? = {
    var parts = #filePath.split(separator: "/").dropLast()
    while !parts.isEmpty {
        let candidate = "/" + parts.dropLast().joined(separator: "/") + "/shared"
        if access(candidate + "/data/html", R_OK) == 0 { return candidate }
        parts = parts.dropLast()
    }
    return nil
}()

func readFile(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, size, file)
    }
}

func listFolder(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(path + "/" + name) }
    }
    return names.sorted()
}
