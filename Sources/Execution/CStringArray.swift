internal import Glibc

/// A null-terminated array of C strings that lives as long as the value.
final class CStringArray {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        self.pointers = strings.map { strdup($0) } + [nil]
    }

    deinit {
        for pointer in self.pointers { free(pointer) }
    }
}
