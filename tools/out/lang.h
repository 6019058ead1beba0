/* lang.h - the language that the command speaks: English, Arabic or French.
 *
 * Only what people read is translated, never JSON, tables, runs or names. The English text is the key: _("text"), and
 * N_("text") where it is translated later. The catalogs are tools/po/LANGUAGE.po.
 */
#ifndef FIHRIST_LANG_H
#define FIHRIST_LANG_H

#include <libintl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define _(text)  gettext(text)
#define N_(text) (text)

/* The language that the environment asks for (LC_ALL, LC_MESSAGES, LANG; LANGUAGE before them), else English. */
void lang_begin(void);
/* "ar", "en" or "fr"; false for another. Without its catalog it is English. */
bool lang_set(const char *name);
/* One of these three. */
const char *lang_name(void);
/* Is it written from the right? */
bool lang_is_right(void);

/* "1,234,567" as the language has it, in `out`, which is returned. */
enum { LANG_COUNT = 48 };
const char *lang_count(char out[LANG_COUNT], uint64_t n);
/* "3 documents", "3 وثائق". */
void lang_documents(FILE *f, uint64_t n);
/* YYYY[-MM[-DD]], and a time that may follow it, as "5 May 2024" or "May 2024" in `out`; false if it is none, and then
 * `out` is empty. */
enum { LANG_DATE = 96 };
bool lang_date(char out[LANG_DATE], const char *date, size_t n);

#endif
