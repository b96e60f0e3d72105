#pragma once
#include "ckernels_embedding.h"

#include <string.h>

#if defined(__x86_64__)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED
#endif

#define INLINED static inline __attribute__((always_inline, unused))

// One AVX-512 register, two AVX2, four SSE2: the compiler splits it for each clone.
typedef float lanes_t __attribute__((vector_size(4 * CKERNELS_LANES)));
typedef int32_t integers_t __attribute__((vector_size(4 * CKERNELS_LANES)));

// All functions that take or return lanes_t are inlined, so no call depends on the vector ABI.
#pragma clang diagnostic ignored "-Wpsabi"

INLINED lanes_t load(const float *from) {
    lanes_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINED void store(float *to, lanes_t value) { memcpy(to, &value, sizeof value); }

INLINED float sum_of(lanes_t value) {
    float sum = 0;
    for (int lane = 0; lane < CKERNELS_LANES; lane++) sum += value[lane];
    return sum;
}

INLINED lanes_t choose(integers_t mask, lanes_t yes, lanes_t no) {
    return (lanes_t)(((integers_t)yes & mask) | ((integers_t)no & ~mask));
}

// e^x for x in [-87, 88], relative error under 2e-7: x = n ln 2 + r, then a polynomial in r and
// an exponent built from n. Coefficients: Cephes, expf (Moshier).
INLINED lanes_t exponential(lanes_t x) {
    const lanes_t lowest = (lanes_t){} - 87.0f;
    x = choose(x < lowest, lowest, x);
    // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the mantissa.
    const float rounder = 12582912.0f;
    const lanes_t n = (x * 1.44269504088896341f + rounder) - rounder;
    const lanes_t r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    lanes_t y = r * 1.9875691500e-4f + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * (r * r) + r + 1.0f;
    const integers_t power = (__builtin_convertvector(n, integers_t) + 127) << 23;
    return y * (lanes_t)power;
}

// v * (1 + erf(v / sqrt 2)) / 2, where 1 - erf(z) = e^(z q(z)) for z >= 0 and q is a polynomial
// fitted to the least greatest error of erf on 0...4 (6e-8 in fp32); past 4, erf is 1 in fp32.
INLINED lanes_t gelu(lanes_t v) {
    const integers_t sign = (integers_t)v & INT32_MIN;
    const lanes_t highest = (lanes_t){} + 4.0f;
    lanes_t z = (lanes_t)((integers_t)v & INT32_MAX) * 0.70710678118654752f;
    z = choose(z > highest, highest, z);
    lanes_t q = z * -3.14401768e-05f + 0.000308802235f;
    q = q * z - 0.00103240157f;
    q = q * z - 0.000536933716f;
    q = q * z + 0.019583961f;
    q = q * z - 0.102919616f;
    q = q * z - 0.636597753f;
    q = q * z - 1.1283803f;
    const lanes_t erf = 1.0f - exponential(q * z);
    return 0.5f * v * (1.0f + (lanes_t)((integers_t)erf | sign));
}

// v / (1 + e^-v), by the power of -|v|, which cannot overflow.
INLINED lanes_t silu(lanes_t v) {
    const lanes_t one = (lanes_t){} + 1.0f;
    const lanes_t power = exponential((lanes_t)((integers_t)v | INT32_MIN));
    return v * choose(v < 0.0f, power, one) / (one + power);
}
