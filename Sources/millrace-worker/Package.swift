// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that `millrace` can depend on the program without being linked with what
// the program is linked with: building `millrace` builds its worker too.
let package = Package(
    name: "millrace-worker",
    products: [.executable(name: "millrace-worker", targets: ["millrace-worker"])],
    dependencies: [.package(name: "millrace", path: "../..")],
    targets: [
        .executableTarget(
            name: "millrace-worker",
            dependencies: [.product(name: "MillraceWorker", package: "millrace")],
            path: ".",
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ],
    swiftLanguageModes: [.v6]
)
