/* fuzz_list.h - how an input of fuzz_list.c is laid out: this head, the list, its positions.
 *
 * The head says what a dictionary would, and so may lie like any other byte. */
#ifndef FUZZ_LIST_H
#define FUZZ_LIST_H

#include "index/list.h"

enum {
    SEED_DF = 0, SEED_TITLE_DF = 4, SEED_FORMS = 8, SEED_DOCS = 12, SEED_SINGLE = 16, SEED_CF = 20, /* u32, u64 */
    SEED_BYTES = 28,                   /* u16, of the list */
    SEED_CHOICES = 30,                 /* u16: what is asked, and in which order */
    SEED_HEAD = 32
};

#endif
