/// Weights of the features of ``UnitPage``, in hundredths of a logit, group by group in their order.
///
/// - Source: logistic regression (L2, C = 0.3) on the units of the 683 development pages: labelled by
///   shingles of the annotated article (scrapinghub, readability) and by the texts that must and must
///   not be in the output (trafilatura). `Ops/benchmarks/extraction/fit-units` makes this file anew and
///   prints its figures under cross-validation by host.
enum UnitWeights {
    /// A unit that the rules keep stays above this.
    static let keptLimit = -5
    /// A plain sentence among others stays above this.
    static let plainLimit = -250
    /// A line after the article's last sentence, with no name or word against it, stays above this.
    static let lastLineLimit = -100
    /// A unit that they drop comes back above this.
    static let droppedLimit = 200
    static let intercept = -44
    static let values: [Int16] = [
        // Tag.
        29, -48, 15, 22, -5, -13, 30, -33, 30, 21, 17, 16, -21, 47,
        -33, -47, -46, 2,
        // Length.
        68, -8, -54, -53, -13, -16, 21, 35,
        // Length and links.
        12, 0, 0, -1, 56, -3, 1, 0, 3, -9, 23, 5, -40, -10,
        -32, 14, 3, -17, -15, -38, 87, -12, -21, -20, -48, 86, -17, -31,
        11, -64, 43, 23, -7, 2, -40, 45, 1, -1, 14, -24,
        // Ending.
        -37, 41, -25, 30, -30, 2,
        // Beginning.
        -18, 4, 37, -8, -33,
        // Commas.
        -19, -5, 9, -5,
        // Digits.
        21, 10, -6, -44,
        // Marks.
        3, -48, -28, 8, 11, -76, -12, 0,
        // Place.
        -58, 46, 114, 18, -139,
        // Place and kind.
        0, 75, -50, -47, -1, -36, 0, 3, -6, -46, 33, 63, 0, 69,
        46, -103, 62, 39, 0, 12, 2, -18, -45, 67, 0, -53, -2, 46,
        -64, -66,
        // Tenth of the page.
        38, 28, 19, -2, -17, -1, -4, -16, -25, -40,
        // Box: links.
        9, 7, 10, -34, -10,
        // Box: prose.
        10, -7, -59, -11, 49,
        // Box: rest.
        -3, -56, -12, 35, 18,
        // Outer box: links.
        12, 7, -25, 21, -34,
        // Outer box: prose.
        -7, -17, -6, 22, -11,
        // Before.
        -27, 20, 6, -29, -7, 18,
        // Two before.
        -43, 8, 16, -17, 2, 15,
        // After.
        -4, 30, -13, -44, -8, 19,
        // Two after.
        -31, 10, 9, -12, -13, 17,
        // Before and after.
        1, 3, -3, -11, -5, -12, 3, -6, -1, -19, 40, 2, -2, -10,
        9, -33, 14, 29, -9, 20, 8, 9, -34, -23, 5, 7, -33, 22,
        -11, 3, -1, 16, 6, -12, -11, 20,
        // Prose near.
        19, 3, -15, -15, -24, -9, 10, 0, 12,
        // Links near.
        -11, 8, -12, 7, -35, 22, 19, -15, -2,
        // Names around.
        -38, -43, 58, 22, 3, -15, -2, -35, -45, -16, -6, -60, -33, -9,
        12, 0, 26, -7,
        // Names around, in the root.
        -6, -55, -17, -9, -23, -7, 63, -68, -74, -30, 19, -18, -8, -10,
        -1, 0, -32, -41,
        // Names around prose.
        -18, -54, -17, 28, -15, 1, 27, -13, -44, 47, -5, -49, 33, 27,
        0, 0, -18, 5,
        // Own names.
        -16, -6, -18, -21, -29, -34, 10, -37, -4, -32, 5, -24, -1, -19,
        13, 0, -30, -2,
        // Boxes called chrome.
        55, -53, -2, -18,
        // Elements around.
        -4, -14, -40, 5, -51, -12, 21, 24, 7, 44, 1, 25, -9,
        // Elements around, in the root.
        3, -19, -43, -42, -9, -43, 8, -42, -2, 34, -41, 65, -15,
        // Agrees with JSON-LD.
        -4, -7, -9,
        // Words.
        -29, -101, -88, -50, -43, -11, -50, -13, -41, -4, -45, -35, -9, -17,
        -49, -37, -8, 21, -2, -23,
        // Words of a short line.
        -42, -51, -90, -136, -23, 11, -52, -32, -41, -13, -18, -52, 18, -18,
        -47, 4, -22, 12, -49, -31,
        // Words before.
        4, -69, 0, -22, 0, -42, -31, 9, 10, 5, 4, 40, -27, -21,
        1, -1, 12, -6, 22, -52,
        // Words after.
        -15, -31, -19, -23, 7, -12, -25, -40, -2, -26, 5, -22, 11, -16,
        0, -12, -6, -2, 31, 19,
        // Words of the heading.
        -31, 10, -62, -1, 13, 21, 14, -10, -5, 0, 5, -10, -13, 7,
        12, 1, -4, -23, 16, -6,
        // Root's share and place.
        0, 24, 17, 6, -25, -12, 5, 31, -9, -21, 15, 15, 59, -40,
        -37, -47, -12, 23, 21, -35, -14, 14, -16, 40, -22,
        // Units of the page.
        35, -29, -14, -4, -7,
    ]
}
