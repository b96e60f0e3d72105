internal import Bytes
internal import Foundation

/// A place where credentials may be, in the order they are looked for.
enum AWSCredentialPlace: CaseIterable {
    case environment, webIdentity, files, container, instance

    enum Outcome {
        case found(AWSCredentials)
        case absent(String)
    }

    func isLooked(at origin: AWSCredentialOrigin) -> Bool {
        switch origin {
        case .chain: true
        case .environment: self == .environment
        case .files: self == .files
        case .webIdentity: self == .webIdentity
        case .instance: self == .container || self == .instance
        case .none: false
        }
    }

    /// - Throws: where the place has credentials, or should, and they cannot be had from it: the next
    ///   place would then be another identity than the one that was configured.
    func find(_ context: AWSContext) async throws(RemoteFailure) -> Outcome {
        switch self {
        case .environment: return environmentCredentials(context)
        case .webIdentity: return try await webIdentityOfEnvironment(context)
        case .files: return try await profileCredentials(context)
        case .container: return try await containerCredentials(context)
        case .instance: return try await instanceCredentials(context)
        }
    }
}

private func environmentCredentials(_ context: AWSContext) -> AWSCredentialPlace.Outcome {
    guard let id = context.value("AWS_ACCESS_KEY_ID") ?? context.value("AWS_ACCESS_KEY") else {
        return .absent("AWS_ACCESS_KEY_ID is not set")
    }
    guard let secret = context.value("AWS_SECRET_ACCESS_KEY") ?? context.value("AWS_SECRET_KEY")
    else {
        return .absent("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
    }
    return .found(
        AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: context.value("AWS_SESSION_TOKEN").map { Secret($0) }
        )
    )
}

// MARK: Files

private func profileCredentials(
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentialPlace.Outcome {
    let files = context.files
    let profile = context.profile
    let settings = files.settings(of: profile)
    if let id = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] {
        return .found(
            AWSCredentials(
                accessKeyID: id,
                secretAccessKey: Secret(secret),
                sessionToken: settings["aws_session_token"].map { Secret($0) }
            )
        )
    }
    if let file = settings["web_identity_token_file"], let role = settings["role_arn"] {
        return .found(
            try await assumedRole(
                role,
                tokenFile: file,
                session: settings["role_session_name"],
                context
            )
        )
    }
    if let command = settings["credential_process"] {
        return .found(try processCredentials(command, profile: profile))
    }
    if settings["role_arn"] != nil || settings["sso_session"] != nil
        || settings["sso_start_url"] != nil
    {
        throw RemoteFailure(
            .forbidden,
            "profile '\(profile)' assumes a role or signs in by SSO, which is done by a program: write "
                + "'credential_process = aws configure export-credentials --profile \(profile)' in a "
                + "profile of its own and name that one",
            code: "NoCredentials"
        )
    }
    if settings.isEmpty, context.chosenProfile != nil || context.value("AWS_PROFILE") != nil {
        throw RemoteFailure(
            .forbidden,
            "there is no profile '\(profile)' in \(files.credentialsPath) or \(files.configPath)",
            code: "NoCredentials"
        )
    }
    return .absent("\(files.credentialsPath) has no keys of profile '\(profile)'")
}

/// What a program of the user prints.
///
/// - Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
private func processCredentials(
    _ command: String,
    profile: String
) throws(RemoteFailure) -> AWSCredentials {
    let text: Secret
    do throws(SecretError) {
        text = try SecretOrigin.command(["sh", "-c", command]).read()
    } catch {
        throw RemoteFailure(
            .forbidden,
            "the credential_process of profile '\(profile)' failed",
            code: "NoCredentials"
        )
    }
    let fields = try jsonFields(
        Array(text.value.utf8),
        of: "the credential_process of '\(profile)'"
    )
    return try credentials(
        fields,
        id: "AccessKeyId",
        secret: "SecretAccessKey",
        token: "SessionToken",
        of: "the credential_process of '\(profile)'"
    )
}

// MARK: Web identity

private func webIdentityOfEnvironment(
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentialPlace.Outcome {
    guard let file = context.value("AWS_WEB_IDENTITY_TOKEN_FILE"),
        let role = context.value("AWS_ROLE_ARN")
    else { return .absent("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set") }
    return .found(
        try await assumedRole(
            role,
            tokenFile: file,
            session: context.value("AWS_ROLE_SESSION_NAME"),
            context
        )
    )
}

/// Credentials for the token in a file, which the cluster replaces from time to time.
///
/// - Source: AWS STS API reference, AssumeRoleWithWebIdentity.
private func assumedRole(
    _ role: String,
    tokenFile: String,
    session: String?,
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentials {
    guard let token = context.text(ofFile: tokenFile) else {
        throw RemoteFailure(
            .forbidden,
            "the web identity token \(tokenFile) cannot be read",
            code: "NoCredentials"
        )
    }
    let endpoint =
        context.value("AWS_ENDPOINT_URL_STS") ?? context.value("AWS_ENDPOINT_URL")
        ?? context.region.map { "https://sts.\($0).amazonaws.com" } ?? "https://sts.amazonaws.com"
    let form = [
        ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
        ("RoleSessionName", session ?? "millrace"),
        ("WebIdentityToken", token.filter { !$0.isWhitespace }),
    ].map { "\($0)=\(PercentCoding.encoded($1))" }.joined(separator: "&")
    let request = HTTPRequest(
        "POST",
        url: endpoint + "/",
        headers: [(name: "content-type", value: "application/x-www-form-urlencoded")],
        body: Array(form.utf8),
        timeout: .seconds(20),
        maximumBytes: 1 << 20
    )
    let response = try await retrying { () async throws(RemoteFailure) in
        let response = try await context.transport.send(request)
        if let failure = response.failure(of: "assuming \(role)") { throw failure }
        return response
    }
    var fields: [String: String] = [:]
    try? readXML(response.body) { path, visit in
        guard case .closed(let text) = visit, path.count >= 2, path[path.count - 2] == "Credentials"
        else { return }
        fields[path[path.count - 1]] = text
    }
    return try credentials(
        fields,
        id: "AccessKeyId",
        secret: "SecretAccessKey",
        token: "SessionToken",
        of: "the answer of \(placeInErrors(of: endpoint))"
    )
}

// MARK: Metadata services

/// - Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
private func containerCredentials(
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentialPlace.Outcome {
    let url: String
    if let path = context.value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
        url = "http://169.254.170.2" + path
    } else if let full = context.value("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
        url = full
    } else {
        return .absent("no AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
    }
    var headers: [(name: String, value: String)] = []
    let file = context.value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    let token =
        file.flatMap { context.text(ofFile: $0) }
        ?? context.value("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if let token {
        headers.append((name: "authorization", value: token.filter { !$0.isNewline }))
    }
    let request = HTTPRequest(
        url: url,
        headers: headers,
        timeout: .seconds(5),
        maximumBytes: 1 << 16
    )
    let response = try await retrying { () async throws(RemoteFailure) in
        let response = try await context.transport.send(request)
        if let failure = response.failure(of: "the container's credentials") { throw failure }
        return response
    }
    return .found(try metadataCredentials(response.body, of: "the container's metadata service"))
}

/// Asks once and briefly: on most machines nobody answers.
///
/// - Source: Amazon EC2 User Guide, "Use the Instance Metadata Service", version 2.
private func instanceCredentials(
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentialPlace.Outcome {
    if context.value("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" {
        return .absent("AWS_EC2_METADATA_DISABLED is set")
    }
    func ask(
        _ method: String,
        _ path: String,
        _ header: (name: String, value: String)
    ) async throws(RemoteFailure) -> String? {
        let response = try await context.transport.send(
            HTTPRequest(
                method,
                url: context.metadataEndpoint + path,
                headers: [header],
                timeout: .seconds(1),
                maximumBytes: 1 << 16
            )
        )
        return response.status == 200 ? String(decoding: response.body, as: UTF8.self) : nil
    }
    let absent = AWSCredentialPlace.Outcome.absent(
        "no instance metadata service answered at \(placeInErrors(of: context.metadataEndpoint))"
    )
    let folder = "/latest/meta-data/iam/security-credentials/"
    do throws(RemoteFailure) {
        let lifetime = (name: "x-aws-ec2-metadata-token-ttl-seconds", value: "21600")
        guard let token = try await ask("PUT", "/latest/api/token", lifetime) else { return absent }
        let header = (name: "x-aws-ec2-metadata-token", value: token)
        guard let roles = try await ask("GET", folder, header),
            let role = roles.split(whereSeparator: \.isNewline).first,
            let text = try await ask("GET", folder + role, header)
        else { return .absent("this instance has no role") }
        return .found(
            try metadataCredentials(Array(text.utf8), of: "the instance's metadata service")
        )
    } catch {
        if error.code == "NoCredentials" { throw error }
        return absent
    }
}

private func metadataCredentials(
    _ body: [UInt8],
    of what: String
) throws(RemoteFailure) -> AWSCredentials {
    try credentials(
        try jsonFields(body, of: what),
        id: "AccessKeyId",
        secret: "SecretAccessKey",
        token: "Token",
        of: what
    )
}

// MARK: Answers

/// The strings of one JSON object.
private func jsonFields(
    _ body: [UInt8],
    of what: String
) throws(RemoteFailure) -> [String: String] {
    var fields: [String: String] = [:]
    do throws(JSONFault) {
        try JSONReader.readObject(body) { reader, name throws(JSONFault) in
            if try reader.kind() == .string {
                fields[name] = String(decoding: try reader.string(), as: UTF8.self)
            } else {
                try reader.skip()
            }
        }
    } catch {
        throw RemoteFailure(.forbidden, "\(what) is no JSON object", code: "NoCredentials")
    }
    return fields
}

private func credentials(
    _ fields: [String: String],
    id: String,
    secret: String,
    token: String,
    of what: String
) throws(RemoteFailure) -> AWSCredentials {
    guard let accessKeyID = fields[id], let key = fields[secret], !key.isEmpty else {
        throw RemoteFailure(.forbidden, "\(what) names no keys", code: "NoCredentials")
    }
    return AWSCredentials(
        accessKeyID: accessKeyID,
        secretAccessKey: Secret(key),
        sessionToken: fields[token].map { Secret($0) },
        expiry: fields["Expiration"].flatMap { InternetTime.nanoseconds(ofISODate: $0) }
            .map { $0 / 1_000_000 }
    )
}
