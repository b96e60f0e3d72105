/// Which servers a source may ask: those of the public network, and the private ones that it names.
///
/// What a page links to is written by others: without the rule it could name a router, a database or a
/// cloud's metadata service that this machine can reach and its writer cannot.
package struct AddressRule: Hashable, Sendable {
    /// Hosts by name, in lower case.
    private let hosts: Set<String>
    private let blocks: [AddressBlock]

    /// - Parameter allowPrivate: names of hosts, addresses, or blocks of them such as `10.1.0.0/16`.
    package init(allowPrivate: [String] = []) {
        let blocks = allowPrivate.map { entry in
            AddressBlock(entry.hasPrefix("[") ? String(entry.dropFirst().dropLast()) : entry)
        }
        self.blocks = blocks.compactMap(\.self)
        self.hosts = Set(
            zip(allowPrivate, blocks).filter { $0.1 == nil }.map { $0.0.lowercased() }
        )
    }

    /// Whether `host` was named, whatever its addresses are.
    package func names(_ host: String) -> Bool {
        self.hosts.contains(host)
            || (NetworkAddress(host).map { address in self.blocks.contains { $0.contains(address) }
            }
                ?? false)
    }

    package func allows(_ address: NetworkAddress, of host: String) -> Bool {
        address.isPublic || self.hosts.contains(host)
            || self.blocks.contains { $0.contains(address) }
    }
}
