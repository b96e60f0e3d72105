// swift-tools-version: 6.2
import PackageDescription

// A program of one's own that searches an index: 'swift run ask WORKSPACE words to look for'.
let package = Package(
    name: "swift-search",
    dependencies: [.package(name: "millrace", path: "../..")],
    targets: [
        .executableTarget(
            name: "ask",
            dependencies: [.product(name: "MillraceSearch", package: "millrace")]
        )
    ],
    swiftLanguageModes: [.v6]
)
