#include "lanes.h"

#include <math.h>

// Sums, products, divisions and square roots in double precision alone, which every machine rounds
// alike: the cosines and powers of one C library are not those of another.
#pragma STDC FP_CONTRACT OFF

// base^exponent for 0 <= exponent < 1, by the binary digits of the exponent.
static double power(double base, double exponent) {
    double root = base, result = 1;
    for (int digit = 0; digit < 53; digit++) {
        root = sqrt(root);
        exponent *= 2;
        if (exponent >= 1) {
            result *= root;
            exponent -= 1;
        }
    }
    return result;
}

// Cosine and sine of an angle of 0...2^20: quarter turns are taken off, the rest is a Taylor series.
static void turn(double angle, float *cosine, float *sine) {
    const int64_t quarters = (int64_t)(angle * 0.63661977236758134308 + 0.5);
    // pi / 2 in two parts, as fdlibm has it: the first is short, so that its multiple is exact.
    const double r = (angle - (double)quarters * 1.57079632673412561417)
        - (double)quarters * 6.07710050650619224932e-11;
    const double z = r * r;
    double s = 1 - z * (1.0 / 210);
    s = 1 - z * (1.0 / 156) * s;
    s = 1 - z * (1.0 / 110) * s;
    s = 1 - z * (1.0 / 72) * s;
    s = 1 - z * (1.0 / 42) * s;
    s = 1 - z * (1.0 / 20) * s;
    s = r * (1 - z * (1.0 / 6) * s);
    double c = 1 - z * (1.0 / 240);
    c = 1 - z * (1.0 / 182) * c;
    c = 1 - z * (1.0 / 132) * c;
    c = 1 - z * (1.0 / 90) * c;
    c = 1 - z * (1.0 / 56) * c;
    c = 1 - z * (1.0 / 30) * c;
    c = 1 - z * (1.0 / 12) * c;
    c = 1 - z * (1.0 / 2) * c;
    const int isOdd = quarters & 1;
    *cosine = (float)((quarters + 1) & 2 ? -(isOdd ? s : c) : (isOdd ? s : c));
    *sine = (float)(quarters & 2 ? -(isOdd ? c : s) : (isOdd ? c : s));
}

void ckernels_rotations(
    double base, size_t pairs, size_t positions, float *cosines, float *sines) {
    for (size_t pair = 0; pair < pairs; pair++) {
        // Rounded to fp32 at each step, as models are trained: far from the start an angle is no
        // better than its frequency.
        const float exponent = (float)pair / (float)pairs;
        const float frequency = 1.0f / (float)power(base, exponent);
        for (size_t position = 0; position < positions; position++) {
            const size_t place = position * pairs + pair;
            turn((double)((float)position * frequency), cosines + place, sines + place);
        }
    }
}

INLINED void rotate_halves(float *restrict first, float *restrict second, size_t pairs,
    const float *restrict cosines, const float *restrict sines) {
    for (size_t pair = 0; pair < pairs; pair++) {
        const float a = first[pair], b = second[pair];
        first[pair] = a * cosines[pair] - b * sines[pair];
        second[pair] = b * cosines[pair] + a * sines[pair];
    }
}

INLINED void rotate_neighbours(
    float *restrict values, size_t pairs, const float *restrict cosines,
    const float *restrict sines) {
    for (size_t pair = 0; pair < pairs; pair++) {
        const float a = values[2 * pair], b = values[2 * pair + 1];
        values[2 * pair] = a * cosines[pair] - b * sines[pair];
        values[2 * pair + 1] = b * cosines[pair] + a * sines[pair];
    }
}

CLONED
void ckernels_rotate(
    float *x, size_t rows, size_t stride, size_t heads, size_t width, size_t pairs,
    int interleaved, const float *cosines, const float *sines) {
    for (size_t row = 0; row < rows; row++) {
        for (size_t head = 0; head < heads; head++) {
            float *values = x + row * stride + head * width;
            const size_t place = row * pairs;
            if (interleaved) {
                rotate_neighbours(values, pairs, cosines + place, sines + place);
            } else {
                rotate_halves(
                    values, values + pairs, pairs, cosines + place, sines + place);
            }
        }
    }
}
