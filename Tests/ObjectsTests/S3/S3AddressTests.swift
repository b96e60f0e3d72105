import Testing

@testable import Objects

@Suite struct S3AddressTests {
    @Test func bucketAndPrefixAreTold() throws {
        let address = try #require(S3Address("s3://bucket/a/b"))
        #expect(address.bucket == "bucket" && address.prefix == "a/b")
        #expect(address.key("LIVE") == "a/b/LIVE" && address.description == "s3://bucket/a/b")
        #expect(S3Address("s3://bucket/a/b///") == address)
        let whole = try #require(S3Address("s3://bucket"))
        #expect(whole.prefix.isEmpty && whole.key("LIVE") == "LIVE")
        #expect(S3Address("s3://bucket/") == whole && whole.description == "s3://bucket")
        #expect(S3Address("s3://bucket/a b/ü")?.key("x") == "a b/ü/x")
    }

    @Test(arguments: [
        "", "bucket/a", "s3:", "s3://", "s3:///a", "s3://b//a", "s3://b/../a", "s3://b/./a",
        "S3://b/a",
        "https://b/a", "s3://b/a\nb", "s3://b/a\u{7F}",
    ])
    func whatIsNoneIsRefused(text: String) { #expect(S3Address(text) == nil) }
}
