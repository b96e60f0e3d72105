import Foundation
import Testing

@testable import Redact

/// Redacted text holds nothing more to redact; and no bytes make the scanner trap.
///
/// `MILLRACE_FUZZ` is the number of executions, 20,000 without it.
@Suite struct RescanPropertyTests {
    static let executions =
        ProcessInfo.processInfo.environment["MILLRACE_FUZZ"].flatMap(Int.init) ?? 20_000

    private static let pieces = [
        "phone: ", "a.very.long.mailbox@subdomain.mail.example", " 212 345 263", "ip ", "8.8.8.8",
        " version ", "1.2.3.4", "4111 1111 1111 1111", ", ", "\n", "password ", "Qr7!dke#39", "=",
        "+44 20 7946 0958", "@", "x", ":", "IBAN ", "DE89370400440532013000", "born ", "1960-09-11",
        "-", "0", "(201) 555-0123", "AKIA2OGYBAH6QLZT5MVR", "/", "://", "national id ",
        "44051401359", "C05702663", "passport ", "536-90-4399", "::1", "a2:96:9f:7b:26:fc", "電話",
        "[EMAIL]", "[PHONE] ", "[EMAIL:k1:abcdefghijkl]", "**** **** **** 1111", "***-**-4399",
        " [at] ", "&#64;", "%40", "<b>", "</b>", "**", "\u{AD}", "\u{200B}", "１２３", "Bearer ",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "서울 날", "씨", " 님", "\\u0022", "·",
        "BIC ", "DEUTDEFF500", "Mr ", "Anna ",
        "Smith", "12 Main Street", "Apt. 4", "é", "🙂", "-----BEGIN PRIVATE KEY-----", "<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10", "sk_live_", "token=",
        "lat 52.5200, lon 13.4050",
    ]

    private static let alphabet: [UInt8] =
        Array("0123456789@.:-_ +()/=<>*&;#%xXaAeEyJsSwWkKbc1pPtTdDrR\n\"'[]".utf8) + [
            0xC2, 0xAD, 0xC3, 0xE2, 0x80, 0x8B, 0xE5, 0xB9, 0xB4, 0xEF, 0xBC, 0x91, 0xFF,
        ]

    /// How a policy may write what it replaces.
    enum Form: CaseIterable {
        case placeholder
        case pseudonym
        case mask

        func text(of kind: PIIKind) -> String {
            switch self {
            case .placeholder: kind.placeholder
            case .pseudonym: "[\(kind.rawValue):k1:mzxw6ytboi4a]"
            case .mask: "**** ****"
            }
        }
    }

    @Test(arguments: Form.allCases)
    func whatIsRedactedIsClean(_ form: Form) {
        var random = SplitMix(seed: 11)
        let scanner = TestScanner(kinds: Set(PIIKind.allCases))
        for round in 0..<Self.executions / 8 {
            var text = ""
            for _ in 0..<Int(random.next() % 14) {
                text += Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
            }
            let bytes = Array(text.utf8)
            let spans = bytes.withUnsafeBufferPointer { scanner.scan($0) }
            #expect(
                zip(spans, spans.dropFirst()).allSatisfy {
                    $0.range.upperBound <= $1.range.lowerBound
                }
            )
            // A span starts and ends between code points.
            #expect(
                spans.allSatisfy { Self.isWhole($0.range, in: bytes) },
                "\(text.debugDescription)"
            )
            let clean = bytes.withUnsafeBufferPointer { buffer in
                RedactedText(
                    buffer,
                    replacing: spans.map {
                        Replacement(range: $0.range, text: form.text(of: $0.kind))
                    }
                ).bytes
            }
            let more = clean.withUnsafeBufferPointer { scanner.scan($0) }
            // Only placeholders are rescanned while scanning: the others may uncover a neighbour,
            // but nothing inside themselves.
            if form == .placeholder {
                #expect(more.isEmpty, "round \(round): \(text.debugDescription)")
            } else {
                let own = Self.ranges(of: form, spans, in: bytes)
                #expect(
                    !more.contains { found in
                        own.contains {
                            $0.overlaps(found.range) && $0 ~= found.range.lowerBound
                                && found.range.upperBound <= $0.upperBound
                        }
                    },
                    "round \(round): \(text.debugDescription)"
                )
            }
        }
    }

    /// What a policy writes, and all that stands beside it, is left alone by the same policy.
    @Test(arguments: [
        RedactionPolicy.Action.placeholder, .mask(keepLast: 0), .mask(keepLast: 4), .pseudonym,
        .generalise,
    ])
    func whatAPolicyRedactedItLeavesAlone(_ action: RedactionPolicy.Action) throws {
        var random = SplitMix(seed: 17)
        var policy = RedactionPolicy()
        policy.kinds = Set(PIIKind.allCases)
        policy.fallback = action
        let redactor = try PolicyRedactor(
            policy,
            key: PseudonymKey(id: "k1", bytes: Array("a key for tests".utf8))
        )
        for round in 0..<Self.executions / 16 {
            var text = ""
            for _ in 0..<Int(random.next() % 14) {
                text += Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
            }
            let once = redactor.redact(Array(text.utf8)).text
            let twice = redactor.redact(once).text
            #expect(
                String(decoding: twice, as: UTF8.self) == String(decoding: once, as: UTF8.self),
                "round \(round): \(text.debugDescription)"
            )
        }
    }

    @Test func noBytesMakeTheScannerTrap() {
        var random = SplitMix(seed: 3)
        let scanner = TestScanner(kinds: Set(PIIKind.allCases), minimumScore: 0)
        for _ in 0..<Self.executions {
            let bytes = (0..<Int(random.next() % 80)).map { _ in
                Self.alphabet[Int(random.next() % UInt64(Self.alphabet.count))]
            }
            let spans = bytes.withUnsafeBufferPointer { scanner.scan($0) }
            #expect(spans.allSatisfy { $0.range.upperBound <= bytes.count && !$0.range.isEmpty })
            let redacted = bytes.withUnsafeBufferPointer { RedactedText($0, spans: spans) }
            for (span, placeholder) in zip(spans, redacted.placeholders) {
                #expect(redacted.redactedRange(of: span.range) == placeholder)
                #expect(redacted.sourceRange(of: placeholder) == span.range)
            }
        }
    }

    /// Every validator on digits and letters of every length it may be asked about.
    @Test func noDigitsMakeAValidatorTrap() {
        var random = SplitMix(seed: 5)
        let symbols = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<abcdefghijklmnopqrstuvwxyz".utf8)
        for _ in 0..<Self.executions {
            let count = Int(random.next() % 48)
            let range = [10, 36, symbols.count][Int(random.next() % 3)]
            let code = (0..<count).map { _ in symbols[Int(random.next() % UInt64(range))] }
            code.withUnsafeBufferPointer { buffer in
                _ = codedIdentity(buffer[...])
                _ = isBankCode(buffer[...])
                _ = isItalianCode(buffer[...])
            }
            _ = isVehicleNumber(code)
            _ = isBase58Check(code)
            _ = isBech32(code)
            _ = e164(code, region: ["GB", "US", "RU", "IT", "", "ZZ"][Int(random.next() % 6)])
            if count == 40 { _ = isEthereumCase(code) }
            if count >= 30 {
                _ = isMachineReadable([code, code, code].map { Array($0.prefix(30)) })
            }
            if count >= 44 { _ = isMachineReadable([code, code].map { Array($0.prefix(44)) }) }
            let digits = code.map { $0 % 10 }
            for scalar in [luhn(digits[...]), iso7064(digits[...]), verhoeff(digits[...])] {
                _ = scalar
            }
            if !digits.isEmpty { _ = cardIssuer(digits[...]) }
        }
    }

    private static func isWhole(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        [range.lowerBound, range.upperBound].allSatisfy {
            $0 == bytes.count || bytes[$0] & 0xC0 != 0x80
        }
    }

    private static func ranges(of form: Form, _ spans: [PIISpan], in bytes: [UInt8]) -> [Range<Int>]
    {
        bytes.withUnsafeBufferPointer { buffer in
            RedactedText(
                buffer,
                replacing: spans.map { Replacement(range: $0.range, text: form.text(of: $0.kind)) }
            ).placeholders
        }
    }
}
