import Testing

@testable import Objects

@Suite struct S3BucketTests {
    private func url(
        _ name: String,
        _ endpoint: String?,
        _ region: String?,
        _ addressing: S3Bucket.Addressing = .auto
    ) throws -> String {
        let bucket = try S3Bucket(name, endpoint: endpoint, region: region, addressing: addressing)
        return "\(bucket.scheme)://\(bucket.authority)\(bucket.path(of: "a b/../c"))"
    }

    @Test func addressing() throws {
        let key = "/a%20b/../c"
        #expect(
            try self.url("docs", nil, "eu-central-1")
                == "https://docs.s3.eu-central-1.amazonaws.com" + key
        )
        #expect(
            try self.url("docs", nil, "cn-north-1") == "https://docs.s3.cn-north-1.amazonaws.com.cn"
                + key
        )
        #expect(
            try self.url("docs.old", nil, "eu-central-1")
                == "https://s3.eu-central-1.amazonaws.com/docs.old" + key
        )
        #expect(
            try self.url("docs", "http://127.0.0.1:9000", nil) == "http://127.0.0.1:9000/docs" + key
        )
        #expect(
            try self.url("docs", "http://127.0.0.1:9000/s3/", nil)
                == "http://127.0.0.1:9000/s3/docs" + key
        )
        #expect(
            try self.url("docs", "https://s3.example.org", "x", .virtual)
                == "https://docs.s3.example.org" + key
        )
        #expect(
            try self.url("docs", nil, "us-east-1", .path)
                == "https://s3.us-east-1.amazonaws.com/docs" + key
        )
        #expect(try S3Bucket("docs", endpoint: "http://a:1", region: nil).path(of: nil) == "/docs")
        #expect(
            try S3Bucket("docs", endpoint: nil, region: "us-east-1", addressing: .virtual).path(
                of: nil
            ) == "/"
        )
    }

    @Test(arguments: [
        ("", "http://a", "r", "bucket"), ("docs/manuals", "http://a", "r", "'prefix'"),
        ("docs", nil, nil, "AWS_REGION"), ("docs", "localhost:9000", nil, "endpoint"),
        ("docs", "http://user:secret@", nil, "endpoint"), ("docs", nil, "eu central", "region"),
        ("..", "http://a", "r", "bucket"),
    ])
    func whatCannotBe(name: String, endpoint: String?, region: String?, word: String) {
        do throws(S3ConfigurationError) {
            _ = try S3Bucket(name, endpoint: endpoint, region: region)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains(word))
            #expect(!error.message.contains("secret"))
        }
    }
}

@Suite struct S3ListingXMLTests {
    @Test func aPage() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <Prefix>a+b/</Prefix><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
            <NextContinuationToken>t&amp;1</NextContinuationToken>
            <Contents><Key>a+b/%C3%BC%2B1</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>
            <ETag>&quot;fba9&quot;</ETag><Size>43</Size><StorageClass>STANDARD</StorageClass>
            <Owner><ID>x</ID></Owner></Contents>
            <CommonPrefixes><Prefix>a+b/c/</Prefix></CommonPrefixes></ListBucketResult>
            """
        let page = try s3Page(Array(text.utf8))
        #expect(page.next == "t&1")
        #expect(page.prefixes == ["a b/c/"])
        #expect(
            page.entries == [
                S3Entry(
                    key: "a b/ü+1",
                    etag: "\"fba9\"",
                    size: 43,
                    modified: 1_255_369_830_000_000_000,
                    storageClass: "STANDARD"
                )
            ]
        )
    }

    /// Half a listing must never be taken for the whole.
    @Test(arguments: [
        "", "<Error><Code>InternalError</Code></Error>", "<html></html>",
        "<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>99999999999999999999</Size></Contents></ListBucketResult>",
    ])
    func whatIsNoPage(text: String) {
        #expect(throws: (any Error).self) { try s3Page(Array(text.utf8)) }
    }

    @Test func faults() {
        func kind(_ status: Int, _ body: String) -> RemoteFailure.Kind? {
            s3Failure(
                of: HTTPResponse(status: status, headers: [], body: Array(body.utf8)),
                asking: "x"
            )?.kind
        }
        #expect(kind(200, "") == nil)
        #expect(kind(503, "<Error><Code>SlowDown</Code></Error>") == .throttled(retryAfter: nil))
        #expect(kind(400, "<Error><Code>RequestTimeout</Code></Error>") == .transient)
        #expect(kind(404, "<Error><Code>NoSuchKey</Code></Error>") == .gone)
        #expect(kind(404, "<Error><Code>NoSuchBucket</Code></Error>") == .permanent)
        #expect(kind(403, "<Error><Code>SignatureDoesNotMatch</Code>") == .forbidden)
        #expect(kind(400, "<Error><Code>ExpiredToken</Code></Error>") == .forbidden)
        #expect(kind(301, "") == .permanent)
        #expect(kind(412, "") == .preconditionFailed)
        #expect(kind(500, "<html>") == .transient)
        #expect(kind(404, "") == .gone)
        let wrong = HTTPResponse(
            status: 400,
            headers: [],
            body: Array(
                "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"
                    .utf8
            )
        )
        let failure = s3Failure(of: wrong, asking: "listing")
        #expect(failure?.message.hasSuffix("the bucket is in region eu-west-1") == true)
        // What a server writes is not passed on as it is.
        let odd = HTTPResponse(
            status: 400,
            headers: [],
            body: Array("<Error><Code>a b\u{1B}[2J</Code></Error>".utf8)
        )
        #expect(s3Failure(of: odd, asking: "x")?.message == "x: the server answered 400")
    }

    @Test func tags() throws {
        let text =
            "<Tagging><TagSet><Tag><Key>team</Key><Value>a b</Value></Tag>"
            + "<Tag><Key>x</Key><Value></Value></Tag></TagSet></Tagging>"
        #expect(try s3Tags(Array(text.utf8)) == ["team": "a b", "x": ""])
    }
}
