#ifndef CPOPPLER_STREAMS_HPP
#define CPOPPLER_STREAMS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

class Object;

namespace cpoppler {

/* Appends the decoded bytes of a stream, at most `limit` of them; false when there were more. */
bool append_stream(std::vector<uint8_t> &bytes, const Object &stream, size_t limit);

}  // namespace cpoppler

#endif
