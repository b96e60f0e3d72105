/// Text that has structure of its own.
extension MediaType {
    package static let csv = MediaType("text/csv")
    package static let tsv = MediaType("text/tab-separated-values")
    package static let json = MediaType("application/json")
    /// A JSON value on each line.
    package static let jsonLines = MediaType("application/jsonl")
    package static let notebook = MediaType("application/x-ipynb+json")
    package static let xml = MediaType("application/xml")
    package static let subRip = MediaType("application/x-subrip")
    package static let webVTT = MediaType("text/vtt")
    package static let restructuredText = MediaType("text/x-rst")
    package static let asciiDoc = MediaType("text/asciidoc")
    package static let org = MediaType("text/org")
    package static let latex = MediaType("text/x-tex")

    /// Whether a document of this type may be read as plain text where nothing better is there.
    package var isStructuredText: Bool {
        structuredText.contains(self) || self.programmingLanguage != nil
    }

    /// The language of source code, by the name that Markdown's fences give it; nil for other types.
    package var programmingLanguage: String? { languages[self] }

    /// The types of source code, in the order of their names.
    package static let sourceCode = languages.keys.sorted()
}

private let structuredText: Set<MediaType> = [
    .csv, .tsv, .json, .jsonLines, .notebook, .xml, .subRip, .webVTT, .restructuredText,
    .asciiDoc, .org, .latex,
]

private let languages = Dictionary(
    uniqueKeysWithValues: sourceCodeNames.map { (MediaType("text/x-\($0.type)"), $0.language) }
)

/// Extensions of structured text and source code, with the types they stand for.
let textExtensions: [(type: MediaType, names: [String])] =
    [
        (.csv, ["csv"]), (.tsv, ["tsv", "tab"]), (.json, ["json", "geojson", "jsonc", "json5"]),
        (.jsonLines, ["jsonl", "ndjson"]), (.notebook, ["ipynb"]),
        (.xml, ["xml", "rss", "atom", "dita", "docbook", "dbk", "tei", "jats"]),
        (.subRip, ["srt"]), (.webVTT, ["vtt"]), (.restructuredText, ["rst", "rest"]),
        (.asciiDoc, ["adoc", "asciidoc"]), (.org, ["org"]), (.latex, ["tex", "latex", "ltx"]),
    ] + sourceCodeNames.map { (MediaType("text/x-\($0.type)"), $0.names) }

/// Programming languages: what their type is called, what a fence calls them, and their extensions.
private let sourceCodeNames: [(type: String, language: String, names: [String])] = [
    ("ada", "ada", ["adb", "ads"]),
    ("c", "c", ["c", "h"]),
    ("c++", "cpp", ["cc", "cpp", "cxx", "hh", "hpp", "hxx"]),
    ("clojure", "clojure", ["clj", "cljs"]),
    ("csharp", "csharp", ["cs"]),
    ("dart", "dart", ["dart"]),
    ("elixir", "elixir", ["ex", "exs"]),
    ("erlang", "erlang", ["erl"]),
    ("fortran", "fortran", ["f90", "f95"]),
    ("go", "go", ["go"]),
    ("haskell", "haskell", ["hs"]),
    ("java", "java", ["java"]),
    ("javascript", "javascript", ["js", "mjs", "cjs", "jsx"]),
    ("julia", "julia", ["jl"]),
    ("kotlin", "kotlin", ["kt", "kts"]),
    ("lisp", "lisp", ["lisp", "el"]),
    ("lua", "lua", ["lua"]),
    ("objective-c", "objectivec", ["m", "mm"]),
    ("ocaml", "ocaml", ["ml", "mli"]),
    ("perl", "perl", ["pl", "pm"]),
    ("php", "php", ["php"]),
    ("powershell", "powershell", ["ps1"]),
    ("protobuf", "protobuf", ["proto"]),
    ("python", "python", ["py", "pyi"]),
    ("r", "r", ["r"]),
    ("ruby", "ruby", ["rb"]),
    ("rust", "rust", ["rs"]),
    ("scala", "scala", ["scala"]),
    ("sh", "bash", ["sh", "bash", "zsh"]),
    ("sql", "sql", ["sql"]),
    ("swift", "swift", ["swift"]),
    ("terraform", "hcl", ["tf", "hcl"]),
    ("typescript", "typescript", ["ts", "tsx"]),
    ("yaml", "yaml", ["yaml", "yml"]),
    ("toml", "toml", ["toml"]),
    ("ini", "ini", ["ini", "cfg", "conf", "properties"]),
    ("css", "css", ["css", "scss", "less"]),
    ("dockerfile", "dockerfile", ["dockerfile"]),
    ("cmake", "cmake", ["cmake"]),
    ("makefile", "makefile", ["mk"]),
]
