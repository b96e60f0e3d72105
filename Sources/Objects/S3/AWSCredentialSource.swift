internal import Synchronization
package import Telemetry

/// Where credentials for AWS come from.
package enum AWSCredentialOrigin: String, Sendable, CaseIterable {
    /// The first that has any: environment, files, web identity, container, instance.
    case chain
    case environment
    /// `~/.aws/credentials` and `~/.aws/config`.
    case files
    case webIdentity = "web-identity"
    /// The metadata service of a container or of an instance.
    case instance
    /// Requests are not signed: for public buckets.
    case none
}

/// The credentials of a client: found once, kept while they last, fetched anew before they end.
///
/// Every caller that waits gets what one look-up finds.
package actor AWSCredentialSource {
    private let origin: AWSCredentialOrigin
    private let context: AWSContext
    /// Outside of the actor: most requests find credentials here and wait for nobody.
    private nonisolated let found: Mutex<AWSCredentials?>
    private var lookup: Task<Result<AWSCredentials, RemoteFailure>, Never>?

    /// Before their end they are not used any more, in milliseconds.
    private static let margin: Int64 = 5 * 60 * 1000

    package init(_ origin: AWSCredentialOrigin, _ context: AWSContext) {
        self.origin = origin
        self.context = context
        self.found = Mutex(nil)
    }

    /// Credentials that do not change.
    package init(_ credentials: AWSCredentials, clock: WallClock = .system) {
        self.origin = .environment
        self.context = AWSContext(environment: [:], clock: clock)
        self.found = Mutex(credentials)
    }

    /// What the next request is signed with; nil where requests are not signed.
    ///
    /// - Throws: `.forbidden` with the code `NoCredentials`, saying where they were looked for.
    package nonisolated func current() async throws(RemoteFailure) -> AWSCredentials? {
        if self.origin == .none { return nil }
        if let lasting = self.lasting { return lasting }
        return try await self.renewed()
    }

    /// Those that were found, unless they are about to end.
    private nonisolated var lasting: AWSCredentials? {
        guard let found = self.found.withLock({ $0 }) else { return nil }
        guard let expiry = found.expiry else { return found }
        return expiry - Self.margin > self.context.clock.milliseconds() ? found : nil
    }

    private func renewed() async throws(RemoteFailure) -> AWSCredentials {
        // Another caller may have been faster.
        if let lasting = self.lasting { return lasting }
        let lookup = self.lookup ?? self.begin()
        let result = await lookup.value
        self.lookup = nil
        switch result {
        case .success(let credentials):
            self.found.withLock { $0 = credentials }
            return credentials
        case .failure(let failure):
            // Those that are about to end are better than none while they last.
            if let found = self.found.withLock({ $0 }), failure.isRetryable,
                (found.expiry ?? .max) > self.context.clock.milliseconds()
            {
                return found
            }
            throw failure
        }
    }

    /// Lets go of credentials that a server does not take any more; whether there may be others.
    package func forget() -> Bool {
        guard self.origin != .none else { return false }
        return self.found.withLock { found in
            guard found?.expiry != nil || found?.sessionToken != nil else { return false }
            found = nil
            return true
        }
    }

    private func begin() -> Task<Result<AWSCredentials, RemoteFailure>, Never> {
        let (origin, context) = (self.origin, self.context)
        let task = Task(executorPreference: WaitedTasks.threads) {
            () -> Result<AWSCredentials, RemoteFailure> in
            do throws(RemoteFailure) {
                return .success(try await findCredentials(origin, context))
            } catch {
                return .failure(error)
            }
        }
        self.lookup = task
        return task
    }
}

/// Looks where `origin` says, in the order of AWS's own programs.
private func findCredentials(
    _ origin: AWSCredentialOrigin,
    _ context: AWSContext
) async throws(RemoteFailure) -> AWSCredentials {
    var tried: [String] = []
    for place in AWSCredentialPlace.allCases where place.isLooked(at: origin) {
        switch try await place.find(context) {
        case .found(let credentials): return credentials
        case .absent(let why): tried.append(why)
        }
    }
    throw RemoteFailure(
        .forbidden,
        "no credentials: " + tried.joined(separator: "; ")
            + ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or write "
            + "'credentials: none' for a public bucket",
        code: "NoCredentials"
    )
}
