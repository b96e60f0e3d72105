// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as the worker is: building `millrace` builds it, and the command itself links no
// HTTP server.
let package = Package(
    name: "millrace-serve",
    products: [.executable(name: "millrace-serve", targets: ["millrace-serve"])],
    dependencies: [.package(name: "millrace", path: "../..")],
    targets: [
        .executableTarget(
            name: "millrace-serve",
            dependencies: [.product(name: "MillraceServe", package: "millrace")],
            path: ".",
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ],
    swiftLanguageModes: [.v6]
)
