/* hits.c - prints the answer to one query. fihrist-output(5) describes what stands here. */
#include "out/hits.h"

#include <inttypes.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "out/lang.h"
#include "out/letters.h"
#include "out/out.h"
#include "out/url.h"
#include "out/wrap.h"
#include "read/record.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define HIT "\033[1;33m"
#define RESET "\033[0m"

/* --- for people --- */

static void print_text(FILE *f, fih_str text)
{
    char *const own = letters_resolved(&text);

    out_text_bare(f, text);
    free(own);
}

static void mark(FILE *f, enum hits_marks marks, fih_str text)
{
    static const char *const open[] = { "", "[", HIT }, *const close[] = { "", "]", RESET };

    fputs(open[marks], f);
    print_text(f, text);
    fputs(close[marks], f);
}

/* An ellipsis with a space on the sides where text stands. */
static void print_gap(FILE *f, const fih_snippet *s, size_t i)
{
    const fih_part *next;

    fputs(i > 0 ? " …" : "…", f);
    fputs((next = fih_snippet_at(s, i + 1)) != NULL ? " " : "", f);
}

/* `rest` is switched on again after a coloured hit. */
static void print_parts(FILE *f, const fih_snippet *s, enum hits_marks marks, const char *rest)
{
    const fih_part *part;

    fputs("\u2068", f);
    for (size_t i = 0; (part = fih_snippet_at(s, i)) != NULL; i++) {
        if (part->kind == FIH_PART_GAP)
            print_gap(f, s, i);
        else if (part->kind == FIH_PART_HIT) {
            mark(f, marks, part->text);
            fputs(rest, f);
        } else
            print_text(f, part->text);
    }
    fputs("\u2069", f);
}

/* The title, or what else tells the document apart. Hits in it are coloured but never bracketed: a title is copied. */
static int print_title(FILE *f, const struct hits_style *style, const struct hits *h, const fih_hit *hit,
                       const fih_stored *doc, fih_error *err)
{
    fih_snippet_opts so = FIH_SNIPPET_OPTS_INIT;
    fih_str title = fih_stored_get(doc, "title");
    fih_snippet *s = NULL;
    int rc;

    so.field = "title";
    if (style->marks != MARKS_COLOUR || title.len == 0) {
        char *const own = letters_resolved(&title);

        out_text(f, title.len > 0 ? title : hit->id);
        free(own);
        return FIH_OK;
    }
    if ((rc = fih_snippet_new(&s, h->reader, h->query, doc, &so, err)) != FIH_OK)
        return rc;
    fputs(BOLD, f);
    print_parts(f, s, MARKS_COLOUR, BOLD);
    fputs(RESET, f);
    fih_snippet_free(s);
    return FIH_OK;
}

enum { INDENT = 3, ADDRESS_COLUMNS = 100 };  /* an address is no longer where nobody says how wide the screen is */

static void print_address(FILE *f, const struct hits_style *style, fih_str url)
{
    char *shown = url_shown(url, style->columns > 2 * INDENT ? style->columns - 2 * INDENT : ADDRESS_COLUMNS);

    out_text(f, shown ? out_str(shown) : url);
    free(shown);
}

/* "   date · section · address · index · score", as far as there is something to say. */
static void print_facts(FILE *f, const struct hits_style *style, const struct hits *h, const fih_hit *hit,
                        const fih_stored *doc)
{
    char count[LANG_COUNT];
    const fih_str url = fih_stored_get(doc, "url"), source = fih_stored_get(doc, "source");
    const bool has_path = source.len > 1; /* "-" is standard input, where nobody can look it up */
    const fih_str facts[] = { fih_stored_get(doc, "date"), fih_stored_get(doc, "section"),
                              url.len > 0 ? url : has_path ? source : hit->id };
    const bool dim = style->marks == MARKS_COLOUR;
    const char *between = "   ";

    fputs(dim ? DIM : "", f);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (facts[i].len == 0)
            continue;
        fputs(between, f);
        if (i + 1 < sizeof facts / sizeof *facts)
            out_text(f, facts[i]);
        else
            print_address(f, style, facts[i]);
        between = " · ";
    }
    if (fih_reader_index_count(h->reader) > 1) {
        fputs(between, f);
        out_text(f, out_str(fih_reader_index_path(h->reader, hit->index)));
        between = " · ";
    }
    if (hit->others > 0) {
        fputs(between, f);
        fprintf(f, _("%s more"), lang_count(count, hit->others));
        between = " · ";
    }
    if (style->verbose) {
        fputs(between, f);
        fprintf(f, _("score %.4f"), (double)hit->score);
    }
    fputs(dim ? RESET : "", f);
}

static int print_snippet(FILE *f, const struct hits_style *style, const struct hits *h, const fih_stored *doc,
                         fih_error *err)
{
    fih_snippet *s = NULL;
    const fih_part *part;
    const int rc = fih_snippet_new(&s, h->reader, h->query, doc, NULL, err);

    if (rc == FIH_OK && (part = fih_snippet_at(s, 0)) != NULL) {
        struct wrap w;
        FILE *line = wrap_begin(&w, f, style->columns);

        fprintf(line, "%*s", INDENT, "");
        print_parts(line, s, style->marks, "");
        wrap_end(&w, INDENT);
    }
    fih_snippet_free(s);
    return rc;
}

static int print_explanation(FILE *f, const struct hits *h, const fih_hit *hit, fih_error *err)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    const int rc = fih_explain(&e, h->reader, h->query, hit->doc, h->opts, err);

    for (size_t i = 0; rc == FIH_OK && (line = fih_explanation_at(e, i)) != NULL; i++) {
        fprintf(f, "   %*s%-9.5g ", (int)(2 * line->depth), "", line->value);
        out_text(f, line->text);
        putc('\n', f);
    }
    fih_explanation_free(e);
    return rc;
}

/* A few at most were found (search.c). */
static bool was_found(const struct hits *h, fih_docno doc)
{
    const fih_hit *hit;

    for (size_t i = 0; h->found && (hit = fih_hits_at(h->found, i)) != NULL; i++)
        if (hit->doc == doc)
            return true;
    return false;
}

bool hits_next(const struct hits *h, size_t *i, uint64_t *rank, const fih_hit **hit)
{
    const size_t found = h->found ? fih_hits_count(h->found) : 0;

    if (*i == 0)
        *rank = fih_hits_before(h->list) + found;
    if (h->found && *rank >= found + h->most)
        return false;
    while ((*hit = fih_hits_at(h->list, (*i)++)) != NULL)
        if (!was_found(h, (*hit)->doc)) {
            ++*rank;
            return true;
        }
    return false;
}

void hits_by_roots(FILE *f, const struct hits *h)
{
    const uint64_t more = fih_hits_total(h->list) - fih_hits_count(h->found);
    char to[LANG_COUNT];

    fprintf(f, "%s ", _("with other words of the same roots:"));
    lang_documents(f, more);
    if (h->most < more)
        fprintf(f, _(", best %s"), lang_count(to, h->most));
}

void hits_count(FILE *f, const struct hits *h)
{
    const size_t shown = fih_hits_count(h->list);
    const uint64_t before = fih_hits_before(h->list);
    char from[LANG_COUNT], to[LANG_COUNT];
    const uint64_t total = fih_hits_total(h->list);

    if (!fih_hits_is_exact(h->list))
        fprintf(f, "%s ", _("at least"));
    lang_documents(f, total);
    if (before > 0)
        fprintf(f, _(", numbers %s to %s"), lang_count(from, before + 1), lang_count(to, before + shown));
    else if (shown < total)
        fprintf(f, _(", best %s"), lang_count(to, shown));
}

void hits_passed(FILE *f, const struct hits *h, const char *before, void (*put)(FILE *f, fih_str s), const char *after)
{
    fih_str first;

    if (!h->list || fih_hits_passed_count(h->list) == 0)
        return;
    first = fih_hits_passed_at(h->list, 0);
    fprintf(f, "%s%s ", before, _("passed over:"));
    put(f, first);
    for (size_t i = 1; i < fih_hits_passed_count(h->list); i++) {
        fputs(_(", "), f);
        put(f, fih_hits_passed_at(h->list, i));
    }
    fputs(_("; to search for it, write "), f);
    putc('+', f);
    put(f, first);
    fputs(after, f);
}

static void print_heading(FILE *f, const struct hits_style *style, const struct hits *h)
{
    const size_t shown = fih_hits_count(h->list);

    if (h->qid.len > 0) {
        fprintf(f, "%s ", _("query"));
        out_text(f, h->qid);
        fputs(": ", f);
        out_text(f, h->text);
        putc('\n', f);
        if (shown == 0)
            fprintf(f, "   %s\n\n", _("nothing found"));
    }
    if (!style->on_terminal || shown == 0)
        return;
    hits_count(f, h);
    fputs("\n\n", f);
}

static int print_human(FILE *f, const struct hits_style *style, const struct hits *h, uint64_t rank,
                       const fih_hit *hit, const fih_stored *doc, fih_error *err)
{
    struct wrap w;
    FILE *line = wrap_begin(&w, f, style->columns);
    int rc;

    fprintf(line, "%" PRIu64 ". ", rank);
    rc = print_title(line, style, h, hit, doc, err);
    wrap_end(&w, INDENT);
    if (rc != FIH_OK)
        return rc;
    line = wrap_begin(&w, f, style->columns);
    print_facts(line, style, h, hit, doc);
    wrap_end(&w, INDENT);
    if ((rc = print_snippet(f, style, h, doc, err)) == FIH_OK && style->explain)
        rc = print_explanation(f, h, hit, err);
    putc('\n', f);
    return rc;
}

/* --- JSON --- */

/* Of a piece of a collection: what fihrist gather (tools/cmd/gather.c) needs to know of the hit and of its list. */
static void json_global(FILE *f, const struct hits *h, const fih_hit *hit)
{
    const uint32_t roots = fih_hits_roots_depth(h->list), places = fih_hits_places_depth(h->list);
    uint32_t most = h->opts->limit;

    most = roots > most ? roots : most;
    most = places > most ? places : most;
    fprintf(f, "\"global\":{\"file\":\"%016" PRIx64 "\",\"asked\":\"%016" PRIx64 "\",\"query\":%" PRIu64
               ",\"most\":%" PRIu32 ",\"roots_depth\":%" PRIu32 ",\"places_depth\":%" PRIu32 ",\"number\":%" PRIu32
               ",\"first\":%.9g,\"rooted\":%.9g},",
            fih_reader_global(h->reader), h->asked, h->number, most, roots, places, hit->doc, (double)hit->first,
            (double)hit->rooted);
}

uint64_t hits_asked(uint64_t before, fih_str text)
{
    return XXH3_64bits_withSeed(text.ptr ? text.ptr : "", text.len, before);
}

void hits_end(FILE *f, const fih_reader *r, uint64_t asked, uint64_t queries, uint64_t hits)
{
    if (fih_reader_global(r) != 0)
        fprintf(f, "{\"schema\":1,\"global\":{\"end\":true,\"file\":\"%016" PRIx64 "\",\"asked\":\"%016" PRIx64
                   "\",\"queries\":%" PRIu64 ",\"hits\":%" PRIu64 "}}\n",
                fih_reader_global(r), asked, queries, hits);
}

static int json_snippet(FILE *f, const struct hits *h, const fih_stored *doc, fih_error *err)
{
    fih_snippet *s = NULL;
    const fih_part *part;
    const int rc = fih_snippet_new(&s, h->reader, h->query, doc, NULL, err);

    fputs(",\"snippet\":[", f);
    for (size_t i = 0; rc == FIH_OK && (part = fih_snippet_at(s, i)) != NULL; i++) {
        fputs(i > 0 ? ",{\"text\":" : "{\"text\":", f);
        if (part->kind == FIH_PART_GAP)
            fputs("\"…\",\"hit\":false,\"gap\":true}", f);
        else {
            out_json(f, part->text);
            fputs(part->kind == FIH_PART_HIT ? ",\"hit\":true}" : ",\"hit\":false}", f);
        }
    }
    putc(']', f);
    fih_snippet_free(s);
    return rc;
}

static int json_explanation(FILE *f, const struct hits *h, const fih_hit *hit, fih_error *err)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    const int rc = fih_explain(&e, h->reader, h->query, hit->doc, h->opts, err);

    fputs(",\"explain\":[", f);
    for (size_t i = 0; rc == FIH_OK && (line = fih_explanation_at(e, i)) != NULL; i++) {
        fprintf(f, "%s{\"depth\":%u,\"value\":%.9g,\"text\":", i > 0 ? "," : "", line->depth, line->value);
        out_json(f, line->text);
        putc('}', f);
    }
    putc(']', f);
    fih_explanation_free(e);
    return rc;
}

static void json_passed(FILE *f, const struct hits *h)
{
    const size_t count = fih_hits_passed_count(h->list);

    for (size_t i = 0; i < count; i++) {
        fputs(i ? "," : "\"passed_over\":[", f);
        out_json(f, fih_hits_passed_at(h->list, i));
    }
    if (count > 0)
        fputs("],", f);
}

static int print_json(FILE *f, const struct hits_style *style, const struct hits *h, uint64_t rank,
                      const fih_hit *hit, const fih_stored *doc, fih_error *err)
{
    int rc;

    fputs("{\"schema\":1,", f);
    if (h->qid.len > 0) {
        fputs("\"query\":", f);
        out_json(f, h->qid);
        putc(',', f);
    }
    fprintf(f, "\"rank\":%" PRIu64 ",\"id\":", rank);
    out_json(f, hit->id);
    fprintf(f, ",\"score\":%.9g,", (double)hit->score); /* nine digits bring the same float back */
    if (fih_reader_global(h->reader) != 0)
        json_global(f, h, hit);
    if (fih_reader_index_count(h->reader) > 1) {
        fputs("\"index\":", f);
        out_json(f, out_str(fih_reader_index_path(h->reader, hit->index)));
        putc(',', f);
    }
    if (h->found)
        fputs("\"by_root\":true,", f);
    json_passed(f, h);
    if (h->opts->collapse)
        fprintf(f, "\"others\":%" PRIu64 ",", hit->others);
    record_json(f, doc, false);
    if ((rc = json_snippet(f, h, doc, err)) == FIH_OK && style->explain)
        rc = json_explanation(f, h, hit, err);
    fputs("}\n", f);
    return rc;
}

/* --- TREC --- */

static void print_trec(FILE *f, const struct hits_style *style, const struct hits *h, uint64_t rank, const fih_hit *hit)
{
    out_trec(f, h->qid.len > 0 ? h->qid : out_str("1"));
    fputs(" Q0 ", f);
    out_trec(f, hit->id);
    fprintf(f, " %" PRIu64 " %.6f ", rank, (double)hit->score);
    out_trec(f, out_str(style->tag));
    putc('\n', f);
}

/* --- tables and names --- */

/* One line: tabs and line ends are spaces, other controls are left to out_text_bare(). */
static void print_tsv(FILE *f, const struct hits *h, uint64_t rank, const fih_hit *hit, const fih_stored *doc)
{
    static const char *const columns[] = { "date", "section", "title", "url" };

    if (h->qid.len > 0) {
        out_text_bare(f, h->qid);
        putc('\t', f);
    }
    fprintf(f, "%" PRIu64 "\t%.6f\t", rank, (double)hit->score);
    out_text_bare(f, hit->id);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        putc('\t', f);
        out_text_bare(f, fih_stored_get(doc, columns[i]));
    }
    if (fih_reader_index_count(h->reader) > 1) {
        putc('\t', f);
        out_text_bare(f, out_str(fih_reader_index_path(h->reader, hit->index)));
    }
    putc('\n', f);
}

static void print_id(FILE *f, const fih_hit *hit)
{
    fwrite(hit->id.ptr, 1, hit->id.len, f);
    putc('\n', f);
}

static int print_stored(FILE *f, const struct hits_style *style, const struct hits *h, uint64_t rank,
                        const fih_hit *hit, fih_error *err)
{
    fih_stored *doc = NULL;
    int rc = fih_reader_doc(&doc, h->reader, hit->doc, err);

    if (rc != FIH_OK)
        return rc;
    if (style->format == HITS_TSV)
        print_tsv(f, h, rank, hit, doc);
    else
        rc = style->format == HITS_JSON ? print_json(f, style, h, rank, hit, doc, err)
                                        : print_human(f, style, h, rank, hit, doc, err);
    fih_stored_free(doc);
    return rc;
}

int hits_print(FILE *f, const struct hits_style *style, const struct hits *h, fih_error *err)
{
    const fih_hit *hit;
    uint64_t rank;
    int rc = FIH_OK;

    if (style->format == HITS_HUMAN && h->found) {
        hits_by_roots(f, h);
        fputs("\n\n", f);
    } else if (style->format == HITS_HUMAN) {
        print_heading(f, style, h);
    }
    for (size_t i = 0; rc == FIH_OK && hits_next(h, &i, &rank, &hit);) {
        if (style->format == HITS_TREC)
            print_trec(f, style, h, rank, hit);
        else if (style->format == HITS_IDS)
            print_id(f, hit);
        else
            rc = print_stored(f, style, h, rank, hit, err);
    }
    if (style->format == HITS_HUMAN && rc == FIH_OK && !h->found && fih_hits_count(h->list) > 0)
        hits_passed(f, h, "", out_text, "\n\n");
    return rc;
}
