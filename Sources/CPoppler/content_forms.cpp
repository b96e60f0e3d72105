#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "content.hpp"

#include "streams.hpp"

#include <algorithm>
#include <cmath>

/* Forms, which have content of their own, and pictures, of which only the place is read. */

namespace cpoppler {

namespace {

/* poppler's own limit. */
constexpr int form_depth_limit = 100;

/* A scan may be cut into strips. */
constexpr size_t picture_limit = 4096;

int number(Dict *image, const char *key) {
    const Object value = image->lookup(key);
    return value.isInt() && value.getInt() > 0 ? value.getInt() : 0;
}

/* What a picture's dictionary says of it. */
cpoppler_picture described(Dict *image) {
    cpoppler_picture picture {};
    picture.width = number(image, "Width");
    picture.height = number(image, "Height");
    picture.is_bilevel = number(image, "BitsPerComponent") == 1 ? 1 : 0;
    const Object mask = image->lookup("ImageMask");
    const bool is_stencil = mask.isBool() && mask.getBool();
    const bool is_masked = !image->lookupNF("SMask").isNull() || !image->lookupNF("Mask").isNull();
    picture.is_opaque = is_stencil || is_masked ? 0 : 1;
    return picture;
}

}  // namespace

void Content::draw_object(const std::string &name, const Resources &resources) {
    const Object entry = resources.entry("XObject", name);
    const Object object = entry.fetch(fonts.xref);
    if (!object.isStream()) return;
    const Object subtype = object.streamGetDict()->lookup("Subtype");
    if (subtype.isName("Image")) {
        const Object &layer = object.streamGetDict()->lookupNF("OC");
        if (layers && !layer.isNull() && !layers->optContentIsVisible(&layer)) return;
        add_picture(described(object.streamGetDict()));
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

/* A picture fills the unit square of the space it is drawn in. */
void Content::add_picture(cpoppler_picture picture) {
    if (!is_visible || pictures.size() >= picture_limit) return;
    for (int corner = 0; corner < 4; corner++) {
        double x, y;
        state.transform(corner & 1, corner >> 1, &x, &y);
        if (!std::isfinite(x) || !std::isfinite(y)) return;
        const float across = static_cast<float>(x), down = static_cast<float>(y);
        cpoppler_box &box = picture.box;
        box.left = corner == 0 ? across : std::min(box.left, across);
        box.right = corner == 0 ? across : std::max(box.right, across);
        box.top = corner == 0 ? down : std::min(box.top, down);
        box.bottom = corner == 0 ? down : std::max(box.bottom, down);
    }
    picture.stream_position = reader.position();
    pictures.push_back(picture);
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
