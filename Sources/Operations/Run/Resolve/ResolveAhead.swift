internal import Records

/// What the items of a run found out of what changed, before one process decides.
///
/// Invariant: all of it follows from the documents, so that what is decided with it is what is decided without.
struct ResolveAhead {
    /// Of every shard.
    let arrivals: [ArrivalFile]
    /// Of every bucket, in the order of their keys.
    let buckets: [BucketFile]
    /// Of the shards that have arrivals with company.
    let verdicts: [Int: VerdictFile]

    /// Nil where nobody read the texts of the group.
    func shingles(of group: GroupMembers) throws -> [UInt32]? {
        for id in group.ids {
            let verdicts = self.verdicts[id.shard(of: self.arrivals.count)]
            if let found = try verdicts?.shingles(of: group.exact) { return found }
        }
        return nil
    }

    /// Nil where nobody compared the two.
    func holdsFact(_ pair: ComparedPair) -> Bool? {
        for id in [pair.first, pair.second] {
            let verdicts = self.verdicts[id.shard(of: self.arrivals.count)]
            if let found = verdicts?.holdsFact(pair) { return found }
        }
        return nil
    }
}
