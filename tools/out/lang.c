/* lang.c - finds the language and its catalog, and says numbers and dates in it.
 *
 * gettext wants an installed locale, which a small system has not: the catalog is chosen by the variable LANGUAGE, set
 * for this process, under the locale C.UTF-8, which is always there. Only the category of messages is touched.
 */
#include "out/lang.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static const char *const names[] = { "en", "ar", "fr" };

/* The language of "ar_EG.UTF-8", or NULL if we do not speak it. */
static const char *language_of(const char *locale, size_t n)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (n >= 2 && memcmp(locale, names[i], 2) == 0 && (n == 2 || strchr("_.@", locale[2])))
            return names[i];
    return NULL;
}

/* As gettext does: LANGUAGE counts only where the locale is not the plain one. */
static const char *language_asked(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    const char *locale = NULL, *list = getenv("LANGUAGE"), *found = NULL;

    for (size_t i = 0; i < sizeof variables / sizeof *variables && !(locale && *locale); i++)
        locale = getenv(variables[i]);
    if (!locale || !*locale || strcmp(locale, "C") == 0 || strncmp(locale, "C.", 2) == 0 ||
        strcmp(locale, "POSIX") == 0)
        return "en";
    for (size_t n; list && *list && !found; list += n + (list[n] == ':')) {
        n = strcspn(list, ":");
        found = language_of(list, n);
    }
    return found ? found : language_of(locale, strlen(locale));
}

static bool has_catalog(const char *folder, const char *name)
{
    char path[PATH_BYTES + 64];

    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/fihrist.mo", folder, name);
    return access(path, R_OK) == 0;
}

/* Beside the program, as it is built; in share/locale as it is installed, wherever the tree was moved. */
static bool find_catalog(const char *name)
{
    static const char *const places[] = { "po", "../share/locale" };
    char self[PATH_BYTES - 32], folder[PATH_BYTES];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;

    if (n > 0) {
        self[n] = '\0';
        if ((slash = strrchr(self, '/')) != NULL)
            *slash = '\0';
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            snprintf(folder, sizeof folder, "%s/%s", self, places[i]);
            if (has_catalog(folder, name)) {
                bindtextdomain("fihrist", folder);
                return true;
            }
        }
    }
    bindtextdomain("fihrist", LOCALEDIR);
    return has_catalog(LOCALEDIR, name);
}

bool lang_set(const char *name)
{
    const char *known = strlen(name) == 2 ? language_of(name, 2) : NULL;

    if (!known)
        return false;
    if (strcmp(known, "en") == 0 || !find_catalog(known) || !setlocale(LC_MESSAGES, "C.UTF-8")) {
        setlocale(LC_MESSAGES, "C");
        setenv("LANGUAGE", "en", 1);
        return true;
    }
    setenv("LANGUAGE", known, 1);
    bind_textdomain_codeset("fihrist", "UTF-8");
    textdomain("fihrist");
    return true;
}

void lang_begin(void)
{
    const char *name = language_asked();

    lang_set(name ? name : "en");
}

const char *lang_name(void)
{
    const char *set = getenv("LANGUAGE"), *name = set ? language_of(set, strlen(set)) : NULL;

    return name ? name : "en";
}

bool lang_is_right(void)
{
    return strcmp(lang_name(), "ar") == 0;
}

const char *lang_count(char out[LANG_COUNT], uint64_t n)
{
    const char *between = strcmp(lang_name(), "fr") == 0 ? "\u202F" : ","; /* a narrow no-break space */
    char digits[24], *to = out;
    const int len = snprintf(digits, sizeof digits, "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            to = stpcpy(to, between);
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

void lang_documents(FILE *f, uint64_t n)
{
    char count[LANG_COUNT];

    fprintf(f, ngettext("%s document", "%s documents", (unsigned long)n), lang_count(count, n));
}

static int digits(const char *s, size_t n, size_t at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (at + (size_t)i >= n || s[at + (size_t)i] < '0' || s[at + (size_t)i] > '9')
            return -1;
        value = value * 10 + (s[at + (size_t)i] - '0');
    }
    return value;
}

bool lang_date(char out[LANG_DATE], const char *date, size_t n)
{
    static const char *const months[] = { N_("January"), N_("February"), N_("March"),     N_("April"),
                                          N_("May"),     N_("June"),     N_("July"),      N_("August"),
                                          N_("September"), N_("October"), N_("November"), N_("December") };
    const int year = digits(date, n, 0, 4), month = n > 4 && date[4] == '-' ? digits(date, n, 5, 2) : 0,
              day = n > 7 && date[7] == '-' ? digits(date, n, 8, 2) : 0;

    *out = '\0';
    if (year < 0 || month < 0 || month > 12 || day < 0 || day > 31 || (n > 4 && month == 0) || (n > 7 && day == 0) ||
        (n > 10 && date[10] != 'T' && date[10] != ' '))
        return false;
    if (month == 0)
        snprintf(out, LANG_DATE, "%d", year);
    else if (day == 0)
        /* TRANSLATORS: a month's name and a year */
        snprintf(out, LANG_DATE, _("%s %d"), _(months[month - 1]), year);
    else
        /* TRANSLATORS: a day, a month's name and a year */
        snprintf(out, LANG_DATE, _("%d %s %d"), day, _(months[month - 1]), year);
    return true;
}
