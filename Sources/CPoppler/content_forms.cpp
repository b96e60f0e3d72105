#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "content.hpp"

#include "streams.hpp"

#include <algorithm>

/* Forms, which have content of their own, and images, which are only counted. */

namespace cpoppler {

namespace {

/* poppler's own limit. */
constexpr int form_depth_limit = 100;

}  // namespace

void Content::draw_object(const std::string &name, const Resources &resources) {
    const Object entry = resources.entry("XObject", name);
    const Object object = entry.fetch(fonts.xref);
    if (!object.isStream()) return;
    const Object subtype = object.streamGetDict()->lookup("Subtype");
    if (subtype.isName("Image")) {
        images++;
        return;
    }
    if (!subtype.isName("Form")) return;
    const int number = entry.isRef() ? entry.getRefNum() : -1;
    if (number >= 0) {
        if (std::find(open_forms.begin(), open_forms.end(), number) != open_forms.end()) return;
        open_forms.push_back(number);
    }
    draw_form(object, resources);
    if (number >= 0) open_forms.pop_back();
}

void Content::draw_form(const Object &form, const Resources &resources) {
    if (form_depth >= form_depth_limit || !reader.counts_form()) return;
    Dict *dictionary = form.streamGetDict();
    const Object &layer = dictionary->lookupNF("OC");
    const bool was_visible = is_visible;
    if (layers && !layer.isNull() && !layers->optContentIsVisible(&layer)) return;
    std::vector<uint8_t> bytes;
    const size_t limit = reader.limits.content;
    const bool is_whole = append_stream(bytes, form, limit);
    if (!reader.counts_content(is_whole ? bytes.size() : limit + 1)) return;
    const Object own = dictionary->lookup("Resources");
    const Resources inner(own.isDict() ? own.getDict() : nullptr, &resources, fonts);
    save();
    const size_t outer_marked = marked.size();
    const Object matrix = dictionary->lookup("Matrix");
    if (matrix.isArray() && matrix.arrayGetLength() == 6) {
        double m[6];
        for (int i = 0; i < 6; i++) {
            const Object value = matrix.arrayGet(i);
            m[i] = value.isNum() ? value.getNum() : 0;
        }
        state.concatCTM(m[0], m[1], m[2], m[3], m[4], m[5]);
    }
    font_changed = true;
    form_depth++;
    run(bytes, inner);
    form_depth--;
    while (marked.size() > outer_marked) end_marked();
    restore();
    font_changed = true;
    is_visible = was_visible;
}

}  // namespace cpoppler

#endif
