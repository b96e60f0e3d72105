internal import Dispatch
internal import Glibc

/// An address of IPv4 or IPv6.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, in the order of the network.
    package let bytes: [UInt8]

    /// - Parameter text: in the usual form only: four decimal numbers, or RFC 4291; without a zone.
    package init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            self.bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
        } else {
            return nil
        }
    }

    init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address has 4 or 16 bytes")
        self.bytes = bytes
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        self.bytes.withUnsafeBytes { bytes in
            _ = inet_ntop(
                self.bytes.count == 4 ? AF_INET : AF_INET6,
                bytes.baseAddress,
                &text,
                socklen_t(text.count)
            )
        }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    /// Whether it is an address of the public network, as far as the registries say.
    ///
    /// An IPv6 address that carries one of IPv4 in it is judged by that.
    /// - Source: the IANA special-purpose address registries (RFC 6890 and its updates).
    package var isPublic: Bool {
        if let inner = self.innerAddress { return inner.isPublic }
        let blocks = self.bytes.count == 4 ? specialBlocks4 : specialBlocks6
        return !blocks.contains { $0.contains(self) }
    }

    /// The IPv4 address that a mapped, translated or 6to4 address stands for.
    private var innerAddress: NetworkAddress? {
        guard self.bytes.count == 16 else { return nil }
        if mappedBlocks.contains(where: { $0.contains(self) }) {
            return NetworkAddress(bytes: Array(self.bytes[12...]))
        }
        return self.bytes.starts(with: [0x20, 0x02])
            ? NetworkAddress(bytes: Array(self.bytes[2..<6])) : nil
    }
}

/// Addresses with the same first bits: `10.0.0.0/8`.
package struct AddressBlock: Hashable, Sendable {
    package let base: NetworkAddress
    package let bitCount: Int

    /// - Parameter text: an address, or an address with `/` and the number of bits that count.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = NetworkAddress(String(parts[0])) else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : base.bytes.count * 8
        guard let bits, (0...base.bytes.count * 8).contains(bits) else { return nil }
        self.base = base
        self.bitCount = bits
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == self.base.bytes.count else { return false }
        let whole = self.bitCount / 8
        guard address.bytes[..<whole] == self.base.bytes[..<whole] else { return false }
        let rest = self.bitCount % 8
        guard rest > 0 else { return true }
        return (address.bytes[whole] ^ self.base.bytes[whole]) >> (8 - rest) == 0
    }
}

private let specialBlocks4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
].compactMap { AddressBlock($0) }

private let specialBlocks6 = [
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
].compactMap { AddressBlock($0) }

private let mappedBlocks = ["::ffff:0:0/96", "64:ff9b::/96"].compactMap { AddressBlock($0) }

/// The addresses of a host by the system's resolver, in its order; empty where there is none.
///
/// Waits: not for a task of the cooperative pool, see ``resolve(_:)``.
private func addresses(of host: String) -> [NetworkAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [NetworkAddress] = []
    var next = list
    while let entry = next?.pointee {
        if let address = entry.ai_addr.flatMap({ networkAddress($0) }), !found.contains(address) {
            found.append(address)
        }
        next = entry.ai_next
    }
    return found
}

private func networkAddress(_ address: UnsafeMutablePointer<sockaddr>) -> NetworkAddress? {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
            NetworkAddress(bytes: withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) })
        }
    case AF_INET6:
        return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
            NetworkAddress(bytes: withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) })
        }
    default: return nil
    }
}

/// What ``addresses(of:)`` finds, without stopping the pool of tasks.
package func resolve(_ host: String) async -> [NetworkAddress] {
    if let literal = NetworkAddress(host) { return [literal] }
    return await withCheckedContinuation { continuation in
        // Of its own: the threads of the global queue may all be waiting for this answer.
        DispatchQueue(label: "millrace.resolve").async {
            continuation.resume(returning: addresses(of: host))
        }
    }
}
