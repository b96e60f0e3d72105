internal import Bytes
internal import MillraceSearch

// Keys in ascending order, so that an answer has the bytes that `search --json` gives for the same values.

extension JSONText {
    mutating func answer(_ ranked: RankedAnswer) {
        self.object { json in
            json.key("hits")
            json.array(ranked.answer.hits) { $0.hit($1) }
            if let count = ranked.candidateCount {
                json.key("rerank")
                json.object { json in
                    json.key("candidates")
                    json.integer(count)
                    if ranked.isUnranked {
                        json.key("warning")
                        json.string(
                            "nobody ranked the hits in time; they have the order and scores of the index"
                        )
                    }
                }
            }
            json.key("snapshot")
            json.integer(ranked.answer.snapshot)
        }
    }

    mutating func hit(_ hit: SearchHit) {
        self.object { json in
            if let box = hit.box {
                json.key("box")
                json.array(box) { $0.integer($1) }
            }
            json.key("chunk_id")
            json.string(hit.id)
            json.key("end")
            json.integer(hit.end)
            if let group = hit.group {
                json.key("group")
                json.string(group)
            }
            json.key("headings")
            json.array(hit.headings) { $0.string($1) }
            json.key("highlights")
            json.array(hit.highlights) { json, mark in json.array(mark) { $0.integer($1) } }
            json.key("language")
            json.string(hit.language)
            json.key("ordinal")
            json.integer(hit.ordinal)
            if let origin = hit.origin {
                json.key("origin")
                json.string(origin)
            }
            json.key("page")
            json.integer(hit.page)
            json.key("pageLabel")
            if let label = hit.pageLabel {
                json.string(label)
            } else {
                json.null()
            }
            json.key("score")
            json.number(hit.score)
            json.key("snapshot")
            json.integer(hit.snapshot)
            json.key("snippet")
            json.string(hit.snippet)
            json.key("source")
            json.string(hit.source)
            json.key("start")
            json.integer(hit.start)
            json.key("text")
            json.string(hit.text)
            json.key("title")
            json.string(hit.title)
            json.key("uri")
            json.string(hit.uri)
        }
    }

    mutating func document(_ document: IndexedDocument) {
        self.object { json in
            json.key("chunks")
            json.array(document.chunks) { $0.string($1) }
            json.key("id")
            json.string(document.id)
            json.key("language")
            json.string(document.language)
            json.key("mediaType")
            json.string(document.mediaType)
            json.key("metadata")
            json.object { json in
                for (key, value) in document.metadata.sorted(by: { $0.key < $1.key }) {
                    json.key(key)
                    json.string(value)
                }
            }
            json.key("snapshot")
            json.integer(document.snapshot)
            json.key("source")
            json.string(document.source)
            json.key("title")
            json.string(document.title)
            json.key("uri")
            json.string(document.uri)
        }
    }

    /// - Parameter isWhole: Whether the caller sees every document; else counts and digest would tell of others.
    mutating func snapshots(_ snapshots: [SnapshotSummary], isWhole: Bool) {
        self.object { json in
            json.key("snapshots")
            json.array(snapshots) { json, snapshot in
                json.object { json in
                    if isWhole {
                        json.key("chunks")
                        json.integer(snapshot.chunks)
                        json.key("digest")
                        json.string(snapshot.digest)
                        json.key("documents")
                        json.integer(snapshot.documents)
                    }
                    json.key("isLive")
                    json.boolean(snapshot.isLive)
                    json.key("number")
                    json.integer(snapshot.number)
                }
            }
        }
    }

    mutating func failure(_ failure: AnswerFailure) {
        self.object { json in
            json.key("code")
            json.string(failure.code.rawValue)
            json.key("message")
            json.string(failure.message)
        }
    }
}

/// The bytes of one JSON value.
func jsonBytes(_ write: (inout JSONText) -> Void) -> [UInt8] {
    var text = JSONText()
    write(&text)
    return text.bytes
}
