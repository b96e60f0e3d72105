internal import Objects
internal import Synchronization

/// What became of one text at a server that embeds.
package enum RemoteOutcome: Sendable {
    /// Of length 1.
    case vector([Float])
    /// The server takes other texts and not this one; why, and never a word of it.
    case refused(EmbeddingRefusal)
}

/// Why a server embeds others and not this text.
package struct EmbeddingRefusal: Hashable, Sendable {
    package var reason: String
    /// The text is longer than the model or server takes.
    package var isTooLong: Bool
}

/// A model behind an HTTP server.
///
/// Determinism: as the server answers. What is stored of an answer is the truth, and the same text is
/// never sent again for the same ``ModelIdentity``.
///
/// Requests are retried while the server is out of order, and halved to find a text that it refuses.
/// Every answer is checked whole: as many vectors as texts, each of one text, of the right dimensions,
/// of numbers, not all zeros.
package final class RemoteModel: EmbeddingModel {
    /// A batch that keeps failing is cut after so many tries, a single text refused after so many.
    private static let triesOfBatch = 4
    private static let triesOfText = 8
    /// What a server that seems out of order is asked; of no document.
    private static let probe = Array("text".utf8)

    package let settings: RemoteSettings
    package let limits: RemoteLimits
    package let identity: ModelIdentity
    package var tokenizer: WordPieceTokenizer? { nil }

    private let messages: RemoteMessages
    private let transport: HTTPTransport
    private let health: RemoteHealth
    private let meter: any SpendMeter
    /// Read at the first request.
    private let key = Mutex<Secret?>(nil)
    private let clock = WaitedClock()

    /// Sends nothing and reads no key.
    ///
    /// - Throws: ``EmbeddingError`` `.invalidSettings`.
    package convenience init(
        _ settings: RemoteSettings,
        limits: RemoteLimits = RemoteLimits(),
        meter: any SpendMeter = NoSpendLimit()
    ) throws(EmbeddingError) {
        try self.init(
            settings,
            limits: limits,
            meter: meter,
            transport: HTTPTransport(connectionsPerHost: limits.concurrency),
            health: RemoteHealth(limits)
        )
    }

    private init(
        _ settings: RemoteSettings,
        limits: RemoteLimits,
        meter: any SpendMeter,
        transport: HTTPTransport,
        health: RemoteHealth
    ) throws(EmbeddingError) {
        self.settings = settings
        self.limits = limits
        self.identity = settings.identity
        self.messages = try RemoteMessages(settings)
        self.transport = transport
        self.health = health
        self.meter = meter
    }

    /// The same server, whose requests are paid from `meter`.
    package func metered(by meter: any SpendMeter) throws(EmbeddingError) -> RemoteModel {
        try RemoteModel(
            self.settings,
            limits: self.limits,
            meter: meter,
            transport: self.transport,
            health: self.health
        )
    }

    /// Reads the key, so that a run ends before it begins when there is none.
    ///
    /// - Throws: ``EmbeddingError`` `.missingKey`.
    package func readKey() throws(EmbeddingError) { _ = try self.secret() }

    /// Whether the server has answered well.
    package var hasAnswered: Bool { self.health.hasAnswered() }

    /// About how many tokens the server counts for a text of so many bytes.
    package func estimatedTokens(bytes: Int) -> Int { self.health.estimate(bytes: bytes, texts: 1) }

    package func embed(_ batch: [EmbeddingInput]) throws -> [EmbeddingOutput] {
        let texts = try batch.map { input throws(EmbeddingError) in
            guard case .text(let text) = input.content else {
                throw EmbeddingError(.invalidInput, "a server takes text, not tokens")
            }
            return self.identity.prefix(input.role) + text
        }
        let outcomes = try blocking { () throws(EmbeddingError) in try await self.outcomes(texts) }
        return try zip(outcomes, texts).map { outcome, text throws(EmbeddingError) in
            switch outcome {
            case .vector(let vector):
                EmbeddingOutput(
                    vector: vector,
                    tokenCount: self.health.estimate(bytes: text.count, texts: 1),
                    isTruncated: false
                )
            case .refused(let refusal): throw EmbeddingError(.refused, refusal.reason)
            }
        }
    }

    /// Embeds chunks, whose prefix is added here.
    ///
    /// - Output: one outcome a text, in the same order.
    /// - Throws: ``EmbeddingError``: `.budgetReached` when the meter refuses a request, `.outage` when
    ///   the server is out of order, `.remote` when it cannot be asked like this at all. What was paid
    ///   until then is lost with it, so that callers ask for one request's worth at a time.
    package func embedPassages(
        _ texts: [[UInt8]]
    ) async throws(EmbeddingError) -> [RemoteOutcome] {
        let prefix = self.identity.prefix(.passage)
        return try await self.outcomes(prefix.isEmpty ? texts : texts.map { prefix + $0 })
    }

    /// Servers refuse texts without a letter; such have no direction.
    private func outcomes(_ texts: [[UInt8]]) async throws(EmbeddingError) -> [RemoteOutcome] {
        let sent = texts.indices.filter { place in
            !texts[place].allSatisfy { $0 <= 0x20 || $0 == 0x7F }
        }
        let zeros = [Float](repeating: 0, count: self.settings.dimensions)
        var outcomes = [RemoteOutcome](repeating: .vector(zeros), count: texts.count)
        for start in stride(from: 0, to: sent.count, by: self.limits.batchItems) {
            let part = Array(sent[start..<min(start + self.limits.batchItems, sent.count)])
            let found = try await self.solve(part.map { texts[$0] })
            for (place, outcome) in zip(part, found) { outcomes[place] = outcome }
        }
        return outcomes
    }

    // MARK: Halving

    /// Asks for all, and for the halves of what fails, down to the text that is to blame.
    private func solve(_ texts: [[UInt8]]) async throws(EmbeddingError) -> [RemoteOutcome] {
        guard !texts.isEmpty else { return [] }
        switch try await self.ask(texts) {
        case .success(let vectors): return vectors.map { .vector($0) }
        case .failure(let failure):
            // Before anything is halved: a server that takes no text at all blames every one.
            try await self.requireSoundServer(failure)
            if texts.count == 1 {
                return [
                    .refused(EmbeddingRefusal(reason: failure.reason, isTooLong: failure.isTooLong))
                ]
            }
            let half = texts.count / 2
            let first = try await self.solve(Array(texts[..<half]))
            return first + (try await self.solve(Array(texts[half...])))
        }
    }

    /// A request that failed in a way that may lie in its texts.
    private struct ContentFailure: Error {
        var reason: String
        var isTooLong = false
    }

    /// A text is to blame only where the server takes others.
    private func requireSoundServer(_ failure: ContentFailure) async throws(EmbeddingError) {
        if self.health.hasAnswered() { return }
        switch try await self.send([Self.probe]) {
        case .vectors: return
        case .throttled, .transient:
            throw EmbeddingError(.outage, "\(self.place) is out of order: \(failure.reason)")
        case .bad(let reason), .refused(let reason, _):
            throw EmbeddingError(
                .remote,
                "\(self.place) gives no usable vector for any text: \(reason); look at 'model', "
                    + "'dimensions' and 'send_dimensions' of the embed stage"
            )
        }
    }

    // MARK: Trying

    /// One request, sent until it is answered, or until its texts are suspected.
    private func ask(
        _ texts: [[UInt8]]
    ) async throws(EmbeddingError) -> Result<[[Float]], ContentFailure> {
        let start = self.clock.now
        let triesMaximum = texts.count == 1 ? Self.triesOfText : Self.triesOfBatch
        var failures = 0
        var throttles = 0
        while true {
            switch try await self.send(texts) {
            case .vectors(let vectors): return .success(vectors)
            case .refused(let reason, let isTooLong):
                return .failure(ContentFailure(reason: reason, isTooLong: isTooLong))
            case .bad(let reason):
                failures += 1
                if failures >= triesMaximum { return .failure(ContentFailure(reason: reason)) }
                try await self.backOff(failures)
            case .throttled(let wait, let reason):
                throttles += 1
                try self.requirePatience(since: start, times: 10, asking: wait, reason)
                // A little more than was asked for, so that not all come back in one moment.
                let own = self.delay(after: min(throttles, wait == nil ? 7 : 3))
                self.health.pause(for: wait.map { $0 + own * 0.5 } ?? own)
            case .transient(let reason):
                failures += 1
                if failures >= triesMaximum, await self.isUp(since: start) {
                    return .failure(ContentFailure(reason: reason))
                }
                // A request that timed out once may have met a server that was starting.
                if failures > 1 {
                    try self.requirePatience(since: start, times: 1, asking: nil, reason)
                }
                try await self.backOff(failures)
            }
            self.meter.retried()
        }
    }

    /// - Throws: ``EmbeddingError`` `.outage` when nothing was answered for too long.
    private func requirePatience(
        since start: ContinuousClock.Instant,
        times: Int,
        asking wait: Duration?,
        _ reason: String
    ) throws(EmbeddingError) {
        let patience = self.limits.patience * times
        let isSilent = !self.health.hasAnswered(since: self.clock.now - patience)
        let isTooLong = wait.map { $0 > patience } ?? false
        guard isTooLong || (self.clock.now - start > patience && isSilent) else { return }
        let cause =
            isTooLong
            ? "asks for a pause of \(wait?.components.seconds ?? 0) s"
            : "answered nothing for \(patience.components.seconds) s (\(reason))"
        throw EmbeddingError(.outage, "\(self.place) \(cause)")
    }

    /// Whether the server answers others while this request fails.
    private func isUp(since start: ContinuousClock.Instant) async -> Bool {
        if self.health.hasAnswered(since: start) { return true }
        guard let answer = try? await self.send([Self.probe]) else { return false }
        if case .vectors = answer { return true }
        return false
    }

    private func delay(after failures: Int) -> Duration {
        let step: Duration = .milliseconds(100) * (1 << min(failures - 1, 10))
        return min(step, .seconds(10)) * (0.5 + self.health.jitter() / 2)
    }

    private func backOff(_ failures: Int) async throws(EmbeddingError) {
        do {
            try await self.clock.sleep(for: self.delay(after: failures))
        } catch {
            throw EmbeddingError(.outage, "the wait was cancelled")
        }
    }

    // MARK: Sending

    private enum Answer {
        case vectors([[Float]])
        /// Of a sound request that is too much for now.
        case throttled(Duration?, String)
        case transient(String)
        /// An answer that cannot be used.
        case bad(String)
        /// The texts are refused.
        case refused(String, isTooLong: Bool)
    }

    /// Sends one request and pays for it.
    private func send(_ texts: [[UInt8]]) async throws(EmbeddingError) -> Answer {
        let key = try self.secret()
        let bytes = texts.reduce(0) { $0 + $1.count }
        let estimate = self.health.estimate(bytes: bytes, texts: texts.count)
        await self.health.enter(tokens: estimate)
        defer { self.health.leave() }
        // After the wait: what others spent meanwhile counts.
        try self.meter.reserve(estimate)
        let response: HTTPResponse
        do {
            response = try await self.transport.send(self.messages.request(texts, key: key))
        } catch {
            // A server that was reached may have counted what it did not deliver.
            let isUnsent = error.code == RemoteFailure.noConnection
            self.meter.settle(reserved: estimate, used: isUnsent ? 0 : estimate, texts: 0)
            switch error.kind {
            case .tooLarge: return .bad("an answer larger than so many vectors are")
            case .permanent:
                throw EmbeddingError(.remote, "\(self.place): \(error.message)")
            default: return .transient(self.reason(error.message))
            }
        }
        if response.status / 100 == 2 {
            return self.read(response.body, texts: texts.count, bytes: bytes, estimate: estimate)
        }
        self.meter.settle(reserved: estimate, used: 0, texts: 0)
        return try self.answer(to: response)
    }

    private func read(_ body: [UInt8], texts: Int, bytes: Int, estimate: Int) -> Answer {
        do {
            let answer = try self.messages.read(body, count: texts)
            self.health.succeeded(bytes: bytes, tokens: answer.tokens)
            self.meter.settle(
                reserved: estimate,
                used: answer.tokens ?? estimate,
                texts: texts
            )
            return .vectors(answer.vectors)
        } catch {
            let used = RemoteMessages.usage(ofBody: body) ?? estimate
            self.meter.settle(reserved: estimate, used: used, texts: 0)
            return .bad("the server gave \(error.reason)")
        }
    }

    private func answer(to response: HTTPResponse) throws(EmbeddingError) -> Answer {
        let status = response.status
        let said = "the server answered \(status)\(errorWord(response.body))"
        switch status {
        case 300..<400:
            throw EmbeddingError(
                .remote,
                "\(self.place) answered \(status), a redirect, which is not followed; set 'endpoint' "
                    + "to where it leads"
            )
        case 401, 403, 407:
            throw EmbeddingError(
                .remote,
                "\(self.place) answered \(status)\(errorWord(response.body)): the key is missing, wrong "
                    + "or not enough; \(self.keyAdvice)"
            )
        case 404, 405, 410:
            throw EmbeddingError(
                .remote,
                "\(self.place) answered \(status)\(errorWord(response.body)); look at 'endpoint' and "
                    + "'model' of the embed stage"
            )
        case 402:
            throw EmbeddingError(.outage, "\(self.place) answered 402: it wants to be paid first")
        case 413: return .refused(said, isTooLong: true)
        case 408, 424, 425, 500...502, 504...:
            return .transient(said)
        case 503 where response.retryAfter == nil: return .transient(said)
        case 429, 503:
            // A quota that is used up does not come back by waiting.
            if errorWord(response.body).contains("insufficient_quota") {
                throw EmbeddingError(.outage, "\(self.place) answered 429 (insufficient_quota)")
            }
            return .throttled(response.retryAfter, said)
        default: return .refused(said, isTooLong: false)
        }
    }

    /// What is wrong, without the address that an error of the transport begins with.
    private func reason(_ message: String) -> String {
        let place = placeInErrors(of: self.messages.url) + ": "
        return message.hasPrefix(place) ? String(message.dropFirst(place.count)) : message
    }

    /// The server in an error: no key, no query.
    package var place: String { placeInErrors(of: self.messages.url) }

    // MARK: Key

    private var keyAdvice: String {
        switch (self.settings.key.environment, self.settings.key.file, self.settings.key.command) {
        case (let name?, _, _): "it is read from the environment variable \(name)"
        case (_, let path?, _): "it is read from \(path)"
        case (_, _, .some): "it is what 'api_key_command' prints"
        default: "name the variable that holds it with 'api_key_env'"
        }
    }

    private func secret() throws(EmbeddingError) -> Secret? {
        guard let origin = self.settings.key.origin else { return nil }
        if let key = self.key.withLock({ $0 }) { return key }
        do {
            let key = try origin.read()
            self.key.withLock { $0 = key }
            return key
        } catch {
            throw EmbeddingError(.missingKey, "the key of \(self.place): \(error.message)")
        }
    }
}

extension RemoteKey {
    var origin: SecretOrigin? {
        if let environment { return .environment(environment) }
        if let file { return .file(file) }
        return self.command.map { .command($0) }
    }
}

/// ` (invalid_request_error)`: the code or type an error body names.
///
/// Its message is left out, since it may repeat the text.
private func errorWord(_ body: [UInt8]) -> String {
    guard body.count < 1 << 16, let json = JSONTree(body) else { return "" }
    let candidates = [
        json["error"]?["code"], json["error"]?["type"], json["error_type"], json["code"],
        json["type"],
    ]
    for case .string(let text)?? in candidates {
        let isWord =
            !text.isEmpty && text.count <= 48
            && text.allSatisfy {
                $0 == 0x5F || $0 == 0x2D || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A
                    || $0 >= 0x30 && $0 <= 0x39
            }
        if isWord { return " (\(String(decoding: text, as: UTF8.self)))" }
    }
    return ""
}
