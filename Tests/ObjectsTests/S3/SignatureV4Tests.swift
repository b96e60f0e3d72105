import Testing

@testable import Objects

/// The examples that AWS publishes.
@Suite struct SignatureV4Tests {
    private static let key = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    )
    /// 2013-05-24 00:00:00 UTC.
    private static let day: Int64 = 1_369_353_600_000

    private func authorization(_ request: UnsignedRequest) -> String {
        SignatureV4(credentials: Self.key, region: "us-east-1", service: "s3")
            .signedHeaders(of: request, milliseconds: Self.day)
            .last { $0.name == "authorization" }?.value ?? ""
    }

    private func request(
        _ method: String = "GET",
        path: String = "/",
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) -> UnsignedRequest {
        UnsignedRequest(
            method,
            scheme: "https",
            authority: "examplebucket.s3.amazonaws.com",
            path: path,
            query: query,
            headers: headers,
            body: body
        )
    }

    /// "Example: GET Object".
    @Test func getObject() {
        let text = self.authorization(
            self.request(path: "/test.txt", headers: [(name: "Range", value: "bytes=0-9")])
        )
        #expect(
            text
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    }

    /// "Example: PUT Object".
    @Test func putObject() {
        let text = self.authorization(
            self.request(
                "PUT",
                path: "/" + PercentCoding.encoded("test$file.text", keepingSlashes: true),
                headers: [
                    (name: "Date", value: "Fri, 24 May 2013 00:00:00 GMT"),
                    (name: "x-amz-storage-class", value: "REDUCED_REDUNDANCY"),
                ],
                body: Array("Welcome to Amazon S3.".utf8)
            )
        )
        #expect(text.hasSuffix("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    /// "Example: GET Bucket Lifecycle": a parameter without a value.
    @Test func parameterWithoutValue() {
        let text = self.authorization(self.request(query: [(name: "lifecycle", value: "")]))
        #expect(text.hasSuffix("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    /// "Example: Get Bucket (List Objects)", with the parameters in the other order.
    @Test func parametersAreSorted() {
        let text = self.authorization(
            self.request(query: [(name: "prefix", value: "J"), (name: "max-keys", value: "2")])
        )
        #expect(text.hasSuffix("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    /// `get-vanilla` of the test suite for Signature Version 4: another service, without the hash header.
    @Test func anotherService() {
        let key = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        )
        let request = UnsignedRequest(
            "GET",
            scheme: "https",
            authority: "example.amazonaws.com",
            path: "/"
        )
        let headers = SignatureV4(credentials: key, region: "us-east-1", service: "service")
            .signedHeaders(of: request, milliseconds: 1_440_938_160_000)
        #expect(
            headers.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + "SignedHeaders=host;x-amz-date,"
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
    }

    @Test func aSessionTokenIsSentAndSigned() {
        let key = AWSCredentials(
            accessKeyID: "A",
            secretAccessKey: Secret("b"),
            sessionToken: Secret("token")
        )
        let headers = SignatureV4(credentials: key, region: "r", service: "s3")
            .signedHeaders(of: self.request(), milliseconds: 0)
        #expect(headers.contains { $0.name == "x-amz-security-token" && $0.value == "token" })
        #expect(headers.last?.value.contains("x-amz-security-token") == true)
    }

    /// What is signed is what is sent.
    @Test func theURLHasTheSignedParts() {
        let request = self.request(
            path: "/a%20b",
            query: [(name: "b", value: "+ /"), (name: "a", value: "")]
        )
        #expect(request.url == "https://examplebucket.s3.amazonaws.com/a%20b?a=&b=%2B%20%2F")
    }

    @Test func noSecretIsPrinted() {
        #expect(!"\(Self.key)".contains("wJalr"))
        #expect(!String(reflecting: Self.key).contains("wJalr"))
        var text = ""
        dump(Self.key, to: &text)
        #expect(!text.contains("wJalr"))
    }
}
