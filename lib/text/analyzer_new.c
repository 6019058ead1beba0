/* text/analyzer_new.c - analyzers by name, and the texts that say by what their terms were made.
 *
 * The description of an analyzer is kept in each index. So whatever decides on terms must be in it: the versions of the
 * libraries, a hash of our tables, CHAIN_VERSION for the code, the hash of a user's lexicon.
 *
 * Names stay for ever, as indexes have them; what they mean may change, and then the text does. An index is opened by
 * both: where the text differs it must be rebuilt (FIH_E_ANALYZER, index/manifest.c).
 */
#include "text/analyzer_part.h"

#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uversion.h>

#include "base/fail.h"
#include "text/said.h"
#include "text/stem.h"
#include "text/stop.h"
#include "text/verb.h"

/* Twice the light stemmer: arabic has forms and roots beside the stems, arabic-light the stems alone. */
static const struct { const char *name; enum base base; int has_levels; } bases[] = {
    { "arabic", BASE_LIGHT, 1 }, { "arabic-light", BASE_LIGHT, 0 }, { "arabic-snowball", BASE_SNOWBALL, 0 },
    { "arabic-exact", BASE_EXACT, 0 }, { "simple", BASE_SIMPLE, 0 },
};

/* Read "base+language". Returns 0 if it is not one of those documented. Compared whole, so that "arabicx" is no
 * analyzer; the names are part of indexes and stay for ever. */
static int parse_name(struct analyzer *a, const char *name, const char **language)
{
    const char *const plus = strchr(name, '+');
    const size_t n = plus ? (size_t)(plus - name) : strlen(name);

    *language = plus ? plus + 1 : NULL;
    /* These two have a list of stop words as well as a stemmer. */
    if (*language && strcmp(*language, "french") != 0 && strcmp(*language, "english") != 0)
        return 0;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strlen(bases[i].name) == n && memcmp(bases[i].name, name, n) == 0) {
            a->chain.base = bases[i].base;
            a->chain.has_levels = bases[i].has_levels;
            return 1;
        }
    return 0;
}

/* Any two analyzers with this text make equal terms. Each hash has a factor of its own, so that two tables that change
 * places do not cancel out. ICU is named by its version, for its tables decide on words and folding; libstemmer 2.2.0
 * cannot tell its own. */
static int describe(struct analyzer *a)
{
    char icu[U_MAX_VERSION_STRING_LENGTH], unicode[U_MAX_VERSION_STRING_LENGTH], stemmer[40] = "none";
    UVersionInfo v;
    uint64_t h = 0;

    u_getVersion(v);
    u_versionToString(v, icu);
    u_getUnicodeVersion(v);
    u_versionToString(v, unicode);
    if (a->chain.arabic && !(h = fihi_stem_snowball_hash(a->chain.arabic)))
        return FIH_E_NOMEM;
    if (a->chain.latin) {
        const uint64_t latin = fihi_stem_snowball_hash(a->chain.latin);
        if (!latin)
            return FIH_E_NOMEM;
        h = 31 * h + latin;
    }
    /* Without libstemmer its version decides on nothing: none. */
    if (h)
        snprintf(stemmer, sizeof stemmer, "libstemmer/%016llx", (unsigned long long)h);
    h = fihi_fold_hash() + 3 * fihi_stop_hash() + 5 * fihi_stem_hash() + 7 * fihi_verb_hash() +
        11 * fihi_said_hash();
    snprintf(a->text, sizeof a->text, "%s;icu=%s;unicode=%s;stemmer=%s;tables=%d/%016llx", a->name, icu, unicode,
             stemmer, CHAIN_VERSION, (unsigned long long)h);
    /* Only a user's: ours is in the hash of the tables. */
    if (a->lexicon.rows)
        snprintf(a->text + strlen(a->text), sizeof a->text - strlen(a->text), ";lexicon=%016llx",
                 (unsigned long long)fihi_lexicon_hash(&a->lexicon));
    return FIH_OK;
}

/* Refused where it would have no effect, for a user who gives one expects it to. */
static int take_lexicon(struct analyzer *a, fih_str text, fih_error *err)
{
    a->chain.lexicon = &fihi_lexicon_ours;
    if (text.len == 0)
        return FIH_OK;
    if (a->chain.base != BASE_LIGHT)
        return fihi_fail(err, FIH_E_USAGE,
                         "the analyzer '%s' uses no lexicon: leave it out, or use arabic or arabic-light", a->name);
    /* Of a user's and of ours together; the text itself is not kept. */
    a->chain.lexicon = &a->lexicon;
    return fihi_lexicon_read(&a->lexicon, &fihi_lexicon_ours, (const uint8_t *)text.ptr, text.len, err);
}

/* Without a lexicon of a user's, and so with ours where the analyzer uses one. */
int fihi_analyzer_new(struct analyzer **out, const char *name, fih_error *err)
{
    return fihi_analyzer_new_with(out, name, (fih_str){"", 0}, err);
}

int fihi_analyzer_new_with(struct analyzer **out, const char *name, fih_str lexicon, fih_error *err)
{
    struct analyzer *a;
    int rc;
    const char *language;

    *out = NULL;
    if (!(a = calloc(1, sizeof *a)))
        return fihi_fail_nomem(err);
    /* The name is copied, and stands in the manifest: at most 63 bytes. */
    if (strlen(name) >= sizeof a->name || !parse_name(a, name, &language)) {
        free(a);
        return fihi_fail(err, FIH_E_USAGE,
                         "unknown analyzer '%.100s': arabic, arabic-light, arabic-snowball, arabic-exact or simple, "
                         "and then +french or +english",
                         name);
    }
    /* Before the lexicon, whose message has it. */
    memcpy(a->name, name, strlen(name) + 1);
    if ((rc = take_lexicon(a, lexicon, err)) != 0) {
        fihi_analyzer_free(a);
        return rc;
    }
    /* Last, for stemmers are dear. NULL is UTF-8. */
    if ((a->chain.base == BASE_SNOWBALL && !(a->chain.arabic = sb_stemmer_new("arabic", NULL))) ||
        (language && !(a->chain.latin = sb_stemmer_new(language, NULL))) || describe(a) != FIH_OK) {
        fihi_analyzer_free(a);
        return fihi_fail_nomem(err);
    }
    /* Whole, or not at all: behind every error above it is NULL. */
    *out = a;
    return FIH_OK;
}

/* Two tokenizers of it: one has the text that is under way while the other is asked about single words. */
int fihi_analyzer_new_own(struct analyzer **out, const fih_tokenizer *program, fih_error *err)
{
    struct analyzer *a;
    const int rc = fihi_tokenizer_check(program, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    if (!(a = calloc(1, sizeof *a)) || !(a->own = calloc(1, sizeof *a->own))) {
        free(a);
        return fihi_fail_nomem(err);
    }
    a->chain.base = BASE_PROGRAM;
    a->chain.lexicon = &fihi_lexicon_ours;
    fihi_tokenizer_take(&a->own->text, program);
    fihi_tokenizer_take(&a->own->alone, program);
    /* A program's has its own name and version for a description: our tables decide on none of its terms. */
    fihi_tokenizer_describe(program, a->name, a->text);
    *out = a;
    return FIH_OK;
}

/* A writer may be given either; that it is not both is checked above (api_writer.c). */
int fihi_analyzer_choose(struct analyzer **out, const struct analyzer_choice *choice, fih_error *err)
{
    return choice->tokenizer ? fihi_analyzer_new_own(out, choice->tokenizer, err)
                             : fihi_analyzer_new_with(out, choice->name, choice->lexicon, err);
}

/* What fihi_analyzer_new_with() has not come to is zeros, which each of these accepts. */
void fihi_analyzer_free(struct analyzer *a)
{
    if (!a)
        return;
    fihi_analyzer_reset(a);
    fihi_split_free(&a->split);
    if (a->own) {
        fihi_tokenizer_free(&a->own->text);
        fihi_tokenizer_free(&a->own->alone);
        free(a->own);
    }
    fihi_lexicon_free(&a->lexicon);
    if (a->chain.arabic)
        sb_stemmer_delete(a->chain.arabic);
    if (a->chain.latin)
        sb_stemmer_delete(a->chain.latin);
    free(a);
}

bool fihi_analyzer_has_levels(const struct analyzer *a)
{
    return a->chain.has_levels;
}

/* Borrowed until the analyzer is freed, as the name is. */
const char *fihi_analyzer_text(const struct analyzer *a)
{
    return a->text;
}

const char *fihi_analyzer_name(const struct analyzer *a)
{
    return a->name;
}
