internal import Bytes

/// An `http` or `https` URL in its one canonical form: equal pages have equal addresses.
///
/// Scheme and host are in lower case, the port of the scheme is left out, `.` and `..` are resolved,
/// escapes of unreserved characters are undone and the others in upper case, what may not stand in a
/// URL is escaped, and there is no user, password or fragment.
/// - Source: RFC 3986, 5.2 and 6.2.2; white space and backslashes as browsers read them (WHATWG URL).
package struct WebAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `http` or `https`.
    package let scheme: String
    /// A name, or an address; one of IPv6 in brackets.
    package let host: String
    /// Nil for the port of the scheme.
    package let port: Int?
    /// Begins with `/`.
    package let path: String
    /// Without its `?`; nil where there is none.
    package let query: String?

    private init(scheme: String, host: String, port: Int?, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// - Parameter text: an absolute URL, or a reference to be read on the page `base`.
    package init?(_ text: String, relativeTo base: WebAddress? = nil) {
        let bytes = cleaned(text)
        guard bytes.count <= 8192 else { return nil }
        let (scheme, rest) = splitScheme(bytes)
        if let scheme {
            guard scheme == "http" || scheme == "https", rest.starts(with: [.slash, .slash]) else {
                return nil
            }
            self.init(scheme: scheme, authorityOn: rest.dropFirst(2))
        } else if let base {
            self.init(reference: bytes[...], on: base)
        } else {
            return nil
        }
    }

    /// `http://host:port`, the part that servers are told apart by.
    package var origin: String { "\(self.scheme)://\(self.authority)" }

    /// The host with its port, where it has one of its own.
    package var authority: String { self.host + (self.port.map { ":\($0)" } ?? "") }

    /// The host as a resolver takes it, without brackets.
    package var hostName: String {
        self.host.hasPrefix("[") ? String(self.host.dropFirst().dropLast()) : self.host
    }

    /// What a request line names: the path and the query.
    package var target: String { self.path + (self.query.map { "?\($0)" } ?? "") }

    package var description: String { self.origin + self.target }

    package static func < (left: WebAddress, right: WebAddress) -> Bool {
        left.description < right.description
    }

    /// The same server's page at `path`.
    package func at(path: String) -> WebAddress {
        WebAddress(
            scheme: self.scheme,
            host: self.host,
            port: self.port,
            path: canonicalPath(Array(path.utf8)[...]),
            query: nil
        )
    }

    private init?(scheme: String, authorityOn bytes: ArraySlice<UInt8>) {
        let end = bytes.firstIndex { $0 == .slash || $0 == .questionMark } ?? bytes.endIndex
        var authority = bytes[..<end]
        if let at = authority.lastIndex(of: .atSign) { authority = authority[(at + 1)...] }
        guard let (host, port) = splitPort(authority) else { return nil }
        let (path, query) = splitQuery(bytes[end...])
        self.init(
            scheme: scheme,
            host: host,
            port: port == (scheme == "http" ? 80 : 443) ? nil : port,
            path: canonicalPath(path),
            query: query.map(canonicalQuery)
        )
    }

    private init?(reference: ArraySlice<UInt8>, on base: WebAddress) {
        if reference.starts(with: [.slash, .slash]) {
            self.init(scheme: base.scheme, authorityOn: reference.dropFirst(2))
            return
        }
        let (path, query) = splitQuery(reference)
        var whole = path
        if path.isEmpty {
            whole = Array(base.path.utf8)[...]
        } else if path.first != .slash {
            let folder = Array(base.path.utf8)
            whole = folder[...(folder.lastIndex(of: .slash) ?? 0)] + path
        }
        self.init(
            scheme: base.scheme,
            host: base.host,
            port: base.port,
            path: canonicalPath(whole),
            query: query.map(canonicalQuery) ?? (path.isEmpty ? base.query : nil)
        )
    }
}

/// Without white space at the ends, line breaks and tabs within, and the fragment; `\` is `/`.
private func cleaned(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8).drop { $0 <= 0x20 }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    var output = bytes.filter { $0 != .tab && $0 != .lineFeed && $0 != .carriageReturn }
    if let fragment = output.firstIndex(of: .numberSign) { output.removeSubrange(fragment...) }
    let pathEnd = output.firstIndex(of: .questionMark) ?? output.endIndex
    for index in output[..<pathEnd].indices where output[index] == .backslash {
        output[index] = .slash
    }
    return output
}

/// The scheme in lower case and what follows its colon; nil and all of it for a relative reference.
private func splitScheme(_ bytes: [UInt8]) -> (String?, ArraySlice<UInt8>) {
    guard let colon = bytes.firstIndex(of: .colon), colon > 0, bytes[0].isASCIILetter,
        bytes[..<colon].allSatisfy({
            $0.isASCIIAlphanumeric || $0 == .plusSign || $0 == .hyphen || $0 == .fullStop
        })
    else { return (nil, bytes[...]) }
    let scheme = String(decoding: bytes[..<colon].map(\.asciiLowercased), as: UTF8.self)
    return (scheme, bytes[(colon + 1)...])
}

private func splitQuery(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
    guard let mark = bytes.firstIndex(of: .questionMark) else { return (bytes, nil) }
    return (bytes[..<mark], bytes[(mark + 1)...])
}

/// The host in lower case, without a dot at its end, and the port; nil for what is no host.
private func splitPort(_ authority: ArraySlice<UInt8>) -> (String, Int?)? {
    var host = authority
    var port: Int?
    let bracket = authority.lastIndex(of: .rightBracket) ?? authority.startIndex
    if let colon = authority[bracket...].lastIndex(of: .colon) {
        host = authority[..<colon]
        let digits = authority[(colon + 1)...]
        if !digits.isEmpty {
            guard digits.allSatisfy(\.isASCIIDigit),
                let value = Int(String(decoding: digits, as: UTF8.self)),
                (1...65_535).contains(value)
            else { return nil }
            port = value
        }
    }
    if host.last == .fullStop { host.removeLast() }
    let isBracketed = host.first == .leftBracket && host.last == .rightBracket
    let inner = isBracketed ? host.dropFirst().dropLast() : host
    guard !inner.isEmpty, inner.count <= 253,
        inner.allSatisfy({
            $0.isASCIIAlphanumeric || $0 == .hyphen || $0 == .fullStop || $0 == .underscore
                || (isBracketed && $0 == .colon)
        })
    else { return nil }
    return (String(decoding: host.map(\.asciiLowercased), as: UTF8.self), port)
}

private func canonicalPath(_ path: ArraySlice<UInt8>) -> String {
    let bytes = normalised(path, also: "!$&'()*+,;=:@/")
    var output: [ArraySlice<UInt8>] = []
    let segments = bytes.split(separator: .slash, omittingEmptySubsequences: false)
        .dropFirst(bytes.first == .slash ? 1 : 0)
    for (index, segment) in segments.enumerated() {
        let isLast = index == segments.count - 1
        if segment.elementsEqual([.fullStop]) || segment.elementsEqual([.fullStop, .fullStop]) {
            if segment.count == 2, !output.isEmpty { output.removeLast() }
            if isLast { output.append([]) }
        } else {
            output.append(segment)
        }
    }
    return "/" + String(decoding: Array(output.joined(separator: [.slash])), as: UTF8.self)
}

private func canonicalQuery(_ query: ArraySlice<UInt8>) -> String {
    String(decoding: normalised(query, also: "!$&'()*+,;=:@/?"), as: UTF8.self)
}

/// Escapes undone for unreserved characters, in upper case otherwise, and made where they must be.
private func normalised(_ part: ArraySlice<UInt8>, also allowed: String) -> [UInt8] {
    let bytes = Array(part)
    let allowed = Array(allowed.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        let byte = bytes[index]
        if let value = PercentCoding.escaped(bytes, at: index) {
            if PercentCoding.isUnreserved(value) {
                output.append(value)
            } else {
                PercentCoding.append(value, to: &output)
            }
            index += 3
        } else {
            if PercentCoding.isUnreserved(byte) || allowed.contains(byte) {
                output.append(byte)
            } else {
                PercentCoding.append(byte, to: &output)
            }
            index += 1
        }
    }
    return output
}
