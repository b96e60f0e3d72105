import LoopbackServer
import Testing

@testable import Objects

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1",
        "::1",
        "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.1.1.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "::127.0.0.1",
    ])
    func privateAddresses(text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "::ffff:8.8.8.8",
        "64:ff9b::808:808", "2002:808:808::",
    ])
    func publicAddresses(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "", "127.1", "0x7f.0.0.1", "2130706433", "localhost", "1.2.3.4.5", "fe80::1%eth0",
    ])
    func onlyTheUsualForms(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func blocks() throws {
        let block = try #require(AddressBlock("10.1.0.0/20"))
        #expect(try block.contains(#require(NetworkAddress("10.1.15.255"))))
        #expect(try !block.contains(#require(NetworkAddress("10.1.16.0"))))
        #expect(AddressBlock("10.0.0.0/33") == nil)
        #expect(AddressBlock("10.0.0.0/8/8") == nil)
    }

    @Test func aRuleNamesHostsAddressesAndBlocks() throws {
        let rule = AddressRule(allowPrivate: ["Intranet.example", "10.1.0.0/16", "[::1]"])
        #expect(try rule.allows(#require(NetworkAddress("192.168.0.1")), of: "intranet.example"))
        #expect(try rule.allows(#require(NetworkAddress("10.1.2.3")), of: "a"))
        #expect(try rule.allows(#require(NetworkAddress("::1")), of: "a"))
        #expect(try !rule.allows(#require(NetworkAddress("10.2.2.3")), of: "a"))
        #expect(try rule.allows(#require(NetworkAddress("8.8.8.8")), of: "a"))
        #expect(rule.names("10.1.2.3"))
        #expect(!rule.names("8.8.8.8"))
    }
}

@Suite struct GuardedTransportTests {
    /// However the address is written, and also behind a name.
    @Test(arguments: [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]",
    ])
    func aPrivateServerIsNotAsked(host: String) async throws {
        let server = try LoopbackServer { _ in .init(text: "secret") }
        let transport = GuardedTransport(rule: AddressRule(), userAgent: "test")
        do throws(RemoteFailure) {
            _ = try await transport.send(HTTPRequest(url: "http://\(host):\(server.port)/"))
            Issue.record("it was asked")
        } catch {
            #expect(error.code == "private_address" || error.code == "no_address")
            #expect(!error.isRetryable || error.code == "no_address")
        }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func aPrivateServerThatIsNamedIs(host: String) async throws {
        let server = try LoopbackServer { request in .init(text: request.headers["host"] ?? "") }
        let transport = GuardedTransport(
            rule: AddressRule(allowPrivate: ["127.0.0.0/8", "localhost"]),
            userAgent: "test"
        )
        let response = try await transport.send(HTTPRequest(url: "http://\(host):\(server.port)/"))
        #expect(response.status == 200)
        // The server is asked for the name, at the address that was judged.
        #expect(String(decoding: response.body, as: UTF8.self) == "\(host):\(server.port)")
    }
}
