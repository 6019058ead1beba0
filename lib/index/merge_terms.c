/* index/merge_terms.c - the dictionary and its lists.
 *
 * Lists number the forms of their stem, and rows lead from forms and roots to stems by ordinals: all of these numbers
 * are a segment's own. So:
 *
 * 1. The stems of each source: how many forms each has, for a place to keep what they are.
 * 2. The forms of all sources, merged by key, get numbers; their rows say which form of which list each is.
 * 3. Stems, merged by key: the forms of a stem's lists are numbered anew, the lists written, and their new rows kept.
 *    A stem without a living document is left out, so each source's ordinals lead to new ones.
 * 4. Sections, merged by key; last of all, the keywords of other fields, and the words of texts.
 * 5. Forms once more, with the rows of step 3.
 * 6. Roots, with the new ordinals of their stems.
 *
 * How often a root occurs in a document, and which of its stems is the first there, is the document's alone and stays.
 *
 * An example. Source 0 has the stem كتاب with the forms كتاب (0) and الكتاب (1), source 1 has it with الكتاب (0) and
 * وكتاب (1). Among the forms of both, by their bytes, الكتاب is 1, كتاب 2 and وكتاب 3. If الكتاب is now in most
 * documents, it becomes form 0 of the new list, and so the 1 of source 0 and the 0 of source 1 are both written as
 * 0. */
#include <stdlib.h>

#include "base/fail.h"
#include "index/merge_part.h"

/* Terms between two calls of `tick`: some milliseconds. */
enum { TICK_EVERY = 1024 };

static int broken(struct merge *m, const struct source *s, const char *what)
{
    return fihi_segment_broken(s->segment, what, m->err);
}

/* ---- the keys of a level, of all sources in order */

/* A source whose walk has left the level has no term any more, and is looked at no more until the next level begins. */
static int next_term(struct merge *m, struct source *s)
{
    const int rc = fihi_term_walk_next(&s->walk, m->err);
    const struct dict_scan *const scan = &s->walk.scan;

    s->has_term = rc == FIH_OK && scan->key_bytes >= s->head_bytes && memcmp(scan->key, s->head, s->head_bytes) == 0;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The first term that begins with s->head. The walk begins at a block, which may hold terms before it: no more than a
 * block has. */
static int begin(struct merge *m, struct source *s)
{
    const struct dict_scan *const scan = &s->walk.scan;
    int rc;

    s->walk = (struct term_walk){.segment = s->segment};
    if ((rc = fihi_term_walk_from(&s->walk, s->head, s->head_bytes, m->err)) != 0)
        return rc;
    do                                         /* few are before it */
        rc = next_term(m, s);
    while (rc == FIH_OK && !s->has_term && s->walk.is_open &&
           key_compare(scan->key, scan->key_bytes, s->head, s->head_bytes) < 0);
    return rc;
}

/* All terms of a level have it as the first byte of their key. */
static int begin_level(struct merge *m, struct source *s, enum level level)
{
    s->head[0] = (uint8_t)level;
    s->head_bytes = 1;
    return begin(m, s);
}

/* A field has another number in each index (segment_field()), and some have none. */
static int begin_field(struct merge *m, struct source *s, enum level level, unsigned field)
{
    s->head[0] = (uint8_t)level;
    s->head[1] = (uint8_t)segment_field(s->segment, field);
    s->head_bytes = 2;
    s->has_term = false;
    return s->head[1] ? begin(m, s) : FIH_OK;
}

/* The least key, and who has it; false if nobody has any. Sources are few, because the segments of a merge are: looking
 * at each is no dearer than a heap of them. key_compare() of equal keys makes both stand on it. is_at of those
 * before is taken back when a lower key is found. */
static bool find_least(struct merge *m)
{
    const struct dict_scan *least = NULL;

    for (unsigned i = 0; i < m->count; i++) {
        struct source *s = &m->sources[i];
        const struct dict_scan *scan = &s->walk.scan;
        const size_t head = s->head_bytes;
        const int order = !s->has_term ? 1
                          : least      ? key_compare(scan->key + head, scan->key_bytes - head, least->key + head,
                                                     least->key_bytes - head)
                                       : -1;

        s->is_at = order <= 0;
        if (order >= 0)
            continue;
        for (unsigned k = 0; k < i; k++)
            m->sources[k].is_at = false;
        least = scan;
    }
    if (!least)
        return false;
    memcpy(m->key, least->key, least->key_bytes);
    m->key_bytes = least->key_bytes;
    return true;
}

/* All sources have begun. `field` is its number in the new segment, or 0: then keys are the same everywhere. The merged
 * key has the new segment's number of the field, whatever the sources have. */
static int each_begun(struct merge *m, unsigned field, int (*merge_key)(struct merge *))
{
    uint64_t terms = 0;
    int rc = FIH_OK;

    while (rc == 0 && find_least(m)) {
        if (field)
            m->key[1] = (uint8_t)field;
        rc = merge_key(m);
        for (unsigned i = 0; i < m->count && rc == 0; i++)
            if (m->sources[i].is_at) {
                rc = next_term(m, &m->sources[i]);
                m->steps++;
            }
        if (rc == 0 && ++terms % TICK_EVERY == 0)
            rc = fihi_merge_tick(m);
    }
    return rc;
}

static int each_key(struct merge *m, enum level level, int (*merge_key)(struct merge *))
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < m->count && rc == 0; i++)
        rc = begin_level(m, &m->sources[i], level);
    return rc ? rc : each_begun(m, 0, merge_key);
}

/* Keys of a level that have the number of a field. Where fields have one number, one walk goes through all of them;
 * else there is one for each field. As a rule all segments are of one index, and their numbers the same. */
static int each_field_key(struct merge *m, enum level level, int (*merge_key)(struct merge *))
{
    bool is_mapped = false;
    int rc = FIH_OK;

    for (unsigned i = 0; i < m->count; i++)
        is_mapped |= m->sources[i].segment->fields != NULL;
    if (!is_mapped)
        return each_key(m, level, merge_key);
    for (unsigned f = FIELD_NO_OWN; f < FIELD_NO_END && rc == 0; f++) {
        for (unsigned i = 0; i < m->count && rc == 0; i++)
            rc = begin_field(m, &m->sources[i], level, f);
        if (rc == 0)
            rc = each_begun(m, f, merge_key);
    }
    return rc;
}

/* ---- what the forms of the sources' lists are */

/* The stems of a source. Every form of a list but one has a row, which takes two bytes of the dictionary at least: a
 * list that claims more forms than there can be rows gets no memory. The counts come first, as one number for each
 * stem, so that the forms of all stems lie in one array. */
static int count_stems(struct merge *m, struct source *s)
{
    uint64_t forms = 0;
    int rc = begin_level(m, s, LEVEL_STEM);

    for (; rc == 0 && s->has_term; rc = next_term(m, s)) {
        const struct dict_entry *e = &s->walk.scan.entry;

        forms += e->form_count;
        /* Forms less one for each stem so far, this one included, are those that must have rows. */
        if (forms - s->stem_count - 1 > s->segment->stats.bytes[KIND_DICT] / 2)
            return broken(m, s, "its dictionary");
        if (fihi_grow(&s->form_ends, &s->form_end_cap, s->stem_count + (size_t)1, sizeof *s->form_ends) != 0)
            return fihi_fail_nomem(m->err);
        s->form_ends[s->stem_count++] = forms;
        if (s->stem_count % TICK_EVERY == 0 && (rc = fihi_merge_tick(m)) != 0)
            return rc;
    }
    /* One more than there are, so that NULL means no memory. An error above is reported first: free() has what was
     * made. */
    s->new_stems = malloc((s->stem_count + (size_t)1) * sizeof *s->new_stems);
    s->forms = calloc(forms + 1, sizeof *s->forms);
    return rc ? rc : s->new_stems && s->forms ? FIH_OK : fihi_fail_nomem(m->err);
}

/* The forms of a stem's list; how many. They begin where those of the stem before end. */
static struct source_form *forms_of(const struct source *s, uint32_t stem, uint32_t *count)
{
    const uint64_t from = stem ? s->form_ends[stem - 1] : 0;

    *count = (uint32_t)(s->form_ends[stem] - from);
    return s->forms + from;
}

/* What a row leads to; NULL if there is nothing, or another form has it. `form` is 0 until a row has said what it
 * is, so a second row for it is a lie that is found here. */
static struct source_form *form_of(const struct source *s, const struct dict_row *row)
{
    struct source_form *forms;
    uint32_t count;

    /* From the disk: a row may lead anywhere. */
    if (row->stem >= s->stem_count)
        return NULL;
    forms = forms_of(s, row->stem, &count);
    return row->form < count && forms[row->form].form == 0 ? &forms[row->form] : NULL;
}

/* Numbers follow the order of the keys, so they compare as the words do. The limit keeps them in 32 bits. A row's
 * documents are those of its source, deleted ones too: number_forms() knows when that is not enough. */
static int number_form(struct merge *m)
{
    struct dict_row row;

    /* Numbers go up to NO_DOC - 2, and 0 is "none": below NO_DOC, which no number may be. */
    if (m->form_count >= NO_DOC - 1)
        return fihi_fail(m->err, FIH_E_LIMIT, "more words than can be numbered");
    m->form_count++;
    for (unsigned i = 0; i < m->count; i++) {
        struct source *s = &m->sources[i];

        if (!s->is_at)
            continue;
        /* The rows were walked when the entry was read (dict.c), so none of them can be broken. */
        for (struct dict_rows rows = fihi_dict_rows(&s->walk.scan.entry); fihi_dict_row_next(&rows, &row) == FIH_OK;) {
            struct source_form *f = form_of(s, &row);

            if (!f)
                return broken(m, s, "its dictionary");
            *f = (struct source_form){m->form_count, row.df};
        }
    }
    return FIH_OK;
}

/* ---- a list */

/* Opened for each term anew: a cursor keeps its memory, so a million short lists allocate nothing. */
static int open_list(struct merge *m, struct source *s)
{
    struct list_place at;
    const int rc = fihi_segment_list(s->segment, &s->walk.scan.entry, &at, m->err);

    if (rc != 0)
        return rc;
    if (fihi_cursor_open(&s->cursor, &at) == 0)
        return FIH_OK;
    return fihi_segment_list_broken(s->segment, &s->cursor, m->err);
}

/* The next living document's posting, beginning with the one that the cursor stands on: FIH_OK, FIH_DONE, errors.
 * The cursor stays on it, so that `p` may borrow from it. */
static int next_posting(struct merge *m, struct source *s, struct posting *p)
{
    struct cursor *c = &s->cursor;

    /* A deleted document's posting is stepped over without being decoded, but for the block that it is in. */
    while (c->doc != NO_DOC && segment_is_deleted(s->segment, c->doc))
        fihi_cursor_next(c);
    if (c->doc != NO_DOC && fihi_cursor_posting(c, p))
        return FIH_OK;
    return c->is_broken || c->no_memory ? fihi_segment_list_broken(s->segment, c, m->err) : FIH_DONE;
}

/* ---- the forms of a stem's lists, numbered anew */

/* One of the list's forms, as a form of the new list. NULL if the source has lied, for then it has none. */
static struct list_form *new_form(const struct merge *m, const struct source *s, uint32_t form)
{
    uint32_t count;
    const struct source_form *forms = forms_of(s, s->walk.scan.entry.ordinal, &count);

    return form < count ? forms_find(&m->list_forms, forms[form].form) : NULL;
}

/* The forms of a source's list to those of the new one, with the documents that their rows say. At most one form of
 * a list has no row: "none". */
static int gather_forms(struct merge *m, struct source *s)
{
    struct source_form *forms;
    uint32_t count, none = 0;

    /* Of the stem that the source's walk stands on: its ordinal is its place among the source's stems. */
    forms = forms_of(s, s->walk.scan.entry.ordinal, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct list_form *f = forms_find(&m->list_forms, forms[i].form);

        none += forms[i].form == 0;
        if (!f && !(f = fihi_forms_add(&m->list_forms, forms[i].form)))
            return fihi_fail_nomem(m->err);
        /* Documents of whole sources, deleted ones too: good enough where none is deleted, and counted again where some
         * are. */
        f->df += forms[i].df;
    }
    return none > 1 ? broken(m, s, "its dictionary") : FIH_OK;
}

/* The documents that are left of each form. A first reading of the list, only where rows cannot say it. With documents
 * deleted, or with "none" in the list, there is no other way: what a document has is in its posting alone. */
static int count_forms(struct merge *m, struct source *s)
{
    struct posting p;
    int rc = open_list(m, s);

    if (rc != 0)
        return rc;
    for (; (rc = next_posting(m, s, &p)) == FIH_OK; fihi_cursor_next(&s->cursor)) {
        m->list_forms.docs++;
        for (uint32_t i = 0; i < p.form_count; i++) {
            struct list_form *f = new_form(m, s, p.forms[i].form);

            if (!f)
                return broken(m, s, "its dictionary");
            f->df++;
        }
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Forms in no document get no number, for rows of such would lead nowhere. `at` still leads to the old places; it is
 * set again when the forms are numbered. Only after counting: df as the rows say it is never 0. */
static void drop_empty(struct list_forms *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].df)
            f->list[kept++] = f->list[i];
    f->count = kept;
}

/* Rows say of whole sources in how many documents a form is, and nothing of none: so where documents are deleted, or
 * occurrences without a form stand beside others, the lists are read for it first. A list of one form needs neither,
 * for that is in all documents; if they are all deleted, the list is empty and never written.
 *
 * Most stems have one form in all of their lists, so most lists are read once. */
static int number_forms(struct merge *m)
{
    struct list_forms *f = &m->list_forms;
    bool must_count = false;
    int rc = FIH_OK;

    f->count = f->docs = 0;
    for (unsigned i = 0; i < m->count && rc == 0; i++)
        if (m->sources[i].is_at) {
            rc = gather_forms(m, &m->sources[i]);
            f->docs += m->sources[i].walk.scan.entry.df;
            must_count |= m->sources[i].segment->deleted != NULL;
        }
    /* With one form nothing is to be counted or ordered, whatever is deleted. */
    if (rc == 0 && f->count > 1 && (must_count || forms_find(f, 0))) {
        for (size_t i = 0; i < f->count; i++)
            f->list[i].df = 0;
        f->docs = 0;
        for (unsigned i = 0; i < m->count && rc == 0; i++)
            if (m->sources[i].is_at)
                rc = count_forms(m, &m->sources[i]);
        drop_empty(f);
    }
    fihi_forms_number(f);
    return rc;
}

/* A posting's forms by their new numbers. Each is counted once more: rows say what the list has, not what was said.
 * Numbers of two sources are in different orders, so they are sorted again.
 *
 * Postings of one form, as most are, cost a look into a table and an addition. */
static int renumber_forms(struct merge *m, const struct source *s, struct posting *p)
{
    if (fihi_grow(&m->posting_forms, &m->posting_form_cap, p->form_count, sizeof *m->posting_forms) != 0)
        return fihi_fail_nomem(m->err);
    for (uint32_t i = 0; i < p->form_count; i++) {
        struct list_form *f = new_form(m, s, p->forms[i].form);

        if (!f)
            return broken(m, s, "its dictionary");
        f->df++;
        m->posting_forms[i] = (struct posting_form){(uint32_t)(f - m->list_forms.list), p->forms[i].freq};
    }
    fihi_forms_sort(m->posting_forms, p->form_count);
    p->forms = m->posting_forms;
    return FIH_OK;
}

/* ---- stems */

/* What a posting of a stem needs besides: its positions, and the document's lengths. Positions are needed whole, so
 * a list whose positions are fewer than its frequencies is broken. The title's length is read only where the posting
 * has something in it: elsewhere it does not enter into any number. */
static int add_stem_posting(struct merge *m, struct source *s, struct posting *p)
{
    struct posting_lengths len = {0, 0, false};
    const uint32_t *positions;
    uint32_t count;
    int rc;

    /* Borrowed from the cursor until it moves: the builder copies them. */
    positions = fihi_cursor_positions(&s->cursor, &count);
    if (!positions || count != p->freq)
        return fihi_segment_list_broken(s->segment, &s->cursor, m->err);
    if ((rc = renumber_forms(m, s, p)) != 0 ||
        (rc = fihi_segment_length(s->segment, NORM_TEXT, p->doc, &len.text, m->err)) != 0 ||
        (p->title && (rc = fihi_segment_length(s->segment, NORM_TITLE, p->doc, &len.title, m->err)) != 0))
        return rc;
    p->doc = fihi_merge_renumber(s, p->doc);
    return fihi_build_posting(m->out, p, positions, &len, m->err);
}

/* Without positions or lengths; what a keyword's posting says is the same in all documents. */
static int add_keyword_posting(struct merge *m, struct source *s, struct posting *p)
{
    static const struct posting_lengths none = {0, 0, true};

    p->doc = fihi_merge_renumber(s, p->doc);
    return fihi_build_posting(m->out, p, NULL, &none, m->err);
}

/* A word of a text. */
static int add_word_posting(struct merge *m, struct source *s, struct posting *p)
{
    static const struct posting_lengths none = {0, 0, true};
    uint32_t count;
    const uint32_t *const positions = fihi_cursor_positions(&s->cursor, &count);

    if (!positions || count != p->freq)
        return fihi_segment_list_broken(s->segment, &s->cursor, m->err);
    p->doc = fihi_merge_renumber(s, p->doc);
    return fihi_build_posting(m->out, p, positions, &none, m->err);
}

/* The postings of one source's present term go behind those of the sources before it. Documents ascend, because each
 * source's new numbers begin above the last of the one before.
 *
 * Nobody's document is in two sources, so no posting is ever joined with another one. */
static int add_list(struct merge *m, struct source *s,
                    int (*add)(struct merge *m, struct source *s, struct posting *p))
{
    const struct dict_entry *e = &s->walk.scan.entry;
    struct posting p;
    int rc = open_list(m, s);

    if (rc != 0)
        return rc;
    for (; (rc = next_posting(m, s, &p)) == FIH_OK; fihi_cursor_next(&s->cursor))
        if ((rc = add(m, s, &p)) != 0)
            return rc;
    fihi_merge_have_read(m, (uint64_t)(e->df > 1 ? e->doc_bytes : 0) + e->position_bytes);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Tell the sources what the stem has become. Also when it is gone: rows of roots must know that. A root's documents are
 * those whose posting is the first of the root, and are added up by stem. */
static int keep_stem(struct merge *m, uint32_t stem)
{
    for (unsigned i = 0; i < m->count; i++) {
        struct source *s = &m->sources[i];

        if (s->is_at)
            s->new_stems[s->walk.scan.entry.ordinal] = stem;
    }
    if (stem == NO_STEM)
        return FIH_OK;
    if (fihi_grow(&m->first_dfs, &m->first_cap, stem + (size_t)1, sizeof *m->first_dfs) != 0)
        return FIH_E_NOMEM;
    m->first_dfs[stem] = m->out->list.first_df;
    return fihi_rows_add(&m->rows, &m->list_forms, stem);
}

/* The counts that numbered the forms are set to 0 and counted again while postings are written: these become the
 * rows. */
static int merge_stem(struct merge *m)
{
    /* The stem's ordinal in the new dictionary, if a document of it is left. */
    const uint32_t ordinal = (uint32_t)m->out->dict.terms;
    int rc = number_forms(m);

    if (rc != 0)
        return rc;
    fihi_forms_start(&m->list_forms, &m->out->list);
    /* They were counted to number the forms; what is written is counted from 0. */
    for (size_t i = 0; i < m->list_forms.count; i++)
        m->list_forms.list[i].df = 0;
    for (unsigned i = 0; i < m->count; i++)
        if (m->sources[i].is_at && (rc = add_list(m, &m->sources[i], add_stem_posting)) != 0)
            return rc;
    if (keep_stem(m, m->out->list.df ? ordinal : NO_STEM) != 0)
        return fihi_fail_nomem(m->err);
    return fihi_build_term(m->out, m->key, m->key_bytes, (uint32_t)m->list_forms.count, m->err);
}

/* The columns learn its new place, which is known only if a document is left. */
static int merge_keyword(struct merge *m)
{
    int rc;

    fihi_list_start(&m->out->list);
    for (unsigned i = 0; i < m->count; i++)
        if (m->sources[i].is_at && (rc = add_list(m, &m->sources[i], add_keyword_posting)) != 0)
            return rc;
    /* Before fihi_build_term(), which writes nothing for an empty list either. */
    if (m->out->list.df && (rc = fihi_merge_place(m)) != 0)
        return rc;
    return fihi_build_term(m->out, m->key, m->key_bytes, 1, m->err);
}

/* A field's terms stand together, and a text's words among them are merged like stems without forms. */
static int merge_word(struct merge *m)
{
    int rc;

    fihi_list_start(&m->out->list);
    for (unsigned i = 0; i < m->count; i++)
        if (m->sources[i].is_at && (rc = add_list(m, &m->sources[i], add_word_posting)) != 0)
            return rc;
    return fihi_build_term(m->out, m->key, m->key_bytes, 1, m->err);
}

/* ---- rows */

/* The forms come in the order in which number_form() met them. Forms without rows get no entry, but count: the
 * numbers of step 2 go on. */
static int merge_form(struct merge *m)
{
    return fihi_rows_write(&m->rows, ++m->form, &m->out->dict, m->key, m->key_bytes, m->err);
}

/* For qsort(): by new ordinals, so that the same stem of two sources stands beside itself. */
static int by_stem(const void *x, const void *y)
{
    const struct dict_row *a = x, *b = y;

    return (a->stem > b->stem) - (a->stem < b->stem);
}

/* The new stems of a source's root behind those in root_rows. A stem that is in several sources comes several times. */
static int gather_stems(struct merge *m, const struct source *s, size_t *count)
{
    struct dict_row row;

    for (struct dict_rows rows = fihi_dict_rows(&s->walk.scan.entry); fihi_dict_row_next(&rows, &row) == FIH_OK;) {
        if (row.stem >= s->stem_count)
            return broken(m, s, "its dictionary");
        /* A stem whose documents are all deleted is no row of the new root. */
        if (s->new_stems[row.stem] == NO_STEM)
            continue;
        if (fihi_grow(&m->root_rows, &m->root_row_cap, *count + 1, sizeof *m->root_rows) != 0)
            return fihi_fail_nomem(m->err);
        m->root_rows[(*count)++] = (struct dict_row){s->new_stems[row.stem], 0, 0};
    }
    return FIH_OK;
}

/* Each stem once, then its firsts are added up. A sum that is more than all documents can only come from postings
 * that lie, and would make the index unreadable, so the merge fails and the old segments stay.
 *
 * Of a root with كاتب in 5 documents as the first and كتاب in 3 as the first, the new entry says 8 documents and two
 * rows. */
static int merge_root(struct merge *m)
{
    size_t count = 0, kept = 0;
    uint64_t df = 0;
    int rc;

    for (unsigned i = 0; i < m->count; i++)
        if (m->sources[i].is_at && (rc = gather_stems(m, &m->sources[i], &count)) != 0)
            return rc;
    /* No stem of it is left. */
    if (count == 0)
        return FIH_OK;
    qsort(m->root_rows, count, sizeof *m->root_rows, by_stem);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || m->root_rows[kept - 1].stem != m->root_rows[i].stem) {
            df += m->first_dfs[m->root_rows[i].stem];
            m->root_rows[kept++] = m->root_rows[i];
        }
    if (df == 0 || df > m->out->stats.docs)    /* each document of it has one stem that is the first */
        return fihi_fail(m->err, FIH_E_CORRUPT, "the documents of a root do not add up: restore a backup or rebuild");
    return fihi_dict_add_rows(&m->out->dict, m->key, m->key_bytes, (uint32_t)df, m->root_rows, (uint32_t)kept, m->err);
}

/* Sources are walked through twice for forms, once to count stems and once to merge them. Keys are few bytes beside
 * lists. */
int fihi_merge_terms(struct merge *m)
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < m->count && rc == 0; i++)
        rc = count_stems(m, &m->sources[i]);
    if (rc != 0 || (rc = each_key(m, LEVEL_FORM, number_form)) != 0)
        return rc;
    if (fihi_forms_begin(&m->list_forms, m->form_count) != 0)
        return fihi_fail_nomem(m->err);
    if ((rc = each_key(m, LEVEL_STEM, merge_stem)) != 0 || (rc = each_key(m, LEVEL_SECTION, merge_keyword)) != 0)
        return rc;
    if (fihi_rows_group(&m->rows, m->form_count) != 0)
        return fihi_fail_nomem(m->err);
    if ((rc = each_key(m, LEVEL_FORM, merge_form)) != 0)
        return rc;
    if ((rc = each_key(m, LEVEL_ROOT, merge_root)) != 0)
        return rc;
    if ((rc = each_field_key(m, LEVEL_KEYWORD, merge_keyword)) != 0)
        return rc;
    return each_field_key(m, LEVEL_WORD, merge_word);
}

/* Whatever was made by then: what was not is NULL. */
void fihi_merge_terms_free(struct merge *m)
{
    fihi_forms_free(&m->list_forms);
    fihi_rows_free(&m->rows);
    free(m->posting_forms);
    free(m->first_dfs);
    free(m->root_rows);
    for (unsigned i = 0; i < m->count; i++) {
        free(m->sources[i].form_ends);
        free(m->sources[i].new_stems);
        free(m->sources[i].forms);
    }
}
