/* index/verify_terms.c - the dictionary with suspicion: each list against what the dictionary and the lengths of the
 * documents say, each row against the lists that it leads to.
 *
 * Stems stand first, so that when rows are met all lists have been read and what was counted in them is known.
 *
 * All is read once, in the order of the dictionary, except for the stems of a root, whose lists are read twice more:
 * once to add up and once to compare. In memory are some counts for each document, for each stem and for each form
 * of a stem.
 *
 * A list that is wrong is told once, and its stem is marked; counts that others derive from it are not compared any
 * more.
 *
 * A document's words are counted over all lists, and may not be fewer than its length says (check_lengths()). So a list
 * that was lost together with its term is found by its documents, though nothing in the dictionary tells of it.
 *
 * In numbers: 28 bytes for each document, 16 for each stem, 8 for each form of a stem; of a segment of a million
 * documents 28 MB. */
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "index/impact.h"
#include "index/verify_part.h"

/* What is told of a form of a stem's list. The count is compared with the row's when the form is met, and has_row with
 * the other rows that lead there. */
struct seen_form {
    uint32_t df;                       /* counted */
    bool     has_row;
};

struct seen_stem {
    uint64_t form_end;                 /* of its forms, in `forms` */
    bool     has_root, shares_root;    /* a root's row leads to it; a posting has more of the root than of the stem */
    bool     is_wrong;                 /* its list has a problem: what follows from that is not told again */
};

/* Of the root under way. */
struct doc_root {
    uint32_t root;                     /* 1 + its number: another's sum counts as none */
    uint32_t sum;                      /* occurrences of its stems */
    uint32_t said;                     /* of the root, as the first of them says */
};

/* One segment's, and gone with it: ordinals and numbers of documents are its own. */
struct terms {
    struct verify    *v;
    struct segment   *s;
    fih_error        *err;
    struct term_walk  walk;
    struct cursor     cursor;
    uint64_t         *words[NORM_COUNT];   /* occurrences found in each document */
    struct seen_stem *stems;
    size_t            stem_count, stem_cap;
    struct seen_form *forms;
    size_t            form_count, form_cap; /* of all stems together */
    struct doc_root  *docs;            /* by document, of the root under way */
    uint32_t          roots;           /* met so far */
    struct column     lengths;         /* of the text under way */
    unsigned          text;            /* its number, or 0 */
    uint64_t          terms, postings; /* counted, for the header's */
};

/* Rows are wrong. The level in front of the key is no text. */
static void tell(struct terms *t, const char *wrong)
{
    fihi_problem(t->v, "segment %u: the rows of '%.*s' %s", t->s->id, (int)(t->walk.scan.key_bytes - 1),
                 (const char *)t->walk.scan.key + 1, wrong);
}

/* ---- lists */

/* What is counted in the list under way. New for each list; what is counted in all of the segment is in struct
 * terms. */
struct tally {
    uint32_t df, title_df, last;
    uint64_t cf;
    uint32_t floors[256];              /* documents by weighted sum, rounded down */
    struct seen_form *forms;
    bool     shares_root;
};

/* The title's words have the positions below its length, so how many are in the title can be counted.
 *
 * Of "two" in document 0 of FORMAT.md's small index the positions are 1, 18 and 20. Its title has two words, so 1 lies
 * there and the others in the body, which begins at 18: the title number must be 1. */
static const char *check_positions(const uint32_t *positions, uint32_t count, const struct posting *p,
                                   uint32_t title_len)
{
    uint32_t title = 0;

    /* A frequency of 0 has no positions, and no posting may have it. */
    if (!positions || count != p->freq || p->freq == 0)
        return "positions that do not fit its frequencies";
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && positions[i] <= positions[i - 1])
            return "positions out of order";
        title += positions[i] < title_len;
    }
    return title == p->title ? NULL : "a number in the title that does not fit its positions";
}

/* The same functions as the writer's make the numbers anew. A bound may be higher than needed, which costs time
 * only; so "too low" is the only thing that is wrong.
 *
 * Of a list without full blocks the head has two numbers, of which fihi_cursor_bounds() makes the other two: they are
 * compared all the same. */
static const char *check_bounds(const struct terms *t, const struct posting *p, const struct shares *s)
{
    const struct cursor *const c = &t->cursor;
    const struct list_bounds b = fihi_cursor_bounds(c, c->block);

    if (fihi_impact_up(s->stem) > b.stem || fihi_impact_up(s->root) > b.root || fihi_impact_up(s->title) > b.title ||
        fihi_impact_up(s->best) > b.best)
        return "an impact that is too low";
    for (uint32_t i = 0; i < p->form_count && c->block_count; i++) {
        const uint32_t form = p->forms[i].form;
        /* A form beyond the fifteenth has no weight in the list, and its share is of itself alone. */
        const uint8_t weight = form < OWN_FORMS ? c->form_weights[form] : 0;

        if (form < OWN_FORMS && weight == 0)
            return "a form without a weight";
        if (fihi_form_share(fihi_form_sum(s, p->forms[i].freq, weight), b.best, weight) >
            cursor_form_share(c, c->block, form))
            return "a form with a share that is too low";
    }
    return NULL;
}

/* A document of a stem. *wrong is left as it is where nothing is. Counts are added only while nothing is wrong, for
 * they are compared in the end.
 *
 * A document's words are added up over all stems, in the text and in the title: check_lengths() compares them at the
 * end. */
static int check_posting(struct terms *t, const struct posting *p, struct tally *n, const char **wrong)
{
    const float *const avg = t->s->stats.avg;
    struct posting_lengths len = {0, 0, false};
    struct shares shares;
    uint32_t count;
    /* Borrowed from the cursor: nothing is kept of them. */
    const uint32_t *positions = fihi_cursor_positions(&t->cursor, &count);
    int rc;

    if (t->cursor.no_memory)
        return fihi_fail_nomem(t->err);
    if ((rc = fihi_segment_length(t->s, NORM_TEXT, p->doc, &len.text, t->err)) != 0 ||
        (rc = fihi_segment_length(t->s, NORM_TITLE, p->doc, &len.title, t->err)) != 0)
        return rc;
    /* With the means that the header says, as the writer had them. */
    shares = fihi_shares(p, &len, avg[NORM_TEXT], avg[NORM_TITLE]);
    if ((*wrong = check_positions(positions, count, p, len.title)) || (*wrong = check_bounds(t, p, &shares)))
        return FIH_OK;
    /* The cursor has seen that each form is below the list's number of them. */
    for (uint32_t i = 0; i < p->form_count; i++)
        n->forms[p->forms[i].form].df++;
    n->floors[fihi_impact_down(shares.best)]++;
    n->title_df += p->title > 0;
    /* Then a root must lead to the stem (check_stem()). */
    n->shares_root |= p->root > p->freq;
    t->words[NORM_TEXT][p->doc] += p->freq;
    t->words[NORM_TITLE][p->doc] += p->title;
    return FIH_OK;
}

/* A keyword counts once in a document, whose lengths say nothing of it. Its impacts are the greatest that there are:
 * nothing is known of what a keyword scores. */
static const char *check_keyword(const struct terms *t, const struct posting *p)
{
    const struct list_bounds b = fihi_cursor_bounds(&t->cursor, t->cursor.block);

    if (p->freq != 1 || p->title || p->root != 1 || p->form_count != 1 || p->forms->form)
        return "numbers that a keyword has not";
    return b.stem < 255 || b.root < 255 || (t->cursor.block_count && b.best < 255) ? "an impact that is too low" : NULL;
}

/* A word of a text is in no document more often than the text has words there.
 *
 * Its impacts are as a keyword's, for the lengths that impacts are made with are those of title and body. */
static int check_word(struct terms *t, const struct posting *p, const char **wrong)
{
    const struct list_bounds b = fihi_cursor_bounds(&t->cursor, t->cursor.block);
    const uint32_t *positions;
    int64_t length;
    uint32_t count;
    int rc;

    if (p->title || p->root != p->freq || p->form_count != 1 || p->forms->form)
        *wrong = "numbers that a word of a text has not";
    else if (b.stem < 255 || b.root < 255 || (t->cursor.block_count && b.best < 255))
        *wrong = "an impact that is too low";
    if (*wrong)
        return FIH_OK;
    /* The column of the text has the length, in words; it was found to be this text's by begin_text(). */
    if ((rc = fihi_column_get(&t->lengths, p->doc, &length, t->err)) != 0)
        return rc;
    if (length < (int64_t)p->freq) {
        *wrong = "more words than the text's length";
        return FIH_OK;
    }
    positions = fihi_cursor_positions(&t->cursor, &count);
    if (t->cursor.no_memory)
        return fihi_fail_nomem(t->err);
    /* No title: of a text all positions are its own. */
    *wrong = check_positions(positions, count, p, 0);
    return FIH_OK;
}

/* The column of the text that the term is a word of. Terms of a text follow one another, so the column is opened once
 * for each text and not for each word. */
static const char *begin_text(struct terms *t)
{
    const struct dict_scan *const scan = &t->walk.scan;
    const unsigned field = scan->key_bytes > WORD_HEAD ? scan->key[1] : 0;

    if (field == t->text && field)
        return NULL;
    if (field < FIELD_NO_OWN || field >= FIELD_NO_END || !fihi_column_open(&t->lengths, t->s, field) ||
        t->lengths.kind != FIH_FIELD_TEXT)
        return "no text that it is of";
    t->text = field;
    return NULL;
}

/* A floor that is too low, or 0, is true. One that is too high would have a search begin with a threshold that not so
 * many documents reach, and lose hits. */
static const char *check_floors(const struct terms *t, const struct tally *n)
{
    for (unsigned k = 0; k < FLOORS; k++) {
        const uint8_t floor = fihi_cursor_floor(&t->cursor, k);
        uint64_t docs = 0;

        /* All documents with this sum or more, as floor_of() counts them when the list is written. */
        for (unsigned i = floor; i < 256; i++)
            docs += n->floors[i];
        if (floor && docs < fihi_floor_docs[k])
            return "a floor that is too high";
    }
    return NULL;
}

/* The sums that the dictionary has, and the order of the forms. That the cursor broke is told as counts: the list
 * ended before its documents did.
 *
 * The forms of a list are numbered by documents, most first, so their counts must not rise; and the last one must be
 * there, or the dictionary would name a form that nobody has. */
static const char *check_counts(const struct terms *t, const struct dict_entry *e, const struct tally *n)
{
    if (t->cursor.is_broken || n->df != e->df || n->cf != e->cf || n->title_df != e->title_df)
        return "counts that are wrong";
    for (uint32_t i = 1; i < e->form_count; i++)
        if (n->forms[i].df > n->forms[i - 1].df)
            return "forms out of order";
    return n->forms[e->form_count - 1].df ? NULL : "a form that is in no document";
}

/* Documents that do not ascend are found here alone: readers go on. */
static int check_list(struct terms *t, struct tally *n, const char **wrong)
{
    const struct dict_entry *e = &t->walk.scan.entry;
    const enum level level = (enum level)t->walk.scan.key[0];
    struct cursor *c = &t->cursor;
    struct list_place at;
    struct posting p;
    int rc;

    if ((rc = fihi_segment_list(t->s, e, &at, t->err)) != 0)
        return rc;
    if (level == LEVEL_WORD)
        *wrong = begin_text(t);
    /* What opening finds wrong shows in the counts: the list is at its end then. */
    fihi_cursor_open(c, &at);
    for (; c->doc != NO_DOC && fihi_cursor_posting(c, &p) && !*wrong; fihi_cursor_next(c)) {
        /* n->last means something from the second document on. */
        if (n->df++ && p.doc <= n->last)
            *wrong = "documents out of order";
        else if (level == LEVEL_SECTION || level == LEVEL_KEYWORD)
            *wrong = check_keyword(t, &p);
        else if ((rc = level == LEVEL_WORD ? check_word(t, &p, wrong) : check_posting(t, &p, n, wrong)) != 0)
            return rc;
        n->last = p.doc;
        n->cf += p.freq;
    }
    if (c->no_memory)
        return fihi_fail_nomem(t->err);
    if (!*wrong)
        *wrong = check_counts(t, e, n);
    if (!*wrong && level == LEVEL_STEM)
        *wrong = check_floors(t, n);
    /* As the dictionary says, so that one list that is wrong does not make the header wrong as well. */
    t->postings += e->df;
    if (*wrong)
        /* Once for each list, whatever else is wrong in it. */
        fihi_problem(t->v, "segment %u: the list of '%.*s' has %s", t->s->id, (int)(t->walk.scan.key_bytes - 1),
                     (const char *)t->walk.scan.key + 1, *wrong);
    return FIH_OK;
}

/* A stem's list, or a keyword's, which has one form. Forms but one have rows of two bytes at least, so no list makes us
 * keep more than the dictionary could tell of. */
static int check_term(struct terms *t, bool is_stem)
{
    const uint32_t forms = t->walk.scan.entry.form_count;
    struct tally n = {0};
    struct seen_form only = {0, false};
    const char *wrong = NULL;
    int rc;

    /* Its only form is in all of its documents: check_counts() then finds nothing to say. */
    if (!is_stem) {
        only.df = t->walk.scan.entry.df;
        n.forms = &only;
        return check_list(t, &n, &wrong);
    }
    if (t->form_count + forms - t->stem_count - 1 > t->s->stats.bytes[KIND_DICT] / 2)
        return fihi_segment_broken(t->s, "its dictionary", t->err);
    if (fihi_grow(&t->stems, &t->stem_cap, t->stem_count + 1, sizeof *t->stems) != 0 ||
        fihi_grow(&t->forms, &t->form_cap, t->form_count + forms, sizeof *t->forms) != 0)
        return fihi_fail_nomem(t->err);
    /* Not before both arrays have room: the pointers of the stem's forms are into the second. */
    n.forms = t->forms + t->form_count;
    memset(n.forms, 0, forms * sizeof *n.forms);
    if ((rc = check_list(t, &n, &wrong)) != 0)
        return rc;
    t->form_count += forms;
    t->stems[t->stem_count++] = (struct seen_stem){t->form_count, false, n.shares_root, wrong != NULL};
    return FIH_OK;
}

/* ---- rows */

/* Of a stem that was met: stems come first in the dictionary, and all of them are. */
static struct seen_form *forms_of(const struct terms *t, uint32_t stem, uint32_t *count)
{
    const uint64_t from = stem ? t->stems[stem - 1].form_end : 0;

    *count = (uint32_t)(t->stems[stem].form_end - from);
    return t->forms + from;
}

/* What a stem's own problem makes wrong is not told again. */
static const char *check_form_row(struct terms *t, const struct dict_row *row)
{
    struct seen_form *forms;
    uint32_t count;

    /* From the disk, and used as an index. */
    if (row->stem >= t->stem_count)
        return "lead to what is no stem";
    /* Counted when the stem's list was read. */
    forms = forms_of(t, row->stem, &count);
    if (row->form >= count)
        return "lead to a form that is not there";
    if (forms[row->form].has_row)
        return "lead to a form of another word";
    forms[row->form].has_row = true;
    return forms[row->form].df == row->df || t->stems[row->stem].is_wrong ? NULL : "have counts that are wrong";
}

/* A form's row is compared with what was counted in the list that it leads to, so no list is read again. */
static int check_form_rows(struct terms *t)
{
    struct dict_rows rows = fihi_dict_rows(&t->walk.scan.entry);
    const char *wrong = NULL;
    struct dict_row row;

    while (!wrong && fihi_dict_row_next(&rows, &row) == FIH_OK)
        wrong = check_form_row(t, &row);
    if (wrong)
        tell(t, wrong);
    return FIH_OK;
}

/* The list of a stem once more. Only for roots: their documents have to be looked at together. */
static int open_stem(struct terms *t, uint32_t stem)
{
    uint8_t key[TERM_KEY_MAX];
    struct dict_entry e;
    struct list_place at;
    size_t bytes;
    int rc;

    /* By its ordinal, as a search would come to it from a row. */
    if ((rc = fihi_segment_term(t->s, stem, key, &bytes, &e, t->err)) != 0 ||
        (rc = fihi_segment_list(t->s, &e, &at, t->err)) != 0)
        return rc;
    fihi_cursor_open(&t->cursor, &at);
    return FIH_OK;
}

/* The occurrences of a stem, to those of its root: *df counts the documents in which it is the first. All stems say the
 * same of the root; it may have less than all of theirs together, for a word can have two of them. `roots` counts
 * from 1, so documents that no root has touched differ from all. Stems come in the order of their ordinals, so the
 * first that has a document is to say so. */
static int add_stem(struct terms *t, uint32_t stem, uint32_t *df, const char **wrong)
{
    struct cursor *c = &t->cursor;
    struct posting p;
    int rc = open_stem(t, stem);

    if (rc != 0)
        return rc;
    /* A list that broke off was marked as wrong when it was read, so it does not come here. */
    for (; c->doc != NO_DOC && fihi_cursor_posting(c, &p); fihi_cursor_next(c)) {
        struct doc_root *d = &t->docs[p.doc];
        const bool is_first = d->root != t->roots;

        /* Whoever is first in a document says for the others what the root has there. */
        if (is_first)
            *d = (struct doc_root){t->roots, 0, p.root};
        if (is_first != p.is_first)
            *wrong = "lead to a stem that is first where another is, or is not where it should be";
        d->sum += p.freq;
        if (p.root != d->said)
            *wrong = "lead to a stem that has the root's occurrences wrong";
        *df += is_first;
    }
    return c->no_memory ? fihi_fail_nomem(t->err) : FIH_OK;
}

/* Only when all stems were added up is it known how much they have together. All postings of a document together are no
 * fewer than the root's words there, and more where a word has two stems of it. */
static int compare_stem(struct terms *t, uint32_t stem, const char **wrong)
{
    struct cursor *c = &t->cursor;
    struct posting p;
    int rc = open_stem(t, stem);

    if (rc != 0)
        return rc;
    for (; c->doc != NO_DOC && fihi_cursor_posting(c, &p); fihi_cursor_next(c))
        if (p.root > t->docs[p.doc].sum)
            *wrong = "lead to a stem that has the root's occurrences wrong";
    return c->no_memory ? fihi_fail_nomem(t->err) : FIH_OK;
}

/* A stem has one root. *is_known: the lists of all stems hold, so that they can be added up. Two roots must not have
 * one stem, whatever its list is like. */
static const char *claim_stems(struct terms *t, const struct dict_entry *e, bool *is_known)
{
    struct dict_rows rows = fihi_dict_rows(e);
    struct dict_row row;

    /* All rows are gone through even if one is wrong in its list: each of them claims its stem. */
    for (*is_known = true; fihi_dict_row_next(&rows, &row) == FIH_OK;) {
        if (row.stem >= t->stem_count)
            return "lead to what is no stem";
        if (t->stems[row.stem].has_root)
            return "lead to a stem of another root";
        t->stems[row.stem].has_root = true;
        *is_known &= !t->stems[row.stem].is_wrong;
    }
    return NULL;
}

/* Say a root has the stems كاتب and كتاب, and a document has each once. Both postings must say that the root is
 * there twice, the first that it is the first, the second that it is not; and the document is one of the root's. */
static int check_root_rows(struct terms *t)
{
    const struct dict_entry *e = &t->walk.scan.entry;
    bool is_known;
    /* Claimed whether its lists hold or not: two roots with one stem are wrong in any case. */
    const char *wrong = claim_stems(t, e, &is_known);
    struct dict_rows rows;
    struct dict_row row;
    uint32_t df = 0;
    int rc;

    /* From 1 on, so that memory from calloc() is no root's. */
    t->roots++;
    for (rows = fihi_dict_rows(e); !wrong && is_known && fihi_dict_row_next(&rows, &row) == FIH_OK;)
        if ((rc = add_stem(t, row.stem, &df, &wrong)) != 0)
            return rc;
    for (rows = fihi_dict_rows(e); !wrong && is_known && fihi_dict_row_next(&rows, &row) == FIH_OK;)
        if ((rc = compare_stem(t, row.stem, &wrong)) != 0)
            return rc;
    /* Each of its documents has one stem that is the first, so the firsts are its documents. */
    if (!wrong && is_known && df != e->df)
        wrong = "have counts that are wrong";
    if (wrong)
        tell(t, wrong);
    return FIH_OK;
}

/* ---- all together */

/* By the first byte of the key, the level: fihi_term_walk_next() has seen that it is one of these. */
static int check_entry(struct terms *t)
{
    switch (t->walk.scan.key[0]) {
    case LEVEL_STEM:
        return check_term(t, true);
    case LEVEL_SECTION:
    case LEVEL_KEYWORD:
    case LEVEL_WORD:
        return check_term(t, false);
    case LEVEL_FORM:
        return check_form_rows(t);
    default:                                   /* the dictionary's reader knows no other */
        return check_root_rows(t);
    }
}

/* What no row leads to: of a stem's forms, one at most, that is none. A posting that says more of a root than of its
 * stem needs a root's row that leads to the stem. A stem whose list is wrong is passed over, for its counts are. */
static int check_stem(struct terms *t, uint32_t stem)
{
    uint8_t key[TERM_KEY_MAX];
    uint32_t count, without = 0;
    const struct seen_form *forms = forms_of(t, stem, &count);
    const bool is_alone = t->stems[stem].shares_root && !t->stems[stem].has_root;
    struct dict_entry e;
    size_t bytes;
    int rc;

    /* A form without a row can be no word's; "none" has none by right. */
    for (uint32_t i = 0; i < count; i++)
        without += !forms[i].has_row;
    if ((without <= 1 && !is_alone) || t->stems[stem].is_wrong)
        return FIH_OK;
    if ((rc = fihi_segment_term(t->s, stem, key, &bytes, &e, t->err)) != 0)
        return rc;
    fihi_problem(t->v, "segment %u: the list of '%.*s' has %s", t->s->id, (int)(bytes - 1), (const char *)key + 1,
                 is_alone ? "more occurrences of a root than of itself, and no root" : "forms that are no word's");
    return FIH_OK;
}

/* Words of a document are what its postings have, or fewer: readings of one word are several stems at one position. */
static int check_lengths(struct terms *t, unsigned norm)
{
    uint64_t tokens = 0;

    for (uint32_t d = 0; d < t->s->stats.docs; d++) {
        uint32_t len;
        const int rc = fihi_segment_length(t->s, norm, d, &len, t->err);

        if (rc != 0)
            return rc;
        tokens += len;
        if (t->words[norm][d] < len)           /* more are right: variants of a word share its position */
            fihi_problem(t->v, "segment %u: document %u has %u words but postings for %llu", t->s->id, d, len,
                         (unsigned long long)t->words[norm][d]);
    }
    /* Compared also where a document was wrong: the sum may be right all the same, and is compared by itself. */
    if (tokens != t->s->stats.tokens[norm])
        fihi_problem(t->v, "segment %u: the lengths do not add up", t->s->id);
    return FIH_OK;
}

/* Sums come last: where something was wrong before, they may be wrong by that, and are told all the same. */
static int check_terms(struct terms *t)
{
    const struct segment_stats *stats = &t->s->stats;
    int rc = FIH_OK;

    while (rc == 0 && !t->v->is_stopped && (rc = fihi_term_walk_next(&t->walk, t->err)) == FIH_OK) {
        t->terms++;
        rc = check_entry(t);
    }
    if (rc != FIH_DONE)
        return rc;
    if (t->terms != stats->terms || t->postings != stats->postings)
        fihi_problem(t->v, "segment %u: %llu terms and %llu postings, not the %llu and %llu of its header", t->s->id,
                     (unsigned long long)t->terms, (unsigned long long)t->postings, (unsigned long long)stats->terms,
                     (unsigned long long)stats->postings);
    /* From here on nothing ends early but by an error: DONE was the end of the dictionary. */
    rc = FIH_OK;
    /* Only now have all rows been met that could lead to a stem, and all lists that have words of a document. */
    for (uint32_t i = 0; i < t->stem_count && rc == 0 && !t->v->is_stopped; i++)
        rc = check_stem(t, i);
    for (unsigned i = 0; i < NORM_COUNT && rc == 0 && !t->v->is_stopped; i++)
        rc = check_lengths(t, i);
    return rc;
}

/* On the heap: a cursor has blocks of 128 numbers in it.
 *
 * Everything that was made goes at the end, whatever failed: what was not made is NULL. */
int fihi_verify_terms(struct verify *v, struct segment *s, fih_error *err)
{
    struct terms *t = calloc(1, sizeof *t);
    int rc;

    if (!t)
        return fihi_fail_nomem(err);
    /* 28 bytes for each document, in three tables. */
    *t = (struct terms){.v = v, .s = s, .err = err, .walk = {.segment = s}};
    t->docs = calloc(s->stats.docs, sizeof *t->docs);
    for (unsigned i = 0; i < NORM_COUNT; i++)
        t->words[i] = calloc(s->stats.docs, sizeof *t->words[i]);
    rc = t->docs && t->words[NORM_TEXT] && t->words[NORM_TITLE] ? check_terms(t) : fihi_fail_nomem(err);
    fihi_cursor_close(&t->cursor);
    for (unsigned i = 0; i < NORM_COUNT; i++)
        free(t->words[i]);
    free(t->docs);
    free(t->stems);
    free(t->forms);
    free(t);
    return rc;
}
