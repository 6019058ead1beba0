/* fuzz_date.c - any bytes as a date, as a span: days that exist, in order. */
#include <stdlib.h>

#include "reach.h"
#include "search/ago.h"
#include "search/when.h"
#include "text/calendar.h"
#include "text/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {
    {"dates", 16, 0},
    {"spans", 12, 0},
    {NULL, 0, 0},
};

static void check(int32_t first, int32_t last)
{
    int32_t y;
    unsigned m, d;

    if (first > last || last - first > 366)
        abort();
    fihi_calendar_civil(first, &y, &m, &d);
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int32_t todays[] = {18542, 0, INT32_MIN, INT32_MAX, -719162, 2932896};
    const fih_str text = {(const char *)data, size};
    int32_t first, last;

    for (unsigned flags = 0; flags < 4; flags++)
        if (fihi_date_parse(&first, &last, text, flags, NULL) == FIH_OK) {
            check(first, last);
            reach[0].count++;
        }
    for (size_t i = 0; i < sizeof todays / sizeof *todays; i++) {
        if (fihi_ago_parse(text, todays[i], &first, &last) && first > last)
            abort();
        reach[1].count += fihi_when_parse(text, todays[i], &first, &last, NULL) == FIH_OK;
    }
    return 0;
}
