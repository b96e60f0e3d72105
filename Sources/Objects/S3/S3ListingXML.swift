internal import Bytes

/// Reads the answer to ListObjectsV2.
///
/// - Throws: ``XMLFault``; also for a text that is another answer.
func s3Page(_ body: [UInt8]) throws(XMLFault) -> S3Page {
    var page = S3Page()
    var fields: [String: String] = [:]
    var isTruncated = false
    var isEncoded = false
    var keys: [(key: String, fields: [String: String])] = []
    try readXML(body) { path, visit throws(XMLFault) in
        guard path[0] == "ListBucketResult" else { throw .malformed }
        guard case .closed(let text) = visit else {
            if path.count == 2, path[1] == "Contents" { fields.removeAll(keepingCapacity: true) }
            return
        }
        switch path.count {
        case 3 where path[1] == "Contents": fields[path[2]] = text
        case 3 where path[1] == "CommonPrefixes" && path[2] == "Prefix": page.prefixes.append(text)
        case 2 where path[1] == "Contents":
            guard let key = fields["Key"] else { throw .malformed }
            keys.append((key, fields))
        case 2 where path[1] == "IsTruncated": isTruncated = text == "true"
        case 2 where path[1] == "NextContinuationToken": page.next = text
        case 2 where path[1] == "EncodingType": isEncoded = text == "url"
        default: break
        }
    }
    page.entries = keys.compactMap { entry(key: $0.key, $0.fields, isEncoded: isEncoded) }
    guard page.entries.count == keys.count else { throw .malformed }
    page.prefixes = page.prefixes.map { plainKey($0, isEncoded: isEncoded) }
    // A page that says there are more and not how to ask for them is no listing.
    guard !isTruncated || page.next?.isEmpty == false else { throw .malformed }
    if !isTruncated { page.next = nil }
    return page
}

private func entry(key: String, _ fields: [String: String], isEncoded: Bool) -> S3Entry? {
    guard let size = Int(fields["Size"] ?? ""), size >= 0 else { return nil }
    return S3Entry(
        key: plainKey(key, isEncoded: isEncoded),
        etag: fields["ETag"] ?? "",
        size: size,
        modified: fields["LastModified"].flatMap { InternetTime.nanoseconds(ofISODate: $0) },
        storageClass: fields["StorageClass"] ?? ""
    )
}

private func plainKey(_ key: String, isEncoded: Bool) -> String {
    isEncoded
        ? String(decoding: PercentCoding.decoded(key, plusIsBlank: true), as: UTF8.self) : key
}

/// The tags of an object by their keys.
func s3Tags(_ body: [UInt8]) throws(XMLFault) -> [String: String] {
    var tags: [String: String] = [:]
    var key = ""
    var value = ""
    try readXML(body) { path, visit throws(XMLFault) in
        guard path[0] == "Tagging" else { throw .malformed }
        guard case .closed(let text) = visit, path.starts(with: ["Tagging", "TagSet", "Tag"]) else {
            return
        }
        switch (path.count, path[path.count - 1]) {
        case (4, "Key"): key = text
        case (4, "Value"): value = text
        case (3, _):
            tags[key] = value
            (key, value) = ("", "")
        default: break
        }
    }
    return tags
}
