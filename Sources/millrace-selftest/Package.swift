// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as the worker is: building `millrace` builds it, and no fault can be injected
// into `millrace` itself.
let package = Package(
    name: "millrace-selftest",
    products: [.executable(name: "millrace-selftest", targets: ["millrace-selftest"])],
    dependencies: [.package(name: "millrace", path: "../..")],
    targets: [
        .executableTarget(
            name: "millrace-selftest",
            dependencies: [.product(name: "MillraceSelftest", package: "millrace")],
            path: ".",
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ],
    swiftLanguageModes: [.v6]
)
