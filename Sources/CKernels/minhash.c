#include "ckernels_minhash.h"

#if defined(__x86_64__)
#define CK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CK_CLONES
#endif

/// Sixteen values that may lie anywhere in memory: one AVX-512 register, two AVX2, four SSE.
typedef uint32_t lanes16 __attribute__((vector_size(64), aligned(4)));

// Four vectors of minimums stay in registers while the hashes stream by; the second half of the
// functions is a second pass over hashes that are in the first-level cache by then.
CK_CLONES
void ck_minhash_minimums(
    const uint32_t *hashes,
    size_t count,
    const uint32_t *multipliers,
    const uint32_t *addends,
    uint32_t *minimums
) {
    for (size_t tile = 0; tile < CK_MINHASH_LANES; tile += 64) {
        const lanes16 *a = (const lanes16 *)(multipliers + tile);
        const lanes16 *b = (const lanes16 *)(addends + tile);
        lanes16 *out = (lanes16 *)(minimums + tile);
        const lanes16 a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        const lanes16 b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
        lanes16 m0 = out[0], m1 = out[1], m2 = out[2], m3 = out[3];
        for (size_t i = 0; i < count; i++) {
            const uint32_t hash = hashes[i];
            m0 = __builtin_elementwise_min(m0, a0 * hash + b0);
            m1 = __builtin_elementwise_min(m1, a1 * hash + b1);
            m2 = __builtin_elementwise_min(m2, a2 * hash + b2);
            m3 = __builtin_elementwise_min(m3, a3 * hash + b3);
        }
        out[0] = m0;
        out[1] = m1;
        out[2] = m2;
        out[3] = m3;
    }
}
