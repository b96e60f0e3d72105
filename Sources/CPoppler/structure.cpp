#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "CPoppler.h"

#include "document.hpp"

#include <poppler/Catalog.h>
#include <poppler/Page.h>

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

struct cpoppler_structure {
    std::vector<cpoppler_element> elements;
    std::vector<cpoppler_content_item> items;
};

namespace {

/* Elements of a table's cells lie about ten deep. */
constexpr int depth_limit = 128;
constexpr int role_map_limit = 8;

struct NamedRole {
    const char *name;
    uint8_t role;
};

/* ISO 32000-1, 14.8.4, and what ISO 32000-2 adds. */
constexpr NamedRole named_roles[] = {
    {"P", CPOPPLER_PARAGRAPH}, {"H", CPOPPLER_HEADING}, {"H1", CPOPPLER_HEADING_1},
    {"H2", CPOPPLER_HEADING_1 + 1}, {"H3", CPOPPLER_HEADING_1 + 2},
    {"H4", CPOPPLER_HEADING_1 + 3}, {"H5", CPOPPLER_HEADING_1 + 4},
    {"H6", CPOPPLER_HEADING_1 + 5}, {"Title", CPOPPLER_HEADING_1}, {"Table", CPOPPLER_TABLE},
    {"TR", CPOPPLER_TABLE_ROW}, {"TH", CPOPPLER_TABLE_CELL}, {"TD", CPOPPLER_TABLE_CELL},
    {"Code", CPOPPLER_CODE}, {"L", CPOPPLER_LIST}, {"LI", CPOPPLER_LIST_ITEM},
    {"Caption", CPOPPLER_CAPTION}, {"Note", CPOPPLER_NOTE}, {"FENote", CPOPPLER_NOTE},
    {"Figure", CPOPPLER_FIGURE}, {"Formula", CPOPPLER_FIGURE},
};

/* Walks the structure tree by its dictionaries; poppler's own reads all attributes of all elements. */
class Walk {
public:
    Walk(cpoppler_document &document, size_t limit) : xref(document.document->getXRef()), left(limit) {
        Catalog *catalog = document.document->getCatalog();
        const int count = std::min(document.document->getNumPages(), 100000);
        for (int i = 0; i < count; i++) {
            const Ref *page = catalog->getPageRef(i + 1);
            if (page) pages.emplace(page->num, i);
        }
    }

    void root(const Object &tree, cpoppler_structure &result) {
        const Object map = tree.dictLookup("RoleMap");
        if (map.isDict()) roles = map.copy();
        add_kids(tree.getDict()->lookupNF("K"), -1, -1, 0, result);
    }

private:
    XRef *const xref;
    size_t left;
    std::unordered_map<int, int> pages;
    std::unordered_set<int> seen;
    Object roles;

    int page_of(const Object &reference, int inherited) const {
        if (!reference.isRef()) return inherited;
        const auto place = pages.find(reference.getRefNum());
        return place == pages.end() ? inherited : place->second;
    }

    uint8_t role(std::string name) {
        for (int i = 0; i < role_map_limit; i++) {
            for (const NamedRole &known : named_roles)
                if (name == known.name) return known.role;
            if (!roles.isDict()) break;
            const Object mapped = roles.dictLookup(name.c_str());
            if (!mapped.isName()) break;
            name = mapped.getName();
        }
        return CPOPPLER_OTHER_ELEMENT;
    }

    void add_item(int id, int element, int page, cpoppler_structure &result) {
        if (id >= 0 && element >= 0 && page >= 0) result.items.push_back({page, id, element});
    }

    void add_kids(
        const Object &kids, int element, int page, int depth, cpoppler_structure &result) {
        const Object list = kids.fetch(xref);
        if (!list.isArray()) {
            add_kid(kids, element, page, depth, result);
            return;
        }
        for (int i = 0; i < list.arrayGetLength() && left > 0; i++)
            add_kid(list.arrayGetNF(i), element, page, depth, result);
    }

    /* An element stands in the tree once; one that is met again would be its own ancestor. */
    void add_kid(
        const Object &entry, int element, int page, int depth, cpoppler_structure &result) {
        if (left == 0 || depth > depth_limit) return;
        left--;
        if (entry.isRef() && !seen.insert(entry.getRefNum()).second) return;
        const Object kid = entry.fetch(xref);
        if (kid.isInt()) {
            add_item(kid.getInt(), element, page, result);
            return;
        }
        if (!kid.isDict()) return;
        Dict *dictionary = kid.getDict();
        const int own_page = page_of(dictionary->lookupNF("Pg"), page);
        const Object type = dictionary->lookup("S");
        if (!type.isName()) {
            const Object id = dictionary->lookup("MCID");
            /* Content of a form has its own numbers. */
            if (id.isInt() && dictionary->lookupNF("Stm").isNull())
                add_item(id.getInt(), element, own_page, result);
            return;
        }
        const int index = static_cast<int>(result.elements.size());
        result.elements.push_back({element, role(type.getName())});
        const Object &kids = dictionary->lookupNF("K");
        if (!kids.isNull()) add_kids(kids, index, own_page, depth + 1, result);
    }
};

}  // namespace

extern "C" cpoppler_structure *cpoppler_read_structure(cpoppler_document *document, size_t limit) {
    try {
        const Object catalog = document->document->getXRef()->getCatalog();
        if (!catalog.isDict()) return nullptr;
        const Object tree = catalog.dictLookup("StructTreeRoot");
        if (!tree.isDict()) return nullptr;
        auto result = std::make_unique<cpoppler_structure>();
        Walk(*document, limit).root(tree, *result);
        return result.release();
    } catch (...) {
        return nullptr;
    }
}

extern "C" const cpoppler_element *cpoppler_elements(
    const cpoppler_structure *structure, size_t *count) {
    *count = structure->elements.size();
    return structure->elements.data();
}

extern "C" const cpoppler_content_item *cpoppler_content_items(
    const cpoppler_structure *structure, size_t *count) {
    *count = structure->items.size();
    return structure->items.data();
}

extern "C" void cpoppler_free_structure(cpoppler_structure *structure) { delete structure; }

#endif
