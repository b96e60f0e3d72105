internal import Glibc

/// A folder open for reading its names; closed when it goes out of scope.
struct OpenFolder: ~Copyable {
    private let stream: OpaquePointer

    /// Takes `descriptor` over, also when it fails; then `errno` says why.
    init?(taking descriptor: Int32) {
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
        self.stream = stream
    }

    deinit { closedir(self.stream) }

    var descriptor: Int32 { dirfd(self.stream) }

    /// Gives each name but `.` and `..` with its `d_type`, in no order.
    ///
    /// - Output: 0, or the error number that ended the names early.
    func forEachName(_ body: (UnsafeRawBufferPointer, Int) -> Void) -> Int32 {
        let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while true {
            errno = 0
            guard let entry = readdir(self.stream) else { return errno }
            // The record may be shorter than the declared array, so the name is read in place.
            let start = UnsafeRawPointer(entry) + nameOffset
            let count = strlen(start.assumingMemoryBound(to: CChar.self))
            let name = UnsafeRawBufferPointer(start: start, count: count)
            let dot = UInt8(ascii: ".")
            let isSelfOrParent =
                (count == 1 && name[0] == dot) || (count == 2 && name[0] == dot && name[1] == dot)
            if !isSelfOrParent { body(name, Int(entry.pointee.d_type)) }
        }
    }
}
