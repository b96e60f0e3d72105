#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "content.hpp"

#include <poppler/Lexer.h>
#include <poppler/Parser.h>
#include <poppler/Stream.h>

#include <algorithm>

/* Marked content: layers, replacement text, numbers of the structure tree. */

namespace cpoppler {

namespace {

constexpr size_t marked_limit = 4096;

}  // namespace

void Content::begin_marked(Tokens &tokens, const Resources &resources) {
    Marked entry;
    entry.outer_id = marked_id;
    if (marked.size() >= marked_limit) {
        marked.push_back(entry);
        return;
    }
    const bool has_properties =
        tokens.operation == operation("BDC") && tokens.operands.size() >= 2;
    std::string tag;
    if (!tokens.operands.empty()) {
        const Operand &operand = tokens.operands[tokens.operands.size() - (has_properties ? 2 : 1)];
        if (operand.kind == Operand::name) tag = tokens.string(operand);
    }
    if (tag == "Artifact" && form_depth == 0) mark(CPOPPLER_ARTIFACT);
    if (has_properties && tag != "Artifact") {
        const Operand &operand = tokens.operands.back();
        if (tag == "OC") {
            if (layers && operand.kind == Operand::name) {
                const Object layer = resources.entry("Properties", tokens.string(operand));
                entry.hides = !layer.isNull() && !layers->optContentIsVisible(&layer);
            }
        } else {
            const Object dictionary = properties(operand, tokens, resources);
            if (dictionary.isDict()) {
                const Object text = tag == "Span" ? dictionary.dictLookup("ActualText")
                                                  : Object(objNull);
                if (text.isString()) {
                    reader.beginActualText(&state, text.getString());
                    entry.has_actual_text = true;
                }
                const Object id = dictionary.dictLookup("MCID");
                if (id.isInt() && form_depth == 0) mark(id.getInt());
            }
        }
    }
    marked.push_back(entry);
    update_visibility();
}

void Content::end_marked() {
    if (marked.empty()) return;
    const Marked entry = marked.back();
    marked.pop_back();
    if (entry.has_actual_text) reader.endActualText(&state);
    if (entry.outer_id != marked_id) mark(entry.outer_id);
    update_visibility();
}

void Content::mark(int id) {
    marked_id = id;
    marks.push_back({reader.position(), id});
}

void Content::update_visibility() {
    is_visible = std::none_of(
        marked.begin(), marked.end(), [](const Marked &entry) { return entry.hides; });
}

Object Content::properties(
    const Operand &operand, Tokens &tokens, const Resources &resources) {
    if (operand.kind == Operand::name)
        return resources.entry("Properties", tokens.string(operand)).fetch(fonts.xref);
    if (operand.kind != Operand::dictionary) return Object(objNull);
    auto *stream = new MemStream(
        const_cast<char *>(reinterpret_cast<const char *>(tokens.source() + operand.start)), 0,
        static_cast<Goffset>(operand.length), Object(objNull));
    Parser parser(fonts.xref, stream, false);
    return parser.getObj();
}

}  // namespace cpoppler

#endif
