/* search/deadline.c - looking at the clock now and then.
 *
 * A look at the clock costs some 20 ns, a call of the caller's function what it likes: so there is one look in 16
 * checks, and one question in 20 ms. Checks stand between short pieces of work, so that a cancel takes effect within
 * the tenth of a second that a person notices.
 */
#include "search/deadline.h"

#include "base/clock.h"
#include "base/fail.h"

enum { STEPS = 16, ASK_MS = 20 };      /* checks for one look at the clock; between two questions to the caller */

struct deadline fihi_deadline(const fih_search_opts *opts)
{
    return (struct deadline){opts->timeout_ms ? now_ms() + opts->timeout_ms : INT64_MAX, 0, 0, opts};
}

int fihi_deadline_check(struct deadline *p, fih_error *err)
{
    int64_t now;

    if ((p->end == INT64_MAX && !p->opts->on_wait) || ++p->steps % STEPS)
        return FIH_OK;
    now = now_ms();
    if (now >= p->end)
        return fihi_fail(err, FIH_E_CANCEL, "the search took longer than %u ms", p->opts->timeout_ms);
    if (p->opts->on_wait && now - p->asked >= ASK_MS) {
        p->asked = now;
        if (p->opts->on_wait(p->opts->ctx))
            return fihi_fail(err, FIH_E_CANCEL, "the search was cancelled");
    }
    return FIH_OK;
}
