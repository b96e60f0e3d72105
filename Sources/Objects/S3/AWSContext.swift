internal import Foundation
package import Telemetry

/// What credentials and regions are looked for in: given, so that a test gives its own.
package struct AWSContext: Sendable {
    package let environment: [String: String]
    /// The folder that `~` stands for.
    package let home: String
    package let transport: HTTPTransport
    package let clock: WallClock
    /// The profile that is asked for; nil for that of the environment.
    package let chosenProfile: String?
    /// Where an instance's metadata service answers.
    package let metadataEndpoint: String

    package init(
        environment: [String: String],
        home: String = "",
        transport: HTTPTransport = HTTPTransport(connectTimeout: .seconds(1)),
        clock: WallClock = .system,
        profile: String? = nil
    ) {
        self.environment = environment
        self.home = home
        self.transport = transport
        self.clock = clock
        self.chosenProfile = profile
        self.metadataEndpoint =
            environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
            ?? "http://169.254.169.254"
    }

    /// The environment and home folder of this process.
    package static func ofProcess(profile: String?, transport: HTTPTransport) -> AWSContext {
        AWSContext(
            environment: ProcessInfo.processInfo.environment,
            home: NSHomeDirectory(),
            transport: transport,
            profile: profile
        )
    }

    package var profile: String {
        self.chosenProfile ?? self.value("AWS_PROFILE") ?? self.value("AWS_DEFAULT_PROFILE")
            ?? "default"
    }

    /// The endpoint that the environment or the profile names for S3.
    package var endpoint: String? {
        if self.value("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.lowercased() == "true" { return nil }
        return self.value("AWS_ENDPOINT_URL_S3") ?? self.value("AWS_ENDPOINT_URL")
            ?? self.files.settings(of: self.profile)["endpoint_url"]
    }

    package var region: String? {
        self.value("AWS_REGION") ?? self.value("AWS_DEFAULT_REGION")
            ?? self.files.settings(of: self.profile)["region"]
    }

    /// A variable that is set and not empty.
    func value(_ name: String) -> String? {
        self.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    var files: SharedConfigFiles { SharedConfigFiles(self) }

    /// The text of a small file; nil where it cannot be read.
    func text(ofFile path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 1 << 20) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
