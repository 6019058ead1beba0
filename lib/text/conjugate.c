/* text/conjugate.c - the rules of the weak letters, slot by slot; after Wright, "A Grammar of the Arabic Language".
 *
 * A form is prefix + stem + ending, and only the stem depends on the verb. So a verb has one stem for each slot (what
 * may stand behind it), made from the past or the present as the dictionary has them:
 *
 *    قال, يقول   PAST_BARE قال   PAST_C قل (قلت)   NOW_W قول (يقولون)   SHORT_BARE قل (لم يقل)
 *    رمى, يرمي   PAST_OBJECT رما (رماه)   PAST_T رم (رمت)   PAST_C رمي (رمينا)   PAST_W رم (رموا)
 *    قرأ, يقرأ   NOW_W قرأ, قرؤ and قرء, for يقرأون, يقرؤون and يقرءون are all in use
 *
 * Vowels are not written, so forms that differ by them alone are one, and a sound verb has one stem for all slots of a
 * tense. That is why the passive is a verb of its own here: only where it is spelt otherwise (قيل, يقال).
 *
 * Strings end with a zero and have VERB_LETTERS units at most; append() cuts what would be longer. The rules run when
 * the library is built, and in tests; the library itself uses only the endings.
 *
 * Who uses it: make_verbs.c, which folds each stem and writes the table that verb.c looks into, and the tests, which
 * compare whole paradigms with tables written by hand. verb.c uses the endings alone, from the other side: it takes
 * them off.
 */
#include "text/conjugate.h"

#include <string.h>

#include "base/utf8.h"

enum {
    ALEF = u'ا', ALEF_HAMZA = u'أ', ALEF_MADDA = u'آ', WAW = u'و', YEH = u'ي', ALEF_MAKSURA = u'ى', HAMZA = u'ء',
    WAW_HAMZA = u'ؤ', YEH_HAMZA = u'ئ', LAM = u'ل'
};

/* The letters of both strings are counted by the compiler, less the zero behind them. */
#define ENDING(s, o, ...) { s, o, sizeof(s) / sizeof *(s) - 1, sizeof(o) / sizeof *(o) - 1, __VA_ARGS__ }

/* Longer endings first, so that the first that fits is the likeliest. The first VERB_PAST_ENDINGS are the past's, on
 * which verb.c relies. ت stands twice: she did (كتبت, دعت) and I did (كتبت, دعوت), which have other stems in weak
 * verbs. تم is تمو before an object (رأيتموه). */
const struct verb_ending fihi_verb_endings[] = {
    ENDING(u"تما", u"تما", PAST_C, PAST_C, WITH_NONE), ENDING(u"تم", u"تمو", PAST_C, PAST_C, WITH_NONE),
    ENDING(u"تن", u"تن", PAST_C, PAST_C, WITH_NONE), ENDING(u"تا", u"تا", PAST_T, PAST_T, WITH_NONE),
    ENDING(u"نا", u"نا", PAST_C, PAST_C, WITH_NONE), ENDING(u"وا", u"و", PAST_W, PAST_W, WITH_NONE),
    ENDING(u"ت", u"ت", PAST_T, PAST_T, WITH_NONE), ENDING(u"ت", u"ت", PAST_C, PAST_C, WITH_NONE),
    ENDING(u"ا", u"ا", PAST_A, PAST_A, WITH_NONE), ENDING(u"ن", u"ن", PAST_C, PAST_C, WITH_NONE),
    ENDING(u"", u"", PAST_BARE, PAST_OBJECT, WITH_NONE),
    ENDING(u"ون", u"ون", NOW_W, NOW_W, WITH_Y | WITH_T), ENDING(u"ين", u"ين", NOW_Y, NOW_Y, WITH_T),
    ENDING(u"ان", u"ان", NOW_A, NOW_A, WITH_Y | WITH_T), ENDING(u"وا", u"و", NOW_W, NOW_W, WITH_Y | WITH_T | WITH_A),
    ENDING(u"ا", u"ا", NOW_A, NOW_A, WITH_Y | WITH_T | WITH_A), ENDING(u"ي", u"ي", NOW_Y, NOW_Y, WITH_T | WITH_A),
    ENDING(u"ن", u"ن", NOW_N, NOW_N, WITH_Y | WITH_T | WITH_A),
    ENDING(u"", u"", NOW_BARE, NOW_OBJECT, WITH_Y | WITH_T | WITH_N | WITH_A),
    ENDING(u"", u"", SHORT_BARE, SHORT_OBJECT, WITH_Y | WITH_T | WITH_N | WITH_A),
};
const size_t fihi_verb_ending_count = sizeof fihi_verb_endings / sizeof *fihi_verb_endings;

/* Units, and each letter of Arabic is one. */
static size_t length(const char16_t *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

/* What has no room is cut off; no verb of the file is so long. */
static void append(char16_t *s, const char16_t *more)
{
    const size_t n = length(s), m = length(more), room = VERB_LETTERS - 1 - n;

    memcpy(s + n, more, (m < room ? m : room) * sizeof *s);
    s[n + (m < room ? m : room)] = 0;
}

/* Only two alefs that meet change anything, for everything else is written as it comes. */
void fihi_verb_join(char16_t out[VERB_LETTERS], char16_t prefix, const char16_t *stem, const char16_t *ending)
{
    const char16_t first[2] = { prefix, 0 };
    size_t n;

    out[0] = 0;
    append(out, first);
    append(out, stem);
    if (prefix && (prefix == ALEF_HAMZA || prefix == ALEF) && stem[0] == ALEF_HAMZA) {
        memmove(out, out + 1, (length(out)) * sizeof *out);
        out[0] = ALEF_MADDA;                          /* أ + أكل is آكل */
    }
    n = length(out);
    if (ending[0] == ALEF && n > 0 && out[n - 1] == ALEF_HAMZA) {
        out[n - 1] = ALEF_MADDA;                      /* قرأ + ا is قرآ */
        ending++;
    }
    append(out, ending);
}

/* ---------------------------------------------------------------- weak ends */

/* The stem without its last n letters, and another letter behind it (0: none). n is less than the length. Always true,
 * so that callers may return it. Its callers have looked that there are n letters. */
static bool end_in(char16_t *s, size_t n, char16_t other)
{
    const char16_t more[2] = { other, 0 };

    s[length(s) - n] = 0;
    if (other == ALEF && n > 0 && s[0] && s[length(s) - 1] == ALEF_HAMZA)
        s[length(s) - 1] = ALEF_MADDA;                /* رآه */
    else
        append(s, more);
    return true;
}

/* Slots before which a long vowel in the last syllable is short: قلت, يقلن, لم يقل. A long vowel is shortened where a
 * consonant closes its syllable: so قال has قلت, and يقول has لم يقل. */
static bool is_short(enum verb_slot slot)
{
    return slot == PAST_C || slot == NOW_N || slot == SHORT_BARE || slot == SHORT_OBJECT;
}

/* بنى, دعا, نسي; يبني, يدعو, ينسى. رمى has رمت, but نسي نسيت. دعا has دعوت because it is of form I: أعطى and استدعى
 * have ي (استدعيت). s is the whole past, or the present without its ي, and becomes the stem for the slot. Example: دعا
 * has دعا for PAST_BARE, دع for PAST_T (دعت), دعو for PAST_C (دعوت). */
static bool weak_end(char16_t *s, enum verb_slot slot, const struct verb *v)
{
    const char16_t last = s[length(s) - 1];
    const bool is_past = slot <= PAST_C;

    switch (slot) {
    case PAST_BARE: case NOW_BARE:
        return true;
    case PAST_OBJECT: case NOW_OBJECT:
        return last == ALEF_MAKSURA ? end_in(s, 1, ALEF) : true;
    case PAST_T:
        return last == YEH ? true : end_in(s, 1, 0);
    case PAST_W: case NOW_W: case NOW_Y: case SHORT_BARE: case SHORT_OBJECT:
        return end_in(s, 1, 0);
    default:
        /* بني, نسي, دعو: the weak letter is there and stays. */
        if (last == YEH || last == WAW)
            return true;
        return end_in(s, 1, is_past && last == ALEF && v->form == 1 ? WAW : YEH);
    }
}

/* The letter that carries a hamza behind a long vowel that has been shortened: جئت, سؤت, أسأت. `vowel` is the letter
 * that has gone: it was read before its place was given up. */
static char16_t short_seat(const struct verb *v, enum verb_slot slot, char16_t vowel)
{
    if (slot != PAST_C)
        return vowel == YEH ? YEH_HAMZA : vowel == WAW ? WAW_HAMZA : ALEF_HAMZA;
    /* أسأت of أساء: in the derived forms the vowel before it is an a. */
    if (v->form != 1)
        return vowel == YEH ? YEH_HAMZA : ALEF_HAMZA;
    /* سؤت of يسوء, جئت of يجيء: the present tells which vowel the past has when it is short. */
    return v->present[length(v->present) - 2] == WAW ? WAW_HAMZA : YEH_HAMZA;
}

/* قرأ, جرؤ, خطئ, جاء, يسوء, يجيء: the seat goes with the vowel that follows; more than one is in use. The order of the
 * seats is that of what is correct and then of what is common; a form is found by each. False says that there is no
 * such variant, which is how callers know to stop. */
static bool hamza_end(char16_t *s, enum verb_slot slot, unsigned variant, const struct verb *v)
{
    static const char16_t none[] = u"";
    const size_t n = length(s);
    const char16_t last = s[n - 1], before = s[n - 2];
    const bool is_long = last == HAMZA && (before == ALEF || before == WAW || before == YEH);
    const char16_t *seats = none;

    if (is_long && is_short(slot))
        return variant == 0 && end_in(s, 2, short_seat(v, slot, before));
    if (slot == PAST_BARE || slot == NOW_BARE || is_short(slot))
        return variant == 0;
    if (last == YEH_HAMZA || last == WAW_HAMZA)
        return variant == 0;
    if (before == YEH && last == HAMZA)
        return variant == 0 && end_in(s, 1, YEH_HAMZA);
    switch (slot) {
    case PAST_W: case NOW_W:
        seats = last == HAMZA ? u"ؤء" : u"أؤء";
        break;
    case NOW_Y:
        seats = last == HAMZA ? u"ئ" : u"ئأ";
        break;
    case NOW_OBJECT:
        seats = last == HAMZA ? u"ءؤ" : u"أؤ";
        break;
    default:
        return variant == 0;
    }
    return variant < length(seats) && end_in(s, 1, seats[variant]);
}

/* The present's stem is without its ي. The order of the questions matters: جاء is hollow and ends in a hamza, and its
 * hamza decides. out has room for VERB_LETTERS, and no stem is longer than the verb. */
bool fihi_verb_stem(char16_t out[VERB_LETTERS], const struct verb *v, enum verb_slot slot, unsigned variant)
{
    const char16_t *const whole = slot <= PAST_C ? v->past : v->present + 1;
    const size_t n = length(whole);
    const char16_t last = whole[n - 1];

    memcpy(out, whole, (n + 1) * sizeof *out);
    if (last == ALEF_HAMZA || last == WAW_HAMZA || last == YEH_HAMZA || last == HAMZA)
        return hamza_end(out, slot, variant, v);
    if (last == ALEF_MAKSURA || last == ALEF || (v->weakness == DEFECTIVE && (last == YEH || last == WAW)) ||
        (v->weakness != SOUND && v->weakness != DOUBLED && n > 2 && (last == YEH || last == WAW)))
        return variant == 0 && weak_end(out, slot, v);
    if (v->weakness == DOUBLED && (slot == PAST_C || slot == NOW_N))
        return variant == 0 && end_in(out, 0, last);
    if (v->weakness == DOUBLED && is_short(slot) && variant == 1)
        return end_in(out, 0, last);                  /* يردد beside يرد */
    if (v->weakness == HOLLOW && is_short(slot))
        return variant == 0 && end_in(out, 2, last);
    return variant == 0;
}

/* -------------------------------------------------------------------- forms */

/* For the tests, and to list forms: reading goes the other way. Stops at VERB_CELLS without a word. Each ending with
 * each of its prefixes, and each stem that the slot has for it. */
size_t fihi_verb_conjugate(struct verb_cell out[VERB_CELLS], const struct verb *v)
{
    static const char16_t letter[] = { 0, YEH, u'ت', u'ن', ALEF_HAMZA };
    char16_t stem[VERB_LETTERS];
    size_t count = 0;

    for (size_t e = 0; e < fihi_verb_ending_count; e++)
        for (unsigned p = 0; p < 5; p++)
            for (unsigned variant = 0; (fihi_verb_endings[e].prefixes & 1u << p) && count < VERB_CELLS &&
                 fihi_verb_stem(stem, v, fihi_verb_endings[e].slot, variant); variant++) {
                struct verb_cell *const c = &out[count++];

                *c = (struct verb_cell){ .ending = (uint8_t)e, .prefix = (uint8_t)(1u << p) };
                fihi_verb_join(c->text, letter[p], stem, fihi_verb_endings[e].s);
            }
    return count;
}

/* ------------------------------------------------------------------ passive */

/* The passive changes vowels only (u - i, u - a), so letters change where a long vowel or a hamza's seat shows one.
 * Without vowels كُتِب is كتب, so of most verbs this answers false: their passive is found as the active is. */
bool fihi_verb_passive(struct verb *out, const struct verb *v)
{
    size_t n = length(v->past), m = length(v->present);
    char16_t *const past = out->past, *const now = out->present;

    *out = *v;
    if (v->weakness == HOLLOW || (n > 2 && past[n - 1] == HAMZA)) {
        if (past[n - 2] == ALEF && (v->form != 1 || past[2] == LAM))
            past[n - 2] = YEH;                        /* أعيد, اختير; of form I hardly any but قيل: صين is China */
        if (now[m - 2] == WAW || now[m - 2] == YEH)
            now[m - 2] = ALEF;                        /* يقال, يعاد */
        return v->form != 7;
    }
    if (past[n - 1] == ALEF_MAKSURA || past[n - 1] == ALEF || past[n - 1] == YEH) {
        past[n - 1] = YEH;
        now[m - 1] = ALEF_MAKSURA;
    } else if (past[n - 1] == ALEF_HAMZA) {
        past[n - 1] = YEH_HAMZA;
        now[m - 1] = now[m - 1] == YEH_HAMZA ? ALEF_HAMZA : now[m - 1];
    }
    if (v->form == 3 && past[0] != WAW && past[1] == ALEF)
        past[1] = WAW;                                /* شورك */
    if (v->form == 1 && past[0] == WAW && now[1] != WAW) {
        memmove(now + 2, now + 1, m * sizeof *now);
        now[1] = WAW;                                 /* يوصف */
    }
    if (v->form == 1 && past[0] == ALEF_HAMZA && now[1] == ALEF_HAMZA)
        now[1] = WAW_HAMZA;                           /* يؤخذ */
    if (v->form == 1 && past[1] == ALEF_HAMZA)
        past[1] = YEH_HAMZA;                          /* سئل */
    return memcmp(past, v->past, sizeof v->past) != 0 || memcmp(now, v->present, sizeof v->present) != 0;
}

/* --------------------------------------------------------------------- file */

/* The next column, up to a tab, as UTF-16; returns where the next one begins, NULL if it is no word of letters. A tab
 * must follow: the last column, form and weakness, is not read by it. */
static const char *take_column(char16_t *out, const char *s, const char *end)
{
    size_t i = 0, n = 0;
    int ok = 1;

    while (s + i < end && s[i] != '\t' && ok && n < VERB_LETTERS - 1) {
        const uint32_t c = fihi_utf8_next((const uint8_t *)s, (size_t)(end - s), &i, &ok);

        out[n++] = (char16_t)c;
    }
    out[n] = 0;
    return ok && n > 0 && s + i < end && s[i] == '\t' ? s + i + 1 : NULL;
}

/* Which of the names, separated by blanks, s[0…n-1] is; -1 for none. The order of the names is that of the numbers in
 * struct verb. Names are compared whole: I is no beginning of III. */
static int number_of(const char *names, const char *s, size_t n)
{
    for (int i = 0; *names; i++) {
        const size_t len = strcspn(names, " ");

        if (len == n && memcmp(names, s, n) == 0)
            return i;
        names += len + (names[len] == ' ');
    }
    return -1;
}

/* Any line is safe to read. All that the rules above take for granted is checked here: two letters and more, a present
 * in ي, a known form. The file is the library's own, and a mistake in it stops the build (make_verbs.c). */
bool fihi_verb_parse(struct verb *out, const char *line, size_t n)
{
    const char *const end = line + n, *s = line, *blank;
    char16_t noun[VERB_LETTERS];
    int form, weakness;

    if (!(s = take_column(out->past, s, end)) || !(s = take_column(out->present, s, end)) ||
        !(s = take_column(noun, s, end)) || !(blank = memchr(s, ' ', (size_t)(end - s))))
        return false;
    form = number_of("I II III IV V VI VII VIII IX X Q QII QIV", s, (size_t)(blank - s));
    weakness = number_of("sound hollow defective assimilated doubled hamzated", blank + 1, (size_t)(end - blank - 1));
    /* A hyphen stands for a verbal noun that is spelt like the past. */
    out->is_noun = noun[0] == u'-';
    out->form = (unsigned)form + 1;
    out->weakness = (enum verb_weakness)weakness;
    return form >= 0 && weakness >= 0 && out->present[0] == YEH && length(out->past) >= 2 &&
           length(out->present) >= 2;
}
