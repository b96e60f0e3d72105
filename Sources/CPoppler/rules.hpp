#ifndef CPOPPLER_RULES_HPP
#define CPOPPLER_RULES_HPP

#include "CPoppler.h"

#include <vector>

namespace cpoppler {

/* Gathers the horizontal and vertical lines of a page: strokes along an axis and thin filled boxes.
   Points are in the page's space, as transformed when they are added. */
class RuleCollector {
public:
    void move(double x, double y);
    void line(double x, double y);
    /* A curve ends here; a path with curves is no rule. */
    void curve();
    void close();
    void clear() {
        points.clear();
        starts.clear();
        is_drawing = false;
    }
    void stroke(double width);
    void fill();

    std::vector<cpoppler_box> rules;

private:
    struct Point {
        float x, y;
    };
    std::vector<Point> points;
    /* Index of the first point of each part of the path. */
    std::vector<size_t> starts;
    /* Charts and maps: paths of many points or curves are not looked at. */
    bool is_drawing = false;

    void add(float x0, float y0, float x1, float y1, float width);
};

}  // namespace cpoppler

#endif
