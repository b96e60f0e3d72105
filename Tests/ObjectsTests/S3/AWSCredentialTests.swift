import Foundation
import LoopbackServer
import Synchronization
import Telemetry
import Testing

@testable import Objects

@Suite struct AWSCredentialTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("millrace-credentials-\(getpid())-\(UUID().uuidString)")

    private func context(
        _ environment: [String: String] = [:],
        credentials: String? = nil,
        config: String? = nil,
        profile: String? = nil,
        now: Int64 = 1_000_000
    ) throws -> AWSContext {
        let aws = self.folder.appendingPathComponent(".aws")
        try FileManager.default.createDirectory(at: aws, withIntermediateDirectories: true)
        try credentials?.write(
            to: aws.appendingPathComponent("credentials"),
            atomically: true,
            encoding: .utf8
        )
        try config?.write(
            to: aws.appendingPathComponent("config"),
            atomically: true,
            encoding: .utf8
        )
        return AWSContext(
            environment: ["AWS_EC2_METADATA_DISABLED": "true"].merging(environment) { $1 },
            home: self.folder.path,
            clock: WallClock { now },
            profile: profile
        )
    }

    private func found(
        _ origin: AWSCredentialOrigin,
        _ context: AWSContext
    ) async throws(RemoteFailure) -> String {
        let credentials = try await AWSCredentialSource(origin, context).current()
        guard let credentials else { return "none" }
        return [
            credentials.accessKeyID, credentials.secretAccessKey.value,
            credentials.sessionToken?.value ?? "-",
        ].joined(separator: " ")
    }

    private static let files = """
        # a comment
        [default]
        aws_access_key_id = DEFAULT
        aws_secret_access_key=a=b
        [other]
        aws_access_key_id=OTHER
          aws_secret_access_key = nested
        aws_secret_access_key = c
        aws_session_token = t
        """

    @Test func environmentGoesFirst() async throws {
        let context = try self.context(
            ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c"],
            credentials: Self.files
        )
        #expect(try await self.found(.chain, context) == "A b c")
        #expect(try await self.found(.files, context) == "DEFAULT a=b -")
        #expect(try await self.found(.none, context) == "none")
    }

    @Test func profiles() async throws {
        #expect(
            try await self.found(.chain, self.context(credentials: Self.files)) == "DEFAULT a=b -"
        )
        #expect(
            try await self.found(
                .chain,
                self.context(["AWS_PROFILE": "other"], credentials: Self.files)
            )
                == "OTHER c t"
        )
        let chosen = try self.context(
            ["AWS_PROFILE": "default"],
            credentials: Self.files,
            config: "[profile other]\nregion = eu-west-3\nendpoint_url = http://a:1\n",
            profile: "other"
        )
        #expect(try await self.found(.files, chosen) == "OTHER c t")
        #expect(chosen.region == "eu-west-3")
        #expect(chosen.endpoint == "http://a:1")
    }

    @Test func aProgramOfTheUser() async throws {
        let config = """
            [profile p]
            credential_process = echo '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"q","SessionToken":"r"}'
            [profile bad]
            credential_process = false
            """
        #expect(try await self.found(.files, self.context(config: config, profile: "p")) == "P q r")
        await #expect(throws: RemoteFailure.self) {
            try await self.found(.chain, self.context(config: config, profile: "bad"))
        }
    }

    /// The failure says where it looked, and what to type.
    @Test func nothingFound() async throws {
        let context = try self.context()
        do throws(RemoteFailure) {
            _ = try await self.found(.chain, context)
            Issue.record("found some")
        } catch {
            #expect(error.kind == .forbidden)
            #expect(error.code == "NoCredentials")
            for word in [
                "AWS_ACCESS_KEY_ID is not set", ".aws/credentials", "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_EC2_METADATA_DISABLED", "credentials: none",
            ] {
                #expect(error.message.contains(word), "\(word)")
            }
        }
        await #expect(throws: RemoteFailure.self) {
            try await self.found(.chain, self.context(credentials: Self.files, profile: "nobody"))
        }
    }

    @Test func anInstanceIsAskedByTheSecondVersion() async throws {
        let server = try LoopbackServer { request in
            switch (request.method, request.target) {
            case ("PUT", "/latest/api/token"): return .init(text: "tok")
            case ("GET", "/latest/meta-data/iam/security-credentials/"):
                return .init(
                    text: request.headers["x-aws-ec2-metadata-token"] == "tok" ? "role\n" : ""
                )
            case ("GET", "/latest/meta-data/iam/security-credentials/role"):
                return .init(
                    text: #"{"Code":"Success","AccessKeyId":"I","SecretAccessKey":"s","Token":"t","#
                        + #""Expiration":"2030-01-01T00:00:00Z"}"#
                )
            default: return .init(404)
            }
        }
        let environment = [
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_EC2_METADATA_DISABLED": "false",
        ]
        #expect(try await self.found(.chain, self.context(environment)) == "I s t")
        #expect(try await self.found(.instance, self.context(environment)) == "I s t")
    }

    /// A machine that is no instance: the question ends by itself.
    @Test func aSilentMetadataServiceIsNotWaitedFor() async throws {
        let server = try LoopbackServer { _ in .init([.pause(milliseconds: 60_000)]) }
        let environment = [
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_EC2_METADATA_DISABLED": "false",
        ]
        await #expect(throws: RemoteFailure.self) {
            try await self.found(.chain, self.context(environment))
        }
    }

    @Test func webIdentityAndContainer() async throws {
        let server = try LoopbackServer { request in
            if request.method == "POST" {
                let form = String(decoding: request.body, as: UTF8.self)
                guard form.contains("WebIdentityToken=a.b-c%3D"), form.contains("RoleArn=arn%3Aaws")
                else {
                    return .init(400)
                }
                return .init(
                    text:
                        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                        + "<AccessKeyId>W</AccessKeyId><SecretAccessKey>x</SecretAccessKey>"
                        + "<SessionToken>y</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>"
                        + "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
                )
            }
            return .init(
                text:
                    #"{"AccessKeyId":"C","SecretAccessKey":"\#(request.headers["authorization"] ?? "")"}"#
            )
        }
        let token = self.folder.appendingPathComponent("token")
        var environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": token.path, "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
            "AWS_ENDPOINT_URL_STS": server.url,
        ]
        let context = try self.context(environment)
        // The file that was promised is not there: no other identity takes its place.
        await #expect(throws: RemoteFailure.self) { try await self.found(.chain, context) }
        try "a.b-c=\n".write(to: token, atomically: true, encoding: .utf8)
        #expect(try await self.found(.chain, context) == "W x y")
        environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v2",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "key",
        ]
        #expect(try await self.found(.chain, self.context(environment)) == "C key -")
    }

    /// One look-up for all who wait, kept while it lasts, and made anew before the end.
    @Test func credentialsAreKeptUntilTheyEnd() async throws {
        let now = Mutex<Int64>(0)
        let asked = Mutex(0)
        let server = try LoopbackServer { request in
            let count = asked.withLock {
                $0 += 1
                return $0
            }
            return .init(
                text: #"{"AccessKeyId":"\#(count)","SecretAccessKey":"s","Token":"t","#
                    + #""Expiration":"1970-01-01T01:00:00Z"}"#
            )
        }
        let source = AWSCredentialSource(
            .chain,
            AWSContext(
                environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url],
                clock: WallClock { now.withLock { $0 } }
            )
        )
        let ids = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await source.current()?.accessKeyID } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids == ["1"])
        now.withLock { $0 = 54 * 60_000 }
        #expect(try await source.current()?.accessKeyID == "1")
        now.withLock { $0 = 56 * 60_000 }
        #expect(try await source.current()?.accessKeyID == "2")
        #expect(await source.forget())
        #expect(try await source.current()?.accessKeyID == "3")
    }
}
