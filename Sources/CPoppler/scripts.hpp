#ifndef CPOPPLER_SCRIPTS_HPP
#define CPOPPLER_SCRIPTS_HPP

#include <cstdint>
#include <vector>

namespace cpoppler {

/* Letters of the scripts that draw some signs elsewhere than they are read: Devanagari to Sinhala
   share one layout of 128 characters (Unicode, ch. 12), Myanmar and Khmer follow its principle. */

bool is_reordering_script(uint32_t c);
bool is_consonant(uint32_t c);
/* Makes the consonant before it a part of the one after it. */
bool is_virama(uint32_t c);
bool is_nukta(uint32_t c);
/* A vowel sign read after the consonants it stands left of. */
bool is_left_sign(uint32_t c);
/* Any other sign that depends on the consonant before it. */
bool is_dependent_sign(uint32_t c);
/* A sign that is drawn above or below the letter before it. */
bool is_drawn_over(uint32_t c);
/* Whether further consonants of a cluster are drawn below and behind the first one with its vowel. */
bool has_subjoined_consonants(uint32_t c);
/* The ra that stands above the consonants it is read before, when a virama follows. */
bool is_reph_letter(uint32_t c);
/* The only left sign of the script of `c`, 0 where there are several or none. */
uint32_t only_left_sign(uint32_t c);

/* A left sign or ra, known to stand where it is drawn: ours alone, outside of all assigned
   characters. */
constexpr uint32_t drawn_offset = 0x100000;
constexpr uint32_t as_drawn(uint32_t c) { return c + drawn_offset; }

/* Appends `c`, a vowel sign of two parts and a letter with a dot as their parts. */
void append_parts(std::vector<uint32_t> &out, uint32_t c);

/* Puts the characters of a word, given as drawn from left to right, into reading order.

   Signs marked by `as_drawn` are moved; without a mark a left sign is moved only where it follows
   no consonant, which no spelling allows, or, if `moves_all`, everywhere. A consonant joined to a
   vowel sign, which no spelling allows either, goes before it. Thai and Lao AM is composed. */
void put_in_reading_order(std::vector<uint32_t> &word, bool moves_all);

/* How many left signs stand before their consonants, which no spelling allows, and how many at the
   end of a word, where none is ever drawn. */
struct SignPlaces {
    int before = 0;
    int last = 0;

    void count(const std::vector<uint32_t> &word);
};

}  // namespace cpoppler

#endif
