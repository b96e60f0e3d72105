import Dispatch
import Execution
import Synchronization
import Testing

@Suite struct BoundedChannelTests {
    @Test func elementsArriveInOrderAndTheEndIsSeen() {
        let channel = BoundedChannel<Int>(capacityBytes: 10)
        for value in 0..<10 { channel.send(value, byteCount: 1) }
        channel.close()
        var received: [Int] = []
        while let value = channel.receive() { received.append(value) }
        #expect(received == Array(0..<10))
        #expect(channel.send(11, byteCount: 1) == false)
    }

    @Test func aSenderNeverHoldsMoreThanTheCapacity() {
        let channel = BoundedChannel<Int>(capacityBytes: 100)
        let held = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            for value in 0..<200 {
                channel.send(value, byteCount: 30)
                let now = held.wrappingAdd(30, ordering: .relaxed).newValue
                most.max(now, ordering: .relaxed)
            }
            channel.close()
        }
        var count = 0
        while channel.receive() != nil {
            held.wrappingSubtract(30, ordering: .relaxed)
            count += 1
        }
        group.wait()
        #expect(count == 200)
        // One element may be received and another sent before either side counts it.
        #expect(most.load(ordering: .relaxed) <= 100 + 2 * 30)
    }

    @Test func anElementOverTheCapacityPassesAlone() {
        let channel = BoundedChannel<Int>(capacityBytes: 10)
        #expect(channel.send(1, byteCount: 1000))
        #expect(channel.send(2, byteCount: 0), "cost 0 never waits")
        #expect(channel.receive() == 1)
        #expect(channel.receive() == 2)
    }
}
