/* why.c - the reason that the library finds, in words. */
#include "out/why.h"

#include <stdlib.h>

#include "cli.h"
#include "out/lang.h"
#include "out/out.h"

/* A count at the end of a sentence. */
static void put_without(FILE *f, const char *sentence, uint64_t docs)
{
    fprintf(f, "%s ", sentence);
    lang_documents(f, docs);
}

static void put_section(FILE *f, const fih_why *w)
{
    fprintf(f, _("nothing found: no document has the section '%s'"), w->name.ptr);
    for (size_t i = 0; i < w->section_count; i++)
        fprintf(f, "%s %s", i > 0 ? _(",") : _("; the most frequent are:"), w->sections[i].ptr);
}

static void put_bounds(FILE *f, const fih_why *w)
{
    put_without(f,
                w->has_field      ? (w->has_section || w->has_date
                                         ? _("nothing found with these filters; without them:")
                                         : _("nothing found with these values of fields; without this filter:"))
                : !w->has_date    ? _("nothing found in this section; without this filter:")
                : !w->has_section ? _("nothing found on these days; without this filter:")
                                  : _("nothing found in this section on these days; without both filters:"),
                w->docs);
}

static void put_reason(FILE *f, const fih_why *w)
{
    switch ((enum fih_why_kind)w->kind) {
    case FIH_WHY_EMPTY:
        fputs(_("nothing found: the index has no documents"), f);
        break;
    case FIH_WHY_NO_WORD:
        fputs(_("nothing found: there is no word in the query"), f);
        break;
    case FIH_WHY_ONLY_NOT:
        fputs(_("nothing found: the query excludes every document"), f);
        break;
    case FIH_WHY_PAGE:
        put_without(f, _("nothing found: this page is after the last of"), w->docs);
        break;
    case FIH_WHY_BACKWARDS:
        fputs(_("nothing found: --until is before --since"), f);
        break;
    case FIH_WHY_SECTION:
        put_section(f, w);
        break;
    case FIH_WHY_BOUNDS:
        put_bounds(f, w);
        break;
    case FIH_WHY_ALL:
        put_without(f, _("nothing found with that many of the words; without --all and --min-match:"), w->docs);
        break;
    case FIH_WHY_FIELDS:
        put_without(f, _("nothing found in these fields; without --fields:"), w->docs);
        break;
    case FIH_WHY_STRICT:
        put_without(f, _("nothing found exactly as asked; with words of the query anywhere:"), w->docs);
        break;
    case FIH_WHY_WORDS:
        fputs(_("nothing found: no document has any of these words"), f);
        break;
    }
}

char *why_text(const struct hits *h, bool with_advice)
{
    fih_why *w = NULL;
    char *text = NULL;
    size_t n;
    FILE *f;

    if (fih_why_nothing(&w, h->reader, h->query, h->opts, NULL) != FIH_OK)
        return NULL;
    if (!(f = open_memstream(&text, &n))) {
        fih_why_free(w);
        return NULL;
    }
    put_reason(f, w);
    if (with_advice && w->kind == FIH_WHY_WORDS)
        fputs(_("; 'fihrist analyze' shows how they are read"), f);
    fih_why_free(w);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

void why_print(const struct hits *h)
{
    char *text = why_text(h, true);

    cli_error("search", "%s", text ? text : _("nothing found"));
    hits_passed(stderr, h, "fihrist search: ", out_text, "\n");
    free(text);
}
