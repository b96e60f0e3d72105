#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether bytes are well-formed UTF-8 (The Unicode Standard, table 3-7).
bool ck_utf8_is_valid(const uint8_t *text, size_t count);

/// Whether composition to NFC may change a text: false where each code point is of a range whose NFC quick
/// check is "yes" and whose combining class is 0. The text is well-formed UTF-8.
bool ck_may_compose(const uint8_t *text, size_t count);

/// Writes a text as the inside of a JSON string (RFC 8259): quotes, backslashes and controls escaped.
///
/// `output` has room for 6 * count bytes; returns how many were written.
size_t ck_json_escape(const uint8_t *text, size_t count, uint8_t *output);

/// What is no text among bytes: NULs, controls that no text has, and controls that a plain text loses.
typedef struct {
    bool has_nul;
    /// Other than 0x08 to 0x0D and ESC; DEL counts.
    size_t strange;
    /// Other than tabs and line feeds; DEL counts.
    size_t untidy;
} ck_controls_t;

ck_controls_t ck_controls(const uint8_t *text, size_t count);

/// The same by code for any machine, for tests.
bool ck_utf8_is_valid_plain(const uint8_t *text, size_t count);
bool ck_may_compose_plain(const uint8_t *text, size_t count);
size_t ck_json_escape_plain(const uint8_t *text, size_t count, uint8_t *output);
