// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift room shares; C rooms take their own.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room: one SwiftPM target whose arrows point down the map in `Sources/README.md`.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let asyncHTTP: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let hummingbird: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "JWTKit", package: "jwt-kit"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let parser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "millrace",
    products: [
        .executable(name: "millrace", targets: ["millrace"]),
        // Search in a program of one's own: the one public API.
        .library(name: "MillraceSearch", targets: ["MillraceSearch"]),
        // For the package in Sources/millrace-worker, which makes the program of it.
        .library(name: "MillraceWorker", targets: ["Preparation"]),
        // For the package in Sources/millrace-selftest.
        .library(name: "MillraceSelftest", targets: ["SelftestCommands"]),
        // For the package in Sources/millrace-serve.
        .library(name: "MillraceServe", targets: ["Serving"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(name: "millrace-worker", path: "Sources/millrace-worker"),
        .package(name: "millrace-selftest", path: "Sources/millrace-selftest"),
        .package(name: "millrace-serve", path: "Sources/millrace-serve"),
    ],
    targets: [
        .executableTarget(
            name: "millrace",
            dependencies: [
                "Console", "Operations", "Telemetry", parser,
                // Built with it and never linked to it: the worker alone has parsers in it, and
                // the selftest alone can inject faults.
                .product(name: "millrace-worker", package: "millrace-worker"),
                .product(name: "millrace-selftest", package: "millrace-selftest"),
                .product(name: "millrace-serve", package: "millrace-serve"),
            ],
            swiftSettings: strict
        ),
        room("SelftestCommands", ["Console", "Selftest", "Operations", parser]),
        room("Console", ["Operations", "Telemetry", parser, logging]),
        room(
            "Selftest",
            [
                "Operations", "Segments", "Manifests", "Faults", "Storage", "Telemetry", "Records",
            ]
        ),
        room("Faults", ["Storage", "CFaults"]),
        room(
            "Serving",
            [
                "Console", "Operations", "MillraceSearch", "Objects", "Storage", "Telemetry",
                "Hashing", "Records", "Bytes", logging, metrics, parser,
            ] + hummingbird
        ),
        room(
            "Operations",
            [
                "WorkerMessages", "Execution", "Stages", "Formats", "Dataflow", "Connectors",
                "Exports", "Objects", "Redact", "Text", "Embedding", "Search", "Segments",
                "Manifests", "Storage",
                "Telemetry", "Hashing", "Records", "Bytes", logging,
            ]
        ),
        room("Execution", ["CProcess"]),
        room(
            "Preparation",
            [
                "WorkerMessages", "Execution", "Extraction", "Stages", "Formats", "Dataflow",
                "Text", "Storage", "Telemetry", "Hashing", "Records", "Bytes", "CProcess",
            ]
        ),
        room("WorkerMessages", ["Execution", "Stages", "Dataflow", "Telemetry", "Records"]),
        room(
            "Stages",
            [
                "Formats", "Dataflow", "Markdown", "Redact", "Text", "Embedding", "Segments",
                "Storage", "Hashing", "Records",
            ]
        ),
        room("Formats", ["Dataflow", "Records"]),
        room("Dataflow", ["Hashing", "Records", yams]),
        room(
            "Connectors",
            [
                "Dataflow", "Objects", "Storage", "Hashing", "Records", "Bytes", "CFiles",
                "CPostgres", "CProcess", grdb,
            ]
        ),
        room(
            "Exports",
            [
                "Objects", "Segments", "Search", "Storage", "Hashing", "Records", "Bytes",
                "CPostgres",
            ]
        ),
        room(
            "Extraction",
            [
                "Formats", "Markdown", "Records", "Bytes", "CXML2", "CPoppler", "CPopplerPublic",
                "COCR", "CICU", "CZlib", "CMime", "CArchive",
            ]
        ),
        room("Redact", ["Hashing", "Records", "Bytes", "CKernels"]),
        room("Text", ["Hashing", "Records", "Bytes", "CICU", "CCLD2", "CKernels", "CStemmer"]),
        room(
            "Embedding",
            ["Objects", "Storage", "Hashing", "Records", "Bytes", "CICU", "CKernels"]
        ),
        room(
            "MillraceSearch",
            ["Search", "Embedding", "Segments", "Storage", "Telemetry", "Records"]
        ),
        room("Search", ["Segments", "Text", "Vectors", "Records", "Bytes"]),
        room("Segments", ["Vectors", "CKernels", "Storage", "Hashing", "Records", "Bytes"]),
        room("Manifests", ["Storage", "Hashing", "Records", "Bytes", grdb]),
        room("Markdown", ["Records", "Bytes"]),
        room("Vectors", ["CKernels"]),
        room("Objects", ["Telemetry", "Bytes", asyncHTTP, crypto] + nio),
        room("Storage", ["CFiles", "CKernels", "CZlib"]),
        room("Telemetry", [logging]),
        room("Hashing", ["Records", crypto]),
        room("Records", []),
        room("Bytes", ["CKernels"]),

        .target(name: "CPoppler", dependencies: ["CPopplerCpp"]),
        // Loads libtesseract while it runs: neither a build nor a machine needs it.
        .target(name: "COCR"),
        // Loads libpq while it runs: most commands ask no database.
        .target(name: "CPostgres"),
        .target(name: "CPopplerPublic", dependencies: ["CPoppler", "CPopplerGLib"]),
        .target(name: "CMime", dependencies: ["CGMime"]),
        .target(
            name: "CICU",
            linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]
        ),
        // The order matters: cld2_full carries the tables of all languages, cld2 the API.
        .target(
            name: "CCLD2",
            linkerSettings: [.linkedLibrary("cld2_full"), .linkedLibrary("cld2")]
        ),
        // Optimised in debug builds too: a test of a kernel is a test of what runs.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"])]),
        .target(name: "CFaults", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CFiles"),
        .target(name: "CProcess"),
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CPopplerCpp",
            pkgConfig: "poppler-cpp",
            providers: [.apt(["libpoppler-cpp-dev"])]
        ),
        .systemLibrary(
            name: "CPopplerGLib",
            pkgConfig: "poppler-glib",
            providers: [.apt(["libpoppler-glib-dev"])]
        ),
        .systemLibrary(
            name: "CGMime",
            pkgConfig: "gmime-3.0",
            providers: [.apt(["libgmime-3.0-dev"])]
        ),
        .systemLibrary(
            name: "CArchive",
            pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),

        .executableTarget(
            name: "embedding-benchmark",
            dependencies: ["Embedding", "Storage"],
            path: "Ops/benchmarks",
            exclude: [
                "dedupe", "extraction", "run", "whole-job.yml", "incremental", "incremental.yml",
                "embed", "language", "near-duplicates", "pii", "ocr", "office", "sources", "serve",
                "search", "scale",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "search-benchmark",
            dependencies: ["Search", "Segments"],
            path: "Ops/benchmarks/search",
            exclude: ["run", "peer"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "redact-benchmark",
            dependencies: ["Redact"],
            path: "Ops/benchmarks/pii",
            exclude: ["addresses", "run", "schemes"],
            swiftSettings: strict
        ),

        // A server that lies, drips and breaks off, for the tests of what asks servers.
        .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: strict),
        tests("BytesTests", ["Bytes", "CKernels"]),
        tests("RecordsTests", ["Records", "Hashing"]),
        tests("StorageTests", ["Faults", "Storage", "Hashing", "Records"]),
        tests("ManifestsTests", ["Manifests", "Faults", "Storage", "Hashing", "Records", grdb]),
        tests("VectorsTests", ["Vectors"]),
        tests("ObjectsTests", ["Objects", "LoopbackServer", "Telemetry"]),
        tests(
            "ExportsTests",
            [
                "Exports", "Objects", "Search", "Embedding", "Segments", "Storage", "Text",
                "Hashing", "Records",
            ]
        ),
        tests(
            "ServingTests",
            [
                "Serving", "MillraceSearch", "Operations", "Search", "Embedding", "Segments",
                "Manifests", "Storage", "Text", "Hashing", "Records", logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ]
        ),
        tests("SegmentsTests", ["Segments", "Vectors", "Storage", "Hashing", "Records"]),
        tests(
            "SearchTests",
            ["Search", "Segments", "Text", "Vectors", "Storage", "Hashing", "Records"]
        ),
        tests("EmbeddingTests", ["Embedding", "Storage", "Hashing", "Records", "CKernels"]),
        tests("RedactTests", ["Redact", "Hashing", "Records", "CKernels"]),
        tests("TextTests", ["Text", "Bytes", "Hashing", "Records"]),
        tests(
            "ExtractionTests",
            ["Extraction", "Formats", "Dataflow", "Markdown", "Bytes", "Records", "CXML2"]
        ),
        tests(
            "ConnectorsTests",
            [
                "Connectors", "Dataflow", "Objects", "LoopbackServer", "Storage", "Hashing",
                "Records",
            ]
        ),
        tests(
            "ContractTests",
            [
                "Connectors", "Dataflow", "LoopbackServer", "Storage", "Hashing", "Objects",
                "Records", "CProcess", grdb,
            ]
        ),
        tests("DataflowTests", ["Connectors", "Dataflow", "Hashing", "Records"]),
        tests("ExecutionTests", ["Execution", "Dataflow", "Telemetry", "Records"]),
        tests("TelemetryTests", ["Telemetry", "Records", logging]),
        tests(
            "StagesTests",
            [
                "Preparation", "WorkerMessages", "Stages", "Dataflow", "Extraction", "Embedding",
                "Segments", "Telemetry", "Hashing", "Records",
            ]
        ),
        tests(
            "OperationsTests",
            [
                "Operations", "Preparation", "WorkerMessages", "Execution", "Dataflow", "Embedding",
                "Manifests", "Segments", "Search", "Redact", "Text", "Storage", "Telemetry",
                "Hashing",
                "Records", "Objects", "LoopbackServer",
            ]
        ),
        tests("SelftestTests", ["Selftest"]),
        tests("CommandTests", ["millrace", "Console", "Operations", "LoopbackServer"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
