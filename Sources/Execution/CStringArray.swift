internal import Glibc

/// A null-terminated array of C strings that lives as long as the value.
package final class CStringArray {
    package let pointers: [UnsafeMutablePointer<CChar>?]

    package init(_ strings: [String]) {
        self.pointers = strings.map { strdup($0) } + [nil]
    }

    /// - Parameter body: is given the pointers as C takes those that it does not change.
    package func withConstantPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        self.pointers.withUnsafeBufferPointer { pointers in
            pointers.withMemoryRebound(to: UnsafePointer<CChar>?.self) { body($0.baseAddress) }
        }
    }

    deinit {
        for pointer in self.pointers { free(pointer) }
    }
}
