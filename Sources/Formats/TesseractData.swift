internal import Glibc

/// The language files of Tesseract on this machine.
package struct TesseractData: Sendable {
    /// Nil where no folder of them is found.
    package let folder: String?

    /// - Parameter languages: of several folders the first with all of these counts.
    package init(for languages: [String] = []) {
        let folders = Self.places.filter { access($0, R_OK | X_OK) == 0 }
        self.folder =
            folders.first { folder in
                !languages.isEmpty
                    && languages.allSatisfy { Self.isReadable(Self.path(of: $0, in: folder)) }
            } ?? folders.first
    }

    /// The names of the languages that are not there, in the order given.
    package func missing(of languages: [String]) -> [String] {
        languages.filter { language in
            guard Self.isName(language), let path = self.path(of: language) else { return true }
            return !Self.isReadable(path)
        }
    }

    package func path(of language: String) -> String? {
        self.folder.map { Self.path(of: language, in: $0) }
    }

    /// The languages that are there, in the order of their names.
    package var languages: [String] {
        guard let folder = self.folder, let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasSuffix(Self.suffix) else { continue }
            let language = String(name.dropLast(Self.suffix.count))
            // Orientation alone is no language.
            if language != "osd" { names.append(language) }
        }
        return names.sorted()
    }

    /// Debian's folders and those of a build from source; `TESSDATA_PREFIX` goes before them.
    private static var places: [String] {
        let named = getenv("TESSDATA_PREFIX").map { [String(cString: $0)] } ?? []
        return named.filter { !$0.isEmpty } + [
            "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata",
            "/usr/share/tessdata", "/usr/local/share/tessdata",
        ]
    }

    private static let suffix = ".traineddata"

    private static func path(of language: String, in folder: String) -> String {
        folder + "/" + language + self.suffix
    }

    private static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// Names such as `eng`, `chi_sim` and `script/Latin`, which lead out of no folder.
    private static func isName(_ language: String) -> Bool {
        !language.isEmpty && !language.utf8.contains(UInt8(ascii: "."))
            && !language.utf8.contains(UInt8(ascii: "+")) && !language.hasPrefix("/")
            && language.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
