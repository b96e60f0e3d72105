#include "binding.hpp"

#ifdef CPOPPLER_IS_KNOWN

#include "rules.hpp"

#include <algorithm>
#include <cmath>

namespace cpoppler {

namespace {

constexpr size_t point_limit = 4096;
constexpr size_t rule_limit = 20000;
/* Lines of tables and boxes are at most this thick. */
constexpr float widest_rule = 3;
constexpr float shortest_rule = 4;
constexpr float slant = 0.5;

}  // namespace

void RuleCollector::move(double x, double y) {
    if (points.size() >= point_limit) is_drawing = true;
    if (is_drawing) return;
    starts.push_back(points.size());
    points.push_back({static_cast<float>(x), static_cast<float>(y)});
}

void RuleCollector::line(double x, double y) {
    if (points.size() >= point_limit) is_drawing = true;
    if (is_drawing || points.empty()) return;
    points.push_back({static_cast<float>(x), static_cast<float>(y)});
}

void RuleCollector::curve() { is_drawing = true; }

void RuleCollector::close() {
    if (!is_drawing && !points.empty()) points.push_back(points[starts.back()]);
}

void RuleCollector::stroke(double width) {
    if (!is_drawing) {
        for (size_t part = 0; part < starts.size(); part++) {
            const size_t end = part + 1 < starts.size() ? starts[part + 1] : points.size();
            for (size_t i = starts[part]; i + 1 < end; i++)
                add(points[i].x, points[i].y, points[i + 1].x, points[i + 1].y,
                    static_cast<float>(width));
        }
    }
}

void RuleCollector::fill() {
    if (is_drawing) return;
    for (size_t part = 0; part < starts.size(); part++) {
        const size_t end = part + 1 < starts.size() ? starts[part + 1] : points.size();
        if (end - starts[part] < 4 || end - starts[part] > 5) continue;
        Point low = points[starts[part]], high = low;
        for (size_t i = starts[part]; i < end; i++) {
            low = {std::min(low.x, points[i].x), std::min(low.y, points[i].y)};
            high = {std::max(high.x, points[i].x), std::max(high.y, points[i].y)};
        }
        const float width = high.x - low.x, height = high.y - low.y;
        if (height <= widest_rule && width > height) {
            const float middle = (low.y + high.y) / 2;
            add(low.x, middle, high.x, middle, height);
        } else if (width <= widest_rule && height > width) {
            const float middle = (low.x + high.x) / 2;
            add(middle, low.y, middle, high.y, width);
        }
    }
}

void RuleCollector::add(float x0, float y0, float x1, float y1, float width) {
    if (rules.size() >= rule_limit || !(width <= widest_rule)) return;
    const float across = std::fabs(x1 - x0), down = std::fabs(y1 - y0);
    if (!(std::min(across, down) <= slant) || !(std::max(across, down) >= shortest_rule)) return;
    cpoppler_box rule;
    rule.left = std::min(x0, x1);
    rule.right = std::max(x0, x1);
    rule.top = std::min(y0, y1);
    rule.bottom = std::max(y0, y1);
    rules.push_back(rule);
}

}  // namespace cpoppler

#endif
