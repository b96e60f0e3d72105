extension NgramModel {
    /// One automaton's way through its part of a text.
    private struct Lane {
        var state = State(number: 0, base: 0)
        var position: Int
        /// What ends before this belongs to the lane before.
        var start: Int
        var end: Int
    }

    /// More lanes wait no longer for memory; fewer bytes a lane are read twice too often.
    private static let laneLimit = 8
    private static let laneByteCount = 32

    /// Writes the feature that ends at each byte of `text`, in no order, and says how many there are.
    ///
    /// An automaton waits for memory at each byte. Several at a time wait together, each on its part
    /// of the text: one that begins ``contextByteCount`` bytes early is where one that began at the
    /// start would be.
    ///
    /// - Input: `features` has room for one more than `text` has bytes.
    /// - Complexity: O(n).
    func collectFeatures(
        of text: UnsafeBufferPointer<UInt8>,
        into features: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        let laneCount = min(max(text.count / Self.laneByteCount, 1), Self.laneLimit)
        return withUnsafeTemporaryAllocation(of: Lane.self, capacity: laneCount) { lanes in
            for index in 0..<laneCount {
                let start = text.count * index / laneCount
                let lane = Lane(
                    position: max(0, start - self.contextByteCount),
                    start: start,
                    end: text.count * (index + 1) / laneCount
                )
                lanes.initializeElement(at: index, to: lane)
            }
            return text.isEmpty ? 0 : self.run(lanes, over: text, into: features)
        }
    }

    /// Each turn takes every lane one transition on, without a branch that memory decides.
    private func run(
        _ lanes: UnsafeMutableBufferPointer<Lane>,
        over text: UnsafeBufferPointer<UInt8>,
        into features: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        var found = 0
        var running = lanes.count
        while running > 0 {
            var index = 0
            while index < running {
                let lane = lanes[index]
                let slot = self.slots[Int(lane.state.base) + Int(text[lane.position])]
                let failure = self.failures[Int(lane.state.number)]
                // All ones where the slot is the state's own: arithmetic, for a branch would wait.
                let differs = Int64(slot.owner ^ lane.state.number)
                let isOwn = UInt32(truncatingIfNeeded: (differs &- 1) >> 63)
                let isEarly = UInt32(truncatingIfNeeded: (lane.position &- lane.start) >> 63)
                let feature = UInt32(bitPattern: slot.feature)
                features[found] = feature
                found &+= Int(isOwn & ~isEarly & ~feature >> 31)
                let position = lane.position &+ Int(isOwn & 1)
                lanes[index].position = position
                lanes[index].state.number = slot.next.number & isOwn | failure.number & ~isOwn
                lanes[index].state.base = slot.next.base & isOwn | failure.base & ~isOwn
                if position == lane.end {
                    running -= 1
                    lanes[index] = lanes[running]
                } else {
                    index += 1
                }
            }
        }
        return found
    }
}
