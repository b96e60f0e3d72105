/// `path` made absolute against `directory` and freed of `.`, `..` and doubled slashes.
///
/// Lexical: links are not followed, and `..` at the root stays there.
package func absolutePath(_ path: String, relativeTo directory: String) -> String {
    let joined = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    var components: [Substring] = []
    for component in joined.split(separator: "/") where component != "." {
        if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return "/" + components.joined(separator: "/")
}

/// The folder that holds `file`, absolute; `workingDirectory` is used when `file` is relative.
func directory(of file: String, workingDirectory: String) -> String {
    absolutePath("\(absolutePath(file, relativeTo: workingDirectory))/..", relativeTo: "/")
}
