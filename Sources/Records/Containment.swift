/// Which of two similar documents contains the other.
package enum Containment: Int, Sendable {
    case neither = 0
    case leftHolds = 1
    case rightHolds = 2

    package var reversed: Containment {
        switch self {
        case .neither: .neither
        case .leftHolds: .rightHolds
        case .rightHolds: .leftHolds
        }
    }
}
