internal import CPoppler
internal import CPopplerPublic

/// A way into poppler: its private headers, or poppler-glib where those are of an unknown version.
///
/// poppler-glib loses words and knows no ruled lines and no structure tree (`Ops/README.md` has the
/// measured difference), so it is the reader of last resort.
// @unchecked: the table of functions is constant.
struct PDFDoor: @unchecked Sendable {
    let functions: cpoppler_door

    static let privateHeaders = cpoppler_private_door().map { PDFDoor(functions: $0.pointee) }
    static let publicLibrary = cpoppler_public_door().map { PDFDoor(functions: $0.pointee) }

    /// The better of those that this build has.
    static let standard = privateHeaders ?? publicLibrary

    var name: String { self.functions.name.map { String(cString: $0) } ?? "" }
    var version: String { self.functions.version().map { String(cString: $0) } ?? "" }

    /// - Parameter buffer: the file; it must outlive the document.
    func open(
        _ buffer: UnsafeBufferPointer<UInt8>,
        passwords: [String],
        status: inout Int32
    ) -> PDFDocument? {
        // One buffer of NUL-ended strings, so that all pointers live as long as the call.
        var joined: [CChar] = []
        var offsets: [Int] = []
        for password in passwords where !password.utf8.contains(0) {
            offsets.append(joined.count)
            joined.append(contentsOf: password.utf8.map { CChar(bitPattern: $0) })
            joined.append(0)
        }
        let handle = joined.withUnsafeBufferPointer { characters in
            let pointers = offsets.map { characters.baseAddress?.advanced(by: $0) }
            return pointers.withUnsafeBufferPointer { list in
                self.functions.open(
                    buffer.baseAddress,
                    buffer.count,
                    list.baseAddress,
                    list.count,
                    &status
                )
            }
        }
        return handle.map { PDFDocument(door: self.functions, handle: $0) }
    }
}

/// An open document; ``close()`` ends it.
struct PDFDocument {
    let door: cpoppler_door
    let handle: OpaquePointer

    var pageCount: Int { Int(self.door.page_count(self.handle)) }

    func close() { self.door.close(self.handle) }
}
